import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeCall } from "../../lib/export/c/calls.ts";
import { Data } from "../../lib/export/c/literal.ts";
import { cProgram } from "../../lib/export/c/program.ts";
import { POINTERS } from "../../lib/export/c/refused.ts";
import { ProgramError } from "../../lib/errors.ts";
import { chromeTrace } from "../../lib/export/chrome.ts";
import { perfettoTrace } from "../../lib/export/perfetto.ts";
import { Kernel, type Program, type World } from "../../lib/index.ts";
import { syscallNumber } from "../../lib/machine/call.ts";
import { type Kind, SIGNATURES } from "../../lib/see/call-signatures.ts";
import { type CallEntry, callsOf } from "../../lib/trace/calls.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

const run = promisify(execFile);

function hasCompiler(): boolean {
  if (process.platform !== "linux") return false;
  try {
    execFileSync("gcc", ["--version"]);
    return true;
  } catch {
    return false;
  }
}

/** Runs that a program in C cannot repeat, with a part of the reason. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  eintr: /^rt_sigaction\(\) cannot be written in C: tasks are threads/,
  signalfd: /^rt_sigprocmask\(\) cannot be written in C: tasks are threads/,
  phases: /^rt_sigaction\(\) cannot be written in C: tasks are threads/,
  rights: /^sendmsg\(\) cannot be written in C: its argument leads to memory in many places/,
  mmap: /the program (reads|writes to) mapped memory: its addresses are those of the machine/,
  copies: /^mmap\(\) cannot be written in C: it is about the addresses/,
  "hot-and-stream": /^mmap\(\) cannot be written in C: it is about the addresses/,
  "mmap-write": /^mmap\(\) cannot be written in C: it is about the addresses/,
  "epoll-mmap": /^mmap\(\) cannot be written in C: it is about the addresses/,
  "epoll-create": /^mmap\(\) cannot be written in C: it is about the addresses/,
  zerocopy: /the program writes to mapped memory/,
  "make-shared": /the program reads mapped memory: its addresses are those of the machine/,
  aio: /^io_setup\(\) cannot be written in C: its requests are memory/,
  direct: /^io_setup\(\) cannot be written in C: its requests are memory/,
  io_uring: /^io_uring_setup\(\) cannot be written in C: rings/,
  "waiting-signal": /^rt_sigaction\(\) cannot be written in C: tasks are threads/,
  "waiting-posix-aio": /^rt_sigaction\(\) cannot be written in C: tasks are threads/,
  "waiting-libaio": /^io_setup\(\) cannot be written in C: its requests are memory/,
  "waiting-io_uring": /^io_uring_setup\(\) cannot be written in C: rings/,
  "ready-or-done": /^io_setup\(\) cannot be written in C/,
  "mmap-sigbus": /mapped memory/,
  "direct-alignment": /^pwrite64\(\) cannot be written in C: argument 2 is an address of the machine/,
};

const programs = SCENARIOS.filter(({ recorded, id }) => !recorded && !(id in REFUSED));

describe.runIf(hasCompiler())("on the kernel of this computer, the run in C", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "iopath-c-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test.each(programs.map((scenario) => [scenario.id, scenario] as const))(
    "%s compiles without a warning, and prints what the machine has answered",
    async (id, scenario) => {
      const { kernel } = await scenario.start();
      const { text, output } = cProgram(kernel);
      const file = join(folder, id);
      await writeFile(`${file}.c`, text);
      await run("gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pthread", `${file}.c`, "-o", file]);
      const { stdout } = await run(file).catch((error: { stdout: string }) => error);
      expect(stdout).toBe(output);
    },
  );

  test("new descriptors get the numbers that they have in the run, where the kernel gives others", async () => {
    const { kernel } = await SCENARIOS.find(({ id }) => id === "pipe")!.start();
    const { text, output } = cProgram(kernel);
    const renumbered = (from: string) =>
      from
        .replaceAll("PAIR(3, 4)", "PAIR(13, 14)")
        .replaceAll("[3 4]", "[13 14]")
        .replaceAll(/\b(read|write|close)\(([34])\b/g, "$1(1$2");
    const file = join(folder, "renumbered");
    await writeFile(`${file}.c`, renumbered(text));
    await run("gcc", ["-std=c11", "-Wall", "-Wextra", "-Werror", "-pthread", `${file}.c`, "-o", file]);
    const { stdout } = await run(file);
    expect(stdout).toBe(renumbered(output));
    expect(stdout).toContain("= 0 [13 14]");
  });
});

test.each(Object.entries(REFUSED))("the run %s is refused, saying why", async (id, reason) => {
  const { kernel } = await SCENARIOS.find((scenario) => scenario.id === id)!.start();
  expect(() => cProgram(kernel)).toThrow(ProgramError);
  expect(() => cProgram(kernel)).toThrow(reason);
});

/** What a machine is refused for, whose one task runs a program and that something is done to. */
async function refusal(program: Program, act: (world: World) => void = () => {}): Promise<string> {
  const kernel = await Kernel.boot();
  act(kernel.world);
  kernel.spawn("main", program);
  kernel.run();
  try {
    cProgram(kernel);
    return "";
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return error.message;
  }
}

