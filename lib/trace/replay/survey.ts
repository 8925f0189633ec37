import {
  annotationOf,
  beforeOf,
  bigintOf,
  bitsOf,
  descriptorOf,
  elementsOf,
  fieldOf,
  flagNames,
  nameOf,
  namedArgument,
  numberOf,
  returned,
  textOf,
} from "../strace/access.ts";
import type { StraceAnnotation, StraceCall, StraceTrace, StraceValue } from "../strace/types.ts";
import { CLONE_FLAGS, EPOLL_EVENTS, SHUTDOWN_HOW } from "./constants.ts";
import { type Operation, RecordedFile, type RecordedKind, RecordedTable } from "./recorded.ts";
import { portOf } from "./address.ts";
import { callTraits } from "../strace/classify.ts";
import { guessHiddenEvents } from "./hidden.ts";
import { factsOf } from "./regular.ts";
import { timelineOf } from "./timeline.ts";

const { CLONE_FILES, CLONE_VM } = CLONE_FLAGS;
const EPOLLET = EPOLL_EVENTS["EPOLLET"]! >>> 0;
const EPOLLONESHOT = EPOLL_EVENTS["EPOLLONESHOT"]! >>> 0;

/** What a call was about: the open files behind its numbers. */
export interface Subject {
  /** The table of the task that made the call. */
  readonly table: RecordedTable;
  /** What the descriptors among its arguments stood for, in the order of callTraits(). */
  readonly files: readonly (RecordedFile | undefined)[];
  /** Whether calls on the first of them do not wait. */
  readonly nonblocking: boolean;
  /** What it made descriptors for, in the order of their numbers in the call. */
  readonly made: RecordedFile[];
  /** For each event that it reported: what became ready, and the event's bits. */
  readonly reported: { readonly file: RecordedFile | undefined; readonly mask: number }[];
}

/** A descriptor that was there before the recording tells of it. */
export interface Inherited {
  readonly table: RecordedTable;
  readonly fd: number;
  readonly file: RecordedFile;
  /** Before which call it has to be there; null: before the first one. */
  readonly before: StraceCall | null;
}

/** What a recording tells when it is read from its end: which files there were, and what became of them. */
export interface Survey {
  readonly subjects: ReadonlyMap<StraceCall, Subject>;
  readonly files: readonly RecordedFile[];
  readonly inherited: readonly Inherited[];
  /** Which table each task has, when it begins. */
  readonly tables: ReadonlyMap<number, RecordedTable>;
  /** For each task that another one of the recording has made: by which call. */
  readonly births: ReadonlyMap<number, StraceCall>;
}

/** Follows the descriptors of a recording from its beginning to its end. */
export function surveyTrace(trace: StraceTrace): Survey {
  const surveyor = new Surveyor();
  for (const happening of timelineOf(trace)) {
    if (happening.kind === "entry") surveyor.enter(happening.call);
    else if (happening.kind === "exit") surveyor.leave(happening.call);
    else if (happening.kind === "end") surveyor.end(happening.end.pid);
  }
  const survey = surveyor.finish();
  guessHiddenEvents(trace, survey.subjects);
  return survey;
}

/** Whether a task shares the table of the one that makes it. */
export function sharesTable(call: StraceCall): boolean {
  return ((cloneFlags(call) ?? 0) & CLONE_FILES!) !== 0;
}

/** Flags of clone() or clone3(). */
function cloneFlags(call: StraceCall): number | undefined {
  const flags = namedArgument(call, "flags") ?? fieldOf(call.args[0], "flags");
  if (flags === undefined) return call.name === "vfork" ? CLONE_VM : 0;
  // Signals and flags that do not matter here have no value of their own.
  return flagNames(flags).reduce((all, name) => all | (CLONE_FLAGS[name] ?? 0), 0);
}

const KINDS: Readonly<Record<string, RecordedKind>> = {
  "[eventpoll]": "eventpoll",
  "[eventfd]": "eventfd",
  "[timerfd]": "timerfd",
};

