import { type BufferLike, type UserBuffer, addressOf } from "./user_memory.ts";
import { type FieldName, fieldOffset, structLayout } from "./memory.ts";
import { type Integer, type PendingCall, checkNames } from "./call.ts";
import type { Sys } from "./sys.ts";
import { type Timespec } from "./sys_base.ts";
import { layout } from "../layout.gen.ts";

const { IoringOp, IoringOff, IoringEnter, IoringPoll, IosqeFlags, IoringSqFlags, IoringSetup } = layout.enums;
const OP = IoringOp.values;
const SQE_SIZE = structLayout("IoUringSqe").size;
const PARAMS_SIZE = layout.constants.IO_URING_PARAMS_SIZE;
const RINGS_SIZE = layout.constants.IO_RINGS_SIZE;
const CQE_SIZE = structLayout("IoUringCqe").size;
/** Size of a struct __kernel_timespec. Unit: bytes. */
const TIMESPEC_SIZE = 16;
const { READ, WRITE } = layout.enums.Prot.values;
const { SHARED } = layout.enums.MapFlags.values;

/** What a program asks of a ring: the fields of struct io_uring_sqe. Those left out are 0. */
export interface SqeLike {
  /** `IORING_OP_READ` and its like. */
  readonly opcode: Integer;
  /** `IOSQE_` flags. */
  readonly flags?: Integer;
  /** Flags of some requests, such as `IORING_ACCEPT_MULTISHOT`. */
  readonly ioprio?: Integer;
  /** The file, or the slot of a registered one. */
  readonly fd?: Integer;
  /** Position in the file; -1: at the file's own position. */
  readonly off?: Integer;
  /** The buffer, or what else has an address. */
  readonly addr?: BufferLike;
  /** Bytes, or number of buffers. */
  readonly len?: Integer;
  /** Flags of what is asked for: `MSG_`, `RWF_`, poll bits ... */
  readonly op_flags?: Integer;
  /** The program's own: comes back in the completion. */
  readonly user_data?: Integer;
  /** Which registered buffer. */
  readonly buf_index?: Integer;
  readonly personality?: Integer;
  readonly file_index?: Integer;
  readonly addr3?: Integer;
  readonly pad2?: Integer;
}

/** A completion: struct io_uring_cqe. */
export interface Cqe {
  /** What the entry had as `user_data`, as far as a number holds it. */
  readonly user_data: number;
  /** All 64 bits of it. */
  readonly data64: bigint;
  /** What it has come to: a result, or -errno. */
  readonly res: number;
  /** `IORING_CQE_F_` flags. */
  readonly flags: number;
}

/** What a ring is made with. */
export interface RingOptions {
  /** `IORING_SETUP_` flags. */
  readonly flags?: number;
  /** Room for completions; sets `IORING_SETUP_CQSIZE`. */
  readonly cq_entries?: number;
  /** How long the thread of `IORING_SETUP_SQPOLL` looks before it sleeps. Unit: ms. */
  readonly sq_thread_idle?: number;
}

/** A part of a program that makes system calls: to be used with `yield*`. */
type Steps<R> = Generator<PendingCall, R, number>;

/** Bits of each numeric type. */
const SETTERS: Readonly<Record<string, (view: DataView, at: number, value: bigint) => void>> = {
  u8: (view, at, value) => view.setUint8(at, Number(BigInt.asUintN(8, value))),
  u16: (view, at, value) => view.setUint16(at, Number(BigInt.asUintN(16, value)), true),
  u32: (view, at, value) => view.setUint32(at, Number(BigInt.asUintN(32, value)), true),
  i32: (view, at, value) => view.setInt32(at, Number(BigInt.asIntN(32, value)), true),
  u64: (view, at, value) => view.setBigUint64(at, BigInt.asUintN(64, value), true),
};

const SQE_FIELDS: readonly (readonly [keyof SqeLike, number, string])[] = Object.entries(
  layout.structs.IoUringSqe.fields,
).map(([name, field]) => [name as keyof SqeLike, field.offset, field.type]);

