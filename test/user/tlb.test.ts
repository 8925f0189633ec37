import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CLOCK_MONOTONIC,
  CLONE_FILES,
  CLONE_VM,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  type Kernel,
  type Program,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
  type Sys,
} from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import type { PendingCall } from "../../lib/machine/call.ts";
import { fieldOffset } from "../../lib/machine/memory.ts";
import { layout } from "../../lib/layout.gen.ts";

const { CPUS_BASE, CPU_STRIDE, NR_CPUS, TLB_BASE, TLB_ENTRIES, TRACE_BASE } = layout.constants;
const PAGE = 4096;

/** One step of a program: which function, which of eight slots of memory, how many bytes or pages. */
type Step = readonly [name: (typeof STEPS)[number], slot: number, size: number];

/** Calls of the library are frequent, so that many follow on one another; the others change what it has learnt of pages. */
const LIBRARY = ["malloc", "malloc", "malloc", "free", "free", "free", "calloc", "realloc", "aligned"] as const;
const OTHERS = ["store", "readonly", "forbid", "writable", "unmap", "replace", "fork", "twice", "yield"] as const;
const STEPS = [...LIBRARY, ...LIBRARY, ...OTHERS] as const;

const size = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 0, max: 200_000 }),
);
const steps = fc.array(fc.tuple(fc.constantFrom(...STEPS), fc.nat(7), size), { maxLength: 120 });

/** The pages of a slot's memory, from the one in which it begins. */
const pageOf = (memory: number) => memory - (memory % PAGE);

/** Does a step; what the slot has afterwards is the answer. */
function* perform(sys: Sys, [name, , bytes]: Step, memory: number): Generator<PendingCall, number, number> {
  switch (name) {
    case "malloc":
      return yield* sys.malloc(bytes);
    case "calloc":
      return yield* sys.calloc(1, bytes);
    case "realloc":
      return yield* sys.realloc(memory, 1 + bytes);
    case "aligned":
      return yield* sys.aligned_alloc(16 << (bytes % 10), bytes);
    case "free":
      yield* sys.free(memory);
      return 0;
    case "twice":
      yield* sys.free(memory);
      yield* sys.free(memory);
      return 0;
    case "store":
      // Up to 40 bytes: more than the smallest chunk has.
      if (memory) yield* sys.store(memory, new Uint8Array(bytes % 41).fill(bytes));
      return memory;
    default:
      return memory ? yield* change(sys, name, memory) : memory;
  }
}

/** Changes what the page tables have where a slot's memory begins. */
function* change(sys: Sys, name: string, memory: number): Generator<PendingCall, number, number> {
  const page = pageOf(memory);
  if (name === "unmap") yield* sys.munmap(page, PAGE);
  else if (name === "readonly") yield* sys.mprotect(page, PAGE, PROT_READ);
  else if (name === "forbid") yield* sys.mprotect(page, PAGE, PROT_NONE);
  else if (name === "writable") yield* sys.mprotect(page, PAGE, PROT_READ | PROT_WRITE);
  else if (name === "replace") {
    yield* sys.mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  } else yield* sys.sched_yield();
  return memory;
}

/** A program of steps, which goes on in a child as well, twice at most. @param answers  what every malloc() has given. */
function programOf(all: readonly Step[], answers: number[], slots: readonly number[] = [], forks = 2): Program {
  return function* (sys) {
    const held = Array.from({ length: 8 }, (_, i) => slots[i] ?? 0);
    let left = forks;
    for (const [i, step] of all.entries()) {
      if (step[0] === "fork") {
        if (left-- > 0) yield* sys.fork(programOf(all.slice(i + 1), answers, held, left));
        continue;
      }
      held[step[1]] = yield* perform(sys, step, held[step[1]]!);
      answers.push(held[step[1]]!);
    }
  };
}

/** The memory of the machine, but for what no program can tell: the TLB, and what is left of call stacks. */
function memoryOf(kernel: Kernel): Buffer {
  const { memory } = kernel;
  const bytes = Buffer.from(memory.bytes.slice(0x20000, memory.end));
  bytes.fill(0, TLB_BASE - 0x20000, TRACE_BASE - 0x20000);
  for (let i = 0; i < NR_CPUS; i++) {
    const cpu = CPUS_BASE + i * CPU_STRIDE - 0x20000;
    bytes.fill(0, cpu + layout.structs.Cpu.size, cpu + CPU_STRIDE);
  }
  return bytes;
}

