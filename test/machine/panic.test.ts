import { expect, test } from "vitest";
import { KernelPanic } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { fieldOffset } from "../../lib/machine/memory.ts";
import { sleeper } from "../support/programs.ts";
import { thrownBy } from "../support/thrown.ts";

test("a failed assertion is a panic with the trace's tail: the machine can be read, not run", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(2));
  kernel.run({ maxInputs: 10 });
  const { memory } = kernel;
  const { cpu } = memory.read("Kernel", 0x20000);
  // Nothing that a user can do breaks the kernel, so the test breaks its memory.
  memory.view.setUint32(cpu + fieldOffset("Cpu", "depth"), 3, true);
  const panic = thrownBy(() => kernel.run());
  expect(panic).toBeInstanceOf(KernelPanic);
  const { message, trace, tick } = panic as KernelPanic;
  expect(message).toMatch(/a kernel function did not say that it ended, at assembly\/entry\/entry\.ts:\d+:\d+/);
  expect(tick).toBe(kernel.ticks);
  expect(trace.at(-1)!.tick).toBe(tick);
  expect(trace.length).toBe(Math.min(32, tick));
  expect(kernel.tasks[0]!.name).toBe("sleeper");
  expect(kernel.counters.syscalls).toBeGreaterThan(0);
  expect(thrownBy(() => kernel.run())).toBe(panic);
  expect(thrownBy(() => kernel.spawn("more", sleeper(1)))).toBe(panic);
});

test("a trap of the module is a panic too", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(2));
  kernel.run({ maxInputs: 10 });
  const { memory } = kernel;
  memory.view.setUint32(0x20000 + fieldOffset("Kernel", "sys_call_table"), 0xffff_fff0, true);
  const panic = thrownBy(() => kernel.run());
  expect(panic).toBeInstanceOf(KernelPanic);
  expect((panic as KernelPanic).cause).toBeInstanceOf(WebAssembly.RuntimeError);
});