/** A struct io_uring_sqe as bytes. @throws TypeError for a field that it does not have. */
function encodeSqe(sqe: SqeLike): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(SQE_SIZE));
  for (const name of Object.keys(sqe)) {
    if (!SQE_FIELDS.some(([field]) => field === name)) throw new TypeError(`an sqe has no field ${name}`);
  }
  for (const [name, at, type] of SQE_FIELDS) {
    const value = sqe[name];
    if (value !== undefined) SETTERS[type]!(view, at, BigInt(addressOf(value)));
  }
  return new Uint8Array(view.buffer);
}

/**
 * A ring of a program, with the names of liburing. Entries are put into the ring's memory with prep_...(), which the
 * program does without the kernel; submit() hands them over.
 *
 * @example
 * const ring = sys.io_uring();
 * yield* ring.queue_init(8);
 * ring.prep_read(fd, buffer, 4096, 0, { user_data: 1 });
 * yield* ring.submit();
 * const cqe = yield* ring.wait_cqe();
 * ring.cqe_seen();
 */
export class IoUring {
  readonly #sys: Sys;
  #fd = -1;
  #rings = 0;
  #array = 0;
  #sqes = 0;
  #sqEntries = 0;
  #cqEntries = 0;
  #flags = 0;
  /** Behind the last entry that was prepared, and behind the last one that the kernel was told of. */
  #tail = 0;
  #told = 0;
  /** The times of timeouts, one for each place of an entry. */
  #times: UserBuffer | null = null;

  constructor(sys: Sys) {
    this.#sys = sys;
  }

  /** The ring's descriptor; -1 before queue_init(). */
  get fd(): number {
    return this.#fd;
  }

  /** Number of entries that there is room for. */
  get sq_entries(): number {
    return this.#sqEntries;
  }

  /** Number of completions that there is room for. */
  get cq_entries(): number {
    return this.#cqEntries;
  }

  /** Makes the ring and maps its memory. @returns 0 or -errno. */
  *queue_init(entries: number, options: RingOptions = {}): Steps<number> {
    const sys = this.#sys;
    checkNames("option of queue_init()", options, ["flags", "cq_entries", "sq_thread_idle"]);
    const { flags = 0, cq_entries = 0, sq_thread_idle = 0 } = options;
    const params = sys.buffer(PARAMS_SIZE);
    const view = new DataView(new ArrayBuffer(PARAMS_SIZE));
    const at = (field: FieldName<"IoUringParams">): number => fieldOffset("IoUringParams", field);
    this.#flags = flags | (cq_entries > 0 ? IoringSetup.values.CQSIZE : 0);
    view.setUint32(at("flags"), this.#flags, true);
    view.setUint32(at("cq_entries"), cq_entries, true);
    view.setUint32(at("sq_thread_idle"), sq_thread_idle, true);
    params.set(new Uint8Array(view.buffer));
    const fd = yield* sys.io_uring_setup(entries, params);
    if (fd < 0) return fd;
    const answer = new DataView(params.bytes().buffer);
    this.#sqEntries = answer.getUint32(at("sq_entries"), true);
    this.#cqEntries = answer.getUint32(at("cq_entries"), true);
    const array = answer.getUint32(at("sq_off_array"), true);
    const size = array + this.#sqEntries * 4;
    const rings = yield* sys.mmap(0, size, READ | WRITE, SHARED, fd, IoringOff.values.SQ_RING);
    if (rings < 0) return rings;
    const sqes = yield* sys.mmap(0, this.#sqEntries * SQE_SIZE, READ | WRITE, SHARED, fd, IoringOff.values.SQES);
    if (sqes < 0) return sqes;
    this.#fd = fd;
    this.#rings = rings;
    this.#array = rings + array;
    this.#sqes = sqes;
    return 0;
  }

  /** @throws TypeError  before the ring is made. */
  #made(): number {
    if (this.#fd >= 0) return this.#rings;
    throw new TypeError("the ring is not made yet: yield* ring.queue_init(entries) comes first, and answers 0");
  }

  /** A number of the beginning of the ring, as it stands in memory now. */
  word(field: FieldName<"IoRings">): number {
    const bytes = this.#sys.peek_memory(this.#made() + fieldOffset("IoRings", field), 4);
    return new DataView(bytes.buffer).getUint32(0, true);
  }

  /** Stores a number into the beginning of the ring: programs may store anything anywhere there. */
  set_word(field: FieldName<"IoRings">, value: number): void {
    this.#store32(this.#made() + fieldOffset("IoRings", field), value);
  }

  #store32(address: number, value: number): void {
    this.#sys.memory(address, 4).set(new Uint8Array(Uint32Array.of(value).buffer));
  }

  /** Entries that are prepared or not yet taken. */
  sq_ready(): number {
    return (this.#tail - this.word("sq_head")) >>> 0;
  }

  /** Room for entries. */
  sq_space_left(): number {
    return this.#sqEntries - this.sq_ready();
  }

  /**
   * Puts an entry into the ring's memory.
   *
   * @param index  what the array is to hold, if not the place of the entry.
   * @returns      false if there is no room.
   */
  prep(sqe: SqeLike, index?: number): boolean {
    if (this.sq_space_left() <= 0) return false;
    const slot = this.#tail & (this.#sqEntries - 1);
    this.#sys.memory(this.#sqes + slot * SQE_SIZE, SQE_SIZE).set(encodeSqe(sqe));
    this.#store32(this.#array + slot * 4, index ?? slot);
    this.#tail = (this.#tail + 1) >>> 0;
    return true;
  }

  /** IORING_OP_NOP */
  prep_nop(more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.NOP, fd: -1, ...more });
  }

