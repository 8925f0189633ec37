import type { Buffer, EpollEvents } from "../program.ts";
import type { Mapping } from "./libc.ts";

/** sizeof(struct epoll_event) on x86-64, where it is packed. */
export const EPOLL_EVENT_SIZE = 12;

const PAGE_SIZE = 4096;

/** A piece of real user memory. */
export class RealBuffer implements Buffer {
  readonly address: number;
  readonly #bytes: Uint8Array;

  constructor(address: number, bytes: Uint8Array) {
    this.address = address;
    this.#bytes = bytes;
  }
  get length(): number {
    return this.#bytes.length;
  }
  bytes(length = this.length): Uint8Array {
    return this.#bytes.subarray(0, length);
  }
  text(length = this.length): string {
    return new TextDecoder().decode(this.bytes(length));
  }
  set(data: string | ArrayLike<number>, offset = 0): this {
    this.#bytes.set(typeof data === "string" ? new TextEncoder().encode(data) : data, offset);
    return this;
  }
  at(offset: number): RealBuffer {
    return new RealBuffer(this.address + offset, this.#bytes.subarray(offset));
  }
}

/** An array of `struct epoll_event` in real user memory; `decode` makes what the kernel wrote readable. */
export class RealEpollEvents implements EpollEvents {
  readonly [index: number]: { events: number; data: { u64: bigint; fd: number } };
  readonly address: number;
  readonly length: number;
  readonly #view: DataView;

  constructor(address: number, length: number, bytes: Uint8Array) {
    this.address = address;
    this.length = length;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  decode(count: number): void {
    const decoded: Record<number, { events: number; data: { u64: bigint; fd: number } }> = {};
    for (let i = 0; i < count; i++) {
      const at = i * EPOLL_EVENT_SIZE;
      const u64 = this.#view.getBigUint64(at + 4, true);
      decoded[i] = { events: this.#view.getUint32(at, true), data: { u64, fd: Number(BigInt.asIntN(32, u64)) } };
    }
    Object.assign(this, decoded);
  }
}

/** The user memory of programs: handed out from one mapping, all that a program has given back at once. */
export class UserMemory {
  readonly #mapping: Mapping;
  readonly #places: number;
  #used = 0;

  /**
   * `places`: a program has at least the so-manieth part of the mapping. Each begins behind the one before, from the start
   * again once less is left: a ring of io_uring is written to for a while after its program has ended.
   */
  constructor(mapping: Mapping, places = 1) {
    this.#mapping = mapping;
    this.#places = places;
  }
  release(): void {
    const { length } = this.#mapping.bytes;
    const begin = Math.ceil(this.#used / PAGE_SIZE) * PAGE_SIZE;
    this.#used = length - begin < length / this.#places || this.#places === 1 ? 0 : begin;
  }
  /** Zeroed memory, aligned to 16 bytes; whole pages begin where a page begins. */
  buffer(length: number): RealBuffer {
    if (length % PAGE_SIZE === 0) this.#used = Math.ceil(this.#used / PAGE_SIZE) * PAGE_SIZE;
    const offset = this.#used;
    this.#used += (length + 15) & ~15;
    if (this.#used > this.#mapping.bytes.length)
      throw new RangeError(`the program wants over ${offset} bytes of memory`);
    const bytes = this.#mapping.bytes.subarray(offset, offset + length).fill(0);
    return new RealBuffer(this.#mapping.address + offset, bytes);
  }
  epoll_events(length: number): RealEpollEvents {
    const memory = this.buffer(length * EPOLL_EVENT_SIZE);
    return new RealEpollEvents(memory.address, length, memory.bytes());
  }
}
