import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { pingPong, populate, sleeper } from "../support/programs.ts";
import { type AdoptedTask, Kernel, type Task } from "../../lib/index.ts";

test("a branch is the same machine, and goes on by itself", async () => {
  const kernel = await boot({ cpus: 2 });
  populate(kernel);
  kernel.run({ maxInputs: 25 });
  const branch = kernel.branch();
  expect(branch.digest()).toBe(kernel.digest());
  expect(branch.journal).toBe(kernel.journal);
  const { inputs } = kernel;
  kernel.run();
  expect(branch.inputs).toBe(inputs);
  branch.run();
  expect(branch.digest()).toBe(kernel.digest());
  expect((branch.task(1) as Task).result).toBe("ping");
});

test("a branch from the past leaves the first machine alone and takes other inputs", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(3));
  kernel.run();
  const end = kernel.digest();
  const half = Math.floor(kernel.ticks / 2);
  kernel.seek(half);
  const branch = kernel.branch();
  expect(branch.tick).toBeLessThanOrEqual(half);
  kernel.seek(branch.tick);
  expect(branch.digest()).toBe(kernel.digest());
  branch.spawn("other", pingPong(2));
  branch.run();
  expect(branch.tasks.map((task) => task.name)).toEqual(["sleeper", "other", "other"]);
  expect((branch.task(1) as Task).result).toBe(6);
  kernel.run();
  expect(kernel.digest()).toBe(end);
  expect(kernel.check()).toEqual([]);
  expect(branch.check()).toEqual([]);
});

test("a machine that stands in the past takes no other inputs, and says what to do", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(2));
  kernel.run();
  kernel.seek(5);
  expect(() => kernel.spawn("late", pingPong(1))).toThrow(/stands at tick 5 of \d+: branch\(\)/);
  expect(() => kernel.world.at(10, () => {})).toThrow(/branch\(\)/);
  expect(() => kernel.snapshot()).toThrow(/branch\(\)/);
  kernel.run();
  kernel.spawn("late", pingPong(1));
});

test("a program that does something else when it is run again is found out", async () => {
  const kernel = await boot();
  let turn = 0;
  kernel.spawn("fickle", function* (sys) {
    if (turn++ === 0) yield* sys.getpid();
    yield* sys.gettid();
  });
  kernel.run();
  expect(() => kernel.branch()).toThrow(/not deterministic/);
});

test("timers of the host go off in a branch as well, and act on the branch", async () => {
  const kernel = await boot();
  kernel.world.at(5_000, (world) => world.file("/early", { size: 10, seed: 1 }));
  kernel.world.at(50_000, (world) => world.file("/late", { size: 20, seed: 2 }));
  kernel.run({ until: 20_000 });
  const branch = kernel.branch();
  expect(branch.digest()).toBe(kernel.digest());
  kernel.run();
  branch.run();
  expect(branch.digest()).toBe(kernel.digest());
  expect(branch.journal.match(/CREATE_FILE/g)).toHaveLength(2);
});

test("a snapshot sets the machine back; a program that has gone on since then runs no more", async () => {
  const kernel = await boot();
  const task = kernel.adopt("outside");
  const fds = task.submit("eventfd2", 3, 0);
  expect(fds).toMatchObject({ done: true, value: 0 });
  const snapshot = kernel.snapshot();
  const digest = kernel.digest();
  kernel.spawn("later", sleeper(2));
  kernel.run();
  expect(kernel.digest()).not.toBe(digest);
  kernel.restore(snapshot);
  expect(kernel.digest()).toBe(digest);
  expect(kernel.tasks).toHaveLength(1);
  expect(kernel.inputs).toBe(snapshot.inputs);
  expect(task.submit("read", 0, { out: 8 }, 8)).toMatchObject({ done: true, value: 8 });
  task.holdsClock = false;
  const program = kernel.spawn("again", sleeper(2));
  const before = kernel.snapshot();
  kernel.run();
  expect(program.result).toBe(3);
  const end = kernel.ticks;
  kernel.restore(before);
  expect(kernel.run().reason).toBe("idle");
  expect(kernel.ticks).toBeLessThan(end);
  kernel.seek(1);
  kernel.seek(kernel.ticks);
  expect(kernel.check()).toEqual([]);
});

