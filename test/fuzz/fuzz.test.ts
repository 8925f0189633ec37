import { describe, expect, test } from "vitest";
import { SIGNATURES } from "../../lib/see/call-signatures.ts";
import { boot } from "../support/boot.ts";
import { fuzz } from "../../lib/fuzz/fuzz.ts";
import { systemCalls } from "../../lib/fuzz/calls.ts";

/** Unit: ms. */
const SLOW = 600_000;
const seed = Number(process.env["IOPATH_SEED"] ?? 1);
const calls = Number(process.env["IOPATH_CALLS"] ?? 20_000);

describe("the kernel under random and hostile system calls", { timeout: SLOW }, () => {
  test(`${calls} of them, seed ${seed}: no panic, no broken rule, no leak, no answer that is none`, async () => {
    const { failures, calls: made, bySystemCall } = await fuzz({ seed, calls });
    expect(failures.map(({ kind, message, program, steps }) => ({ kind, message, program, steps }))).toEqual([]);
    expect(made).toBeGreaterThanOrEqual(calls);
    const idle = Object.keys(bySystemCall).filter((name) => bySystemCall[name]!.made === 0 && !name.startsWith("exit"));
    expect(idle).toEqual([]);
  });

  test("of every call that is there it is known what its arguments are", async () => {
    const kernel = await boot();
    const all = systemCalls(kernel.memory);
    expect(all.length).toBeGreaterThan(50);
    expect(all.filter(({ known }) => !known).map(({ name }) => name)).toEqual([]);
    expect(all.filter(({ name }) => !(name in SIGNATURES)).map(({ name }) => name)).toEqual([]);
  });

  test("deep states are reached: connections, timers, ready events, tasks that are made", async () => {
    const { bySystemCall } = await fuzz({ seed, calls: 20_000 });
    for (const name of [
      "accept4",
      "connect",
      "sendto",
      "recvfrom",
      "epoll_ctl",
      "epoll_wait",
      "fork",
      "clone",
      "poll",
    ]) {
      expect({ name, ...bySystemCall[name] }).toMatchObject({
        name,
        succeeded: expect.toSatisfy((n: number) => n > 0),
      });
    }
  });
});

describe("a program", { timeout: SLOW }, () => {
  test("depends on the seed and its number alone", async () => {
    const once = await fuzz({ seed: 7, calls: 3000, length: 300 });
    const again = await fuzz({ seed: 7, calls: 3000, length: 300 });
    const other = await fuzz({ seed: 8, calls: 3000, length: 300 });
    expect(again.bySystemCall).toEqual(once.bySystemCall);
    expect(again.inputs).toBe(once.inputs);
    expect(other.bySystemCall).not.toEqual(once.bySystemCall);
  });

  test("can be had without faults, and on as many CPUs as one likes", async () => {
    expect((await fuzz({ seed: 3, calls: 3000, cpus: 64, faults: false })).failures).toEqual([]);
  });

  test("is not begun any more once it is asked to stop", async () => {
    const report = await fuzz({ seed: 1, calls: 1_000_000, signal: AbortSignal.abort() });
    expect(report).toMatchObject({ calls: 0, programs: 0, failures: [] });
  });
});
