import "../support/seed.ts";
import {
  MADV_DONTNEED,
  MAP_ANONYMOUS,
  MAP_PRIVATE,
  MAP_SHARED,
  O_CREAT,
  O_NONBLOCK,
  O_RDWR,
  POSIX_FADV_DONTNEED,
  PROT_READ,
  PROT_WRITE,
} from "../../lib/index.ts";
import type { Kernel, Sys, UserBuffer } from "../../lib/index.ts";
import type { PendingCall } from "../../lib/machine/call.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import fc from "fast-check";

/*
 * A machine with too little memory for its files: whatever is mapped, read to where nothing is yet, stored, written,
 * copied by fork() and taken away meanwhile, each byte is what the disk has, or what was put there last.
 */

const PAGE = 4096;
const MIB = 1 << 20;
/** Pages of each file that is looked at. */
const PAGES = 48;
/** Pages of the program's own that are used and given back in turn. */
const OWN_PAGES = 300;
const RW = PROT_READ | PROT_WRITE;

/** What a program does next, and with which pages. */
type Step = readonly [what: string, page: number, other: number, count: number];

/** What there is to be done; some of it more often. */
const WHATS = `readOwn readOwn readPrivate readShared loadPrivate loadShared storePrivate storePrivate storeShared
storeShared write press press pressOwn edge edge storeEdge sync forget fork sendfile`.split(/\s/);

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom(...WHATS),
  fc.nat(PAGES - 1),
  fc.nat(PAGES - 1),
  fc.integer({ min: 1, max: 4 }),
);

/** What is done with a page that is the next to be taken away. */
const AT_THE_EDGE = ["readOwn", "storePrivate", "fork", "sendfile"];

type Steps<R> = Generator<PendingCall, R, number>;

/** A program that knows what must be where. */
class Checked {
  readonly #sys: Sys;
  readonly #kernel: Kernel;
  /** What of the private mapping of the file that is only read must be there. */
  readonly #private: Uint8Array;
  /** What of the file that is written must be there. */
  readonly #shared = new Uint8Array(PAGES * PAGE);
  readonly wrong: string[] = [];
  #fds: readonly [seen: number, kept: number, stream: number] = [-1, -1, -1];
  #pipe: number[] = [];
  #maps: readonly [own: number, shown: number, shared: number, seen: number] = [0, 0, 0, 0];
  readonly #resident: UserBuffer;
  #ownAt = 0;
  #streamAt = 0;
  #stores = 0;

  constructor(kernel: Kernel, sys: Sys) {
    this.#kernel = kernel;
    this.#sys = sys;
    this.#resident = sys.buffer(1).set(new Uint8Array(1));
    this.#private = Uint8Array.from(kernel.world.disk.read("/seen", 0, PAGES * PAGE));
  }

  *begin(): Steps<void> {
    const sys = this.#sys;
    const seen = yield* sys.open("/seen", O_RDWR);
    const kept = yield* sys.open("/kept", O_CREAT | O_RDWR, 0o600);
    this.#fds = [seen, kept, yield* sys.open("/stream", O_RDWR)];
    yield* sys.ftruncate(kept, PAGES * PAGE);
    yield* sys.pipe2(this.#pipe, O_NONBLOCK);
    this.#maps = [
      yield* sys.mmap(0, OWN_PAGES * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS),
      yield* sys.mmap(0, PAGES * PAGE, RW, MAP_PRIVATE, seen),
      yield* sys.mmap(0, PAGES * PAGE, RW, MAP_SHARED, kept),
      yield* sys.mmap(0, PAGES * PAGE, PROT_READ, MAP_SHARED, seen),
    ];
    for (let i = 0; i < 12; i++) yield* this.press(64);
  }

  /** Reads other pages, so that there is no memory left. */
  *press(pages: number): Steps<void> {
    yield* this.#sys.readahead(this.#fds[2], this.#streamAt, pages * PAGE);
    yield* this.#sys.nanosleep({ sec: 0, nsec: 3_000_000 });
    this.#streamAt = (this.#streamAt + pages * PAGE) % (8 * MIB);
  }

  /** Pages of its own to which nothing was stored. */
  *#fresh(count: number): Steps<number> {
    if (this.#ownAt + count > OWN_PAGES) yield* this.#giveBack();
    const at = this.#maps[0] + this.#ownAt * PAGE;
    this.#ownAt += count;
    return at;
  }

