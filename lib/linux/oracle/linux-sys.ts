import type { Processes } from "./linux-signals.ts";
import {
  AF_INET,
  AF_INET6,
  F_DUPFD,
  F_DUPFD_CLOEXEC,
  F_DUPFD_QUERY,
  F_GETOWN,
  F_SETOWN,
  NR,
  SOCK_STREAM,
} from "../abi.ts";
import type {
  Address,
  Buffer,
  FilledAddress,
  ReceivedMessage,
  SentMessage,
  Call,
  EpollData,
  EpollEvent,
  Program,
  Sys,
  Timespec,
} from "../program.ts";
import { Messages, SOCKADDR_SIZE } from "./messages.ts";
import { type Numbering, call } from "./linux-names.ts";
import { RealBuffer, RealEpollEvents, type UserMemory } from "./memory.ts";
import { RealRingCalls } from "./ring-calls.ts";

/** What a program asks of the machine that runs it. */
export type Request =
  | { readonly nr: number; readonly args: readonly number[] }
  | { readonly start: Program; readonly flags: number }
  | { readonly until: "asleep"; readonly turn?: number };

const SOCK_TYPE_MASK = 0xf;

/** The program interface over the real kernel. Every call yields a request and goes on with its result. */
export class LinuxSys extends RealRingCalls implements Sys {
  readonly #memory: UserMemory;
  readonly #scratch: RealBuffer;
  readonly #view: DataView;
  readonly #messages: Messages;

