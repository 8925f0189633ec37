import { describe, expect, test } from "vitest";
import { file, iopath, withFolder } from "../support/command-line.ts";
import { differenceOf } from "../../lib/linux/difference.ts";
import { formatComparison } from "../../lib/cli/side-by-side.ts";
import { buildPuppet } from "../../lib/linux/oracle/build.ts";
import { differenceOfTurns } from "../../lib/linux/random/turns.ts";
import { gccObstacle } from "../../lib/linux/cpp.ts";
import { oracleUsable } from "../../lib/linux/oracle/usable.ts";

const usable = await oracleUsable();
const hasTasks = usable && (await buildPuppet()) !== null;

withFolder();

const PIPE = `
  export default function* (sys) {
    const fds = [];
    yield* sys.pipe2(fds, 2048);
    yield* sys.write(fds[1], "hello");
    yield* sys.read(fds[0], sys.buffer(3));
    yield* sys.close(99);
  }`;

/** The second machine that runs it is asked something else. */
const FICKLE = `
  let runs = 0;
  export default function* (sys) {
    yield* sys.eventfd(0, 0);
    yield* sys.close(90);
    yield* sys.dup(runs++ === 0 ? 3 : 91);
  }`;

const WRONG: [args: string[], message: string][] = [
  [[], "compare wants either one FILE, --random, --roads or --cpp"],
  [["FILE", "--random"], "compare wants either one FILE, --random, --roads or --cpp"],
  [["FILE", "--seed", "4"], "--seed goes with --random"],
  [["FILE", "--programs", "4"], "--programs goes with --cpp"],
  [["--cpp", "FILE"], "compare --cpp wants no FILE"],
  [["--cpp", "--calls", "4"], "--calls does not go with --cpp"],
  [["--cpp", "--programs", "0"], "--programs wants at least 1"],
  [["--roads", "--cpp"], "--cpp does not go with --roads"],
  [["--random", "--calls", "0"], "--calls and --length want at least 1"],
  [["--random", "--seed", "x"], '--seed wants a whole number, not "x"'],
  [["--random", "--seed", "-3"], '--seed wants a whole number, not "-3"'],
];

