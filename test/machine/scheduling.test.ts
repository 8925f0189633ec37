import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type BootOptions, CLONE_FILES, CLONE_VM, Kernel, type Program } from "../../lib/index.ts";
import { echoServer, pingPong, sleeper } from "../support/programs.ts";
import { boot } from "../support/boot.ts";

/** A program that makes so many calls, each of which leaves its mark in `order`. */
function marker(order: string[], mark: string, calls: number): Program {
  return function* (sys) {
    for (let i = 0; i < calls; i++) {
      yield* sys.getpid();
      order.push(mark);
    }
  };
}

async function marks(options: BootOptions, tasks: number, calls = 4): Promise<{ order: string; kernel: Kernel }> {
  const order: string[] = [];
  const kernel = await boot(options);
  for (let i = 0; i < tasks; i++) kernel.spawn(`t${i}`, marker(order, String.fromCharCode(97 + i), calls));
  expect(kernel.run().reason).toBe("idle");
  return { order: order.join(""), kernel };
}

/** Threads that share a pipe and an eventpoll, a sleeper, a server with clients outside: some of everything. */
async function crowd(options: BootOptions): Promise<Kernel> {
  const kernel = await boot(options);
  kernel.spawn("ping", pingPong(6));
  kernel.spawn("sleeper", sleeper(5));
  kernel.spawn("server", echoServer);
  kernel.spawn("ping 2", pingPong(4));
  kernel.run({ maxInputs: 40 });
  for (let i = 0; i < 3; i++) kernel.world.connect(8080).send(`hello ${i}`);
  return kernel;
}

describe("order by seed", () => {
  for (const cpus of [1, 2, 8, 64]) {
    test(`on ${cpus} CPUs the same seed gives the same machine, and other seeds other orders`, async () => {
      const orders = new Set<string>();
      for (let seed = 1; seed <= 8; seed++) {
        const first = await marks({ cpus, seed, scheduling: "seed" }, 5);
        const second = await marks({ cpus, seed, scheduling: "seed" }, 5);
        expect(second.order).toBe(first.order);
        expect(second.kernel.digest()).toBe(first.kernel.digest());
        expect(first.kernel.check()).toEqual([]);
        orders.add(first.order);
      }
      expect(orders.size).toBe(8);
    });
  }

  test("programs come to the same results under any seed, and every rule of the structures holds on the way", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.constantFrom(1, 2, 8, 64), async (seed, cpus) => {
        const kernel = await crowd({ cpus, seed, scheduling: "seed" });
        expect(kernel.check()).toEqual([]);
        while (kernel.run({ maxInputs: 25 }).reason === "budget") expect(kernel.check()).toEqual([]);
        expect(kernel.check()).toEqual([]);
        expect(kernel.tasks.map((task) => ("result" in task ? task.result : null))).toEqual(
          expect.arrayContaining(["ping", 15]),
        );
        expect(
          kernel.tasks.filter(({ state }) => state !== "zombie" && state !== "gone").map(({ name }) => name),
        ).toEqual(["server"]);
        const again = await Kernel.replay(kernel.journal);
        expect(again.digest()).toBe(kernel.digest());
      }),
      { numRuns: 30 },
    );
  });

  test("a branch goes on in the order in which the machine itself does", async () => {
    const kernel = await crowd({ cpus: 2, seed: 5, scheduling: "seed" });
    const branch = kernel.branch();
    kernel.run();
    branch.run();
    expect(branch.digest()).toBe(kernel.digest());
  });
});

