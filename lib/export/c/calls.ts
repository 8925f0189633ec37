import { type CallContext, type UserMemory, renderArgument } from "../../see/call-arguments.ts";
import { type Kind, SIGNATURES } from "../../see/call-signatures.ts";
import type { CallEntry } from "../../trace/calls.ts";
import { ProgramError } from "../../errors.ts";
import { callName } from "../../see/calls.ts";
import { POINTERS, type PointerKind, REFUSED_CALLS } from "./refused.ts";
import type { Data } from "./literal.ts";
import { pointedAt } from "./pointers.ts";

/** A system call as C writes it. */
export interface WrittenCall {
  /** The expression. */
  readonly text: string;
  /** What is shown behind its result: `bytes(value)`; empty: nothing. */
  readonly shows: Shows;
  /** How many bytes of its buffer the call may fill. */
  readonly buffer: number;
}

/** What a call has filled in that is shown. */
export type Shows = "nothing" | "bytes" | "events" | "pair" | "polled";

/** Functions of the C library that are called otherwise than the system call that they make. */
const LIBRARY: Readonly<Record<string, string>> = {
  eventfd2: "eventfd",
  pread64: "pread",
  pwrite64: "pwrite",
  newfstatat: "fstatat",
  pselect6: "pselect",
  prlimit64: "prlimit",
};

/** Calls that the C library has, or not in this way: they are made by number. */
const BY_NUMBER: ReadonlySet<string> = new Set(["fadvise64", "readahead", "sync_file_range", "close_range", "tee"]);

/** How many arguments the function of the C library takes, where the system call has more. */
const ARGUMENTS: Readonly<Record<string, number>> = { ppoll: 4, pselect6: 6, epoll_pwait: 5, epoll_pwait2: 5 };

/** Kinds of arguments that are written as strace writes them, which is C. */
const PLAIN: ReadonlySet<Kind> = new Set<Kind>([
  "fd",
  "int",
  "long",
  "size",
  "hex",
  "domain",
  "type",
  "how",
  "operation",
  "open",
  "access",
  "eventfd",
  "epoll",
  "message",
  "command",
  "option",
  "level",
  "whence",
  "range",
  "fadvice",
  "mode",
  "dirfd",
  "resource",
  "clock",
]);

/**
 * Writes a system call in C, with what its pointers lead to.
 *
 * @param user  the task's memory when it made the call.
 * @throws ProgramError saying why it cannot be written.
 */
export function writeCall(call: CallEntry, user: UserMemory, data: Data): WrittenCall {
  const name = callName(call.nr);
  const kinds = SIGNATURES[name];
  const reason = kinds ? REFUSED_CALLS[name] : "it has no name";
  if (reason || !kinds) throw refusal(name, reason ?? "");
  const raw = kinds.map((_, i) => BigInt.asUintN(64, BigInt(call.args[i] ?? 0)));
  const values = raw.map((value) => Number(BigInt.asIntN(64, value)));
  const special: Readonly<Record<number, PointerKind>> = POINTERS[name] ?? {};
  const written = kinds.slice(0, ARGUMENTS[name]).map((kind, i): string => {
    const context: CallContext = { next: Number(values[i + 1] ?? 0), first: values[0]!, result: undefined, user };
    if (PLAIN.has(kind)) return renderArgument(kind, raw[i]!, context).replaceAll("|", " | ");
    const text = pointedAt(special[i] ?? kind, raw[i]!, { next: values[i + 1] ?? 0, first: values[0]!, user, data });
    if (text === null) throw refusal(name, `argument ${i + 1} is an address of the machine`);
    return text;
  });
  for (let i = ARGUMENTS[name] ?? kinds.length; i < kinds.length - 1; i++) {
    if (raw[i] !== 0n && kinds[i] === "pointer") throw refusal(name, "it changes the set of blocked signals");
  }
  if (name === "fcntl" && /_(GETLK|SETLK|SETLKW|OWN_EX)\b/.test(written[1]!)) {
    throw refusal(name, "its argument is an address of the machine");
  }
  const text = BY_NUMBER.has(name)
    ? `syscall(SYS_${[name, ...written].join(", ")})`
    : `${LIBRARY[name] ?? name}(${written.join(", ")})`;
  const fills = kinds.indexOf("buffer");
  return { text, shows: showsOf(kinds), buffer: fills < 0 ? 0 : values[fills + 1]! };
}

function showsOf(kinds: readonly Kind[]): Shows {
  if (kinds.includes("buffer")) return "bytes";
  if (kinds.includes("events")) return "events";
  if (kinds.includes("pair")) return "pair";
  return kinds.includes("pollfds") ? "polled" : "nothing";
}

function refusal(name: string, reason: string): ProgramError {
  return new ProgramError(`${name}() cannot be written in C: ${reason}`);
}
