import { RingBuffer } from "../../../lib/structures/index.ts";
import { type Figure, best } from "../measure.ts";

const MESSAGE = 1 << 16;
const MESSAGES = 4096;
const AT_ONCE = 4;
const ROUNDS = 9;

/** How fast bytes go through a ring, beside `set()` of typed arrays; in turn, so that what disturbs one disturbs all. */
export function rings(): Figure[] {
  const messages = Array.from({ length: AT_ONCE }, (_, i) => new Uint8Array(MESSAGE).fill(i));
  const [between, into] = [0, 1].map(() => Array.from({ length: AT_ONCE }, () => new Uint8Array(MESSAGE)));
  const ring = new RingBuffer({ capacity: AT_ONCE * MESSAGE });
  const ways = [
    (i: number) => {
      between![i % AT_ONCE]!.set(messages[i % AT_ONCE]!);
      into![i % AT_ONCE]!.set(between![i % AT_ONCE]!);
    },
    (i: number) => {
      ring.write(messages[i % AT_ONCE]!);
      ring.read(into![i % AT_ONCE]!);
    },
    (i: number) => {
      if (i % AT_ONCE > 0) return;
      ring.writeMany(messages);
      ring.readMany(into!);
    },
  ];
  const least = ways.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [way, work] of ways.entries()) {
      const took = best(1, 2 * MESSAGE * MESSAGES, () => {
        for (let i = 0; i < MESSAGES; i++) work(i);
      });
      least[way] = Math.min(least[way]!, took);
    }
  }
  ring[Symbol.dispose]();
  const [plain, single, batch] = least;
  return [figure("", single!, plain!), figure(", four at a time", batch!, plain!)];
}

function figure(how: string, took: number, plain: number): Figure {
  return {
    name: `ring, messages of 64 KiB written and read${how}, beside set()`,
    value: plain / took,
    unit: "of its bandwidth",
    least: 0.7,
    detail: `${MESSAGES} messages: ${(1 / took).toFixed(1)} GB/s, set() into an array and out of it ${(1 / plain).toFixed(1)} GB/s`,
  };
}
