import { describe, expect, test } from "vitest";
import {
  Kernel,
  O_RDWR,
  SIGBUS,
  SIGSEGV,
  SignalJump,
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  PROT_NONE,
  PROT_READ,
  PROT_WRITE,
} from "../../lib/index.ts";
import type { Program, Sys } from "../../lib/index.ts";
import type { PendingCall } from "../../lib/machine/call.ts";

const PAGE = 4096;
const RW = PROT_READ | PROT_WRITE;
const OWN = MAP_PRIVATE | MAP_ANONYMOUS;

/** Runs a program to its end; the machine must be healthy then. */
async function run(program: Program) {
  const kernel = await Kernel.boot();
  const task = kernel.spawn("p", program);
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return { kernel, task, result: task.result as never };
}

describe("memory of a process's own", () => {
  test("reads as zeros, keeps what is stored, and is gone after munmap()", async () => {
    const { task, result } = await run(function* (sys) {
      const at = yield* sys.mmap(0, 3 * PAGE, RW, OWN);
      const zeros = yield* sys.load(at + PAGE - 2, 4);
      yield* sys.store(at + PAGE - 1, "ab");
      const text = yield* sys.load(at + PAGE - 2, 4);
      return [at > 0, [...zeros], [...text], yield* sys.munmap(at, 3 * PAGE), yield* sys.load(at, 1)];
    });
    expect(result).toBeUndefined();
    expect(task.exitCode).toBe(128 + SIGSEGV);
  });

  test("MF-8: a load maps the frame of zeros, the store that follows faults again", async () => {
    const { task } = await run(function* (sys) {
      const at = yield* sys.mmap(0, 2 * PAGE, RW, OWN);
      yield* sys.load(at, 1);
      yield* sys.load(at + 8, 1);
      yield* sys.store(at, "x");
      yield* sys.store(at + PAGE, "x");
    });
    expect(task.counters.minorFaults).toBe(3);
    // Three exceptions, mmap and exit: each in and out, but for exit.
    expect(task.counters.modeSwitches).toBe(2 * 3 + 2 + 1);
  });

  test("a handler is told where; siglongjmp() leaves the load", async () => {
    const { result } = await run(function* (sys) {
      const seen: unknown[] = [];
      yield* sys.sigaction(SIGSEGV, function* (own, signo, info) {
        seen.push([signo, info.code, info.addr]);
        own.siglongjmp();
        yield* own.getpid();
      });
      const none = yield* sys.mmap(0, PAGE, PROT_NONE, OWN);
      for (const act of [() => sys.load(0x5000, 1), () => sys.store(none + 5, "x")]) {
        try {
          yield* act();
        } catch (error) {
          seen.push(error instanceof SignalJump);
        }
      }
      return seen.map((item) =>
        Array.isArray(item) && item[2] !== 0x5000 ? [...item.slice(0, 2), item[2] - none] : item,
      );
    });
    expect(result).toEqual([[SIGSEGV, 1, 0x5000], true, [SIGSEGV, 2, 5], true]);
  });

  test("a handler that maps the page lets the load go on", async () => {
    const { result } = await run(function* (sys) {
      yield* sys.sigaction(SIGSEGV, function* (own) {
        yield* own.mmap(0x10_0000, PAGE, RW, OWN | MAP_FIXED);
        yield* own.store(0x10_0000, "hello");
      });
      return new TextDecoder().decode(yield* sys.load(0x10_0000, 5));
    });
    expect(result).toBe("hello");
  });

  test("fork() shares pages until one of the two stores", async () => {
    const { kernel, result } = await run(function* (sys) {
      const at = yield* sys.mmap(0, 4 * PAGE, RW, OWN);
      const shared = yield* sys.mmap(0, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS);
      yield* sys.store(at, new Uint8Array(4 * PAGE).fill(1));
      yield* sys.store(shared, "parent");
      yield* sys.fork(function* (child) {
        yield* child.store(at + PAGE, "child");
        yield* child.store(shared, "child!");
        yield* child.load(at + 2 * PAGE, 1);
      });
      yield* sys.wait4(-1, null, 0);
      yield* sys.store(at, "mine");
      const texts = [yield* sys.load(at, 5), yield* sys.load(at + PAGE, 5), yield* sys.load(shared, 6)];
      return texts.map((bytes) => String.fromCharCode(...bytes));
    });
    expect(result).toEqual(["mine\u0001", "\u0001\u0001\u0001\u0001\u0001", "child!"]);
    // The child's page alone was copied; the child has ended when the parent stores.
    expect(kernel.counters.cpuCopiedBytes).toBe(PAGE);
  });

  test("MF-9: MAP_POPULATE maps all pages, no access faults afterwards; MADV_DONTNEED forgets them", async () => {
    const { task, result } = await run(function* (sys) {
      const at = yield* sys.mmap(0, 8 * PAGE, RW, OWN | MAP_POPULATE);
      yield* sys.store(at, new Uint8Array(8 * PAGE).fill(7));
      yield* sys.madvise(at, PAGE, MADV_DONTNEED);
      return [...(yield* sys.load(at + PAGE - 1, 2))];
    });
    expect(result).toEqual([0, 7]);
    expect(task.counters.minorFaults).toBe(9);
  });

  test("mprotect() takes rights away and gives them back without losing a byte", async () => {
    const { result } = await run(function* (sys) {
      const at = yield* sys.mmap(0, 3 * PAGE, RW, OWN);
      yield* sys.store(at + PAGE, "abc");
      const answers = [yield* sys.mprotect(at + PAGE, PAGE, PROT_NONE)];
      answers.push(yield* sys.write(1, at + PAGE, 3));
      answers.push(yield* sys.mprotect(at, 3 * PAGE, RW));
      yield* sys.store(at + PAGE + 1, "X");
      return [...answers, String.fromCharCode(...(yield* sys.load(at + PAGE, 3)))];
    });
    expect(result).toEqual([0, -22, 0, "aXc"]);
  });

  test("munmap() gives frames and page tables back", async () => {
    const kernel = await Kernel.boot();
    const frames = () =>
      kernel.inspect().objects.flatMap((object) => (object.struct === "MmStruct" ? [object.rss] : []));
    kernel.spawn("p", function* (sys) {
      for (let i = 0; i < 20; i++) {
        const at = yield* sys.mmap(0x4000_0000 + i * 0x4000_0000, 64 * PAGE, RW, OWN | MAP_FIXED);
        yield* sys.store(at + 63 * PAGE, "x");
        yield* sys.munmap(at, 64 * PAGE);
      }
      yield* sys.pause();
    });
    kernel.run();
    expect(kernel.check()).toEqual([]);
    expect(frames()).toEqual([0]);
  });

  test("65530 areas are the most that there can be, and they are found fast", { timeout: 60_000 }, async () => {
    const { result } = await run(function* (sys) {
      const at = yield* sys.mmap(0x1_0000_0000, 2 * 65_600 * PAGE, PROT_NONE, OWN | MAP_FIXED);
      let made = 0;
      for (; made < 65_600; made++) if ((yield* sys.mprotect(at + (2 * made + 1) * PAGE, PAGE, PROT_READ)) !== 0) break;
      return [
        made,
        yield* sys.mprotect(at + (2 * made + 1) * PAGE, PAGE, PROT_READ),
        yield* sys.munmap(at, 2 * 65_600 * PAGE),
      ];
    });
    expect(result).toEqual([32_764, -12, 0]);
  });
});

