import { expect, test } from "vitest";
import { EBADF, errnoName, Kernel } from "../../lib/index.ts";
import { boot, runProgram } from "../support/boot.ts";
import { populate } from "../support/programs.ts";

test("two machines that are given the same are the same, byte for byte", async () => {
  const digests = await Promise.all(
    [1, 1, 2].map(async (seed) => {
      const kernel = await boot({ seed });
      populate(kernel);
      kernel.run();
      expect(kernel.check()).toEqual([]);
      return kernel.digest();
    }),
  );
  expect(digests[0]).toBe(digests[1]);
  expect(digests[2]).not.toBe(digests[0]);
});

test.each([
  [{ cpus: 0 }, RangeError, /cpus .* 1 to 64, not 0/],
  [{ cpus: 65 }, RangeError, /not 65/],
  [{ cpus: "2" as never }, TypeError, /cpus is a number, not "2"/],
  [{ seed: -1 }, RangeError, /seed/],
  [{ seed: 0.5 }, RangeError, /seed/],
  [{ memory: 2 ** 33 }, RangeError, /memory/],
  [{ memoryLimit: 100_000 }, RangeError, /memoryLimit 100000 .*ENOMEM/],
  [{ trace: 1 as never }, TypeError, /trace is true or false, not 1/],
  [{ costs: { copy: -1 } }, RangeError, /costs.copy/],
  [{ costs: { nothing: 1 } as never }, TypeError, /no cost is called nothing/],
  [{ memroy: 1 } as never, TypeError, /no boot option is called memroy/],
  [{ device: { dam: false } } as never, TypeError, /no option of device is called dam; there are dma, /],
  [{ device: { dma: 0 } } as never, TypeError, /device\.dma is true or false, not 0/],
  [{ device: { disk: { kind: "tape" } } } as never, TypeError, /device\.disk\.kind is "flash" or "rotating"/],
  [{ device: { disk: { seek: 1 } } }, RangeError, /a disk of kind "flash" has no seek/],
  [{ device: { disk: { queueDepth: 65 } } }, RangeError, /queueDepth is a whole number from 1 to 64, not 65/],
  [{ device: { nic: { bandwidth: 1 } } }, RangeError, /device\.nic\.bandwidth is a whole number from 15259 to/],
])("boot(%j) says what is wrong", async (options, type, message) => {
  const booted = Kernel.boot(options);
  await expect(booted).rejects.toThrow(type);
  await expect(booted).rejects.toThrow(message);
});

test("a module with other layouts is refused", async () => {
  const empty = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  await expect(Kernel.boot({ wasm: empty })).rejects.toThrow(TypeError);
  const json = new TextEncoder().encode(`{"hash":"0"}`);
  const section = [0, 1 + 7 + json.length, 7, ...new TextEncoder().encode("kstruct"), ...json];
  const other = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...section);
  await expect(Kernel.boot({ wasm: other })).rejects.toThrow(/kernel\.wasm has layout 0, the library has \w+/);
});

test("a task has a name, a state, a result and counters", async () => {
  const { task, kernel, result } = await runProgram<string>(function* (sys) {
    yield* sys.getpid();
    yield* sys.gettid();
    return "done";
  });
  expect(result).toBe("done");
  expect(task).toMatchObject({ pid: 1, name: "main", state: "zombie", exitCode: 0, syscalls: 3 });
  expect(task.counters).toEqual({ ...kernel.counters, ...task.counters });
  kernel.seek(0);
  expect(task.state).toBe("absent");
});

test("what a program throws comes out of run(), and the machine goes on without it", async () => {
  const kernel = await boot();
  const bad = kernel.spawn("bad", function* (sys) {
    yield* sys.getpid();
    throw new SyntaxError("of its own");
  });
  const good = kernel.spawn("good", function* (sys) {
    yield* sys.nanosleep({ sec: 0, nsec: 1000 });
    return 42;
  });
  expect(() => kernel.run()).toThrow(new SyntaxError("of its own"));
  expect(bad.error).toBeInstanceOf(SyntaxError);
  expect(kernel.run().reason).toBe("idle");
  expect(bad).toMatchObject({ state: "zombie", exitCode: 1 });
  expect(good.result).toBe(42);
  expect(kernel.check()).toEqual([]);
});

test("run() never hangs: a program that never ends is stopped by the number of inputs", async () => {
  const kernel = await boot();
  kernel.spawn("busy", function* (sys) {
    for (;;) yield* sys.sched_yield();
  });
  expect(kernel.run({ maxInputs: 1000 }).reason).toBe("budget");
  expect(kernel.inputs).toBe(1001);
  expect(() => kernel.run({ maxInputs: -1 })).toThrow(RangeError);
});

test("run() says who sleeps where", async () => {
  const kernel = await boot();
  kernel.spawn("reader", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.read(fds[0]!, sys.buffer(10));
  });
  const { reason, sleeping } = kernel.run();
  expect(reason).toBe("idle");
  expect(sleeping).toMatchObject([{ pid: 1, name: "reader", call: "read", until: null }]);
  expect(sleeping[0]!.queue).toBeGreaterThan(0);
  expect(sleeping[0]!.args.slice(0, 3)).toEqual([3, expect.any(Number), 10]);
  expect(JSON.parse(JSON.stringify(kernel.run()))).toMatchObject({ reason: "idle", sleeping: [{ call: "read" }] });
});

