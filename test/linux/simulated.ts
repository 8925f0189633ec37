import { Kernel } from "../../lib/index.ts";
import type { Call, Program, Sys } from "./program.ts";

/** Runs a program on a machine of its own, until nothing can happen any more. */
export async function runSimulated(program: Program): Promise<Kernel> {
  const kernel = await Kernel.boot();
  kernel.spawn("main", programOf(program));
  kernel.run();
  return kernel;
}

type OwnProgram = Parameters<Kernel["spawn"]>[1];

/** The program as the machine takes it. */
function programOf(program: Program): OwnProgram {
  return (sys) => program(adapted(sys)) as ReturnType<OwnProgram>;
}

/** The machine's own `sys`, and the one thing that only the comparison needs. */
function adapted(sys: Parameters<OwnProgram>[0]): Sys {
  const extra: Partial<Sys> = {
    // Nothing else that a task could do takes a millisecond of the machine's time.
    asleep: () => sys.nanosleep({ sec: 0, nsec: 1_000_000 }),
    clone: (flags: number, program: Program): Call => sys.clone(flags, programOf(program)),
  };
  return new Proxy(sys as Omit<Sys, "asleep"> as Sys, {
    get: (target, name: keyof Sys) => extra[name] ?? (target[name] as () => unknown).bind(target),
  });
}
