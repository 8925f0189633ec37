import { LinuxMachine } from "./oracle/machine.ts";
import { PuppetMachine } from "./oracle/puppet-machine.ts";
import type { Program } from "./program.ts";
import { type Log, killed, recorded } from "./recorder.ts";
import { runSimulated } from "./simulated.ts";

/** What both kernels have answered to a program. */
export interface BothLogs {
  readonly linux: Log;
  readonly simulated: Log;
}

/**
 * Runs a program on the kernel of this computer and on the simulated one. Without a C compiler it may have one task only,
 * which may not sleep for ever.
 */
export async function compareProgram(program: Program): Promise<BothLogs> {
  const [linux, simulated]: [Log, Log] = [{}, {}];
  const machine = (await PuppetMachine.start()) ?? new LinuxMachine();
  try {
    const signal = machine.run(recorded(program, linux));
    if (signal !== null) killed(linux, "main", signal);
  } finally {
    machine[Symbol.dispose]();
  }
  const kernel = await runSimulated(recorded(program, simulated));
  const [main] = kernel.tasks;
  if (main?.termSignal) killed(simulated, "main", main.termSignal);
  return { linux, simulated };
}
