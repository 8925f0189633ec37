import { describe, expect, test } from "vitest";
import { heapOf, mallocError } from "../../lib/see/heap.ts";
import type { Program } from "../../lib/index.ts";

import { boot, runProgram } from "../support/boot.ts";
import { checkHeap } from "../../lib/see/heap/check.ts";

test("the tcache is the first chunk of the heap, and chunks have a header of 8 bytes, at multiples of 16", async () => {
  const { result } = await runProgram<number[]>(function* (sys) {
    const base = yield* sys.brk(0);
    const out: number[] = [];
    for (const bytes of [0, 24, 25, 1]) out.push((yield* sys.malloc(bytes)) - base);
    return out;
  });
  expect(result).toEqual([0x2a0, 0x2c0, 0x2e0, 0x310]);
});

test("what was freed last is used first, seven chunks of each size, and the eighth goes to a fast bin", async () => {
  const kernel = await boot();
  const { lists, order } = (await run(kernel, function* (sys) {
    const all: number[] = [];
    for (let i = 0; i < 8; i++) all.push(yield* sys.malloc(24));
    for (const memory of all) yield* sys.free(memory);
    const { tcache, fastbins } = heapOf(kernel.memory, 1)!;
    const again: number[] = [];
    for (let i = 0; i < 8; i++) again.push(yield* sys.malloc(24));
    return { lists: [tcache[0]!.chunks.length, fastbins[0]!.chunks.length], order: again.map((m) => all.indexOf(m)) };
  })) as { lists: number[]; order: number[] };
  expect(lists).toEqual([7, 1]);
  expect(order).toEqual([6, 5, 4, 3, 2, 1, 0, 7]);
});

test("memory of more than 128 KiB is a mapping of its own, until one was freed: then that size comes from the heap", async () => {
  const { result, kernel } = await runProgram<boolean[]>(function* (sys) {
    const isMapping = (memory: number) => memory > 0x7000_0000_0000;
    const first = yield* sys.malloc(140_000);
    yield* sys.free(first);
    const second = yield* sys.malloc(140_000);
    return [isMapping(first), isMapping(second)];
  });
  expect(result).toEqual([true, false]);
  const calls = [...kernel.trace.range(1, kernel.tick)].filter(({ event }) => event === "sys_enter");
  expect(calls.length).toBeGreaterThan(4); // brk, brk, mmap, munmap, brk: the program makes none of them itself
});

test("pages of the heap are faulted in as they are touched, and go back when its end is free", async () => {
  const { result, kernel } = await runProgram<number[]>(function* (sys) {
    const before = yield* sys.brk(0);
    const memory = yield* sys.malloc(120_000);
    const held = yield* sys.malloc(120_000);
    const grown = yield* sys.brk(0);
    yield* sys.free(memory);
    yield* sys.free(held);
    return [grown - before, (yield* sys.brk(0)) - before];
  });
  expect(result).toEqual([0x5b000, 0x21000]);
  expect(kernel.counters.minorFaults).toBeLessThan(12);
});

test("realloc() keeps what the memory held, and calloc() answers zeros", async () => {
  const { result } = await runProgram<[number[], number[]]>(function* (sys) {
    const memory = yield* sys.malloc(100);
    yield* sys.store(memory, "0123456789");
    yield* sys.malloc(16);
    const moved = yield* sys.realloc(memory, 5000);
    const kept = yield* sys.load(moved, 10);
    yield* sys.store(moved, new Uint8Array(5000).fill(7));
    yield* sys.free(moved);
    const zeros = yield* sys.load(yield* sys.calloc(50, 100), 5000);
    return [[...kept], [...new Set(zeros)]];
  });
  expect(result).toEqual([[...new TextEncoder().encode("0123456789")], [0]]);
});

test("a chunk that is a mapping grows by mremap(), and holds what it held", async () => {
  const { result } = await runProgram<number[]>(function* (sys) {
    const memory = yield* sys.malloc(300_000);
    yield* sys.store(memory + 299_000, "x");
    const moved = yield* sys.realloc(memory, 3_000_000);
    return [...(yield* sys.load(moved + 299_000, 1))];
  });
  expect(result).toEqual(["x".charCodeAt(0)]);
});

