import type { FileFacts } from "./regular.ts";
import { Interest } from "./interest.ts";
import type { StraceAnnotation, StraceCall } from "../strace/types.ts";

/** What an open file of a recording is, as far as that matters to how it is replayed. */
export type RecordedKind =
  | "eventpoll"
  | "eventfd"
  | "pipe"
  | "unix"
  /** A stream of the internet: TCP. */
  | "stream"
  /** A file with bytes at offsets. */
  | "regular"
  | "directory"
  | "device"
  | "timerfd"
  /** Anything else that can be waited for: signalfd, inotify, datagram sockets, ... */
  | "pollable"
  /** Nothing is known of it. */
  | "unknown";

/** What happened to an open file, in the order of the recording. */
export type Operation =
  /** A wait reported it, at a position among the events. Later waits on an edge tell of something new. */
  | Report
  /** A call read from it: `got` bytes, 0 at the end, or an error's name; `left`: they stay where they are. */
  | {
      readonly kind: "read";
      readonly call: StraceCall;
      readonly asked: number;
      readonly got: number | string;
      readonly left: boolean;
      /** Where it was read; null: at the file's own position. Unit: bytes. */
      readonly at: number | null;
      /** Whether less than was asked for says nothing about the end: the bytes had to go somewhere. */
      readonly isPart: boolean;
    }
  /** A call wrote to it. */
  | {
      readonly kind: "write";
      readonly call: StraceCall;
      readonly asked: number;
      readonly got: number | string;
      /** Where it was written; null: at the file's own position. Unit: bytes. */
      readonly at: number | null;
    }
  /** A connection was taken from it; null: there was none. */
  | { readonly kind: "accept"; readonly call: StraceCall; readonly connection: RecordedFile | null }
  | { readonly kind: "connect"; readonly call: StraceCall; readonly port: number; readonly error: string | null }
  | { readonly kind: "shutdown"; readonly call: StraceCall; readonly how: number }
  | {
      readonly kind: "seek";
      readonly call: StraceCall;
      readonly from: string;
      readonly offset: number;
      readonly to: number;
    }
  /** What was found out about it; the size in bytes. */
  | { readonly kind: "size"; readonly call: StraceCall; readonly size: number }
  /** Its last descriptor was closed. */
  | { readonly kind: "released"; readonly call: StraceCall | null };

/** That a wait reported a file. */
export interface Report {
  readonly kind: "report";
  readonly call: StraceCall;
  /** The event's bits. */
  readonly mask: number;
  /** Whether the file was watched for edges, or for once. */
  readonly edge: boolean;
  /** Which one of the events it is. */
  readonly position: number;
  /** The descriptor that is watched. */
  readonly fd: number;
}

/** An open file of a recording: what descriptors stand for. */
export class RecordedFile {
  readonly kind: RecordedKind;
  /** The call that made it; null if it was there before the recording began. */
  readonly made: StraceCall | null;
  /** What strace says that it is. */
  readonly annotation: StraceAnnotation | undefined;
  /** Everything that happened to it, oldest first. */
  readonly operations: Operation[] = [];
  /** The other end of a pipe or a pair. */
  other: RecordedFile | null = null;
  /** The listening socket that it was accepted from. */
  listener: RecordedFile | null = null;
  /** Whether it listens. */
  listens = false;
  /** The port that it is bound to, if known. */
  port: number | null = null;
  /** The name it was opened by, from the root of the file system; empty for what has none. */
  path = "";
  /** Whether calls on it do not wait, as far as the recording has been read. */
  nonblocking = false;
  /** Its flags, if fcntl(F_GETFL) has told them. */
  status: number | null = null;
  /** What is known of the bytes of a regular file; null for others. */
  facts: FileFacts | null = null;
  /** Descriptors that stand for it, in all tables. */
  references = 0;
  /** Whom an eventpoll watches. */
  readonly interest = new Interest();
  /** The eventpolls that have watched it. */
  readonly watchers = new Set<RecordedFile>();

  constructor(kind: RecordedKind, made: StraceCall | null, annotation: StraceAnnotation | undefined) {
    this.kind = kind;
    this.made = made;
    this.annotation = annotation;
  }
}

/** A descriptor's number and what it stands for. */
export interface Descriptor {
  readonly file: RecordedFile;
  cloexec: boolean;
}

/** A table of descriptors as the recording tells it: shared by threads, copied by fork(). */
export class RecordedTable {
  readonly descriptors = new Map<number, Descriptor>();
  /** The table that this one is a copy of. */
  readonly parent: RecordedTable | null;
  /** Every number that was ever in it. */
  readonly used = new Set<number>();
  /** Free numbers that the kernel does not give: they seem to be taken. */
  readonly suspected = new Set<number>();
  /** What was there before the recording began. */
  readonly inherited = new Map<number, RecordedFile>();
  /** Number of tasks that use it. */
  members = 1;
  /** No number below this one is free. */
  #full = 0;

  constructor(parent: RecordedTable | null = null) {
    this.parent = parent;
    if (!parent) return;
    for (const [fd, descriptor] of parent.descriptors) this.set(fd, descriptor.file, descriptor.cloexec);
  }

  /** What a descriptor stands for. */
  file(fd: number): RecordedFile | undefined {
    return this.descriptors.get(fd)?.file;
  }

  /** Lets a descriptor stand for a file. @returns what it stood for, if that is released now. */
  set(fd: number, file: RecordedFile, cloexec: boolean): RecordedFile | null {
    const released = this.remove(fd);
    this.descriptors.set(fd, { file, cloexec });
    this.used.add(fd);
    this.suspected.delete(fd);
    file.references++;
    return released;
  }

  /** Takes a descriptor away. @returns what it stood for, if no other descriptor does. */
  remove(fd: number): RecordedFile | null {
    const found = this.descriptors.get(fd);
    if (!found) return null;
    this.descriptors.delete(fd);
    this.#full = Math.min(this.#full, fd);
    return --found.file.references === 0 ? found.file : null;
  }

  /** The lowest number that is free, and does not seem to be taken. */
  get lowest(): number {
    while (this.#isTaken(this.#full)) this.#full++;
    return this.#full;
  }

  /** The lowest number behind another one that is free. */
  lowestAfter(fd: number): number {
    let next = fd + 1;
    while (this.#isTaken(next)) next++;
    return next;
  }

  #isTaken(fd: number): boolean {
    return this.descriptors.has(fd) || this.suspected.has(fd);
  }

  /** The oldest table that this one descends from. */
  get root(): RecordedTable {
    return this.parent === null ? this : this.parent.root;
  }
}
