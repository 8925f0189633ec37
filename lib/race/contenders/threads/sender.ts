import type { RecordRing } from "../../../structures/record-ring.ts";
import type { RingBuffer } from "../../../structures/ring-buffer.ts";
import { messagesOf } from "../queues.ts";
import { BUFFERS, type Orders } from "./orders.ts";

/* The thread that sends messages (threads.ts): as a device that fills a ring, or one that posts them. */

/** What both kinds of threads have; Node's port is not the web's. */
interface Port {
  post(message: unknown, transfer?: ArrayBuffer[]): void;
  listen(onMessage: (message: unknown) => void): void;
}

const port = portOf();
let orders: Orders;
let messages: readonly Uint8Array[] = [];
/** Buffers that are here, and how many messages are to be sent. */
let pool: ArrayBuffer[] = [];
let sent = 0;
let wanted = 0;

port.listen((message) => {
  if (message instanceof ArrayBuffer) {
    pool.push(message);
    recycle();
  } else if (typeof message === "number") {
    post(message);
  } else {
    void begin(message as Orders);
  }
});

async function begin(given: Orders): Promise<void> {
  orders = given;
  messages = messagesOf(given);
  pool = Array.from({ length: given.way === "recycle" ? BUFFERS : 0 }, () => new ArrayBuffer(given.size));
  // Loaded only now: a thread whose modules are not there yet would lose what it is told meanwhile.
  const { RingBuffer } = await import("../../../structures/ring-buffer.ts");
  const { RecordRing } = await import("../../../structures/record-ring.ts");
  port.post("ready");
  if (given.ring) fill(RingBuffer.from(given.ring), RecordRing.from<"int32">(given.counts!));
}

/** Fills the ring as often as it is asked to, and sleeps in between. */
function fill(ring: RingBuffer, counts: RecordRing<"int32">): void {
  while (counts.waitReadable()) {
    const count = counts.shift()!;
    if (orders.way === "ring") for (let i = 0; i < count; i++) fillOne(ring, messages[i % messages.length]!);
    else fillMany(ring, count);
  }
}

/** Where there is no room, half of the ring is waited for: who waits for less is woken more often. */
function fillOne(ring: RingBuffer, message: Uint8Array): void {
  if (ring.free < message.length) ring.waitWritable(ring.capacity / 2);
  ring.write(message);
}

/** As many messages at a time as fill half of the ring. */
function fillMany(ring: RingBuffer, count: number): void {
  const { size } = orders;
  const half = ring.capacity / 2;
  for (let done = 0; done < count;) {
    const some = Math.min(count - done, Math.floor(half / size), BUFFERS);
    ring.waitWritable(half);
    ring.writeMany(Array.from({ length: some }, (_, i) => messages[(done + i) % messages.length]!));
    done += some;
  }
}

/** Posts so many messages. */
function post(count: number): void {
  sent = 0;
  wanted = count;
  if (orders.way === "recycle") {
    recycle();
    return;
  }
  for (; sent < wanted; sent++) {
    const message = messages[sent % messages.length]!.slice().buffer;
    port.post(message, orders.way === "transfer" ? [message] : []);
  }
}

/** Posts messages in the buffers that are here. */
function recycle(): void {
  for (; sent < wanted && pool.length > 0; sent++) {
    const buffer = pool.pop()!;
    new Uint8Array(buffer).set(messages[sent % messages.length]!);
    port.post(buffer, [buffer]);
  }
}

function portOf(): Port {
  const threads = globalThis.process?.getBuiltinModule?.("node:worker_threads");
  const parent = threads?.parentPort;
  if (parent) {
    return {
      post: (message, transfer) => parent.postMessage(message, transfer),
      listen: (onMessage) => void parent.on("message", onMessage),
    };
  }
  const scope = globalThis as unknown as Worker;
  return {
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    listen: (onMessage) => scope.addEventListener("message", ({ data }: MessageEvent) => onMessage(data)),
  };
}
