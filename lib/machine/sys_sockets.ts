import { type Integer, type PendingCall, type SystemCall, checkNames, describe } from "./call.ts";
import { type ReceivedMessage, type SentMessage, decodeControl, encodeControl } from "./message.ts";
import { type Data, type IoVector } from "./sys_base.ts";
import { SpliceCalls } from "./sys_splice.ts";
import { dataLength } from "./sys_files.ts";
import { type FilledAddress, SOCKADDR_SIZE, type SocketAddress, decodeAddress, encodeAddress } from "./sockaddr.ts";
import { type BufferLike, UserBuffer, addressOf, lengthOf } from "./user_memory.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** Where bind() puts an internet address without host: any address of the machine. */
const ANY_HOST = "0.0.0.0";
/** Where connect() looks for an internet address without host. */
const THIS_HOST = "127.0.0.1";

/** Size of a struct msghdr. Unit: bytes. */
const MSGHDR_SIZE = 56;
/** Room for control data if the program does not say. Unit: bytes. */
const CONTROL_ROOM = 4096;

/** System calls of sockets. */
export class SocketCalls extends SpliceCalls {
  /** socket(2) */
  socket(domain: Integer, type: Integer, protocol: Integer = 0): SystemCall {
    return this.call.begin(NR.socket).with(domain, type, protocol) as SystemCall;
  }

  /** socketpair(2); `fds` is given the two descriptors. */
  socketpair(domain: Integer, type: Integer, protocol: Integer, fds: number[] | Integer): SystemCall {
    const call = this.beginScratch(NR.socketpair);
    return call.with(domain, type, protocol, this.fillPair(call, fds)) as SystemCall;
  }

  /** bind(2); without `host`: any address. `length` is for raw addresses. */
  bind(fd: Integer, address: SocketAddress | BufferLike, length?: Integer): SystemCall {
    return this.#named(NR.bind, fd, address, ANY_HOST, length);
  }

  /** connect(2); without `host`: this machine. `length` is for raw addresses. */
  connect(fd: Integer, address: SocketAddress | BufferLike, length?: Integer): SystemCall {
    return this.#named(NR.connect, fd, address, THIS_HOST, length);
  }

  /** listen(2) */
  listen(fd: Integer, backlog: Integer = 128): SystemCall {
    return this.call.begin(NR.listen).with(fd, backlog) as SystemCall;
  }

  /** accept(2); `address` is given the other end's. */
  accept(fd: Integer, address?: FilledAddress): SystemCall {
    const call = this.beginScratch(NR.accept);
    const [at, length] = this.#filled(call, address);
    return call.with(fd, at, length) as SystemCall;
  }

  /** accept4(2), the address left out; `address` is given the other end's. */
  accept4(fd: Integer, flags: Integer = 0, address?: FilledAddress): SystemCall {
    const call = this.beginScratch(NR.accept4);
    const [at, length] = this.#filled(call, address);
    return call.with(fd, at, length, flags) as SystemCall;
  }

  /** shutdown(2) */
  shutdown(fd: Integer, how: Integer): SystemCall {
    return this.call.begin(NR.shutdown).with(fd, how) as SystemCall;
  }

  /** send(2); a string is sent as UTF-8. */
  send(fd: Integer, data: Data, count: Integer = dataLength(data, "send"), flags: Integer = 0): SystemCall {
    return this.beginScratch(NR.sendto).with(fd, this.place(data), count, flags) as SystemCall;
  }

  /** recv(2) */
  recv(fd: Integer, buffer: BufferLike, count: Integer = lengthOf(buffer, "recv"), flags: Integer = 0): SystemCall {
    return this.call.begin(NR.recvfrom).with(fd, addressOf(buffer), count, flags) as SystemCall;
  }

  /** sendto(2) */
  sendto(
    fd: Integer,
    data: Data,
    count: Integer,
    flags: Integer,
    address: SocketAddress | BufferLike | null,
    length?: Integer,
  ): SystemCall {
    const call = this.beginScratch(NR.sendto);
    const from = this.place(data);
    const [at, size] = address === null ? [0, 0] : this.#address(address, THIS_HOST, length);
    return call.with(fd, from, count, flags, at, size) as SystemCall;
  }

  /** recvfrom(2); `address` is given the sender's. */
  recvfrom(fd: Integer, buffer: BufferLike, count: Integer, flags: Integer, address?: FilledAddress): SystemCall {
    const call = this.beginScratch(NR.recvfrom);
    const [at, length] = this.#filled(call, address);
    return call.with(fd, addressOf(buffer), count, flags, at, length) as SystemCall;
  }

