import type { AdoptedTask, BootOptions, Decoded, Kernel, Ptr, SubmitArgument } from "../../lib/index.ts";
import { KERNEL_BASE } from "../../lib/machine/memory.ts";
import { boot } from "../support/boot.ts";
import { layout } from "../../lib/layout.gen.ts";

const { enums } = layout;

/** Bits of interest masks and events. */
export const { IN, OUT, ERR, HUP, RDHUP, RDNORM, WRNORM } = enums.Poll.values;
export const { ET, ONESHOT, EXCLUSIVE } = enums.EpollFlags.values;
export const { ADD, DEL, MOD } = enums.EpollCtl.values;
export const { NONBLOCK, CLOEXEC, DIRECT, CREAT, EXCL, TRUNC, APPEND } = enums.OpenFlags.values;
export const { EAGAIN, EBADF, EBUSY, EEXIST, EFAULT, EINVAL, ELOOP, EMFILE, ENOENT, ENOMEM, EPERM, EPIPE } =
  enums.Errno.values;

/** What a call answers that has not come to an end. */
export const SLEEPS = "sleeps";

/** A call of a thread that has come to an end later: the thread, and what the kernel returned. */
export type Woken = readonly [thread: number, value: number];

/** Size of a struct epoll_event. Unit: bytes. */
const EVENT = 12;

/** Threads of one process whose system calls a test makes one by one, in whatever order it wants. */
export class Threads {
  readonly kernel: Kernel;
  readonly tasks: readonly AdoptedTask[];
  /** What the last call that came to an end has filled. */
  out: readonly Uint8Array[] = [];
  #woken: Woken[] = [];
  /** What the last call that slept has filled. */
  #late: readonly Uint8Array[] = [];

  private constructor(kernel: Kernel, tasks: readonly AdoptedTask[]) {
    this.kernel = kernel;
    this.tasks = tasks;
    tasks.forEach((task, thread) => {
      task.onComplete = ({ value, out }) => {
        this.#woken.push([thread, value]);
        this.#late = out;
      };
    });
  }

  /** A fresh machine with `count` threads. */
  static async boot(count = 1, options: BootOptions = {}): Promise<Threads> {
    const kernel = await boot(options);
    const parent = kernel.adopt("thread 0");
    const others = Array.from({ length: count - 1 }, (_, i) =>
      kernel.adopt(`thread ${i + 1}`, { parent, files: "shared" }),
    );
    return new Threads(kernel, [parent, ...others]);
  }

  /** A thread makes a system call; whoever is woken by it goes on as far as it can. */
  call(thread: number, call: string, ...args: readonly SubmitArgument[]): number | typeof SLEEPS {
    const answer = this.tasks[thread]!.submit(call, ...args);
    if (answer.done) this.out = answer.out;
    this.kernel.settle();
    return answer.done ? answer.value : SLEEPS;
  }

  /** As call(), for calls that must not sleep. */
  now(thread: number, call: string, ...args: readonly SubmitArgument[]): number {
    const value = this.call(thread, call, ...args);
    if (value === SLEEPS) throw new Error(`${call}() sleeps`);
    return value;
  }

  /** As now(), but the disk may have to be waited for. */
  soon(thread: number, call: string, ...args: readonly SubmitArgument[]): number {
    const value = this.call(thread, call, ...args);
    if (value !== SLEEPS) return value;
    while (this.tasks[thread]!.pending !== null) if (!this.elapse()) throw new Error(`${call}() sleeps for ever`);
    this.out = this.#late;
    const at = this.#woken.findIndex(([other]) => other === thread);
    return this.#woken.splice(at, 1)[0]![1];
  }

  /** The calls that have come to an end since this was last asked, in that order. */
  woken(): Woken[] {
    const woken = this.#woken;
    this.#woken = [];
    return woken;
  }

  /** Time passes up to the next event. */
  elapse(): boolean {
    const something = this.kernel.elapse();
    this.kernel.settle();
    return something;
  }

  /** A new pipe, made by thread 0. @returns the descriptors to read from and to write to. */
  pipe(flags = 0): [number, number] {
    this.now(0, "pipe2", { out: 8 }, flags);
    const view = dataView(this.out[0]!);
    return [view.getInt32(0, true), view.getInt32(4, true)];
  }

