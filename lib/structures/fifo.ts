/*
 * What all rings do, wherever they lie: one writes, one reads, and each keeps a count that the other only reads. The counts
 * run on for ever, modulo 2^32; their difference is what is in the ring. As the kernel's kfifo.
 */

/** Words before the elements of a ring. In memory of the module it is that of assembly/structures/ring_buffer.ts. */
export const Word = {
  /** How many elements there is room for. */
  capacity: 0,
  /** Size of an element. Unit: bytes. */
  record: 1,
  /** Only in shared memory: what kind of thing this is. */
  magic: 4,
  /** Only in shared memory: what its elements are. */
  kind: 5,
  /** 1: nothing more comes. */
  closed: 6,
  /** How many elements were written. The counts lie in lines of the processor's cache of their own. */
  in: 16,
  /** How many were read. */
  out: 32,
  /** The reader sleeps until so many elements can be read; 0: it does not. It is written rarely, so both have it at hand. */
  readerSleeps: 48,
  /** The writer sleeps until so many can be written; 0: it does not. */
  writerSleeps: 49,
} as const;

/** Size of the words before the elements. Unit: bytes. */
export const WORDS_BYTES = 256;
/** How often is looked before sleeping: what is on its way already is not worth a sleep. */
const LOOKS = 500;
/** Pieces below this are copied byte by byte: that is done sooner than a view is made of them. Unit: bytes. */
const SMALL = 48;

/** Elements that are numbers. */
export type Numbers = Int32Array | Float64Array;

/** Where a ring lies now. */
export interface Place {
  readonly words: Int32Array;
  readonly data: Uint8Array;
}

/** The counts of a ring, and the bytes that lie between them. Numbers of elements are not checked: callers have done it. */
export class Fifo {
  readonly capacity: number;
  /** Size of an element. Unit: bytes. */
  readonly record: number;
  readonly isShared: boolean;
  readonly #locate: () => Place;
  readonly #mask: number;
  #words: Int32Array;
  #data: Uint8Array;
  /** What the reader was last known to have read: the writer looks again only if that is not enough. */
  #outSeen = 0;
  /** What the writer was last known to have written. */
  #inSeen = 0;

