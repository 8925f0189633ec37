import { KERNEL_BASE, type StructName, embedOffset } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { embedsOf } from "../queues.ts";

/** The tree of timers is in the order in which they are due, and every timer in it knows that it is. */
export function checkTimers(check: Checkup): void {
  const { reader } = check;
  const base = reader.get("Kernel", KERNEL_BASE, "timers");
  if (!reader.holds("TimerBase", base)) return;
  const offset = embedOffset("Hrtimer", "node");
  const due = (node: number) => reader.get64("Hrtimer", node - offset, "expires");
  const precedes = (a: number, b: number) => due(a) <= due(b);
  const leftmost = reader.get("TimerBase", base, "active_leftmost");
  const waiting = new Set<number>();
  const report = (timer: number, message: string) => {
    // A timer says that it is waiting after it was put into the tree, and that it is not after it was taken out.
    if (!check.balancing) check.report("Hrtimer", timer, "timer-queued", message);
  };
  for (const { node } of check.tree(reader.get("TimerBase", base, "active_root_node"), leftmost, precedes)) {
    const timer = node - offset;
    waiting.add(timer);
    if (reader.get("Hrtimer", timer, "queued") !== 1) {
      report(timer, "in the tree of timers, but its field queued is not 1");
    }
  }
  for (const struct of check.population.structs as StructName[]) {
    for (const { offset } of embedsOf(struct, "Hrtimer")) {
      for (const object of check.population.of(struct)) {
        const timer = object + offset;
        if (reader.get("Hrtimer", timer, "queued") !== 1 || waiting.has(timer)) continue;
        report(timer, "its field queued is 1, but it is not in the tree of timers");
      }
    }
  }
}