test("a snapshot goes into another machine, with its past", async () => {
  const kernel = await boot();
  kernel.adopt("outside").submit("pipe2", { out: 8 }, 0);
  const snapshot = kernel.snapshot();
  const other = await boot();
  other.restore(snapshot);
  expect(other.digest()).toBe(kernel.digest());
  expect(other.journal).toBe(kernel.journal);
  other.seek(2);
  kernel.seek(2);
  expect(other.digest()).toBe(kernel.digest());
});

test("a machine made from a journal branches as well", async () => {
  const kernel = await boot();
  populate(kernel);
  kernel.run();
  const again = await Kernel.replay(kernel.journal);
  again.seek(30);
  const branch = again.branch();
  branch.seek(branch.ticks);
  kernel.seek(branch.ticks);
  expect(branch.digest()).toBe(kernel.digest());
  expect(() => branch.spawn("more", sleeper(1))).not.toThrow();
});

test("a program cannot move its own machine through time", async () => {
  const kernel = await boot();
  kernel.spawn("wilful", function* (sys) {
    yield* sys.getpid();
    kernel.seek(1);
  });
  expect(() => kernel.run()).toThrow(/a program cannot run its own machine/);
  expect(kernel.run().reason).toBe("idle");
});

test("a snapshot of a machine that was booted otherwise is refused", async () => {
  const snapshot = (await boot({ seed: 1 })).snapshot();
  const other = await boot({ seed: 2 });
  expect(() => other.restore(snapshot)).toThrow(TypeError);
});

test("a program that writes other bytes when it is run again is found out", async () => {
  const kernel = await boot();
  let turn = 0;
  kernel.spawn("fickle", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.write(fds[1]!, `turn ${turn++}`);
  });
  kernel.run();
  expect(() => kernel.branch()).toThrow(/not deterministic/);
});

test("machines that share a past do not write into each other's journal", async () => {
  const kernel = await boot();
  const task = kernel.adopt("outside");
  task.submit("eventfd2", 0, 0);
  const snapshot = kernel.snapshot();
  const other = await boot();
  other.restore(snapshot);
  for (let i = 1; i <= 3; i++) task.submit("dup", 0);
  const twin = other.task(task.pid) as AdoptedTask;
  twin.submit("close", 0);
  for (const machine of [kernel, other]) {
    expect((await Kernel.replay(machine.journal)).digest()).toBe(machine.digest());
  }
  kernel.restore(snapshot);
  expect((await Kernel.replay(kernel.journal)).digest()).toBe(kernel.digest());
});

test("a program that restore() has lost stays lost in a snapshot of that state", async () => {
  const kernel = await boot();
  const got: number[][] = [];
  kernel.spawn("main", function* (sys) {
    for (let i = 0; i < 6; i++) got.push([i, yield* sys.eventfd(0)]);
  });
  const beginning = kernel.snapshot();
  kernel.run({ maxInputs: 4 });
  const middle = kernel.snapshot();
  const seen = structuredClone(got);
  expect(seen.length).toBeGreaterThan(0);
  kernel.restore(beginning);
  kernel.run();
  const lost = kernel.snapshot();
  kernel.restore(lost);
  kernel.run();
  expect(got).toEqual(seen);
  kernel.restore(middle);
  kernel.run();
  expect(got).toEqual([3, 4, 5, 6, 7, 8].map((fd, i) => [i, fd]));
  kernel.restore(lost);
  expect(kernel.run().reason).toBe("idle");
  expect(got.length).toBe(6);
  expect(kernel.check()).toEqual([]);
});
