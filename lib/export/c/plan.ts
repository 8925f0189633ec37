import type { Kernel } from "../../kernel.ts";
import { layout } from "../../layout.gen.ts";
import type { TraceRecord } from "../../machine/records.ts";
import { callName } from "../../see/calls.ts";
import { taskByPid } from "../../see/find.ts";
import { Reader } from "../../see/reader.ts";
import { userMemory } from "../../see/user-memory.ts";
import { type CallEntry, callsOf } from "../../trace/calls.ts";
import { ProgramError } from "../../errors.ts";
import { type WrittenCall, writeCall } from "./calls.ts";
import { Data } from "./literal.ts";
import { type OutsideAct, outsideSteps } from "./outside.ts";
import { recordsOf } from "../records.ts";
import { type Shown, shownOf } from "./shown.ts";

/** A task of the run, which becomes a thread. */
export interface PlannedTask {
  readonly pid: number;
  readonly name: string;
  /** The task that made it; 0: the host has. */
  readonly parent: number;
  /** Whether it has the descriptors of its parent, and not copies of them. */
  readonly sharesFiles: boolean;
}

/**
 * How a call is made so that its result is that of the run.
 *
 * - `now`: when it is its turn; it does not sleep
 * - `late`: it has slept, and is made when it could go on, at the turn at which it returned
 * - `asleep`: it sleeps while others go on, and its result has a turn of its own
 * - `forever`: it never returned
 * - `start`: it makes a task
 */
export type Manner = "now" | "late" | "asleep" | "forever" | "start";

/** What a task or a client does at a turn. */
export type Step =
  | { readonly kind: "call"; readonly pid: number; readonly call: PlannedCall }
  | { readonly kind: "return"; readonly pid: number; readonly call: PlannedCall }
  | { readonly kind: "leave"; readonly pid: number }
  | { readonly kind: "outside"; readonly client: number; readonly act: OutsideAct };

/** A call, with what it gave in the run. */
export interface PlannedCall extends WrittenCall {
  readonly manner: Manner;
  /** What it returned; null: it never did. */
  readonly value: number | null;
  /** Whether that is a new descriptor. */
  readonly opens: boolean;
  /** What it filled in, as it is shown. */
  readonly shown: Shown;
  /** The task that it made; 0: none. */
  readonly child: number;
}

/** A run, ready to be written. */
export interface Plan {
  readonly tasks: readonly PlannedTask[];
  /** By turn, from 1. */
  readonly steps: readonly Step[];
  /** Number of clients outside. */
  readonly clients: number;
  readonly data: Data;
}

/** Calls of which nothing is to be seen in another program. */
const LEFT_OUT: ReadonlySet<string> = new Set(["getpid", "gettid", "exit"]);
/** Calls that sleep for somebody who may have to see them asleep, or that move data while they sleep. */
const ASLEEP =
  /^(write|writev|pwrite|pwritev|send|sendfile|splice|tee|vmsplice|copy_file_range|connect|open|nanosleep|clock_nanosleep)/;
