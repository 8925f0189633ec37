import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LinkedList, RecordRing, RingBuffer } from "../../lib/structures/index.ts";

/** All kinds of rings of bytes: in the module's memory, and in memory that threads share. */
const PLACES: Readonly<Record<string, (capacity: number) => RingBuffer>> = {
  "in WebAssembly memory": (capacity) => new RingBuffer({ capacity }),
  "in shared memory": (capacity) => RingBuffer.shared({ capacity }),
};

/** What the ring should be. */
interface Model {
  bytes: number[];
  readonly capacity: number;
}

type Command = fc.Command<Model, RingBuffer>;

/** One call, checked against the model. */
function call(name: string, run: (model: Model, real: RingBuffer) => void): Command {
  return { check: () => true, run, toString: () => name };
}

/** Bytes that follow from the first one: long pieces are made smaller sooner when one fails. */
const piece = fc
  .tuple(fc.nat({ max: 255 }), fc.nat({ max: 150 }))
  .map(([first, count]) => Uint8Array.from({ length: count }, (_, i) => first + 7 * i));
const length = fc.nat({ max: 150 });

const commands: fc.Arbitrary<Command>[] = [
  piece.map((bytes) =>
    call(`write(${bytes.length})`, (model, real) => {
      const taken = bytes.subarray(0, model.capacity - model.bytes.length);
      expect(real.write(bytes)).toBe(taken.length);
      model.bytes.push(...taken);
    }),
  ),
  fc.array(piece, { maxLength: 4 }).map((pieces) =>
    call(`writeMany(${pieces.map((bytes) => bytes.length).join()})`, (model, real) => {
      const all = pieces.flatMap((bytes) => [...bytes]).slice(0, model.capacity - model.bytes.length);
      expect(real.writeMany(pieces)).toBe(all.length);
      model.bytes.push(...all);
    }),
  ),
  piece.map((bytes) =>
    call(`spaces(${bytes.length}), commit()`, (model, real) => {
      const spaces = real.spaces(bytes.length);
      let filled = 0;
      for (const space of spaces) {
        space.set(bytes.subarray(filled, filled + space.length));
        filled += space.length;
      }
      expect(filled).toBe(Math.min(bytes.length, model.capacity - model.bytes.length));
      expect(spaces.length).toBeLessThanOrEqual(2);
      real.commit(filled);
      model.bytes.push(...bytes.subarray(0, filled));
    }),
  ),
  length.map((n) =>
    call(`read(${n})`, (model, real) => {
      const into = new Uint8Array(n);
      const count = real.read(into);
      expect([...into.subarray(0, count)]).toEqual(model.bytes.splice(0, n));
    }),
  ),
  fc.tuple(length, length).map(([n, offset]) =>
    call(`peek(${n}, ${offset})`, (model, real) => {
      const into = new Uint8Array(n);
      const count = real.peek(into, offset);
      expect([...into.subarray(0, count)]).toEqual(model.bytes.slice(offset, offset + n));
    }),
  ),
  fc.array(length, { maxLength: 4 }).map((lengths) =>
    call(`readMany(${lengths.join()})`, (model, real) => {
      const pieces = lengths.map((n) => new Uint8Array(n));
      const all = model.bytes.splice(
        0,
        lengths.reduce((sum, n) => sum + n, 0),
      );
      expect(real.readMany(pieces)).toBe(all.length);
      expect(pieces.flatMap((bytes) => [...bytes]).slice(0, all.length)).toEqual(all);
    }),
  ),
  length.map((n) =>
    call(`views(${n}), consume()`, (model, real) => {
      const seen = real.views(n).flatMap((view) => [...view]);
      expect(seen).toEqual(model.bytes.splice(0, n));
      real.consume(seen.length);
    }),
  ),
];

describe.each(Object.keys(PLACES))("a ring of bytes %s", (place) => {
  const make = PLACES[place]!;

  test("gives all bytes in their order, and takes as many as there is room for", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 64, 256), fc.commands(commands, { maxCommands: 60 }), (capacity, run) => {
        using real = make(capacity);
        const model: Model = { bytes: [], capacity };
        fc.modelRun(() => ({ model, real }), run);
        expect([real.size, real.free]).toEqual([model.bytes.length, capacity - model.bytes.length]);
        expect(real.views().flatMap((view) => [...view])).toEqual(model.bytes);
      }),
      { numRuns: 100 },
    );
  });

  test("refuses what is not there", () => {
    using ring = make(8);
    ring.write(Uint8Array.of(1, 2, 3));
    expect(() => ring.commit(6)).toThrow("no room for 6");
    expect(() => ring.consume(4)).toThrow("no 4 to be taken away");
    for (const wrong of [-1, 0.5, Number.NaN, Infinity]) expect(() => ring.consume(wrong)).toThrow(RangeError);
    expect(ring.size).toBe(3);
    ring.clear();
    expect([ring.size, ring.free, ring.capacity, ring.bytes]).toEqual([0, 8, 8, 8]);
  });

  test("is of no use any more once it was disposed of", () => {
    const ring = make(8);
    ring[Symbol.dispose]();
    ring[Symbol.dispose]();
    expect(() => ring.write(Uint8Array.of(1))).toThrow("disposed");
  });
});

