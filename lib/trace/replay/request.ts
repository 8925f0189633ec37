import { bytesOf, descriptorOf, elementsOf, numberOf, bitsOf } from "../strace/access.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";
import { printValue } from "../strace/print.ts";
import type { RecordedFile } from "./recorded.ts";
import type { SocketAddress } from "../../machine/sockaddr.ts";
import type { Subject } from "./survey.ts";
import type { SubmitArgument } from "../../machine/submission.ts";

/** How what the machine returned differs from what was recorded. */
export interface Difference {
  /** What differs: `the result`, `event 2`. */
  readonly what: string;
  readonly expected: string;
  readonly got: string;
}

/** A recorded call as it is handed to the machine. */
export interface Request {
  /** The system call's name. */
  readonly name: string;
  readonly args: readonly SubmitArgument[];
  /** Compares what the call has written, after its value was compared. */
  readonly check?: (out: readonly Uint8Array<ArrayBuffer>[], value: number) => Difference | null;
  /** What the call has written, in words, if it returned another number than was recorded. */
  readonly describe?: (out: Uint8Array<ArrayBuffer>, value: number) => string;
}

/** Thrown for a call that cannot be handed to the machine; the message says why. */
export class NotSimulated extends Error {}

/** What differs between the recorded machine and this one by its place in the world: addresses, names. */
export interface Surroundings {
  /** Name by which the machine knows a file that was opened. */
  pathOf(file: RecordedFile): string;
  /** Where to bind a socket that was bound to an address. */
  bindAddress(file: RecordedFile | undefined, address: SocketAddress): SocketAddress;
  /** Where to connect to. */
  connectAddress(file: RecordedFile | undefined, address: SocketAddress): SocketAddress;
  /** What the machine is to answer where an address was recorded: of this end, or of the other one. */
  expectedAddress(file: RecordedFile | undefined, end: "local" | "remote", address: SocketAddress): SocketAddress;
  /** The port that the machine is to answer where a port was recorded; `got`: what it has answered. */
  expectedPort(call: StraceCall, port: number, got: number | undefined): number;
}

/** A recorded call, and all that is known about it. */
export interface Recorded {
  readonly call: StraceCall;
  readonly subject: Subject;
  readonly surroundings: Surroundings;
}

/** Payload is not recorded: this stands for every byte of it. */
const FILL = 0x78;
/** More than this is not handed to the machine at once. Unit: bytes. */
const MOST = 64 << 20;

/** The result that was recorded: a value, or -1 with an error's name. */
export function resultOf(call: StraceCall): { value: number; errno: string | null } | null {
  const { result } = call;
  if (result.kind === "error") return { value: -1, errno: result.errno };
  if (result.kind === "restart") return { value: -1, errno: "EINTR" };
  return result.kind === "value" ? { value: Number(result.value), errno: null } : null;
}

/** An argument that is a number. */
export function number(call: StraceCall, index: number): number {
  const value = numberOf(call.args[index]) ?? descriptorOf(call.args[index]);
  if (value === undefined) throw unknownArgument(call, index);
  return value;
}

/** An argument that is a descriptor. */
export function descriptor(call: StraceCall, index = 0): number {
  const fd = descriptorOf(call.args[index]);
  if (fd === undefined) throw unknownArgument(call, index);
  return fd;
}

/** An argument of flags or a constant. */
export function flags(call: StraceCall, index: number, names: Readonly<Record<string, number>>): number {
  const bits = bitsOf(call.args[index], names);
  if (bits === undefined) throw unknownArgument(call, index);
  return bits;
}

function unknownArgument(call: StraceCall, index: number): NotSimulated {
  const value = call.args[index];
  const printed = value === undefined ? "is missing" : `${printValue(value).slice(0, 40)} is not known here`;
  return new NotSimulated(`its argument ${index + 1} ${printed}`);
}

/** Whether a call failed because of an address. */
function faulted(call: StraceCall): boolean {
  return call.result.kind === "error" && call.result.errno === "EFAULT";
}

/** A pointer: null as it is, a bad one as it is, any other one as `place`. */
export function pointer(call: StraceCall, index: number, place: SubmitArgument): SubmitArgument {
  const value = call.args[index];
  if (value?.kind === "null") return 0;
  if (value?.kind === "integer" && faulted(call)) return BigInt(value.value);
  return place;
}

/** Room for what a call reads: not more than it did read, and some, however large the program's buffer was. */
export function room(call: StraceCall, asked: number): { out: number } {
  const result = resultOf(call)?.value ?? 0;
  return { out: checkLength(Math.min(asked, Math.max(0, result) + 65_536)) };
}

/** Bytes that a call writes: what was recorded of them, and filling. */
export function payload(value: StraceValue | undefined, length: number): { in: Uint8Array } {
  const bytes = new Uint8Array(checkLength(length)).fill(FILL);
  const known = bytesOf(value);
  if (known) bytes.set(known.subarray(0, length));
  return { in: bytes };
}

function checkLength(length: number): number {
  if (length <= MOST && length >= 0) return length;
  throw new NotSimulated(`${length} bytes at once are more than the ${MOST} that are replayed`);
}

/** An int as C has it. */
export function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}

/** A long as C has it. */
export function int64(value: number): Uint8Array {
  return new Uint8Array(BigInt64Array.of(BigInt(value)).buffer);
}

/** The only element of `[1]`, before and after the call. */
export function soleElement(value: StraceValue | undefined): StraceValue | undefined {
  const elements = elementsOf(value);
  return elements.length === 1 ? elements[0] : undefined;
}

/** Compares the descriptors that a call wrote. */
export function checkDescriptors(value: StraceValue | undefined, bytes: Uint8Array<ArrayBuffer>): Difference | null {
  const expected = elementsOf(value).map((element) => descriptorOf(element));
  // An array that the recording leaves out cannot be compared.
  if (expected.length !== 2) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const got = [view.getInt32(0, true), view.getInt32(4, true)];
  if (got[0] === expected[0] && got[1] === expected[1]) return null;
  return { what: "the descriptors", expected: `[${expected.join(", ")}]`, got: `[${got.join(", ")}]` };
}

/** A difference, unless two texts are the same. */
export function differ(what: string, expected: string, got: string): Difference | null {
  return expected === got ? null : { what, expected, got };
}