/** Runs a program. @param entries  how many entries the TLB has; 0: the page tables are walked for every byte. */
async function run(all: readonly Step[], trace: boolean, entries: number) {
  const kernel = await boot({ trace });
  kernel.memory.view.setUint32(TLB_BASE + fieldOffset("Tlb", "limit"), entries, true);
  const answers: number[] = [];
  kernel.spawn("main", programOf(all, answers));
  const { reason, killed } = kernel.run();
  const records = trace ? [...kernel.trace.range(1, kernel.tick)].map((one) => one.sentence("en")) : [];
  return { memory: memoryOf(kernel), seen: { answers, reason, killed, records, tick: kernel.tick, now: kernel.now } };
}

/** Programs that end in the three ways in which programs end. */
const EXAMPLES: [Step[]][] = [
  [
    [
      ["malloc", 0, 24],
      ...Array.from({ length: 9 }, () => ["malloc", 1, 40] as const),
      ["free", 1, 0],
      ["twice", 0, 0],
    ],
  ],
  [
    [
      ["malloc", 0, 24],
      ["free", 0, 0],
      ["malloc", 1, 24],
      ["forbid", 1, 0],
      ["malloc", 2, 24],
      ["free", 1, 0],
    ],
  ],
  [
    [
      ["malloc", 0, 24],
      ["fork", 0, 0],
      ["free", 0, 0],
      ["malloc", 0, 24],
      ["store", 0, 9],
      ["free", 0, 0],
    ],
  ],
];

test.each([true, false])(
  "what the library knows of the page tables changes nothing: same answers, same records, same memory (trace: %s)",
  { timeout: 120_000 },
  async (trace) => {
    const ends = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const [here, there] = [await run(all, trace, TLB_ENTRIES), await run(all, trace, 0)];
        expect(here.seen).toEqual(there.seen);
        expect(here.memory.equals(there.memory)).toBe(true);
        for (const { signal } of here.seen.killed) ends.add(signal);
        if (here.seen.killed.length === 0) ends.add("ended");
      }),
      { numRuns: 40, examples: EXAMPLES },
    );
    expect([...ends].toSorted()).toEqual(["SIGABRT", "SIGSEGV", "ended"]);
  },
);

/** How many owners a task sees behind a shared_ptr into which the kernel has copied while another task called the library. */
async function seenAfterCopy(entries: number): Promise<{ answers: number[]; killed: readonly unknown[] }> {
  const kernel = await boot({ trace: false });
  kernel.memory.view.setUint32(TLB_BASE + fieldOffset("Tlb", "limit"), entries, true);
  const answers: number[] = [];
  kernel.spawn("main", function* (sys) {
    const memory = yield* sys.malloc(5 * PAGE);
    const pointer = pageOf(memory) + 2 * PAGE;
    yield* sys.store(pointer, new Uint8Array(16));
    // From now on the page is shared with a child, until it is written to.
    yield* sys.fork(function* (child) {
      yield* child.pause();
    });
    const timer = yield* sys.timerfd_create(CLOCK_MONOTONIC);
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (thread) {
      yield* thread.read(timer, pointer + 8, 8);
      answers.push(yield* thread.library(layout.enums.LibraryCall.values.use_count, pointer, 0, 0, 0));
    });
    yield* sys.sched_yield();
    // So long that the other task is to go on at once when it is woken: in the middle of a call of the library.
    yield* sys.compute(2_700_000);
    yield* sys.timerfd_settime(timer, 0, { it_interval: { sec: 0, nsec: 0 }, it_value: { sec: 0, nsec: 20_000 } });
    for (let i = 0; i < 20_000 && answers.length === 0; i++) {
      yield* sys.library(layout.enums.LibraryCall.values.use_count, pointer, 0, 0, 0);
      yield* sys.free(yield* sys.malloc(24));
    }
  });
  const { killed } = kernel.run();
  return { answers, killed };
}

test("a task that shares the memory sees what the kernel has copied there during a call of another one", async () => {
  const [here, there] = [await seenAfterCopy(TLB_ENTRIES), await seenAfterCopy(0)];
  expect(here).toEqual(there);
  expect(here).toMatchObject({ answers: [], killed: [{ signal: "SIGSEGV" }] });
});