function kindOfAnnotation(annotation: StraceAnnotation | undefined): RecordedKind {
  switch (annotation?.kind) {
    case "anonymous":
      return KINDS[annotation.name] ?? KINDS[`[${annotation.name}]`] ?? "pollable";
    case "pipe":
      return "pipe";
    case "unix":
      return "unix";
    case "inet":
      return annotation.protocol.startsWith("TCP") ? "stream" : "pollable";
    case "socket":
      return "pollable";
    case "file":
      return "regular";
    case "device":
      return "device";
    default:
      return "unknown";
  }
}

/** The other end of a pipe or a pair that was there before is somewhere outside. */
function inheritedKind(annotation: StraceAnnotation | undefined): RecordedKind {
  const kind = kindOfAnnotation(annotation);
  return kind === "pipe" || kind === "unix" ? "pollable" : kind;
}

const MADE_BY: Readonly<Record<string, RecordedKind>> = {
  epoll_create: "eventpoll",
  epoll_create1: "eventpoll",
  eventfd: "eventfd",
  eventfd2: "eventfd",
  pipe: "pipe",
  pipe2: "pipe",
  accept: "stream",
  accept4: "stream",
  timerfd_create: "timerfd",
  signalfd: "pollable",
  signalfd4: "pollable",
  inotify_init: "pollable",
  inotify_init1: "pollable",
  pidfd_open: "pollable",
  memfd_create: "unknown",
};

class Surveyor {
  readonly #subjects = new Map<StraceCall, Subject>();
  readonly #files: RecordedFile[] = [];
  readonly #inherited: Inherited[] = [];
  readonly #tables = new Map<number, RecordedTable>();
  readonly #first = new Map<number, RecordedTable>();
  readonly #births = new Map<number, StraceCall>();
  /** Calls that have been entered and not left. */
  readonly #open = new Set<StraceCall>();
  readonly #gaps: { table: RecordedTable; fd: number; call: StraceCall }[] = [];
  /** For each number of a table: the calls that made or closed it, in order. */
  readonly #history = new Map<RecordedTable, Map<number, { call: StraceCall; makes: boolean }[]>>();

  enter(call: StraceCall): void {
    const table = this.#table(call.pid);
    const { descriptors } = callTraits(call.name);
    const files = descriptors.map((position) => this.#lookup(table, call, call.args[position]));
    const nonblocking = files[0]?.nonblocking ?? false;
    this.#subjects.set(call, { table, files, nonblocking, made: [], reported: [] });
    this.#open.add(call);
    if (/^(?:clone3?|v?fork)$/.test(call.name)) this.#birth(call, table);
    if (call.name === "close" && returned(call) === 0) this.#close(table, descriptorOf(call.args[0]), call);
  }

  leave(call: StraceCall): void {
    this.#open.delete(call);
    const subject = this.#subjects.get(call);
    if (!subject) return;
    const value = returned(call);
    if (call.result.kind === "error") this.#failed(call, subject, call.result.errno);
    else if (typeof value === "number") this.#succeeded(call, subject, value);
  }

  end(pid: number): void {
    const table = this.#tables.get(pid);
    if (!table) return;
    this.#tables.delete(pid);
    if (--table.members > 0) return;
    for (const fd of [...table.descriptors.keys()]) this.#close(table, fd, null);
  }

  finish(): Survey {
    for (const gap of this.#gaps) this.#closeGap(gap);
    for (const file of this.#files) if (file.kind === "regular") file.facts = factsOf(file);
    return {
      subjects: this.#subjects,
      files: this.#files,
      inherited: this.#inherited,
      tables: this.#first,
      births: this.#births,
    };
  }

  #table(pid: number): RecordedTable {
    const known = this.#tables.get(pid);
    if (known) return known;
    const table = new RecordedTable();
    this.#adopt(pid, table);
    return table;
  }

  #adopt(pid: number, table: RecordedTable): void {
    this.#tables.set(pid, table);
    if (!this.#first.has(pid)) this.#first.set(pid, table);
  }

  #birth(call: StraceCall, table: RecordedTable): void {
    const child = returned(call);
    if (typeof child !== "number" || child <= 0) return;
    this.#births.set(child, call);
    if (sharesTable(call)) {
      table.members++;
      this.#adopt(child, table);
    } else {
      this.#adopt(child, new RecordedTable(table));
    }
  }

  /** What a descriptor stands for; one that nobody has made was there before the recording began. */
  #lookup(table: RecordedTable, call: StraceCall, value: StraceValue | undefined): RecordedFile | undefined {
    const fd = descriptorOf(value);
    if (fd === undefined || fd < 0) return undefined;
    const known = table.file(fd);
    if (known) return known;
    const annotation = annotationOf(value);
    // Without an annotation it is open only if the call says so.
    if (!annotation && (call.result.kind !== "value" || !table.root.inherited.has(fd))) {
      if (call.result.kind === "error" || call.result.kind === "unknown") return undefined;
    }
    return this.#inherit(table, fd, annotation, call);
  }

