import type { EventfdObject, FileObject, InodeObject, PipeObject } from "../../lib/see/inspect.ts";
import { type Box, type Chip, keyOf } from "./scene.ts";
import { type SceneContext, filesOf, textRow } from "./context.ts";
import { pageRows, pagesOf } from "./pages.ts";
import { directRow } from "./requests.ts";
import { fileTab } from "./sockets.ts";
import { waitableBoxes } from "./waitables.ts";

/** Pipes, eventfds, timerfds, signalfds, regular files, and files of which nothing more is known. */
export function fileBoxes(context: SceneContext): Box[] {
  return [
    ...context.all("PipeInodeInfo").map((pipe) => pipeBox(context, pipe)),
    ...context.all("EventfdCtx").map((ctx) => eventfdBox(context, ctx)),
    ...waitableBoxes(context),
    // A FIFO that is open is shown as its pipe.
    ...context
      .all("Inode")
      .filter(({ pipe }) => !context.get("PipeInodeInfo", pipe))
      .map((inode) => inodeBox(context, inode)),
    ...context
      .all("File")
      .filter((file) => isAlone(context, file))
      .map((file) => aloneBox(context, file)),
  ];
}

/** What has a box of its own, with tabs for its files. */
const DRAWN = [
  "Socket",
  "PipeInodeInfo",
  "EventfdCtx",
  "TimerfdCtx",
  "SignalfdCtx",
  "Inode",
  "Eventpoll",
  "IoRingCtx",
] as const;

function isAlone(context: SceneContext, file: FileObject): boolean {
  return file.kind !== "OUTSIDE" && !DRAWN.some((struct) => context.get(struct, file.private_data));
}

function pipeBox(context: SceneContext, pipe: PipeObject): Box {
  const { translate } = context;
  const key = keyOf(pipe.address);
  const name = context.all("Inode").find((inode) => inode.pipe === pipe.address);
  const tabs = filesOf(context, pipe.address).map((file) => fileTab(context, file, endOf(context, file)));
  const slots = pipe.used.map((bytes, i): Chip => {
    const text = translate("bytes", { count: bytes }) + pagesOf(context, [pipe.pages[i] ?? 0]);
    return {
      key: `${key}:slot:${i}`,
      address: pipe.address,
      struct: "PipeInodeInfo",
      hue: "page",
      look: "bytes",
      text,
      label: text,
    };
  });
  const [readers, writers] = [translate("row_readers"), translate("row_writers")];
  // Tasks that wait until another has changed the ring are seldom: their row is there with them.
  const queues = pipe.waitQueues
    .filter(({ name, waiters }) => name !== "mutex_wait" || waiters.length > 0)
    .map((queue) => {
      if (queue.name === "mutex_wait") return context.waitRow(queue, translate("row_mutex"));
      return context.waitRow(queue, queue.name === "wr_wait" ? writers : readers);
    });
  return {
    key,
    address: pipe.address,
    struct: "PipeInodeInfo",
    place: "object",
    hue: "socket",
    word: translate(name ? "word_fifo" : "word_pipe"),
    title: name?.name ?? "",
    note: translate("pipe_ends", { readers: pipe.readers, writers: pipe.writers }),
    tabs,
    rows: [context.row(`${key}:slots`, translate("row_slots", { slots: pipe.slots }), slots), ...queues],
    tree: null,
    label: name ? `${translate("word_fifo")} ${name.name}` : `${translate("word_pipe")} ${pipe.title}`,
  };
}

/** Which end of a pipe a file is; a FIFO may be open for both. */
function endOf({ translate }: SceneContext, { mode }: FileObject): string {
  const [reads, writes] = [mode.includes("READ"), mode.includes("WRITE")];
  return translate(reads && writes ? "end_both" : writes ? "end_write" : "end_read");
}

function eventfdBox(context: SceneContext, ctx: EventfdObject): Box {
  const { translate } = context;
  const key = keyOf(ctx.address);
  return {
    key,
    address: ctx.address,
    struct: "EventfdCtx",
    place: "object",
    hue: "socket",
    word: translate("word_eventfd"),
    title: "",
    note: "",
    tabs: filesOf(context, ctx.address).map((file) => fileTab(context, file)),
    rows: [
      textRow(`${key}:count`, translate("row_count"), ctx.count),
      ...ctx.waitQueues.map((queue) => context.waitRow(queue, translate("row_wait"))),
    ],
    tree: null,
    label: `${translate("word_eventfd")} ${ctx.count}`,
  };
}

function inodeBox(context: SceneContext, inode: InodeObject): Box {
  const { translate } = context;
  const key = keyOf(inode.address);
  const direct = directRow(context, inode.address);
  return {
    key,
    address: inode.address,
    struct: "Inode",
    place: "object",
    hue: "file",
    word: translate(inode.title.startsWith("fifo ") ? "word_fifo" : "word_inode"),
    title: inode.name.split("/").at(-1) ?? "",
    note: "",
    tabs: filesOf(context, inode.address).map((file) => fileTab(context, file)),
    rows: [
      textRow(`${key}:size`, translate("row_size"), translate("bytes", { count: inode.size })),
      ...pageRows(context, inode),
      ...(direct ? [direct] : []),
    ],
    tree: null,
    label: inode.title,
  };
}

function aloneBox(context: SceneContext, file: FileObject): Box {
  return {
    key: `${keyOf(file.address)}:alone`,
    address: file.address,
    struct: "File",
    place: "object",
    hue: "file",
    word: context.translate("word_file"),
    title: file.kind.toLowerCase(),
    note: "",
    tabs: [fileTab(context, file)],
    rows: [],
    tree: null,
    label: file.title,
  };
}
