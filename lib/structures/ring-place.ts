import { Fifo, WORDS_BYTES, Word, type Place } from "./fifo.ts";
import { loadStructure } from "./load.ts";
import { shown } from "./shown.ts";

/** What the module of a ring exports (assembly/structures/ring_buffer.ts). */
export interface RingExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly taken: () => number;
  readonly room_take: (bytes: number) => number;
  readonly room_give: (room: number, bytes: number) => void;
  readonly create: (capacity: number, record: number) => number;
  readonly destroy: (ring: number) => void;
  readonly data: (ring: number) => number;
  readonly write: (ring: number, from: number, count: number) => number;
  readonly read: (ring: number, to: number, count: number) => number;
  readonly loop_messages: (
    ring: number,
    messages: number,
    different: number,
    size: number,
    into: number,
    count: number,
  ) => number;
}

/** The module of a ring. */
export const ringBuffer = await loadStructure<RingExports>(
  new URL("../../build/structures/ring_buffer.wasm", import.meta.url),
);

/** A ring in shared memory, for another thread: it can be sent by postMessage() or as workerData. */
export type RingHandle = SharedArrayBuffer;

/** What the elements of a ring are: bytes, numbers of a kind, or blocks of so many bytes. */
export type RecordKind = "byte" | "int32" | "float64" | number;

/** Where a ring is made. */
export interface Made {
  readonly fifo: Fifo;
  /** The shared memory; null: it is in the module's. */
  readonly handle: RingHandle | null;
  /** The ring inside the module; 0: it is in shared memory. */
  readonly ring: number;
}

/** Says that shared memory holds a ring, and of which layout. */
const MAGIC = 0x696f7231;
const KINDS: readonly RecordKind[] = ["byte", "int32", "float64"];
/** A ring cannot have more bytes: places are counted in 32 bits. */
const MOST_BYTES = 2 ** 30;

/** Rings that nobody holds any more give their memory back. */
const forgotten = new FinalizationRegistry<number>((ring) => ringBuffer.destroy(ring));

/** Size of an element. Unit: bytes. @throws TypeError if there are no such elements. */
export function sizeOf(kind: RecordKind): number {
  if (kind === "byte") return 1;
  if (kind === "int32") return 4;
  if (kind === "float64") return 8;
  if (Number.isInteger(kind) && kind >= 1 && kind <= 2 ** 20) return kind;
  throw new TypeError(`a record is "int32", "float64" or 1 to ${2 ** 20} bytes, not ${shown(kind)}`);
}

/** Makes a ring in the module's memory. @throws RangeError if the capacity is no such one, or there is no memory left. */
export function made(capacity: number, kind: RecordKind): Made {
  const record = sizeOf(kind);
  checkCapacity(capacity, record);
  const ring = ringBuffer.create(capacity, record) >>> 0;
  if (ring === 0) throw new RangeError(`there is no memory left for a ring of ${capacity * record} bytes`);
  const locate = (): Place => {
    const { buffer } = ringBuffer.memory;
    const data = new Uint8Array(buffer, ringBuffer.data(ring) >>> 0, capacity * record);
    return { words: new Int32Array(buffer, ring, WORDS_BYTES / 4), data };
  };
  return { fifo: new Fifo(locate), handle: null, ring };
}

/** Makes a ring in shared memory. @throws as made() does; TypeError if memory cannot be shared here. */
export function madeShared(capacity: number, kind: RecordKind): Made {
  const record = sizeOf(kind);
  checkCapacity(capacity, record);
  checkIsolation();
  const handle = new SharedArrayBuffer(WORDS_BYTES + capacity * record);
  const words = new Int32Array(handle, 0, WORDS_BYTES / 4);
  words[Word.capacity] = capacity;
  words[Word.record] = record;
  words[Word.kind] = KINDS.indexOf(kind);
  words[Word.magic] = MAGIC;
  return { fifo: fifoIn(handle), handle, ring: 0 };
}

/** Opens a ring of another thread. @throws TypeError if that is none, or not of this kind. */
export function opened(handle: RingHandle, kinds: readonly (typeof KINDS)[number][]): Made & { kind: RecordKind } {
  checkIsolation();
  if (!(handle instanceof SharedArrayBuffer) || handle.byteLength <= WORDS_BYTES) {
    throw new TypeError("this is no handle of a shared ring: send ring.handle");
  }
  const words = new Int32Array(handle, 0, WORDS_BYTES / 4);
  const kind = KINDS[words[Word.kind]!] ?? words[Word.record]!;
  if (words[Word.magic] !== MAGIC || !isWhole(words, kind, handle.byteLength)) {
    throw new TypeError("this shared memory holds no ring: send ring.handle");
  }
  if (!kinds.includes(typeof kind === "number" ? 0 : kind)) {
    throw new TypeError(kind === "byte" ? "this is a RingBuffer of bytes" : "this is a RecordRing");
  }
  return { fifo: fifoIn(handle), handle, ring: 0, kind };
}

/** Whether the words speak of a ring that fills the memory: a part of one, or what was written over, does not. */
function isWhole(words: Int32Array, kind: RecordKind, bytes: number): boolean {
  const [capacity, record] = [words[Word.capacity]!, words[Word.record]!];
  const isPower = capacity > 0 && (capacity & (capacity - 1)) === 0;
  return isPower && record > 0 && sizeOf(kind) === record && WORDS_BYTES + capacity * record === bytes;
}

/** Has the ring's memory given back when nobody holds its owner any more. */
export function giveBackWith(owner: object, { ring }: Made): void {
  if (ring !== 0) forgotten.register(owner, ring, owner);
}

/** Gives the ring's memory back. */
export function giveBack(owner: object, { ring }: Made): void {
  if (ring === 0) return;
  forgotten.unregister(owner);
  ringBuffer.destroy(ring);
}

function fifoIn(handle: RingHandle): Fifo {
  return new Fifo(() => ({
    words: new Int32Array(handle, 0, WORDS_BYTES / 4),
    data: new Uint8Array(handle, WORDS_BYTES),
  }));
}

function checkCapacity(capacity: number, record: number): void {
  if (typeof capacity !== "number" || !(capacity >= 1)) {
    throw new RangeError(`a ring's capacity is a power of two, not ${shown(capacity)}`);
  }
  const power = 2 ** Math.ceil(Math.log2(capacity));
  if (power !== capacity) throw new RangeError(`a ring's capacity is a power of two: ${power}, not ${capacity}`);
  if (capacity * record > MOST_BYTES) {
    throw new RangeError(`a ring has at most ${MOST_BYTES} bytes, not ${capacity * record}`);
  }
}

function checkIsolation(): void {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  if (typeof SharedArrayBuffer !== "undefined" && crossOriginIsolated !== false) return;
  throw new TypeError(
    "memory cannot be shared between threads here: the page has to come with the headers " +
      "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
  );
}
