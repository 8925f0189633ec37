import type { EventName } from "../machine/records.ts";
import type { Struct } from "./notation.ts";
import { userAddress } from "../see/user-address.ts";

/** What the log needs of a record of the trace. */
interface LogRecord {
  readonly event: EventName;
  readonly args: readonly number[];
}

/** Writes what a C++ program does, line by line, as the printed program does when it is run to be compared. */
class Log {
  readonly lines: string[] = [];
  readonly #structs: readonly Struct[];
  #base: number | null = null;

  constructor(structs: readonly Struct[]) {
    this.#structs = structs;
  }

  /** An address, from the program's first allocation on. */
  #at([low = 0, high = 0]: readonly number[]): string {
    const at = userAddress(low, high);
    this.#base ??= at;
    return String(at - this.#base);
  }

  take({ event, args }: LogRecord): void {
    const [first = 0, , third = 0] = args;
    const type = this.#structs[third]?.name ?? "";
    if (event === "operator_new_return") this.lines.push(`new ${third} ${this.#at(args)}`);
    if (event === "operator_delete") this.lines.push(`delete ${third} ${this.#at(args)}`);
    if (event === "cpp_constructor") this.lines.push(`${type}() ${this.#at(args)}`);
    if (event === "cpp_destructor") this.lines.push(`~${type}() ${this.#at(args)}`);
    if (event === "cpp_deleter") this.lines.push(`deleter ${this.#at(args)}`);
    if (event === "use_count") this.lines.push(`use_count ${first}`);
    if (event === "expired") this.lines.push(`expired ${first}`);
  }
}

/**
 * What a C++ program did, line by line: `new 48 0`, `Node() 16`, `~Node() 16`, `delete 48 0`, `use_count 2`, `deleter 64`.
 * The last number of a line is an address, from the program's first allocation on.
 *
 * @param records  of the program's run.
 */
export function cppLog(records: Iterable<LogRecord>, structs: readonly Struct[]): string[] {
  const log = new Log(structs);
  for (const record of records) log.take(record);
  return log.lines;
}

/** Memory that a program has allocated and not given back. */
export interface Leak {
  /** Where it is, from the program's first allocation on. */
  readonly address: number;
  /** Unit: bytes. */
  readonly bytes: number;
}

/** What leaks, by a program's whole log: in the order in which it was allocated. */
export function leaksOf(lines: readonly string[]): Leak[] {
  const live = new Map<number, Leak>();
  for (const line of lines) {
    const [what, bytes, at] = line.split(" ");
    if (what === "new") live.set(Number(at), { address: Number(at), bytes: Number(bytes) });
    if (what === "delete") live.delete(Number(at));
  }
  return [...live.values()];
}
