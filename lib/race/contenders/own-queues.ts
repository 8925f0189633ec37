import type { LinkedList, ListNode } from "../../structures/linked-list.ts";
import type { RecordRing } from "../../structures/record-ring.ts";
import type { Contender, Work } from "../types.ts";
import { MESSAGES, MESSAGES_IN_RING, PIECE } from "../work.ts";
import { insideList, insideRing } from "./inside-queues.ts";
import { QUEUE_CASES, capacityOf, lruSteps, messagesOf, queueSteps, tasteOf, type Listed } from "./queues.ts";
import { RING_CASES, manySteps, ringBytes, ringSteps } from "./rings.ts";
import { chain, contender, stepsRunner, type Steps } from "./steps.ts";

/** A queue of numbers that takes many at a time. */
interface Pieces {
  pushMany(values: Int32Array): unknown;
  /** Takes as many as there is room for. */
  take(into: Int32Array): unknown;
  /** Memory of it. Unit: bytes. */
  bytes(): number;
  end(): void;
}

/** A queue's work, piece by piece. */
function pieceSteps(make: (capacity: number) => Pieces): Steps<Pieces & { readonly into: Int32Array }> {
  return {
    make({ keys }) {
      const queue = make(capacityOf(keys.length));
      queue.pushMany(keys);
      return { ...queue, into: new Int32Array(PIECE) };
    },
    run(queue, { probes }, from, to, sum) {
      for (let at = from; at < to; at += PIECE) {
        const end = Math.min(at + PIECE, to);
        const got = queue.into.subarray(0, end - at);
        queue.pushMany(probes.subarray(at, end));
        queue.take(got);
        for (let i = 0; i < got.length; i++) sum = chain(sum, got[i]!);
      }
      return sum;
    },
    bytes: (queue) => queue.bytes(),
    end: (queue) => queue.end(),
  };
}

/** A list of numbers as a queue, many at a time. */
function listPieces(make: () => LinkedList<number>): () => Pieces {
  return () => {
    const list = make();
    return {
      pushMany: (values) => list.pushMany(values),
      take: (into) => list.shiftInto(into),
      bytes: () => list.bytes,
      end: () => list[Symbol.dispose](),
    };
  };
}

/** A ring of numbers as a queue, many at a time. */
function ringPieces(make: (capacity: number) => RecordRing<"int32">): (capacity: number) => Pieces {
  return (capacity) => {
    const ring = make(capacity);
    return {
      pushMany: (values) => ring.pushMany(values),
      take: (into) => ring.shiftMany(into),
      bytes: () => ring.bytes,
      end: () => ring[Symbol.dispose](),
    };
  };
}

const disposed = { end: (structure: Disposable) => structure[Symbol.dispose]() };