  /** Gives the pages of its own back. */
  *#giveBack(): Steps<void> {
    yield* this.#sys.madvise(this.#maps[0], OWN_PAGES * PAGE, MADV_DONTNEED);
    this.#ownAt = 0;
  }

  /**
   * Stores to pages of its own until a page of the file that is only read has been taken away: the next one is what is
   * taken next. Nobody sleeps meanwhile, so kswapd does not come to run.
   *
   * @param rounds  of reading other pages first.
   */
  *#untilGone(page: number, rounds: number): Steps<void> {
    const sys = this.#sys;
    for (let i = 0; i < rounds; i++) yield* this.press(64);
    while (this.#ownAt < OWN_PAGES - 8) {
      yield* sys.mincore(this.#maps[3] + page * PAGE, PAGE, this.#resident);
      if ((this.#resident.bytes()[0]! & 1) === 0) return;
      yield* sys.store(yield* this.#fresh(1), "x");
    }
  }

  /** Compares what lies in the program's memory. */
  *#expect(at: number, want: Uint8Array, what: string, sys = this.#sys): Steps<void> {
    const got = yield* sys.load(at, want.length);
    const bad = got.findIndex((byte, i) => byte !== want[i]);
    if (bad >= 0) this.wrong.push(`${what}: byte ${bad} is ${got[bad]}, not ${want[bad]}`);
  }

  *take([what, page, other, wanted]: Step): Steps<void> {
    const sys = this.#sys;
    const [seen, kept] = this.#fds;
    const [, shown, shared] = this.#maps;
    const count = Math.min(wanted, PAGES - Math.max(page, other));
    const [from, to, bytes] = [page * PAGE, other * PAGE, count * PAGE];
    const original = (start: number, length: number) => this.#kernel.world.disk.read("/seen", start, start + length);
    const text = new TextEncoder().encode(`store ${this.#stores++}.`);
    switch (what) {
      case "edge":
        yield* this.#giveBack();
        yield* sys.pread64(seen, yield* this.#fresh(1), PAGE, from);
        yield* this.#untilGone(page, 5);
        return yield* this.take([AT_THE_EDGE[other % 4]!, Math.min(page + 1, PAGES - 1), 0, wanted]);
      case "storeEdge": {
        // Mapped pages are looked at twice before they go.
        const first = Math.min(page, PAGES - 2);
        yield* this.#giveBack();
        yield* sys.load(shown + first * PAGE, 1);
        yield* sys.load(shown + first * PAGE + PAGE, 1);
        yield* this.#untilGone(first, 6 + other);
        return yield* this.take(["storePrivate", first + 1, 0, 1]);
      }
      case "readOwn": {
        const at = yield* this.#fresh(count);
        const got = yield* sys.pread64(other & 1 ? kept : seen, at, bytes, from);
        const want = other & 1 ? this.#shared.slice(from, from + bytes) : original(from, bytes);
        return yield* this.#expect(at, want.slice(0, Math.max(0, got)), `${what} ${page}`);
      }
      case "readPrivate": {
        const got = yield* sys.pread64(kept, shown + to, bytes, from);
        if (got > 0) this.#private.set(this.#shared.slice(from, from + got), to);
        return;
      }
      case "readShared": {
        const got = yield* sys.pread64(seen, shared + to, bytes, from);
        if (got > 0) this.#shared.set(original(from, got), to);
        return;
      }
      case "loadPrivate":
        return yield* this.#expect(shown + from, this.#private.slice(from, from + bytes), `${what} ${page}`);
      case "loadShared":
        return yield* this.#expect(shared + from, this.#shared.slice(from, from + bytes), `${what} ${page}`);
      case "storePrivate":
        yield* sys.store(shown + from, text);
        return this.#private.set(text, from);
      case "storeShared":
        yield* sys.store(shared + from, text);
        return this.#shared.set(text, from);
      case "write": {
        const got = yield* sys.pwrite64(kept, shown + to, bytes, from);
        if (got > 0) this.#shared.set(this.#private.slice(to, to + got), from);
        return;
      }
      case "press":
        return yield* this.press(32 * count);
      case "pressOwn":
        // Nobody sleeps meanwhile: kswapd does not come to run, and whoever wants a frame takes one away himself.
        for (let i = 0; i < 40 * count; i++) yield* sys.store(yield* this.#fresh(1), "x");
        return;
      case "sync":
        yield* sys.fsync(kept);
        return;
      case "forget":
        yield* sys.fadvise64(page & 1 ? kept : seen, 0, 0, POSIX_FADV_DONTNEED);
        return;
      case "sendfile": {
        const got = yield* sys.sendfile(this.#pipe[1]!, seen, { value: from }, bytes);
        const at = yield* this.#fresh(count);
        yield* sys.read(this.#pipe[0]!, at, bytes);
        return yield* this.#expect(at, original(from, Math.max(0, got)), `${what} ${page}`);
      }
      case "fork": {
        const expectAll = (child: Sys) => this.#expect(shown, this.#private.slice(), "the child's", child);
        yield* sys.fork(expectAll);
        yield* sys.wait4(-1, null, 0);
        return;
      }
    }
  }
}

/** What has once gone wrong: a page that fork() was about to copy, or a store about to, was taken away meanwhile. */
const EXAMPLES: [Step[]][] = [
  [
    [
      ["readShared", 2, 5, 2],
      ["readOwn", 7, 4, 2],
      ["forget", 5, 47, 2],
      ["sendfile", 47, 2, 1],
      ["write", 15, 3, 3],
      ["readPrivate", 9, 36, 4],
      ["edge", 43, 16, 4],
      ["edge", 32, 18, 1],
    ],
  ],
  ...[9, 10, 11, 12].map((rounds): [Step[]] => [
    [
      ["storeEdge", 20, rounds, 1],
      ["loadPrivate", 20, 0, 2],
    ],
  ]),
];

test("each byte is right however little memory there is", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: "max" }), async (steps) => {
      const kernel = await boot({ memoryLimit: 4 * MIB, trace: false });
      kernel.world.file("/seen", { size: PAGES * PAGE, seed: 1 });
      kernel.world.file("/stream", { size: 8 * MIB, seed: 2 });
      const task = kernel.spawn("main", function* (sys) {
        const program = new Checked(kernel, sys);
        yield* program.begin();
        for (const one of steps) yield* program.take(one);
        return program.wrong;
      });
      kernel.run();
      expect(task.result).toEqual([]);
      expect(kernel.check()).toEqual([]);
    }),
    { numRuns: 25, examples: EXAMPLES },
  );
}, 60_000);
