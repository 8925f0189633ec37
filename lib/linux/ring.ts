import { resultName } from "./abi.ts";
import type { Buffer, Call } from "./program.ts";

/* Rings of io_uring on both machines, and how they are written down: addresses are left out, because they differ. */

/** What a program asks of a ring: the fields of struct io_uring_sqe. Those left out are 0. */
export interface SqeFields {
  readonly opcode: number;
  readonly flags?: number;
  readonly ioprio?: number;
  readonly fd?: number;
  readonly off?: number | Buffer;
  /** A text is a path. */
  readonly addr?: number | Buffer | string;
  readonly len?: number;
  readonly op_flags?: number;
  readonly user_data?: number | bigint;
  readonly buf_index?: number;
  readonly personality?: number;
  readonly file_index?: number;
  /** Not a field: what the array is to hold, if not the place of the entry. */
  readonly index?: number;
}

/** A completion. */
export interface Completion {
  readonly data64: bigint;
  readonly res: number;
  readonly flags: number;
}

/** What a ring is made with. */
export interface RingOptions {
  readonly flags?: number;
  readonly cq_entries?: number;
  readonly sq_thread_idle?: number;
}

/** A number that program and kernel share, at the beginning of a ring. */
export type RingWord = "sq_head" | "sq_tail" | "cq_head" | "cq_tail" | "sq_flags" | "sq_dropped" | "cq_overflow";

/** A ring with the memory that it shares. */
export interface Ring {
  readonly fd: number;
  readonly sq_entries: number;
  readonly cq_entries: number;
}

/** What a program may call. The methods that begin with `ring_` are not system calls but look at memory. */
export interface RingCalls {
  /** A ring that is not made yet. */
  ring(): Ring;
  /** io_uring_setup(2), and maps the memory. */
  ring_init(ring: Ring, entries: number, options?: RingOptions): Call;
  /** Puts entries into the ring. @returns how many there was room for. */
  ring_prep(ring: Ring, ...entries: SqeFields[]): Call;
  /** A number at the beginning of the ring. */
  ring_word(ring: Ring, word: RingWord): Call;
  /** Stores one. */
  ring_store(ring: Ring, word: RingWord, value: number): Call;
  /** Takes so many completions, or all. @returns how many there were. */
  ring_cqes(ring: Ring, taken: Completion[], most?: number): Call;
  io_uring_setup(entries: number, params: number | Buffer): Call;
  io_uring_enter(
    fd: number,
    to_submit: number,
    min_complete: number,
    flags: number,
    sig?: number | Buffer | null,
    size?: number,
  ): Call;
  io_uring_register(fd: number, opcode: number, arg: number | Buffer | null, nr_args: number): Call;
}

/** Names of requests, by number. */
const OPCODES: readonly string[] =
  `NOP READV WRITEV FSYNC READ_FIXED WRITE_FIXED POLL_ADD POLL_REMOVE SYNC_FILE_RANGE SENDMSG RECVMSG TIMEOUT TIMEOUT_REMOVE
  ACCEPT ASYNC_CANCEL LINK_TIMEOUT CONNECT FALLOCATE OPENAT CLOSE FILES_UPDATE STATX READ WRITE FADVISE MADVISE SEND RECV
  OPENAT2 EPOLL_CTL SPLICE PROVIDE_BUFFERS REMOVE_BUFFERS TEE SHUTDOWN`.split(/\s+/);
const NAMES = new Map<number, string>([...OPCODES.entries(), [45, "SOCKET"], [59, "EPOLL_WAIT"]]);

function fieldText(value: number | bigint | string | Buffer): string {
  return typeof value === "object" ? `buffer(${value.length})` : String(value);
}

/** An argument of these calls; undefined: it is written as any other. */
export function ringArgument(call: string, value: object, position: number): string | undefined {
  if (!call.startsWith("ring_")) return undefined;
  if (position === 0) return "ring";
  if (Array.isArray(value)) return "cqes";
  if (!("opcode" in value)) return undefined;
  const { opcode, ...rest } = value as SqeFields;
  const shown = Object.entries(rest).map(([name, field]) => `${name} ${fieldText(field as number)}`);
  return `${NAMES.get(opcode) ?? opcode}{${shown.join(" ")}}`;
}

/** What these calls have stored; undefined: it is another call. */
export function ringStored(call: string, output: object): string | undefined {
  if (call === "ring_init") {
    const { sq_entries, cq_entries } = output as Ring;
    return ` ${sq_entries} entries, ${cq_entries} completions`;
  }
  if (call === "io_uring_setup") {
    const { buffer, byteOffset } = (output as Buffer).bytes();
    return ` [${Array.from(new Uint32Array(buffer, byteOffset, 30)).join(" ")}]`;
  }
  if (call !== "ring_cqes") return undefined;
  const flagged = (flags: number) => (flags === 0 ? "" : ` flags ${flags}`);
  const all = (output as Completion[]).map(
    ({ data64, res, flags }) => `${data64}: ${resultName(res)}${flagged(flags)}`,
  );
  return ` [${all.join(", ")}]`;
}
