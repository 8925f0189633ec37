import { type Integer, describe } from "./call.ts";

/** Where an argument is to lie. */
export interface Placement {
  /** True: so that it ends at a page that is not mapped. */
  readonly atEnd?: boolean;
}

/**
 * Bytes that a call reads: they are put into the task's memory for it. With `back`, the call writes them as well, and
 * they are given back as an `{ out }` argument is.
 */
export type InArgument = { readonly in: Uint8Array | string; readonly back?: boolean } & Placement;
/** Room for bytes that a call writes: they are given back when it is done. */
export type OutArgument = { readonly out: number } & Placement;
/** An array of struct iovec with its pieces. */
export interface IoVectorArgument {
  readonly iov: readonly (InArgument | OutArgument)[];
}

/** A struct msghdr with its pieces, without an address and control data. */
export interface MessageArgument {
  readonly message: readonly (InArgument | OutArgument)[];
}

/** An argument of a system call that comes from outside. */
export type SubmitArgument = Integer | InArgument | OutArgument | IoVectorArgument | MessageArgument;

/** A call that has come to an end. */
export interface Completion {
  readonly done: true;
  /** What the kernel returned. */
  readonly value: number;
  /** What lies in the `{ out }` arguments now, in their order. */
  readonly out: readonly Uint8Array<ArrayBuffer>[];
}

/** What submit() returns: the call is done, or its task sleeps in it. */
export type Submission = Completion | { readonly done: false };

/** @throws TypeError, RangeError for what is no argument of a call from outside. */
export function checkArgument(call: string, position: number, argument: unknown): void {
  if (typeof argument === "bigint" || Number.isSafeInteger(argument) || isPiece(argument)) return;
  const { iov, message = iov } = (argument ?? {}) as { iov?: unknown; message?: unknown };
  if (Array.isArray(message) && message.every(isPiece)) return;
  const Mistake = typeof argument === "number" ? RangeError : TypeError;
  throw new Mistake(
    `${call}(): argument ${position} is ${describe(argument)}; it takes a whole number, a bigint, ` +
      "{ in: bytes }, { out: length }, or { iov } or { message } with a list of those two",
  );
}

function isPiece(value: unknown): value is InArgument | OutArgument {
  if (typeof value !== "object" || value === null) return false;
  if ("in" in value) return typeof value.in === "string" || value.in instanceof Uint8Array;
  return "out" in value && typeof value.out === "number";
}
