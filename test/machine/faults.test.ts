import { KERNEL_BASE, structLayout } from "../../lib/machine/memory.ts";
import { ENOMEM, Kernel } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { ADD, IN, NONBLOCK, Threads } from "../fs/threads.ts";
import { boot } from "../support/boot.ts";
import { layout } from "../../lib/layout.gen.ts";

const UNIX = 1;
const INTERNET = 2;
const STREAM = 1;

/** Closes everything that a test could have opened. */
function closeAll(t: Threads): void {
  for (let fd = 0; fd < 1024; fd++) t.now(0, "close", fd);
  while (t.elapse());
}

/** How many objects of each kind are in use. */
function inUse(kernel: Kernel): number[] {
  const { memory } = kernel;
  const { caches } = memory.read("SlabState", memory.get("Kernel", KERNEL_BASE, "slab"));
  const { stride } = structLayout("KmemCache");
  return Object.values(layout.enums.CacheType.values).map((type) =>
    memory.get("KmemCache", (caches + type * stride) as typeof caches, "active"),
  );
}

/** Calls that need memory: what must be there before, and the call. Each is made in two rounds, first without faults. */
const CALLS: Readonly<Record<string, (t: Threads, round: number) => () => unknown>> = {
  pipe2: (t) => () => t.now(0, "pipe2", { out: 8 }, NONBLOCK),
  eventfd2: (t) => () => t.now(0, "eventfd2", 0, 0),
  epoll_create1: (t) => () => t.now(0, "epoll_create1", 0),
  epoll_ctl: (t) => {
    const [epfd, fd] = [t.now(0, "epoll_create1", 0), t.now(0, "eventfd2", 0, 0)];
    return () => t.ctl(epfd, ADD, fd, IN);
  },
  "epoll_ctl of an epoll": (t) => {
    const [epfd, fd] = [t.now(0, "epoll_create1", 0), t.now(0, "epoll_create1", 0)];
    return () => t.ctl(epfd, ADD, fd, IN);
  },
  "socket of the Internet": (t) => () => t.now(0, "socket", INTERNET, STREAM, 0),
  "socket of UNIX": (t) => () => t.now(0, "socket", UNIX, STREAM, 0),
  socketpair: (t) => () => t.now(0, "socketpair", UNIX, STREAM, 0, { out: 8 }),
  "dup2 to a large number": (t, round) => {
    const fd = t.now(0, "eventfd2", 0, 0);
    return () => t.now(0, "dup2", fd, 100 + 900 * round);
  },
  fork: (t) => {
    t.now(0, "eventfd2", 0, 0);
    return () => t.now(0, "fork");
  },
};

describe("every allocation of a call fails once", () => {
  const cases = Object.keys(CALLS).flatMap((name) => [[name, "objects"] as const, [name, "frames"] as const]);
  test.each(cases)("%s, of %s: it says -ENOMEM, and leaves everything as it was", async (name, of) => {
    for (let nth = 1; ; nth++) {
      const t = await Threads.boot(1, { trace: false });
      CALLS[name]!(t, 0)();
      closeAll(t);
      const call = CALLS[name]!(t, 1);
      const before = inUse(t.kernel);
      t.kernel.faults.failAllocation({ nth, of });
      const value = call();
      if (t.kernel.faults.state(of).nth > 0) return;
      expect({ nth, value, violations: t.kernel.check() }).toEqual({ nth, value: -ENOMEM, violations: [] });
      expect({ nth, inUse: inUse(t.kernel) }).toEqual({ nth, inUse: before });
      expect(t.kernel.faults.state(of).failed).toBe(1);
      expect(call()).toBeGreaterThanOrEqual(0);
    }
  });
});

describe("allocations that fail by chance", () => {
  /** Makes eventfds while a part of all allocations fails. @returns what the calls said, and the machine. */
  async function eventfds(probability: number, seed = 1) {
    const kernel = await boot({ seed });
    const values: number[] = [];
    kernel.spawn("main", function* (sys) {
      for (let i = 0; i < 200; i++) values.push(yield* sys.eventfd(0));
    });
    kernel.faults.failAllocation({ probability });
    kernel.run();
    return { kernel, values };
  }

  test("fail about as often as asked, and the machine stays healthy", async () => {
    const { kernel, values } = await eventfds(0.2);
    const { failed, nth, probability } = kernel.faults.state();
    expect(values.filter((value) => value === -ENOMEM)).toHaveLength(failed);
    expect(failed).toBeGreaterThan(40);
    expect(failed).toBeLessThan(160);
    expect({ nth, probability }).toEqual({ nth: 0, probability: expect.closeTo(0.2, 6) as number });
    expect(kernel.check()).toEqual([]);
  });

  test("are the same ones with the same seed, in a replay too, and others with another seed", async () => {
    const first = await eventfds(0.2);
    expect((await eventfds(0.2)).values).toEqual(first.values);
    expect((await eventfds(0.2, 2)).values).not.toEqual(first.values);
    expect((await Kernel.replay(first.kernel.journal)).digest()).toBe(first.kernel.digest());
  });

  test("are none of the host's own", async () => {
    const kernel = await boot();
    kernel.faults.failAllocation({ probability: 1 });
    kernel.faults.failAllocation({ probability: 1, of: "frames" });
    expect(kernel.spawn("main", function* () {}).pid).toBe(1);
    expect(kernel.world.connect(80).state).toBe("syn_sent");
  });
});

test("what fails is seen in the trace", async () => {
  const kernel = await boot();
  kernel.spawn("main", function* (sys) {
    yield* sys.eventfd(0);
    yield* sys.pipe2([], 0);
  });
  kernel.faults.failAllocation({ nth: 3 });
  kernel.faults.failAllocation({ nth: 1, of: "frames" });
  kernel.run();
  const sentences = Array.from(kernel.trace.range(1, kernel.ticks), (record) => record.sentence("en"));
  expect(sentences.filter((sentence) => sentence.includes("a fault was asked for"))).toHaveLength(2);
});

test("a fault that cannot be is refused, with what can", async () => {
  const { faults } = await boot();
  expect(() => faults.failAllocation({ nth: -1 })).toThrow("nth is a whole number from 0 to 4294967295, not -1");
  expect(() => faults.failAllocation({ probability: 2 })).toThrow("probability is a number from 0 to 1, not 2");
  expect(() => faults.failAllocation({ of: "pages" as never })).toThrow('of is "objects" or "frames", not "pages"');
  expect(() => faults.failAllocation({ after: 3 } as never)).toThrow("no part of a fault is called after");
});
