import { layout } from "../layout.gen.ts";
import { EXCHANGE_SIZE } from "./memory_map.ts";
import { fieldOffset, structLayout } from "./memory.ts";

/** Kinds of inputs, by name. */
export const InputKind = layout.enums.InputKind.values;
/** Name of a kind of input. */
export type InputKindName = keyof typeof InputKind;

/** Inputs after which the machine runs on; the kernel answers them with who has the word next. */
export const RUNS: ReadonlySet<number> = new Set([
  InputKind.SYSCALL,
  InputKind.SUBMIT,
  InputKind.COMPUTE,
  InputKind.SCHEDULE,
  InputKind.CHOOSE,
  InputKind.LOAD,
  InputKind.STORE,
  InputKind.LIBRARY,
]);

/** Size of a record without its bytes. */
export const HEADER_SIZE = structLayout("InputRecord").size;
/** Greatest number of bytes that one record carries. */
export const MAX_PAYLOAD = EXCHANGE_SIZE / 2;

const KIND = fieldOffset("InputRecord", "kind") / 4;
const SIZE = fieldOffset("InputRecord", "size") / 4;
const PID = fieldOffset("InputRecord", "pid") / 4;
const NR = fieldOffset("InputRecord", "nr") / 4;
const ARGS = fieldOffset("InputRecord", "a0") / 4;
const MAX_RECORDS = EXCHANGE_SIZE / HEADER_SIZE;
const TWO_32 = 0x1_0000_0000;

/** One input, readable. */
export interface JournalEntry {
  readonly kind: number;
  /** The task concerned, or 0. */
  readonly pid: number;
  /** Number of the system call, or 0. */
  readonly nr: number;
  readonly args: readonly bigint[];
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** True if a program made it while it ran, false if the host did. */
  readonly byProgram: boolean;
}

/** As many records as fit into the exchange window: they can be handed to the kernel in one piece. */
class Chunk {
  readonly first: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly words: Int32Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** The tick at which each input was done. */
  readonly ticks: Float64Array<ArrayBuffer>;
  /** Where each record begins; unit: 8 bytes. */
  readonly offsets: Uint16Array<ArrayBuffer>;
  readonly byProgram: Uint8Array<ArrayBuffer>;
  count = 0;
  used = 0;

  constructor(first: number) {
    this.first = first;
    // All in one piece: there are thousands of these.
    const ticksAt = EXCHANGE_SIZE;
    const offsetsAt = ticksAt + 8 * MAX_RECORDS;
    const byProgramAt = offsetsAt + 2 * (MAX_RECORDS + 1);
    const buffer = new ArrayBuffer(byProgramAt + MAX_RECORDS);
    this.bytes = new Uint8Array(buffer, 0, EXCHANGE_SIZE);
    this.words = new Int32Array(buffer, 0, EXCHANGE_SIZE / 4);
    this.view = new DataView(buffer, 0, EXCHANGE_SIZE);
    this.ticks = new Float64Array(buffer, ticksAt, MAX_RECORDS);
    this.offsets = new Uint16Array(buffer, offsetsAt, MAX_RECORDS + 1);
    this.byProgram = new Uint8Array(buffer, byProgramAt, MAX_RECORDS);
  }

  copy(count: number): Chunk {
    const out = new Chunk(this.first);
    out.count = count;
    out.used = this.offsets[count]! * 8;
    out.bytes.set(this.bytes.subarray(0, out.used));
    out.offsets.set(this.offsets.subarray(0, count + 1));
    out.ticks.set(this.ticks.subarray(0, count));
    out.byProgram.set(this.byProgram.subarray(0, count));
    return out;
  }
}

/** All inputs that a machine has taken, in order, in the form in which the kernel takes them. */
export class Journal {
  readonly #chunks: Chunk[] = [];
  #last: Chunk | undefined;
  #length = 0;
  #lastTick = 0;

  /** The tick at which the last input was done. */
  get lastTick(): number {
    return this.#lastTick;
  }

