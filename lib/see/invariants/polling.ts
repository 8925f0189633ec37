import type { Checkup } from "./checkup.ts";
import { hex } from "../../machine/memory.ts";
import { pollEntries } from "../find.ts";

/** A call of poll() or select() belongs to one task, and every place in a wait queue to one such call. */
export function checkPolling(check: Checkup): void {
  const { reader, population } = check;
  // While such a call begins or ends, it is not yet, or no longer, what its task says.
  if (!check.quiet) return;
  const owned = new Set<number>();
  for (const pwq of population.of("PollWqueues")) {
    const task = reader.get("PollWqueues", pwq, "polling_task");
    if (!population.has("TaskStruct", task) || reader.get("TaskStruct", task, "poll_wqueues") !== pwq) {
      check.report("PollWqueues", pwq, "leak", "in use, but no task's call keeps it");
    }
    const entries = pollEntries(reader, population, pwq);
    const count = reader.get("PollWqueues", pwq, "nr_entries");
    check.equal("PollWqueues", pwq, "poll-entries", count, entries.length, "places in wait queues");
    for (const entry of entries) {
      owned.add(entry);
      const wakes = reader.get("PollTableEntry", entry, "wait_task");
      if (wakes === task) continue;
      check.report("PollTableEntry", entry, "poll-task", `wakes ${hex(wakes)}, but its call is that of ${hex(task)}`);
    }
  }
  for (const entry of population.of("PollTableEntry")) {
    if (!owned.has(entry)) check.report("PollTableEntry", entry, "leak", "in use, but no call of poll() has it");
  }
}