/** Calls whose result is a new descriptor. */
const OPENS = /^(socket|accept4?|epoll_create1?|eventfd2?|timerfd_create|open|openat|dup|dup2|dup3)$|^fcntl\(.*F_DUPFD/;
const CLOSES: ReadonlySet<string> = new Set(["close", "dup2", "dup3", "close_range"]);
const EINTR = 4;
const CLONE_FILES = layout.enums.CloneFlags.values.FILES;

/** A step, and when it is done. */
interface Timed {
  readonly tick: number;
  readonly step: Step;
}

/** Puts a run in order. The machine stands at its end afterwards. @throws ProgramError for what C cannot say. */
export function planOf(kernel: Kernel): Plan {
  // Wherever somebody looks at it: clients are not there before they have come.
  kernel.seek(kernel.ticks);
  const records = recordsOf(kernel);
  const calls = callsOf(kernel, records);
  const outside = outsideSteps(kernel, records);
  const data = new Data();
  const tasks = tasksOf(kernel, calls, records);
  const sleeps = sleepsOf(records);
  const timed: Timed[] = outside.map(({ tick, client, act }) => ({ tick, step: { kind: "outside", client, act } }));
  const timers = new Set<string>();
  for (const call of calls) {
    const name = callName(call.nr);
    if (LEFT_OUT.has(name)) continue;
    const manner = mannerOf(call, name, sleeps, closingCalls(calls, call, tasks));
    const planned = plannedCall(kernel, call, manner, timers, data);
    const { pid } = call;
    const tick = manner === "late" ? call.exit! : manner === "forever" ? Infinity : call.enter;
    timed.push({ tick, step: { kind: "call", pid, call: planned } });
    if (manner === "asleep") timed.push({ tick: call.exit!, step: { kind: "return", pid, call: planned } });
  }
  for (const { event, pid, tick } of records) {
    if (event === "do_exit") timed.push({ tick, step: { kind: "leave", pid } });
  }
  kernel.seek(kernel.ticks);
  const steps = timed.toSorted((a, b) => order(a.tick, b.tick)).map(({ step }) => step);
  return { tasks, steps, clients: new Set(outside.map(({ client }) => client)).size, data };
}

function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** The ticks at which each task gave up its CPU to sleep. */
function sleepsOf(records: readonly TraceRecord[]): Map<number, number[]> {
  const sleeps = new Map<number, number[]>();
  for (const { event, pid, tick } of records) {
    if (event !== "schedule") continue;
    const known = sleeps.get(pid);
    if (known) known.push(tick);
    else sleeps.set(pid, [tick]);
  }
  return sleeps;
}

function mannerOf(
  call: CallEntry,
  name: string,
  sleeps: ReadonlyMap<number, readonly number[]>,
  closing: readonly CallEntry[],
): Manner {
  if (/^(fork|vfork|clone)$/.test(name)) return "start";
  const { pid, enter, exit, args } = call;
  if (exit === null) return "forever";
  if (!sleeps.get(pid)?.some((tick) => tick > enter && tick < exit)) return "now";
  if (ASLEEP.test(name) || call.value === -EINTR) return "asleep";
  // Its file could be another one by the time at which it returned.
  const isClosed = closing.some((other) => other.enter > enter && other.enter < exit && other.args.includes(args[0]!));
  return isClosed ? "asleep" : "late";
}

/** The calls that close descriptors of a table that the task of a call uses. */
function closingCalls(
  calls: readonly CallEntry[],
  { pid }: CallEntry,
  tasks: readonly PlannedTask[],
): readonly CallEntry[] {
  const table = tableOf(tasks, pid);
  return calls.filter((other) => CLOSES.has(callName(other.nr)) && tableOf(tasks, other.pid) === table);
}

/** The task whose descriptors a task uses: itself, or the first of those that share. */
export function tableOf(tasks: readonly PlannedTask[], pid: number): number {
  const task = tasks.find((one) => one.pid === pid);
  return task?.sharesFiles ? tableOf(tasks, task.parent) : pid;
}

function plannedCall(kernel: Kernel, call: CallEntry, manner: Manner, timers: Set<string>, data: Data): PlannedCall {
  const name = callName(call.nr);
  if (manner === "start") {
    if (call.value === null || call.value < 0)
      throw new ProgramError(`${name}() failed, which a thread that is made does not`);
    const text = `${name}()`;
    const shown = { text: "" };
    return { text, shows: "nothing", buffer: 0, manner, value: call.value, opens: false, shown, child: call.value };
  }
  if (call.value === -EINTR)
    throw new ProgramError(`${name}() was interrupted by a signal: tasks are threads here, which have them in common`);
  kernel.seek(call.enter);
  const before = new Reader(kernel.memory);
  const written = writeCall(call, userMemory(before, taskByPid(before, call.pid)), data);
  const timer = `${call.pid} ${Number(call.args[0])}`;
  if (name === "timerfd_create") timers.add(`${call.pid} ${call.value}`);
  if (name === "close") timers.delete(timer);
  // How often a timer has expired depends on how fast the computer is.
  const shows = written.shows === "bytes" && timers.has(timer) ? "nothing" : written.shows;
  const opens = OPENS.test(name) || OPENS.test(written.text);
  const shown = shownOf(kernel, call, shows);
  return { ...written, shows, manner, value: call.value, opens: opens && (call.value ?? -1) >= 0, shown, child: 0 };
}

/** The tasks, each behind the one that made it. */
function tasksOf(kernel: Kernel, calls: readonly CallEntry[], records: readonly TraceRecord[]): PlannedTask[] {
  const made = new Map<number, { parent: number; sharesFiles: boolean }>();
  for (const { pid, nr, value, args } of calls) {
    if (!/^(fork|vfork|clone)$/.test(callName(nr)) || value === null || value <= 0) continue;
    made.set(value, { parent: pid, sharesFiles: callName(nr) === "clone" && (Number(args[0]) & CLONE_FILES) !== 0 });
  }
  const pids = new Set([
    ...calls.map(({ pid }) => pid),
    ...records.filter(isEnd).map(({ pid }) => pid),
    ...made.keys(),
  ]);
  const names = new Map(calls.map(({ pid, comm }) => [pid, comm]));
  return [...pids]
    .filter((pid) => pid > 0)
    .sort((a, b) => a - b)
    .map((pid) => ({
      pid,
      name: names.get(pid) ?? kernel.tasks.find((task) => task.pid === pid)?.name ?? `task ${pid}`,
      parent: made.get(pid)?.parent ?? 0,
      sharesFiles: made.get(pid)?.sharesFiles ?? false,
    }));
}

function isEnd({ event }: TraceRecord): boolean {
  return event === "do_exit";
}
