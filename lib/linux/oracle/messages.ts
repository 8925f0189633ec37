import { decodeAddress, encodeAddress, type FilledAddress } from "../../machine/sockaddr.ts";
import { decodeControl, encodeControl, type ControlMessage } from "../../machine/message.ts";
import type { Address, ReceivedMessage, SentMessage } from "../program.ts";
import type { Numbering } from "./linux-names.ts";
import { RealBuffer, type UserMemory } from "./memory.ts";

/** sizeof(struct msghdr) and of struct sockaddr_storage on x86-64. */
const MSGHDR_SIZE = 56;
export const SOCKADDR_SIZE = 128;

/** The loopback address that every program seems to have. */
const HOST = "127.0.0.1";

/**
 * Addresses and messages as the real kernel has them. Addresses and abstract names are the whole computer's: a program has
 * a loopback address of its own, and its abstract names begin with that; it sees neither.
 */
export class Messages {
  readonly #fds: Numbering;
  readonly #memory: UserMemory;
  readonly #host: string;

  constructor(fds: Numbering, memory: UserMemory, host: string) {
    this.#fds = fds;
    this.#memory = memory;
    this.#host = host;
  }

  /** An address as C has it. */
  encode(address: Address): Uint8Array {
    if (!("path" in address)) {
      const host = address.host === undefined || address.host === HOST ? this.#host : address.host;
      return encodeAddress({ ...address, host }, host);
    }
    const own = /^\0./s.test(address.path) ? `\0${this.#host}${address.path.slice(1)}` : address.path;
    return encodeAddress({ path: own }, "");
  }

  /** An address that the kernel has written, as the program knows it. */
  decode(bytes: Uint8Array, length: number, into: FilledAddress): void {
    decodeAddress(bytes, Math.min(length, bytes.length), into);
    if (into.host?.startsWith("127.")) into.host = HOST;
    if (into.host?.startsWith("::ffff:7f")) into.host = "::ffff:7f00:1";
    if (into.path?.startsWith(`\0${this.#host}`)) into.path = `\0${into.path.slice(1 + this.#host.length)}`;
  }

  /** A struct msghdr to be sent. @returns its address. */
  outgoing({ name, iov, control }: SentMessage, vectors: number): number {
    const bytes = control && encodeControl(control.map((message) => this.#mapped(message, (fd) => this.#fds.real(fd))));
    const address = name && this.encode(name);
    return this.#header(address?.length ?? 0, address, vectors, iov.length, bytes?.length ?? 0, bytes).address;
  }

  /** A struct msghdr to be filled. @returns its address, and a function that reads what came. */
  incoming(message: ReceivedMessage, vectors: number): [address: number, finish: () => void] {
    const room = message.controllen ?? (message.control ? 4096 : 0);
    const nameRoom = message.name ? SOCKADDR_SIZE : 0;
    const header = this.#header(nameRoom, undefined, vectors, message.iov.length, room, undefined);
    const view = new DataView(header.bytes().buffer, header.bytes().byteOffset, MSGHDR_SIZE);
    const finish = () => {
      const name = header.bytes().subarray(64, 64 + SOCKADDR_SIZE);
      if (message.name) this.decode(name, view.getUint32(8, true), message.name);
      const at = 64 + SOCKADDR_SIZE;
      const came = decodeControl(header.bytes().slice(at, at + Number(view.getBigUint64(40, true))));
      message.control?.splice(0, Infinity, ...came.map((one) => this.#mapped(one, (fd) => this.#fds.seen(fd))));
      message.flags = view.getUint32(48, true);
    };
    return [header.address, finish];
  }

  #mapped(message: ControlMessage, map: (fd: number) => number): ControlMessage {
    return message.fds ? { ...message, fds: message.fds.map(map) } : message;
  }

  /** The header, at 64 the address, behind it the control data. */
  #header(
    nameLength: number,
    name: Uint8Array | undefined,
    vectors: number,
    count: number,
    controlLength: number,
    control: Uint8Array | undefined,
  ): RealBuffer {
    const memory = this.#memory.buffer(64 + SOCKADDR_SIZE + controlLength);
    const bytes = memory.bytes();
    const view = new DataView(bytes.buffer, bytes.byteOffset, MSGHDR_SIZE);
    const at = [nameLength && memory.address + 64, nameLength, vectors, count];
    const words = [...at, controlLength && memory.address + 64 + SOCKADDR_SIZE, controlLength];
    words.forEach((word, i) => view.setBigInt64(8 * i, BigInt(word), true));
    if (name) bytes.set(name, 64);
    if (control) bytes.set(control, 64 + SOCKADDR_SIZE);
    return memory;
  }
}
