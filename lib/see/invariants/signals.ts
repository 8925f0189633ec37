import { type StructName, embedOffset } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { listOf } from "../walk.ts";

/** What tasks share is counted, what waits is in its set, and nothing of signals is left over. */
export function checkSignals(check: Checkup): void {
  const { reader, population } = check;
  if (!check.quiet) return;
  const shared = { sighand: new Map<number, number>(), signal: new Map<number, number>() };
  const queued = new Set<number>();
  const frames = new Set<number>();
  for (const task of population.of("TaskStruct")) {
    for (const field of ["sighand", "signal"] as const) {
      const at = reader.get("TaskStruct", task, field);
      shared[field].set(at, (shared[field].get(at) ?? 0) + 1);
    }
    checkPending(check, "TaskStruct", task, "pending", queued);
    let depth = 0;
    for (let at = reader.get("TaskStruct", task, "frames"); at !== 0 && !frames.has(at); depth++) {
      if (!population.has("SigFrame", at)) break;
      frames.add(at);
      at = reader.get("SigFrame", at, "next");
    }
    check.equal("TaskStruct", task, "frame_depth", reader.get("TaskStruct", task, "frame_depth"), depth, "frames");
    const children = listOf(reader, task + embedOffset("TaskStruct", "children"), "TaskStruct", "sibling");
    for (const child of children) {
      if (reader.get("TaskStruct", child, "parent") !== task) {
        check.report("TaskStruct", child, "child-parent", "among the children of a task that is not its parent");
      }
    }
  }
  for (const req of population.of("IoKiocb")) {
    const at = reader.get("IoKiocb", req, "sighand");
    shared.sighand.set(at, (shared.sighand.get(at) ?? 0) + 1);
  }
  for (const at of population.of("SighandStruct")) {
    const count = reader.get("SighandStruct", at, "count");
    check.equal("SighandStruct", at, "sighand-count", count, shared.sighand.get(at) ?? 0, "tasks that use it");
  }
  for (const at of population.of("SignalStruct")) {
    const threads = listOf(reader, at + embedOffset("SignalStruct", "threads"), "TaskStruct", "thread_node");
    const count = reader.get("SignalStruct", at, "count");
    check.equal("SignalStruct", at, "signal-count", count, shared.signal.get(at) ?? 0, "tasks that use it");
    check.equal("SignalStruct", at, "signal-threads", count, threads.length, "threads on its list");
    const live = threads.filter((task) => reader.get("TaskStruct", task, "mm") !== 0).length;
    check.equal("SignalStruct", at, "signal-live", reader.get("SignalStruct", at, "live"), live, "threads that live");
    checkPending(check, "SignalStruct", at, "shared_pending", queued);
  }
  checkLeft(check, "Sigqueue", queued);
  checkLeft(check, "SigFrame", frames);
}

/** Every signal that is kept is in its set. */
function checkPending(
  check: Checkup,
  struct: "TaskStruct" | "SignalStruct",
  at: number,
  embed: "pending" | "shared_pending",
  queued: Set<number>,
): void {
  const { reader } = check;
  const offset =
    struct === "TaskStruct"
      ? embedOffset("TaskStruct", "pending")
      : embedOffset("SignalStruct", embed as "shared_pending");
  for (const signal of listOf(reader, at + offset, "Sigqueue", "list", check.onBreak)) {
    queued.add(signal);
    const signo = reader.get("Sigqueue", signal, "info_signo");
    const set =
      struct === "TaskStruct"
        ? reader.get64("TaskStruct", at, "pending_signal")
        : reader.get64("SignalStruct", at, "shared_pending_signal");
    if (!((set >> BigInt(signo - 1)) & 1n))
      check.report(struct, at, "pending-set", `signal ${signo} is queued, but not in the set`);
  }
}

/** Nothing is in use that nobody has. */
function checkLeft(check: Checkup, struct: StructName, reached: ReadonlySet<number>): void {
  for (const object of check.population.of(struct)) {
    if (!reached.has(object)) check.report(struct, object, "leak", "in use, but nobody has it");
  }
}