  #inherit(table: RecordedTable, fd: number, annotation: StraceAnnotation | undefined, call: StraceCall): RecordedFile {
    const { root } = table;
    let file = root.inherited.get(fd);
    if (!file) {
      file = this.#new(inheritedKind(annotation), null, annotation);
      if (annotation?.kind === "file") file.path = annotation.path;
      if (annotation?.kind === "inet" && annotation.local && !annotation.remote && file.kind === "stream") {
        file.listens = true;
        file.port = annotation.local.port;
      }
      const early = !root.used.has(fd) && !table.used.has(fd);
      if (early) root.inherited.set(fd, file);
      this.#inherited.push({ table: early ? root : table, fd, file, before: early ? null : call });
      if (early && table !== root && !root.descriptors.has(fd)) root.set(fd, file, false);
    }
    table.set(fd, file, false);
    return file;
  }

  #new(kind: RecordedKind, made: StraceCall | null, annotation: StraceAnnotation | undefined): RecordedFile {
    const file = new RecordedFile(kind, made, annotation);
    this.#files.push(file);
    return file;
  }

  #close(table: RecordedTable, fd: number | undefined, call: StraceCall | null): void {
    if (fd === undefined) return;
    if (call) this.#note(table, fd, call, false);
    this.#release(table.remove(fd), call);
  }

  #release(file: RecordedFile | null, call: StraceCall | null): void {
    if (!file) return;
    file.operations.push({ kind: "released", call });
    for (const other of this.#files) {
      if (other.kind !== "eventpoll") continue;
      const index = other.watched.findIndex((watch) => watch.file === file);
      if (index >= 0) other.watched.splice(index, 1);
    }
  }

  /** Remembers what a call did to a number, to find numbers that were taken before the recording began. */
  #note(table: RecordedTable, fd: number, call: StraceCall, makes: boolean): void {
    let numbers = this.#history.get(table);
    if (!numbers) this.#history.set(table, (numbers = new Map()));
    const calls = numbers.get(fd) ?? [];
    calls.push({ call, makes });
    numbers.set(fd, calls);
  }

  /** A call gave a descriptor to a file. The kernel takes the lowest free number: one that it skipped was taken. */
  #give(call: StraceCall, subject: Subject, fd: number, file: RecordedFile, cloexec: boolean, lowest = true): void {
    const { table } = subject;
    if (lowest && !this.#changing()) {
      for (let skipped = table.lowest; skipped < fd && skipped < 1024; skipped++) {
        if (!table.descriptors.has(skipped)) this.#gaps.push({ table, fd: skipped, call });
      }
    }
    this.#note(table, fd, call, true);
    if (file.made === call)
      file.nonblocking = call.args.some((arg) => flagNames(arg).some((flag) => flag.endsWith("_NONBLOCK")));
    this.#release(table.set(fd, file, cloexec), call);
    subject.made.push(file);
  }

  /** Whether another task is in a call that takes or frees numbers. */
  #changing(): boolean {
    for (const { name } of this.#open) {
      if (callTraits(name).returnsDescriptor || /^(?:close|pipe|socketpair|fcntl|exit)/.test(name)) return true;
    }
    return false;
  }

  /** A number that was skipped was there all the time, unless a call was given it later without closing it first. */
  #closeGap({ table, fd, call }: { table: RecordedTable; fd: number; call: StraceCall }): void {
    const { root } = table;
    if (root.inherited.has(fd)) return;
    const next = this.#history
      .get(table)
      ?.get(fd)
      ?.find((entry) => entry.call.entrySequence > call.entrySequence);
    if (next?.makes) return;
    const early = !root.used.has(fd) && !table.used.has(fd);
    const file = this.#new("unknown", null, undefined);
    if (early) root.inherited.set(fd, file);
    else if (this.#inherited.some((other) => other.table === table && other.fd === fd)) return;
    this.#inherited.push({ table: early ? root : table, fd, file, before: early ? null : call });
  }

  #failed(call: StraceCall, subject: Subject, errno: string): void {
    const [file] = subject.files;
    if (!file) return;
    if (READS.has(call.name)) this.#read(call, file, errno);
    else if (WRITES.has(call.name)) this.#written(call, file, errno);
    else if (call.name.startsWith("accept")) file.operations.push({ kind: "accept", call, connection: null });
    else if (call.name === "connect") this.#connect(call, file, errno);
  }

  #succeeded(call: StraceCall, subject: Subject, value: number): void {
    const [file] = subject.files;
    const { name, args } = call;
    if (callTraits(name).returnsDescriptor && value >= 0) this.#opened(call, subject, value);
    if (name === "pipe" || name === "pipe2")
      this.#pair(call, subject, args[0], "pipe", flagNames(args[1]).includes("O_CLOEXEC"));
    else if (name === "socketpair")
      this.#pair(call, subject, args[3], "unix", flagNames(args[1]).includes("SOCK_CLOEXEC"));
    else if (name === "fcntl" && file) this.#fcntl(call, subject, file, value);
    else if (name === "epoll_ctl") this.#control(call, subject);
    else if (name.startsWith("epoll_") && name.includes("wait")) this.#reports(call, subject);
    else if (/^exec/.test(name)) this.#exec(subject);
    else if (file) this.#used(call, file, value);
    if (name === "ioctl" && file) this.#ioctl(call, subject, file);
  }

  #ioctl(call: StraceCall, subject: Subject, file: RecordedFile): void {
    const request = nameOf(call.args[1]);
    if (request === "FIONBIO") file.nonblocking = numberOf(elementsOf(call.args[2])[0]) !== 0;
    const descriptor = subject.table.descriptors.get(descriptorOf(call.args[0]) ?? -1);
    if (descriptor && /^FIO(?:N)?CLEX$/.test(request ?? "")) descriptor.cloexec = request === "FIOCLEX";
  }

  #used(call: StraceCall, file: RecordedFile, value: number): void {
    const { name, args } = call;
    if (READS.has(name)) this.#read(call, file, value);
    else if (WRITES.has(name)) this.#written(call, file, value);
    else if (name === "listen") file.listens = true;
    else if (name === "bind") file.port = portOf(args[1]) || endpointPort(call.resultAnnotation) || null;
    else if (name === "connect") this.#connect(call, file, null);
    else if (name === "shutdown") {
      file.operations.push({ kind: "shutdown", call, how: bitsOf(args[1], SHUTDOWN_HOW) ?? 0 });
    } else if (name === "lseek") {
      const from = nameOf(args[2]) ?? "SEEK_SET";
      file.operations.push({ kind: "seek", call, from, offset: numberOf(args[1]) ?? 0, to: value });
    } else if (/stat/.test(name)) {
      const struct = args.find((arg) => fieldOf(arg, "st_size") ?? fieldOf(arg, "stx_size"));
      const size = numberOf(fieldOf(struct, "st_size") ?? fieldOf(struct, "stx_size"));
      const own = name.startsWith("fstat") || textOf(args[1]) === "";
      if (size !== undefined && own) file.operations.push({ kind: "size", call, size });
    }
  }

  #read(call: StraceCall, file: RecordedFile, got: number | string): void {
    const left = call.name.startsWith("recv") && call.args.some((arg) => flagNames(arg).includes("MSG_PEEK"));
    file.operations.push({ kind: "read", call, asked: askedBytes(call), got, left });
  }

  #written(call: StraceCall, file: RecordedFile, got: number | string): void {
    file.operations.push({ kind: "write", call, asked: askedBytes(call), got });
  }

  #connect(call: StraceCall, file: RecordedFile, error: string | null): void {
    file.operations.push({ kind: "connect", call, port: portOf(call.args[1]) ?? 0, error });
  }

  /** A call has returned a new descriptor. */
  #opened(call: StraceCall, subject: Subject, fd: number): void {
    const [source] = subject.files;
    const cloexec = call.args.some((arg) => flagNames(arg).some((flag) => flag.endsWith("_CLOEXEC")));
    if (/^dup/.test(call.name)) {
      if (source) this.#give(call, subject, fd, source, cloexec, call.name === "dup");
      return;
    }
    const known = subject.table.file(fd);
    // signalfd() with a descriptor changes what there is.
    if (known && call.name.startsWith("signalfd")) return;
    const file = this.#new(this.#kindOf(call), call, call.resultAnnotation);
    if (call.name.startsWith("open") || call.name === "creat") file.path = pathOf(call);
    if (call.name.startsWith("accept") && source) {
      file.listener = source;
      source.operations.push({ kind: "accept", call, connection: file });
    }
    this.#give(call, subject, fd, file, cloexec);
  }

  #kindOf(call: StraceCall): RecordedKind {
    if (call.args.some((arg) => flagNames(arg).includes("O_DIRECTORY"))) return "directory";
    if (call.name === "socket") {
      const family = nameOf(call.args[0]) ?? "";
      if (family === "AF_UNIX") return "unix";
      const isStream = flagNames(call.args[1]).includes("SOCK_STREAM") || nameOf(call.args[1]) === "SOCK_STREAM";
      return isStream && /^AF_INET6?$/.test(family) ? "stream" : "pollable";
    }
    const annotated = kindOfAnnotation(call.resultAnnotation);
    return annotated === "unknown"
      ? (MADE_BY[call.name] ?? (/^(?:open|creat)/.test(call.name) ? "regular" : "unknown"))
      : annotated;
  }

  #pair(
    call: StraceCall,
    subject: Subject,
    value: StraceValue | undefined,
    kind: RecordedKind,
    cloexec: boolean,
  ): void {
    const [first, second] = elementsOf(value);
    const fds =
      value?.kind === "array" && value.abbreviated
        ? lowestTwo(subject.table)
        : [descriptorOf(first), descriptorOf(second)];
    if (fds[0] === undefined || fds[1] === undefined) return;
    const files = [first, second].map((end) => this.#new(kind, call, annotationOf(end)));
    files[0]!.other = files[1]!;
    files[1]!.other = files[0]!;
    this.#give(call, subject, fds[0], files[0]!, cloexec);
    this.#give(call, subject, fds[1], files[1]!, cloexec);
  }

  #fcntl(call: StraceCall, subject: Subject, file: RecordedFile, value: number): void {
    const command = nameOf(call.args[1]) ?? "";
    if (command === "F_DUPFD" || command === "F_DUPFD_CLOEXEC") {
      this.#give(call, subject, value, file, command.endsWith("CLOEXEC"), numberOf(call.args[2]) === 0);
    } else if (command === "F_GETFL") {
      file.status ??= value;
    } else if (command === "F_SETFL") {
      file.nonblocking = flagNames(call.args[2]).includes("O_NONBLOCK");
    } else if (command === "F_SETFD") {
      const descriptor = subject.table.descriptors.get(descriptorOf(call.args[0]) ?? -1);
      if (descriptor) descriptor.cloexec = flagNames(call.args[2]).includes("FD_CLOEXEC");
    }
  }

  #control(call: StraceCall, subject: Subject): void {
    const [epoll, file] = subject.files;
    if (!epoll || !file) return;
    const fd = descriptorOf(call.args[2])!;
    const operation = nameOf(call.args[1]);
    const index = epoll.watched.findIndex((watch) => watch.file === file && watch.fd === fd);
    if (operation === "EPOLL_CTL_DEL") {
      if (index >= 0) epoll.watched.splice(index, 1);
      return;
    }
    const events = bitsOf(fieldOf(call.args[3], "events"), EPOLL_EVENTS) ?? 0;
    const data = dataOf(call.args[3]);
    const watch = epoll.watched[index];
    if (watch) Object.assign(watch, { events, data });
    else epoll.watched.push({ file, fd, events, data });
  }

  #reports(call: StraceCall, subject: Subject): void {
    const [epoll] = subject.files;
    elementsOf(call.args[1]).forEach((event, position) => {
      const data = dataOf(event);
      const watch =
        epoll?.watched.find((item) => item.data === data) ??
        epoll?.watched.find((item) => BigInt.asUintN(32, item.data) === BigInt.asUintN(32, data));
      const mask = bitsOf(fieldOf(event, "events"), EPOLL_EVENTS) ?? 0;
      subject.reported.push({ file: watch?.file, mask });
      if (!watch) return;
      const edge = (watch.events & (EPOLLET | EPOLLONESHOT)) !== 0;
      const report: Operation = { kind: "report", call, mask, edge, position, fd: watch.fd };
      watch.file.operations.push(report);
    });
  }

  /** execve() closes what is marked so, in a table of its own. */
  #exec(subject: Subject): void {
    for (const [fd, descriptor] of [...subject.table.descriptors]) {
      if (descriptor.cloexec) this.#close(subject.table, fd, null);
    }
  }
}

