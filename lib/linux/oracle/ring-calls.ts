import { NR } from "../abi.ts";
import type { Buffer, Call } from "../program.ts";
import type { Completion, Ring, RingOptions, RingWord, SqeFields } from "../ring.ts";
import { call } from "./linux-names.ts";
import { MemoryCalls } from "./memory-calls.ts";
import type { RealBuffer, UserMemory } from "./memory.ts";
import type { Numbering } from "./linux-names.ts";
import type { Processes } from "./linux-signals.ts";

const PAGE_SIZE = 4096;
const SQE_SIZE = 64;
const CQE_SIZE = 16;
const PARAMS_SIZE = 120;
const CQES_AT = 64;
const MOST_ENTRIES = 32768;
const SETUP_CQSIZE = 0x8;
const SETUP_CLAMP = 0x10;
/** The ring lies in memory of the program, which this process sees too: what is mapped in another it would not see. */
const SETUP_NO_MMAP = 0x4000;

/** Where the numbers of a ring are. Unit: bytes. */
const WORDS: Readonly<Record<RingWord, number>> = {
  sq_head: 0,
  sq_tail: 4,
  cq_head: 8,
  cq_tail: 12,
  sq_dropped: 32,
  sq_flags: 36,
  cq_overflow: 44,
};

function viewOf(memory: RealBuffer): DataView {
  const { buffer, byteOffset, byteLength } = memory.bytes();
  return new DataView(buffer, byteOffset, byteLength);
}

function ceilPowerOfTwo(n: number): number {
  return 2 ** Math.ceil(Math.log2(Math.min(Math.max(n, 1), 2 * MOST_ENTRIES)));
}

/** A ring of a real process. */
class RealRing implements Ring {
  fd = -1;
  sq_entries = 0;
  cq_entries = 0;
  /** Behind the last entry that was prepared. */
  tail = 0;
  /** Where the array of indices begins. Unit: bytes. */
  array = 0;
  rings!: DataView;
  sqes!: DataView;

  word(word: RingWord): number {
    return this.rings.getUint32(WORDS[word], true);
  }
  store(word: RingWord, value: number): void {
    this.rings.setUint32(WORDS[word], value, true);
  }
  completion(index: number): Completion {
    const at = CQES_AT + (index & (this.cq_entries - 1)) * CQE_SIZE;
    const [data64, res] = [this.rings.getBigUint64(at, true), this.rings.getInt32(at + 8, true)];
    return { data64, res, flags: this.rings.getUint32(at + 12, true) };
  }
}

/** Rings of io_uring over the real kernel. */
export class RealRingCalls extends MemoryCalls {
  readonly #memory: UserMemory;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
  }

  ring(): RealRing {
    return new RealRing();
  }

  *ring_init(ring: RealRing, entries: number, options: RingOptions = {}): Call {
    const { flags = 0, cq_entries = 0, sq_thread_idle = 0 } = options;
    const refused = entries > MOST_ENTRIES && (flags & SETUP_CLAMP) === 0;
    const room = refused ? 1 : ceilPowerOfTwo(Math.min(entries, MOST_ENTRIES));
    const completions = Math.max(2 * room, ceilPowerOfTwo(cq_entries));
    const pages = (bytes: number) => this.#memory.buffer(Math.ceil(bytes / PAGE_SIZE) * PAGE_SIZE);
    const rings = pages(2 * CQES_AT + completions * CQE_SIZE + room * 4);
    const sqes = pages(room * SQE_SIZE);
    const params = this.#memory.buffer(PARAMS_SIZE);
    const view = viewOf(params);
    view.setUint32(4, cq_entries, true);
    view.setUint32(8, flags | SETUP_NO_MMAP | (cq_entries > 0 ? SETUP_CQSIZE : 0), true);
    view.setUint32(16, sq_thread_idle, true);
    view.setBigUint64(72, BigInt(sqes.address), true);
    view.setBigUint64(112, BigInt(rings.address), true);
    const fd = this.fds.seen(yield* call(NR.io_uring_setup, entries, params.address));
    if (fd < 0) return fd;
    ring.fd = fd;
    ring.sq_entries = view.getUint32(0, true);
    ring.cq_entries = view.getUint32(4, true);
    ring.array = view.getUint32(64, true);
    ring.rings = viewOf(rings);
    ring.sqes = viewOf(sqes);
    return fd;
  }

  *ring_prep(ring: RealRing, ...entries: SqeFields[]): Call {
    let count = 0;
    for (const entry of entries) {
      const { tail } = ring;
      if ((tail - ring.word("sq_head")) >>> 0 >= ring.sq_entries) break;
      const slot = tail & (ring.sq_entries - 1);
      this.#encode(ring.sqes, slot * SQE_SIZE, entry);
      ring.rings.setUint32(ring.array + slot * 4, entry.index ?? slot, true);
      ring.tail = (tail + 1) >>> 0;
      count++;
    }
    if (count > 0) ring.store("sq_tail", ring.tail);
    return count;
  }

  #encode(view: DataView, at: number, sqe: SqeFields): void {
    const { fd = 0, off = 0, addr = 0 } = sqe;
    const place = (value: number | string | Buffer) =>
      typeof value === "object" ? value.address : typeof value === "string" ? this.path(value) : value;
    view.setUint8(at, sqe.opcode);
    view.setUint8(at + 1, sqe.flags ?? 0);
    view.setUint16(at + 2, sqe.ioprio ?? 0, true);
    view.setInt32(at + 4, this.fds.real(fd), true);
    view.setBigInt64(at + 8, BigInt(place(off)), true);
    view.setBigInt64(at + 16, BigInt(place(addr)), true);
    view.setUint32(at + 24, sqe.len ?? 0, true);
    view.setUint32(at + 28, sqe.op_flags ?? 0, true);
    view.setBigUint64(at + 32, BigInt.asUintN(64, BigInt(sqe.user_data ?? 0)), true);
    view.setUint16(at + 40, sqe.buf_index ?? 0, true);
    view.setUint16(at + 42, sqe.personality ?? 0, true);
    view.setUint32(at + 44, sqe.file_index ?? 0, true);
    view.setBigUint64(at + 48, 0n, true);
    view.setBigUint64(at + 56, 0n, true);
  }

  *ring_word(ring: RealRing, word: RingWord): Call {
    return ring.word(word);
  }

  *ring_store(ring: RealRing, word: RingWord, value: number): Call {
    ring.store(word, value);
    return 0;
  }

  *ring_cqes(ring: RealRing, taken: Completion[], most = ring.cq_entries): Call {
    taken.length = 0;
    for (let head = ring.word("cq_head"); head !== ring.word("cq_tail") && taken.length < most;) {
      taken.push(ring.completion(head));
      head = (head + 1) >>> 0;
      ring.store("cq_head", head);
    }
    return taken.length;
  }

  *io_uring_setup(entries: number, params: number | Buffer): Call {
    return this.fds.seen(yield* call(NR.io_uring_setup, entries, addressOf(params)));
  }

  io_uring_enter(
    fd: number,
    to_submit: number,
    min_complete: number,
    flags: number,
    sig: number | Buffer | null = null,
    size = 8,
  ): Call {
    return call(NR.io_uring_enter, this.fds.real(fd), to_submit, min_complete, flags, addressOf(sig), size);
  }

  io_uring_register(fd: number, opcode: number, arg: number | Buffer | null, nr_args: number): Call {
    return call(NR.io_uring_register, this.fds.real(fd), opcode, addressOf(arg), nr_args);
  }
}

function addressOf(value: number | Buffer | null): number {
  return typeof value === "object" ? (value?.address ?? 0) : value;
}
