import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { KERNEL_BASE, fieldOffset } from "../../lib/machine/memory.ts";
import { Kernel } from "../../lib/index.ts";
import { pingPong, populate, sleeper } from "../support/programs.ts";

test("the digest of every tick is the same whether it is reached forwards, backwards or in any order", async () => {
  const kernel = await boot();
  populate(kernel);
  kernel.run();
  const { ticks } = kernel;
  const end = kernel.digest();
  const forwards: string[] = [];
  for (let tick = 0; tick <= ticks; tick++) {
    kernel.seek(tick);
    expect(kernel.tick).toBe(tick);
    forwards.push(kernel.digest());
  }
  expect(forwards.at(-1)).toBe(end);
  for (let tick = ticks; tick >= 0; tick--) {
    kernel.seek(tick);
    expect(kernel.digest()).toBe(forwards[tick]);
  }
  for (let i = 0; i < 50; i++) {
    const tick = (i * 7919) % (ticks + 1);
    kernel.seek(tick);
    expect(kernel.digest()).toBe(forwards[tick]);
  }
  expect(new Set(forwards).size).toBe(ticks + 1);
});

test("stepping through a run while it happens shows the same states as going back to them later", async () => {
  const kernel = await boot();
  populate(kernel);
  const live: string[] = [];
  while (kernel.step("tick")) live[kernel.tick] = kernel.digest();
  expect(live.length).toBe(kernel.ticks + 1);
  for (let tick = kernel.ticks; tick >= 1; tick--) {
    expect(kernel.tick).toBe(tick);
    if (live[tick] !== undefined) expect(kernel.digest()).toBe(live[tick]);
    expect(kernel.step("tick", -1)).toBe(true);
  }
  expect(kernel.step("tick", -1)).toBe(false);
});

test("looking at the past does not change what happens later", async () => {
  const straight = await boot();
  populate(straight);
  straight.run();
  const looked = await boot();
  populate(looked);
  for (let i = 0; looked.run({ maxInputs: 5 }).reason === "budget"; i++) {
    looked.seek((i * 31) % (looked.ticks + 1));
    looked.step("function");
    looked.step("syscall", -1);
  }
  expect(looked.ticks).toBe(straight.ticks);
  expect(looked.digest()).toBe(straight.digest());
});

test.each(["input", "syscall", "function", "tick"] as const)(
  "steps by %s go back over the places they came by",
  async (grain) => {
    const kernel = await boot();
    kernel.spawn("sleeper", sleeper(2));
    const start = kernel.tick;
    const there: number[] = [];
    while (kernel.step(grain)) if (there.at(-1) !== kernel.tick) there.push(kernel.tick);
    const back: number[] = [];
    if (kernel.tick === there.at(-1)) back.push(kernel.tick);
    while (kernel.step(grain, -1)) back.push(kernel.tick);
    expect(back.reverse().filter((tick) => tick > start)).toEqual(there.filter((tick) => tick > start));
  },
);

test("a step by system call ends where a system call returns, one by function where a function begins", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(1));
  kernel.run();
  kernel.seek(0);
  while (kernel.step("syscall")) expect(kernel.trace.at(kernel.tick).event).toBe("sys_exit");
  kernel.seek(0);
  const events = new Set<string>();
  while (kernel.tick < kernel.ticks && kernel.step("function")) events.add(kernel.trace.at(kernel.tick).event);
  expect(events).toContain("vfs_write");
  expect(events).not.toContain("sys_exit");
  expect(events).not.toContain("sched_switch");
});

test("run() stops at a breakpoint, by name or by function, and goes on from there", async () => {
  const kernel = await boot();
  kernel.spawn("ping", pingPong(3));
  const all = await boot();
  all.spawn("ping", pingPong(3));
  all.run();
  const expected = Array.from(all.trace.filter({ event: "try_to_wake_up" }), (record) => record.tick);
  const met: number[] = [];
  const breakpoint = kernel.breakpoints.add("try_to_wake_up");
  for (;;) {
    const { reason } = kernel.run();
    if (reason !== "breakpoint") break;
    met.push(kernel.tick);
  }
  expect(met).toEqual(expected);
  expect(breakpoint.hits).toBe(expected.length);
  expect(kernel.digest()).toBe(all.digest());
  breakpoint[Symbol.dispose]();
  kernel.seek(0);
  using _late = kernel.breakpoints.add((record) => record.tick === 20);
  expect(kernel.run().reason).toBe("breakpoint");
  expect(kernel.tick).toBe(20);
  expect(() => kernel.breakpoints.add("no_such_event" as never)).toThrow(TypeError);
});

