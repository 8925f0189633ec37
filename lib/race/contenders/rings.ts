import type { CaseName, Work } from "../types.ts";
import { MESSAGES, MESSAGES_IN_RING } from "../work.ts";
import { messagesOf, tasteOf } from "./queues.ts";
import { chain, type Steps } from "./steps.ts";

/** What is raced with rings in one thread. */
export const RING_CASES: readonly CaseName[] = ["ring-bytes", "ring-records"];

/** Batches of messages are not larger, if they are of more than one. Unit: bytes. */
const BATCH_BYTES = 1 << 16;

/** What messages of one size go through. What is read must not change when the writer uses its memory again. */
export interface LikeRing {
  write(message: Uint8Array): unknown;
  /** The next message, here or in `into`. */
  read(into: Uint8Array): Uint8Array;
}

/** A ring with what goes through it. */
export interface Filled<R> {
  readonly ring: R;
  readonly messages: readonly Uint8Array[];
  readonly into: Uint8Array;
}

/** Bytes that a ring for messages of this size has: a power of two. */
export function ringBytes(size: number): number {
  return 2 ** Math.ceil(Math.log2(size * MESSAGES_IN_RING));
}

/** A ring's work, message by message. */
export function ringSteps<R extends LikeRing>(make: (work: Work) => R, end?: (ring: R) => void): Steps<Filled<R>> {
  return {
    make: (work) => ({ ring: make(work), messages: messagesOf(work), into: new Uint8Array(work.size) }),
    run({ ring, messages, into }, _work, from, to, sum) {
      for (let i = from; i < to; i++) {
        ring.write(messages[i % MESSAGES]!);
        sum = chain(sum, tasteOf(ring.read(into)));
      }
      return sum;
    },
    ...(end && { end: ({ ring }) => end(ring) }),
  };
}

/** What takes whole messages by reference: it is given a copy, as the writer uses its memory again. */
export function slices(queue: { push(message: Uint8Array): unknown; shift(): Uint8Array | undefined }): LikeRing {
  return { write: (message) => queue.push(message.slice()), read: () => queue.shift()! };
}

/** What takes many messages at a time. */
export interface ManyAtOnce {
  writeMany(messages: readonly Uint8Array[]): unknown;
  /** Fills all of them. */
  readMany(into: readonly Uint8Array[]): unknown;
}

/** A ring with what goes through it, many messages at a time. */
interface ManyFilled<R> {
  readonly ring: R;
  readonly messages: readonly Uint8Array[];
  readonly into: readonly Uint8Array[];
}

/** Messages that are sent at a time: large ones in batches that caches hold. */
function atOnce(size: number): number {
  return Math.max(1, Math.min(MESSAGES_IN_RING, Math.floor(BATCH_BYTES / size)));
}

/** A ring's work, many messages at a time. */
export function manySteps<R extends ManyAtOnce>(make: (work: Work) => R, end: (ring: R) => void): Steps<ManyFilled<R>> {
  return {
    make(work) {
      const [different, length] = [messagesOf(work), atOnce(work.size)];
      return {
        ring: make(work),
        // So many that any of the different ones can be the first.
        messages: Array.from({ length: length + MESSAGES }, (_, i) => different[i % MESSAGES]!),
        into: Array.from({ length }, () => new Uint8Array(work.size)),
      };
    },
    run({ ring, messages, into }, _work, from, to, sum) {
      for (let at = from; at < to; at += into.length) {
        const [first, count] = [at % MESSAGES, Math.min(into.length, to - at)];
        const got = count === into.length ? into : into.slice(0, count);
        ring.writeMany(messages.slice(first, first + count));
        ring.readMany(got);
        for (const message of got) sum = chain(sum, tasteOf(message));
      }
      return sum;
    },
    end: ({ ring }) => end(ring),
  };
}