/** What a ring of records does for one kind of them. */
function queues<K extends "int32" | "float64">(record: K, value: fc.Arbitrary<number>): void {
  fc.assert(
    fc.property(
      fc.constantFrom(1, 8, 64),
      fc.array(fc.oneof(value, fc.array(value, { maxLength: 40 }), fc.nat({ max: 40 }).map(String)), {
        maxLength: 60,
      }),
      (capacity, steps) => {
        using ring = new RecordRing({ capacity, record });
        const model: number[] = [];
        for (const step of steps) {
          const room = capacity - model.length;
          if (typeof step === "number") {
            expect(ring.push(step as never)).toBe(room > 0);
            if (room > 0) model.push(step);
          } else if (typeof step === "string") {
            expect(ring.shift()).toBe(model.shift());
            const into = record === "int32" ? new Int32Array(Number(step)) : new Float64Array(Number(step));
            const count = ring.shiftMany(into as never);
            expect([...into.subarray(0, count)]).toEqual(model.splice(0, into.length));
          } else {
            const all = record === "int32" ? Int32Array.from(step) : step;
            expect(ring.pushMany(all as never)).toBe(Math.min(step.length, room));
            model.push(...step.slice(0, room));
          }
        }
        expect(ring.views().flatMap((view) => [...view])).toEqual(model);
      },
    ),
    { numRuns: 100 },
  );
}

describe("a ring of records", () => {
  test("of whole numbers does what an array does", () => queues("int32", fc.integer()));
  test("of numbers does what an array does", () => queues("float64", fc.double()));

  test("of blocks gives copies of them, and takes whole ones only", () => {
    using ring = new RecordRing({ capacity: 2, record: 3 });
    expect(ring.pushMany(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9))).toBe(2);
    expect(ring.push(Uint8Array.of(0, 0, 0))).toBe(false);
    const first = ring.shift();
    expect(ring.push(Uint8Array.of(7, 8, 9))).toBe(true);
    expect([...first!]).toEqual([1, 2, 3]);
    const into = new Uint8Array(8);
    expect(ring.shiftMany(into)).toBe(2);
    expect([...into]).toEqual([4, 5, 6, 7, 8, 9, 0, 0]);
    for (const wrong of [2, 6, 0]) expect(() => ring.push(new Uint8Array(wrong))).toThrow("a Uint8Array of 3 bytes");
    expect(() => ring.pushMany(new Uint8Array(4))).toThrow(TypeError);
  });

  test("refuses what it cannot hold, and is as it was", () => {
    using ring = new RecordRing({ capacity: 4, record: "int32" });
    for (const wrong of [0.5, 2 ** 31, "1", 1n, undefined]) {
      expect(() => ring.push(wrong as number)).toThrow(/a whole number from -2\^31 to 2\^31 - 1, not/);
      expect(() => ring.pushMany([1, wrong as number])).toThrow(TypeError);
    }
    expect(() => ring.shiftMany(new Float64Array(4) as never)).toThrow("go into Int32Arrays");
    expect(ring.size).toBe(0);
  });
});

test("a ring says which capacities there are", () => {
  expect(() => new RingBuffer({ capacity: 1000 })).toThrow("a power of two: 1024, not 1000");
  for (const wrong of [0, -1, Number.NaN]) expect(() => new RingBuffer({ capacity: wrong })).toThrow(RangeError);
  expect(() => new RecordRing({ capacity: 2 ** 28 })).toThrow(/at most \d+ bytes/);
  expect(() => new RecordRing({ capacity: 4, record: 0 })).toThrow('"int32", "float64" or 1 to');
});

test("rings that were disposed of leave their memory to the next ones, and others stay as they are", () => {
  using kept = new RingBuffer({ capacity: 16 });
  kept.write(Uint8Array.of(1, 2, 3));
  using numbers = new RecordRing({ capacity: 4 });
  numbers.push(0.5);
  // 5 GB at once would not fit into the module; its memory grows meanwhile, and becomes another buffer.
  for (let i = 0; i < 5000; i++) new RingBuffer({ capacity: 2 ** 20 })[Symbol.dispose]();
  using large = new RingBuffer({ capacity: 2 ** 24 });
  expect(large.write(new Uint8Array(2 ** 24))).toBe(2 ** 24);
  expect(numbers.push(1.5)).toBe(true);
  expect([numbers.shift(), numbers.shift()]).toEqual([0.5, 1.5]);
  const into = new Uint8Array(3);
  kept.read(into);
  expect([...into]).toEqual([1, 2, 3]);
});

test.each(Object.entries(PLACES))("what is no Uint8Array is neither written nor read into, %s", (_, make) => {
  const ring = make(8);
  for (const wrong of ["hello", [1, 2], Float64Array.of(1), new ArrayBuffer(2), 4, undefined]) {
    expect(() => ring.write(wrong as unknown as Uint8Array)).toThrow("a ring of bytes takes a Uint8Array, not ");
    expect(() => ring.writeMany([wrong as unknown as Uint8Array])).toThrow("a ring of bytes takes a Uint8Array, not ");
    expect(() => ring.read(wrong as unknown as Uint8Array)).toThrow("a ring of bytes takes a Uint8Array, not ");
  }
  expect(ring.size).toBe(0);
  expect(() => make("8" as unknown as number)).toThrow('a ring\'s capacity is a power of two, not "8"');
});

test.each([new Set([1]), 5, undefined])("%o is refused as a batch of values", (wrong) => {
  using list = new LinkedList<number>();
  expect(() => list.pushMany(wrong as never)).toThrow(/values of a batch are in an array or a typed array/);
  using ring = new RecordRing({ capacity: 8, record: "int32" });
  expect(() => ring.pushMany(wrong as never)).toThrow(/records of a batch are in an array or a typed array/);
});
