import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { type BootOptions, Kernel, type Program, everyTaskEnded } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { compile } from "../support/asc.ts";
import { layout } from "../../lib/layout.gen.ts";

/** Calls that only this kernel has: see test/assembly/kthreads.ts. */
const [MAKE, WAKE, STOP] = [500, 501, 502];
const [SPINS, UNTIL_WOKEN, ONE_MICROSECOND, DEFERRABLE] = [0, 1, 2, 3];
const ENOMEM = -12;

let wasm: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
  await compile("test/assembly/kthreads.ts");
  wasm = asOwn(new Uint8Array(await readFile("build/test/kthreads.wasm")));
});

/** The module with the library's own layout's hash: its structs are the same, only its function table is longer. */
function asOwn(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const [section] = WebAssembly.Module.customSections(new WebAssembly.Module(bytes), "kstruct");
  const { hash } = JSON.parse(new TextDecoder().decode(section)) as { hash: string };
  const at = Buffer.from(bytes.buffer).lastIndexOf(hash);
  bytes.set(new TextEncoder().encode(layout.hash), at);
  return bytes;
}

/** How often the thread's function was called. */
function calls(kernel: Kernel, worker: number): number {
  return kernel.memory.view.getUint32(worker, true);
}

/** Makes a thread, and some calls while it works; returns the thread's Worker. */
function maker(mode: number, limit: number, { more = 0, work = 100, mm = 0 } = {}): Program {
  return function* (sys) {
    const worker = yield* sys.syscall(MAKE, mode, limit, work, mm);
    for (let i = 0; i < more; i++) yield* sys.getpid();
    return worker;
  };
}

async function run(program: Program, options: BootOptions = {}) {
  const kernel = await boot({ wasm, ...options });
  const task = kernel.spawn("main", program);
  const result = kernel.run();
  expect(kernel.check()).toEqual([]);
  return { kernel, task, result, worker: task.result as number };
}

/** The kernel threads that the machine has. */
function threads(kernel: Kernel) {
  return kernel.inspect().objects.filter((object) => object.struct === "TaskStruct" && object.kthread);
}

describe("a kernel thread", () => {
  test("is called until it ends, and leaves nothing behind", async () => {
    const { kernel, worker, result } = await run(maker(SPINS, 7));
    expect(calls(kernel, worker)).toBe(7);
    expect(result).toEqual({ reason: "idle", sleeping: [], killed: [] });
    expect(threads(kernel)).toEqual([]);
    expect(kernel.tasks.map(({ pid }) => pid)).toEqual([1]);
  });

  test("switches contexts, not modes", async () => {
    const { kernel } = await run(maker(SPINS, 7));
    const without = await run(function* (sys) {
      yield* sys.getpid();
    });
    expect(kernel.counters.modeSwitches).toBe(without.kernel.counters.modeSwitches);
    expect(kernel.counters.contextSwitches).toBe(without.kernel.counters.contextSwitches + 1);
  });

  test("sleeps and is woken like any task", async () => {
    const { kernel, worker } = await run(maker(ONE_MICROSECOND, 4));
    expect(calls(kernel, worker)).toBe(4);
    const woken = await run(function* (sys) {
      const made = yield* sys.syscall(MAKE, UNTIL_WOKEN, 0, 100);
      for (let i = 0; i < 3; i++) {
        yield* sys.nanosleep({ sec: 0, nsec: 1000 });
        expect(yield* sys.syscall(WAKE, made)).toBe(1);
      }
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      return made;
    });
    expect(calls(woken.kernel, woken.worker)).toBe(4);
    expect(woken.result).toEqual({ reason: "idle", sleeping: [], killed: [] });
    expect(threads(woken.kernel)).toMatchObject([
      { comm: "worker", pid: 2, state: "UNINTERRUPTIBLE", mode: "KERNEL", files: 0, mm: 0, call: null, result: null },
    ]);
  });

  test("ends when it is asked to", async () => {
    const { kernel, worker } = await run(function* (sys) {
      const made = yield* sys.syscall(MAKE, UNTIL_WOKEN, 0, 100);
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      yield* sys.syscall(STOP, made);
      return made;
    });
    expect(calls(kernel, worker)).toBe(2);
    expect(threads(kernel)).toEqual([]);
  });

  test("makes room for others between two calls when its time is up", async () => {
    const { kernel, task, worker } = await run(maker(SPINS, 1000, { more: 50, work: 100_000 }), {
      costs: { timeSlice: 1_000_000, modeSwitch: 100_000 },
    });
    expect(task.state).toBe("zombie");
    expect(calls(kernel, worker)).toBe(1000);
    expect(kernel.counters.contextSwitches).toBeGreaterThan(4);
  });

  test("is nobody that a system call knows", async () => {
    await run(function* (sys) {
      yield* sys.syscall(MAKE, UNTIL_WOKEN, 0, 100);
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      expect(yield* sys.kill(2, 0)).toBe(-3);
      expect(yield* sys.kill(-1, 15)).toBe(-3);
      expect(yield* sys.wait4(-1)).toBe(-10);
      expect(yield* sys.clone(0, function* () {})).toBe(3);
    });
  });

  test("borrows an address space and gives it back", async () => {
    const { kernel, worker } = await run(maker(SPINS, 3, { mm: 1 }));
    expect(calls(kernel, worker)).toBe(3);
    const early = await run(maker(SPINS, 1, { mm: 1 }));
    expect(early.kernel.inspect().objects.filter(({ struct }) => struct === "MmStruct")).toEqual([]);
    expect(kernel.inspect().objects.filter(({ struct }) => struct === "MmStruct")).toEqual([]);
  });

  test("is not made when there is no memory for it", async () => {
    const kernel = await boot({ wasm });
    const task = kernel.spawn("main", maker(SPINS, 1));
    kernel.settle({ maxInputs: 1 });
    kernel.faults.failAllocation({ nth: 2 });
    kernel.run();
    expect(task.result).toBe(ENOMEM);
    expect(kernel.check()).toEqual([]);
  });

  test("that sleeps for what can wait does not keep the machine from being idle", async () => {
    const { kernel, worker, result } = await run(maker(DEFERRABLE, 4));
    expect(result.reason).toBe("idle");
    expect([calls(kernel, worker), kernel.now]).toEqual([1, expect.toSatisfy((time: number) => time < 1e6)]);
    expect(kernel.run({ until: { time: 11e9 } }).reason).toBe("until");
    expect(calls(kernel, worker)).toBe(3);
    expect(kernel.run({ until: { time: 100e9 } }).reason).toBe("idle");
    expect(calls(kernel, worker)).toBe(4);
    expect(kernel.check()).toEqual([]);
  });
});

