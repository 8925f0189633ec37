import { expect, test } from "vitest";
import type { Kernel } from "../../lib/index.ts";
import { busyMachine } from "./machine.ts";
import { inspect } from "../../lib/see/inspect.ts";

/** Everything that is wrong at any tick of a run, with the record that the tick stands for. */
function illnesses(kernel: Kernel): string[] {
  const found: string[] = [];
  for (let tick = 0; tick <= kernel.ticks; tick++) {
    kernel.seek(tick);
    for (const { structure, rule, message } of kernel.check()) found.push(`${tick} ${structure} ${rule}: ${message}`);
    for (const note of inspect(kernel.memory).notes) found.push(`${tick} ${note}`);
  }
  return found;
}

test("every rule holds at every tick of a run with pipes, sleepers, alarms and epoll", async () => {
  const kernel = await busyMachine(12);
  kernel.run({ maxInputs: 40 });
  expect(illnesses(kernel)).toEqual([]);
});
