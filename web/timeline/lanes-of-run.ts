import { type Lanes, lanesOf } from "../../lib/see/lanes.ts";
import type { Run } from "../model/run.ts";

const known = new WeakMap<Run, Lanes>();

/** What CPUs, tasks and devices did when, in a run; made when it is asked for first. */
export function lanesOfRun(run: Run): Lanes {
  let lanes = known.get(run);
  if (!lanes) known.set(run, (lanes = read(run)));
  return lanes;
}

function read({ kernel }: Run): Lanes {
  const { tick } = kernel;
  // Tasks are known by name once they are born: at the end, all of them are.
  kernel.seek(kernel.ticks);
  const lanes = lanesOf(kernel);
  kernel.seek(tick);
  return lanes;
}
