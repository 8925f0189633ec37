import type { Fifo } from "./fifo.ts";
import { giveBack, giveBackWith, type Made, type RingHandle } from "./ring-place.ts";

/** What rings of bytes and rings of records have in common. Numbers of elements are bytes in the one, records in the other. */
export abstract class Ring<Piece> {
  readonly #made: Made;
  /** null: the ring has been disposed of. */
  #fifo: Fifo | null;

  /** Takes a ring that was made for it. */
  protected constructor(made: Made) {
    this.#made = made;
    this.#fifo = made.fifo;
    giveBackWith(this, made);
  }

  /** The piece as this ring's users see it. */
  protected abstract seen(bytes: Uint8Array): Piece;

  /** The counts and bytes, if the ring can be used. */
  protected get fifo(): Fifo {
    if (this.#fifo === null) throw new TypeError("the ring has been disposed of");
    return this.#fifo;
  }

  /** How many elements there is room for at all: it never changes. */
  get capacity(): number {
    return this.fifo.capacity;
  }

  /** How many elements are in it. */
  get size(): number {
    return this.fifo.filled;
  }

  /** How many elements there is room for now. */
  get free(): number {
    const { fifo } = this;
    return fifo.room(fifo.capacity);
  }

  /** Memory of the elements. Unit: bytes. */
  get bytes(): number {
    const { fifo } = this;
    return fifo.capacity * fifo.record;
  }

  /** For the other thread, which opens it with `from()`. @throws TypeError if the ring is not a shared one. */
  get handle(): RingHandle {
    const { handle } = this.#made;
    if (handle === null) throw new TypeError("this ring is not shared: make it with shared()");
    return handle;
  }

  /**
   * Free places, to be filled where they lie: a device's DMA does it so. One piece, or two if they go past the ring's end;
   * none if it is full. They are valid until commit(), or until memory of another ring is asked for.
   */
  spaces(most: number = this.capacity): Piece[] {
    const { fifo } = this;
    return fifo.pieces(fifo.writeIndex, fifo.room(counted(most))).map((piece) => this.seen(piece));
  }

  /** Lets the reader have the first of the places that spaces() gave. @throws RangeError if there are not so many. */
  commit(count: number): void {
    const { fifo } = this;
    if (fifo.room(counted(count)) < count) throw new RangeError(`there is no room for ${count} more`);
    fifo.commit(count);
  }

  /** What can be read, where it lies. One piece, or two; none if the ring is empty. They are valid until consume(). */
  views(most: number = this.capacity): Piece[] {
    const { fifo } = this;
    return fifo.pieces(fifo.readIndex(0), fifo.ready(counted(most))).map((piece) => this.seen(piece));
  }

  /** Takes the first elements away. @throws RangeError if there are not so many. */
  consume(count: number): void {
    const { fifo } = this;
    if (fifo.ready(counted(count)) < count) throw new RangeError(`there are no ${count} to be taken away`);
    fifo.consume(count);
  }

  /** Takes away all that is in it; only the reader may do that. */
  clear(): void {
    this.consume(this.size);
  }

  /** Says that nothing more comes, or that nobody reads any more, and wakes who waits. */
  close(): void {
    this.fifo.close();
  }

  /** Whether nothing more comes. What is in it can still be read. */
  get isClosed(): boolean {
    return this.fifo.isClosed;
  }

  /**
   * Stops this thread until so many elements can be read. Pages may not be stopped, their Workers may.
   *
   * @param timeout  Longest time. Unit: ms.
   * @returns  false: they do not come, because the ring was closed, or not in time.
   * @throws TypeError if this thread may not be stopped, or nobody else has the ring.
   */
  waitReadable(count = 1, timeout = Infinity): boolean {
    return this.#shared(count).waitReady(count, timeout);
  }

  /** Stops this thread until there is room for so many elements; otherwise as waitReadable(). */
  waitWritable(count = 1, timeout = Infinity): boolean {
    return this.#shared(count).waitRoom(count, timeout);
  }

  /** Waits until so many elements can be read. Comes to false if the ring was closed before. */
  readable(count = 1): Promise<boolean> {
    return this.#shared(count).whenReady(count);
  }

  /** Waits until there is room for so many elements. Comes to false if the ring was closed before. */
  writable(count = 1): Promise<boolean> {
    return this.#shared(count).whenRoom(count);
  }

  /** Gives the memory back; the ring cannot be used any more. Shared memory goes when no thread holds it any more. */
  [Symbol.dispose](): void {
    if (this.#fifo === null) return;
    this.#fifo = null;
    giveBack(this, this.#made);
  }

  #shared(count: number): Fifo {
    const { fifo } = this;
    if (!fifo.isShared) throw new TypeError("this ring is not shared: nobody could change it while this thread waits");
    if (counted(count) > fifo.capacity) throw new RangeError(`the ring holds ${fifo.capacity}, never ${count}`);
    return fifo;
  }
}

/** A number of elements. @throws RangeError if it is none. */
export function counted(count: number): number {
  if (Number.isInteger(count) && count >= 0) return count;
  throw new RangeError(`a number of elements is whole and not negative, as ${String(count)} is not`);
}
