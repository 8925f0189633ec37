import { describe, expect, test } from "vitest";
import { file, inFolder, iopath, withFolder } from "../support/command-line.ts";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { percentages } from "../../lib/cli/table.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { recording } from "../support/recordings.ts";
import { spawnSync } from "node:child_process";

const trace = (name: string) => fileURLToPath(new URL(`../traces/${name}.strace`, import.meta.url));

withFolder();

describe("a wrong command line", () => {
  test.each([
    [[], "a command is missing"],
    [["compose"], 'there is no command "compose"'],
    [["replay"], "replay wants 1 file, not none"],
    [["replay", "a", "b"], 'replay wants 1 file, not "a" "b"'],
    [["replay", "a", "--fast"], "there is no option --fast\n"],
    [["fuzz", "a"], 'fuzz takes options only, not "a"'],
    [["replay", "a", "--limit", "-2"], '--limit wants a whole number, not "-2"'],
    [["run", "a.mjs", "--inputs", "0"], "--inputs wants at least 1"],
    [["explore", "a.mjs", "--max-runs", "0"], "--max-runs wants at least 1"],
    [["replay", "a", "--limit", "few"], '--limit wants a whole number, not "few"'],
    [["replay", "/nowhere/at/all"], "/nowhere/at/all cannot be read: ENOENT"],
    [["run", "/nowhere/at/all.mjs"], "/nowhere/at/all.mjs cannot be loaded: there is no such file\n"],
  ])("%j is answered with what is wrong and how it is right, exit code 2", async (args, message) => {
    const { code, out, err } = await iopath(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`iopath: ${message}`);
    expect(err).toContain("Usage: iopath ");
  });
});

