import { type Integer, describe } from "./call.ts";
import type { Handlers } from "./signals.ts";
import { layout } from "../layout.gen.ts";
import { fieldOffset, hex, structLayout } from "./memory.ts";

/** The memory of one process, as its programs and the host see it. */
export interface UserSpace {
  /** The signal handlers of the process. */
  readonly handlers: Pick<Handlers, "addressOf" | "at" | "jumping">;
  /** The virtual time. Unit: ns since boot. */
  readonly now: number;
  /** Maps new memory. Unit: bytes. @returns its address, or -ENOMEM. */
  allocate(length: number): number;
  /** Writes. @returns the number of bytes written: fewer where no memory is mapped. */
  store(address: number, bytes: Uint8Array): number;
  /** Reads. @returns fewer bytes where no memory is mapped. */
  load(address: number, length: number): Uint8Array<ArrayBuffer>;
  /** Reads at most 64 KiB into the beginning of `target`. @returns how many bytes could be read. */
  loadInto(target: Uint8Array, address: number, length: number): number;
}

const { ENOMEM } = layout.enums.Errno.values;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of a text (UTF-8), or the bytes themselves. @throws TypeError for anything else. */
export function bytesOf(data: string | Uint8Array): Uint8Array {
  if (typeof data === "string") return encoder.encode(data);
  if (data instanceof Uint8Array) return data;
  throw new TypeError(`bytes are a string or a Uint8Array, not ${describe(data)}`);
}

/** The same of numbers from 0 to 255 as well. */
function bytesOfList(data: string | ArrayLike<number>): Uint8Array {
  if (typeof data !== "object" || data instanceof Uint8Array) return bytesOf(data);
  if (data === null || typeof data.length !== "number") {
    throw new TypeError(`bytes are a string, a Uint8Array or a list of numbers, not ${describe(data)}`);
  }
  return Uint8Array.from(data, (value, i) => {
    if (Number.isInteger(value) && value >= 0 && value <= 0xff) return value;
    throw new RangeError(`byte ${i} is a whole number from 0 to 255, not ${describe(value)}`);
  });
}

/** A piece of a program's memory. */
export class UserBuffer {
  /** Address in the program's address space. */
  readonly address: number;
  /** Unit: bytes. */
  readonly length: number;
  readonly #space: UserSpace;

  constructor(space: UserSpace, address: number, length: number) {
    this.#space = space;
    this.address = address;
    this.length = length;
  }

  /** A copy of its first `length` bytes, or of all. @throws RangeError if it has not so many, or is mapped no more. */
  bytes(length: number = this.length): Uint8Array<ArrayBuffer> {
    this.#check(0, length);
    const bytes = this.#space.load(this.address, length);
    if (bytes.length < length) {
      throw new RangeError(`only ${bytes.length} of ${length} bytes at ${hex(this.address)} are mapped (any more)`);
    }
    return bytes;
  }

  /** Its first `length` bytes as text (UTF-8). */
  text(length: number = this.length): string {
    return decoder.decode(this.bytes(length));
  }

  /**
   * Overwrites it from `offset` on, with a text (UTF-8) or bytes.
   *
   * @throws RangeError  if that is too much, or the memory is exhausted.
   */
  set(data: string | ArrayLike<number>, offset = 0): this {
    const bytes = bytesOfList(data);
    this.#check(offset, bytes.length);
    const stored = this.#space.store(this.address + offset, bytes);
    if (stored < bytes.length) throw new RangeError(`only ${stored} of ${bytes.length} bytes could be stored`);
    return this;
  }

  /** The rest of it from `offset` on. */
  at(offset: number): UserBuffer {
    this.#check(offset, 0);
    return new UserBuffer(this.#space, this.address + offset, this.length - offset);
  }

  #check(offset: number, length: number): void {
    if (!(
      Number.isInteger(offset) &&
      Number.isInteger(length) &&
      offset >= 0 &&
      length >= 0 &&
      offset + length <= this.length
    )) {
      throw new RangeError(`${length} bytes at offset ${offset} are not inside a buffer of ${this.length} bytes`);
    }
  }
}

/** Where a call reads from or writes to: a buffer, or any address, on purpose bad ones too. */
export type BufferLike = UserBuffer | Integer;

/** The user address of a buffer or an address. @throws TypeError for an object that is no memory. */
export function addressOf(place: BufferLike): Integer {
  if (typeof place !== "object") return place;
  if (typeof place?.address === "number") return place.address;
  throw new TypeError(`memory is what sys.buffer() gives, or an address, not ${describe(place)}`);
}

/** How many bytes a call moves if the program does not say. @throws TypeError for a plain address. */
export function lengthOf(place: BufferLike, call: string): number {
  if (typeof place === "object") return place.length;
  throw new TypeError(`${call}(): say how many bytes there are at address ${place}`);
}

