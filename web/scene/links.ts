import { callName, isAboutDescriptor } from "../../lib/see/calls.ts";
import type { TaskObject } from "../../lib/see/inspect.ts";
import { type Box, type Link, type Token, keyOf } from "./scene.ts";
import { type SceneContext, waiterKey } from "./context.ts";
import { pageLinks } from "./pages.ts";
import { requestLinks } from "./requests.ts";
import { sharedLinks } from "./rings.ts";

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
  return [
    ...descriptorLinks(boxes),
    ...waiterLinks(context, boxes),
    ...peerLinks(context),
    ...pageLinks(context),
    ...sharedLinks(context),
    ...requestLinks(context),
  ];
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
  for (const holder of context.inspection.objects) {
    const waitQueues = "waitQueues" in holder ? holder.waitQueues : [];
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
      } else if (struct === "IoKiocb" || struct === "AioKiocb") {
        const key = `request:${keyOf(entry)}`;
        links.push({ key, kind: "request", from: waiterKey(entry), to: keyOf(owner), ends: [owner] });
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
      const ends = [object, keyOf(programOf(context, task).address)];
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
      const request = record.args[0] ?? 0;
      const ends = [keyOf(disk.address), programOfTransfer(context, request) ?? "kernel"];
      const isWrite = context.get("Request", request)?.op === "write";
      const [from, to] = isWrite ? ends.reverse() : ends;
      const text = `${translate("token_dma")} ${bytes(record.args[1] ?? 0)}`;
      return [{ key: "token", kind: "dma", from: from!, to: to!, text }];
    }
    default:
      return [];
  }
}

/** Key of the task into whose own memory, or out of it, the disk moves the bytes of a request; undefined: the kernel's. */
function programOfTransfer(context: SceneContext, request: number): string | undefined {
  const bios = new Set(
    context.inspection.edges.flatMap(({ from, to, kind }) => (from === request && kind === "bios" ? [to] : [])),
  );
  const dio = context.all("IomapDio").find((transfer) => transfer.bios.some((bio) => bios.has(bio)));
  const ctx = context.get("Kioctx", context.get("AioKiocb", dio?.kiocb ?? 0)?.ctx ?? 0);
  const pid = context.all("Bio").find(({ address }) => dio?.bios.includes(address))?.pid ?? 0;
  const task = context.all("TaskStruct").find((one) => (ctx ? one.mm === ctx.mm : one.pid === pid));
  return dio && task ? keyOf(programOf(context, task).address) : undefined;
}

/** The task whose memory bytes are copied from or to: a thread of the kernel works for another one. */
function programOf(context: SceneContext, task: TaskObject): TaskObject {
  const { kthread, mm } = task;
  const owner = kthread ? context.all("TaskStruct").find((other) => !other.kthread && other.mm === mm) : undefined;
  return owner ?? task;
}

/** Key of the box of the object that a task's system call is about, or the request of a ring that it does. */
function objectOfCall(context: SceneContext, task: TaskObject): string {
  const request = context.get("IoKiocb", task.request);
  const file = request ? request.file : fileOfCall(context, task);
  if (file === 0) return contextOfCall(context, task);
  return objectOfFile(context, file);
}

/** Address of the file of a task's system call, by the descriptor that is its first argument; 0: it has none. */
function fileOfCall(context: SceneContext, { nr, args, files }: TaskObject): number {
  if (nr === null || !isAboutDescriptor(nr)) return 0;
  const fd = Number(BigInt.asIntN(32, BigInt(args[0] ?? -1)));
  return context.get("FilesStruct", files)?.fds.find((open) => open.fd === fd)?.file ?? 0;
}

/** Key of the context for asynchronous requests that a task's system call is about; empty: it is about none. */
function contextOfCall(context: SceneContext, { nr, args, mm }: TaskObject): string {
  if (nr === null || !/^io_(submit|cancel|p?getevents)$/.test(callName(nr))) return "";
  const id = `0x${BigInt(args[0] ?? 0).toString(16)}`;
  const found = context.all("Kioctx").find((ctx) => ctx.user_id === id && ctx.mm === mm);
  return found ? keyOf(found.address) : "";
}

/** Key of the box of what a file stands for. */
function objectOfFile(context: SceneContext, address: number): string {
  const file = context.get("File", address);
  if (!file) return "";
  const socket = context.get("Socket", file.private_data);
  return keyOf(socket?.sk ?? file.private_data);
}
