/**
 * The part of the program interface that both machines have: what a scenario may use. The simulated machine's own
 * `sys` fits it as it is; `LinuxSys` builds the same over the real kernel.
 */

import type { ControlMessage } from "../machine/message.ts";
import type { FilledAddress } from "../machine/sockaddr.ts";
import type { WaitStatus } from "../machine/sys_signals.ts";

import type { RingCalls } from "./ring.ts";

export type { ControlMessage, FilledAddress, WaitStatus };
export type { Completion, Ring, RingOptions, RingWord, SqeFields } from "./ring.ts";

/** A system call under way: `yield*` it for the kernel's own value, `>= 0` or `-errno`. */
export type Call = Iterable<unknown, number, unknown>;

/** What runs as a task. Its steps belong to the machine; only its calls are compared. */
export type Program = (sys: Sys) => Generator<unknown, unknown, unknown>;

/** User memory. */
export interface Buffer {
  readonly address: number;
  readonly length: number;
  /** Its first `length` bytes, or all. */
  bytes(length?: number): Uint8Array;
  /** Overwrites its beginning. */
  set(data: Uint8Array): unknown;
  /** The rest of it from `offset` on. */
  at(offset: number): Buffer;
}

/** What a program has epoll give back with an event. */
export type EpollData = { fd: number } | { u32: number } | { u64: bigint };

/** What epoll_ctl() is given: a struct epoll_event. */
export interface EpollEvent {
  events: number;
  data: EpollData;
}

/** User memory for an array of `struct epoll_event`. */
export interface EpollEvents {
  readonly length: number;
  readonly [index: number]: { readonly events: number; readonly data: { readonly u64: bigint; readonly fd: number } };
}

/** An address on the loopback device, or the name of a UNIX socket. */
export type Address = { port: number; host?: string } | { path: string };

/** What sendmsg() sends. */
export interface SentMessage {
  readonly name?: Address;
  readonly iov: readonly (Buffer | string | Uint8Array)[];
  readonly control?: readonly ControlMessage[];
}

/** Where recvmsg() puts what has come: the sender's address, control data in `controllen` bytes, flags. */
export interface ReceivedMessage {
  name?: FilledAddress;
  readonly iov: readonly Buffer[];
  control?: ControlMessage[];
  controllen?: number;
  flags?: number;
}

/** A struct timespec. */
export interface Timespec {
  sec: number;
  nsec: number;
}

/** What a file is, as fstat() tells. */
export interface Stat {
  st_dev: number;
  st_ino: number;
  st_mode: number;
  st_nlink: number;
  st_rdev: number;
  st_size: number;
  st_blksize: number;
  st_blocks: number;
}

/** What is known of a signal: struct siginfo. */
export interface SignalInfo {
  readonly signo: number;
  readonly code: number;
  readonly pid: number;
  readonly status: number;
  /** Of a page fault: the address. */
  readonly addr: number;
}

/** How many page faults there were: those for which the disk was asked are major. */
export interface Faults {
  readonly minor: number;
  readonly major: number;
}

/** A signal handler, which runs in its task and may make calls. */
export type SignalHandler = (sys: Sys, signo: number, info: SignalInfo) => Generator<unknown, unknown, unknown>;

/** What to do with a signal: struct sigaction. */
export interface SignalAction {
  readonly handler: SignalHandler | number;
  readonly flags?: number;
  readonly mask?: readonly number[];
}

/** What was done with a signal before. */
export interface OldAction {
  handler?: SignalHandler | number;
  flags?: number;
  mask?: number[];
}

/** A limit; without `rlim_max` what it can be raised to stays as it is. */
export interface Rlimit {
  rlim_cur: number;
  rlim_max?: number;
}

/** A struct timeval. */
export interface Timeval {
  sec: number;
  usec: number;
}

/** When a timer expires next, and its period. */
export interface Itimerspec {
  it_interval: Timespec;
  it_value: Timespec;
}

/** A struct pollfd; the call stores `revents`. */
export interface PollEntry {
  fd: number;
  events: number;
  revents?: number;
}

/** The sets of select(): the call leaves in them what is ready. */
export interface SelectSets {
  read?: number[] | number;
  write?: number[] | number;
  except?: number[] | number;
}

/** A position in a file that a call moves on; null: the file's own. */
export type Offset = { value: number } | null | number;
/** A context of asynchronous requests: io_setup() fills it in. */
export interface Context {
  value: number;
}

/** What is asked for with io_submit(). */
export interface IocbFields {
  readonly opcode: number;
  readonly fd: number;
  readonly buf?: Buffer | number;
  readonly nbytes?: number;
  readonly offset?: number;
  readonly data?: number;
  readonly resfd?: number;
  readonly rw_flags?: number;
  readonly reqprio?: number;
  readonly flags?: number;
  readonly reserved2?: number;
}

/** A struct iocb in user memory. */
export interface IocbMemory extends Buffer {
  readonly fields: IocbFields;
  /** Makes it ask for something else. */
  assign(fields: IocbFields): unknown;
}

