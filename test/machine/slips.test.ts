import { describe, expect, test } from "vitest";
import type { Kernel } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

/** What a caller may do wrong: how it is refused, and the call. */
const SLIPS: Readonly<Record<string, [mistake: new () => Error, call: (kernel: Kernel) => unknown]>> = {
  "an argument that is longer than any memory": [
    RangeError,
    (kernel) => kernel.adopt("a").submit("read", 0, { out: 2 ** 40 }, 1),
  ],
  "pieces that are longer than any memory": [
    RangeError,
    (kernel) => kernel.adopt("a").submit("readv", 0, { iov: [{ out: 2 ** 33 }] }, 1),
  ],
  "half a signal": [RangeError, (kernel) => kernel.adopt("a").signal(1.5)],
  "the name of a signal": [TypeError, (kernel) => kernel.adopt("a").signal("SIGINT" as never)],
  "no descriptor": [TypeError, (kernel) => kernel.adopt("a").reserve(undefined as never)],
  "options of a task that are none": [TypeError, (kernel) => kernel.adopt("a", 5 as never)],
  "no fault": [TypeError, (kernel) => kernel.faults.failAllocation(null as never)],
  "a number in place of a fault": [TypeError, (kernel) => kernel.faults.failAllocation(5 as never)],
  "a chance as text": [TypeError, (kernel) => kernel.faults.failAllocation({ probability: "0.5" as never })],
};

describe("a slip of the caller is told as such, and the machine goes on:", () => {
  test.each(Object.entries(SLIPS))("%s", async (_, [mistake, call]) => {
    const kernel = await boot();
    expect(() => call(kernel)).toThrow(mistake);
    expect(() => call(kernel)).toThrow(/ not /);
    expect(kernel.adopt("b").submit("getpid")).toMatchObject({ done: true });
    expect(kernel.run().reason).toBe("idle");
    expect(kernel.check()).toEqual([]);
  });
});

test("explore() tells what a property is, and what ends it", async () => {
  const kernel = await boot();
  const nothing = () => undefined;
  await expect(kernel.explore(nothing, 5 as never)).rejects.toThrow(/a property is a function/);
  await expect(kernel.explore(nothing, () => true, { signal: 5 as never })).rejects.toThrow(/signal is an AbortSignal/);
});
