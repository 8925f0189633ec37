import { EINTR, ESRCH, SA_RESTART, SIGCONT, SIGKILL, SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2 } from "../../lib/index.ts";
import type { AdoptedTask, SignalDelivery } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { HANDLER, catchSignal } from "../support/signals.ts";
import { boot } from "../support/boot.ts";

/** An adopted task that sleeps in a read of an eventfd, and who can write to it. */
async function sleeping(flags: number) {
  const kernel = await boot();
  const task = kernel.adopt("sleeper");
  const other = kernel.adopt("writer", { parent: task, files: "shared" });
  catchSignal(task, SIGUSR1, flags);
  expect(task.submit("eventfd2", 0, 0)).toMatchObject({ value: 0 });
  const results: number[] = [];
  task.onComplete = ({ value }) => results.push(value);
  expect(task.submit("read", 0, { out: 8 }, 8).done).toBe(false);
  return { kernel, task, other, results };
}

/** Collects what onSignal() is told. */
function deliveries(task: AdoptedTask): SignalDelivery[] {
  const all: SignalDelivery[] = [];
  task.onSignal = (delivery) => all.push(delivery);
  return all;
}

test("onSignal tells the handler, what becomes of the call, and that its end answers for the call", async () => {
  const { kernel, task, results } = await sleeping(0);
  const all = deliveries(task);
  expect(task.signal(SIGUSR1)).toBe(0);
  kernel.settle();
  expect(all).toEqual([
    {
      signo: SIGUSR1,
      handler: HANDLER,
      flags: 0,
      restarts: false,
      error: "ERESTARTSYS",
      siginfo: { signo: SIGUSR1, code: 0, pid: 0, status: 0, value: 0n, addr: 0, band: 0, fd: 0 },
    },
  ]);
  expect(task.submit("getpid")).toMatchObject({ done: true, value: 1 });
  expect(task.submit("rt_sigreturn")).toMatchObject({ done: true, value: -EINTR });
  expect([task.outside, results]).toEqual([true, []]);
  expect(kernel.check()).toEqual([]);
});

test("a call that restarts sleeps again behind the handler, with its memory as it was", async () => {
  const { kernel, task, other, results } = await sleeping(SA_RESTART);
  const all = deliveries(task);
  task.signal(SIGUSR1);
  kernel.settle();
  expect(all.map(({ restarts, error }) => [restarts, error])).toEqual([[true, "ERESTARTSYS"]]);
  // The handler's calls need memory too.
  expect(task.submit("eventfd2", 5, 0)).toMatchObject({ done: true, value: 1 });
  expect(task.submit("read", 1, { out: 8 }, 8)).toMatchObject({ done: true, value: 8 });
  expect(task.submit("rt_sigreturn")).toEqual({ done: false });
  let out: readonly Uint8Array[] = [];
  task.onComplete = (completion) => (out = completion.out);
  other.submit("write", 0, { in: Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0) }, 8);
  kernel.settle();
  expect([results, out.map((bytes) => bytes[0])]).toEqual([[], [9]]);
});

test("without onSignal handlers do nothing: the call ends by itself, or goes on", async () => {
  const plain = await sleeping(0);
  plain.task.signal(SIGUSR1);
  plain.kernel.settle();
  expect(plain.results).toEqual([-EINTR]);
  const restarted = await sleeping(SA_RESTART);
  restarted.task.signal(SIGUSR1);
  restarted.kernel.settle();
  expect([restarted.results, restarted.task.sleeping?.call]).toEqual([[], "read"]);
});

test("a task that is outside is told at once; its next call is its handler's", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  catchSignal(task, SIGUSR1);
  const all = deliveries(task);
  task.signal(SIGUSR1);
  expect(all.map(({ signo, error, restarts }) => [signo, error, restarts])).toEqual([[SIGUSR1, null, false]]);
  expect(task.submit("rt_sigreturn").done).toBe(true);
  expect(task.submit("getpid")).toMatchObject({ value: 1 });
});

test("two handlers that are due run one inside the other; each end is a call of its own", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  catchSignal(task, SIGUSR1);
  catchSignal(task, SIGUSR2);
  const set = new Uint8Array(new BigUint64Array([(1n << 9n) | (1n << 11n)]).buffer);
  task.submit("rt_sigprocmask", 0, { in: set }, 0, 8);
  task.submit("kill", 1, SIGUSR1);
  task.submit("kill", 1, SIGUSR2);
  const all = deliveries(task);
  expect(task.submit("rt_sigprocmask", 1, { in: set }, 0, 8)).toEqual({ done: false });
  expect(all.map(({ signo }) => signo)).toEqual([SIGUSR2]);
  expect(task.submit("rt_sigreturn")).toEqual({ done: false });
  expect(all.map(({ signo }) => signo)).toEqual([SIGUSR2, SIGUSR1]);
  expect(task.submit("rt_sigreturn")).toMatchObject({ done: true, value: 0 });
  expect(kernel.check()).toEqual([]);
});

test("another task's kill reaches one that is outside before its next call", async () => {
  const kernel = await boot();
  const task = kernel.adopt("task");
  const other = kernel.adopt("other");
  catchSignal(task, SIGUSR1);
  const all = deliveries(task);
  other.submit("kill", task.pid, SIGUSR1);
  expect(task.submit("getpid")).toEqual({ done: false });
  expect(all.map(({ signo, siginfo }) => [signo, siginfo.pid])).toEqual([[SIGUSR1, other.pid]]);
  expect(task.submit("rt_sigreturn")).toMatchObject({ done: true, value: task.pid });
  other.submit("kill", task.pid, SIGUSR1);
  kernel.settle();
  expect(all).toHaveLength(2);
  task.submit("rt_sigreturn");
  expect(kernel.check()).toEqual([]);
});

test("a signal that has its default action terminates, which can be seen; SIGSTOP stops until SIGCONT", async () => {
  const kernel = await boot();
  const [one, two, three] = [kernel.adopt("one"), kernel.adopt("two"), kernel.adopt("three")];
  one.submit("rt_sigaction", SIGTERM, { in: new Uint8Array(32) }, 0, 8);
  one.signal(SIGTERM);
  expect([one.state, one.termSignal, one.exitCode]).toEqual(["zombie", SIGTERM, 128 + SIGTERM]);
  expect(one.signal(SIGTERM)).toBe(-ESRCH);
  expect(() => one.submit("getpid")).toThrow(/has ended/);
  two.signal(SIGSTOP);
  expect(two.state).toBe("stopped");
  expect(() => two.submit("getpid")).toThrow(/is stopped/);
  two.signal(SIGCONT);
  kernel.settle();
  expect(two.submit("getpid")).toMatchObject({ done: true, value: two.pid });
  two.signal(SIGSTOP);
  two.signal(SIGKILL);
  kernel.settle();
  expect([two.termSignal, three.termSignal]).toEqual([SIGKILL, null]);
  expect(kernel.check()).toEqual([]);
});

test("signals, handlers and their calls go through a journal and a snapshot", async () => {
  const { kernel, task } = await sleeping(SA_RESTART);
  deliveries(task);
  task.signal(SIGUSR1);
  kernel.settle();
  const snapshot = kernel.snapshot();
  const { digest } = { digest: kernel.digest() };
  task.submit("rt_sigreturn");
  expect(task.sleeping?.call).toBe("read");
  kernel.restore(snapshot);
  expect(kernel.digest()).toBe(digest);
  expect(task.submit("rt_sigreturn")).toEqual({ done: false });
  expect(task.sleeping?.call).toBe("read");
});
