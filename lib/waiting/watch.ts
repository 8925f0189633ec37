import { type Lane, type Lanes, type Slice, lanesOf } from "../see/lanes.ts";
import type { Load } from "./load.ts";
import type { Kernel } from "../kernel.ts";
import type { TraceRecord } from "../machine/records.ts";
import type { WayOfWaiting } from "./way.ts";
import { serveClients } from "./measure.ts";

/** What a task does at a time. */
export type Doing = "program" | "kernel" | "runnable" | "sleeping";

/** A stretch of time. */
export interface Span {
  /** Unit: ns since boot. */
  readonly start: number;
  readonly end: number;
}

/** A stretch of a task's time. */
export interface TaskSpan extends Span {
  readonly doing: Doing;
  /** The system call that it is in; empty: none. */
  readonly call: string;
}

/** A task of the server. */
export interface WatchedTask {
  readonly pid: number;
  readonly name: string;
  /** In the order of their beginnings; while an interrupt is served, it does nothing. */
  readonly spans: readonly TaskSpan[];
}

/** The first phase of a message is over: it lies in its socket. */
export interface Ready {
  readonly tick: number;
  readonly time: number;
  /** The system call in which the task that answers was asleep just then; null: it was not asleep. */
  readonly asleep: string | null;
}

/** The second phase is over: the message lies in the program's memory. */
export interface Copied {
  readonly tick: number;
  readonly time: number;
  /** The task on whose CPU time the bytes were copied. */
  readonly pid: number;
  /** Its system call; empty: it was in none. */
  readonly call: string;
  /** What that call has returned; null: it has not. */
  readonly result: number | null;
}

/** What the records say of a message's way through a server. */
export interface Evidence {
  /** Unit: bytes. */
  readonly length: number;
  readonly ready: Ready;
  readonly copied: Copied;
  /** The answer is handed to the socket: by which task. */
  readonly answered: { readonly tick: number; readonly time: number; readonly pid: number };
}

/** A message on its way through a server that was watched. */
export interface WatchedMessage extends Evidence {
  readonly round: number;
  /** When it left its client. Unit: ns since boot. */
  readonly sent: number;
}

/** A server that was watched, in plain data. */
export interface Watched {
  /** The way's `id`. */
  readonly way: string;
  /** When the first message left its client, and when it was over. Unit: ns since boot. */
  readonly span: Span;
  /** The tasks that did something meanwhile. */
  readonly tasks: readonly WatchedTask[];
  readonly interrupts: readonly Span[];
  readonly messages: readonly WatchedMessage[];
}

/** As serveClients(), with tracepoints: what happened to each message, and what the tasks did meanwhile. */
export async function watchClients(
  way: WayOfWaiting,
  load: Load,
): Promise<{ readonly kernel: Kernel; readonly watched: Watched }> {
  const { kernel, preparedTick, roundsAt } = await serveClients(way, { ...load, boot: { ...load.boot, trace: true } });
  const lanes = lanesOf(kernel);
  const span = { start: roundsAt[0]!, end: lanes.end };
  const messages = evidenceIn([...kernel.trace.range(preparedTick + 1)], lanes).map((evidence) => {
    const round = roundsAt.findLastIndex((time) => time <= evidence.ready.time);
    return { ...evidence, round, sent: roundsAt[round]! };
  });
  const [cpu] = lanes.lanes;
  const tasks = lanes.lanes.filter(({ kind }) => kind === "task").map((lane) => taskOf(lane, cpu!, lanes, span));
  return {
    kernel,
    watched: {
      way: way.id,
      span,
      tasks: tasks.filter(({ spans }) => spans.some(({ doing }) => doing === "program" || doing === "kernel")),
      interrupts: within(
        cpu!.slices.filter(({ kind }) => kind === "hardirq" || kind === "softirq"),
        span,
      ),
      messages,
    },
  };
}

/**
 * What the records say of each message that a server has answered, in the order of their arrivals.
 *
 * @param from  the first tick that is looked at.
 */
