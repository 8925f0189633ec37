import { EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, maskName, resultName } from "./abi.ts";
import type {
  Buffer,
  Call,
  EpollEvents,
  Faults,
  FilledAddress,
  Program,
  ReceivedMessage,
  OldAction,
  Rlimit,
  SentMessage,
  SignalAction,
  SignalHandler,
  WaitStatus,
  Stat,
  Sys,
} from "./program.ts";
import { aioArgument, aioStored } from "./aio-text.ts";
import { describe } from "../machine/call.ts";
import { ProgramError } from "../errors.ts";
import { ringArgument, ringStored } from "./ring.ts";
import { Sys as OwnSys } from "../machine/sys.ts";
import { methodsOf, missingCall } from "../machine/missing_call.ts";
import { noteMapping, placeOf } from "./places.ts";
import { signalName } from "../machine/signals.ts";
import { signalsText } from "./signal-text.ts";
import { timeLeft, timeLimit, waitArgument, waitStored } from "./wait-text.ts";

/** What happened: the calls of each task as lines of text, in the task's own order; tasks in the order of their start. */
export type Log = Record<string, string[]>;

/** The calls that store something where an argument says, and which argument that is. */
const OUTPUT: Readonly<Record<string, number>> = {
  sigprocmask: 2,
  sigpending: 0,
  wait4: 1,
  pipe2: 0,
  socketpair: 3,
  read: 1,
  pread64: 1,
  readv: 1,
  preadv: 1,
  preadv2: 1,
  recv: 1,
  recvfrom: 1,
  recvmsg: 1,
  getsockname: 1,
  getpeername: 1,
  epoll_wait: 1,
  epoll_pwait: 1,
  epoll_pwait2: 1,
  ioctl: 2,
  getsockopt: 3,
  fstat: 1,
  stat: 1,
  newfstatat: 2,
  getrlimit: 1,
  poll: 0,
  ppoll: 0,
  select: 1,
  pselect6: 1,
  timerfd_settime: 3,
  timerfd_gettime: 1,
  vmsplice: 1,
  io_setup: 1,
  io_getevents: 3,
  io_pgetevents: 3,
  aio_ring: 1,
  mincore: 2,
  io_uring_setup: 1,
  ring_init: 0,
  ring_cqes: 1,
};

/** Which arguments are positions in files. */
const OFFSETS: Readonly<Record<string, readonly number[]>> = {
  splice: [1, 3],
  sendfile: [2],
  copy_file_range: [1, 3],
};

/** Which argument is a set of signals. */
const TAKES_MASK: Readonly<Record<string, number>> = {
  ppoll: 2,
  pselect6: 3,
  epoll_pwait: 4,
  epoll_pwait2: 4,
  io_pgetevents: 5,
};

/** So many calls of a task are written down. A program that makes more is taken for one that never ends. */
const MOST_CALLS = 100_000;

/** The files that the calls of a program have told of, by device and number. */
const files = new WeakMap<Log, string[]>();

/** A program that does the same and writes down every call: arguments, result, and all that the kernel stored. */
export function recorded(program: Program, log: Log, name = "main"): Program {
  const lines: string[] = [];
  log[name] = lines;
  return (sys) => {
    const steps = program(recording(sys, lines, log)) as unknown;
    if (typeof (steps as Partial<Generator> | null | undefined)?.next === "function") return steps as Steps;
    throw new ProgramError(
      `a program is a generator function: function* (sys) { ... }; this function has returned ${describe(steps)}`,
    );
  };
}

type Steps = ReturnType<Program>;

