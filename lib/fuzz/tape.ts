import { HEADER_SIZE, InputKind, Journal, MAX_PAYLOAD } from "../machine/journal.ts";
import { fieldOffset } from "../machine/memory.ts";

const KIND = fieldOffset("InputRecord", "kind") / 4;
const SIZE = fieldOffset("InputRecord", "size") / 4;
const PID = fieldOffset("InputRecord", "pid") / 4;
const NR = fieldOffset("InputRecord", "nr") / 4;
const ARGS = fieldOffset("InputRecord", "a0") / 4;
const HEADER_WORDS = HEADER_SIZE / 4;
const TWO_32 = 2 ** 32;

/** One more input, being written: it becomes part of a tape when it is taken. */
export class InputWriter {
  /** The record as numbers of 4 bytes: header, then bytes. */
  readonly words = new Int32Array((HEADER_SIZE + MAX_PAYLOAD) / 4);
  /** The bytes behind the header. */
  readonly payload = new Uint8Array(this.words.buffer, HEADER_SIZE);
  /** The same, for numbers. */
  readonly view = new DataView(this.words.buffer, HEADER_SIZE);

  /** Begins an input whose arguments are all 0. @param length  of its bytes, which are to be written then. */
  begin(kind: number, pid = 0, nr = 0, length = 0): void {
    const { words } = this;
    words.fill(0, 0, HEADER_WORDS);
    if (length % 8) words.fill(0, HEADER_WORDS + (length >> 2), HEADER_WORDS + Math.ceil(length / 8) * 2);
    words[KIND] = kind;
    words[SIZE] = HEADER_SIZE + Math.ceil(length / 8) * 8;
    words[PID] = pid;
    words[NR] = nr;
  }

  /** Sets an argument to a whole number. */
  argument(index: number, value: number): void {
    const low = value | 0;
    this.words[ARGS + 2 * index] = low;
    this.words[ARGS + 2 * index + 1] = low === value ? low >> 31 : Math.floor(value / TWO_32);
  }

  /** Sets an argument to 64 bits. */
  bits(index: number, low: number, high: number): void {
    this.words[ARGS + 2 * index] = low;
    this.words[ARGS + 2 * index + 1] = high;
  }

  /** Size of the record. Unit: 4 bytes. */
  get length(): number {
    return this.words[SIZE]! >> 2;
  }
}

/** Inputs in the order in which they were taken. */
export class Tape {
  #words = new Int32Array(1 << 14);
  #used = 0;
  #starts: number[] = [];

  /** Number of inputs. */
  get length(): number {
    return this.#starts.length;
  }

  /** Forgets everything. */
  clear(): void {
    this.#used = 0;
    this.#starts = [];
  }

  /** Adds an input. */
  add(words: Int32Array, length: number): void {
    if (this.#used + length > this.#words.length) {
      const larger = new Int32Array(2 * (this.#words.length + length));
      larger.set(this.#words.subarray(0, this.#used));
      this.#words = larger;
    }
    this.#starts.push(this.#used);
    for (let i = 0; i < length; i++) this.#words[this.#used + i] = words[i]!;
    this.#used += length;
  }

  /** The first so many inputs, each for itself. */
  head(count: number): Recorded[] {
    return Array.from({ length: count }, (_, i) =>
      Int32Array.from(this.#words.subarray(this.#starts[i]!, this.#starts[i + 1] ?? this.#used)),
    );
  }
}

/** An input, as the kernel takes it. */
export type Recorded = Int32Array<ArrayBuffer>;

/** What kind of input it is. */
export function kindOf(record: Recorded): number {
  return record[KIND]!;
}

/** Which system call it makes. */
export function callOf(record: Recorded): number {
  return record[NR]!;
}

/** Which task it concerns. */
export function taskOf(record: Recorded): number {
  return record[PID]!;
}

/** One of its arguments. */
export function argumentOf(record: Recorded, index: number): number {
  return record[ARGS + 2 * index + 1]! * TWO_32 + (record[ARGS + 2 * index]! >>> 0);
}

/** The same input with another number as an argument. */
export function withArgument(record: Recorded, index: number, value: number): Recorded {
  const copy = record.slice();
  copy[ARGS + 2 * index] = value | 0;
  copy[ARGS + 2 * index + 1] = Math.floor(value / TWO_32);
  return copy;
}

/** The same input for another task. */
export function withTask(record: Recorded, pid: number): Recorded {
  const copy = record.slice();
  copy[PID] = pid;
  return copy;
}

/** Whether it is a system call. */
export function isCall(record: Recorded): boolean {
  return record[KIND] === InputKind.SUBMIT;
}

/** Inputs as a journal, which a machine can live through. */
export function journalOf(records: readonly Recorded[]): Journal {
  const journal = new Journal();
  for (const record of records) {
    journal.addRecord(new Uint8Array(record.buffer, record.byteOffset, record.byteLength), false);
    journal.close(0);
  }
  return journal;
}
