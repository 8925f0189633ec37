import { shown } from "./shown.ts";
import { made, madeShared, opened, type Made, type RingHandle } from "./ring-place.ts";
import { Ring, counted } from "./ring.ts";

/** How a ring is made. */
export interface RingBufferOptions {
  /** A power of two, up to 2^30. Unit: bytes. */
  readonly capacity: number;
}

/**
 * A ring of bytes for one who writes and one who reads, as the kernel's kfifo, in WebAssembly memory. Its capacity is
 * fixed: what does not fit is not taken, and write() says how much was.
 *
 * `RingBuffer.shared()` makes one between two threads. One of them may only write, the other only read.
 *
 * Its memory is given back by `using` or `[Symbol.dispose]()`, or when nobody holds it any more.
 */
export class RingBuffer extends Ring<Uint8Array> {
  /** @throws RangeError if the capacity is no power of two, or there is no memory left. */
  constructor({ capacity }: RingBufferOptions);
  /** Takes a ring that was made already; shared() and from() do that. */
  constructor(made: Made);
  constructor(from: RingBufferOptions | Made) {
    super("fifo" in from ? from : made(from.capacity, "byte"));
  }

  /** Makes a ring in shared memory. @throws as the constructor; TypeError if memory cannot be shared here. */
  static shared({ capacity }: RingBufferOptions): RingBuffer {
    return new RingBuffer(madeShared(capacity, "byte"));
  }

  /** Opens a ring that another thread has made. @throws TypeError if it is none, or memory cannot be shared here. */
  static from(handle: RingHandle): RingBuffer {
    return new RingBuffer(opened(handle, ["byte"]));
  }

  protected override seen(bytes: Uint8Array): Uint8Array {
    return bytes;
  }

  /** Writes bytes, as many as there is room for. Returns how many. @throws TypeError if it is no Uint8Array. */
  write(bytes: Uint8Array): number {
    const { fifo } = this;
    checkBytes(bytes);
    const count = fifo.room(bytes.length);
    if (count === 0) return 0;
    fifo.put(fifo.writeIndex, bytes, 0, count);
    fifo.commit(count);
    return count;
  }

  /**
   * Writes many pieces, one behind the other, as writev() does: the reader has all of them at once. Returns how many bytes.
   */
  writeMany(pieces: readonly Uint8Array[]): number {
    const { fifo } = this;
    let wanted = 0;
    for (const piece of pieces) {
      checkBytes(piece);
      wanted += piece.length;
    }
    const count = fifo.room(wanted);
    const begin = fifo.writeIndex;
    let done = 0;
    for (const piece of pieces) {
      const part = Math.min(piece.length, count - done);
      if (part > 0) fifo.put((begin + done) & (fifo.capacity - 1), piece, 0, part);
      done += part;
    }
    if (count > 0) fifo.commit(count);
    return count;
  }

  /** Reads bytes, as many as there are and `into` holds. Returns how many. */
  read(into: Uint8Array): number {
    const count = this.peek(into);
    if (count > 0) this.fifo.consume(count);
    return count;
  }

  /** Reads many pieces, as readv() does. Returns how many bytes. */
  readMany(pieces: readonly Uint8Array[]): number {
    let done = 0;
    for (const piece of pieces) done += this.peek(piece, done);
    if (done > 0) this.fifo.consume(done);
    return done;
  }

  /**
   * Reads bytes that stay in the ring. Returns how many.
   *
   * @param offset  So many are passed over.
   * @throws RangeError if that is no number of bytes.
   */
  peek(into: Uint8Array, offset = 0): number {
    const { fifo } = this;
    checkBytes(into);
    const count = fifo.ready(counted(offset) + into.length) - offset;
    if (count <= 0) return 0;
    fifo.get(fifo.readIndex(offset), into, 0, count);
    return count;
  }
}

/** Other arrays have other elements than bytes, and of a text zeros would be written. @throws TypeError for all but bytes. */
function checkBytes(bytes: unknown): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`a ring of bytes takes a Uint8Array, not ${shown(bytes)}`);
}
