import type { InArgument, OutArgument, SubmitArgument } from "../machine/submission.ts";
import type { Integer } from "../machine/call.ts";

/** Version of the protocol, which a client may ask for. */
export const PROTOCOL_VERSION = 1;
/** Longest message. Unit: bytes. */
export const MAX_MESSAGE = 32 << 20;
/** Most memory that the arguments of one call may take. Unit: bytes. */
export const MAX_ARGUMENTS = 16 << 20;
/** Most arguments of a system call. */
const MAX_REGISTERS = 6;
/** Most pieces of one argument. @kernel UIO_MAXIOV */
const MAX_PIECES = 1024;

/** What a client asks for. */
export type Request =
  | {
      readonly op: "hello";
      readonly name: string;
      /** The task that the new one descends from; null: it gets tables of its own. */
      readonly parent: number | null;
      readonly files: "shared" | "copied";
      /** A task that is there already, from a fork(); null: a new one. */
      readonly task: number | null;
      readonly nofile: number | null;
    }
  | { readonly op: "call"; readonly call: string | number; readonly args: readonly SubmitArgument[] }
  | { readonly op: "reserve"; readonly fd: number }
  | { readonly op: "signal"; readonly task: number | null; readonly signo: number }
  | { readonly op: "clock"; readonly holds: boolean }
  | { readonly op: "now" }
  | { readonly op: "exit"; readonly code: number };

/** Thrown for a message that cannot be followed; says what was expected. */
export class ProtocolError extends Error {
  /** The number that the client gave its message; null if it is not known. */
  readonly id: number | null;

  constructor(message: string, id: number | null = null) {
    super(message);
    this.id = id;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const OPERATIONS: Readonly<Record<Request["op"], { fields: readonly string[]; read: (fields: Fields) => Request }>> = {
  hello: { fields: ["version", "name", "parent", "files", "task", "nofile"], read: hello },
  call: { fields: ["call", "args"], read: call },
  reserve: { fields: ["fd"], read: (fields) => ({ op: "reserve", fd: whole(fields, "fd", 0, 0x7fff_ffff) }) },
  signal: { fields: ["task", "signo"], read: signal },
  clock: { fields: ["holds"], read: (fields) => ({ op: "clock", holds: truth(fields, "holds") }) },
  now: { fields: [], read: () => ({ op: "now" }) },
  exit: { fields: ["code"], read: (fields) => ({ op: "exit", code: optional(fields, "code", 0, 255) ?? 0 }) },
};

/**
 * Reads a message.
 *
 * @returns  the client's number for it, and what it asks for.
 * @throws ProtocolError  for anything else than the protocol says.
 */
export function readMessage(text: string): { id: number; request: Request } {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError(`a message is one JSON object on a line of its own, not ${clipped(text)}`);
  }
  if (typeof message !== "object" || message === null || Array.isArray(message)) {
    throw new ProtocolError(`a message is a JSON object, not ${shown(message)}`);
  }
  const fields = message as Fields;
  const { id } = fields;
  if (!Number.isSafeInteger(id)) throw new ProtocolError(`id is a whole number, not ${shown(id)}`);
  try {
    return { id: id as number, request: readRequest(fields) };
  } catch (error) {
    if (error instanceof ProtocolError) throw new ProtocolError(error.message, id as number);
    throw error;
  }
}

function readRequest(fields: Fields): Request {
  const { op } = fields;
  if (typeof op !== "string" || !Object.hasOwn(OPERATIONS, op)) {
    throw new ProtocolError(`op is one of ${Object.keys(OPERATIONS).join(", ")}, not ${shown(op)}`);
  }
  const operation = OPERATIONS[op as Request["op"]];
  const known = ["id", "op", ...operation.fields];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ProtocolError(`${op} has ${known.join(", ")}, but not ${shown(unknown)}`);
  return operation.read(fields);
}

function hello(fields: Fields): Request {
  const version = fields["version"] ?? PROTOCOL_VERSION;
  if (version !== PROTOCOL_VERSION) throw new ProtocolError(`version is ${PROTOCOL_VERSION}, not ${shown(version)}`);
  const { name = "client", files = "copied" } = fields;
  if (typeof name !== "string") throw new ProtocolError(`name is a text, not ${shown(name)}`);
  if (files !== "shared" && files !== "copied") {
    throw new ProtocolError(`files is "shared" or "copied", not ${shown(files)}`);
  }
  const [parent, task] = [optional(fields, "parent", 1, 0x7fff_ffff), optional(fields, "task", 1, 0x7fff_ffff)];
  const nofile = optional(fields, "nofile", 0, 0x7fff_ffff);
  return { op: "hello", name, parent, files, task, nofile };
}

function signal(fields: Fields): Request {
  return { op: "signal", task: optional(fields, "task", 1, 0x7fff_ffff), signo: whole(fields, "signo", 1, 64) };
}

function call(fields: Fields): Request {
  const { call: name, args = [] } = fields;
  if (
    typeof name !== "string" &&
    !(Number.isInteger(name) && (name as number) >= 0 && (name as number) < 0x8000_0000)
  ) {
    throw new ProtocolError(`call is the name or the number of a system call, not ${shown(name)}`);
  }
  if (!Array.isArray(args) || args.length > MAX_REGISTERS) {
    throw new ProtocolError(`args is a list of at most ${MAX_REGISTERS} arguments, not ${shown(args)}`);
  }
  const room = new Room();
  return {
    op: "call",
    call: name as string | number,
    args: args.map((value: unknown, i) => argument(value, i + 1, room)),
  };
}

/** Counts the memory that arguments take. */
class Room {
  #bytes = 0;