describe("help", () => {
  test("of replay lists the calls that it drives", async () => {
    const { out } = await iopath(["replay", "--help"]);
    expect(out).toMatch(/It drives these calls:\n {2}accept accept4 bind close connect copy_file_range creat/);
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("lists every command", async () => {
    const { code, out } = await iopath(["--help"]);
    expect(code).toBe(0);
    for (const name of ["compare", "explore", "export", "fuzz", "replay", "run", "strace"])
      expect(out).toMatch(new RegExp(`^ {2}${name} +\\S`, "m"));
  });

  test.each(["compare", "explore", "replay", "run", "strace"])(
    "of %s names its options and exit codes",
    async (command) => {
      const { code, out } = await iopath([command, "--help"]);
      expect(code).toBe(0);
      expect(out).toContain(`Usage: iopath ${command} FILE`);
      expect(out).toContain("Exit code: 0");
      expect(out).toMatch(/^ {2}--json /m);
    },
  );

  test("--version tells the package's version", async () => {
    const { default: manifest } = await import("../../package.json");
    expect(await iopath(["--version"])).toMatchObject({ code: 0, out: `${manifest.version}\n` });
  });
});

describe("replay", () => {
  test("prints the verdicts, a table by system call and what was outside; 0 if all matched", async () => {
    const { code, out } = await iopath(["replay", trace("python-selectors")]);
    expect(code).toBe(0);
    expect(out).toMatch(/3,784 lines, 3,782 calls of 1 task;/);
    expect(out).toMatch(/^ {2}matched +3,036 +100\.00 %$/m);
    expect(out).toMatch(/^not about I\/O +707$/m);
    expect(out).toMatch(/^epoll_wait +811 +\. +\. +\. +\.$/m);
    expect(out).toContain("Implied outside: 7 clients that connected, 401 arrivals of bytes,");
  });

  test("names the first mismatches with line, expected and got, and exits with 1", async () => {
    const path = await file(
      "wrong.strace",
      recording("python-selectors").replace(") = -1 ENOTCONN (", ") = -1 EINVAL ("),
    );
    const { code, out } = await iopath(["replay", path]);
    expect(code).toBe(1);
    expect(out).toContain(`${path}:3773: getpeername(4<TCP:[127.0.0.1:18091]>,`);
    expect(out).toContain("the result: expected EINVAL, got ENOTCONN");
  });

  test("--json prints one object with the same", async () => {
    const path = await file(
      "wrong.strace",
      recording("python-selectors").replace(") = -1 ENOTCONN (", ") = -1 EINVAL ("),
    );
    const { out } = await iopath(["replay", path, "--json", "--verbose"]);
    const report: Record<string, unknown> = JSON.parse(out);
    expect(report).toMatchObject({
      name: path,
      lines: 3784,
      tasks: 1,
      calls: 3782,
      io: 3036,
      countOnly: 0,
      tally: { matched: 3035, mismatched: 1, "not simulated": 0, outside: 39, unfinished: 0, "no I/O": 707 },
      bySystemCall: { getpeername: { matched: 2, mismatched: 1 } },
      firstMismatch: {
        line: 3773,
        pid: 1823,
        verdict: "mismatched",
        what: "the result",
        expected: "EINVAL",
        got: "ENOTCONN",
      },
      outside: { connection: 7 },
      warnings: [],
    });
    expect(report["mismatches"]).toHaveLength(1);
    expect(report["others"]).toHaveLength(39);
  });

  test("--limit 0 shows no mismatch, and says how many there are", async () => {
    const path = await file(
      "wrong.strace",
      recording("python-selectors").replace(") = -1 ENOTCONN (", ") = -1 EINVAL ("),
    );
    const { out } = await iopath(["replay", path, "--limit", "0"]);
    expect(out).not.toContain("expected EINVAL");
    expect(out).toContain("... and 1 more");
  });

  test("says that a recording hides its events, and how to record again", async () => {
    const { code, out } = await iopath(["replay", trace("python-selectors-abbreviated")]);
    expect(code).toBe(0);
    expect(out).toContain("808 only by their number of events");
    expect(out).toContain("Record again with: strace -f -ttt -T -yy -s 0 -e abbrev=execve,execveat -o FILE");
  });

  /** A recording of which the machine does not have every call. */
  const partly = () =>
    file("partly.strace", "1 1.0 pipe2([3, 4], 0) = 0\n1 1.1 inotify_init1(0) = 5\n1 1.2 close(3) = 0\n");

  test("what was not simulated is counted at the end, with how to see it", async () => {
    const { out } = await iopath(["replay", await partly()]);
    expect(out).toContain("1 call was not simulated: --verbose");
    expect(out).toMatch(/^ {2}matched +2 +66\.67 %$/m);
    expect(out).toMatch(/^ {2}not simulated +1 +33\.33 %$/m);
  });

  test("percentages are rounded and add up; only all is 100 %", () => {
    expect(percentages([1, 1, 1])).toEqual(["33.34 %", "33.33 %", "33.33 %"]);
    expect(percentages([2, 1, 0])).toEqual(["66.67 %", "33.33 %", "0.00 %"]);
    expect(percentages([999_999, 1, 0])).toEqual(["99.99 %", "0.01 %", "0.00 %"]);
    expect(percentages([3036, 0, 0])).toEqual(["100.00 %", "0.00 %", "0.00 %"]);
    expect(percentages([0, 0, 0])).toEqual(["-", "-", "-"]);
  });

  test("--verbose tells why a call was not simulated, or is outside", async () => {
    const { out } = await iopath(["replay", await partly(), "--verbose"]);
    expect(out).toMatch(/^not simulated .*:2: inotify_init1\(0\) = 5\n {2}the machine does not have /m);
  });

  test("answers an unreadable recording with file, line, column and what was expected, exit code 2", async () => {
    const path = await file("torn.strace", "1 1.0 close(3) = 0\n1 1.1 close(3 = 0\n1 1.2 close(3) = 0\n");
    const { code, out, err } = await iopath(["replay", path]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(new RegExp(`^${path}:2:\\d+: expected "," or "\\)", found `));
  });
});

describe("strace", () => {
  test("explains every call about input and output with a sentence", async () => {
    const { code, out } = await iopath(["strace", trace("python-selectors"), "--from", "1302", "--limit", "3"]);
    expect(code).toBe(0);
    expect(out).toContain("lets eventpoll 3 watch listening socket 4 (127.0.0.1:18091) for EPOLLIN.");
    expect(out).toContain("waits for at most 1000 ms for what eventpoll 3 watches: EPOLLIN for 4.");
    expect(out).toMatch(/^multiplexing +1630 /m);
  });

  test("tells by which descriptor something is watched where half of an event's data is anything", async () => {
    const { out } = await iopath(["strace", trace("python-client-inside")]);
    expect(out).toMatch(/data={u32=6, u64=\d{10,}}}\], .*\n +waits for .*: EPOLLIN for 6\.$/m);
    expect(out).not.toMatch(/EPOLLIN for \d{10,}/);
  });

  test.each(["python-selectors", "node-http", "threads-and-signals", "python-selectors-abbreviated"])(
    "has a sentence for every call of %s",
    async (name) => {
      const { out } = await iopath(["strace", trace(name), "--all", "--json"]);
      const lines = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { call: string; sentence: string });
      expect(lines.length).toBeGreaterThan(200);
      for (const { sentence } of lines) expect(sentence).toMatch(/^\S.{8,}$/);
      expect(lines.filter(({ sentence }) => /undefined|NaN/.test(sentence))).toEqual([]);
    },
  );
});

