import * as fc from "fast-check";
import { IORING_SETUP_SQPOLL, O_CREAT, O_NONBLOCK, O_RDWR, type Sys } from "../../lib/index.ts";
import { difference, inUse } from "../support/in-use.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";

/*
 * What lies in a ring's memory is the program's: it may store anything there at any time. Whatever it is, the kernel keeps
 * its own structures right, and gives everything back when the program has ended.
 */

const [RW, SHARED, SQES_AT] = [3, 1, 0x1000_0000];
const [ENTRIES, SQE_SIZE, RING_BYTES] = [4, 64, 4096];
/** Where indices begin: behind the numbers of the ring and its 8 completions. */
const ARRAY_AT = 64 + 8 * 16;
const TAIL_AT = 4;

/** Numbers as programs would have them, and as they would not. */
const number = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(0x7fff_ffff, 0x8000_0000, 0xffff_fff0, 0xffff_fffc, 0xffff_fffe, 0xffff_ffff),
  fc.integer({ min: 0, max: 0xffff_ffff }),
);

/** An entry: some of it makes sense more often than not, so that requests come to be. */
const entry = fc.record({
  opcode: fc.integer({ min: 0, max: 63 }),
  flags: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })),
  fd: fc.oneof({ arbitrary: fc.integer({ min: -1, max: 12 }), weight: 4 }, { arbitrary: fc.integer(), weight: 1 }),
  off: fc.oneof(fc.constantFrom(0n, -1n), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  own: fc.boolean(),
  addr: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  len: number,
  rest: fc.uint8Array({ minLength: 36, maxLength: 36 }),
  plain: fc.boolean(),
});
type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("entry"), slot: fc.nat(ENTRIES - 1), entry }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("submit"), count: fc.integer({ min: 1, max: ENTRIES }) }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("word"), at: fc.nat(15), value: number }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("index"), at: fc.nat(ENTRIES - 1), value: number }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("bytes"),
      at: fc.nat(RING_BYTES - 64),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("enter"), submit: number, flags: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("write") }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("doze") }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A number, as it lies in memory. */
const word = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);

/** An entry, as it lies in memory. @param buffer where there is memory of the program's. */
function encode(sqe: Entry, buffer: number): Uint8Array {
  const bytes = new Uint8Array(SQE_SIZE);
  if (!sqe.plain) bytes.set(sqe.rest, 28);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, sqe.opcode);
  view.setUint8(1, sqe.plain ? 0 : sqe.flags);
  view.setInt32(4, sqe.fd, true);
  view.setBigInt64(8, sqe.off, true);
  view.setBigInt64(16, sqe.own ? BigInt(buffer) : sqe.addr, true);
  view.setUint32(24, sqe.len, true);
  return bytes;
}

/** A program that stores what the steps say into its ring, and lets the kernel look at it. */
function* program(sys: Sys, steps: readonly Step[], flags: number) {
  const params = sys.buffer(120);
  params.set(new Uint8Array(Uint32Array.of(0, 0, flags, 0, 1).buffer));
  const ring = yield* sys.io_uring_setup(ENTRIES, params);
  const rings = yield* sys.mmap(0, RING_BYTES, RW, SHARED, ring, 0);
  const sqes = yield* sys.mmap(0, ENTRIES * SQE_SIZE, RW, SHARED, ring, SQES_AT);
  for (let slot = 0; slot < ENTRIES; slot++) yield* sys.store(rings + ARRAY_AT + 4 * slot, word(slot));
  const buffer = sys.buffer(256);
  const pipe: number[] = [];
  yield* sys.pipe2(pipe, O_NONBLOCK);
  yield* sys.open("/file", O_RDWR | O_CREAT, 0o600);
  yield* sys.socketpair(1, 1, 0, []);
  yield* sys.eventfd(1, 0);
  let tail = 0;
  // It never waits: for room in a queue that says that it has thousands of millions of entries that would be long.
  for (const step of steps) {
    if (step.what === "entry") yield* sys.store(sqes + step.slot * SQE_SIZE, encode(step.entry, buffer.address));
    else if (step.what === "word") yield* sys.store(rings + 4 * step.at, word(step.value));
    else if (step.what === "index") yield* sys.store(rings + ARRAY_AT + 4 * step.at, word(step.value));
    else if (step.what === "bytes") yield* sys.store(rings + step.at, step.bytes);
    else if (step.what === "enter") yield* sys.io_uring_enter(ring, step.submit, 0, step.flags);
    else if (step.what === "write") yield* sys.write(pipe[1]!, "x");
    else if (step.what === "doze") yield* sys.nanosleep({ sec: 0, nsec: 1_500_000 });
    else {
      tail += step.count;
      yield* sys.store(rings + TAIL_AT, word(tail));
      yield* sys.io_uring_enter(ring, step.count, 0, 1);
    }
  }
}

test.each([0, IORING_SETUP_SQPOLL])(
  "garbage in a ring's memory breaks nothing (flags %i)",
  async (flags) => {
    const runs = fc.array(step, { minLength: 1, maxLength: 40 });
    const empty = await boot({ trace: false, cpus: 2 });
    empty.spawn("main", (sys) => program(sys, [], flags));
    empty.run();
    const before = inUse(empty);
    await fc.assert(
      fc.asyncProperty(runs, async (steps) => {
        const kernel = await boot({ trace: false, cpus: 2 });
        kernel.spawn("main", (sys) => program(sys, steps, flags));
        expect(kernel.run({ maxInputs: 20_000 }).reason).toBe("idle");
        expect(kernel.check()).toEqual([]);
        const { IoKiocb = 0, IoRingCtx = 0, File = 0, MmStruct = 0 } = difference(before, inUse(kernel));
        expect({ IoKiocb, IoRingCtx, File, MmStruct }).toEqual({ IoKiocb: 0, IoRingCtx: 0, File: 0, MmStruct: 0 });
      }),
      { numRuns: Number(process.env["IOPATH_RUNS"] ?? 150) },
    );
  },
  120_000,
);
