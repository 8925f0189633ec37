import "../support/seed.ts";
import { type Kernel, MAP_SHARED, O_CREAT, O_DSYNC, O_RDWR, O_SYNC, PROT_READ, PROT_WRITE } from "../../lib/index.ts";
import { type PendingCall, MS_SYNC, type Sys } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { Expected } from "./durability.ts";
import { boot } from "../support/boot.ts";
import fc from "fast-check";

const SIZE = 40_000;
/** Each of two tasks writes every other stretch of so many bytes: they share pages, and no byte. */
const STRETCH = 2500;

const action = fc.record({
  what: fc.constantFrom(
    ...(["write", "write", "write", "store", "osync", "odsync"] as const),
    ...(["fsync", "fdatasync", "syncfs", "sync", "msync", "range", "fail", "sleep"] as const),
  ),
  place: fc.nat(SIZE / STRETCH / 2 - 1),
  within: fc.nat(STRETCH - 1),
  length: fc.integer({ min: 1, max: STRETCH }),
  value: fc.integer({ min: 1, max: 255 }),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** A task's view: its open file, and what it was last told of. */
interface View {
  readonly number: number;
  readonly expected: Expected;
  readonly kernel: Kernel;
  /** Whether a write of the disk was made to fail: nothing tells a caller of sync(2). */
  readonly trouble: { failed: boolean };
}

type Steps<T> = Generator<PendingCall, T, number>;

/** The program of a task. */
function* program(sys: Sys, view: View, actions: readonly Action[]): Steps<void> {
  const { expected, number, trouble, kernel } = view;
  const open = (flags: number) => sys.open(expected.path, O_RDWR | O_CREAT | flags, 0o600);
  const files = { plain: yield* open(0), osync: yield* open(O_SYNC), odsync: yield* open(O_DSYNC) };
  // Up to which step each open file has told of errors, of itself and of the file system.
  const told = { plain: 0, osync: 0, odsync: 0, system: 0 };
  const mapping = yield* sys.mmap(0, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, files.plain, 0);
  const buffer = sys.buffer(STRETCH);
  /** A call that answers 0 only if what was written before it, and after the last error, is on the disk. */
  function* ask(call: Iterable<PendingCall, number, number>, who: keyof typeof told): Steps<void> {
    const until = expected.step;
    const answer = yield* call;
    if (answer === 0) expected.acknowledge(told[who], until);
    else told[who] = expected.step;
  }
  for (const { what, place, within, length: wanted, value } of actions) {
    const at = (2 * place + number) * STRETCH + within;
    const length = Math.min(wanted, STRETCH - within);
    if (what === "write" || what === "osync" || what === "odsync") {
      const file = what === "write" ? "plain" : what;
      buffer.set(new Uint8Array(length).fill(value));
      expected.begin(at, length, value);
      const answer = yield* sys.pwrite64(files[file], buffer, length, at);
      // What was written in memory stays, even if the disk could not be.
      expected.end(at, length, length, value);
      if (what === "write") expect(answer).toBe(length);
      else if (answer === length) expected.acknowledge(told[file], expected.step, at, length);
      else told[file] = expected.step;
    } else if (what === "store") {
      expected.begin(at, length, value);
      yield* sys.store(mapping + at, new Uint8Array(length).fill(value));
      expected.end(at, length, length, value);
    } else if (what === "fsync") yield* ask(sys.fsync(files.plain), "plain");
    else if (what === "fdatasync") yield* ask(sys.fdatasync(files.plain), "plain");
    else if (what === "msync") yield* ask(sys.msync(mapping, SIZE, MS_SYNC), "plain");
    else if (what === "range") yield* ask(sys.sync_file_range(files.plain, 0, 0, 7), "plain");
    else if (what === "syncfs") yield* ask(sys.syncfs(files.plain), "system");
    else if (what === "sync") {
      const until = expected.step;
      yield* sys.sync();
      if (!trouble.failed) expected.acknowledge(0, until);
    } else if (what === "fail") {
      trouble.failed = true;
      kernel.world.disk.failNext({ operation: "write", count: 1 + (value % 3) });
    } else yield* sys.nanosleep({ sec: 0, nsec: value * 1_000_000 });
  }
}

/** Reads more than there is memory for. */
function* stream(sys: Sys): Steps<void> {
  const file = yield* sys.open("/stream", 0);
  const buffer = sys.buffer(16_384);
  while ((yield* sys.read(file, buffer)) > 0);
}

const runs = fc.record({
  actions: fc.tuple(fc.array(action, { maxLength: 25 }), fc.array(action, { maxLength: 25 })),
  cpus: fc.integer({ min: 1, max: 2 }),
  rotating: fc.boolean(),
  failures: fc.boolean(),
});

test("a power cut at any moment: what a call has acknowledged is on the disk, and nothing that was never written", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ actions, cpus, rotating, failures }) => {
      const kernel = await boot({
        cpus,
        trace: false,
        // What could not be written, and is taken away, is not there any more.
        memoryLimit: failures ? 0 : 3 << 20,
        vm: { dirtyWritebackCentisecs: 2, dirtyExpireCentisecs: 3 },
        ...(rotating && { device: { disk: { kind: "rotating", queueDepth: 4 } } }),
      });
      const expected = new Expected("/data", SIZE);
      kernel.spawn("setup", function* (sys) {
        const file = yield* sys.open("/data", O_RDWR | O_CREAT, 0o600);
        yield* sys.ftruncate(file, SIZE);
        yield* sys.close(file);
      });
      kernel.run();
      const trouble = { failed: false };
      if (!failures) {
        kernel.world.file("/stream", { size: 3 << 20, seed: 1 });
        kernel.spawn("stream", stream);
      }
      actions.forEach((all, number) => {
        const mine = all.filter(({ what }) => failures || what !== "fail");
        kernel.spawn(`writer ${number}`, (sys) => program(sys, { number, expected, kernel, trouble }, mine));
      });
      kernel.run({
        until: () => {
          expect(expected.wrong(kernel)).toBeNull();
          return false;
        },
      });
      expect(kernel.check()).toEqual([]);
      // In memory nothing is ever lost.
      const reader = kernel.spawn("reader", function* (sys) {
        const buffer = sys.buffer(SIZE);
        yield* sys.pread64(yield* sys.open("/data", 0), buffer, SIZE, 0);
        return [...buffer.bytes()];
      });
      kernel.run({ until: () => reader.result !== undefined });
      expect(reader.result).toEqual([...expected.now]);
    }),
    { numRuns: Number(process.env["IOPATH_RUNS"] ?? 40) },
  );
}, 120_000);
