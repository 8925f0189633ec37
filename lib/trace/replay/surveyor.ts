import { isPoll, isSelect, polledOf } from "./polled.ts";
import {
  annotationOf,
  bitsOf,
  descriptorOf,
  elementsOf,
  fieldOf,
  flagNames,
  nameOf,
  numberOf,
  returned,
  textOf,
} from "../strace/access.ts";
import { EPOLL_EVENTS, SHUTDOWN_HOW } from "./constants.ts";
import type { Inherited, Subject, Survey } from "./survey.ts";
import { RecordedFile, RecordedTable } from "./recorded.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";
import {
  askedBytes,
  dataOf,
  hasFlag,
  isEpollWait,
  isExit,
  isFork,
  isPair,
  isRead,
  isTaking,
  isWrite,
  pairArgument,
  pathOf,
  positionOf,
  sharesTable,
} from "./call_facts.ts";
import { madeKind } from "./kinds.ts";
import { InheritedNumbers } from "./numbers.ts";
import { callTraits } from "../strace/classify.ts";
import { factsOf } from "./regular.ts";
import { type Transfer, TRANSFERS, offsetBefore } from "./transfers.ts";
import { portOf } from "./address.ts";

const { EPOLLET, EPOLLONESHOT } = EPOLL_EVENTS as Record<string, number>;
/** What is reported once for each happening. */
const EDGE = (EPOLLET! | EPOLLONESHOT!) >>> 0;

/** Follows descriptors through a recording: call by call, as they are entered and left. */
export class Surveyor {
  readonly #subjects = new Map<StraceCall, Subject>();
  readonly #files: RecordedFile[] = [];
  readonly #numbers = new InheritedNumbers((file) => this.#files.push(file));
  /** The tables of the tasks that live. */
  readonly #tables = new Map<number, RecordedTable>();
  /** The first table that each task had. */
  readonly #first = new Map<number, RecordedTable>();
  readonly #births = new Map<number, StraceCall>();
  /** Calls that have been entered and not left. */
  readonly #open = new Set<StraceCall>();

  /** A task enters a call. What it closes, and whom it makes, counts from now on. */
  enter(call: StraceCall): void {
    const table = this.#table(call.pid);
    const files = callTraits(call.name).descriptors.map((position) => this.#lookup(table, call, call.args[position]));
    const nonblocking = files[0]?.nonblocking ?? false;
    this.#subjects.set(call, { table, files, nonblocking, made: [], reported: [] });
    this.#open.add(call);
    if (isFork(call)) this.#birth(call, table);
    if (call.name === "close" && returned(call) === 0) this.#close(table, descriptorOf(call.args[0]), call);
    if (isExit(call)) this.end(call.pid);
  }

  /** A task leaves a call: what it has made is there. */
  leave(call: StraceCall): void {
    this.#open.delete(call);
    const subject = this.#subjects.get(call);
    if (!subject) return;
    const value = returned(call);
    if (call.result.kind === "error") this.#failed(call, subject, call.result.errno);
    else if (typeof value === "number") this.#succeeded(call, subject, value);
  }

  /** A task ends. */
  end(pid: number): void {
    const table = this.#tables.get(pid);
    if (!table) return;
    this.#tables.delete(pid);
    if (--table.members > 0) return;
    for (const fd of table.descriptors.keys()) this.#close(table, fd, null);
  }

  /** The recording is at its end. */
  finish(): Survey {
    this.#numbers.finish();
    for (const file of this.#files) if (file.kind === "regular") file.facts = factsOf(file);
    const inherited: readonly Inherited[] = this.#numbers.found;
    return { subjects: this.#subjects, files: this.#files, inherited, tables: this.#first, births: this.#births };
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
    if (sharesTable(call)) table.members++;
    this.#adopt(child, sharesTable(call) ? table : new RecordedTable(table));
  }

  /** What a descriptor stands for; one that nobody has made was there before the recording began. */
  #lookup(table: RecordedTable, call: StraceCall, value: StraceValue | undefined): RecordedFile | undefined {
    const fd = descriptorOf(value);
    if (fd === undefined || fd < 0) return undefined;
    const known = table.file(fd);
    const annotation = annotationOf(value);
    // What the kernel has chosen for a socket that was bound to port 0 is told behind its descriptor from then on.
    if (known?.port === 0 && annotation?.kind === "inet") known.port = annotation.local?.port ?? 0;
    if (known) return known;
    // Without an annotation it was open only if the call says so, by being successful.
    if (!annotation && call.result.kind !== "value") return undefined;
    return this.#numbers.inherit(table, fd, annotation, call);
  }

  #close(table: RecordedTable, fd: number | undefined, call: StraceCall | null): void {
    if (fd === undefined) return;
    if (call) this.#numbers.freed(table, fd, call);
    this.#release(table.remove(fd), call);
  }

  #release(file: RecordedFile | null, call: StraceCall | null): void {
    if (!file) return;
    file.operations.push({ kind: "released", call });
    for (const watcher of file.watchers) watcher.interest.forget(file);
  }

