import { LinuxMachine } from "./oracle/machine.ts";
import type { Program } from "./program.ts";
import { type Log, recorded } from "./recorder.ts";
import { runSimulated } from "./simulated.ts";

/** The most tasks that a program may have. */
const TASKS = 16;

/** What both kernels have answered to a program. */
export interface BothLogs {
  readonly linux: Log;
  readonly simulated: Log;
}

/** Runs a program on the kernel of this computer and on the simulated one. */
export async function compareProgram(program: Program): Promise<BothLogs> {
  const [linux, simulated]: [Log, Log] = [{}, {}];
  using machine = await LinuxMachine.start({ threads: TASKS });
  machine.run(recorded(program, linux));
  await runSimulated(recorded(program, simulated));
  return { linux, simulated };
}
