import { RingBuffer } from "../../../lib/structures/index.ts";
import { type Figure, best } from "../measure.ts";

const MESSAGE = 1 << 16;
const MESSAGES = 4096;
const AT_ONCE = 4;
const SAMPLES = 9;

/** How fast bytes go through a ring, beside `set()` of typed arrays. */
export function rings(): Figure[] {
  const messages = Array.from({ length: AT_ONCE }, (_, i) => new Uint8Array(MESSAGE).fill(i));
  const into = Array.from({ length: AT_ONCE }, () => new Uint8Array(MESSAGE));
  const plain = best(SAMPLES, 2 * MESSAGE * MESSAGES, () => {
    const between = Array.from({ length: AT_ONCE }, () => new Uint8Array(MESSAGE));
    for (let i = 0; i < MESSAGES; i++) {
      between[i % AT_ONCE]!.set(messages[i % AT_ONCE]!);
      into[i % AT_ONCE]!.set(between[i % AT_ONCE]!);
    }
  });
  const figures = [false, true].map((isBatch): Figure => {
    const ring = new RingBuffer({ capacity: AT_ONCE * MESSAGE });
    const took = best(SAMPLES, 2 * MESSAGE * MESSAGES, () => {
      for (let i = 0; i < MESSAGES; i += isBatch ? AT_ONCE : 1) {
        if (isBatch) {
          ring.writeMany(messages);
          ring.readMany(into);
        } else {
          ring.write(messages[i % AT_ONCE]!);
          ring.read(into[i % AT_ONCE]!);
        }
      }
    });
    ring[Symbol.dispose]();
    return {
      name: `ring, messages of 64 KiB written and read${isBatch ? ", four at a time" : ""}, beside set()`,
      value: plain / took,
      unit: "of its bandwidth",
      least: 0.7,
      detail: `${MESSAGES} messages: ${(1 / took).toFixed(1)} GB/s, set() into an array and out of it ${(1 / plain).toFixed(1)} GB/s`,
    };
  });
  return figures;
}