  /** sendmsg(2) */
  sendmsg(fd: Integer, message: SentMessage | Integer, flags: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.sendmsg);
    if (typeof message !== "object") return call.with(fd, message, flags) as SystemCall;
    checkNames("part of a message", message, ["name", "iov", "control"]);
    const { name, iov, control } = message;
    const [at, size] = name === undefined ? [0, 0] : this.#address(name, THIS_HOST);
    const bytes = control === undefined ? null : encodeControl(control);
    const place = bytes === null ? 0 : this.put(bytes);
    const header = this.#msghdr(at, size, iov, place, bytes?.length ?? 0);
    return call.with(fd, header, flags) as SystemCall;
  }

  /** recvmsg(2); `message` is given what has come besides the data. */
  recvmsg(fd: Integer, message: ReceivedMessage | Integer, flags: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.recvmsg);
    if (typeof message !== "object") return call.with(fd, message, flags) as SystemCall;
    checkNames("part of a received message", message, ["name", "iov", "control", "controllen", "flags"]);
    const room = message.controllen ?? (message.control ? CONTROL_ROOM : 0);
    const name = message.name ? this.room(SOCKADDR_SIZE) : 0;
    const control = room > 0 ? this.room(room) : 0;
    const header = this.#msghdr(name, name ? SOCKADDR_SIZE : 0, message.iov, control, room);
    call.finish = (result) => {
      if (result < 0) return result;
      const view = this.written(header, MSGHDR_SIZE);
      if (message.name) {
        const address = new Uint8Array(this.written(name, SOCKADDR_SIZE).buffer);
        decodeAddress(address, Math.min(view.getUint32(8, true), SOCKADDR_SIZE), message.name);
      }
      const length = Number(view.getBigUint64(40, true));
      if (message.control) {
        const bytes = length > 0 ? new Uint8Array(this.written(control, length).buffer) : new Uint8Array();
        message.control.splice(0, Infinity, ...decodeControl(bytes));
      }
      message.flags = view.getUint32(48, true);
      return result;
    };
    return call.with(fd, header, flags) as SystemCall;
  }

  /** getsockname(2); `address` is given the socket's own. */
  getsockname(fd: Integer, address: FilledAddress): SystemCall {
    return this.#ask(NR.getsockname, fd, address);
  }

  /** getpeername(2); `address` is given the other end's. */
  getpeername(fd: Integer, address: FilledAddress): SystemCall {
    return this.#ask(NR.getpeername, fd, address);
  }

  /** getsockopt(2) of an int; `option` is given its value. With an address and that of its length: as in C. */
  getsockopt(
    fd: Integer,
    level: Integer,
    name: Integer,
    option: { value?: number } | Integer,
    length: Integer = 0,
  ): SystemCall {
    const call = this.beginScratch(NR.getsockopt);
    if (typeof option !== "object") return call.with(fd, level, name, option, length) as SystemCall;
    const at = this.put(new Uint8Array(Int32Array.of(0, 0, 4).buffer));
    call.finish = (result) => {
      if (result >= 0) option.value = this.written(at, 4).getInt32(0, true);
      return result;
    };
    return call.with(fd, level, name, at, at + 8) as SystemCall;
  }

  /** setsockopt(2) of an int, or of bytes. With a length: the value is an address, as in C. */
  setsockopt(
    fd: Integer,
    level: Integer,
    name: Integer,
    value: { readonly value: number } | Uint8Array | Integer,
    length?: Integer,
  ): SystemCall {
    const call = this.beginScratch(NR.setsockopt);
    if (length !== undefined && typeof value !== "object")
      return call.with(fd, level, name, value, length) as SystemCall;
    const number = typeof value === "object" && "value" in value ? value.value : value;
    const bytes = number instanceof Uint8Array ? number : new Uint8Array(Int32Array.of(Number(number)).buffer);
    return call.with(fd, level, name, this.put(bytes), bytes.length) as SystemCall;
  }

  /** A struct msghdr in scratch memory. */
  #msghdr(
    name: Integer,
    nameLength: Integer,
    iov: readonly (IoVector | string | Uint8Array)[],
    control: number,
    controlLength: number,
  ): number {
    const view = new DataView(new ArrayBuffer(MSGHDR_SIZE));
    const words = [name, nameLength, this.iovecs(iov), iov.length, control, controlLength];
    words.forEach((word, i) => view.setBigInt64(8 * i, BigInt(word), true));
    return this.put(new Uint8Array(view.buffer));
  }

  #address(address: SocketAddress | BufferLike, host: string, length?: Integer): [Integer, Integer] {
    if (typeof address === "object" && address !== null && !(address instanceof UserBuffer)) {
      checkNames("part of an address", address, "path" in address ? ["path"] : ["port", "host"]);
      const bytes = encodeAddress(address, host);
      return [this.put(bytes), length ?? bytes.length];
    }
    if (length === undefined && !(address instanceof UserBuffer)) {
      const what = "{ port, host? }, { path }, or where one lies in memory, with its length";
      throw new TypeError(`an address is ${what}; not ${describe(address)} alone`);
    }
    return [addressOf(address), length ?? lengthOf(address, "a call with an address")];
  }

  #named(nr: number, fd: Integer, address: SocketAddress | BufferLike, host: string, length?: Integer): SystemCall {
    const call = this.beginScratch(nr);
    const [at, size] = this.#address(address, host, length);
    return call.with(fd, at, size) as SystemCall;
  }

  #ask(nr: number, fd: Integer, address: FilledAddress): SystemCall {
    const call = this.beginScratch(nr);
    const [at, length] = this.#filled(call, address);
    return call.with(fd, at, length) as SystemCall;
  }

  /** Room for an address and for its length, which the call's object is filled from. */
  #filled(call: PendingCall, address?: FilledAddress): [number, number] {
    if (address === undefined) return [0, 0];
    const length = this.put(new Uint8Array(Int32Array.of(SOCKADDR_SIZE).buffer));
    const at = this.room(SOCKADDR_SIZE);
    call.finish = (result) => {
      if (result >= 0) {
        const size = this.written(length, 4).getUint32(0, true);
        const view = this.written(at, SOCKADDR_SIZE);
        decodeAddress(new Uint8Array(view.buffer), Math.min(size, SOCKADDR_SIZE), address);
      }
      return result;
    };
    return [at, length];
  }
}
