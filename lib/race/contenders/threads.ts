import type { RecordRing } from "../../structures/record-ring.ts";
import type { RingBuffer } from "../../structures/ring-buffer.ts";
import type { Contender, Runner, Work } from "../types.ts";
import { tasteOf } from "./queues.ts";
import { ringBytes } from "./rings.ts";
import { chain, contender } from "./steps.ts";
import { beginSender, type Thread } from "./threads/begin.ts";
import type { Orders, Way } from "./threads/orders.ts";

/** Sizes of rings that caches are made for: a ring has the least one at least, and the greatest one if two messages fit. */
const [LEAST_BYTES, MOST_BYTES] = [1 << 16, 1 << 22];
/** Who gets no message for so long gets none. Unit: ms. */
const PATIENCE = 20_000;

/** The other thread, as a run sees it. */
class Sender {
  readonly #thread: Thread;
  /** Is told of each message that is posted. */
  onMessage: (message: unknown) => void = () => undefined;
  #onReady: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor() {
    this.#thread = beginSender({
      onMessage: (message) => {
        if (message === "ready") this.#onReady?.resolve();
        else this.onMessage(message);
      },
      onError: (error) => this.#onReady?.reject(error),
    });
  }

  /** Tells it what it will have to send. */
  order(orders: Orders): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onReady = { resolve, reject };
      this.#thread.post(orders);
    });
  }

  /** Has so many messages posted. */
  ask(count: number): void {
    this.#thread.post(count);
  }

  giveBack(buffer: ArrayBuffer): void {
    this.#thread.post(buffer, [buffer]);
  }
}

/** Messages by postMessage(). */
function postRunner(way: Way): Runner {
  let sender: Sender | undefined;
  let work: Work;
  return {
    prepare(given) {
      work = given;
      sender ??= new Sender();
      return sender.order({ way, message: work.message, size: work.size, ring: null, counts: null });
    },
    run: () =>
      new Promise((resolve) => {
        let [sum, count] = [0, 0];
        if (work.operations === 0) resolve(0);
        sender!.onMessage = (message) => {
          const buffer = message as ArrayBuffer;
          sum = chain(sum, tasteOf(new Uint8Array(buffer)));
          if (way === "recycle") sender!.giveBack(buffer);
          if (++count === work.operations) resolve(sum);
        };
        sender!.ask(work.operations);
      }),
    end: () => undefined,
  };
}

/** The classes of rings: loaded where they are raced. */
interface Rings {
  readonly RingBuffer: typeof RingBuffer;
  readonly RecordRing: typeof RecordRing;
}

/** Messages through a shared ring, which are read where they lie. */
function ringRunner({ RingBuffer, RecordRing }: Rings, way: "ring" | "ring-many"): Runner {
  let sender: Sender | undefined;
  let work: Work;
  let ring: RingBuffer | undefined;
  let counts: RecordRing<"int32">;
  return {
    prepare(given) {
      work = given;
      sender ??= new Sender();
      // A ring that is used already: the pages of a new one would be made while the time is taken.
      if (ring?.capacity !== capacityFor(work.size)) ring = RingBuffer.shared({ capacity: capacityFor(work.size) });
      counts = RecordRing.shared({ capacity: 1, record: "int32" });
      const handles = { ring: ring.handle, counts: counts.handle };
      return sender.order({ way, message: work.message, size: work.size, ...handles });
    },
    run() {
      counts.push(work.operations);
      return receive(ring!, work, way === "ring" ? 1 : Infinity);
    },
    end: () => counts.close(),
  };
}

/** Bytes of a ring for messages of this size. */
function capacityFor(size: number): number {
  return Math.max(LEAST_BYTES, Math.min(MOST_BYTES, ringBytes(size)), 2 ** Math.ceil(Math.log2(2 * size)));
}

/** Reads all messages. @param most  So many at a time at most. @returns  The chain of what was read. */
function receive(ring: RingBuffer, { size, operations }: Work, most: number): number {
  let sum = 0;
  for (let done = 0; done < operations;) {
    if (!ring.waitReadable(size, PATIENCE)) throw new Error("no more messages come from the other thread");
    const count = most === 1 ? 1 : Math.min(Math.floor(ring.size / size), operations - done);
    const [first, rest] = ring.views(count * size);
    for (let i = 0; i < count; i++) sum = chain(sum, tasteAcross(first!, rest, i * size, size));
    ring.consume(count * size);
    done += count;
  }
  return sum;
}

/** What a message adds to the checksum that may lie in two pieces. */
function tasteAcross(first: Uint8Array, rest: Uint8Array | undefined, at: number, size: number): number {
  if (at + size <= first.length) return tasteOf(first, at, size);
  const byte = (i: number) => (i < first.length ? first[i]! : rest![i - first.length]!);
  return byte(at) + byte(at + (size >> 1)) + byte(at + size - 1);
}

function posted(id: string, title: string, way: Way, about: Contender["about"]): Contender {
  return contender({ id, title, kind: "js", about, cases: ["ring-threads"], modes: ["call"] }, () =>
    Promise.resolve({ version: null, makers: { "ring-threads": { call: () => postRunner(way) } } }),
  );
}

/** Messages from another thread to this one. */
export const THREADS: readonly Contender[] = [
  contender(
    {
      id: "ring-buffer-shared",
      title: "RingBuffer.shared()",
      kind: "js",
      isSubject: true,
      about: {
        en: "a ring in shared memory; it is read where it lies, and nobody is woken who does not sleep",
        "zh-CN": "共享内存里的环；就地读取，只唤醒正在睡眠的一方",
      },
      cases: ["ring-threads"],
      modes: ["call", "batch"],
      install: "Cross-Origin-Opener-Policy: same-origin, Cross-Origin-Embedder-Policy: require-corp",
    },
    async () => {
      if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false) return null;
      const { RingBuffer } = await import("../../structures/ring-buffer.ts");
      const { RecordRing } = await import("../../structures/record-ring.ts");
      const rings = { RingBuffer, RecordRing };
      const makers = { call: () => ringRunner(rings, "ring"), batch: () => ringRunner(rings, "ring-many") };
      return { version: null, makers: { "ring-threads": makers } };
    },
  ),
  posted("post-message-transfer", "postMessage, transferred", "transfer", {
    en: "each message in a new buffer, which is transferred",
    "zh-CN": "每条消息放在新的缓冲区里，转移所有权",
  }),
  posted("post-message-recycle", "postMessage, to and fro", "recycle", {
    en: "16 buffers that are transferred, and transferred back once they are read",
    "zh-CN": "16 个缓冲区来回转移",
  }),
  posted("post-message-copy", "postMessage, copied", "copy", {
    en: "each message is copied by postMessage() itself",
    "zh-CN": "每条消息由 postMessage() 自己复制",
  }),
];
