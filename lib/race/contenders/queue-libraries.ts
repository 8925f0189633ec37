import type { Yallist, Node as YallistNode } from "yallist";
import type { CaseName, Contender } from "../types.ts";
import { lruSteps, queueSteps, type LikeList, type LikeQueue } from "./queues.ts";
import { MESSAGES_IN_RING } from "../work.ts";
import { RING_CASES, ringSteps, slices } from "./rings.ts";
import { contender, stepsRunner, type Makers } from "./steps.ts";

/** What a library's queue of anything looks like. */
interface AnyQueue<V> {
  push(value: V): unknown;
  shift(): V | undefined;
}

/** The makers of a queue of anything: of numbers, and of messages, of which it gets copies. */
function makersOf(make: <V>(capacity: number) => AnyQueue<V>, cases: readonly CaseName[]): Makers {
  const queue = queueSteps<LikeQueue>((capacity) => make<number>(capacity));
  const ring = ringSteps(() => slices(make<Uint8Array>(MESSAGES_IN_RING)));
  const ofRing = { call: () => stepsRunner(ring, true, true) };
  return {
    ...(cases.includes("queue") && { queue: { call: () => stepsRunner(queue, false, true) } }),
    ...(cases.includes("ring-bytes") && { "ring-bytes": ofRing, "ring-records": ofRing }),
  };
}

interface Said {
  readonly id: string;
  readonly title: string;
  readonly about: Contender["about"];
  readonly cases: readonly CaseName[];
}

/** A named package. @param load  What it throws when the package is not there means just that. */
function library(
  said: Said,
  load: () => Promise<{ readonly makers: Makers; readonly version: string | null }>,
): Contender {
  const install = `npm install ${said.title.split(" ")[0]}`;
  return contender({ ...said, kind: "library", modes: ["call"], install }, () =>
    load().catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return null;
      throw error;
    }),
  );
}

/** The version of mnemonist, which does not export its package.json: Node can read it, a page cannot. */
function mnemonistVersion(): string | null {
  const { createRequire } = globalThis.process?.getBuiltinModule?.("node:module") ?? {};
  const { readFileSync } = globalThis.process?.getBuiltinModule?.("node:fs") ?? {};
  if (!createRequire || !readFileSync) return null;
  const entry = createRequire(import.meta.url).resolve("mnemonist");
  const text = readFileSync(entry.replace(/index\.\w+$/, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

function mnemonist(
  structure: "Queue" | "LinkedList" | "CircularBuffer",
  about: Contender["about"],
  cases: readonly CaseName[],
): Contender {
  const id = `mnemonist-${structure.replaceAll(/\B[A-Z]/g, "-$&").toLowerCase()}`;
  return library({ id, title: `mnemonist ${structure}`, about, cases }, async () => {
    const { CircularBuffer, LinkedList, Queue } = await import("mnemonist");
    const make = <V>(capacity: number): AnyQueue<V> => {
      if (structure === "LinkedList") return new LinkedList<V>();
      if (structure === "CircularBuffer") return new CircularBuffer<V>(Array, capacity);
      const queue = new Queue<V>();
      return { push: (value) => queue.enqueue(value), shift: () => queue.dequeue() };
    };
    return { makers: makersOf(make, cases), version: mnemonistVersion() };
  });
}

/** A list of yallist as lists are raced. */
class MovableYallist implements LikeList<YallistNode<number>> {
  readonly #list: Yallist<number>;

  constructor(list: Yallist<number>) {
    this.#list = list;
  }

  push(value: number): YallistNode<number> {
    this.#list.push(value);
    return this.#list.tail!;
  }

  moveToFront(node: YallistNode<number>): void {
    this.#list.unshiftNode(node);
  }

  last(): number | undefined {
    return this.#list.tail?.value;
  }
}

/** Queues, lists and rings that people install. Those that take messages by reference get copies of them. */
export const QUEUE_LIBRARIES: readonly Contender[] = [
  library(
    {
      id: "denque",
      title: "denque",
      about: { en: "a queue that goes round in an array", "zh-CN": "在数组中循环的队列" },
      cases: ["queue", ...RING_CASES],
    },
    async () => {
      const { default: Denque } = await import("denque");
      const { default: about } = await import("denque/package.json", { with: { type: "json" } });
      return { makers: makersOf(<V>() => new Denque<V>(), ["queue", ...RING_CASES]), version: about.version };
    },
  ),
  library(
    {
      id: "yallist",
      title: "yallist",
      about: { en: "a doubly linked list of objects", "zh-CN": "对象组成的双向链表" },
      cases: ["queue", "lru"],
    },
    async () => {
      const { Yallist } = await import("yallist");
      const { default: about } = await import("yallist/package.json", { with: { type: "json" } });
      const lru = lruSteps<YallistNode<number>, MovableYallist>(() => new MovableYallist(new Yallist<number>()));
      const makers = {
        ...makersOf(<V>() => new Yallist<V>(), ["queue"]),
        lru: { call: () => stepsRunner(lru, false, true) },
      };
      return { makers, version: about.version };
    },
  ),
  mnemonist("Queue", { en: "an array whose beginning is cut off now and then", "zh-CN": "时不时裁掉开头的数组" }, [
    "queue",
  ]),
  mnemonist("LinkedList", { en: "a singly linked list of objects", "zh-CN": "对象组成的单向链表" }, ["queue"]),
  mnemonist("CircularBuffer", { en: "a ring of a fixed size in an array", "zh-CN": "数组中大小固定的环" }, [
    "queue",
    ...RING_CASES,
  ]),
  library(
    {
      id: "ringbufferjs",
      title: "ringbufferjs",
      about: { en: "a ring of a fixed size in an array", "zh-CN": "数组中大小固定的环" },
      cases: ["queue", ...RING_CASES],
    },
    async () => {
      const { default: Ring } = await import("ringbufferjs");
      const { default: about } = await import("ringbufferjs/package.json", { with: { type: "json" } });
      const make = <V>(capacity: number): AnyQueue<V> => {
        const ring = new Ring<V>(capacity);
        return { push: (value) => ring.enq(value), shift: () => ring.deq() };
      };
      return { makers: makersOf(make, ["queue", ...RING_CASES]), version: about.version };
    },
  ),
];
