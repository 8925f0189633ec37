import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Clocked, forkOf, indexAt, positionsOf } from "../../web/compare/clock.ts";
import { Run } from "../../web/model/run.ts";
import { type CompareRoute, formatRoute, parseRoute } from "../../web/model/route.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { PLAIN } from "../../web/scenarios/running.ts";
import type { Scenario } from "../../web/scenarios/scenario.ts";
import { formatChange, parseChange } from "../../web/share/changes.ts";
import type { Change } from "../../web/share/share.ts";

const tick = fc.nat({ max: 99_999 });
const pid = fc.nat({ max: 999 });
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("choose" as const), tick, pid }),
  fc.record({ kind: fc.constant("fail-allocation" as const), tick }),
  fc.record({ kind: fc.constant("drop-packet" as const), tick, direction: fc.constantFrom("in", "out") }),
  fc.record({ kind: fc.constant("fail-disk" as const), tick, operation: fc.constantFrom("read", "write") }),
  fc.record({ kind: fc.constant("signal" as const), tick, pid, signal: fc.integer({ min: 1, max: 64 }) }),
) as fc.Arbitrary<Change>;

/** A run with a stop at each tick. */
function clocked(times: readonly number[]): Clocked {
  return { ticks: times.length, stops: () => times.map((_, i) => i + 1), timeAt: (at) => times[at - 1] ?? 0 };
}

function scenario(id: string): Scenario {
  return SCENARIOS.find((one) => one.id === id)!;
}

describe("a common clock", () => {
  test("goes through every stop of both runs, in the order of their times, and ends at the end of both", () => {
    const times = fc.array(fc.nat({ max: 50 }), { maxLength: 30 }).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(times, times, (a, b) => {
        const positions = positionsOf([clocked(a), clocked(b)], "tick");
        expect(positions[0]).toEqual({ time: 0, ticks: [0, 0] });
        expect(positions.at(-1)!.ticks).toEqual([a.length, b.length]);
        positions.slice(1).forEach(({ time, ticks }, i) => {
          const before = positions[i]!;
          expect(time).toBeGreaterThanOrEqual(before.time);
          const steps = ticks.map((at, side) => at - before.ticks[side]!);
          expect(steps.every((step) => step === 0 || step === 1)).toBe(true);
          expect(Math.max(...steps)).toBe(1);
        });
      }),
    );
  });

  test("finds the last position that is not later than a time", () => {
    const positions = positionsOf([clocked([10, 20]), clocked([15])], "tick");
    expect([0, 10, 14, 15, 99].map((time) => indexAt(positions, time))).toEqual([0, 1, 1, 2, 3]);
  });
});

describe("a change", () => {
  test("is read from an address as it was written", () => {
    fc.assert(
      fc.property(changes, (change) => {
        expect(parseChange(formatChange(change))).toEqual(change);
      }),
    );
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 5 }), (all) => {
        const echo = { scenario: "echo" };
        const route: CompareRoute = { page: "compare", left: echo, right: echo, changes: all, step: 3, grain: "tick" };
        expect(parseRoute(formatRoute(route))).toEqual(route);
      }),
    );
  });

  test.each(["choose", "choose.1", "choose.x.1", "signal.1.1.65", "fail-disk.1.erase", "drop-packet.1.in.more", "x.1"])(
    "%j is none, and an address with it leads nowhere",
    (text) => {
      expect(parseChange(text)).toBeNull();
      expect(parseRoute(`#/compare/echo/echo?changes=${text}`).page).toBe("unknown");
    },
  );
});

describe("what if", () => {
  test("another task goes first: the runs are the same up to there, and then not", async () => {
    const plain = await scenario("eventfd").start({ ...PLAIN, byHand: true });
    const { tick: at, pids } = plain.choices.find((choice) => choice.pids.length > 1)!;
    const other = await scenario("eventfd").start({
      byHand: true,
      changes: [{ kind: "choose", tick: at, pid: pids[1]! }],
    });
    const [left, right] = [new Run(plain.kernel), new Run(other.kernel)];
    expect(forkOf(left, right)).toBe(at + 1);
    expect(other.kernel.check()).toEqual([]);
  });

  test("an allocation fails, a packet is lost, a signal comes: the run is another one from there on", async () => {
    const plain = new Run((await scenario("echo").start()).kernel);
    const at = Math.floor(plain.ticks / 2);
    for (const change of [
      { kind: "fail-allocation", tick: at },
      { kind: "drop-packet", tick: at, direction: "out" },
      { kind: "signal", tick: at, pid: 1, signal: 9 },
    ] satisfies Change[]) {
      const { kernel } = await scenario("echo").start({ ...PLAIN, changes: [change] });
      const fork = forkOf(plain, new Run(kernel));
      expect(fork, change.kind).toBeGreaterThanOrEqual(at);
      expect(fork, change.kind).toBeLessThan(Infinity);
      expect(kernel.check(), change.kind).toEqual([]);
    }
  });

  test("a plain run by hand is the same each time", async () => {
    const runs = await Promise.all([1, 2].map(() => scenario("herd").start({ ...PLAIN, byHand: true })));
    expect(runs[0]!.kernel.digest()).toBe(runs[1]!.kernel.digest());
    expect(forkOf(new Run(runs[0]!.kernel), new Run(runs[1]!.kernel))).toBe(Infinity);
  });
});