describe("memory of a file", () => {
  /** A machine with a file of so many pages, each filled with its number. */
  async function machine(pages: number, program: Program) {
    const kernel = await Kernel.boot();
    kernel.world.file(
      "/f",
      Uint8Array.from({ length: pages * PAGE }, (_, i) => (i >> 12) & 255),
    );
    const task = kernel.spawn("p", program);
    kernel.run();
    expect(kernel.check()).toEqual([]);
    return { kernel, task, result: task.result as never };
  }

  /** The pages that mincore() sees: `0-31 40`. */
  function* cached(sys: Sys, at: number, pages: number): Generator<PendingCall, string, number> {
    const vec = sys.buffer(pages);
    yield* sys.mincore(at, pages * PAGE, vec);
    const runs: [number, number][] = [];
    vec.bytes().forEach((there, i) => {
      if (there === 0) return;
      if (runs.length > 0 && runs.at(-1)![1] === i - 1) runs.at(-1)![1] = i;
      else runs.push([i, i]);
    });
    return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(" ");
  }

  test("MF-1: a page that is not cached is one major fault, which reads around", async () => {
    const { task, result } = await machine(1000, function* (sys) {
      const fd = yield* sys.open("/f", O_RDWR);
      const at = yield* sys.mmap(0, 1000 * PAGE, RW, MAP_SHARED, fd, 0);
      const [byte] = yield* sys.load(at + 500 * PAGE + 7, 1);
      return [byte, yield* cached(sys, at, 1000)];
    });
    expect(result).toEqual([500 & 255, "484-515"]);
    expect(task.counters.majorFaults).toBe(1);
  });

  test("MF-2, MF-4, MF-6: loads map 16 pages at once, stores one each", async () => {
    const counts: number[] = [];
    const kernel = await Kernel.boot();
    kernel.world.file("/f", new Uint8Array(64 * PAGE).fill(1));
    const count = () => counts.push(kernel.counters.minorFaults);
    kernel.spawn("p", function* (sys) {
      const fd = yield* sys.open("/f", O_RDWR);
      yield* sys.read(fd, sys.buffer(64 * PAGE));
      const at = yield* sys.mmap(0, 64 * PAGE, RW, MAP_SHARED, fd, 0);
      count();
      yield* sys.load(at, 64 * PAGE);
      count();
      yield* sys.store(at, new Uint8Array(64 * PAGE));
      count();
    });
    kernel.run();
    expect(kernel.check()).toEqual([]);
    expect(counts.slice(1).map((after, i) => after - counts[i]!)).toEqual([4, 64]);
  });

  test("what is stored to a shared mapping is read from the file; to a private one it is not", async () => {
    const { result } = await machine(4, function* (sys) {
      const fd = yield* sys.open("/f", O_RDWR);
      const shared = yield* sys.mmap(0, 2 * PAGE, RW, MAP_SHARED, fd, PAGE);
      const own = yield* sys.mmap(0, 2 * PAGE, RW, MAP_PRIVATE, fd, PAGE);
      yield* sys.store(own, "own");
      yield* sys.store(shared, "all");
      yield* sys.store(shared + PAGE, "two");
      const buffer = sys.buffer(3);
      yield* sys.pread64(fd, buffer, 3, PAGE);
      const seen = [buffer.text()];
      yield* sys.pwrite64(fd, "new", 3, 2 * PAGE);
      for (const at of [own, own + PAGE, shared + PAGE]) seen.push(String.fromCharCode(...(yield* sys.load(at, 3))));
      return seen;
    });
    expect(result).toEqual(["all", "own", "new", "new"]);
  });

  test("MF-10: behind the last page of the file there is SIGBUS, in a system call -EFAULT", async () => {
    const { result } = await machine(2, function* (sys) {
      const seen: unknown[] = [];
      const fd = yield* sys.open("/f", O_RDWR);
      const at = yield* sys.mmap(0, 4 * PAGE, RW, MAP_SHARED, fd, 0);
      yield* sys.sigaction(SIGBUS, function* (own, signo, info) {
        seen.push([signo, info.code, info.addr - at]);
        own.siglongjmp();
        yield* own.getpid();
      });
      try {
        yield* sys.load(at + 2 * PAGE + 3, 1);
      } catch {
        seen.push("jumped");
      }
      const ends = [0, 0];
      yield* sys.pipe2(ends, 0);
      const end = ends[1]!;
      seen.push(yield* sys.write(end, at + 2 * PAGE, 1), yield* sys.write(end, at + 2 * PAGE - 1, 2));
      return seen;
    });
    expect(result).toEqual([[SIGBUS, 2, 2 * PAGE + 3], "jumped", -14, -14]);
  });
});