  /** `host`: the loopback address that the program has for itself, so that no two programs share a port. */
  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null = null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
    this.#scratch = memory.buffer(256);
    const { buffer, byteOffset, byteLength } = this.#scratch.bytes();
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.#messages = new Messages(fds, memory, host);
  }

  get unrecorded(): Sys {
    return this;
  }
  buffer(length: number): RealBuffer {
    return this.#memory.buffer(length);
  }
  epoll_events(length: number): RealEpollEvents {
    return this.#memory.epoll_events(length);
  }

  *socket(domain: number, type: number, protocol: number): Call {
    const fd = yield* this.#opens(NR.socket, domain, type, protocol);
    const isTcp = (domain === AF_INET || domain === AF_INET6) && (type & SOCK_TYPE_MASK) === SOCK_STREAM;
    if (fd >= 0 && isTcp) yield* this.#sendAtOnce(fd);
    return fd;
  }
  *bind(fd: number, address: Address | number): Call {
    return yield* call(NR.bind, this.fds.real(fd), ...this.#address(address));
  }
  listen(fd: number, backlog: number): Call {
    return call(NR.listen, this.fds.real(fd), backlog);
  }
  accept4(fd: number, flags: number): Call {
    return this.#opens(NR.accept4, this.fds.real(fd), 0, 0, flags);
  }
  *connect(fd: number, address: Address | number): Call {
    return yield* call(NR.connect, this.fds.real(fd), ...this.#address(address));
  }
  socketpair(domain: number, type: number, protocol: number, fds: number[] | number): Call {
    return this.#fills(fds, (at) => call(NR.socketpair, domain, type, protocol, at));
  }
  shutdown(fd: number, how: number): Call {
    return call(NR.shutdown, this.fds.real(fd), how);
  }
  send(fd: number, data: RealBuffer | string | Uint8Array | number, length?: number, flags = 0): Call {
    return call(NR.sendto, this.fds.real(fd), ...this.#outgoing(data, length), flags, 0, 0);
  }
  recv(fd: number, buffer: RealBuffer | number, length?: number, flags = 0): Call {
    return call(NR.recvfrom, this.fds.real(fd), ...this.#outgoing(buffer, length), flags, 0, 0);
  }
  sendto(fd: number, data: RealBuffer | string, length: number, flags: number, address: Address | null): Call {
    const [at, size] = address === null ? [0, 0] : this.#address(address);
    return call(NR.sendto, this.fds.real(fd), ...this.#outgoing(data, length), flags, at, size);
  }
  recvfrom(fd: number, buffer: RealBuffer, length: number, flags: number, address?: FilledAddress): Call {
    const to = this.#outgoing(buffer, length);
    return this.#tellsAddress(address, (at, size) => call(NR.recvfrom, this.fds.real(fd), ...to, flags, at, size));
  }
  sendmsg(fd: number, message: SentMessage, flags: number): Call {
    const header = this.#messages.outgoing(message, this.#vectors(message.iov));
    return call(NR.sendmsg, this.fds.real(fd), header, flags);
  }
  *recvmsg(fd: number, message: ReceivedMessage, flags: number): Call {
    const [header, finish] = this.#messages.incoming(message, this.#vectors(message.iov));
    const result = yield* call(NR.recvmsg, this.fds.real(fd), header, flags);
    if (result >= 0) finish();
    return result;
  }
  getsockname(fd: number, address: FilledAddress): Call {
    return this.#tellsAddress(address, (at, size) => call(NR.getsockname, this.fds.real(fd), at, size));
  }
  getpeername(fd: number, address: FilledAddress): Call {
    return this.#tellsAddress(address, (at, size) => call(NR.getpeername, this.fds.real(fd), at, size));
  }
  read(fd: number, buffer: RealBuffer | number, count?: number): Call {
    return call(NR.read, this.fds.real(fd), ...this.#outgoing(buffer, count));
  }
  pread64(fd: number, buffer: RealBuffer | number, count: number, offset: number): Call {
    return call(NR.pread64, this.fds.real(fd), ...this.#outgoing(buffer, count), offset);
  }
  pwrite64(fd: number, data: RealBuffer | string | Uint8Array | number, count: number, offset: number): Call {
    return call(NR.pwrite64, this.fds.real(fd), ...this.#outgoing(data, count), offset);
  }
  write(fd: number, data: RealBuffer | string | Uint8Array | number, count?: number): Call {
    return call(NR.write, this.fds.real(fd), ...this.#outgoing(data, count));
  }
  readv(fd: number, pieces: readonly Buffer[]): Call {
    return call(NR.readv, this.fds.real(fd), this.#vectors(pieces), pieces.length);
  }
  writev(fd: number, pieces: readonly (Buffer | string | Uint8Array)[]): Call {
    return call(NR.writev, this.fds.real(fd), this.#vectors(pieces), pieces.length);
  }
  *ioctl(fd: number, request: number, argument: { value: number } | number): Call {
    if (typeof argument === "number") return yield* call(NR.ioctl, this.fds.real(fd), request, argument);
    const result = yield* call(NR.ioctl, this.fds.real(fd), request, this.#scratch.address + 80);
    if (result >= 0) argument.value = this.#view.getInt32(80, true);
    return result;
  }
  *getsockopt(fd: number, level: number, name: number, option: { value?: number } | number): Call {
    const real = this.fds.real(fd);
    if (typeof option === "number") return yield* call(NR.getsockopt, real, level, name, option, 0);
    this.#view.setInt32(84, 4, true);
    const at = this.#scratch.address + 80;
    const result = yield* call(NR.getsockopt, real, level, name, at, at + 4);
    if (result >= 0) option.value = this.#view.getInt32(80, true);
    return result;
  }
  setsockopt(fd: number, level: number, name: number, value: { value: number } | Uint8Array): Call {
    const bytes = value instanceof Uint8Array ? value : new Uint8Array(Int32Array.of(value.value).buffer);
    this.#scratch.bytes().set(bytes, 80);
    return call(NR.setsockopt, this.fds.real(fd), level, name, this.#scratch.address + 80, bytes.length);
  }
  lseek(fd: number, offset: number, whence: number): Call {
    return call(NR.lseek, this.fds.real(fd), offset, whence);
  }
  fsync(fd: number): Call {
    return call(NR.fsync, this.fds.real(fd));
  }
  fdatasync(fd: number): Call {
    return call(NR.fdatasync, this.fds.real(fd));
  }
  sync_file_range(fd: number, offset: number, bytes: number, flags: number): Call {
    return call(NR.sync_file_range, this.fds.real(fd), offset, bytes, flags);
  }
  close(fd: number): Call {
    return call(NR.close, this.fds.real(fd));
  }
  dup(fd: number): Call {
    return this.#opens(NR.dup, this.fds.real(fd));
  }
  dup2(fd: number, newfd: number): Call {
    return this.#opens(NR.dup2, this.fds.real(fd), this.fds.real(newfd));
  }
  dup3(fd: number, newfd: number, flags: number): Call {
    return this.#opens(NR.dup3, this.fds.real(fd), this.fds.real(newfd), flags);
  }
  fcntl(fd: number, command: number, argument = 0): Call {
    const real = this.fds.real(fd);
    if (command === F_SETOWN || command === F_GETOWN) return this.owner(fd, command, argument);
    if (command === F_DUPFD || command === F_DUPFD_CLOEXEC)
      return this.#opens(NR.fcntl, real, command, this.fds.real(argument));
    if (command === F_DUPFD_QUERY) return call(NR.fcntl, real, command, this.fds.real(argument));
    return call(NR.fcntl, real, command, argument);
  }
  pipe2(fds: number[] | number, flags: number): Call {
    return this.#fills(fds, (at) => call(NR.pipe2, at, flags));
  }
  eventfd(initval: number, flags: number): Call {
    return this.#opens(NR.eventfd2, initval, flags);
  }
  epoll_create(size: number): Call {
    return this.#opens(NR.epoll_create, size);
  }
  epoll_create1(flags: number): Call {
    return this.#opens(NR.epoll_create1, flags);
  }
  epoll_ctl(epfd: number, op: number, fd: number, event: EpollEvent | null | number): Call {
    return call(NR.epoll_ctl, this.fds.real(epfd), op, this.fds.real(fd), this.#event(event));
  }
  epoll_wait(epfd: number, events: RealEpollEvents | number, maxevents: number, timeout_ms: number): Call {
    return this.#waits(NR.epoll_wait, epfd, events, maxevents, timeout_ms);
  }
  epoll_pwait(
    epfd: number,
    events: RealEpollEvents | number,
    maxevents: number,
    timeout_ms: number,
    mask: readonly number[] | null,
  ): Call {
    return this.#waits(NR.epoll_pwait, epfd, events, maxevents, timeout_ms, this.mask(mask), 8);
  }
  *#waits(nr: number, epfd: number, events: RealEpollEvents | number, ...rest: number[]): Call {
    const address = typeof events === "number" ? events : events.address;
    const count = yield* call(nr, this.fds.real(epfd), address, ...rest);
    if (typeof events !== "number") events.decode(Math.max(count, 0));
    return count;
  }
  epoll_pwait2(
    epfd: number,
    events: RealEpollEvents,
    maxevents: number,
    timeout: Timespec | null,
    mask: readonly number[] | null = null,
  ): Call {
    let at = 0;
    if (timeout) {
      at = this.#scratch.address + 96;
      this.#view.setBigInt64(96, BigInt(timeout.sec), true);
      this.#view.setBigInt64(104, BigInt(timeout.nsec), true);
    }
    return this.#waits(NR.epoll_pwait2, epfd, events, maxevents, at, this.mask(mask), 8);
  }
  *nanosleep(time: Timespec | number): Call {
    if (typeof time === "number") return yield* call(NR.nanosleep, time, 0);
    this.#view.setBigInt64(64, BigInt(time.sec), true);
    this.#view.setBigInt64(72, BigInt(time.nsec), true);
    return yield* call(NR.nanosleep, this.#scratch.address + 64, 0);
  }
  *clone(flags: number, program: Program): Call {
    return (yield { start: program, flags } satisfies Request) as number;
  }
  *asleep(): Call {
    return (yield { until: "asleep" } satisfies Request) as number;
  }
  *turn(turn: number): Call {
    return (yield { until: "asleep", turn } satisfies Request) as number;
  }

  /** Nagle's algorithm would make it a matter of time, not of calls, when a small write arrives. */
  *#sendAtOnce(fd: number): Call {
    const [IPPROTO_TCP, TCP_NODELAY] = [6, 1];
    this.#view.setInt32(80, 1, true);
    return yield* call(NR.setsockopt, this.fds.real(fd), IPPROTO_TCP, TCP_NODELAY, this.#scratch.address + 80, 4);
  }

  /** A call whose result is a descriptor. */
  *#opens(nr: number, ...args: number[]): Call {
    return this.fds.seen(yield* call(nr, ...args));
  }

  /** A call that stores two descriptors. */
  *#fills(fds: number[] | number, make: (address: number) => Call): Call {
    if (typeof fds === "number") return yield* make(fds);
    const result = yield* make(this.#scratch.address);
    if (result === 0)
      [fds[0], fds[1]] = [0, 4].map((at) => this.fds.seen(this.#view.getInt32(at, true))) as [number, number];
    return result;
  }

  /** An array of struct iovec. */
  #vectors(pieces: readonly (Buffer | string | Uint8Array)[]): number {
    const vectors = this.#memory.buffer(16 * pieces.length);
    const words = pieces.flatMap((piece) => this.#outgoing(piece as RealBuffer).map(BigInt));
    vectors.set(new Uint8Array(BigUint64Array.from(words).buffer));
    return vectors.address;
  }

  #outgoing(data: RealBuffer | string | Uint8Array | number, length?: number): [address: number, length: number] {
    if (typeof data === "number") return [data, length ?? 0];
    if (data instanceof RealBuffer) return [data.address, length ?? data.length];
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    const copy = this.#memory.buffer(bytes.length);
    copy.set(bytes);
    return [copy.address, length ?? bytes.length];
  }

  #address(address: Address | number): [address: number, length: number] {
    if (typeof address === "number") return [address, 16];
    const bytes = this.#messages.encode(address);
    this.#scratch.bytes().set(bytes, 128);
    return [this.#scratch.address + 128, bytes.length];
  }

  /** A call that fills an address, whose place and length it is given. */
  *#tellsAddress(into: FilledAddress | undefined, make: (at: number, length: number) => Call): Call {
    if (into === undefined) return yield* make(0, 0);
    this.#view.setInt32(84, SOCKADDR_SIZE, true);
    const result = yield* make(this.#scratch.address + 128, this.#scratch.address + 84);
    const bytes = this.#scratch.bytes().subarray(128, 128 + SOCKADDR_SIZE);
    if (result >= 0) this.#messages.decode(bytes, this.#view.getInt32(84, true), into);
    return result;
  }

  #event(event: EpollEvent | null | number): number {
    if (event === null) return 0;
    if (typeof event === "number") return event;
    this.#view.setUint32(32, event.events, true);
    this.#view.setBigUint64(36, dataOf(event.data), true);
    return this.#scratch.address + 32;
  }
}

function dataOf(data: EpollData): bigint {
  if ("u64" in data) return data.u64;
  return BigInt.asUintN(32, BigInt("u32" in data ? data.u32 : data.fd));
}