  /** @param locate  finds the ring, each time after its memory has become another buffer. */
  constructor(locate: () => Place) {
    this.#locate = locate;
    ({ words: this.#words, data: this.#data } = locate());
    this.capacity = this.#words[Word.capacity]!;
    this.record = this.#words[Word.record]!;
    this.isShared = !(this.#words.buffer instanceof ArrayBuffer);
    this.#mask = this.capacity - 1;
    this.#outSeen = this.#seen(Word.out);
    this.#inSeen = this.#seen(Word.in);
  }

  /** The elements' bytes, up to date. */
  get data(): Uint8Array {
    if (this.#data.length === 0) this.#renew();
    return this.#data;
  }

  /** Elements that can be read. */
  get filled(): number {
    return (this.#seen(Word.in) - this.#seen(Word.out)) | 0;
  }

  /** How many elements can be written, at most `wanted`. */
  room(wanted: number): number {
    const begin = this.#own(Word.in);
    let room = this.capacity - ((begin - this.#outSeen) | 0);
    if (room < wanted) {
      this.#outSeen = this.#seen(Word.out);
      room = this.capacity - ((begin - this.#outSeen) | 0);
    }
    return room < wanted ? room : wanted;
  }

  /** How many elements can be read, at most `wanted`. */
  ready(wanted: number): number {
    const begin = this.#own(Word.out);
    let ready = (this.#inSeen - begin) | 0;
    if (ready < wanted) {
      this.#inSeen = this.#seen(Word.in);
      ready = (this.#inSeen - begin) | 0;
    }
    return ready < wanted ? ready : wanted;
  }

  /** The place of the element that is written next. */
  get writeIndex(): number {
    return this.#own(Word.in) & this.#mask;
  }

  /** The place of the element that is read next, or of one behind it. */
  readIndex(ahead: number): number {
    return (this.#own(Word.out) + ahead) & this.#mask;
  }

  /** Lets the reader have elements that lie in their places. */
  commit(count: number): void {
    this.#publish(Word.in, (this.#own(Word.in) + count) | 0, Word.readerSleeps);
  }

  /** Lets the writer have the places of elements that were read. */
  consume(count: number): void {
    this.#publish(Word.out, (this.#own(Word.out) + count) | 0, Word.writerSleeps);
  }

  /** Writes one number. @param items  The elements as numbers, up to date. @returns  Whether there was room. */
  pushOne(items: Numbers, value: number): boolean {
    const begin = this.#words[Word.in]!;
    if (((begin - this.#outSeen) | 0) === this.capacity && this.room(1) === 0) return false;
    items[begin & this.#mask] = value;
    this.#publish(Word.in, (begin + 1) | 0, Word.readerSleeps);
    return true;
  }

  /** Takes one number out. @param items  The elements as numbers, up to date. @returns  undefined: there is none. */
  shiftOne(items: Numbers): number | undefined {
    const begin = this.#words[Word.out]!;
    if (begin === this.#inSeen && this.ready(1) === 0) return undefined;
    const value = items[begin & this.#mask]!;
    this.#publish(Word.out, (begin + 1) | 0, Word.writerSleeps);
    return value;
  }

  /** Copies bytes to the places of elements. @param index  the place of the first; they may go past the ring's end. */
  put(index: number, bytes: Uint8Array, from: number, length: number): void {
    const data = this.data;
    const at = index * this.record;
    const first = Math.min(length, data.length - at);
    if (length <= SMALL) {
      for (let i = 0; i < first; i++) data[at + i] = bytes[from + i]!;
      for (let i = first; i < length; i++) data[i - first] = bytes[from + i]!;
      return;
    }
    data.set(from === 0 && first === bytes.length ? bytes : bytes.subarray(from, from + first), at);
    if (first < length) data.set(bytes.subarray(from + first, from + length), 0);
  }

  /** Copies bytes of elements out. @param index  the place of the first. */
  get(index: number, into: Uint8Array, to: number, length: number): void {
    const data = this.data;
    const at = index * this.record;
    const first = Math.min(length, data.length - at);
    if (length <= SMALL) {
      for (let i = 0; i < first; i++) into[to + i] = data[at + i]!;
      for (let i = first; i < length; i++) into[to + i] = data[i - first]!;
      return;
    }
    into.set(data.subarray(at, at + first), to);
    if (first < length) into.set(data.subarray(0, length - first), to + first);
  }

  /** The places of elements as they lie: one piece, or two if they go past the ring's end; none of no elements. */
  pieces(index: number, count: number): Uint8Array[] {
    const data = this.data;
    const at = index * this.record;
    const length = count * this.record;
    const first = Math.min(length, data.length - at);
    if (length === 0) return [];
    const piece = data.subarray(at, at + first);
    return first < length ? [piece, data.subarray(0, length - first)] : [piece];
  }

  /** Whether nothing more comes. */
  get isClosed(): boolean {
    return this.#seen(Word.closed) === 1;
  }

  /** Says that nothing more comes, and wakes who sleeps. */
  close(): void {
    this.#store(Word.closed, 1);
    this.#wake(Word.readerSleeps);
    this.#wake(Word.writerSleeps);
  }

  /** Sleeps until so many elements can be read. @returns false: they do not come, or not in time. Unit: ms. */
  waitReady(count: number, timeout: number): boolean {
    return this.#sleep(Word.readerSleeps, count, () => this.ready(count) === count, timeout);
  }

  /** Sleeps until so many elements can be written. @returns false: nobody reads any more, or not in time. Unit: ms. */
  waitRoom(count: number, timeout: number): boolean {
    return this.#sleep(Word.writerSleeps, count, () => this.room(count) === count && !this.isClosed, timeout);
  }

  /** As waitReady(), without stopping the thread. */
  whenReady(count: number): Promise<boolean> {
    return this.#when(Word.readerSleeps, count, () => this.ready(count) === count);
  }

  /** As waitRoom(), without stopping the thread. */
  whenRoom(count: number): Promise<boolean> {
    return this.#when(Word.writerSleeps, count, () => this.room(count) === count && !this.isClosed);
  }

  #renew(): void {
    ({ words: this.#words, data: this.#data } = this.#locate());
  }

  /** A count that only this side writes. */
  #own(word: number): number {
    if (this.#words.length === 0) this.#renew();
    return this.#words[word]!;
  }

  /** A word that the other side may write: nothing that is read after it is older. */
  #seen(word: number): number {
    return this.isShared ? Atomics.load(this.#words, word) : this.#own(word);
  }

  /** Shows the other side a count, and wakes it if it sleeps and that is enough. */
  #publish(word: number, value: number, sleeps: number): void {
    this.#store(word, value);
    if (!this.isShared) return;
    const wanted = Atomics.load(this.#words, sleeps);
    if (wanted === 0) return;
    const there = word === Word.in ? this.filled : this.capacity - this.filled;
    if (there >= wanted) this.#wake(sleeps);
  }

  #store(word: number, value: number): void {
    if (this.isShared) Atomics.store(this.#words, word, value);
    else this.#words[word] = value;
  }

  /** Whoever has said that he sleeps sees that he need not, or is woken. */
  #wake(sleeps: number): void {
    if (!this.isShared) return;
    Atomics.store(this.#words, sleeps, 0);
    Atomics.notify(this.#words, sleeps);
  }

  /**
   * Says what this side sleeps for, and looks once more: what the other side has published before it could know of that is
   * seen here; what it publishes later sets the word back if it is enough, and no sleep comes of it.
   *
   * Promises of this side may be waiting too: the word has the least of what is wanted, and who need not sleep wakes them,
   * so that they say again what they wait for.
   *
   * @returns  what the word has now; 0: no sleep is needed.
   */
  #goesToSleep(sleeps: number, count: number, isDone: () => boolean): number {
    const others = Atomics.load(this.#words, sleeps);
    const least = others > 0 && others < count ? others : count;
    Atomics.store(this.#words, sleeps, least);
    if (!isDone() && !this.isClosed) return least;
    this.#wake(sleeps);
    return 0;
  }

  #sleep(sleeps: number, count: number, isDone: () => boolean, timeout: number): boolean {
    for (let i = 0; i < LOOKS; i++) if (isDone()) return true;
    const end = timeout === Infinity ? Infinity : performance.now() + timeout;
    for (let said = 0; (said = this.#goesToSleep(sleeps, count, isDone)) > 0;) {
      const left = end === Infinity ? Infinity : end - performance.now();
      if (left <= 0 || wait(this.#words, sleeps, said, left) === "timed-out") {
        this.#wake(sleeps);
        break;
      }
    }
    return isDone();
  }

  async #when(sleeps: number, count: number, isDone: () => boolean): Promise<boolean> {
    if (isDone()) return true;
    for (let said = 0; (said = this.#goesToSleep(sleeps, count, isDone)) > 0;) {
      if (typeof Atomics.waitAsync === "function") await Atomics.waitAsync(this.#words, sleeps, said).value;
      else await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return isDone();
  }
}

function wait(words: Int32Array, word: number, value: number, timeout: number): string {
  try {
    return Atomics.wait(words, word, value, timeout);
  } catch (error) {
    throw new TypeError("this thread may not be stopped: await readable() or writable() instead", { cause: error });
  }
}
