import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { programOf, streams } from "../../lib/linux/random/stream.ts";
import type { Kernel } from "../../lib/index.ts";
import { groups } from "../linux/scenarios/all.ts";
import { runSimulated } from "../../lib/linux/simulated.ts";

/** Every rule is looked at at every so many ticks of a run, and at its last one; in long runs at so many ticks in all. */
const STRIDE = 5;
const LOOKS = 200;
const SEED = 7;

/** Everything that is wrong at some ticks of a run. */
function illnesses(kernel: Kernel): string[] {
  const found: string[] = [];
  const { ticks } = kernel;
  const stride = Math.max(STRIDE, Math.ceil(ticks / LOOKS));
  for (let tick = 0; tick <= ticks; tick = tick === ticks ? ticks + 1 : Math.min(tick + stride, ticks)) {
    kernel.seek(tick);
    for (const { structure, rule, message } of kernel.check()) found.push(`${tick} ${structure} ${rule}: ${message}`);
    const { notes } = kernel.inspect();
    if (notes.length > 0) found.push(`${tick} ${notes.join("; ")}`);
  }
  return found;
}

describe.each(Object.entries(groups))("in every scenario about %s", (_, scenarios) => {
  test("the machine keeps its rules", { timeout: 60_000 }, async () => {
    for (const { claim, program } of scenarios) expect(illnesses(await runSimulated(program)), claim).toEqual([]);
  });
});

test(`random programs do not make the machine break a rule (seed ${SEED})`, { timeout: 60_000 }, async () => {
  for (const stream of fc.sample(streams(60), { numRuns: 10, seed: SEED })) {
    expect(illnesses(await runSimulated(programOf(stream))), JSON.stringify(stream)).toEqual([]);
  }
});