  /** A call lets a number stand for a file; `lowest`: the kernel has chosen the number. */
  #give(call: StraceCall, subject: Subject, fd: number, file: RecordedFile, cloexec: boolean, lowest = true): void {
    const { table } = subject;
    if (lowest) this.#numbers.given(table, fd, call, this.#open);
    if (file.made === call) file.nonblocking = hasFlag(call, "_NONBLOCK");
    this.#release(table.set(fd, file, cloexec), call);
    subject.made.push(file);
  }

  #failed(call: StraceCall, { files: [file] }: Subject, errno: string): void {
    if (!file) return;
    if (isRead(call)) this.#read(call, file, errno);
    else if (isWrite(call)) this.#write(call, file, errno);
    else if (call.name.startsWith("accept")) file.operations.push({ kind: "accept", call, connection: null });
    else if (call.name === "connect") this.#connect(call, file, errno);
  }

  #succeeded(call: StraceCall, subject: Subject, value: number): void {
    const { name } = call;
    const [file] = subject.files;
    const transfer = TRANSFERS[name];
    if (transfer) this.#transferred(call, subject, transfer, value);
    else if (callTraits(name).returnsDescriptor && value >= 0) this.#opened(call, subject, value);
    else if (isPair(call)) this.#pair(call, subject, pairArgument(call));
    else if (name === "epoll_ctl") this.#control(call, subject);
    else if (isEpollWait(call)) this.#reports(call, subject);
    else if (isPoll(call) || isSelect(call)) this.#polled(call, subject);
    else if (name.startsWith("exec")) this.#exec(subject);
    else if (name === "fcntl" && file) this.#fcntl(call, subject, file, value);
    else if (name === "ioctl" && file) this.#ioctl(call, subject, file);
    else if (file) this.#used(call, file, value);
  }

  #used(call: StraceCall, file: RecordedFile, value: number): void {
    const { name, args } = call;
    const { operations } = file;
    if (isRead(call)) this.#read(call, file, value);
    else if (isWrite(call)) this.#write(call, file, value);
    // The file has another end from then on.
    else if (name === "ftruncate" || name === "fallocate") this.#write(call, file, 0);
    else if (name === "getsockname" && file.port === 0) file.port = portOf(args[1]) ?? 0;
    else if (name === "listen") file.listens = true;
    else if (name === "bind") file.port = portOf(args[1]) ?? null;
    else if (name === "connect") this.#connect(call, file, null);
    else if (name === "shutdown") operations.push({ kind: "shutdown", call, how: bitsOf(args[1], SHUTDOWN_HOW) ?? 0 });
    else if (name === "lseek") {
      const offset = numberOf(args[1]) ?? 0;
      operations.push({ kind: "seek", call, from: nameOf(args[2]) ?? "SEEK_SET", offset, to: value });
    } else if (name.includes("stat")) this.#sized(call, file);
  }

  /** Bytes have gone from one file to another. */
  #transferred(call: StraceCall, { files }: Subject, transfer: Transfer, got: number): void {
    const asked = askedBytes(call);
    const from = offsetBefore(call, transfer.fromOffset);
    const left = call.name === "tee";
    files[transfer.from]?.operations.push({ kind: "read", call, asked, got, left, at: from, isPart: true });
    files[transfer.to]?.operations.push({ kind: "write", call, asked, got, at: offsetBefore(call, transfer.toOffset) });
  }

  /** What stat() and its relatives tell about an open file. */
  #sized(call: StraceCall, file: RecordedFile): void {
    const isOwn = call.name.startsWith("fstat") || textOf(call.args[1]) === "";
    if (!isOwn) return;
    for (const arg of call.args) {
      const size = numberOf(fieldOf(arg, "st_size") ?? fieldOf(arg, "stx_size"));
      if (size !== undefined) file.operations.push({ kind: "size", call, size });
    }
  }

  #read(call: StraceCall, file: RecordedFile, got: number | string): void {
    const [asked, left, at] = [askedBytes(call), !isTaking(call), positionOf(call)];
    file.operations.push({ kind: "read", call, asked, got, left, at, isPart: false });
  }

  #write(call: StraceCall, file: RecordedFile, got: number | string): void {
    file.operations.push({ kind: "write", call, asked: askedBytes(call), got, at: positionOf(call) });
  }

  #connect(call: StraceCall, file: RecordedFile, error: string | null): void {
    file.operations.push({ kind: "connect", call, port: portOf(call.args[1]) ?? 0, error });
  }

  /** A call has returned a descriptor. */
  #opened(call: StraceCall, subject: Subject, fd: number): void {
    const { name } = call;
    const [source] = subject.files;
    const cloexec = hasFlag(call, "_CLOEXEC");
    if (name.startsWith("dup")) {
      if (source) this.#give(call, subject, fd, source, cloexec, name === "dup");
      return;
    }
    // signalfd() with a descriptor changes what there is.
    if (name.startsWith("signalfd") && subject.table.file(fd)) return;
    const file = this.#make(call, call.resultAnnotation);
    if (name.startsWith("open") || name === "creat") file.path = pathOf(call);
    if (name.startsWith("accept") && source) {
      file.listener = source;
      source.listens = true;
      source.operations.push({ kind: "accept", call, connection: file });
    }
    this.#give(call, subject, fd, file, cloexec);
  }

  #make(call: StraceCall, annotation: RecordedFile["annotation"]): RecordedFile {
    const file = new RecordedFile(madeKind(call), call, annotation);
    this.#files.push(file);
    return file;
  }

  #pair(call: StraceCall, { table }: Subject, value: StraceValue | undefined): void {
    const ends = elementsOf(value);
    const isHidden = value?.kind === "array" && value.abbreviated;
    // The recording may leave the numbers out; they are the lowest that were free.
    const first = isHidden ? table.lowest : descriptorOf(ends[0]);
    const second = isHidden ? table.lowestAfter(table.lowest) : descriptorOf(ends[1]);
    if (first === undefined || second === undefined) return;
    const files = [this.#make(call, annotationOf(ends[0])), this.#make(call, annotationOf(ends[1]))] as const;
    files[0].other = files[1];
    files[1].other = files[0];
    const cloexec = hasFlag(call, "_CLOEXEC");
    const subject = this.#subjects.get(call)!;
    this.#give(call, subject, first, files[0], cloexec);
    this.#give(call, subject, second, files[1], cloexec);
  }

  #fcntl(call: StraceCall, subject: Subject, file: RecordedFile, value: number): void {
    const descriptor = subject.table.descriptors.get(descriptorOf(call.args[0]) ?? -1);
    switch (nameOf(call.args[1])) {
      case "F_DUPFD":
        this.#give(call, subject, value, file, false, numberOf(call.args[2]) === 0);
        break;
      case "F_DUPFD_CLOEXEC":
        this.#give(call, subject, value, file, true, numberOf(call.args[2]) === 0);
        break;
      case "F_SETFD":
        if (descriptor) descriptor.cloexec = flagNames(call.args[2]).includes("FD_CLOEXEC");
        break;
      case "F_GETFL":
        file.status ??= value;
        break;
      case "F_SETFL":
        file.nonblocking = flagNames(call.args[2]).includes("O_NONBLOCK");
        break;
    }
  }

  #ioctl(call: StraceCall, subject: Subject, file: RecordedFile): void {
    const request = nameOf(call.args[1]);
    if (request === "FIONBIO") file.nonblocking = numberOf(elementsOf(call.args[2])[0]) !== 0;
    const descriptor = subject.table.descriptors.get(descriptorOf(call.args[0]) ?? -1);
    if (descriptor && (request === "FIOCLEX" || request === "FIONCLEX")) descriptor.cloexec = request === "FIOCLEX";
  }

  #control(call: StraceCall, { files: [epoll, file] }: Subject): void {
    if (!epoll || !file) return;
    const fd = descriptorOf(call.args[2])!;
    if (nameOf(call.args[1]) === "EPOLL_CTL_DEL") {
      epoll.interest.delete(file, fd);
      return;
    }
    epoll.interest.set(file, fd, bitsOf(fieldOf(call.args[3], "events"), EPOLL_EVENTS) ?? 0, dataOf(call.args[3]));
    file.watchers.add(epoll);
  }

  #reports(call: StraceCall, { files: [epoll], reported }: Subject): void {
    elementsOf(call.args[1]).forEach((event, position) => {
      const watch = epoll?.interest.find(dataOf(event));
      const mask = bitsOf(fieldOf(event, "events"), EPOLL_EVENTS) ?? 0;
      reported.push({ file: watch?.file, fd: watch?.fd, mask });
      if (!watch) return;
      const edge = (watch.events & EDGE) !== 0;
      watch.file.operations.push({ kind: "report", call, mask, edge, position, fd: watch.fd });
    });
  }

  /** What poll and select find ready is reported as an eventpoll does it, but for the program's own data. */
  #polled(call: StraceCall, { table, reported }: Subject): void {
    polledOf(call).forEach(({ fd, mask }, position) => {
      const file = table.file(fd);
      reported.push({ file, fd, mask });
      file?.operations.push({ kind: "report", call, mask, edge: false, position, fd });
    });
  }

  /** execve() closes what is marked so. */
  #exec({ table }: Subject): void {
    for (const [fd, { cloexec }] of table.descriptors) if (cloexec) this.#close(table, fd, null);
  }
}
