import { Checkup, type Violation } from "./invariants/checkup.ts";
import type { MemoryImage } from "./reader.ts";
import { checkAio } from "./invariants/aio.ts";
import { checkIoUring } from "./invariants/io_uring.ts";
import { checkDisk } from "./invariants/disks.ts";
import { checkEventpolls } from "./invariants/eventpolls.ts";
import { checkFiles } from "./invariants/files.ts";
import { checkFolios } from "./invariants/folios.ts";
import { checkFrames } from "./invariants/frames.ts";
import { checkInodes } from "./invariants/inodes.ts";
import { checkLeaks } from "./invariants/leaks.ts";
import { checkMemory } from "./invariants/mm.ts";
import { checkNic } from "./invariants/nic.ts";
import { checkPackets } from "./invariants/packets.ts";
import { checkPageUsers } from "./invariants/page-users.ts";
import { checkPipes } from "./invariants/pipes.ts";
import { checkPointers } from "./invariants/pointers.ts";
import { checkPolling } from "./invariants/polling.ts";
import { checkSignals } from "./invariants/signals.ts";
import { checkSlabs } from "./invariants/slab.ts";
import { checkSockets } from "./invariants/sockets.ts";
import { checkTasks } from "./invariants/tasks.ts";
import { checkTimers } from "./invariants/timers.ts";
import { checkWaits } from "./invariants/waits.ts";

export type { Violation } from "./invariants/checkup.ts";

/** One set of rules, for one kind of structure. */
const RULES: readonly ((check: Checkup) => void)[] = [
  checkFrames,
  checkSlabs,
  checkMemory,
  checkFolios,
  checkPageUsers,
  checkTimers,
  checkTasks,
  checkSignals,
  checkWaits,
  checkFiles,
  checkEventpolls,
  checkSockets,
  checkPackets,
  checkPipes,
  checkInodes,
  checkPolling,
  checkAio,
  checkIoUring,
  checkNic,
  checkDisk,
  checkPointers,
  checkLeaks,
];

/**
 * Looks whether a machine is healthy: whether every structure keeps its rules. Between two inputs all of them hold;
 * at a tracepoint inside a function, those that the function is not just about to restore.
 *
 * @returns  what is broken; empty on a healthy machine.
 */
export function check(memory: MemoryImage): Violation[] {
  const checkup = new Checkup(memory);
  for (const rule of RULES) rule(checkup);
  return checkup.violations;
}
