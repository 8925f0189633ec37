import { describe, expect, test } from "vitest";
import { Kernel, type Program, type Sys } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

/** What a caller may do wrong: how it is refused, and the call. */
const SLIPS: Readonly<Record<string, [mistake: new () => Error, call: (kernel: Kernel) => unknown]>> = {
  "an argument that is longer than any memory": [
    RangeError,
    (kernel) => kernel.adopt("a").submit("read", 0, { out: 2 ** 40 }, 1),
  ],
  "pieces that are longer than any memory": [
    RangeError,
    (kernel) => kernel.adopt("a").submit("readv", 0, { iov: [{ out: 2 ** 33 }] }, 1),
  ],
  "half a signal": [RangeError, (kernel) => kernel.adopt("a").signal(1.5)],
  "the name of a signal": [TypeError, (kernel) => kernel.adopt("a").signal("SIGINT" as never)],
  "no descriptor": [TypeError, (kernel) => kernel.adopt("a").reserve(undefined as never)],
  "options of a task that are none": [TypeError, (kernel) => kernel.adopt("a", 5 as never)],
  "no fault": [TypeError, (kernel) => kernel.faults.failAllocation(null as never)],
  "a number in place of a fault": [TypeError, (kernel) => kernel.faults.failAllocation(5 as never)],
  "a chance as text": [TypeError, (kernel) => kernel.faults.failAllocation({ probability: "0.5" as never })],
};

describe("a slip of the caller is told as such, and the machine goes on:", () => {
  test.each(Object.entries(SLIPS))("%s", async (_, [mistake, call]) => {
    const kernel = await boot();
    expect(() => call(kernel)).toThrow(mistake);
    expect(() => call(kernel)).toThrow(/ not /);
    expect(kernel.adopt("b").submit("getpid")).toMatchObject({ done: true });
    expect(kernel.run().reason).toBe("idle");
    expect(kernel.check()).toEqual([]);
  });
});

test("explore() tells what a property is, and what ends it", async () => {
  const kernel = await boot();
  const nothing = () => undefined;
  await expect(kernel.explore(nothing, 5 as never)).rejects.toThrow(/a property is a function/);
  await expect(kernel.explore(nothing, () => true, { signal: 5 as never })).rejects.toThrow(/signal is an AbortSignal/);
});

/** What a program may do wrong, and what it is told. */
const SLIPS_OF_PROGRAMS: readonly (readonly [what: string, make: (sys: Sys) => unknown, message: RegExp])[] = [
  ["pread()", (sys) => as(sys).pread(3, 4), /there is no call pread; did you mean pread64\?/],
  ["opne()", (sys) => as(sys).opne("/a", 0), /there is no call opne; did you mean open\?/],
  ["sendfil()", (sys) => as(sys).sendfil(3), /there is no call sendfil; did you mean sendfile\?/],
  ["posix_fadvise()", (sys) => as(sys).posix_fadvise(3), /did you mean fadvise64\?/],
  ["a call that is like none", (sys) => as(sys).frobnicate(3), /^there is no call frobnicate$/],
  [
    "a ring's option",
    (sys) => sys.io_uring().queue_init(4, { entries: 5 } as never),
    /no option of queue_init\(\) is called/,
  ],
  ["a ring that is not made", (sys) => sys.io_uring().take_cqes(), /queue_init\(entries\) comes first/],
  ["an entry for a ring that is not made", (sys) => sys.io_uring().prep_nop(), /queue_init\(entries\) comes first/],
  ["submitting to a ring that is not made", (sys) => sys.io_uring().submit(), /queue_init\(entries\) comes first/],
  [
    "a context without a value",
    (sys) => sys.io_setup(1, {} as never),
    /is \{ value: 0 \} before io_setup\(\), not \{\}/,
  ],
  [
    "an iocb without a list",
    (sys) => sys.io_submit(0, sys.iocb({ opcode: 0, fd: 3 }) as never),
    /io_submit\(ctx, \[iocb\]\)/,
  ],
  [
    "a load without a length",
    (sys) => sys.load(4096, undefined as never),
    /load\(address, length\) takes .*, not undefined/,
  ],
  ["a load of everything", (sys) => sys.load(4096, 1e12), /takes 0 to 1073741824 bytes, not 1000000000000/],
  ["a port alone", (sys) => sys.bind(3, 8080), /an address is \{ port, host\? \}, .*; not 8080 alone/],
];

/** A program whose only call is one that cannot be. */
function program(make: (sys: Sys) => unknown): Program {
  return function* (sys) {
    yield* make(sys) as Iterable<never>;
  };
}

/** The calls that somebody may think there are. */
function as(
  sys: Sys,
): Record<"pread" | "opne" | "sendfil" | "posix_fadvise" | "frobnicate", (...args: unknown[]) => unknown> {
  return sys as never;
}

test.each(SLIPS_OF_PROGRAMS)("a program is told what is wrong with %s", async (_, make, message) => {
  const kernel = await boot();
  const task = kernel.spawn("main", program(make));
  expect(() => kernel.run()).toThrow(message);
  expect((task.error as Error).name).toMatch(/^(Type|Range)Error$/);
});

test("what others ask any object for is not taken for a call", async () => {
  const kernel = await boot();
  const task = kernel.spawn("main", function* (sys) {
    yield* sys.getpid();
    return [(sys as never as { then?: unknown }).then, JSON.stringify(sys), "pread" in sys];
  });
  kernel.run();
  expect(task.result).toEqual([undefined, expect.any(String), false]);
});

test.each([
  [null, /each boot option stands in an object, not in null/],
  ["x", /each boot option stands in an object, not in "x"/],
  [{ memory: 64 << 20, memoryLimit: 16 << 20 }, /memory is at most the memoryLimit of 16777216 bytes, not 67108864/],
])("a machine is not booted with %j", async (options, message) => {
  await expect(Kernel.boot(options as never)).rejects.toThrow(message);
});