describe("the order of kernel threads", () => {
  test("by seed they take their turns among the others", async () => {
    const counts = new Set<number>();
    for (let seed = 1; seed <= 8; seed++) {
      const kernel = await boot({ wasm, scheduling: "seed", seed, cpus: 1 + (seed % 2) });
      const task = kernel.spawn("main", function* (sys) {
        const worker = yield* sys.syscall(MAKE, SPINS, 40, 100);
        for (let i = 0; i < 10; i++) yield* sys.getpid();
        counts.add(calls(kernel, worker));
        return worker;
      });
      expect(kernel.run().reason).toBe("idle");
      expect(kernel.check()).toEqual([]);
      expect(calls(kernel, task.result as number)).toBe(40);
    }
    expect(counts.size).toBeGreaterThan(3);
  });

  for (const scheduling of ["hand", "step"] as const) {
    test(`by ${scheduling} the host is not asked about them: each has its turn before the next program`, async () => {
      const kernel = await boot({ wasm, scheduling });
      const seen: number[] = [];
      const asked = new Set<number>();
      kernel.spawn("main", function* (sys) {
        const workers = [yield* sys.syscall(MAKE, SPINS, 4, 100), yield* sys.syscall(MAKE, SPINS, 8, 100)];
        for (let i = 0; i < 10; i++) {
          yield* sys.getpid();
          seen.push(workers.reduce((sum, worker) => sum + calls(kernel, worker), 0));
        }
      });
      kernel.spawn("other", function* (sys) {
        yield* sys.getpid();
      });
      const result = kernel.run({
        choose: (_, pids) => {
          for (const pid of pids) asked.add(pid);
          return Math.min(...pids);
        },
      });
      expect(result.reason).toBe("idle");
      expect([...asked].every((pid) => pid <= 2)).toBe(true);
      expect(seen).toEqual(seen.toSorted((a, b) => a - b));
      expect(seen.slice(0, 3)).toEqual([5, 7, 8]);
      expect(seen.at(-1)).toBe(12);
      expect(kernel.check()).toEqual([]);
    });
  }

  test("the explorer goes through the orders of programs beside them", async () => {
    const explored = await (
      await boot({ wasm })
    ).explore((kernel) => {
      kernel.spawn("a", maker(SPINS, 3, { more: 2 }));
      kernel.spawn("b", maker(ONE_MICROSECOND, 2, { more: 1 }));
    }, everyTaskEnded);
    expect(explored).toMatchObject({ broken: false, complete: true });
  });

  test("a machine with them can be set back and lived through again", async () => {
    const { kernel } = await run(maker(ONE_MICROSECOND, 5, { more: 3 }));
    const digest = kernel.digest();
    kernel.seek(Math.floor(kernel.ticks / 2));
    expect(kernel.check()).toEqual([]);
    kernel.seek(kernel.ticks);
    expect(kernel.digest()).toBe(digest);
  });
});