/** The structures of this package that are queues, lists and rings. */
export const OWN_QUEUES: readonly Contender[] = [
  contender(
    {
      id: "linked-list",
      title: "LinkedList",
      kind: "wasm",
      isSubject: true,
      about: {
        en: "the kernel's doubly linked list in WebAssembly; its numbers lie in its nodes",
        "zh-CN": "内核的双向链表，运行在 WebAssembly 里；数字放在节点中",
      },
      cases: QUEUE_CASES,
      modes: ["call", "batch", "inside"],
    },
    async () => {
      const { LinkedList, linkedList } = await import("../../structures/linked-list.ts");
      const make = () => new LinkedList<number>({ values: "int32" });
      const bytes = (list: LinkedList<number>) => list.bytes;
      const queue = { ...queueSteps(make), ...disposed, bytes };
      const lru = lruSteps<ListNode, LinkedList<number>>(make);
      const lruEnds = { bytes: lruBytes, end: ({ list }: Listed<ListNode, LinkedList<number>>) => disposed.end(list) };
      return {
        version: null,
        makers: {
          queue: {
            call: () => stepsRunner(queue, false, true),
            batch: () => stepsRunner(pieceSteps(listPieces(make)), false, false),
            inside: () => insideList(linkedList, "queue"),
          },
          lru: {
            call: () => stepsRunner({ ...lru, ...lruEnds }, false, true),
            inside: () => insideList(linkedList, "lru"),
          },
        },
      };
    },
  ),
  contender(
    {
      id: "record-ring",
      title: "RecordRing",
      kind: "wasm",
      about: {
        en: "a ring of a fixed size in WebAssembly memory, as the kernel's kfifo; single calls do not cross to it",
        "zh-CN": "WebAssembly 内存里大小固定的环，如同内核的 kfifo；单次调用不跨越边界",
      },
      cases: ["queue", "ring-records"],
      modes: ["call", "batch", "inside"],
    },
    async () => {
      const { RecordRing } = await import("../../structures/record-ring.ts");
      const { ringBuffer } = await import("../../structures/ring-place.ts");
      const numbers = (capacity: number) => new RecordRing({ capacity, record: "int32" });
      const queue = { ...queueSteps(numbers), ...disposed, bytes: (ring: RecordRing<"int32">) => ring.bytes };
      const blocks = ({ size }: Work) => {
        const ring = new RecordRing({ capacity: MESSAGES_IN_RING, record: size });
        const read = (into: Uint8Array) => {
          ring.shiftMany(into);
          return into;
        };
        return { write: (message: Uint8Array) => ring.push(message), read, end: () => disposed.end(ring) };
      };
      return {
        version: null,
        makers: {
          queue: {
            call: () => stepsRunner(queue, false, true),
            batch: () => stepsRunner(pieceSteps(ringPieces(numbers)), false, false),
          },
          "ring-records": {
            call: () =>
              stepsRunner(
                ringSteps(blocks, (ring) => ring.end()),
                true,
                true,
              ),
            batch: () => stepsRunner(recordSteps(RecordRing), true, false),
            inside: () => insideRing(ringBuffer, true),
          },
        },
      };
    },
  ),
  contender(
    {
      id: "ring-buffer",
      title: "RingBuffer",
      kind: "wasm",
      isSubject: true,
      about: {
        en: "a ring of bytes in WebAssembly memory, as the kernel's kfifo; single calls do not cross to it",
        "zh-CN": "WebAssembly 内存里的字节环，如同内核的 kfifo；单次调用不跨越边界",
      },
      cases: RING_CASES,
      modes: ["call", "batch", "inside"],
    },
    async () => {
      const { RingBuffer } = await import("../../structures/ring-buffer.ts");
      const { ringBuffer } = await import("../../structures/ring-place.ts");
      const make = ({ size }: Work) => new RingBuffer({ capacity: ringBytes(size) });
      const single = (work: Work) => {
        const ring = make(work);
        const read = (into: Uint8Array) => {
          ring.read(into);
          return into;
        };
        return { write: (message: Uint8Array) => ring.write(message), read, end: () => disposed.end(ring) };
      };
      const runners = {
        call: () =>
          stepsRunner(
            ringSteps(single, (ring) => ring.end()),
            true,
            true,
          ),
        batch: () => stepsRunner(manySteps(make, disposed.end), true, false),
        inside: () => insideRing(ringBuffer, false),
      };
      return { version: null, makers: { "ring-bytes": runners, "ring-records": runners } };
    },
  ),
];

/** Memory of a list with the numbers of its nodes, of 8 bytes each. */
function lruBytes({ list, nodes }: Listed<ListNode, LinkedList<number>>): number {
  return list.bytes + 8 * nodes.length;
}

/** A ring of blocks, with as many blocks one behind the other as it holds. */
interface Blocks {
  readonly ring: RecordRing<number>;
  readonly messages: Uint8Array;
  readonly into: Uint8Array;
}

/** The work of a ring of blocks, as many at a time as it holds. */
function recordSteps(Ring: typeof RecordRing): Steps<Blocks> {
  return {
    make(work) {
      const { size } = work;
      const messages = new Uint8Array(size * MESSAGES_IN_RING);
      for (let i = 0; i < MESSAGES_IN_RING; i++) messages.set(messagesOf(work)[i % MESSAGES]!, i * size);
      const ring = new Ring<number>({ capacity: MESSAGES_IN_RING, record: size });
      return { ring, messages, into: new Uint8Array(messages.length) };
    },
    run({ ring, messages, into }, { size }, from, to, sum) {
      for (let at = from; at < to; at += MESSAGES_IN_RING) {
        const count = Math.min(MESSAGES_IN_RING, to - at);
        ring.pushMany(count === MESSAGES_IN_RING ? messages : messages.subarray(0, count * size));
        ring.shiftMany(into);
        for (let i = 0; i < count; i++) sum = chain(sum, tasteOf(into, i * size, size));
      }
      return sum;
    },
    end: ({ ring }) => disposed.end(ring),
  };
}