test("several CPUs run several tasks, deterministically", async () => {
  const run = async () => {
    const kernel = await boot({ cpus: 4 });
    for (let i = 0; i < 3; i++) populate(kernel);
    kernel.run();
    expect(kernel.tasks.every((task) => task.state === "zombie" || task.state === "gone")).toBe(true);
    expect(kernel.check()).toEqual([]);
    return kernel;
  };
  const [one, two] = [await run(), await run()];
  expect(one.digest()).toBe(two.digest());
  expect(new Set([...one.trace].map((record) => record.cpu)).size).toBe(4);
});

test("costs are read at any time, and written before the first input only", async () => {
  const kernel = await boot({ costs: { function: 100 } });
  expect(kernel.costs.function).toBe(100);
  kernel.costs.function = 1000;
  populate(kernel);
  expect(() => (kernel.costs.function = 5)).toThrow(/first input/);
  kernel.run();
  const cheap = await boot({ costs: { function: 0 } });
  populate(cheap);
  cheap.run();
  expect(kernel.now).toBeGreaterThan(cheap.now);
  const end = kernel.digest();
  kernel.seek(3);
  kernel.seek(kernel.ticks);
  expect(kernel.digest()).toBe(end);
});

test("without trace there are no ticks, and the result is the same", async () => {
  const kernel = await boot({ trace: false });
  const { task } = {
    task: kernel.spawn("main", function* (sys) {
      return yield* sys.getpid();
    }),
  };
  kernel.run();
  expect(task.result).toBe(1);
  expect(kernel.ticks).toBe(0);
  expect(() => kernel.seek(1)).toThrow(RangeError);
  expect(() => kernel.step("tick")).toThrow(/trace: false/);
});

test("errors have names", () => {
  expect(errnoName(-EBADF)).toBe("EBADF");
  expect(errnoName(3)).toBeNull();
  expect(errnoName(0)).toBeNull();
});

test("a machine that was disposed of takes no input", async () => {
  const kernel = await boot();
  {
    using disposed = kernel;
    disposed.spawn("main", function* () {});
  }
  expect(() => kernel.run()).toThrow(/disposed/);
});

test("the memory to begin with makes no difference to the machine", async () => {
  const [small, large] = await Promise.all([boot(), boot({ memory: 64 << 20 })]);
  expect(large.memory.length).toBe(64 << 20);
  expect(small.memory.length).toBeLessThan(16 << 20);
  for (const kernel of [small, large]) {
    populate(kernel);
    kernel.run();
  }
  expect(large.digest()).toBe(small.digest());
});

test("a record of the trace is a sentence in two languages", async () => {
  const kernel = await boot();
  populate(kernel);
  kernel.run();
  for (const event of ["sys_enter", "try_to_wake_up", "copy_to_user"] as const) {
    const [record] = kernel.trace.filter({ event });
    kernel.seek(record!.tick);
    expect(kernel.trace.at(kernel.tick).sentence("en")).toMatch(/^[A-Z][^\n]*\.$/);
    expect(String(record)).toBe(record!.sentence("en"));
    expect(record!.sentence("zh-CN")).toMatch(/[\u4e00-\u9fff]/);
    expect(record!.sentence("zh")).toBe(record!.sentence("zh-CN"));
    expect(() => record!.sentence("fr" as never)).toThrow(new RangeError('languages are en, zh-CN, not "fr"'));
  }
  const pids = Array.from(kernel.trace.filter({ pid: 2, from: 20, to: 60 }), ({ pid, tick }) => [pid, tick]);
  expect(pids.length).toBeGreaterThan(0);
  expect(pids.every(([pid, tick]) => pid === 2 && tick! >= 20 && tick! <= 60)).toBe(true);
});

test.each<[string, (kernel: Kernel) => unknown, RegExp]>([
  ["spawn() of nothing", (kernel) => kernel.spawn("x", null as never), /function\* \(sys\) \{ \.\.\. \}, not null/],
  ["spawn() without a star", (kernel) => kernel.spawn("x", (() => {}) as never), /generator .* has returned undefined/],
  ["run() with a slip", (kernel) => kernel.run({ untill: 3 } as never), /no option of run\(\) is called untill/],
  ["run() with a text", (kernel) => kernel.run({ until: "ilde" as never }), /until is "idle".* not "ilde"/],
  [
    "connect() with a slip",
    (kernel) => kernel.world.connect(80, { reed: 1 } as never),
    /called reed; there are window/,
  ],
  [
    "a file of nothing",
    (kernel) => kernel.world.file("/b", null as never),
    /a file holds \{ size, seed\? \}, a string or a Uint8Array, not null/,
  ],
  ["a file without a path", (kernel) => kernel.world.file(5 as never, { size: 1 }), /a path is a string, not 5/],
  ["nothing to do later", (kernel) => kernel.world.at(5, null as never), /a function, not null/],
])("%s is refused, and the machine has not noticed", async (_, act, message) => {
  const kernel = await boot();
  const mistake = () => act(kernel);
  expect(mistake).toThrow(TypeError);
  expect(mistake).toThrow(message);
  expect(kernel.inputs).toBe(0);
});
