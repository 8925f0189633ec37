import { checkBatch } from "./batch.ts";
import type { Numbers } from "./fifo.ts";
import { made, madeShared, opened, type Made, type RecordKind, type RingHandle } from "./ring-place.ts";
import { Ring } from "./ring.ts";
import { isInt32, shown } from "./shown.ts";

/** What the records of a ring are: numbers as in a typed array, or blocks of so many bytes. */
export type RingRecord = Exclude<RecordKind, "byte">;

/** How a ring of records is made. */
export interface RecordRingOptions<K extends RingRecord> {
  /** A power of two. Unit: records. */
  readonly capacity: number;
  /** Default: "float64". */
  readonly record?: K;
}

/** A record as it is handed over. */
export type RecordOf<K extends RingRecord> = K extends number ? Uint8Array : number;
/** Many records, one behind the other. */
export type RecordsOf<K extends RingRecord> = K extends number ? Uint8Array : ArrayLike<number>;
/** Where many records are read to. */
export type RoomFor<K extends RingRecord> = K extends "int32"
  ? Int32Array
  : K extends "float64"
    ? Float64Array
    : Uint8Array;

type Items = Numbers | Uint8Array;

/**
 * A ring of records of one size for one who writes and one who reads, as the kernel's kfifo, in WebAssembly memory: as the
 * descriptors of a network card are. Its capacity is fixed: push() says whether there was room.
 *
 * `RecordRing.shared()` makes one between two threads. One of them may only write, the other only read.
 *
 * Its memory is given back by `using` or `[Symbol.dispose]()`, or when nobody holds it any more.
 */
export class RecordRing<K extends RingRecord = "float64"> extends Ring<RoomFor<K>> {
  readonly #record: RingRecord;
  /** The elements, as what they are. */
  #items: Items;

  /** @throws RangeError if the capacity is no power of two or there is no memory left; TypeError for other records. */
  constructor(options: RecordRingOptions<K>);
  /** Takes a ring that was made already; shared() and from() do that. */
  constructor(made: Made, record: K);
  constructor(from: RecordRingOptions<K> | Made, record?: K) {
    const kind = ("fifo" in from ? record : from.record) ?? "float64";
    super("fifo" in from ? from : made(from.capacity, kind));
    this.#record = kind;
    this.#items = this.seen(this.fifo.data);
  }

  /** Makes a ring in shared memory. @throws as the constructor; TypeError if memory cannot be shared here. */
  static shared<K extends RingRecord = "float64">(options: RecordRingOptions<K>): RecordRing<K> {
    const record = options.record ?? "float64";
    return new RecordRing<K>(madeShared(options.capacity, record), record as K);
  }

  /** Opens a ring that another thread has made. @throws TypeError if it is none, or memory cannot be shared here. */
  static from<K extends RingRecord = "float64">(handle: RingHandle): RecordRing<K> {
    const found = opened(handle, ["int32", "float64", 0]);
    return new RecordRing<K>(found, found.kind as K);
  }

  protected override seen({ buffer, byteOffset, byteLength }: Uint8Array): RoomFor<K> {
    const room =
      this.#record === "int32"
        ? new Int32Array(buffer, byteOffset, byteLength / 4)
        : this.#record === "float64"
          ? new Float64Array(buffer, byteOffset, byteLength / 8)
          : new Uint8Array(buffer, byteOffset, byteLength);
    return room as RoomFor<K>;
  }

