import { Kernel } from "../../lib/index.ts";
import type { Call, Program, Sys } from "./program.ts";

/** Runs a program on a machine of its own, until nothing can happen any more. */
export async function runSimulated(program: Program): Promise<Kernel> {
  const kernel = await Kernel.boot();
  kernel.spawn("main", (sys) => program(adapted(sys)));
  kernel.run();
  return kernel;
}

/** The machine's own `sys`, and the one thing that only the comparison needs. */
function adapted(sys: object): Sys {
  const machine = sys as Omit<Sys, "asleep">;
  const extra: Partial<Sys> = {
    // Nothing else that a task could do takes a millisecond of the machine's time.
    asleep: () => machine.nanosleep({ sec: 0, nsec: 1_000_000 }),
    clone: (flags: number, program: Program): Call => machine.clone(flags, (child) => program(adapted(child))),
  };
  return new Proxy(machine as Sys, {
    get: (target, name: keyof Sys) => extra[name] ?? (target[name] as () => unknown).bind(target),
  });
}
