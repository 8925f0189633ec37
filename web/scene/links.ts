import type { EventpollObject, TaskObject } from "../../lib/see/inspect.ts";
import { type Box, type Link, type Token, keyOf } from "./scene.ts";
import { type SceneContext, waiterKey } from "./context.ts";
import { pageLinks } from "./pages.ts";

/** What the scene needs to know of the step: a record of the trace. */
export interface StepRecord {
  /** Name of the event. */
  readonly event: string;
  /** Number of the task that ran; 0: none. */
  readonly pid: number;
  readonly args: readonly number[];
}

/** Events at which a CPU crosses the line between a program and the kernel. */
const CROSSINGS: ReadonlySet<string> = new Set(["sys_enter", "sys_exit"]);
/** Events at which a device crosses the line between kernel and hardware. */
const INTERRUPTS: ReadonlySet<string> = new Set([
  "nic_interrupt",
  "hrtimer_interrupt",
  "dma_to_memory",
  "dma_from_memory",
  "disk_interrupt",
  "disk_transfer",
]);

/** Whether the step crosses a line of the stage. */
export function crossings(record: StepRecord | null): { crossing: boolean; interrupt: boolean } {
  const event = record?.event ?? "";
  return { crossing: CROSSINGS.has(event), interrupt: INTERRUPTS.has(event) };
}

/** The lasting links: descriptors to files, waiters to what they wake, UNIX sockets to their other ends, references to pages. */
export function linksOf(context: SceneContext, boxes: readonly Box[]): Link[] {
  return [...descriptorLinks(boxes), ...waiterLinks(context, boxes), ...peerLinks(context), ...pageLinks(context)];
}

function descriptorLinks(boxes: readonly Box[]): Link[] {
  const rows = boxes.filter(({ place }) => place === "table").flatMap((box) => box.rows.flatMap(({ chips }) => chips));
  return rows
    .filter(({ address }) => address !== 0)
    .map((chip) => ({
      key: `fd:${chip.key}`,
      kind: "fd",
      from: chip.key,
      to: keyOf(chip.address),
      ends: [chip.address],
    }));
}

function waiterLinks(context: SceneContext, boxes: readonly Box[]): Link[] {
  const links: Link[] = [];
  const shown = new Set(boxes.flatMap(({ rows }) => rows.flatMap(({ chips }) => chips.map(({ key }) => key))));
  const holders = [
    ...context.all("Socket"),
    ...context.all("PipeInodeInfo"),
    ...context.all("EventfdCtx"),
    ...context.all("TimerfdCtx"),
    ...context.all("SighandStruct"),
    ...context.all("SignalStruct"),
    ...context.all("Eventpoll"),
  ];
  for (const { waitQueues } of holders) {
    for (const { entry, owner, struct } of waitQueues.flatMap(({ waiters }) => waiters)) {
      if (struct === "TaskStruct") {
        links.push({
          key: `waits:${keyOf(entry)}`,
          kind: "waits",
          from: waiterKey(entry),
          to: keyOf(owner),
          ends: [owner],
        });
      } else if (struct === "PollTableEntry") {
        // An entry of poll() or select() is a part of its task's call, which hangs in many queues at once.
        const task = context.get("PollTableEntry", owner)?.task ?? 0;
        const ends = [owner, task];
        const to = shown.has(keyOf(owner)) ? keyOf(owner) : keyOf(task);
        links.push({ key: `waits:${keyOf(entry)}`, kind: "waits", from: waiterKey(entry), to, ends });
      } else if (struct === "EppollEntry") {
        const item = context.get("EppollEntry", owner)?.base ?? 0;
        const ends = [owner, item];
        links.push({
          key: `callback:${keyOf(entry)}`,
          kind: "callback",
          from: waiterKey(entry),
          to: keyOf(item),
          ends,
        });
      }
    }
  }
  return links;
}

function peerLinks(context: SceneContext): Link[] {
  return context
    .all("Sock")
    .filter(({ address, peer }) => peer > address && context.get("Sock", peer))
    .map(({ address, peer }) => {
      const [from, to] = [keyOf(address), keyOf(peer)];
      return { key: `peer:${from}`, kind: "peer", from, to, ends: [address, peer] };
    });
}

/** What moves in this step. */
export function tokensOf(context: SceneContext, record: StepRecord | null): Token[] {
  if (!record) return [];
  const { translate } = context;
  const bytes = (count: number) => translate("bytes", { count });
  switch (record.event) {
    case "copy_to_user":
    case "copy_from_user": {
      const task = context.all("TaskStruct").find(({ pid }) => pid === record.pid);
      const object = task ? objectOfCall(context, task) : "";
      if (!task || !object) return [];
      const ends = [object, keyOf(task.address)];
      const [from, to] = record.event === "copy_to_user" ? ends : ends.reverse();
      const text = `${translate("token_copy")} ${bytes(record.args[2] ?? 0)}`;
      return [{ key: "token", kind: "copy", from: from!, to: to!, text }];
    }
    case "dma_to_memory":
    case "dma_from_memory": {
      const inward = record.event === "dma_to_memory";
      const ring = context.all("NicRing").find(({ title }) => title.includes(inward ? "rx" : "tx"));
      if (!ring) return [];
      const ends = [keyOf(ring.address), "kernel"];
      const [from, to] = inward ? ends : ends.reverse();
      const text = `${translate("token_dma")} ${bytes(record.args[1] ?? 0)}`;
      return [{ key: "token", kind: "dma", from: from!, to: to!, text }];
    }
    case "disk_transfer": {
      const disk = context.all("DiskState")[0];
      if (!disk) return [];
      const ends = [keyOf(disk.address), "kernel"];
      const isWrite = context.get("Request", record.args[0] ?? 0)?.op === "write";
      const [from, to] = isWrite ? ends.reverse() : ends;
      const text = `${translate("token_dma")} ${bytes(record.args[1] ?? 0)}`;
      return [{ key: "token", kind: "dma", from: from!, to: to!, text }];
    }
    default:
      return [];
  }
}

/** Calls that copy and whose first argument is a number, but no descriptor. */
const NO_DESCRIPTOR: ReadonlySet<string> = new Set(["select", "pselect6", "prlimit64"]);

/** Key of the box of the object that a task's system call is about, by its first argument, a descriptor. */
function objectOfCall(context: SceneContext, task: TaskObject): string {
  const [, call = "", fd] = /^(\w+)\((\d+)\b/.exec(task.call ?? "") ?? [];
  if (NO_DESCRIPTOR.has(call)) return "";
  const table = context.get("FilesStruct", task.files);
  const slot = fd === undefined ? undefined : table?.fds.find((open) => open.fd === Number(fd));
  const file = context.get("File", slot?.file ?? 0);
  if (!file) return "";
  const socket = context.get("Socket", file.private_data);
  if (socket) return keyOf(socket.sk);
  const eventpoll: EventpollObject | undefined = context.get("Eventpoll", file.private_data);
  return keyOf(eventpoll?.address ?? file.private_data);
}