  take(bytes: number): number {
    this.#bytes += bytes;
    if (this.#bytes <= MAX_ARGUMENTS) return bytes;
    throw new ProtocolError(`the arguments of a call take at most ${MAX_ARGUMENTS} bytes`);
  }
}

function argument(value: unknown, position: number, room: Room): SubmitArgument {
  const number = integer(value);
  if (number !== undefined) return number;
  const { iov, message } = (value ?? {}) as { iov?: unknown; message?: unknown };
  if (iov !== undefined) return { iov: pieces(iov, position, room) };
  if (message !== undefined) return { message: pieces(message, position, room) };
  return piece(value, position, room);
}

function pieces(value: unknown, position: number, room: Room): (InArgument | OutArgument)[] {
  if (Array.isArray(value) && value.length <= MAX_PIECES) {
    return value.map((one: unknown) => piece(one, position, room));
  }
  throw new ProtocolError(`argument ${position}: a list of at most ${MAX_PIECES} pieces, not ${shown(value)}`);
}

function piece(value: unknown, position: number, room: Room): InArgument | OutArgument {
  const { in: text, out, back = false, atEnd = false } = (value ?? {}) as Fields;
  if (typeof back === "boolean" && typeof atEnd === "boolean") {
    if (typeof text === "string") return { in: bytesOf(text, position, room), back, atEnd };
    if (Number.isSafeInteger(out) && (out as number) >= 0) return { out: room.take(out as number), atEnd };
  }
  throw new ProtocolError(
    `argument ${position} is ${shown(value)}; it is a whole number (beyond 2^53 as decimal text), { "in": base64 }, ` +
      '{ "out": length }, or { "iov" } or { "message" } with a list of those two',
  );
}

function bytesOf(text: string, position: number, room: Room): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    throw new ProtocolError(`argument ${position}: bytes are base64, not ${shown(text)}`);
  }
  const bytes = Buffer.from(text, "base64");
  room.take(bytes.length);
  return new Uint8Array(bytes);
}

/** A number, or decimal text for one beyond 2^53; undefined for anything else. */
function integer(value: unknown): Integer | undefined {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value;
  if (typeof value !== "string" || !/^-?\d{1,20}$/.test(value)) return undefined;
  const big = BigInt(value);
  return big >= -(1n << 63n) && big < 1n << 64n ? big : undefined;
}

function whole(fields: Fields, name: string, least: number, most: number): number {
  const value = fields[name];
  if (Number.isInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  throw new ProtocolError(`${name} is a whole number from ${least} to ${most}, not ${shown(value)}`);
}

function optional(fields: Fields, name: string, least: number, most: number): number | null {
  return fields[name] === undefined || fields[name] === null ? null : whole(fields, name, least, most);
}

function truth(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value === "boolean") return value;
  throw new ProtocolError(`${name} is true or false, not ${shown(value)}`);
}

/** A value as an error shows it. */
function shown(value: unknown): string {
  return value === undefined ? "nothing" : clipped(JSON.stringify(value));
}

function clipped(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}