  /** Reads. @returns what was read, as text; a negative number; or that the thread sleeps. */
  read(thread: number, fd: number, count: number): string | number {
    const value = this.call(thread, "read", fd, { out: count }, count);
    if (typeof value === "string" || value < 0) return value;
    return new TextDecoder().decode(this.out[0]!.subarray(0, value));
  }

  /** Writes a text. */
  write(thread: number, fd: number, text: string): number | typeof SLEEPS {
    return this.call(thread, "write", fd, { in: text }, text.length);
  }

  /** Writes a number to an eventfd. */
  signal(thread: number, fd: number, value: bigint): number | typeof SLEEPS {
    return this.call(thread, "write", fd, { in: u64(value) }, 8);
  }

  /** Changes what an eventpoll watches; an event's data is the watched descriptor. */
  ctl(epfd: number, op: number, fd: number, events: number): number {
    const event = new DataView(new ArrayBuffer(EVENT));
    event.setUint32(0, events >>> 0, true);
    event.setInt32(4, fd, true);
    return this.now(0, "epoll_ctl", epfd, op, fd, { in: new Uint8Array(event.buffer) });
  }

  /** A new eventpoll that watches some descriptors for the same. */
  watching(events: number, ...fds: readonly number[]): number {
    const epfd = this.now(0, "epoll_create1", 0);
    for (const fd of fds) {
      const value = this.ctl(epfd, ADD, fd, events);
      if (value !== 0) throw new Error(`epoll_ctl() returned ${value}`);
    }
    return epfd;
  }

  /** A thread asks for events. */
  wait(thread: number, epfd: number, maxevents = 64, timeout = 0): number | typeof SLEEPS {
    return this.call(thread, "epoll_wait", epfd, { out: maxevents * EVENT }, maxevents, timeout);
  }

  /** The events that are there now: descriptor and bits, in the order in which they are delivered. */
  events(epfd: number, maxevents = 64): [fd: number, events: number][] {
    const count = this.wait(0, epfd, maxevents);
    if (typeof count === "string" || count < 0) throw new Error(`epoll_wait(): ${count}`);
    const view = dataView(this.out[0]!);
    return Array.from({ length: count }, (_, i) => [
      view.getInt32(i * EVENT + 4, true),
      view.getUint32(i * EVENT, true),
    ]);
  }

  /** The descriptors of the events that are there now. */
  ready(epfd: number, maxevents = 64): number[] {
    return this.events(epfd, maxevents).map(([fd]) => fd);
  }

  /** The descriptor table, as it is in memory. */
  get files(): Decoded<"FilesStruct"> {
    const { memory } = this.kernel;
    const files = memory.get("TaskStruct", this.task, "files");
    return memory.read("FilesStruct", files);
  }

  /** Address of the open file of a descriptor. */
  file(fd: number): Ptr<"File"> {
    return this.kernel.memory.view.getUint32(this.files.fd + 4 * fd, true) as Ptr<"File">;
  }

  /** What a descriptor's file stands for, as it is in memory. */
  object<S extends "PipeInodeInfo" | "EventfdCtx" | "Eventpoll">(struct: S, fd: number): Decoded<S> {
    const at = this.kernel.memory.get("File", this.file(fd), "private_data");
    return this.kernel.memory.read(struct, at as Ptr<S>);
  }

  /** The file system's state, as it is in memory. */
  get fs(): Decoded<"FsState"> {
    const { memory } = this.kernel;
    return memory.read("FsState", memory.get("Kernel", KERNEL_BASE, "fs"));
  }

  /** Names of the events that happened since a tick. */
  happened(since: number): string[] {
    return [...this.kernel.trace.range(since + 1)].map(({ event }) => event);
  }

  /** Address of thread 0's struct TaskStruct. */
  get task(): Ptr<"TaskStruct"> {
    const { memory } = this.kernel;
    const sched = memory.get("Kernel", KERNEL_BASE, "sched");
    const [first] = memory.list(memory.embedded(sched, "SchedState", "tasks"), "TaskStruct", "tasks");
    return first!;
  }
}

/** A number of 8 bytes. */
export function u64(value: bigint): Uint8Array {
  return new Uint8Array(BigUint64Array.of(value).buffer);
}

function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
