import type { CaseName, Work } from "../types.ts";
import { PIECE } from "../work.ts";
import { chain, type Steps } from "./steps.ts";

/** What is raced with queues and lists. */
export const QUEUE_CASES: readonly CaseName[] = ["queue", "lru"];

/** What is used as a queue. */
export interface LikeQueue {
  push(value: number): unknown;
  shift(): number | undefined;
}

/** A queue's work, by single calls. @param make  makes an empty queue; `capacity` will never be too little. */
export function queueSteps<Q extends LikeQueue>(make: (capacity: number) => Q): Steps<Q> {
  return {
    make({ keys }) {
      const queue = make(capacityOf(keys.length));
      for (const key of keys) queue.push(key);
      return queue;
    },
    run(queue, { probes }, from, to, sum) {
      for (let at = from; at < to;) {
        const end = Math.min(at + PIECE, to);
        for (let i = at; i < end; i++) queue.push(probes[i]!);
        for (; at < end; at++) sum = chain(sum, queue.shift()!);
      }
      return sum;
    },
  };
}

/** A power of two that holds so many elements, and a piece. */
export function capacityOf(size: number): number {
  return 2 ** Math.ceil(Math.log2(size + PIECE));
}

/** A list whose nodes can be moved. */
export interface LikeList<N> {
  push(value: number): N;
  moveToFront(node: N): void;
  last(): number | undefined;
}

/** A list with its nodes, by the index of their keys. */
export interface Listed<N, L> {
  readonly list: L;
  readonly nodes: readonly N[];
}

/** What moves to the front, by single calls. */
export function lruSteps<N, L extends LikeList<N>>(make: () => L): Steps<Listed<N, L>> {
  return {
    make({ keys }) {
      const list = make();
      return { list, nodes: Array.from(keys, (key) => list.push(key)) };
    },
    run: ({ list, nodes }, { probes }, from, to, sum) => {
      for (let i = from; i < to; i++) {
        list.moveToFront(nodes[probes[i]!]!);
        sum = chain(sum, list.last()!);
      }
      return sum;
    },
  };
}

/** The messages of a work, one by one. */
export function messagesOf({ message, size }: Pick<Work, "message" | "size">): readonly Uint8Array[] {
  return Array.from({ length: message.length / size }, (_, i) => message.subarray(i * size, (i + 1) * size));
}

/** What a message that was read adds to the checksum. @param at  Where it begins. */
export function tasteOf(bytes: Uint8Array, at = 0, size: number = bytes.length): number {
  return bytes[at]! + bytes[at + (size >> 1)]! + bytes[at + size - 1]!;
}
