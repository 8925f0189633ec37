import { EINTR, ESRCH } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { catchSignal } from "../support/signals.ts";
import { boot } from "../support/boot.ts";

test("a signal interrupts a sleep: the call ends with -EINTR, its wait and its alarm are gone", async () => {
  const kernel = await boot();
  const task = kernel.adopt("sleeper");
  catchSignal(task, 15);
  const epfd = task.submit("epoll_create1", 0);
  if (!epfd.done) throw new Error("epoll_create1() does not sleep");
  let result: number | null = null;
  task.onComplete = ({ value }) => (result = value);
  expect(task.submit("epoll_wait", epfd.value, { out: 12 }, 1, 1000).done).toBe(false);
  expect(task.signal(15)).toBe(0);
  kernel.settle();
  expect(result).toBe(-EINTR);
  expect(kernel.elapse()).toBe(false);
  expect(kernel.check()).toEqual([]);
});

test("a call that has something to return returns it, whatever signal comes", async () => {
  const kernel = await boot();
  const task = kernel.adopt("sleeper");
  catchSignal(task, 15);
  const other = kernel.adopt("writer", { parent: task, files: "shared" });
  expect(task.submit("eventfd2", 0, 0)).toMatchObject({ done: true, value: 0 });
  let result: number | null = null;
  task.onComplete = ({ value }) => (result = value);
  expect(task.submit("read", 0, { out: 8 }, 8).done).toBe(false);
  // The writer wakes the reader, which has not run yet when the signal comes.
  other.submit("write", 0, { in: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) }, 8);
  task.signal(15);
  kernel.settle();
  expect(result).toBe(8);
});

test("a signal that comes while the program runs has no effect on its next call", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  catchSignal(task, 15);
  expect(task.signal(15)).toBe(0);
  expect(task.submit("eventfd2", 0, 0).done).toBe(true);
  expect(task.submit("read", 0, { out: 8 }, 8).done).toBe(false);
  kernel.settle();
  expect(task.sleeping?.call).toBe("read");
});

test("a task that has ended gets no signals", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  task.exit(0);
  expect(task.signal(15)).toBe(-ESRCH);
});

test("a signal of which the kernel was told nothing interrupts an adopted task, and is left to the host", async () => {
  const kernel = await boot();
  const task = kernel.adopt("sleeper");
  expect(task.submit("eventfd2", 0, 0)).toMatchObject({ done: true, value: 0 });
  const results: number[] = [];
  const told: unknown[] = [];
  task.onComplete = ({ value }) => results.push(value);
  for (let time = 0; time < 2; time++) {
    expect(task.submit("read", 0, { out: 8 }, 8).done).toBe(false);
    expect(task.signal(10)).toBe(0);
    kernel.settle();
  }
  task.onSignal = ({ signo, handler, restarts }) => told.push({ signo, handler, restarts });
  expect(task.submit("read", 0, { out: 8 }, 8).done).toBe(false);
  task.signal(12);
  kernel.settle();
  expect(task.submit("rt_sigreturn")).toMatchObject({ done: true, value: -EINTR });
  expect({ results, told }).toEqual({
    results: [-EINTR, -EINTR],
    told: [{ signo: 12, handler: null, restarts: false }],
  });
  // The default action is Linux's once the task has asked for it, and another task's kill() has it in any case.
  task.onSignal = null;
  const other = kernel.adopt("other");
  other.submit("kill", task.pid, 10);
  kernel.settle();
  expect(task.termSignal).toBe(10);
  expect(kernel.check()).toEqual([]);
});
