import { KERNEL_BASE, embedOffset } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { cpus } from "../cpus.ts";
import { hex } from "../../machine/memory.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { DEAD, RUNNING, INTERRUPTIBLE, UNINTERRUPTIBLE } = layout.enums.TaskState.values;
const { USER } = layout.enums.TaskMode.values;

/** Who is on the run queue is runnable, who is runnable is on it or on a CPU, and who shares a table is counted. */
export function checkTasks(check: Checkup): void {
  const { reader, population } = check;
  const sched = reader.get("Kernel", KERNEL_BASE, "sched");
  if (!reader.holds("SchedState", sched)) return;
  const get = (task: number, field: Parameters<typeof reader.get<"TaskStruct">>[2]) =>
    reader.get("TaskStruct", task, field);
  const report = (task: number, rule: string, message: string) => check.report("TaskStruct", task, rule, message);

  const queued = listOf(reader, sched + embedOffset("SchedState", "queue"), "TaskStruct", "run_list", check.onBreak);
  const nr_running = reader.get("SchedState", sched, "nr_running");
  check.equal("SchedState", sched, "nr_running", nr_running, queued.length, "tasks in the run queue");
  for (const task of queued) {
    if (!population.has("TaskStruct", task)) report(task, "rq-task", "in the run queue, but no task");
    if (get(task, "state") !== RUNNING) report(task, "rq-state", "in the run queue, but asleep or ended");
  }

  const waiting = new Set(queued);
  const running = new Set<number>();
  for (const { address, id, curr } of cpus(reader)) {
    if (curr === 0) continue;
    if (!population.has("TaskStruct", curr)) check.report("Cpu", address, "cpu-task", `${hex(curr)} is no task`);
    if (running.has(curr)) check.report("Cpu", address, "cpu-task", `${hex(curr)} runs on two CPUs`);
    if (waiting.has(curr)) report(curr, "rq-running", "runs, and waits in the run queue at the same time");
    check.equal("TaskStruct", curr, "task-cpu", get(curr, "cpu"), id, "the CPU that it runs on");
    running.add(curr);
  }

  const born = listOf(reader, sched + embedOffset("SchedState", "tasks"), "TaskStruct", "tasks", check.onBreak);
  const listed = new Set(born);
  for (const task of population.of("TaskStruct")) {
    // A task that is being made has no number yet, and is nowhere.
    if (get(task, "pid") === 0) continue;
    // One of which nothing is to be left is off the list while its last steps are made on its CPU.
    if (!listed.has(task) && get(task, "state") !== DEAD) report(task, "task-list", "not on the list of all tasks");
    const on_rq = get(task, "on_rq");
    if ((on_rq === 1) !== waiting.has(task)) report(task, "on_rq", `on_rq is ${on_rq}, the run queue says otherwise`);
    const outside = get(task, "adopted") === 1 && get(task, "mode") === USER;
    if (get(task, "state") === RUNNING && !waiting.has(task) && !running.has(task) && !outside) {
      report(task, "task-lost", "runnable, but neither in the run queue nor on a CPU");
    }
  }
  checkSharing(check);
}

/** As many tasks as a table counts use it. */
function checkSharing(check: Checkup): void {
  const { reader, population } = check;
  // While a task is made or ends, a table is counted before or after its task points at it.
  if (check.inside("copy_process") || check.inside("do_exit")) return;
  const users = new Map<number, number>();
  const tables = new Map<number, number>();
  for (const task of population.of("TaskStruct")) {
    const mm = reader.get("TaskStruct", task, "mm");
    const files = reader.get("TaskStruct", task, "files");
    users.set(mm, (users.get(mm) ?? 0) + 1);
    tables.set(files, (tables.get(files) ?? 0) + 1);
  }
  for (const req of population.of("IoKiocb")) {
    const mm = reader.get("IoKiocb", req, "mm");
    const files = reader.get("IoKiocb", req, "files");
    users.set(mm, (users.get(mm) ?? 0) + 1);
    tables.set(files, (tables.get(files) ?? 0) + 1);
  }
  for (const mm of population.of("MmStruct")) {
    check.equal(
      "MmStruct",
      mm,
      "mm-users",
      reader.get("MmStruct", mm, "users"),
      users.get(mm) ?? 0,
      "tasks that use it",
    );
  }
  for (const files of population.of("FilesStruct")) {
    const count = reader.get("FilesStruct", files, "count");
    check.equal("FilesStruct", files, "files-count", count, tables.get(files) ?? 0, "tasks that use it");
  }
}

/** Whether a task sleeps. */
export function asleep(state: number): boolean {
  return state === INTERRUPTIBLE || state === UNINTERRUPTIBLE;
}
