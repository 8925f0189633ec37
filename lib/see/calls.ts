import { type Kind, SIGNATURES } from "./call-signatures.ts";
import { type UserMemory, renderArgument } from "./call-arguments.ts";
import { enumName } from "./names.ts";
import { errnoName } from "../machine/errno.ts";
import { hex } from "../machine/memory.ts";

export type { UserMemory } from "./call-arguments.ts";

/** Name of an x86-64 system call; `syscall_0x1f4`, as strace writes it, for a number that none has. */
export function callName(number: number): string {
  const name = enumName("Nr", number);
  return name === String(number) ? `syscall_${hex(number >>> 0)}` : name;
}

/** Number of arguments of a system call: 6, if nothing is known of it. */
export function argumentsOf(number: number): number {
  return SIGNATURES[callName(number)]?.length ?? 6;
}

/** Whether the first argument of a system call is the descriptor that it is about. */
export function isAboutDescriptor(number: number): boolean {
  return SIGNATURES[callName(number)]?.[0] === "fd";
}

/** The result of a system call as strace writes it: `3`, or `-1 EAGAIN`. */
export function renderResult(result: number | bigint): string {
  const number = Number(result);
  const name = errnoName(number);
  return name ? `-1 ${name}` : String(result);
}

/** Greatest errno: a result below the negative of it is none. @kernel include/linux/err.h */
const MAX_ERRNO = 4095;

/** Whether a result of 32 bits is an error. */
export function isError(result: number): boolean {
  return result < 0 && result >= -MAX_ERRNO;
}

/** A result from the 32 bits that a trace has of it: of an address, such as that of mmap(), these are the lower ones. */
export function renderTraced(result: number): string {
  return result < 0 && !isError(result) ? `0x…${(result >>> 0).toString(16)}` : renderResult(result);
}

/**
 * A system call without its result, as strace writes it: `read(5, "hello", 64)`.
 *
 * @param call    Name, or x86-64 number.
 * @param args    Its arguments, or more: those that the call does not have are left out.
 * @param user    The program's memory, to show what pointers lead to; without it, they are addresses.
 * @param result  What it returned, for what the kernel has written to the program; without it, nothing yet.
 */
export function callText(
  call: number | string,
  args: readonly (number | bigint)[],
  user?: UserMemory,
  result?: number | bigint,
): string {
  const name = typeof call === "number" ? callName(call) : call;
  const kinds: readonly Kind[] = SIGNATURES[name] ?? ["hex", "hex", "hex", "hex", "hex", "hex"];
  const int = (value: number | bigint) => Number(BigInt.asIntN(32, BigInt(Math.trunc(Number(value)) || 0)));
  const first = int(args[0] ?? 0);
  const written = kinds.slice(0, args.length).map((kind, i) => {
    const next = int(args[i + 1] ?? 0);
    const returned = result === undefined ? undefined : Number(result);
    return renderArgument(kind, args[i]!, { next, first, result: returned, user });
  });
  return `${name}(${written.join(", ")})`;
}

/**
 * A system call as strace writes it: `epoll_ctl(4, EPOLL_CTL_ADD, 5, 0x7fffeffff000) = 0`.
 *
 * @param result  What it returned; without it, the call has not returned yet: `read(5, 0x1000, 64 <unfinished ...>`.
 */
export function renderCall(
  call: number | string,
  args: readonly (number | bigint)[],
  result?: number | bigint,
  user?: UserMemory,
): string {
  const text = callText(call, args, user, result);
  return result === undefined ? text.replace(/\)$/, " <unfinished ...>") : `${text} = ${renderResult(result)}`;
}