export function evidenceOf(kernel: Kernel, from = 1): Evidence[] {
  return evidenceIn([...kernel.trace.range(from)], lanesOf(kernel));
}

function evidenceIn(records: readonly TraceRecord[], lanes: Lanes): Evidence[] {
  return records.flatMap((record, i) => {
    if (record.event !== "data_ready") return [];
    const [socket, length] = record.args;
    const later = (event: string) => records.find((one, at) => at > i && one.event === event && one.args[0] === socket);
    const [copied, answered] = [later("data_copied"), later("tcp_sendmsg")];
    if (!copied || !answered) return [];
    return {
      length,
      ready: { tick: record.tick, time: record.time, asleep: asleepAt(lanes, answered.pid, record.tick) },
      copied: { tick: copied.tick, time: copied.time, pid: copied.pid, ...callAt(lanes, copied) },
      answered: { tick: answered.tick, time: answered.time, pid: answered.pid },
    };
  });
}

function laneOf({ lanes }: Lanes, id: string): readonly Slice[] {
  return lanes.find((lane) => lane.id === id)?.slices ?? [];
}

/** The call in which a task is asleep at a tick; null if it is not. */
function asleepAt(lanes: Lanes, pid: number, tick: number): string | null {
  const at = (id: string) => laneOf(lanes, id).find(({ from, to }) => from <= tick && tick < to);
  return at(`task ${pid}`)?.kind === "sleeping" ? (at(`calls ${pid}`)?.name ?? "") : null;
}

/** The call that a record belongs to. */
function callAt(lanes: Lanes, { pid, tick }: TraceRecord): { call: string; result: number | null } {
  const call = laneOf(lanes, `calls ${pid}`).findLast(({ from, to }) => from <= tick && tick < to);
  return { call: call?.name ?? "", result: call?.result ?? null };
}

/** What a task does within a span. */
function taskOf({ number: pid, name, slices }: Lane, cpu: Lane, lanes: Lanes, span: Span): WatchedTask {
  const calls = laneOf(lanes, `calls ${pid}`);
  const callIn = ({ start, end }: Span) => calls.find((call) => call.start < end && start < call.end)?.name ?? "";
  const waiting = within(
    slices.filter(({ kind }) => kind === "sleeping" || kind === "runnable"),
    span,
  ).map((slice) => ({ ...slice, doing: slice.kind as Doing, call: callIn(slice) }));
  const own = within(
    cpu.slices.filter((slice) => slice.pid === pid),
    span,
  );
  const interrupts = own.filter(({ kind }) => kind === "hardirq" || kind === "softirq");
  const calling = own.filter(({ kind }) => kind === "syscall" || kind === "exception");
  const inKernel = without(calling, interrupts).map((slice) => ({
    ...slice,
    doing: "kernel" as Doing,
    call: slice.name,
  }));
  const running = own.filter(({ kind }) => kind === "task");
  const inProgram = without(without(running, calling), interrupts).map((slice) => {
    return { ...slice, doing: "program" as Doing, call: "" };
  });
  const spans = [...waiting, ...inKernel, ...inProgram].sort((a, b) => a.start - b.start);
  return { pid, name, spans: spans.map(({ start, end, doing, call }) => ({ start, end, doing, call })) };
}

/** Spans without what others take of them. @param taken  in order, none over another. */
function without<S extends Span>(spans: readonly S[], taken: readonly Span[]): S[] {
  return spans.flatMap((span) => {
    const rest: S[] = [];
    let { start } = span;
    for (const other of taken) {
      if (other.end <= start || other.start >= span.end) continue;
      if (other.start > start) rest.push({ ...span, start, end: other.start });
      start = Math.max(start, other.end);
    }
    if (start < span.end) rest.push({ ...span, start });
    return rest;
  });
}

/** What lies within a span, cut to it. */
function within<S extends Span>(slices: readonly S[], { start, end }: Span): S[] {
  return slices
    .filter((slice) => slice.end > start && slice.start < end)
    .map((slice) => ({ ...slice, start: Math.max(slice.start, start), end: Math.min(slice.end, end) }));
}