/** The numbers that the kernel gives to a pair whose numbers the recording leaves out. */
function lowestTwo(table: RecordedTable): number[] {
  const first = table.lowest;
  let second = first + 1;
  while (table.descriptors.has(second)) second++;
  return [first, second];
}

const READS: ReadonlySet<string> = new Set(["read", "readv", "pread64", "preadv", "recv", "recvfrom", "recvmsg"]);
const WRITES: ReadonlySet<string> = new Set(["write", "writev", "pwrite64", "pwritev", "send", "sendto", "sendmsg"]);

/** How many bytes a call was to move at most. */
export function askedBytes(call: StraceCall): number {
  const vector = call.name.endsWith("v") ? call.args[1] : fieldOf(call.args[1], "msg_iov");
  if (vector === undefined) return numberOf(call.args[2]) ?? 0;
  return elementsOf(vector).reduce((sum, piece) => sum + (numberOf(fieldOf(piece, "iov_len")) ?? 0), 0);
}

/** The number that a program attaches to what an eventpoll watches. */
export function dataOf(event: StraceValue | undefined): bigint {
  const data = fieldOf(event, "data");
  return bigintOf(fieldOf(data, "u64")) ?? bigintOf(fieldOf(data, "u32")) ?? 0n;
}

function endpointPort(annotation: StraceAnnotation | undefined): number | undefined {
  return annotation?.kind === "inet" ? annotation.local?.port : undefined;
}

/** The name that a call opens, from the root: a relative one begins at the directory that strace names. */
export function pathOf(call: StraceCall): string {
  const at = /^openat/.test(call.name) ? 1 : 0;
  const path = textOf(beforeOf(call.args[at])) ?? "";
  const directory = at === 1 ? annotationOf(call.args[0]) : undefined;
  if (path.startsWith("/") || directory?.kind !== "file") return path;
  return `${directory.path}/${path}`.replaceAll("/./", "/");
}
