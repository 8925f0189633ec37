import { POSIX_FADV_DONTNEED, ROADS } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { difference, inUse } from "../support/in-use.ts";
import type { Kernel } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { walkLap } from "./lap.ts";

const SIZE = 30_001;

/** The file leaves the page cache, and the ends of connections are forgotten. */
function settle(kernel: Kernel): Record<string, number> {
  kernel.spawn("dropper", function* (sys) {
    yield* sys.fadvise64(yield* sys.open("/file", 0), 0, 0, POSIX_FADV_DONTNEED);
    yield* sys.nanosleep({ sec: 70, nsec: 0 });
    yield* sys.bind(yield* sys.socket(2, 1), { port: 1 });
  });
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return inUse(kernel);
}

describe.each(ROADS.map((road) => [road.name, road] as const))("%s", (_, road) => {
  test.each(["objects", "frames"] as const)("the n-th allocation of %s fails, for every n", async (of) => {
    const lap = { road, path: "/file", size: SIZE, chunk: 12_000, warm: 0 };
    const machine = async () => {
      const kernel = await boot({ trace: false, device: road.device ?? {} });
      kernel.world.file("/file", { size: SIZE, seed: 3 });
      expect(walkLap(kernel, { ...lap, port: 1000 })).toEqual({ said: SIZE, received: SIZE, right: true });
      return { kernel, before: settle(kernel) };
    };
    let { kernel, before } = await machine();
    for (let nth = 1; ; nth++) {
      // Another machine now and then, before there are so many tasks that their table grows.
      if (nth % 16 === 0) ({ kernel, before } = await machine());
      const outcome = walkLap(
        kernel,
        { ...lap, port: 1000 + nth },
        { spawned: () => kernel.faults.failAllocation({ of, nth }) },
      );
      const came = kernel.faults.state(of).nth === 0;
      kernel.faults.clear();
      expect({ nth, ...outcome }).toMatchObject({ nth, right: true });
      if (outcome.said === SIZE) expect({ nth, ...outcome }).toMatchObject({ nth, received: SIZE });
      else expect(outcome.said, `${nth}`).toSatisfy((said) => typeof said === "string" || said < 0);
      // The card has a frame less to receive into until the next packet comes.
      walkLap(kernel, { ...lap, port: 999 });
      expect({ nth, more: difference(before, settle(kernel)) }).toEqual({ nth, more: {} });
      if (!came) {
        expect(nth).toBeGreaterThan(10);
        return;
      }
    }
  });
});