test("run() goes until a time, a tick or a condition", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(4));
  expect(kernel.run({ until: { tick: 40 } }).reason).toBe("until");
  expect(kernel.tick).toBe(40);
  expect(kernel.run({ until: (machine) => machine.inputs >= 20 }).reason).toBe("until");
  expect(kernel.inputs).toBe(20);
  expect(kernel.run({ until: 10_000_000_000 }).reason).toBe("idle");
  const again = await boot();
  again.spawn("long", function* (sys) {
    yield* sys.nanosleep({ sec: 5, nsec: 0 });
  });
  const stopped = again.run({ until: 1_000_000_000 });
  expect(stopped.reason).toBe("until");
  expect(stopped.sleeping).toMatchObject([{ pid: 1, name: "long", call: "nanosleep" }]);
  expect(again.now).toBeLessThan(1_000_000_000);
});

test("the trace of a long run is had from its past, piece by piece", async () => {
  const kernel = await boot();
  kernel.spawn("ping", pingPong(700));
  const seen: string[] = [];
  for (let from = 1; kernel.run({ maxInputs: 100 }).reason === "budget"; from = kernel.ticks + 1) {
    for (const record of kernel.trace.range(from)) seen[record.tick] = record.plain();
  }
  expect(kernel.ticks).toBeGreaterThan(3 * 4096);
  let tick = 0;
  for (const record of kernel.trace) {
    expect(record.tick).toBe(++tick);
    if (seen[tick] !== undefined) expect(record.plain()).toBe(seen[tick]);
  }
  expect(tick).toBe(kernel.ticks);
  expect(kernel.trace.at(1).event).toBe("copy_process");
  expect(() => kernel.trace.at(kernel.ticks + 1)).toThrow(RangeError);
});

test("in a long run every tick is found again, across checkpoints", async () => {
  const kernel = await boot({ poison: false });
  kernel.spawn("ping", pingPong(6000));
  kernel.run();
  expect(kernel.ticks).toBeGreaterThan(150_000);
  const digest = kernel.digest();
  const again = await Kernel.replay(kernel.journal);
  for (let i = 1; i <= 12; i++) {
    const tick = (i * 7_368_787) % kernel.ticks;
    kernel.seek(tick);
    // A branch lives through everything from the beginning, without checkpoints.
    const branch = kernel.branch();
    kernel.seek(branch.tick);
    expect(kernel.digest()).toBe(branch.digest());
    again.seek(tick);
    expect(again.digest()).toBe((kernel.seek(tick), kernel.digest()));
    expect(kernel.trace.at(tick).plain()).toBe(again.trace.at(tick).plain());
  }
  kernel.seek(kernel.ticks);
  expect(kernel.digest()).toBe(digest);
});

test("the trace reads the same from the past as from the present", async () => {
  const kernel = await boot();
  kernel.spawn("ping", pingPong(250));
  kernel.run();
  expect(kernel.ticks).toBeGreaterThan(4096);
  const lines = Array.from(kernel.trace, (record) => `${record.tick} ${record.time} ${record.plain()}`);
  kernel.seek(100);
  expect(Array.from(kernel.trace, (record) => `${record.tick} ${record.time} ${record.plain()}`)).toEqual(lines);
  kernel.run();
  kernel.spawn("ping", pingPong(2));
  kernel.run();
  kernel.seek(100);
  expect(Array.from(kernel.trace).length).toBe(kernel.ticks);
});

test("bytes change at the ticks whose records tell of that: the number of system calls, at each entry", async () => {
  const kernel = await boot();
  populate(kernel);
  kernel.run();
  const counter = kernel.memory.get("Kernel", KERNEL_BASE, "counters") + fieldOffset("Counters", "syscalls");
  const entries = Array.from(kernel.trace.filter({ event: "sys_enter" }), ({ tick }) => tick);
  expect(entries.length).toBeGreaterThan(10);
  kernel.seek(5);
  expect(kernel.trace.changes(counter, 8)).toEqual(entries);
  expect(kernel.tick).toBe(5);
  expect(kernel.trace.changes(kernel.memory.length - 8, 64)).toEqual([]);
});
