import { NONBLOCK, SLEEPS, Threads } from "../fs/threads.ts";
import type { BootOptions, Ptr } from "../../lib/index.ts";
import { KERNEL_BASE } from "../../lib/machine/memory.ts";
import { encodeAddress } from "../../lib/machine/sockaddr.ts";
import { layout } from "../../lib/layout.gen.ts";

const { enums } = layout;

export const { UNIX, INET, INET6 } = enums.Af.values;
export const { STREAM, DGRAM, SEQPACKET } = enums.SockType.values;
export const { PEEK, DONTWAIT, WAITALL, MORE, TRUNC } = enums.Msg.values;
export const { ECONNREFUSED, ECONNRESET, EALREADY, EINPROGRESS, EISCONN, ENOTCONN, ETIMEDOUT, EADDRINUSE } =
  enums.Errno.values;
const { SOCKET, TCP } = enums.Sol.values;
const { SNDBUF, RCVBUF, REUSEADDR, LINGER, SNDTIMEO } = enums.So.values;

/** Level and name of socket options. */
export const OPTIONS = {
  SNDBUF: [SOCKET, SNDBUF],
  RCVBUF: [SOCKET, RCVBUF],
  REUSEADDR: [SOCKET, REUSEADDR],
  LINGER: [SOCKET, LINGER],
  SNDTIMEO: [SOCKET, SNDTIMEO],
  SYNCNT: [TCP, enums.TcpOption.values.SYNCNT],
  NODELAY: [TCP, enums.TcpOption.values.NODELAY],
} as const;

/** Threads that use sockets. */
export class Sockets {
  readonly t: Threads;

  private constructor(t: Threads) {
    this.t = t;
  }

  static async boot(threads = 1, options: BootOptions = {}): Promise<Sockets> {
    return new Sockets(await Threads.boot(threads, options));
  }

  /** A new socket of thread 0. */
  socket(flags = 0, family: number = INET, type: number = STREAM): number {
    return this.t.now(0, "socket", family, type | flags, 0);
  }

  bind(fd: number, port: number, host = "127.0.0.1"): number {
    const at = encodeAddress({ port, host }, host);
    return this.t.now(0, "bind", fd, { in: at }, at.length);
  }

  /** A thread connects. */
  connect(fd: number, port: number, host = "127.0.0.1", thread = 0): number | typeof SLEEPS {
    const at = encodeAddress({ port, host }, host);
    return this.t.call(thread, "connect", fd, { in: at }, at.length);
  }

  /** A socket that listens. */
  listening(port: number, backlog = 128, flags = 0, host = "0.0.0.0", family: number = INET): number {
    const fd = this.socket(flags, family);
    this.ok(this.bind(fd, port, host));
    this.ok(this.t.now(0, "listen", fd, backlog));
    return fd;
  }

  /** Two ends of a connection over the loopback device: the client's and the server's. */
  connection(port = 7000, flags: number = NONBLOCK): [client: number, server: number] {
    const listener = this.listening(port);
    const client = this.socket();
    this.ok(this.t.now(0, "fcntl", client, enums.FcntlCommand.values.SETFL, flags));
    this.connect(client, port);
    const server = this.t.now(0, "accept4", listener, 0, 0, flags);
    this.ok(this.t.now(0, "close", listener));
    return [client, server];
  }

  /** A pair of UNIX sockets. */
  pair(type: number = STREAM, flags: number = NONBLOCK): [number, number] {
    this.ok(this.t.now(0, "socketpair", UNIX, type | flags, 0, { out: 8 }));
    const view = new DataView(this.t.out[0]!.slice().buffer);
    return [view.getInt32(0, true), view.getInt32(4, true)];
  }

  setOption(fd: number, [level, name]: readonly [number, number], ...values: readonly number[]): number {
    const bytes = new Uint8Array(Int32Array.from(values).buffer);
    return this.t.now(0, "setsockopt", fd, level, name, { in: bytes }, bytes.length);
  }

  getOption(fd: number, [level, name]: readonly [number, number]): number {
    const length = new Uint8Array(Int32Array.of(4).buffer);
    this.ok(this.t.now(0, "getsockopt", fd, level, name, { out: 4 }, { in: length }));
    return new DataView(this.t.out[0]!.slice().buffer).getInt32(0, true);
  }

  /** What is true of a descriptor now: Poll bits, all of them asked for. */
  poll(fd: number): number {
    const epfd = this.t.watching(
      0x7fff_ffff & ~(enums.EpollFlags.values.EXCLUSIVE | enums.EpollFlags.values.ONESHOT),
      fd,
    );
    const [event] = this.t.events(epfd);
    this.ok(this.t.now(0, "close", epfd));
    return event ? event[1] : 0;
  }

  /** Address of the struct Socket of a descriptor. */
  socketOf(fd: number): Ptr<"Socket"> {
    return this.t.kernel.memory.get("File", this.t.file(fd), "private_data") as Ptr<"Socket">;
  }

  /** Address of the struct Sock of a descriptor. */
  sockOf(fd: number): Ptr<"Sock"> {
    return this.t.kernel.memory.get("Socket", this.socketOf(fd), "sk");
  }

  /** The state of the network, as it is in memory. */
  get net() {
    const { memory } = this.t.kernel;
    return memory.read("NetState", memory.get("Kernel", KERNEL_BASE, "net"));
  }

  /** Number of objects of each kind that are in use. */
  get inUse() {
    const { memory } = this.t.kernel;
    const { net } = this;
    const active = (cache: Ptr<"KmemCache">) => memory.get("KmemCache", cache, "active");
    return {
      socks: active(net.sock_cachep),
      sockets: active(net.socket_cachep),
      packets: active(net.skbuff_cachep),
      requests: active(net.request_sock_cachep),
      ports: active(net.bind_bucket_cachep),
    };
  }

  /** Fails unless a call has returned 0. */
  ok(value: number | typeof SLEEPS): void {
    if (value !== 0) throw new Error(`a call that must succeed answered ${value}`);
  }
}