/** Size of a struct epoll_event. Unit: bytes. */
export const EPOLL_EVENT_SIZE = structLayout("EpollEvent").size;
const EVENTS = fieldOffset("EpollEvent", "events");
const DATA = fieldOffset("EpollEvent", "data_low");

/** The program's own mark on what it watches: one of the three. */
export type EpollData = { readonly fd: number } | { readonly u32: number } | { readonly u64: bigint };

/** What epoll_ctl() is given. */
export interface EpollEventLike {
  readonly events: number;
  readonly data?: EpollData;
}

/** A struct epoll_event as bytes. */
export function encodeEpollEvent(event: EpollEventLike): Uint8Array {
  const view = new DataView(new ArrayBuffer(EPOLL_EVENT_SIZE));
  view.setUint32(EVENTS, event.events, true);
  const { data } = event;
  if (data !== undefined) encodeEpollData(view, data);
  return new Uint8Array(view.buffer);
}

function encodeEpollData(view: DataView, data: EpollData): void {
  if (typeof data === "object" && data !== null) {
    const { fd, u32 = fd, u64 } = data as { fd?: unknown; u32?: unknown; u64?: unknown };
    if (typeof u64 === "bigint") return view.setBigUint64(DATA, u64, true);
    if (Number.isInteger(u32)) return view.setUint32(DATA, u32 as number, true);
  }
  throw new TypeError(`data is { fd }, { u32 } or { u64 } (a bigint), not ${describe(data)}`);
}

/** The union epoll_data of an event that was reported. */
class ReportedData {
  readonly #list: EpollEvents;
  readonly #at: number;

  constructor(list: EpollEvents, index: number) {
    this.#list = list;
    this.#at = index * EPOLL_EVENT_SIZE + DATA;
  }

  /** The data as a descriptor. */
  get fd(): number {
    return this.#list.view.getInt32(this.#at, true);
  }

  /** The lower half of the data. */
  get u32(): number {
    return this.#list.view.getUint32(this.#at, true);
  }

  /** All of the data. */
  get u64(): bigint {
    return this.#list.view.getBigUint64(this.#at, true);
  }
}

/** An event that epoll_wait() has reported. */
export class ReportedEvent {
  /** What the program has attached to what it watches. */
  readonly data: ReportedData;
  readonly #list: EpollEvents;
  readonly #at: number;

  constructor(list: EpollEvents, index: number) {
    this.#list = list;
    this.#at = index * EPOLL_EVENT_SIZE + EVENTS;
    this.data = new ReportedData(list, index);
  }

  /** The bits that are true: EPOLLIN and so on. */
  get events(): number {
    return this.#list.view.getUint32(this.#at, true);
  }
}

/** Memory for the events that epoll_wait() reports, and the events in it, by index. */
export class EpollEvents extends Array<ReportedEvent> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** Address in the program's address space. */
  readonly address: number;
  readonly #space: UserSpace;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  /** Bytes that the last call has put there and that have not been read yet. */
  #unread = 0;

  /** @param address  room for `length` struct epoll_event. */
  constructor(space: UserSpace, address: number, length: number) {
    super();
    this.address = address;
    this.#space = space;
    this.#bytes = new Uint8Array(length * EPOLL_EVENT_SIZE);
    this.#view = new DataView(this.#bytes.buffer);
    for (let i = 0; i < length; i++) this.push(new ReportedEvent(this, i));
  }

  /** Told how many events a call has put there; they are read once one of them is looked at. */
  filled(count: number): void {
    if (count > 0) this.#unread = Math.min(count * EPOLL_EVENT_SIZE, this.#bytes.length);
  }

  /** The bytes of the events. */
  get view(): DataView {
    if (this.#unread > 0) {
      this.#space.loadInto(this.#bytes, this.address, this.#unread);
      this.#unread = 0;
    }
    return this.#view;
  }
}

/** Memory of a task for what its calls point at: filled anew for every call. */
export class Scratch {
  readonly #space: UserSpace;
  #base = 0;
  #size = 0;
  #used = 0;

  constructor(space: UserSpace) {
    this.#space = space;
  }

  /** Forgets what was there: another call begins. */
  reset(): void {
    this.#used = 0;
  }

  /** Room for `length` bytes, at a multiple of 8. @returns its address, or -ENOMEM. */
  reserve(length: number): number {
    if (this.#used + length > this.#size) {
      const size = Math.max(4096, 2 * length);
      const base = this.#space.allocate(size);
      if (base < 0) return base;
      this.#base = base;
      this.#size = size;
      this.#used = 0;
    }
    const at = this.#base + this.#used;
    this.#used += Math.ceil(length / 8) * 8;
    return at;
  }

  /** Puts bytes there. @returns their address, or -ENOMEM. */
  put(bytes: Uint8Array): number {
    const at = this.reserve(bytes.length);
    return at < 0 || this.#space.store(at, bytes) === bytes.length ? at : -ENOMEM;
  }
}
