import { createHash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { Random } from "../../lib/fuzz/random.ts";
import { RingBuffer } from "../../lib/structures/index.ts";
import type { RingHandle } from "../../lib/structures/index.ts";

/** What the device of a test is to do. */
export interface DeviceOrder {
  readonly handle: RingHandle;
  readonly seed: number;
  /** How many bytes it makes. */
  readonly total: number;
  /** The longest message. Unit: bytes. */
  readonly longest: number;
  /** Whether it makes them in the ring, instead of writing those that it has. */
  readonly isInPlace: boolean;
}

/* A thread that fills a ring, as a network card does: messages of all sizes, of random bytes. At last it tells their digest. */
const { handle, seed, total, longest, isInPlace } = workerData as DeviceOrder;
const ring = RingBuffer.from(handle);
const random = new Random(seed, 0);
const hash = createHash("sha256");
const source = Uint8Array.from({ length: 1 << 16 }, () => random.below(256));

for (let made = 0; made < total;) {
  const length = Math.min(total - made, 1 + random.below(longest));
  const from = random.below(source.length - length + 1);
  const message = source.subarray(from, from + length);
  hash.update(message);
  for (let done = 0; done < length;) {
    if (!ring.waitWritable()) throw new Error("the reader has gone");
    done += isInPlace ? fill(message.subarray(done)) : ring.write(message.subarray(done));
  }
  made += length;
}
ring.close();
parentPort!.postMessage(hash.digest("hex"));

function fill(message: Uint8Array): number {
  let filled = 0;
  for (const space of ring.spaces(Math.min(message.length, ring.free))) {
    for (let i = 0; i < space.length; i++) space[i] = message[filled + i]!;
    filled += space.length;
  }
  ring.commit(filled);
  return filled;
}
