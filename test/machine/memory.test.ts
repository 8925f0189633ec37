import { expect, test } from "vitest";
import { KernelMemory } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { fieldOffset } from "../../lib/machine/memory.ts";
import { sleeper } from "../support/programs.ts";

const TASK = "TaskStruct";

test("structs are read by name, with their types", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(1));
  const { memory } = kernel;
  const root = memory.read("Kernel", 0x20000);
  const sched = memory.read("SchedState", root.sched);
  expect(sched.last_pid).toBe(1);
  const tasks = [...memory.list(memory.embedded(root.sched, "SchedState", "tasks"), TASK, "tasks")];
  expect(tasks).toHaveLength(1);
  expect(memory.get(TASK, tasks[0]!, "pid")).toBe(1);
  expect(memory.read(TASK, tasks[0]!).orig_ax).toBe(-1n);
  expect(memory.text(tasks[0]! + fieldOffset(TASK, "comm_0"), 16)).toBe("sleeper");
  const link = memory.embedded(tasks[0]!, TASK, "tasks");
  expect(memory.containerOf(link, TASK, "tasks")).toBe(tasks[0]);
});

test("a view lives, and throws once the memory has grown or was set back", async () => {
  const kernel = await boot();
  kernel.spawn("sleeper", sleeper(1));
  const view = kernel.view("Kernel", 0x20000);
  const before = view.tick;
  const counters = kernel.view("Counters", view.counters);
  kernel.run();
  expect(view.tick).toBeGreaterThan(before);
  expect(counters.syscalls).toBe(BigInt(kernel.counters.syscalls));
  kernel.seek(1);
  expect(() => view.tick).toThrow(/view of the Kernel at 0x20000 is from before/);
  kernel.run();

  const old = kernel.view("Kernel", 0x20000);
  const { length } = kernel.memory;
  kernel.spawn("grower", function* (sys) {
    for (let i = 0; i < 8; i++) sys.buffer(1 << 20).set(new Uint8Array(1 << 20));
    yield* sys.getpid();
  });
  kernel.run();
  expect(kernel.memory.length).toBeGreaterThan(length);
  expect(() => old.tick).toThrow(/take it anew/);
  expect(Number(kernel.view("Kernel", 0x20000).tick)).toBe(kernel.ticks);
  expect(kernel.check()).toEqual([]);
});

test("going back over a growth of memory gives the same digests", async () => {
  const kernel = await boot();
  kernel.spawn("grower", function* (sys) {
    for (let i = 0; i < 6; i++) {
      sys.buffer(1 << 20).set(new Uint8Array(1 << 20).fill(i));
      yield* sys.getpid();
    }
  });
  const live: string[] = [kernel.digest()];
  while (kernel.step("syscall")) live.push(kernel.digest());
  const back: string[] = [kernel.digest()];
  while (kernel.step("syscall", -1)) back.push(kernel.digest());
  expect(back.slice(1, 7).reverse()).toEqual(live.slice(-6));
});

test("reading where nothing can be is refused", async () => {
  const { memory } = await boot();
  expect(() => memory.read(TASK, 0)).toThrow(/null is no TaskStruct/);
  expect(() => memory.read(TASK, 2 ** 40)).toThrow(/no TaskStruct can be at 0x10000000000/);
  expect(() => memory.read("Nothing" as never, 0x20000)).toThrow(/no struct is called Nothing/);
  expect(() => memory.get(TASK, 0x20000, "nothing" as never)).toThrow();
  expect(() => memory.slice(-1, 2)).toThrow(RangeError);
});

test("a list that does not come back is refused, not followed for ever", () => {
  const buffer = new ArrayBuffer(0x30000);
  const memory = new KernelMemory({ buffer });
  const words = new Uint32Array(buffer);
  words[0x100 / 4] = 0x108;
  words[0x108 / 4] = 0x108;
  expect(() => [...memory.list(0x100, TASK, "tasks")]).toThrow(/never comes back/);
  words[0x108 / 4] = 0;
  expect(() => [...memory.list(0x100, TASK, "tasks")]).toThrow(/leads to null/);
  words[0x108 / 4] = 0xffff_fff0;
  expect(() => [...memory.list(0x100, TASK, "tasks")]).toThrow(/out of the memory/);
});

test("a snapshot of the memory stays as it is", async () => {
  const kernel = await boot();
  const frozen = kernel.memory.snapshot();
  kernel.spawn("sleeper", sleeper(1));
  kernel.run();
  expect(frozen.read("Kernel", 0x20000).tick).toBe(0n);
  expect(kernel.memory.read("Kernel", 0x20000).tick).toBe(BigInt(kernel.ticks));
});
