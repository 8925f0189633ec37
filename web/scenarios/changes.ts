import type { Kernel } from "../../lib/index.ts";
import type { Change } from "../share/share.ts";

/** Makes a change to a machine that stands where it is to be made. */
function makeChange(kernel: Kernel, change: Change): void {
  switch (change.kind) {
    case "choose":
      return; // The order of tasks is asked for when there is something to choose.
    case "fail-allocation":
      return kernel.faults.failAllocation({ nth: 1 });
    case "drop-packet":
      return kernel.world.nic.drop({ direction: change.direction, count: 1 });
    case "fail-disk":
      return kernel.world.disk.failNext({ operation: change.operation, count: 1 });
    case "signal":
      return signal(kernel, change.pid, change.signal);
  }
}

function signal(kernel: Kernel, pid: number, signo: number): void {
  const task = kernel.tasks.find((one) => one.pid === pid);
  task?.signal(signo);
}

/**
 * Lets a machine go to its end, and makes the changes on the way.
 *
 * @param run  lets the machine go on, until nothing more happens or up to a tick.
 * @returns    what it returned at the end.
 */
export function runChanged<R>(
  kernel: Kernel,
  changes: readonly Change[],
  run: (until: "idle" | { readonly tick: number }) => R,
): R {
  for (const change of changes) {
    if (change.kind === "choose") continue;
    run({ tick: change.tick });
    // It stands in the middle of an input; what comes from outside comes after that.
    kernel.seek(kernel.ticks);
    makeChange(kernel, change);
  }
  return run("idle");
}

/** A moment at which several tasks could go on. */
export interface Choice {
  /** The tick after which one of them goes on. */
  readonly tick: number;
  readonly pids: readonly number[];
}

/**
 * Says which task goes on: as a change wants it, the first time after its tick that the task could; else the one that
 * has waited longest.
 *
 * @param choices  what there was to choose is added here.
 */
export function chooser(
  changes: readonly Change[],
  choices: Choice[],
): (kernel: Kernel, pids: readonly number[]) => number {
  const waiting = changes.filter(({ kind }) => kind === "choose");
  return ({ ticks }, pids) => {
    choices.push({ tick: ticks, pids: [...pids] });
    const [next] = waiting;
    if (next?.kind !== "choose" || ticks < next.tick || !pids.includes(next.pid)) return pids[0]!;
    waiting.shift();
    return next.pid;
  };
}