/** A completion: struct io_event. */
export interface IoEvent {
  data: bigint;
  obj: number;
  res: number;
  res2: number;
}

/** The head of a ring of completions: struct aio_ring. */
export interface AioRingHead {
  readonly id: number;
  readonly nr: number;
  readonly head: number;
  readonly tail: number;
  readonly magic: number;
  readonly compat_features: number;
  readonly incompat_features: number;
  readonly header_length: number;
}

/** System calls in C's order; a number in place of an object is a raw user address, a bad one on purpose. */
export interface Sys extends RingCalls {
  /** The machine without a recorder: for calls whose results differ from kernel to kernel, and do not matter. */
  readonly unrecorded: Sys;
  buffer(length: number): Buffer;
  epoll_events(length: number): EpollEvents;

  socket(domain: number, type: number, protocol: number): Call;
  bind(fd: number, address: Address | number): Call;
  listen(fd: number, backlog: number): Call;
  accept4(fd: number, flags: number): Call;
  connect(fd: number, address: Address | number): Call;
  socketpair(domain: number, type: number, protocol: number, fds: number[] | number): Call;
  shutdown(fd: number, how: number): Call;
  send(fd: number, data: Buffer | string | Uint8Array | number, length?: number, flags?: number): Call;
  recv(fd: number, buffer: Buffer | number, length?: number, flags?: number): Call;
  sendto(fd: number, data: Buffer | string, length: number, flags: number, address: Address | null): Call;
  recvfrom(fd: number, buffer: Buffer, length: number, flags: number, address?: FilledAddress): Call;
  sendmsg(fd: number, message: SentMessage, flags: number): Call;
  recvmsg(fd: number, message: ReceivedMessage, flags: number): Call;
  getsockname(fd: number, address: FilledAddress): Call;
  getpeername(fd: number, address: FilledAddress): Call;
  read(fd: number, buffer: Buffer | number, count?: number): Call;
  pread64(fd: number, buffer: Buffer | number, count: number, offset: number): Call;
  pwrite64(fd: number, data: Buffer | string | Uint8Array | number, count: number, offset: number): Call;
  write(fd: number, data: Buffer | string | Uint8Array | number, count?: number): Call;
  readv(fd: number, pieces: readonly Buffer[]): Call;
  preadv(fd: number, pieces: readonly Buffer[] | number, offset: number): Call;
  pwritev(fd: number, pieces: readonly (Buffer | string | Uint8Array)[] | number, offset: number): Call;
  preadv2(fd: number, pieces: readonly Buffer[] | number, offset: number, flags?: number): Call;
  pwritev2(
    fd: number,
    pieces: readonly (Buffer | string | Uint8Array)[] | number,
    offset: number,
    flags?: number,
  ): Call;
  truncate(path: string | number, length: number): Call;
  ftruncate(fd: number, length: number): Call;
  fallocate(fd: number, mode: number, offset: number, length: number): Call;
  fadvise64(fd: number, offset: number, length: number, advice: number): Call;
  readahead(fd: number, offset: number, count: number): Call;
  writev(fd: number, pieces: readonly (Buffer | string | Uint8Array)[]): Call;
  ioctl(fd: number, request: number, argument: { value: number } | number): Call;
  getsockopt(fd: number, level: number, name: number, option: { value?: number } | number): Call;
  setsockopt(fd: number, level: number, name: number, value: { value: number } | Uint8Array): Call;
  lseek(fd: number, offset: number, whence: number): Call;
  fsync(fd: number): Call;
  fdatasync(fd: number): Call;
  sync_file_range(fd: number, offset: number, bytes: number, flags: number): Call;
  open(path: string | number, flags: number, mode?: number): Call;
  mkfifo(path: string, mode?: number): Call;
  mknod(path: string | number, mode: number, dev?: number): Call;
  unlink(path: string | number): Call;
  unlinkat(dirfd: number, path: string | number, flags?: number): Call;
  fstat(fd: number, stat: Partial<Stat> | number): Call;
  stat(path: string | number, stat: Partial<Stat> | number): Call;
  newfstatat(dirfd: number, path: string | number, stat: Partial<Stat> | number, flags?: number): Call;
  getrlimit(resource: number, rlim: Partial<Rlimit> | number): Call;
  setrlimit(resource: number, rlim: Rlimit | number): Call;
  close_range(first: number, last: number, flags?: number): Call;
  close(fd: number): Call;
  dup(fd: number): Call;
  dup2(fd: number, newfd: number): Call;
  dup3(fd: number, newfd: number, flags: number): Call;
  fcntl(fd: number, command: number, argument?: number): Call;
  pipe2(fds: number[] | number, flags: number): Call;
  splice(fd_in: number, off_in: Offset, fd_out: number, off_out: Offset, length: number, flags: number): Call;
  tee(fd_in: number, fd_out: number, length: number, flags: number): Call;
  vmsplice(fd: number, pieces: readonly Buffer[] | number, flags: number): Call;
  sendfile(fd_out: number, fd_in: number, offset: Offset, count: number): Call;
  mmap(address: number, length: number, prot: number, flags: number, fd: number, offset: number): Call;
  munmap(address: number, length: number): Call;
  mremap(old_address: number, old_size: number, new_size: number, flags?: number, new_address?: number): Call;
  mprotect(address: number, length: number, prot: number): Call;
  madvise(address: number, length: number, advice: number): Call;
  mincore(address: number, length: number, vec: Buffer | number): Call;
  msync(address: number, length: number, flags: number): Call;
  mlock(address: number, length: number): Call;
  munlock(address: number, length: number): Call;
  brk(address: number): Call;
  /** Not a system call: loads from memory, as a program's own instructions do. @throws SignalJump */
  load(address: number, length: number): Iterable<unknown, Uint8Array, unknown>;
  /** Not a system call: stores to memory. @throws SignalJump */
  store(address: number, data: string | Uint8Array): Call;
  /** In a handler of a page fault: what it has interrupted is given up. */
  siglongjmp(): void;
  /** Not a system call: the page faults that the last load or store took. */
  faults(): Faults;
  copy_file_range(fd_in: number, off_in: Offset, fd_out: number, off_out: Offset, length: number, flags: number): Call;
  eventfd(initval: number, flags: number): Call;
  epoll_create(size: number): Call;
  epoll_create1(flags: number): Call;
  epoll_ctl(epfd: number, op: number, fd: number, event: EpollEvent | null | number): Call;
  epoll_wait(epfd: number, events: EpollEvents | number, maxevents: number, timeout_ms: number): Call;
  epoll_pwait(
    epfd: number,
    events: EpollEvents | number,
    maxevents: number,
    timeout_ms: number,
    mask: readonly number[] | null,
  ): Call;
  epoll_pwait2(
    epfd: number,
    events: EpollEvents,
    maxevents: number,
    timeout: Timespec | null,
    mask?: readonly number[] | null,
  ): Call;
  poll(fds: PollEntry[] | number, timeout_ms: number): Call;
  poll(fds: PollEntry[] | number, nfds: number, timeout_ms: number): Call;
  ppoll(fds: PollEntry[] | number, timeout: Timespec | null, mask?: readonly number[] | null): Call;
  select(nfds: number, sets: SelectSets, timeout: Timeval | number | null): Call;
  pselect6(nfds: number, sets: SelectSets, timeout: Timespec | null, mask?: readonly number[] | null): Call;
  timerfd_create(clockid: number, flags: number): Call;
  timerfd_settime(fd: number, flags: number, time: Itimerspec | number, old?: Partial<Itimerspec>): Call;
  timerfd_gettime(fd: number, time: Partial<Itimerspec> | number): Call;
  nanosleep(time: Timespec | number): Call;
  iocb(fields: IocbFields): IocbMemory;
  io_setup(nr_events: number, ctx: Context | number): Call;
  io_destroy(ctx: Context | number): Call;
  io_submit(ctx: Context | number, iocbs: readonly (IocbMemory | number)[]): Call;
  io_submit(ctx: Context | number, nr: number, iocbs: readonly (IocbMemory | number)[] | number): Call;
  io_cancel(ctx: Context | number, iocb: IocbMemory | number): Call;
  io_getevents(
    ctx: Context | number,
    min_nr: number,
    nr: number,
    events: IoEvent[] | number,
    timeout?: Timespec | number | null,
  ): Call;
  io_pgetevents(
    ctx: Context | number,
    min_nr: number,
    nr: number,
    events: IoEvent[] | number,
    timeout: Timespec | number | null,
    mask: readonly number[] | null,
  ): Call;
  /** Not a system call: the head of a ring, as the program may look at it. */
  aio_ring(ctx: Context, ring: Partial<AioRingHead>): Call;
  /** A task that shares memory; with CLONE_FILES descriptors too, otherwise it gets copies of them. */
  clone(flags: number, program: Program): Call;
  /** A process with copies of descriptors and signal handlers. Tasks are numbered from 1 on, in the order of their start. */
  fork(program: Program): Call;
  getpid(): Call;
  gettid(): Call;
  exit(code?: number): Call;
  exit_group(code?: number): Call;
  wait4(pid: number, status?: WaitStatus | null, options?: number): Call;
  kill(pid: number, signo: number): Call;
  tkill(tid: number, signo: number): Call;
  tgkill(tgid: number, tid: number, signo: number): Call;
  sigaction(signo: number, action: SignalHandler | SignalAction | number | null, old?: OldAction | null): Call;
  sigprocmask(how: number, set: readonly number[] | null, old?: number[] | null): Call;
  sigpending(set: number[]): Call;
  sigsuspend(set: readonly number[]): Call;
  /** `fd` is -1, or a signalfd that gets another set. What is read from it is told by signal, not by bytes. */
  signalfd(fd: number, mask: readonly number[], flags: number): Call;
  pause(): Call;

  /** Not a system call: returns when every other task of the program sleeps in a call or has ended. */
  asleep(): Call;
  /** Not a system call either: returns when everybody sleeps or waits for a later turn. Turns are numbered from 1 on. */
  turn(turn: number): Call;
}