function recording(sys: Sys, lines: string[], log: Log): Sys {
  const clone = function* (flags: number, program: Program): Call {
    const child = `task ${Object.keys(log).length}`;
    const result = yield* sys.clone(flags, recorded(program, log, child));
    lines.push(`clone(${flags}) = ${result > 0 ? child : resultName(result)}`);
    return result;
  };
  const fork = function* (program: Program): Call {
    const child = `task ${Object.keys(log).length}`;
    const result = yield* sys.fork(recorded(program, log, child));
    lines.push(`fork() = ${result > 0 ? child : resultName(result)}`);
    return result;
  };
  const sigaction = (signo: number, action: Action, old?: OldAction) =>
    sigactionRecorded(sys, lines, log, signo, action, old);
  // Now that all others sleep it is certain how far they have come: what has been woken, and what has not.
  const asleep = function* (): Call {
    const result = yield* sys.asleep();
    const others = Object.entries(log).filter(([, theirs]) => theirs !== lines);
    lines.push(`asleep: ${others.map(([task, { length }]) => `${task} after ${length} calls`).join(", ")}`);
    return result;
  };
  return new Proxy(sys, {
    get(target, name: keyof Sys) {
      if (name === "clone") return clone;
      if (name === "fork") return fork;
      if (name === "sigaction") return sigaction;
      if (name === "asleep") return asleep;
      if (name === "turn") return target.turn.bind(target);
      if (name === "unrecorded") return target;
      if (name === "siglongjmp") return () => target.siglongjmp();
      if (name === "faults") return () => faultsRecorded(target, lines);
      if (name === "load" || name === "store")
        return (address: number, what: never) => accessRecorded(target, lines, log, name, address, what);
      const called = target[name] as ((...args: unknown[]) => Call) | undefined;
      if (called === undefined) throw new ProgramError(incomparable(name));
      const method = called.bind(target);
      if (name === "buffer" || name === "epoll_events" || name === "iocb" || name === "ring") return method;
      return function* (...args: unknown[]): Call {
        const call = args.find((arg) => typeof (arg as Partial<Generator> | null | undefined)?.next === "function");
        if (lines.length >= MOST_CALLS) throw new ProgramError(`a task makes more than ${MOST_CALLS} calls`);
        if (call !== undefined) throw new ProgramError(`an argument of sys.${name}() is a call made without yield*`);
        const output = args[OUTPUT[name] ?? -1];
        const shown = args.map((arg, i) => placeOf(log, arg) ?? argument(name, arg, i)).join(", ");
        const limit = timeLimit(name, args);
        const result = yield* method(...args);
        noteMapping(log, name, args, result);
        const left = timeLeft(limit, timeLimit(name, args));
        const from = name === "recvfrom" && result >= 0 ? told(args[4]) : "";
        lines.push(
          `${name}(${shown}) = ${placeOf(log, result) ?? resultName(result)}${stored(log, name, output, result)}${moved(name, args)}${from}${left}`,
        );
        return result;
      };
    },
  });
}

/** What to say of a call that the real kernel's side does not have. */
function incomparable(name: string): string {
  const names = methodsOf(OwnSys.prototype);
  return names.includes(name) ? `sys.${name}() cannot be compared with the real kernel` : missingCall(name, names);
}

/** The load or store that a task is at, by its lines. */
const accesses = new WeakMap<string[], string>();

/** A signal has ended a task; says so, and in which load or store. */
export function killed(log: Log, task: string, signo: number): void {
  const lines = log[task];
  const access = lines && accesses.get(lines);
  lines?.push(`killed by ${signalName(signo)}${access === undefined ? "" : ` in ${access}`}`);
}

/** A load or a store. */
function* accessRecorded(sys: Sys, lines: string[], log: Log, name: "load" | "store", address: number, what: never) {
  const access = `${name}(${placeOf(log, address) ?? `0x${address.toString(16)}`}, ${typeof what === "number" ? String(what) : argument(name, what, 1)})`;
  let outcome = "was left by a handler";
  accesses.set(lines, access);
  try {
    const result = yield* sys[name](address, what) as Iterable<unknown, Uint8Array | number, unknown>;
    outcome = `= ${typeof result === "number" ? result : digest(result)}`;
    return result;
  } finally {
    accesses.delete(lines);
    lines.push(`${access} ${outcome}`);
  }
}

function faultsRecorded(sys: Sys, lines: string[]): Faults {
  const faults = sys.faults();
  lines.push(`page faults: ${faults.minor} minor, ${faults.major} major`);
  return faults;
}

type Action = SignalHandler | SignalAction | number | null;

/** sigaction(), whose handler writes down what it does. */
function* sigactionRecorded(sys: Sys, lines: string[], log: Log, signo: number, action: Action, old?: OldAction): Call {
  const { handler, flags = 0, mask = [] } = typeof action === "object" && action ? action : { handler: action };
  const told = typeof handler === "function" ? heard(handler, lines, log) : handler;
  const result = yield* sys.sigaction(signo, told === null ? null : { handler: told, flags, mask }, old);
  const was = old && result >= 0 ? ` was ${actionText(old.handler, old.flags, old.mask)}` : "";
  lines.push(`sigaction(${signo}, ${actionText(handler, flags, mask)}) = ${resultName(result)}${was}`);
  return result;
}

