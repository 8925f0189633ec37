import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { machine, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DELETERS, functionText, structsText } from "../cpp/print.ts";
import { randomProgram, randomStructs } from "../cpp/random.ts";
import type { CppProgram } from "../cpp/notation.ts";
import { Kernel } from "../kernel.ts";
import { cppLog } from "../cpp/log.ts";
import { machineProgram } from "../cpp/run.ts";

/** Programs that are compiled together, and share their structs: the templates are what takes time. */
const GROUP = 100;
/** The greatest output of a group. Unit: bytes. */
const OUTPUT = 1 << 28;

/** A program that did something else here than what g++ made of it. */
export interface CppDifference {
  readonly seed: number;
  /** Number of the first line that differs, from 0. */
  readonly line: number;
  readonly here: string | undefined;
  readonly gcc: string | undefined;
  readonly program: CppProgram;
}

/** What is to be compared. */
export interface CppOptions {
  /** Seed of the first program; the next has the next one. */
  readonly seed: number;
  /** How many. */
  readonly programs: number;
  /** Told how many have been compared. */
  readonly onGroup?: (done: number) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

/** What a comparison has come to. */
export interface CppComparison {
  readonly programs: number;
  readonly differences: readonly CppDifference[];
}

/** What is around the programs: allocations, constructors and destructors are written down, in memory that is not allocated. */
const HARNESS = `#include <cstdio>
#include <cstdlib>
#include <memory>
#include <new>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

static char text[1 << 22];
static size_t used;
static char* base;
template <class... T> static void say(const char* format, T... values) {
  int n = std::snprintf(text + used, sizeof text - used, format, values...);
  if (n < 0 || used + n >= sizeof text) _exit(3);
  used += n;
}
static long at(const void* p) {
  if (!base) base = (char*)p;
  return (char*)p - base;
}
static void* allocate(size_t n) {
  void* p = std::malloc(n ? n : 1);
  say("new %zu %ld\\n", n, at(p));
  return p;
}
static void release(void* p, size_t n) {
  if (!p) return;
  say("delete %zu %ld\\n", n, at(p));
  std::free(p);
}
void* operator new(size_t n) { return allocate(n); }
void* operator new[](size_t n) { return allocate(n); }
void operator delete(void* p, size_t n) noexcept { release(p, n); }
void operator delete[](void* p, size_t n) noexcept { release(p, n); }
void operator delete(void* p) noexcept { release(p, 0); }
void operator delete[](void* p) noexcept { release(p, 0); }

void says_made(const char* type, void* p) { say("%s() %ld\\n", type, at(p)); }
void says_gone(const char* type, void* p) { say("~%s() %ld\\n", type, at(p)); }
void says_count(long count) { say("use_count %ld\\n", count); }
void says_expired(bool expired) { say("expired %d\\n", expired); }
void says_deleter(void* p) { say("deleter %ld\\n", at(p)); }
`;

/** One source with all programs of a group, each of which is run in a process whose heap is untouched. */
function groupSource(programs: readonly CppProgram[]): string {
  const names = programs.map((_, i) => `program_${i}`);
  return [
    HARNESS,
    DELETERS,
    structsText(programs[0]?.structs ?? []),
    ...programs.map(({ main }, i) => functionText(names[i]!, main)),
    `static void (*const programs[])() = {${names.join(", ")}};`,
    `int main() {
  for (auto program : programs) {
    pid_t child = fork();
    if (child == 0) {
      program();
      if (used == sizeof text - 1 || write(1, text, used) != (ssize_t)used || write(1, "=\\n", 2) != 2) _exit(3);
      _exit(0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 1;
  }
  return 0;
}
`,
  ].join("\n");
}

const run = promisify(execFile);

/** Why this computer cannot say what g++ makes of a program as the machine has it; null: it can. */
export async function gccObstacle(): Promise<string | null> {
  if (process.platform !== "linux" || machine() !== "x86_64") return "C++ programs are compared on x86-64 Linux";
  const libc = await run("getconf", ["GNU_LIBC_VERSION"]).then(
    ({ stdout }) => stdout.trim(),
    () => "no GNU C library",
  );
  if (libc !== "glibc 2.36") return `C++ programs are compared with the addresses of glibc 2.36, not of ${libc}`;
  const version = await run("g++", ["-dumpversion"]).then(
    ({ stdout }) => stdout.trim(),
    () => null,
  );
  if (version === null) return "C++ programs are compared with what g++ makes of them: there is no g++ here";
  return version.startsWith("12") ? null : `C++ programs are compared with g++ 12, not ${version}`;
}

/** What g++ makes of programs that share their structs, line by line. @throws Error where there is no g++. */
export async function gccLogs(programs: readonly CppProgram[]): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), "iopath-cpp-"));
  try {
    const [source, executable] = [join(folder, "programs.cpp"), join(folder, "programs")];
    await writeFile(source, groupSource(programs));
    await run("g++", ["-std=c++20", "-O0", "-pthread", "-o", executable, source]);
    const { stdout } = await run(executable, [], { maxBuffer: OUTPUT });
    const logs = stdout.split("=\n").slice(0, -1);
    return logs.map((log) => log.split("\n").slice(0, -1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the machine makes of a program, line by line. */
export async function machineLog(program: CppProgram): Promise<string[]> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("main", machineProgram(program));
  kernel.run();
  const violations = kernel.check();
  if (violations.length > 0) throw new Error(`the machine is broken: ${JSON.stringify(violations[0])}`);
  return cppLog(kernel.trace, program.structs);
}

/** The groups of programs that begin with a seed: those of a group share their structs. */
export function randomGroups(
  seed: number,
  programs: number,
): { readonly seed: number; readonly programs: CppProgram[] }[] {
  return Array.from({ length: Math.ceil(programs / GROUP) }, (_, i) => {
    const first = seed + i * GROUP;
    const structs = randomStructs(first);
    const length = Math.min(GROUP, programs - i * GROUP);
    return { seed: first, programs: Array.from({ length }, (_unused, k) => randomProgram(first + k, structs)) };
  });
}

/** The first line that differs, as a difference; null if none does. */
function difference(seed: number, program: CppProgram, here: string[], gcc: string[]): CppDifference | null {
  const length = Math.max(here.length, gcc.length);
  for (let line = 0; line < length; line++) {
    if (here[line] !== gcc[line]) return { seed, line, here: here[line], gcc: gcc[line], program };
  }
  return null;
}

/**
 * Runs random programs here and as g++ compiles them, and compares what they allocate, construct, destroy and count, in order,
 * and at which addresses.
 *
 * @throws Error  where there is no g++.
 */
export async function compareCpp({ seed, programs, onGroup, signal }: CppOptions): Promise<CppComparison> {
  const differences: CppDifference[] = [];
  let done = 0;
  for (const group of randomGroups(seed, programs)) {
    if (signal?.aborted === true) break;
    const theirs = await gccLogs(group.programs);
    for (const [i, program] of group.programs.entries()) {
      const found = difference(group.seed + i, program, await machineLog(program), theirs[i] ?? []);
      if (found !== null) differences.push(found);
      done++;
    }
    onGroup?.(done);
  }
  return { programs: done, differences };
}
