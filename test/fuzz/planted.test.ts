import { KERNEL_BASE, fieldOffset } from "../../lib/machine/memory.ts";
import { describe, expect, test } from "vitest";
import type { Engine } from "../../lib/machine/engine.ts";
import type { FuzzFailure } from "../../lib/fuzz/fuzz.ts";
import { Kernel } from "../../lib/index.ts";
import { fuzz } from "../../lib/fuzz/fuzz.ts";
import { shrink } from "../../lib/fuzz/shrink.ts";

/** A busy computer takes its time to shrink a program. Unit: ms. */
const SLOW = 120_000;

type Operation = "release" | "read_iter";

/** Address of the place where it stands which function does something with an eventfd. */
function operation({ memory }: Engine, name: Operation): number {
  const fs = memory.get("Kernel", KERNEL_BASE, "fs");
  return memory.get("FsState", fs, "eventfd_fops") + fieldOffset("FileOperations", name);
}

/** What is found in a kernel that is broken on purpose as soon as it is booted. */
async function found(breaks: (engine: Engine) => void, most = 1): Promise<readonly FuzzFailure[]> {
  const { failures } = await fuzz({ seed: 1, calls: 20_000, length: 300, faults: false, most, prepare: breaks });
  return failures;
}

describe("a bug that is planted is found, and the program that shows it is made short:", { timeout: SLOW }, () => {
  test("an eventfd that is not freed", async () => {
    const failures = await found((engine) => {
      engine.memory.view.setUint32(operation(engine, "release"), 0, true);
    });
    const failure = failures.find(({ message }) => message.includes("EventfdCtx"))!;
    expect(failure).toMatchObject({ kind: "violation" });
    expect(failure.calls).toBeLessThanOrEqual(2);
    expect(failure.steps.some((step) => /: eventfd2?\(.*\) = \d+$/.test(step))).toBe(true);
  });

  test("a way to read that is none", async () => {
    const failures = await found((engine) => {
      engine.memory.view.setUint32(operation(engine, "read_iter"), 0x7fff_ffff, true);
    });
    const failure = failures.find(({ kind }) => kind === "panic")!;
    expect(failure.message).toContain("table index is out of bounds");
    expect(failure.calls).toBeLessThanOrEqual(4);
    expect(failure.steps.at(-1)).toMatch(/<panic>$/);
  });

  test("tasks that cannot end", async () => {
    const failures = await found((engine) => {
      // sched_yield() in the place of exit() and exit_group(): who calls them comes back.
      const table = engine.memory.get("Kernel", KERNEL_BASE, "sys_call_table");
      const { view } = engine.memory;
      view.setUint32(table + 4 * 60, view.getUint32(table + 4 * 24, true), true);
      view.setUint32(table + 4 * 231, view.getUint32(table + 4 * 24, true), true);
    }, 3);
    const failure = failures.find(({ kind }) => kind === "endless")!;
    expect(failure.message).toMatch(/^task .* does not end$/);
    expect(failure.calls).toBe(0);
  });
});

test("the journal of a failure is one that a kernel without the bug lives through", { timeout: SLOW }, async () => {
  const [failure] = await found((engine) => {
    engine.memory.view.setUint32(operation(engine, "release"), 0, true);
  });
  const kernel = await Kernel.replay(failure!.journal);
  expect(kernel.check()).toEqual([]);
  expect(kernel.inputs).toBe(failure!.journal.trimEnd().split("\n").length - 1);
});

describe("shrink", () => {
  test("leaves exactly what is needed, in its order", () => {
    const all = Array.from({ length: 500 }, (_, i) => i);
    const needed = [3, 77, 78, 400];
    expect(shrink(all, (part) => needed.every((one) => part.includes(one)))).toEqual(needed);
  });

  test("leaves nothing of what fails anyway", () => {
    expect(shrink([1, 2, 3], () => true)).toEqual([]);
  });
});
