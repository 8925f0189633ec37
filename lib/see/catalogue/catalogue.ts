import type { Message } from "./message.ts";
import { aio } from "./aio.ts";
import { heap } from "./heap.ts";
import { io_uring } from "./io_uring.ts";
import { ownership } from "./cpp.ts";
import { devices } from "./devices.ts";
import { disks } from "./disks.ts";
import { eventpoll } from "./eventpoll.ts";
import { files } from "./files.ts";
import { kernel } from "./kernel.ts";
import type { layout } from "../../layout.gen.ts";
import { pageCache } from "./page_cache.ts";
import { polling } from "./polling.ts";
import { reclaim } from "./reclaim.ts";
import { sockets } from "./sockets.ts";
import { socket_splice, splice } from "./splice.ts";
import { tcp } from "./tcp.ts";
import { trees } from "./trees.ts";
import { unix } from "./unix.ts";

/** What is said of every event. An event that has no words here does not compile. */
export const catalogue: Readonly<Record<keyof typeof layout.enums.Tp.values, Message>> = {
  ...kernel,
  ...trees,
  ...files,
  ...eventpoll,
  ...polling,
  ...devices,
  ...disks,
  ...reclaim,
  ...pageCache,
  ...sockets,
  ...tcp,
  ...unix,
  ...aio,
  ...splice,
  ...socket_splice,
  ...io_uring,
  ...heap,
  ...ownership,
};
