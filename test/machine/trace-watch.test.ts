import { expect, test } from "vitest";
import { KERNEL_BASE } from "../../lib/machine/memory.ts";
import { readCounters } from "../../lib/machine/counters.ts";
import { runProgram } from "../support/boot.ts";

test("a stretch of the past is shown tick by tick, as it was, while the machine stays where it is", async () => {
  const { kernel } = await runProgram(function* (sys) {
    for (let n = 0; n < 5; n++) yield* sys.getpid();
  });
  const seen: [tick: number, syscalls: number][] = [];
  const digest = kernel.digest();
  const from = 3;
  const to = kernel.ticks - 2;
  kernel.trace.watch(
    (memory, tick) => {
      const { syscalls } = readCounters(memory, memory.get("Kernel", KERNEL_BASE, "counters"));
      seen.push([tick, syscalls]);
    },
    from,
    to,
  );
  expect(seen.map(([tick]) => tick)).toEqual(Array.from({ length: to - from + 1 }, (_, i) => from + i));
  for (const [tick, syscalls] of seen) {
    const entered = [...kernel.trace.range(1, tick)].filter(({ event }) => event === "sys_enter").length;
    expect([entered, entered - 1]).toContain(syscalls);
  }
  expect([kernel.tick, kernel.digest()]).toEqual([kernel.ticks, digest]);
  kernel.trace.watch(() => expect.unreachable("there is nothing behind the last tick"), kernel.ticks + 1);
});
