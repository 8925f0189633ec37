import { describe, expect, test } from "vitest";
import { Kernel } from "../../../lib/index.ts";
import { forkOf } from "../../../web/compare/clock.ts";
import { Run } from "../../../web/model/run.ts";
import { MOST_CHOICES } from "../../../web/sandbox/sandbox-run.ts";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import { PLAIN, type Terms } from "../../../web/scenarios/running.ts";
import { sandboxed, task } from "./support.ts";

/** As much memory for the machine as a machine outside has by itself: it is a part of what machines are compared by. */
const SAME = { machine: 2 ** 32 };

const programs = SCENARIOS.filter(({ recorded }) => !recorded);

/** Something of every kind but an order, on the way through a run. */
function mishaps(ticks: number): Terms {
  const at = (part: number) => Math.floor(ticks * part);
  return {
    byHand: false,
    changes: [
      { kind: "fail-allocation", tick: at(0.2) },
      { kind: "drop-packet", tick: at(0.3), direction: "in" },
      { kind: "drop-packet", tick: at(0.4), direction: "out" },
      { kind: "fail-disk", tick: at(0.5), operation: "read" },
      { kind: "signal", tick: at(0.6), pid: 1, signal: 15 },
    ],
  };
}

/** Two tasks that can both go on after most calls. */
const TWO = `export function start(kernel) {
  for (const name of ["first", "second"]) {
    kernel.spawn(name, function* (sys) {
      for (let i = 0; i < 5; i++) yield* sys.getpid();
    });
  }
}`;

describe("in the sandbox, with something done differently", () => {
  test.each(programs)("$id goes the way that it goes outside, input by input", async ({ start }) => {
    const plain = await start();
    const terms = mishaps(plain.kernel.ticks);
    const outside = await start(terms).catch((error: unknown) => error as Error);
    const run = await sandboxed(plain.source, SAME, terms);
    expect(run.cut).toBeNull();
    if (outside instanceof Error) {
      expect(run.error!.name).toBe(outside.name);
      return;
    }
    expect(run.error).toBeNull();
    expect(run.journal).toBe(outside.kernel.journal);
    expect((await Kernel.replay(run.journal)).digest()).toBe(outside.kernel.digest());
  });

  test.each(programs)(
    "$id has the same tasks to choose from as outside, and another one goes first",
    async ({ start }) => {
      const plain = await start({ ...PLAIN, byHand: true });
      const first = await sandboxed(plain.source, SAME, { ...PLAIN, byHand: true });
      expect(first.choices).toEqual(plain.choices);
      expect(first.journal).toBe(plain.kernel.journal);
      const choice = plain.choices.at(Math.floor(plain.choices.length / 2));
      if (!choice) return;
      const terms: Terms = { byHand: true, changes: [{ kind: "choose", tick: choice.tick, pid: choice.pids.at(-1)! }] };
      const [outside, run] = [await start(terms), await sandboxed(plain.source, SAME, terms)];
      expect(run.journal).toBe(outside.kernel.journal);
      expect(run.choices).toEqual(outside.choices);
    },
  );

  test("a person's own program goes two ways, which part where it was told", async () => {
    const plain = await sandboxed(TWO, {}, { ...PLAIN, byHand: true });
    const { tick, pids } = plain.choices[1]!;
    const other = await sandboxed(TWO, {}, { byHand: true, changes: [{ kind: "choose", tick, pid: pids[1]! }] });
    const [left, right] = await Promise.all(
      [plain, other].map(async ({ journal }) => new Run(await Kernel.replay(journal))),
    );
    expect(forkOf(left!, right!)).toBe(tick + 1);
  });
});

describe("changes of a stranger", () => {
  test("of ticks that never come, of tasks that there are not, in any order, are no more than inputs", async () => {
    const changes = Array.from({ length: 1000 }, (_, i) => ({
      kind: "signal" as const,
      tick: i % 2 ? 1e15 : 0,
      pid: i,
      signal: 9,
    }));
    const run = await sandboxed(task("for (;;) yield* sys.getpid();"), { inputs: 500 }, { changes, byHand: false });
    expect((await Kernel.replay(run.journal)).check()).toEqual([]);
    expect(run.error).toBeNull();
  });

  test("keep a program within its limits", async () => {
    const changes = [{ kind: "fail-allocation" as const, tick: 1e15 }];
    const text = task("yield* sys.getpid(); for (;;);");
    expect((await sandboxed(text, { time: 400 }, { changes, byHand: true })).cut).toBe("time");
    const calls = task("for (;;) yield* sys.getpid();");
    expect((await sandboxed(calls, { inputs: 300 }, { changes, byHand: true })).cut).toBe("inputs");
  });

  test("do not make a run tell of more choices than anybody looks at", { timeout: 60_000 }, async () => {
    const text = `export function start(kernel) {
      for (let i = 0; i < 100; i++) kernel.spawn("x", function* (sys) { for (;;) yield* sys.sched_yield(); });
    }`;
    const { choices, cut } = await sandboxed(text, { inputs: 3000, time: 40_000 }, { ...PLAIN, byHand: true });
    expect(cut).toBe("inputs");
    const told = choices.reduce((sum, { pids }) => sum + pids.length, 0);
    expect(told).toBeLessThanOrEqual(MOST_CHOICES);
    expect(told).toBeGreaterThan(MOST_CHOICES - 200);
  });
});
