import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Kernel } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { pingPong, sleeper } from "../support/programs.ts";

const grain = fc.constantFrom("input", "syscall", "function", "tick" as const);
const direction = fc.constantFrom(1, -1 as const);

/** What can be done to a machine without giving it other inputs. */
const move = fc.oneof(
  fc.record({ kind: fc.constant("run"), maxInputs: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant("seek"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant("step"), grain, direction }),
  fc.record({ kind: fc.constant("break"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ kind: fc.constant("trace"), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
);

async function machine(cpus: number, seed: number): Promise<Kernel> {
  const kernel = await boot({ cpus, seed });
  kernel.spawn("ping", pingPong(3));
  kernel.spawn("sleeper", sleeper(3));
  return kernel;
}

test("however one moves about in time, a tick is always the same, and the end is that of a straight run", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(move, { maxLength: 30 }), async (cpus, moves) => {
      const straight = await machine(cpus, 1);
      straight.run();
      const kernel = await machine(cpus, 1);
      const seen = new Map<number, string>();
      for (const step of moves) {
        if (step.kind === "run") kernel.run({ maxInputs: step.maxInputs });
        else if (step.kind === "seek") kernel.seek(Math.floor(step.share * kernel.ticks));
        else if (step.kind === "step") kernel.step(step.grain as "tick", step.direction as 1);
        else if (step.kind === "trace") kernel.trace.at(1 + Math.floor(step.share * (kernel.ticks - 1)));
        else {
          const at = 1 + Math.floor(step.share * kernel.ticks);
          using _ = kernel.breakpoints.add((record) => record.tick === at);
          kernel.run({ maxInputs: 5 });
        }
        if (kernel.tick === kernel.ticks) continue;
        const digest = kernel.digest();
        expect(seen.get(kernel.tick) ?? digest).toBe(digest);
        seen.set(kernel.tick, digest);
      }
      kernel.run();
      expect(kernel.journal).toBe(straight.journal);
      expect(kernel.digest()).toBe(straight.digest());
      for (const [tick, digest] of seen) {
        straight.seek(tick);
        expect(straight.digest()).toBe(digest);
      }
    }),
    { numRuns: 60 },
  );
});

test("a branch from anywhere lives through the same, and so does a replay of its journal", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (cpus, share) => {
        const kernel = await machine(cpus, 2);
        const start = kernel.ticks;
        kernel.run();
        const digest = kernel.digest();
        kernel.seek(start + Math.floor(share * (kernel.ticks - start)));
        const branch = kernel.branch();
        branch.run();
        expect(branch.digest()).toBe(digest);
        expect(branch.check()).toEqual([]);
        const again = await Kernel.replay(branch.journal);
        expect(again.digest()).toBe(digest);
      },
    ),
    { numRuns: 40 },
  );
});