function actionText(handler: unknown, flags = 0, mask?: readonly number[]): string {
  return `${typeof handler === "function" ? "handler" : String(handler)} ${(flags >>> 0).toString(16)} [${mask?.join(", ")}]`;
}

/** A handler that writes down that it has been called, and its calls. */
function heard(handler: SignalHandler, lines: string[], log: Log): SignalHandler {
  return function* (sys, signo, info) {
    const from =
      info.addr > 0
        ? `at ${placeOf(log, info.addr) ?? `0x${info.addr.toString(16)}`}`
        : `from ${info.pid}, status ${info.status}`;
    lines.push(`signal ${signo}: code ${info.code}, ${from}`);
    yield* handler(recording(sys, lines, log), signo, info);
    lines.push(`end of signal ${signo}`);
  };
}

/** Where the positions stand that a call was given. */
function moved(call: string, args: readonly unknown[]): string {
  const values = (OFFSETS[call] ?? []).map((i) => (args[i] as { value?: number } | null)?.value);
  return values.some((value) => value !== undefined) ? ` at ${values.map((value) => value ?? "-").join(", ")}` : "";
}

/** What the kernel has stored through an argument. */
function stored(log: Log, call: keyof Sys, output: unknown, result: number): string {
  if (typeof output !== "object" || output === null || result < 0) return "";
  if (call === "fstat" || call === "stat" || call === "newfstatat") return status(log, output as Stat);
  if (call === "getrlimit") return ` ${(output as Rlimit).rlim_cur}`;
  const asynchronous = aioStored(call, output, result);
  if (asynchronous !== undefined) return asynchronous;
  if (call === "mincore")
    return ` ${(output as Buffer)
      .bytes()
      .map((byte) => byte & 1)
      .join("")}`;
  const waited = waitStored(call, output!);
  if (waited !== undefined) return waited;
  if (call === "sigprocmask" || call === "sigpending") return ` [${(output as number[]).join(", ")}]`;
  if (call === "wait4") return result > 0 ? ` status 0x${((output as WaitStatus).value ?? 0).toString(16)}` : "";
  if (call === "pipe2" || call === "socketpair") return ` [${(output as number[]).join(", ")}]`;
  if (call === "ioctl" || call === "getsockopt") return ` ${(output as { value?: number }).value}`;
  if (call === "getsockname" || call === "getpeername") return told(output);
  if (call === "recvmsg") return message(output as ReceivedMessage, result);
  const ring = ringStored(call, output);
  if (ring !== undefined) return ring;
  if (result === 0) return "";
  if (call === "readv" || call === "preadv" || call === "preadv2" || call === "vmsplice")
    return pieces(output as Buffer[], result);
  if (call === "read" || call === "pread64" || call === "recv" || call === "recvfrom") {
    const bytes = (output as Buffer).bytes(Math.min(result, (output as Buffer).length));
    const signals = signalsText(bytes);
    // Numbers of processes differ; nothing of them is to be left in the buffer for a call that stores less.
    if (signals !== undefined) (output as Buffer).set(new Uint8Array(bytes.length));
    return ` ${signals ?? digest(bytes)}`;
  }
  const events = Array.from({ length: result }, (_, i) => (output as EpollEvents)[i]);
  return ` [${events.map((event) => (event ? `${maskName(event.events)} ${event.data.u64}` : "missing")).join(", ")}]`;
}

/** An address that the kernel has told. What it has chosen itself is not written down: that differs every time. */
function told(address: unknown): string {
  if (typeof address !== "object" || address === null) return "";
  const { port, host, path } = address as FilledAddress;
  if (path !== undefined) return ` ${/^\0[0-9a-f]{5}$/.test(path) ? "a name of its own" : JSON.stringify(path)}`;
  return port === undefined ? " no address" : ` ${host}:${port < 32768 ? port : "a port of its own"}`;
}

