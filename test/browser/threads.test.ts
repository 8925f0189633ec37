import { expect, test } from "vitest";
import { DEFAULTS, race } from "../../lib/race/race.ts";
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import { RingBuffer } from "../../lib/structures/index.ts";
import { surroundingsHere } from "../../web/race/browser.ts";

const PATIENCE = 60_000;

test(
  "a Worker plays the device that fills a ring, and the page that waits for it gets every byte",
  async () => {
    const ring = RingBuffer.shared({ capacity: 1024 });
    const device = new Worker(new URL("./device.ts", import.meta.url), { type: "module" });
    const total = 1 << 20;
    device.addEventListener("message", () => device.postMessage({ handle: ring.handle, total }));
    let [got, wrong] = [0, 0];
    while (await ring.readable()) {
      let seen = 0;
      for (const view of ring.views()) {
        for (let i = 0; i < view.length; i++) if (view[i] !== (((got + seen + i) * 31) & 255)) wrong += 1;
        seen += view.length;
      }
      ring.consume(seen);
      got += seen;
    }
    device.terminate();
    expect([got, wrong]).toEqual([total, 0]);
  },
  PATIENCE,
);

test("a page may not be stopped, and is told what to do instead", () => {
  const ring = RingBuffer.shared({ capacity: 8 });
  expect(() => ring.waitReadable()).toThrow("await readable()");
});

test(
  "messages between threads are raced in a browser, and all of them arrive",
  async () => {
    const contenders = CONTENDERS.filter(({ cases }) => cases.includes("ring-threads"));
    const options = { ...DEFAULTS, cases: ["ring-threads"], sizes: [64, 65_536], samples: 6, budget: 300 } as const;
    const { rows, absent } = await race(options, await surroundingsHere(), contenders);
    expect(absent).toEqual([]);
    expect(rows.map(({ disqualified }) => disqualified)).toEqual(rows.map(() => null));
    expect(rows).toHaveLength(2 * contenders.flatMap(({ modes }) => modes).length);
  },
  PATIENCE,
);