  /** IORING_OP_READ; an offset of -1 is the file's own position. */
  prep_read(fd: Integer, buf: BufferLike, nbytes: Integer, offset: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.READ, fd, addr: buf, len: nbytes, off: offset, ...more });
  }

  /** IORING_OP_WRITE */
  prep_write(fd: Integer, buf: BufferLike, nbytes: Integer, offset: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.WRITE, fd, addr: buf, len: nbytes, off: offset, ...more });
  }

  /** IORING_OP_RECV */
  prep_recv(fd: Integer, buf: BufferLike, len: Integer, flags: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.RECV, fd, addr: buf, len, op_flags: flags, ...more });
  }

  /** IORING_OP_SEND */
  prep_send(fd: Integer, buf: BufferLike, len: Integer, flags: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.SEND, fd, addr: buf, len, op_flags: flags, ...more });
  }

  /** IORING_OP_ACCEPT */
  prep_accept(fd: Integer, flags: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.ACCEPT, fd, op_flags: flags, ...more });
  }

  /** IORING_OP_SPLICE; an offset of -1 is that of a pipe, or a file's own position. */
  prep_splice(
    fd_in: Integer,
    off_in: Integer,
    fd_out: Integer,
    off_out: Integer,
    nbytes: Integer,
    flags: Integer = 0,
    more: Partial<SqeLike> = {},
  ): boolean {
    const from = { file_index: fd_in, addr: off_in };
    return this.prep({ opcode: OP.SPLICE, fd: fd_out, ...from, off: off_out, len: nbytes, op_flags: flags, ...more });
  }

  /** IORING_OP_POLL_ADD, once. */
  prep_poll_add(fd: Integer, events: Integer, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.POLL_ADD, fd, op_flags: events, ...more });
  }

  /** IORING_OP_POLL_ADD that tells every time. */
  prep_poll_multishot(fd: Integer, events: Integer, more: Partial<SqeLike> = {}): boolean {
    return this.prep_poll_add(fd, events, { len: IoringPoll.values.ADD_MULTI, ...more });
  }

  /** IORING_OP_POLL_REMOVE */
  prep_poll_remove(user_data: Integer, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.POLL_REMOVE, fd: -1, addr: user_data, ...more });
  }

  /** IORING_OP_TIMEOUT; the time is put into memory that belongs to the place of the entry. */
  prep_timeout(time: Timespec, count: Integer = 0, flags: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    if (this.sq_space_left() <= 0) return false;
    const addr = this.#time(time);
    return this.prep({ opcode: OP.TIMEOUT, fd: -1, addr, len: 1, off: count, op_flags: flags, ...more });
  }

  /** IORING_OP_LINK_TIMEOUT: limits the time of the entry before. */
  prep_link_timeout(time: Timespec, flags: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    if (this.sq_space_left() <= 0) return false;
    return this.prep({ opcode: OP.LINK_TIMEOUT, fd: -1, addr: this.#time(time), len: 1, op_flags: flags, ...more });
  }

  /** IORING_OP_ASYNC_CANCEL */
  prep_cancel(user_data: Integer, flags: Integer = 0, more: Partial<SqeLike> = {}): boolean {
    return this.prep({ opcode: OP.ASYNC_CANCEL, fd: -1, addr: user_data, op_flags: flags, ...more });
  }

  /** The time of the next entry: the kernel reads it when it takes the entry, so each place needs one. */
  #time({ sec, nsec }: Timespec): UserBuffer {
    this.#times ??= this.#sys.buffer(this.#sqEntries * TIMESPEC_SIZE);
    const slot = this.#tail & (this.#sqEntries - 1);
    const at = this.#sys.memory(this.#times.address + slot * TIMESPEC_SIZE, TIMESPEC_SIZE);
    return at.set(new Uint8Array(BigInt64Array.of(BigInt(sec), BigInt(nsec)).buffer));
  }

  /**
   * Tells the kernel, in the ring's memory, of the entries that were prepared.
   *
   * @returns  how many it has not taken yet: those that an earlier call left behind are among them.
   */
  flush_sq(): number {
    if (this.#tail !== this.#told) this.set_word("sq_tail", this.#tail);
    this.#told = this.#tail;
    return this.sq_ready();
  }

  /** io_uring_submit(3): with SQPOLL the kernel is entered only if its thread sleeps. @returns number of entries, -errno. */
  *submit(): Steps<number> {
    return yield* this.submit_and_wait(0);
  }

  /** io_uring_submit_and_wait(3) */
  *submit_and_wait(wait_nr: number): Steps<number> {
    this.#made();
    const pending = this.flush_sq();
    let flags = wait_nr > 0 ? IoringEnter.values.GETEVENTS : 0;
    if ((this.#flags & IoringSetup.values.SQPOLL) !== 0) {
      const asleep = (this.word("sq_flags") & IoringSqFlags.values.NEED_WAKEUP) !== 0;
      if (!asleep && wait_nr === 0) return pending;
      if (asleep) flags |= IoringEnter.values.SQ_WAKEUP;
    }
    return yield* this.#sys.io_uring_enter(this.#fd, pending, wait_nr, flags);
  }

  /** Completions that lie in the ring. */
  cq_ready(): number {
    return (this.word("cq_tail") - this.word("cq_head")) >>> 0;
  }

  /** io_uring_peek_cqe(3): the next completion; null: there is none. Does not enter the kernel. */
  peek_cqe(): Cqe | null {
    const head = this.word("cq_head");
    if (this.word("cq_tail") === head) return null;
    const at = this.#rings + RINGS_SIZE + (head & (this.#cqEntries - 1)) * CQE_SIZE;
    const view = new DataView(this.#sys.peek_memory(at, CQE_SIZE).buffer);
    const data64 = view.getBigUint64(0, true);
    return {
      user_data: Number(data64),
      data64,
      res: view.getInt32(8, true),
      flags: view.getUint32(12, true),
    };
  }

  /** io_uring_cqe_seen(3): the next completion's place may be used again. */
  cqe_seen(): void {
    this.set_word("cq_head", (this.word("cq_head") + 1) >>> 0);
  }

  /** io_uring_wait_cqe(3): waits until there is one. @returns it, or -errno. */
  *wait_cqe(): Steps<Cqe | number> {
    for (let cqe = this.peek_cqe(); ; cqe = this.peek_cqe()) {
      if (cqe !== null) return cqe;
      const result = yield* this.#sys.io_uring_enter(this.#fd, 0, 1, IoringEnter.values.GETEVENTS);
      if (result < 0) return result;
    }
  }

  /** All completions that lie in the ring, or so many; their places may be used again. */
  take_cqes(most = this.#cqEntries): Cqe[] {
    const all: Cqe[] = [];
    for (let cqe = this.peek_cqe(); cqe !== null && all.length < most; cqe = this.peek_cqe()) {
      all.push(cqe);
      this.cqe_seen();
    }
    return all;
  }

  /** `IOSQE_IO_LINK` and its like, by name. */
  static readonly flags = IosqeFlags.values;
}