describe("order by hand", () => {
  test("without anybody to choose, the machine stops before the first call and says who could go on", async () => {
    const kernel = await boot({ scheduling: "hand" });
    const order: string[] = [];
    kernel.spawn("a", marker(order, "a", 2));
    kernel.spawn("b", marker(order, "b", 2));
    expect(kernel.choices).toEqual([]);
    expect(kernel.run().reason).toBe("choice");
    expect(kernel.choices).toEqual([1, 2]);
    kernel.choose(2);
    expect(kernel.run().reason).toBe("choice");
    expect(order).toEqual([]);
    kernel.choose(2);
    kernel.run();
    expect(order).toEqual(["b"]);
    kernel.choose(1);
    kernel.run();
    kernel.choose(1);
    kernel.run();
    expect(order).toEqual(["b", "a"]);
  });

  for (const cpus of [1, 2, 8, 64]) {
    test(`on ${cpus} CPUs run({ choose }) is asked at every call, and its answers are the order`, async () => {
      const order: string[] = [];
      const kernel = await boot({ cpus, scheduling: "hand" });
      for (const mark of ["a", "b", "c"]) kernel.spawn(mark, marker(order, mark, 3));
      // The one with the highest number that can go on.
      const { reason } = kernel.run({ choose: (_, pids) => Math.max(...pids) });
      expect(reason).toBe("idle");
      expect(order.join("")).toBe("cccbbbaaa");
      expect(kernel.check()).toEqual([]);
      const again = await Kernel.replay(kernel.journal);
      expect(again.digest()).toBe(kernel.digest());
    });
  }

  test("on several CPUs who is chosen later comes later", async () => {
    const kernel = await boot({ cpus: 8, scheduling: "hand" });
    for (let i = 0; i < 4; i++) {
      kernel.spawn(`t${i}`, function* (sys) {
        for (let k = 0; k < 4; k++) {
          yield* sys.getpid();
          if (i === 0) yield* sys.compute(10_000);
        }
      });
    }
    let turn = 0;
    kernel.run({ choose: (_, pids) => pids[(turn = (turn * 5 + 3) % 64) % pids.length]! });
    const times = Array.from(kernel.trace.filter({ event: "sched_turn" }), ({ time }) => time);
    expect(times.length).toBeGreaterThan(15);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test("each choice is in the trace, in English and in Chinese", async () => {
    const kernel = await boot({ scheduling: "hand" });
    for (const mark of ["a", "b"]) kernel.spawn(mark, marker([], mark, 1));
    kernel.run({ choose: (_, pids) => pids[0]! });
    const [record] = kernel.trace.filter({ event: "sched_turn" });
    expect(record!.sentence("en")).toContain("2 tasks could go on");
    expect(record!.sentence("zh-CN")).toContain("有 2 个任务可以继续执行");
  });

  test("a choice that is none says who could go on", async () => {
    const kernel = await boot({ scheduling: "hand" });
    expect(() => kernel.choose(1)).toThrow("there is nothing to choose now, not 1 either");
    for (const mark of ["a", "b"]) kernel.spawn(mark, marker([], mark, 1));
    kernel.run();
    expect(() => kernel.choose(3)).toThrow(new RangeError("one of 1, 2 can go on, not 3"));
    expect(() => kernel.run({ choose: 3 as never })).toThrow("choose is a function (kernel, pids) => pid, not 3");
    expect(() => kernel.run({ choose: () => 7 })).toThrow("one of 1, 2 can go on, not 7");
  });

  test("a woken task's call is tried again in a turn of its own", async () => {
    const kernel = await boot({ scheduling: "hand" });
    const order: string[] = [];
    const fds: number[] = [];
    kernel.spawn("main", function* (sys) {
      yield* sys.pipe2(fds, 0);
      for (const name of ["x", "y"]) {
        yield* sys.clone(CLONE_FILES | CLONE_VM, function* (thread) {
          yield* thread.read(fds[0]!, thread.buffer(1));
          order.push(name);
        });
      }
      yield* sys.write(fds[1]!, "2");
      yield* sys.write(fds[1]!, "3");
    });
    // Both read and sleep first; then everything is written; then the second reader goes first.
    const sleepers = [2, 3];
    kernel.run({
      choose: (k, pids) => {
        const reader = sleepers.find((pid) => pids.includes(pid) && k.task(pid).syscalls === 0);
        return reader ?? (pids.includes(1) ? 1 : Math.max(...pids));
      },
    });
    expect(order).toEqual(["y", "x"]);
  });
});

test("an order that there is not is refused, and what there is named", async () => {
  await expect(boot({ scheduling: "random" as never })).rejects.toThrow(
    'scheduling is one of "fifo", "seed", "hand", "step", not "random"',
  );
});
