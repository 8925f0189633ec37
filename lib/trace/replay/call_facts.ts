import {
  annotationOf,
  beforeOf,
  bigintOf,
  elementsOf,
  fieldOf,
  flagNames,
  namedArgument,
  numberOf,
  returned,
  textOf,
} from "../strace/access.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";
import { TRANSFERS } from "./transfers.ts";

/*
 * What the arguments of recorded calls say.
 */

const READS: ReadonlySet<string> = new Set(
  "read readv pread64 preadv preadv2 recv recvfrom recvmsg splice tee".split(" "),
);
const WRITES: ReadonlySet<string> = new Set(
  "write writev pwrite64 pwritev pwritev2 send sendto sendmsg sendfile".split(" "),
);
const FORKS: ReadonlySet<string> = new Set(["clone", "clone3", "fork", "vfork"]);

/** Whether a call takes bytes from its first descriptor. */
export function isRead({ name }: StraceCall): boolean {
  return READS.has(name);
}

/** Whether a flag stands anywhere among the arguments; `ending`: how its name ends, `_CLOEXEC`. */
export function hasFlag(call: StraceCall, ending: string): boolean {
  return call.args.some((arg) => flagNames(arg).some((flag) => flag.endsWith(ending)));
}

/** Whether a call takes bytes that are not there for the next one any more. */
export function isTaking(call: StraceCall): boolean {
  return isRead(call) && call.name !== "tee" && !hasFlag(call, "MSG_PEEK");
}

/** Whether a call puts bytes into its first descriptor. */
export function isWrite({ name }: StraceCall): boolean {
  return WRITES.has(name);
}

/** Whether a call waits for what an eventpoll watches. */
export function isEpollWait({ name }: StraceCall): boolean {
  return name === "epoll_wait" || name === "epoll_pwait" || name === "epoll_pwait2";
}

/** Whether a call makes a task. */
export function isFork({ name }: StraceCall): boolean {
  return FORKS.has(name);
}

/** Whether a call is the last of its task: from its beginning on, the task's descriptors are being closed. */
export function isExit({ name, result }: StraceCall): boolean {
  return (name === "exit" || name === "exit_group") && result.kind !== "value" && result.kind !== "error";
}

/** Whether a call makes two descriptors, which it writes into an array. */
export function isPair({ name }: StraceCall): boolean {
  return name === "pipe" || name === "pipe2" || name === "socketpair";
}

/** The array into which a call writes the descriptors that it makes. */
export function pairArgument(call: StraceCall): StraceValue | undefined {
  return call.args[call.name === "socketpair" ? 3 : 0];
}

/** Whether the new task of clone() or clone3() shares the descriptors of the one that makes it. */
export function sharesTable(call: StraceCall): boolean {
  const flags = namedArgument(call, "flags") ?? fieldOf(call.args[0], "flags");
  return flagNames(flags).includes("CLONE_FILES");
}

/** How many bytes a call was to move at most. */
export function askedBytes(call: StraceCall): number {
  const transfer = TRANSFERS[call.name];
  if (transfer) return numberOf(call.args[transfer.count]) ?? 0;
  const vector = /v2?$/.test(call.name) && call.name !== "recv" ? call.args[1] : fieldOf(call.args[1], "msg_iov");
  if (vector === undefined) return numberOf(call.args[2]) ?? 0;
  return elementsOf(vector).reduce((sum, piece) => sum + (numberOf(fieldOf(piece, "iov_len")) ?? 0), 0);
}

/** Where a call reads or writes that is given a position, not at the file's own; null: it is given none. */
export function positionOf({ name, args }: StraceCall): number | null {
  if (!name.startsWith("p")) return null;
  const at = numberOf(args[3]) ?? 0;
  return at < 0 ? null : at;
}

/** The number that a program attaches to what an eventpoll watches. */
export function dataOf(event: StraceValue | undefined): bigint {
  const data = fieldOf(event, "data");
  return BigInt.asUintN(64, bigintOf(fieldOf(data, "u64")) ?? bigintOf(fieldOf(data, "u32")) ?? 0n);
}

/** The most that a task's name holds; unit: bytes. */
const MOST_NAME = 15;

/** The first program that each task executes: its file's name, without directories. */
export function programsOf(calls: readonly StraceCall[]): Map<number, string> {
  const programs = new Map<number, string>();
  for (const call of calls) {
    if (!call.name.startsWith("exec") || programs.has(call.pid) || returned(call) !== 0) continue;
    const name = textOf(beforeOf(call.args[call.name === "execveat" ? 1 : 0]))
      ?.split("/")
      .at(-1);
    if (name) programs.set(call.pid, name.slice(0, MOST_NAME));
  }
  return programs;
}

/** The name that a call opens, from the root: a relative one begins at the directory that strace names. */
export function pathOf(call: StraceCall): string {
  const at = call.name.startsWith("openat") ? 1 : 0;
  const path = textOf(beforeOf(call.args[at])) ?? "";
  const directory = at === 1 ? annotationOf(call.args[0]) : undefined;
  if (path.startsWith("/") || directory?.kind !== "file") return path;
  return `${directory.path}/${path}`.replaceAll("/./", "/");
}