  /** Number of inputs. */
  get length(): number {
    return this.#length;
  }

  /** The place for another record; the caller fills it. */
  #open(size: number, byProgram: boolean): Chunk {
    let chunk = this.#last;
    if (chunk === undefined || chunk.used + size > EXCHANGE_SIZE) {
      chunk = new Chunk(this.#length);
      this.#chunks.push(chunk);
      this.#last = chunk;
    }
    chunk.byProgram[chunk.count] = byProgram ? 1 : 0;
    return chunk;
  }

  #added(chunk: Chunk, size: number): void {
    chunk.used += size;
    chunk.offsets[++chunk.count] = chunk.used / 8;
    this.#length++;
  }

  /** Adds a system call of the program that has the word. `registers` are its six arguments: whole numbers. */
  addSyscall(pid: number, nr: number, registers: Float64Array): void {
    const chunk = this.#open(HEADER_SIZE, true);
    const { words } = chunk;
    const at = chunk.used / 4;
    words[at + KIND] = InputKind.SYSCALL;
    words[at + SIZE] = HEADER_SIZE;
    words[at + PID] = pid;
    words[at + NR] = nr;
    for (let i = 0; i < 6; i++) {
      const value = registers[i]!;
      // The place is all zeros before.
      if (value === 0) continue;
      const low = value | 0;
      words[at + ARGS + 2 * i] = low;
      words[at + ARGS + 2 * i + 1] = low === value ? low >> 31 : Math.floor(value / TWO_32);
    }
    this.#added(chunk, HEADER_SIZE);
  }

  /**
   * Adds any input.
   *
   * @returns  its record; good until the next input.
   */
  add(
    kind: number,
    byProgram: boolean,
    pid: number,
    nr: number,
    args: readonly (number | bigint)[],
    payload?: Uint8Array,
  ): Uint8Array {
    // What is no whole number throws here, before anything is written.
    const values = args.map((value) => BigInt.asIntN(64, BigInt(value)));
    const length = payload?.length ?? 0;
    if (length > MAX_PAYLOAD) throw new RangeError(`an input carries at most ${MAX_PAYLOAD} bytes, not ${length}`);
    const size = HEADER_SIZE + Math.ceil(length / 8) * 8;
    const chunk = this.#open(size, byProgram);
    const { words, used } = chunk;
    const at = used / 4;
    words[at + KIND] = kind;
    words[at + SIZE] = size;
    words[at + PID] = pid;
    words[at + NR] = nr;
    values.forEach((value, i) => chunk.view.setBigInt64(used + ARGS * 4 + i * 8, value, true));
    if (payload) chunk.bytes.set(payload, used + HEADER_SIZE);
    this.#added(chunk, size);
    return chunk.bytes.subarray(used, used + size);
  }

  /** Adds an input that is a record already. @returns its place in this journal. */
  addRecord(record: Uint8Array, byProgram: boolean): Uint8Array {
    const chunk = this.#open(record.length, byProgram);
    const { used } = chunk;
    chunk.bytes.set(record, used);
    this.#added(chunk, record.length);
    return chunk.bytes.subarray(used, used + record.length);
  }

  /** Notes the tick at which the last input was done. */
  close(tick: number): void {
    const chunk = this.#last!;
    chunk.ticks[chunk.count - 1] = tick;
    this.#lastTick = tick;
  }

  #chunkOf(index: number): Chunk {
    if (!(index >= 0 && index < this.#length))
      throw new RangeError(`the journal has ${this.#length} inputs, not ${index + 1}`);
    const chunks = this.#chunks;
    let low = 0;
    for (let high = chunks.length - 1; low < high;) {
      const middle = (low + high + 1) >> 1;
      if (chunks[middle]!.first <= index) low = middle;
      else high = middle - 1;
    }
    return chunks[low]!;
  }

  /** The tick at which the first `count` inputs were done. */
  tickAfter(count: number): number {
    if (count === 0) return 0;
    const chunk = this.#chunkOf(count - 1);
    return chunk.ticks[count - 1 - chunk.first]!;
  }

  /** Number of inputs after which the tick was reached for the first time; more than there are if it never was. */
  inputsUntil(tick: number): number {
    let low = 0;
    for (let high = this.#length + 1; low < high;) {
      const middle = (low + high) >> 1;
      if (middle > this.#length || this.tickAfter(middle) >= tick) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The record of an input. */
  record(index: number): Uint8Array<ArrayBuffer> {
    const chunk = this.#chunkOf(index);
    const i = index - chunk.first;
    return chunk.bytes.subarray(chunk.offsets[i]! * 8, chunk.offsets[i + 1]! * 8);
  }

  /** Kind of an input. */
  kind(index: number): number {
    const chunk = this.#chunkOf(index);
    return chunk.words[chunk.offsets[index - chunk.first]! * 2 + KIND]!;
  }

  /** The records of a range of inputs, in pieces that the kernel can be given at once. */
  *records(from: number, to: number): Generator<Uint8Array<ArrayBuffer>> {
    while (from < to) {
      const chunk = this.#chunkOf(from);
      const until = Math.min(to, chunk.first + chunk.count);
      yield chunk.bytes.subarray(chunk.offsets[from - chunk.first]! * 8, chunk.offsets[until - chunk.first]! * 8);
      from = until;
    }
  }

  /** Whether a program made the input while it ran. */
  byProgram(index: number): boolean {
    const chunk = this.#chunkOf(index);
    return chunk.byProgram[index - chunk.first] === 1;
  }

  /** The last number of inputs, up to `count`, at which no program is in the middle of preparing its next call. */
  between(count: number): number {
    let out = count;
    while (out > 0 && this.byProgram(out - 1) && !RUNS.has(this.kind(out - 1))) out--;
    return out;
  }

  /** An input, readable. */
  entry(index: number): JournalEntry {
    const record = this.record(index);
    const view = new DataView(record.buffer, record.byteOffset, record.length);
    const kind = view.getUint32(KIND * 4, true);
    const args = Array.from({ length: 6 }, (_, i) => view.getBigInt64(ARGS * 4 + i * 8, true));
    return {
      kind,
      pid: view.getInt32(PID * 4, true),
      nr: view.getInt32(NR * 4, true),
      args,
      bytes: record.slice(HEADER_SIZE, HEADER_SIZE + payloadLength(kind, args)),
      byProgram: this.byProgram(index),
    };
  }

  /** Forgets all inputs. Its memory is used again, so nobody may have a part of it. */
  clear(): void {
    const [first] = this.#chunks;
    this.#chunks.length = 0;
    if (first) {
      first.bytes.fill(0, 0, first.used);
      first.count = 0;
      first.used = 0;
      this.#chunks.push(first);
    }
    this.#last = first;
    this.#length = 0;
    this.#lastTick = 0;
  }

  /** The first `count` inputs as a journal of its own. */
  head(count: number): Journal {
    const out = new Journal();
    for (const chunk of this.#chunks) {
      if (chunk.first >= count) break;
      // Chunks change no more and can be shared, but for the last one of each journal.
      const isLast = chunk.first + chunk.count >= count;
      out.#chunks.push(isLast ? chunk.copy(count - chunk.first) : chunk);
    }
    out.#last = out.#chunks.at(-1);
    out.#length = count;
    out.#lastTick = out.tickAfter(count);
    return out;
  }
}

/** Number of bytes that follow the header of an input. */
export function payloadLength(kind: number, args: readonly bigint[]): number {
  switch (kind) {
    case InputKind.SPAWN:
      return 16;
    case InputKind.USER_STORE:
    case InputKind.STORE:
    case InputKind.WIRE_SEND:
      return Number(args[1]);
    case InputKind.CREATE_FILE:
      return Number(args[2]);
    case InputKind.FILL_FILE:
      return Number(args[1]) + Number(args[2]);
    case InputKind.DISK_FAULT:
      return Number(args[4]);
    default:
      return 0;
  }
}