test("serve says that there is no folder to listen in, with exit code 2", async () => {
  const { code, err } = await iopath(["serve", "--socket", "/nowhere/at/all/machine"]);
  expect(code).toBe(2);
  expect(err).toContain("nobody can listen at /nowhere/at/all/machine: there is no folder /nowhere/at/all");
});

describe("run", () => {
  const ECHO = `
    export default {
      programs: {
        *server(sys) {
          const lfd = yield* sys.socket(2, 1, 0);
          yield* sys.bind(lfd, { port: 8080 });
          yield* sys.listen(lfd, 16);
          const fd = yield* sys.accept4(lfd, 0);
          const buffer = sys.buffer(100);
          const got = yield* sys.read(fd, buffer);
          yield* sys.write(fd, buffer, got);
          yield* sys.close(99);
          yield* sys.accept4(lfd, 0);
        },
        *other(sys) { return (yield* sys.getpid()) * 0 + 42; },
      },
      world(world) { world.connect(8080).send("hello"); },
    };`;

  test("lists the system calls, what tasks came to, who sleeps and what was counted", async () => {
    const { code, out } = await iopath(["run", await file("echo.mjs", ECHO)]);
    expect(code).toBe(0);
    expect(out).toMatch(/1 read\(4, "hello", 100\) = 5$/m);
    expect(out).toMatch(/1 close\(99\) = -1 EBADF$/m);
    expect(out).toContain("task 1 (server) sleeps in accept4()");
    expect(out).toContain("task 2 (other): ended, returned 42");
    expect(out).toMatch(/^syscalls +\d+$/m);
    expect(out).toMatch(/^idle after /m);
  });

  test("--json prints one object with the same", async () => {
    const { out } = await iopath(["run", await file("echo.mjs", ECHO), "--json"]);
    const report: Record<string, unknown> = JSON.parse(out);
    expect(report).toMatchObject({
      reason: "idle",
      sleeping: [{ name: "server", call: "accept4" }],
      counters: { wakeups: 1 },
    });
  });

  test("a program that a signal has ended makes exit code 1, and is said to be killed", async () => {
    const path = await file("fault.mjs", "export default function* (sys) { yield* sys.load(0, 1); }");
    const { code, out } = await iopath(["run", path]);
    expect(code).toBe(1);
    expect(out).toContain("task 1 (main): killed by SIGSEGV");
    const json = await iopath(["run", path, "--json"]);
    expect(json.code).toBe(1);
    expect(JSON.parse(json.out)).toMatchObject({ killed: [{ pid: 1, name: "main", signal: "SIGSEGV" }] });
  });

  test("a program that throws makes exit code 1, with what it threw", async () => {
    const { code, err } = await iopath([
      "run",
      await file("bad.mjs", "export default function* () { throw new Error('no luck'); }"),
    ]);
    expect(code).toBe(1);
    expect(err).toContain("a program threw: Error: no luck");
    expect(err).toContain("bad.mjs");
    expect(err).not.toContain("/lib/");
  });

  test("what the world of a file throws later makes exit code 1 as well, and no stack of the machine", async () => {
    const text = `export default {
      programs: { *main(sys) { yield* sys.getpid(); } },
      world(world) { world.at(5000, () => { throw new Error("no luck outside"); }); },
    };`;
    const { code, out, err } = await iopath(["run", await file("world.mjs", text)]);
    expect(code).toBe(1);
    expect(out).toMatch(/^stopped after /m);
    expect(err).toContain("a program threw: Error: no luck outside");
    expect(err).not.toContain("/lib/");
  });

  test("a file that exports start(kernel) makes its tasks itself, and boots with what it exports as boot", async () => {
    const text = `export const boot = { cpus: 2 };
      export function start(kernel) {
        kernel.spawn("a", function* (sys) { return yield* sys.close(9); });
        kernel.spawn("b", function* (sys) { return (yield* sys.getpid()); });
      }`;
    const { code, out } = await iopath(["run", await file("start.mjs", text), "--json"]);
    const { results, digest } = JSON.parse(out) as { results: { name: string; result: unknown }[]; digest: string };
    expect(code).toBe(0);
    expect(results.map(({ name, result }) => [name, result])).toEqual([
      ["a", -9],
      ["b", 2],
    ]);
    expect(digest).toMatch(/^[0-9a-f]{32}$/);
  });

  test("a file that exports no program makes exit code 2", async () => {
    const { code, err } = await iopath(["run", await file("none.mjs", "export default 5;")]);
    expect(code).toBe(2);
    expect(err).toContain("exports neither a function start(kernel), nor by default a program");
    expect(err).toContain("see `iopath run --help`; a file that boots its own Kernel is run with node");
  });

  test.each([
    ["boot: { sed: 1 }", /: .*\bsed\b/],
    ["boot: { cpus: 'many' }", /: .*\bcpus\b/],
    ["wrld() {}", / exports by default wrld: expected only programs, world, boot$/],
  ])("%s is refused with one line and exit code 2", async (wrong, message) => {
    const text = `export default { programs: { *main() {} }, ${wrong} };`;
    const { code, out, err } = await iopath(["run", await file(`wrong-${wrong.length}.mjs`, text)]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err.trimEnd()).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  test("an endless program ends with its inputs, or when the user stops it", async () => {
    const path = await file("endless.mjs", "export default function* (sys) { for (;;) yield* sys.sched_yield(); }");
    const { code, out } = await iopath(["run", path, "--inputs", "1000", "--limit", "1"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^budget after /m);
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error("interrupted")));
    expect(await iopath(["run", path, "--inputs", "1000000000"], controller.signal)).toMatchObject({ code: 130 });
  });
});

test(
  "the built command runs a program file that imports iopath, and lies outside any project",
  { timeout: 60_000 },
  async () => {
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const built = inFolder("built");
    await mkdir(built);
    await writeFile(join(built, "package.json"), '{ "type": "module" }');
    for (const [target, name] of [
      ["node_modules", "node_modules"],
      ["build", "build"],
    ] as const) {
      await symlink(join(root, target), join(built, name));
    }
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const compiled = spawnSync(process.execPath, [
      tsc,
      "-p",
      join(root, "tsconfig.lib.json"),
      "--outDir",
      join(built, "lib"),
    ]);
    expect(compiled.status).toBe(0);
    const path = await file(
      "alone.mjs",
      `
    import { errnoName, AF_INET } from "iopath";
    export default function* (sys) { return errnoName(yield* sys.close(99)) + AF_INET; }`,
    );
    const run = spawnSync(process.execPath, [join(built, "lib/cli/main.js"), "run", path], { encoding: "utf8" });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    expect(run.stdout).toContain("task 1 (main): ended, returned 'EBADF2'");

    // A program of the page, as it is shown there.
    const { source, kernel } = await SCENARIOS.find(({ id }) => id === "herd")!.start();
    const args = [join(built, "lib/cli/main.js"), "run", await file("herd.mjs", source), "--json"];
    const shown = spawnSync(process.execPath, args, { encoding: "utf8" });
    const { digest } = JSON.parse(shown.stdout) as { digest: string };
    expect(digest).toBe(kernel.digest());
  },
);

test("the process prints and exits as the command says", { timeout: 30_000 }, () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["test/support/run.mjs", "lib/cli/main.ts", ...args], {
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
    });
  const replayed = run("replay", trace("threads-and-signals"));
  expect({ status: replayed.status, stderr: replayed.stderr }).toEqual({ status: 0, stderr: "" });
  expect(replayed.stdout).toContain("243 calls of 6 tasks");
  expect(run("replay", "README.md")).toMatchObject({ status: 2, stdout: "" });
});

describe("fuzz", { timeout: 60_000 }, () => {
  test("tells what was made and found, and ends with 0 if nothing was", async () => {
    const { code, out } = await iopath(["fuzz", "--seed", "3", "--calls", "2000", "--length", "500", "--cpus", "2"]);
    expect(code).toBe(0);
    expect(out).toMatch(/^epoll_ctl +\d+ +\d+$/m);
    expect(out).toMatch(/^seed 3: 2,0\d\d calls in \d programs, .* 0 failures$/m);
  });

  test("--json prints one object, the same for the same seed but for the time", async () => {
    const json = async () => {
      const { code, out } = await iopath(["fuzz", "--seed", "3", "--calls", "2000", "--no-faults", "--json"]);
      return { code, ...(JSON.parse(out) as object), elapsed: 0 };
    };
    const report = await json();
    expect(report).toMatchObject({ code: 0, seed: 3, failures: [] });
    expect(await json()).toEqual(report);
  });

  test("stopped with Ctrl-C it tells what was found until then", async () => {
    const { code, out } = await iopath(["fuzz"], AbortSignal.abort());
    expect(code).toBe(130);
    expect(out).toContain("seed 1: 0 calls in 0 programs");
  });
});
