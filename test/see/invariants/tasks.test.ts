import { KERNEL_BASE, embedOffset } from "../../../lib/see/reader.ts";
import { beforeAll, expect, test } from "vitest";
import { Canary } from "../canary.ts";
import { Kernel } from "../../../lib/index.ts";
import { busyMachine } from "../machine.ts";
import { layout } from "../../../lib/layout.gen.ts";

const { RUNNING, INTERRUPTIBLE } = layout.enums.TaskState.values;
const { CPUS_BASE } = layout.constants;
let asleep: Kernel;
let running: Kernel;

beforeAll(async () => {
  asleep = await busyMachine();
  // One task on the CPU, and two in the run queue.
  running = await Kernel.boot({ seed: 1 });
  for (const name of ["one", "two", "three"]) {
    running.spawn(name, function* (sys) {
      for (;;) yield* sys.compute(100);
    });
  }
  running.run({ maxInputs: 3 });
});

const sched = (canary: Canary) => canary.get("Kernel", KERNEL_BASE, "sched");
const queued = (canary: Canary) => canary.find("TaskStruct", (task) => canary.get("TaskStruct", task, "on_rq") === 1);
const current = (canary: Canary) => canary.get("Cpu", CPUS_BASE, "curr");

test("both machines are healthy", () => {
  expect(asleep.check()).toEqual([]);
  expect(running.check()).toEqual([]);
});

test.each<[string, (canary: Canary) => void]>([
  ["nr_running", (canary) => canary.add("SchedState", sched(canary), "nr_running", 1)],
  ["rq-state", (canary) => canary.set("TaskStruct", queued(canary), "state", INTERRUPTIBLE)],
  ["on_rq", (canary) => canary.set("TaskStruct", queued(canary), "on_rq", 0)],
  ["on_rq", (canary) => canary.set("TaskStruct", current(canary), "on_rq", 1)],
  ["task-cpu", (canary) => canary.set("TaskStruct", current(canary), "cpu", 3)],
  ["cpu-task", (canary) => canary.set("Cpu", CPUS_BASE, "curr", current(canary) + 8)],
  ["rq-running", (canary) => canary.set("Cpu", CPUS_BASE, "curr", queued(canary))],
  ["task-lost", (canary) => canary.set("Cpu", CPUS_BASE, "curr", 0)],
  [
    "list-loop",
    (canary) => {
      const first = canary.get("SchedState", sched(canary), "queue_next");
      canary.view.setUint32(first, first, true);
    },
  ],
  [
    "task-list",
    (canary) => {
      const head = sched(canary) + embedOffset("SchedState", "tasks");
      canary.set("SchedState", sched(canary), "tasks_next", head);
      canary.set("SchedState", sched(canary), "tasks_prev", head);
    },
  ],
  [
    "rq-task",
    (canary) => {
      const head = sched(canary) + embedOffset("SchedState", "queue");
      canary.set("SchedState", sched(canary), "queue_next", CPUS_BASE);
      canary.view.setUint32(CPUS_BASE, head, true);
    },
  ],
])("%s is found among tasks that run", (rule, plant) => {
  const canary = new Canary(running.memory);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

const inRead = (canary: Canary) =>
  canary.find("TaskStruct", (task) => canary.get("TaskStruct", task, "wait_head") !== 0);
const waitOf = (task: number) => task + embedOffset("TaskStruct", "wait");
const inPipe = (canary: Canary) => canary.find("EppollEntry", (pwq) => canary.get("EppollEntry", pwq, "whead") !== 0);

test.each<[string, (canary: Canary) => void]>([
  ["files-count", (canary) => canary.add("FilesStruct", canary.find("FilesStruct"), "count", 1)],
  ["task-lost", (canary) => canary.set("TaskStruct", inRead(canary), "state", RUNNING)],
  ["wait-func", (canary) => canary.set("WaitQueueEntry", waitOf(inRead(canary)), "func", 0)],
  ["wait-task", (canary) => canary.set("WaitQueueEntry", waitOf(inRead(canary)), "task", 0)],
  ["wait-head", (canary) => canary.set("TaskStruct", inRead(canary), "wait_head", 0x20000)],
  ["wait-head", (canary) => canary.set("EppollEntry", inPipe(canary), "whead", 0x20000)],
  [
    "sleeper-queue",
    (canary) => {
      const task = inRead(canary);
      const head = canary.get("TaskStruct", task, "wait_head");
      canary.view.setUint32(head, head, true);
      canary.view.setUint32(head + 4, head, true);
    },
  ],
  [
    "pwq-queue",
    (canary) => {
      const head = canary.get("EppollEntry", inPipe(canary), "whead");
      canary.view.setUint32(head, head, true);
      canary.view.setUint32(head + 4, head, true);
    },
  ],
  [
    "wait-owner",
    (canary) => {
      const head = canary.get("TaskStruct", inRead(canary), "wait_head");
      const stranger = CPUS_BASE + 0x8000;
      canary.view.setUint32(head, stranger + embedOffset("WaitQueueEntry", "entry"), true);
      canary.view.setUint32(stranger + embedOffset("WaitQueueEntry", "entry"), head, true);
    },
  ],
  [
    "wait-twice",
    (canary) => {
      const task = inRead(canary);
      const entry = waitOf(task) + embedOffset("WaitQueueEntry", "entry");
      const pipe = canary.find("PipeInodeInfo", (at) => canary.reader.u32(at) !== entry);
      canary.view.setUint32(pipe, entry, true);
    },
  ],
])("%s is found among tasks that sleep", (rule, plant) => {
  const canary = new Canary(asleep.memory);
  plant(canary);
  expect(canary.rules).toContain(rule);
});

const timers = (canary: Canary) => canary.get("Kernel", KERNEL_BASE, "timers");
const root = (canary: Canary) => canary.get("TimerBase", timers(canary), "active_root_node");

test.each<[string, (canary: Canary) => void]>([
  ["rb-leftmost", (canary) => canary.set("TimerBase", timers(canary), "active_leftmost", root(canary))],
  ["rb-order", (canary) => canary.set("Hrtimer", root(canary), "expires", 0)],
  ["rb-root", (canary) => canary.set("RbNode", root(canary), "parent_color", 0)],
  ["rb-parent", (canary) => canary.set("RbNode", canary.get("RbNode", root(canary), "left"), "parent_color", 1)],
  ["rb-link", (canary) => canary.set("RbNode", root(canary), "left", canary.get("RbNode", root(canary), "right"))],
  [
    "rb-black-height",
    (canary) => {
      const left = canary.get("RbNode", root(canary), "left");
      canary.add("RbNode", left, "parent_color", canary.get("RbNode", left, "parent_color") & 1 ? -1 : 1);
    },
  ],
  ["timer-queued", (canary) => canary.set("Hrtimer", root(canary), "queued", 0)],
  [
    "timer-queued",
    (canary) => {
      canary.set("TimerBase", timers(canary), "active_root_node", 0);
      canary.set("TimerBase", timers(canary), "active_leftmost", 0);
    },
  ],
])("%s is found in the tree of timers", (rule, plant) => {
  const canary = new Canary(asleep.memory);
  plant(canary);
  expect(canary.rules).toContain(rule);
});
