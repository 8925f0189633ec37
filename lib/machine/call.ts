import { layout } from "../layout.gen.ts";
import type { Program } from "./program.ts";

/** A whole number: an argument of a system call. A bigint where 53 bits are not enough. */
export type Integer = number | bigint;

/** What a method of `sys` returns, to be used with `yield*`: the value is what the kernel returned. */
export interface SystemCall<R = number> {
  [Symbol.iterator](): Iterator<PendingCall, R, number>;
}

/** Number of each system call on x86-64, by name. */
export const Nr: Readonly<Record<string, number>> = layout.enums.Nr.values;

const NAMES = new Map(Object.entries(Nr).map(([name, nr]) => [nr, name]));

/** Name of a system call, or its number as text if it has none. */
export function syscallName(nr: number): string {
  return NAMES.get(nr) ?? String(nr);
}

/** Number of a system call given by name or number. @throws TypeError for a name that no call has. */
export function syscallNumber(call: string | number): number {
  if (typeof call === "number") {
    if (!Number.isInteger(call)) throw new TypeError(`a system call has a whole number, not ${call}`);
    return call;
  }
  const nr = Nr[call];
  if (nr === undefined) throw new TypeError(`no system call is called ${call}`);
  return nr;
}

/** PendingCall.nr of what is no system call: work in user mode. */
export const COMPUTE = -1;
/** PendingCall.nr of what is no system call: a load from memory, or a store. */
export const ACCESS = -2;
/** PendingCall.nr of what is no system call: a function of the program's library, whose number is the first register. */
export const LIBRARY = -3;

const LIBRARY_NAMES = new Map<number, string>(
  Object.entries(layout.enums.LibraryCall.values).map(([name, nr]) => [nr, name]),
);

/** How far the program has come with its call. */
const FREE = 0;
const PREPARED = 1;
const MADE = 2;

/**
 * The system call that a program makes: its number and registers.
 *
 * There is one of these for each task, used again for every call, so that a call allocates nothing: it is what the
 * methods of `sys` return, the iterator that `yield*` asks for, and what that hands on to the machine.
 */
export class PendingCall implements Iterator<PendingCall, unknown, number> {
  /** Number of the system call; COMPUTE, whose length in ns is the first register; ACCESS: address and length; LIBRARY: LibraryCall. */
  nr = 0;
  /** The six arguments. */
  readonly registers = new Float64Array(6);
  /** The same with 64 bits, if one of them needs them. */
  wide: BigInt64Array | null = null;
  /** The program of the task that clone() or fork() makes. */
  program: Program | null = null;
  /** Where epoll_wait() puts its events, or poll() its answers: told what the call returned. */
  events: { filled(result: number): void } | null = null;
  /** What is stored, if it is a store. */
  bytes: Uint8Array | null = null;
  /** What the program gets, made from what the kernel returned. Runs in the program's turn. */
  finish: ((result: number) => unknown) | null = null;
  /** What the call has come to without asking the kernel: its scratch memory could not be had. */
  failure = 0;

  #state = FREE;
  readonly #request: IteratorYieldResult<PendingCall> = { done: false, value: this };
  readonly #answer: IteratorReturnResult<unknown> = { done: true, value: 0 };

  [Symbol.iterator](): this {
    return this;
  }

  /** Begins another call. @throws TypeError if the last one was never made. */
  begin(nr: number): this {
    if (this.#state === PREPARED) this.#forgotten();
    this.nr = nr;
    this.wide = null;
    this.program = null;
    this.events = null;
    this.bytes = null;
    this.finish = null;
    this.failure = 0;
    return this;
  }

  /** Sets the arguments. @throws TypeError for one that is no whole number, undefined too if it was given. */
  with(a0: Integer = 0, a1: Integer = 0, a2: Integer = 0, a3: Integer = 0, a4: Integer = 0, a5: Integer = 0): this {
    // Looked at here because a default hides it: events[i].data.df would be descriptor 0.
    for (let i = 0; i < arguments.length; i++) if (arguments[i] === undefined) this.#missing(i);
    const all =
      Number.isSafeInteger(a0) &&
      Number.isSafeInteger(a1) &&
      Number.isSafeInteger(a2) &&
      Number.isSafeInteger(a3) &&
      Number.isSafeInteger(a4) &&
      Number.isSafeInteger(a5);
    if (all) {
      const { registers } = this;
      registers[0] = a0 as number;
      registers[1] = a1 as number;
      registers[2] = a2 as number;
      registers[3] = a3 as number;
      registers[4] = a4 as number;
      registers[5] = a5 as number;
    } else {
      this.#widen([a0, a1, a2, a3, a4, a5]);
    }
    this.#state = PREPARED;
    return this;
  }

  #missing(index: number): never {
    throw new TypeError(`${this.name}(): argument ${index + 1} is undefined, not a whole number`);
  }

  #widen(values: readonly Integer[]): void {
    this.wide = BigInt64Array.from(values, (value, i) => {
      if (typeof value === "bigint") return BigInt.asIntN(64, value);
      if (Number.isSafeInteger(value)) return BigInt(value);
      const what =
        typeof value === "number" ? "write it as a bigint if it is beyond 2^53" : "it takes numbers and bigints";
      throw new TypeError(`${this.name}(): argument ${i + 1} is ${describe(value)}, not a whole number: ${what}`);
    });
  }

  /** Name of the call. */
  get name(): string {
    if (this.nr === ACCESS) return this.bytes === null ? "load" : "store";
    if (this.nr === LIBRARY) return LIBRARY_NAMES.get(this.registers[0]!) ?? "a function of the library";
    return this.nr === COMPUTE ? "compute" : syscallName(this.nr);
  }

  /** Complains about a call that was prepared and not made. */
  check(): void {
    if (this.#state === PREPARED) this.#forgotten();
  }

  #forgotten(): never {
    this.#state = FREE;
    throw new TypeError(`sys.${this.name}() was called without yield*: the call was not made`);
  }

  /** Called by `yield*`: first to get the request, then with the kernel's answer. */
  next(result?: number): IteratorResult<PendingCall, unknown> {
    if (this.#state === PREPARED && this.failure === 0) {
      this.#state = MADE;
      return this.#request;
    }
    const { finish, events } = this;
    const value = this.failure !== 0 ? this.failure : result!;
    this.#state = FREE;
    if (events !== null) events.filled(value);
    this.#answer.value = finish === null ? value : finish(value);
    return this.#answer;
  }
}

/** A value as it is shown in a message. */
export function describe(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" && typeof value !== "string") return String(value as number);
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part));
}

/** @throws TypeError, RangeError for what is no whole number. */
export function checkInteger(what: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  const Mistake = typeof value === "number" ? RangeError : TypeError;
  throw new Mistake(`${what} is a whole number, not ${describe(value)}`);
}

/** @throws TypeError if an object has a member that nobody reads: its name is a slip. */
export function checkNames(what: string, object: object, names: readonly string[]): void {
  if (typeof object !== "object" || object === null) {
    throw new TypeError(`each ${what} stands in an object, not in ${describe(object)}`);
  }
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) throw new TypeError(`no ${what} is called ${name}; there are ${names.join(", ")}`);
  }
}