describe("refused, saying why, is a run", () => {
  const idle: Program = function* (sys) {
    yield* sys.epoll_create1(0);
  };

  test("with rings", async () => {
    const message = await refusal(function* (sys) {
      yield* sys.syscall("io_uring_setup", 4, 0);
    });
    expect(message).toBe(
      "io_uring_setup() cannot be written in C: rings of io_uring are memory that the program and the kernel share",
    );
  });

  test("with an address that leads nowhere", async () => {
    const message = await refusal(function* (sys) {
      yield* sys.write(3, 0x10, 4);
    });
    expect(message).toBe("write() cannot be written in C: argument 2 is an address of the machine");
  });

  test.each<[string, (world: World) => void, string]>([
    ["with a server outside", (world) => void world.listen(80), "a server outside the machine listens"],
    [
      "with a client that stops reading",
      (world) => void world.connect(80, { window: 9 }),
      "a client outside stops reading",
    ],
    [
      "with a disk that fails",
      (world) => {
        world.file("/f", "x");
        world.disk.failNext({ operation: "read", path: "/f" });
      },
      "the disk is made to fail",
    ],
  ])("%s", async (_, act, reason) => {
    expect(await refusal(idle, act)).toContain(`this run cannot be written in C: ${reason}`);
  });
});

const POINTER_KINDS: ReadonlySet<Kind> = new Set<Kind>([
  "pointer",
  "bytes",
  "buffer",
  "path",
  "sockaddr",
  "event",
  "events",
  "pair",
  "pollfds",
  "fdset",
  "timespec",
  "timeval",
  "itimerspec",
]);

/** Calls one of whose pointers must be null: sets of blocked signals, and what a thread begins with. */
const NULL_ONLY: ReadonlySet<string> = new Set(["pselect6", "ppoll", "epoll_pwait", "epoll_pwait2", "clone"]);

test.each(Object.entries(SIGNATURES))("%s is written, or refused for a reason of its own", (name, kinds) => {
  const user = { load: (_: bigint, length: number) => new Uint8Array(length) };
  const isPointer = (i: number) => POINTERS[name]?.[i] !== undefined || POINTER_KINDS.has(kinds[i]!);
  const args = kinds.map((_, i) => (isPointer(i) ? 0x1_0000 : 1));
  const call = { nr: syscallNumber(name), args, value: 0 } as unknown as CallEntry;
  let said = "";
  try {
    said = writeCall(call, user, new Data()).text;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    said = error.message;
  }
  expect(said).not.toBe("");
  if (!NULL_ONLY.has(name)) expect(said).not.toMatch(/is an address of the machine$/);
});

test("a machine without a trace is refused: nothing is known of its run", async () => {
  const kernel = await Kernel.boot({ trace: false });
  kernel.spawn("main", function* (sys) {
    yield* sys.getpid();
  });
  kernel.run();
  for (const write of [cProgram, chromeTrace, perfettoTrace]) {
    expect(() => write(kernel)).toThrow("this machine was booted with { trace: false }: nothing is known of its run");
  }
});

test("the program prints every call of a task, with the result that it had", async () => {
  const { kernel } = await SCENARIOS.find(({ id }) => id === "echo")!.start();
  const results = callsOf(kernel).map(({ result }) => result ?? "?");
  const { output } = cProgram(kernel);
  const printed = output.split("\n").flatMap((line) => /^server: .*?\) = (-1 E\w+|-?\d+|\?)/.exec(line)?.[1] ?? []);
  expect(printed).toEqual(results);
});

test("a client that gets what it sent is printed with it", async () => {
  const { kernel } = await SCENARIOS.find(({ id }) => id === "echo")!.start();
  expect(cProgram(kernel).output).toContain('client 1: received 12 "hellogoodbye"\n');
});

test("the machine stands at its end afterwards, and is what it was", async () => {
  const { kernel } = await SCENARIOS.find(({ id }) => id === "pipe")!.start();
  const digest = kernel.digest();
  cProgram(kernel);
  expect(kernel.tick).toBe(kernel.ticks);
  expect(kernel.digest()).toBe(digest);
});

test("what stands in strings is escaped, so that no byte of a run becomes code", async () => {
  const kernel = await Kernel.boot();
  kernel.spawn("*/ main", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.write(fds[1]!, '"; system("x"); //\\\n\0??/');
  });
  kernel.run();
  const { text } = cProgram(kernel);
  expect(text).toContain('write(4, "\\"; system(\\"x\\"); //\\\\\\n\\000\\?\\?/", 24)');
  expect(text.match(/system\(/g)).toHaveLength(1);
  expect(text.split("*/")[1]).toMatch(/^\n#define _GNU_SOURCE/);
});