  /** Writes a record. Returns whether there was room. @throws TypeError if the ring cannot hold it. */
  push(record: RecordOf<K>): boolean {
    const { fifo } = this;
    if (typeof this.#record !== "number") {
      this.#checkNumber(record);
      return fifo.pushOne(this.#itemsNow() as Numbers, record as number);
    }
    if (this.#checkBlocks(record, this.#record) !== 1) throw notBlocks(this.#record);
    if (fifo.room(1) === 0) return false;
    fifo.put(fifo.writeIndex, record as Uint8Array, 0, this.#record);
    fifo.commit(1);
    return true;
  }

  /** Takes the first record out; undefined: the ring is empty. */
  shift(): RecordOf<K> | undefined {
    const { fifo } = this;
    if (typeof this.#record !== "number") {
      return fifo.shiftOne(this.#itemsNow() as Numbers) as RecordOf<K> | undefined;
    }
    if (fifo.ready(1) === 0) return undefined;
    const record = new Uint8Array(this.#record);
    fifo.get(fifo.readIndex(0), record, 0, this.#record);
    fifo.consume(1);
    return record as RecordOf<K>;
  }

  /**
   * Writes many records, as many as there is room for. Returns how many.
   *
   * @param records  numbers, best in a typed array of their kind; or a whole number of blocks.
   * @throws TypeError if the ring cannot hold one of them; then none is written.
   */
  pushMany(records: RecordsOf<K>): number {
    const { fifo } = this;
    if (typeof this.#record === "number") {
      const count = fifo.room(this.#checkBlocks(records, this.#record));
      if (count > 0) fifo.put(fifo.writeIndex, records as Uint8Array, 0, count * this.#record);
      if (count > 0) fifo.commit(count);
      return count;
    }
    checkBatch(records, "records");
    const items = this.#itemsNow();
    if (records.constructor !== items.constructor)
      for (let i = 0; i < records.length; i++) this.#checkNumber(records[i]);
    const count = fifo.room(records.length);
    const at = fifo.writeIndex;
    const first = Math.min(count, items.length - at);
    if (first > 0) items.set(part(records, 0, first), at);
    if (first < count) items.set(part(records, first, count), 0);
    if (count > 0) fifo.commit(count);
    return count;
  }

  /** Takes as many of the first records out as there is room for. Returns how many. @throws TypeError for other rooms. */
  shiftMany(into: RoomFor<K>): number {
    const { fifo } = this;
    const items = this.#itemsNow();
    if (into.constructor !== items.constructor) {
      throw new TypeError(`records of this ring go into ${items.constructor.name}s`);
    }
    const size = typeof this.#record === "number" ? this.#record : 1;
    const count = fifo.ready(Math.floor(into.length / size));
    const at = fifo.readIndex(0) * size;
    const first = Math.min(count * size, items.length - at);
    if (first > 0) into.set(items.subarray(at, at + first));
    if (first < count * size) into.set(items.subarray(0, count * size - first), first);
    if (count > 0) fifo.consume(count);
    return count;
  }

  #itemsNow(): Items {
    if (this.#items.length === 0) this.#items = this.seen(this.fifo.data);
    return this.#items;
  }

  /** How many blocks there are. @throws TypeError if they are none. */
  #checkBlocks(records: unknown, size: number): number {
    const count = records instanceof Uint8Array ? records.length / size : 0.5;
    if (Number.isInteger(count)) return count;
    throw notBlocks(size);
  }

  /** @throws TypeError if the ring cannot hold it. */
  #checkNumber(record: unknown): void {
    if (this.#record === "int32" ? isInt32(record) : typeof record === "number") return;
    const wanted = this.#record === "int32" ? "a whole number from -2^31 to 2^31 - 1" : "a number";
    throw new TypeError(`a record of this ring is ${wanted}, not ${shown(record)}`);
  }
}

function notBlocks(size: number): TypeError {
  return new TypeError(`a record of this ring is a Uint8Array of ${size} bytes`);
}

/** Some of many numbers, without a copy if that can be. */
function part(records: ArrayLike<number>, from: number, to: number): ArrayLike<number> {
  if (from === 0 && to === records.length) return records;
  return ArrayBuffer.isView(records)
    ? (records as Float64Array).subarray(from, to)
    : Array.from({ length: to - from }, (_, i) => records[from + i]!);
}