describe("a program that does wrong with its heap", () => {
  const errors: [string, string, Program][] = [
    [
      "free(): double free detected in tcache 2",
      "SIGABRT",
      function* (sys) {
        const memory = yield* sys.malloc(24);
        yield* sys.free(memory);
        yield* sys.free(memory);
      },
    ],
    [
      "free(): invalid pointer",
      "SIGABRT",
      function* (sys) {
        yield* sys.free((yield* sys.malloc(24)) + 8);
      },
    ],
    [
      "double free or corruption (!prev)",
      "SIGABRT",
      function* (sys) {
        const memory = yield* sys.malloc(2000);
        yield* sys.malloc(24);
        yield* sys.free(memory);
        yield* sys.free(memory);
      },
    ],
    [
      "malloc(): corrupted top size",
      "SIGABRT",
      function* (sys) {
        const memory = yield* sys.malloc(24);
        yield* sys.store(memory + 24, new Uint8Array(8).fill(0xff));
        yield* sys.malloc(5000);
      },
    ],
    [
      "",
      "SIGSEGV",
      function* (sys) {
        yield* sys.free(0x1234_5670);
      },
    ],
  ];

  test.each(errors)("is told %j, and ended by %s", async (text, signal, program) => {
    const kernel = await boot();
    const task = kernel.spawn("main", program);
    kernel.spawn("bystander", function* (sys) {
      yield* sys.free(yield* sys.malloc(1000));
    });
    const { killed } = kernel.run();
    expect(killed.map((one) => one.signal)).toEqual([signal]);
    const said = [...kernel.trace.range(1, kernel.tick)].filter(({ event }) => event === "malloc_printerr");
    expect(said.map(({ args }) => mallocError(args[0]!))).toEqual(text === "" ? [] : [text]);
    expect(task.result).toBeUndefined();
    expect(kernel.check()).toEqual([]);
  });
});

test("a heap that a program has broken is seen to be broken", async () => {
  const kernel = await boot();
  const broken: string[] = (await run(kernel, function* (sys) {
    const memory = yield* sys.malloc(2000);
    yield* sys.malloc(24);
    yield* sys.free(memory);
    const healthy = checkHeap(kernel.memory, 1);
    yield* sys.store(memory + 8, new Uint8Array(8));
    return [...healthy, ...checkHeap(kernel.memory, 1)].map(({ rule }) => rule);
  })) as string[];
  expect(broken).toEqual(["heap-bk"]);
});

test("a forked child has a heap of its own, with what was in it", async () => {
  const { result } = await runProgram<boolean>(function* (sys) {
    const memory = yield* sys.malloc(24);
    yield* sys.store(memory, "before");
    yield* sys.fork(function* (child) {
      yield* child.free(memory);
      yield* child.store(yield* child.malloc(24), "child");
    });
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
    return new TextDecoder().decode(yield* sys.load(memory, 6)) === "before";
  });
  expect(result).toBe(true);
});

test("calls of the library are inputs: seek() shows the heap as it was, and a journal gives the same machine", async () => {
  const kernel = await boot();
  const program: Program = function* (sys) {
    const memory = yield* sys.malloc(1000);
    yield* sys.free(memory);
  };
  await run(kernel, program);
  const ticks = [...kernel.trace.range(1, kernel.tick)];
  const put = ticks.find(({ event }) => event === "tcache_put")!;
  kernel.seek(put.tick - 1);
  expect(heapOf(kernel.memory, 1)?.tcache).toEqual([]);
  kernel.seek(put.tick);
  expect(heapOf(kernel.memory, 1)?.tcache.map(({ size }) => size)).toEqual([1008]);
  kernel.seek(kernel.ticks);
  const { Kernel } = await import("../../lib/index.ts");
  const again = await Kernel.replay(kernel.journal);
  expect(again.digest()).toBe(kernel.digest());
});

async function run(kernel: Awaited<ReturnType<typeof boot>>, program: Program): Promise<unknown> {
  const task = kernel.spawn("main", program);
  kernel.run();
  return task.result;
}