/** What recvmsg has stored. */
function message({ name, iov, control = [], flags = 0 }: ReceivedMessage, count: number): string {
  const with_ = control.map(({ level, type, fds, error }) => {
    const told = error
      ? ` calls ${error.ee_info} to ${error.ee_data} origin ${error.ee_origin} code ${error.ee_code}`
      : "";
    return `${level}/${type}${fds ? ` fds ${fds.join(", ")}` : ""}${told}`;
  });
  return `${pieces(iov, count)} [${with_.join("; ")}] flags ${flags >>> 0}${told(name)}`;
}

/** What a file is; its device and number as the how-manieth file that the program was told of. */
function status(log: Log, stat: Stat): string {
  const known = files.get(log) ?? [];
  files.set(log, known);
  const identity = `${stat.st_dev} ${stat.st_ino}`;
  if (!known.includes(identity)) known.push(identity);
  const mode = `mode=0${stat.st_mode.toString(8)} size=${stat.st_size} nlink=${stat.st_nlink}`;
  const blocks = `blksize=${stat.st_blksize} blocks=${stat.st_blocks} rdev=${stat.st_rdev}`;
  return ` {file ${known.indexOf(identity) + 1} ${mode} ${blocks}}`;
}

/** What readv has stored, piece by piece. */
function pieces(buffers: readonly Buffer[], count: number): string {
  let rest = count;
  const shown = buffers.map((buffer) => {
    const length = Math.min(rest, buffer.length);
    rest -= length;
    return digest(buffer.bytes(length));
  });
  return ` [${shown.join(", ")}]`;
}

/** Bytes as text where they are few and printable, otherwise their number and a checksum (FNV-1a). */
export function digest(bytes: Uint8Array): string {
  if (bytes.length <= 40 && bytes.every((byte) => byte >= 32 && byte < 127)) {
    return JSON.stringify(String.fromCharCode(...bytes));
  }
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return `#${(hash >>> 0).toString(16)}`;
}

const OPS: Readonly<Record<number, string>> = {
  [EPOLL_CTL_ADD]: "ADD",
  [EPOLL_CTL_MOD]: "MOD",
  [EPOLL_CTL_DEL]: "DEL",
};

function argument(call: string, value: unknown, position: number): string {
  if (call === "epoll_ctl" && position === 1) return OPS[value as number] ?? String(value);
  if (typeof value === "string") return digest(new TextEncoder().encode(value));
  if (typeof value !== "object" || value === null) return String(value);
  if (value instanceof Uint8Array) return digest(value);
  const asynchronous = aioArgument(call, value, position);
  if (asynchronous !== undefined) return asynchronous;
  const ring = ringArgument(call, value, position);
  if (ring !== undefined) return ring;
  const waits = waitArgument(call, value, position);
  if (waits !== undefined) return waits;
  if (call === "pipe2" || call === "socketpair") return "fds";
  if ((call.startsWith("sig") || TAKES_MASK[call] === position) && Array.isArray(value))
    return position === (OUTPUT[call] ?? -1) ? "old" : `[${value.join(", ")}]`;
  if (call === "wait4") return "status";
  if (call === "fstat" || call === "stat" || call === "newfstatat") return "stat";
  if (call === "getrlimit") return "rlim";
  if (call === "setrlimit") return Object.values(value as Rlimit).join(":");
  if ("events" in value && "data" in value) {
    const data = Object.values(value.data as object)[0] as unknown;
    return `${maskName(value.events as number)} ${String(data)}`;
  }
  if (call === "getsockopt" || call === "ioctl") return "value";
  if (call === "getsockname" || call === "getpeername" || (call === "recvfrom" && position === 4)) return "address";
  if (call === "sendmsg") {
    const { name, iov, control } = value as SentMessage;
    const shown = [argument("sendto", name ?? null, 4), argument("writev", iov, 1), JSON.stringify(control ?? [])];
    return `{${shown.join(" ")}}`;
  }
  if (call === "recvmsg") return `{${argument("readv", (value as ReceivedMessage).iov, 1)}}`;
  if (OFFSETS[call]) return String((value as { value: number }).value);
  if (call === "readv" || call === "writev" || call === "vmsplice") {
    return `[${(value as unknown[]).map((piece) => argument("read", piece, 1)).join(", ")}]`;
  }
  if ("bytes" in value) return `buffer(${(value as Buffer).length})`;
  if ("length" in value) return `events(${(value as EpollEvents).length})`;
  return Object.values(value).join(":");
}
