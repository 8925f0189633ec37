import { ADD, ENOMEM, IN, NONBLOCK, SLEEPS, Threads } from "./threads.ts";
import { describe, expect, test } from "vitest";
import fc from "fast-check";

const MIB = 1 << 20;

/** Fills the machine with pipes full of bytes, until it has no memory left. @returns the descriptors. */
function fill(t: Threads): number[] {
  const fds: number[] = [];
  for (;;) {
    const value = t.now(0, "pipe2", { out: 8 }, NONBLOCK);
    if (value === -ENOMEM) return fds;
    expect(value).toBe(0);
    const view = new DataView(t.out[0]!.buffer, t.out[0]!.byteOffset);
    fds.push(view.getInt32(0, true), view.getInt32(4, true));
    t.now(0, "write", fds.at(-1)!, { in: "x".repeat(4096) }, 4096);
  }
}

describe("without memory", () => {
  test("calls say -ENOMEM, nothing is broken, and what is closed can be used again", async () => {
    const t = await Threads.boot(1, { memoryLimit: 6 * MIB, trace: false });
    const fds = fill(t);
    expect(fds.length).toBeGreaterThan(100);
    const calls: [string, number, number][] = [
      ["epoll_create1", 0, 0],
      ["eventfd2", 0, 0],
      ["pipe2", 0, 0],
    ];
    const answers = calls.map(([name, a, b]) => t.now(0, name, a, b));
    expect(answers.every((value) => value === -ENOMEM || value >= 0)).toBe(true);
    expect(t.kernel.check()).toEqual([]);
    for (const fd of fds) expect(t.now(0, "close", fd)).toBe(0);
    expect(fill(t).length).toBeGreaterThan(fds.length / 2);
    expect(t.kernel.check()).toEqual([]);
  });

  test("whatever is called in whatever order, every rule of the structures holds and nothing is lost", async () => {
    const call = fc.tuple(
      fc.constantFrom("pipe", "eventfd", "epoll", "add", "write", "close", "dup"),
      fc.nat(),
      fc.nat(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 20, maxLength: 60 }), async (calls) => {
        const t = await Threads.boot(1, { memoryLimit: 6 * MIB, trace: false });
        const taken = fill(t);
        for (const fd of taken.slice(-8)) t.now(0, "close", fd);
        const open = taken.slice(0, -8);
        const epfds: number[] = [];
        for (const [what, a, b] of calls) {
          const fd = open[a % open.length]!;
          let value: number | typeof SLEEPS = 0;
          if (what === "pipe") value = t.now(0, "pipe2", { out: 8 }, NONBLOCK);
          else if (what === "eventfd") value = keep(open, t.now(0, "eventfd2", 0, NONBLOCK));
          else if (what === "epoll") value = keep(epfds, t.now(0, "epoll_create1", 0));
          else if (what === "add" && epfds.length > 0) value = t.ctl(epfds[b % epfds.length]!, ADD, fd, IN);
          else if (what === "write") value = t.now(0, "write", fd, { in: "y".repeat(b % 9000) }, b % 9000);
          else if (what === "dup") value = keep(open, t.now(0, "fcntl", fd, 0, b % 5000));
          else if (what === "close") t.now(0, "close", fd);
          if (what === "pipe" && value === 0) open.push(...new Int32Array(t.out[0]!.slice().buffer));
          expect(value).toBeTypeOf("number");
        }
        expect(t.kernel.check()).toEqual([]);
        for (let fd = 0; fd < t.files.max_fds; fd++) t.now(0, "close", fd);
        expect(t.fs).toMatchObject({ nr_files: 0, epoll_watches: 0 });
        expect(t.kernel.check()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });
});

/** Keeps a new descriptor, if it is one. */
function keep(fds: number[], value: number): number {
  if (value >= 0) fds.push(value);
  return value;
}