test.each(WRONG)("compare %j is answered with what is wrong, exit code 2", async (args, message) => {
  const { code, out, err } = await iopath(["compare", ...args]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(`iopath: ${message}`);
});

test.runIf((await gccObstacle()) === null)(
  "compare --cpp --json says how many programs were compared, and what came out differently",
  { timeout: 120_000 },
  async () => {
    const { code, out } = await iopath(["compare", "--cpp", "--seed", "5", "--programs", "3", "--json"]);
    expect(JSON.parse(out)).toEqual({ seed: 5, programs: 3, differences: [] });
    expect(code).toBe(0);
  },
);

describe.runIf(usable)("compare FILE", () => {
  test("prints each call with both answers; exit code 0 if they are the same", async () => {
    const { code, out } = await iopath(["compare", await file("pipe.mjs", PIPE)]);
    expect(code).toBe(0);
    const lines = out.split("\n").map((line) => line.trim().split(/ {2,}/));
    expect(lines[0]).toEqual([expect.stringMatching(/^Linux \d/), "simulated"]);
    expect(lines.slice(1, 5)).toEqual([
      ["pipe2(fds, 2048)", "0 [3, 4]", "0 [3, 4]"],
      ['write(4, "hello")', "5", "5"],
      ["read(3, buffer(3))", '3 "hel"', '3 "hel"'],
      ["close(99)", "-EBADF", "-EBADF"],
    ]);
    expect(out).toContain("4 calls, 0 differences");
  });

  test("marks what differs, and exits with 1", async () => {
    const { code, out } = await iopath(["compare", await file("fickle.mjs", FICKLE)]);
    expect(code).toBe(1);
    expect(out).toMatch(/^! dup\(3\) +4 +\(another call\)$/m);
    expect(out).toMatch(/^! dup\(91\) +\(another call\) +-EBADF$/m);
    expect(out).toMatch(/^ {2}close\(90\) +-EBADF +-EBADF$/m);
  });

  test("--json prints one object with the logs and the first difference", async () => {
    const { code, out } = await iopath(["compare", await file("fickle2.mjs", FICKLE), "--json"]);
    expect(code).toBe(1);
    const before = ["eventfd(0, 0) = 3", "close(90) = -EBADF"];
    expect(JSON.parse(out)).toMatchObject({
      calls: 3,
      linux: { main: [...before, "dup(3) = 4"] },
      simulated: { main: [...before, "dup(91) = -EBADF"] },
      differences: [{ calls: { main: before }, task: "main", linux: "dup(3) = 4", simulated: "dup(91) = -EBADF" }],
    });
  });

  test.each([
    [
      "a program that throws",
      "export default function* (sys) { yield* sys.getpid(); throw new Error('oops'); }",
      "Error: oops",
    ],
    ["a function that is no generator", "export default () => 5;", "has returned 5"],
    [
      "a call that it does not know",
      "export default function* (sys) { yield* sys.sendfil(); }",
      "there is no call sendfil; did you mean sendfile?",
    ],
    [
      "a program without end",
      "export default function* (sys) { for (;;) yield* sys.getpid(); }",
      "more than 100000 calls",
    ],
    ["a forgotten yield*", "export default function* (sys) { yield* sys.close(sys.dup(0)); }", "made without yield*"],
  ])("tells of %s in words, with exit code 2", async (what, text, message) => {
    const { code, out, err } = await iopath(["compare", await file(`${what.replaceAll(/\W/g, "-")}.mjs`, text)]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test.runIf(hasTasks)("calls memory by its number: every kernel chooses other addresses", async () => {
    const text = `export default function* (sys) {
      const first = yield* sys.mmap(0, 8192, 3, 0x22, -1, 0);
      const second = yield* sys.mmap(0, 4096, 3, 0x22, -1, 0);
      yield* sys.store(first + 100, "x");
      yield* sys.munmap(second, 4096);
      yield* sys.write(99, first + 4096, 10);
    }`;
    const { code, out } = await iopath(["compare", await file("memory.mjs", text)]);
    expect(out).toMatch(/^ {2}mmap\(0, 8192, 3, 34, -1, 0\) +mapping 1 +mapping 1$/m);
    expect(out).toMatch(/^ {2}store\(mapping 1 \+ 100, "x"\) /m);
    expect(out).toMatch(/^ {2}munmap\(mapping 2, 4096\) +0 +0$/m);
    expect(out).toMatch(/^ {2}write\(99, mapping 1 \+ 4096, 10\) +-EBADF +-EBADF$/m);
    expect(code).toBe(0);
  });

  test.runIf(hasTasks).each([
    ["SIGSEGV in load(0x0, 1)", "yield* sys.load(0, 1);"],
    ['SIGBUS in store(mapping 1, "x")', 'yield* sys.store(yield* sys.mmap(0, 4096, 3, 1, 3, 0), "x");'],
    ["SIGTERM", "yield* sys.sigaction(15, 0); yield* sys.kill(yield* sys.getpid(), 15);"],
  ])("says that a program was killed by %s, on both sides", async (what, body) => {
    const open = 'yield* sys.open("/empty", 66, 384);';
    const text = `export default function* (sys) { ${open} ${body} yield* sys.close(99); }`;
    const { code, out } = await iopath(["compare", await file(`killed-${what.slice(0, 7)}.mjs`, text)]);
    expect(out).toContain(`  killed by ${what}`);
    expect(out).not.toContain("close(99)");
    expect(code).toBe(0);
  });

  test("gives two descriptors to an array that has some", async () => {
    const text = "export default function* (sys) { yield* sys.socketpair(1, 1, 0, [0, 0]); }";
    expect(await iopath(["compare", await file("pair.mjs", text)])).toMatchObject({ code: 0 });
  });

  test("says where files for O_DIRECT lie, and that the first difference is the one", async () => {
    const text = `let runs = 0; export default function* (sys) {
      yield* sys.open("/x", 66 | 16384, 384);
      for (let i = 0; i < 2; i++) yield* sys.dup(runs++ < 2 ? 3 : 91);
    }`;
    const { code, out } = await iopath(["compare", await file("direct.mjs", text)]);
    expect(code).toBe(1);
    expect(out).toContain("Only the first difference is one for certain");
    expect(out).toContain("call it /disk/x to have it on a disk");
  });

  test("refuses a file with a world, which the real kernel has not, with exit code 2", async () => {
    const path = await file("world.mjs", "export default { programs: { *main() {} }, world() {} };");
    const { code, err } = await iopath(["compare", path]);
    expect(code).toBe(2);
    expect(err).toContain("has a world or boot options");
  });
});

describe.runIf(usable)("compare --random", () => {
  test("compares as many calls as asked for, and says with which kernel and seeds", async () => {
    const { code, out } = await iopath(["compare", "--random", "--seed", "3", "--calls", "300"]);
    expect(out).toMatch(/^\d+ random system calls compared with Linux \d\S+, seeds from 3 on: 0 differences/);
    expect(code).toBe(0);
  });

  test("--json prints one object with calls and differences", async () => {
    const { out } = await iopath(["compare", "--random", "--seed", "3", "--calls", "300", "--length", "40", "--json"]);
    const report = JSON.parse(out) as { calls: number };
    expect(report).toMatchObject({ seed: 3, length: 40, differences: [], kernel: expect.any(String) as string });
    expect(report.calls).toBeGreaterThanOrEqual(300);
  });

  test.runIf(hasTasks)("--tasks compares programs of several tasks", async () => {
    const { code, out } = await iopath(["compare", "--random", "--tasks", "--calls", "200", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ tasks: true, differences: [] });
  });

  test("stops when the user wants it, with exit code 130", async () => {
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error("interrupted")));
    const args = ["compare", "--random", "--calls", "1000000000"];
    const { code, out } = await iopath(args, controller.signal);
    expect(code).toBe(130);
    expect(out).toMatch(/^\d+ random system calls? compared with Linux \d\S+, seeds from 1 on: 0 differences/);
  });
});

test("logs differ where the first call differs; a task that makes no more calls says nothing", () => {
  expect(differenceOf({ main: ["a", "b"] }, { main: ["a", "b"] })).toBeNull();
  expect(differenceOf({ main: ["a"] }, { main: ["a", "b"] })).toMatchObject({ linux: null, simulated: "b" });
  const logs = { linux: { main: ["f(1) = 2", "g() = 3"] }, simulated: { main: ["f(1) = 2"] } };
  expect(formatComparison(logs, "6.18")).toMatch(/^! g\(\) +3 +\(ends\)$/m);
  const tasks = { main: ["a"], "task 1": ["b", "c"] };
  expect(differenceOf(tasks, { ...tasks, "task 1": ["b", "d"] })).toEqual({
    calls: { main: ["a"], "task 1": ["b"] },
    task: "task 1",
    linux: "c",
    simulated: "d",
  });
});

test("turns that wake several tasks count only where the real kernel wakes in order; what only one does always counts", () => {
  const linux = [["main: a"], ["main: w", "task 1: r = 1", "task 2: r = 2"]];
  const simulated = [["main: a"], ["main: w", "task 1: r = 2", "task 2: r = 1"]];
  expect(differenceOfTurns(linux, linux, true)).toBeNull();
  expect(differenceOfTurns(linux, simulated, false)).toBeNull();
  expect(differenceOfTurns(linux, simulated, true)).toMatchObject({
    calls: { "all tasks": ["main: a"] },
    linux: "main: w\ntask 1: r = 1\ntask 2: r = 2",
  });
  expect(differenceOfTurns([["main: a"]], [["main: b"]], false)).toMatchObject({
    linux: "main: a",
    simulated: "main: b",
  });
});
