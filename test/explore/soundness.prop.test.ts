import * as fc from "fast-check";
import {
  CLONE_FILES,
  CLONE_VM,
  EFD_NONBLOCK,
  EPOLLET,
  EPOLLIN,
  EPOLLONESHOT,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  type EpollEvents,
  type Kernel,
  O_NONBLOCK,
  type Sys,
  type UserBuffer,
} from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";

const FIONREAD = 0x541b;

/** What a thread can do with what all share: a pipe, an eventfd, an eventpoll that watches both. */
const STEPS = {
  *put({ sys, writing }: Place) {
    return yield* sys.write(writing, "xy");
  },
  *take({ sys, buf, reading }: Place) {
    const n = yield* sys.read(reading, buf, 1);
    return n > 0 ? buf.text(n) : n;
  },
  *look({ sys, reading }: Place) {
    const waiting = { value: 0 };
    yield* sys.ioctl(reading, FIONREAD, waiting);
    return waiting.value;
  },
  *signal({ sys, token }: Place) {
    return yield* sys.write(token, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
  },
  *consume({ sys, buf, token }: Place) {
    const n = yield* sys.read(token, buf);
    return n > 0 ? buf.bytes(1)[0] : n;
  },
  *wait({ sys, events, epfd }: Place) {
    const n = yield* sys.epoll_wait(epfd, events, 1, -1);
    return n > 0 ? events[0]!.data.fd : n;
  },
  *poll({ sys, events, epfd }: Place) {
    return yield* sys.epoll_wait(epfd, events, 2, 0);
  },
  *doze({ sys }: Place) {
    return yield* sys.nanosleep({ sec: 0, nsec: 1000 });
  },
  *arm({ sys, epfd, reading }: Place) {
    const event = { events: EPOLLIN | EPOLLONESHOT, data: { fd: reading } };
    return yield* sys.epoll_ctl(epfd, EPOLL_CTL_MOD, reading, event);
  },
} as const;

/** Descriptors that all threads share, and the memory of one of them: what it reads overwrites what it has read. */
interface Place {
  readonly sys: Sys;
  readonly buf: UserBuffer;
  readonly events: EpollEvents;
  readonly reading: number;
  readonly writing: number;
  readonly token: number;
  readonly epfd: number;
}

type Step = keyof typeof STEPS;

/** Threads that each make some steps; what a thread returns is all that it has learnt. */
function threads(lists: readonly (readonly Step[])[], mode: number) {
  return (kernel: Kernel): void => {
    kernel.spawn("main", function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, O_NONBLOCK);
      const [reading, writing] = fds as [number, number];
      const token = yield* sys.eventfd(0, EFD_NONBLOCK);
      const epfd = yield* sys.epoll_create1(0);
      for (const fd of [reading, token]) {
        yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: EPOLLIN | mode, data: { fd } });
      }
      for (const list of lists) {
        yield* sys.clone(CLONE_VM | CLONE_FILES, function* (thread) {
          const learnt: unknown[] = [];
          const memory = { buf: thread.buffer(8), events: thread.epoll_events(2) };
          const place = { sys: thread, ...memory, reading, writing, token, epfd };
          for (const step of list) learnt.push(yield* STEPS[step](place));
          return learnt;
        });
      }
    });
  };
}

/** All ends to which the programs can come: what each has learnt, who sleeps where. */
async function ends(setup: (kernel: Kernel) => void, prune: boolean): Promise<{ ends: Set<string>; runs: number }> {
  const seen = new Set<string>();
  const kernel = await boot();
  const property = (end: Kernel) => {
    expect(end.check()).toEqual([]);
    const tasks = end.tasks.map((task) => [task.sleeping?.call, "result" in task ? task.result : null]);
    seen.add(JSON.stringify(tasks));
    return true;
  };
  const { complete, explored } = await kernel.explore(setup, property, { prune, maxRuns: 20_000 });
  return complete ? { ends: seen, runs: explored.runs } : { ends: new Set(), runs: Infinity };
}

test("giving runs up at known states loses no end to which random programs can come", { timeout: 60_000 }, async () => {
  const step = fc.constantFrom(...(Object.keys(STEPS) as Step[]));
  const lists = fc.array(fc.array(step, { minLength: 1, maxLength: 2 }), { minLength: 2, maxLength: 2 });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(lists, fc.constantFrom(0, EPOLLET, EPOLLONESHOT), async (threadLists, mode) => {
      const setup = threads(threadLists, mode);
      const all = await ends(setup, false);
      if (all.runs === Infinity) return;
      const some = await ends(setup, true);
      expect(some.ends).toEqual(all.ends);
      expect(some.runs).toBeLessThanOrEqual(all.runs);
      compared++;
    }),
    // The looks of the first one are all that tells some of its states apart: nothing of them is left in memory.
    { numRuns: 7, examples: [[[["look", "look", "look"], ["put"]], 0]] },
  );
  expect(compared).toBeGreaterThan(4);
});
