import { type Integer, PendingCall, type SystemCall, describe, syscallNumber } from "./call.ts";
import { type BufferLike, Scratch, UserBuffer, type UserSpace, addressOf, bytesOf } from "./user_memory.ts";

/** What a call writes: memory of the program, or bytes that the library puts there for it. */
export type Data = BufferLike | string | Uint8Array;

/** A time span as C has it: struct timespec. */
export interface Timespec {
  readonly sec: Integer;
  readonly nsec: Integer;
}

/** One piece of memory of readv() and writev(). */
export type IoVector = UserBuffer | { readonly base: Integer; readonly length: number };

/** Size of a struct iovec. Unit: bytes. */
export const IOVEC_SIZE = 16;

/** What the system calls are made of: registers, and scratch memory for what their arguments point at. */
export class SysBase {
  /** The call that is made next. @internal */
  readonly call: PendingCall;
  /** The memory of the program. @internal */
  readonly space: UserSpace;
  readonly #scratch: Scratch;

  constructor(call: PendingCall, space: UserSpace) {
    this.call = call;
    this.space = space;
    this.#scratch = new Scratch(space);
  }

  /**
   * Maps new memory for the program, which no other mapping touches.
   *
   * @param length  bytes.
   * @throws RangeError  if the machine's memory is exhausted.
   */
  buffer(length: number): UserBuffer {
    return new UserBuffer(this.space, this.allocate(length), length);
  }

  /** Any system call, by name or x86-64 number, with raw arguments. */
  syscall(call: string | number, ...args: readonly BufferLike[]): SystemCall {
    return this.call.begin(syscallNumber(call)).with(...args.map(addressOf)) as SystemCall;
  }

  protected allocate(length: number): number {
    if (!(Number.isSafeInteger(length) && length > 0)) {
      throw new RangeError(`a buffer has a whole number of bytes, at least 1, not ${describe(length)}`);
    }
    const address = this.space.allocate(length);
    if (address < 0) throw new RangeError(`the machine has no memory for a buffer of ${length} bytes`);
    return address;
  }

  /** Begins a call whose arguments point at scratch memory. */
  protected beginScratch(nr: number): PendingCall {
    const call = this.call.begin(nr);
    this.#scratch.reset();
    return call;
  }

  /** Puts bytes where the call can point at them. */
  protected put(bytes: Uint8Array): number {
    return this.#usable(this.#scratch.put(bytes));
  }

  /** Room for what the call writes. */
  protected room(length: number): number {
    return this.#usable(this.#scratch.reserve(length));
  }

  #usable(address: number): number {
    if (address < 0) this.call.failure = address;
    return address;
  }

  /** The address of what a call writes. */
  protected place(data: Data): Integer {
    return typeof data === "string" || data instanceof Uint8Array ? this.put(bytesOf(data)) : addressOf(data);
  }

  /** What the call has written at an address. */
  protected written(address: number, length: number): DataView<ArrayBuffer> {
    const bytes = new Uint8Array(length);
    this.space.loadInto(bytes, address, length);
    return new DataView(bytes.buffer);
  }

  /** Lets a call that fills an array with two descriptors do so. */
  protected fillPair(call: PendingCall, fds: number[] | Integer): Integer {
    if (typeof fds !== "object") return fds;
    const at = this.room(8);
    call.finish = (result) => {
      if (result < 0) return result;
      const view = this.written(at, 8);
      fds[0] = view.getInt32(0, true);
      fds[1] = view.getInt32(4, true);
      return result;
    };
    return at;
  }

  /** A struct timespec in scratch memory; null is the null pointer. */
  protected timespec(time: Timespec | Integer | null): Integer {
    if (time === null || typeof time !== "object") return time ?? 0;
    const view = new DataView(new ArrayBuffer(16));
    view.setBigInt64(0, BigInt(time.sec), true);
    view.setBigInt64(8, BigInt(time.nsec), true);
    return this.put(new Uint8Array(view.buffer));
  }

  /** An array of struct iovec in scratch memory. */
  protected iovecs(pieces: readonly (IoVector | string | Uint8Array)[]): number {
    const view = new DataView(new ArrayBuffer(pieces.length * IOVEC_SIZE));
    pieces.forEach((piece, i) => {
      const [base, length] = this.#vector(piece);
      view.setBigInt64(i * IOVEC_SIZE, BigInt(base), true);
      view.setBigInt64(i * IOVEC_SIZE + 8, BigInt(length), true);
    });
    return pieces.length === 0 ? this.room(8) : this.put(new Uint8Array(view.buffer));
  }

  #vector(piece: IoVector | string | Uint8Array): [Integer, number] {
    if (piece instanceof UserBuffer) return [piece.address, piece.length];
    if (typeof piece === "object" && "base" in piece) return [piece.base, piece.length];
    const bytes = bytesOf(piece);
    return [this.put(bytes), bytes.length];
  }
}
