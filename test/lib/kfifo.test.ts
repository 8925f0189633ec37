import fc from "fast-check";
import { expect, test } from "vitest";
import { SCRATCH, structures } from "../support/structures.ts";

const boot = await structures(
  "fifo_init",
  "fifo_set_indices",
  "fifo_size",
  "fifo_len",
  "fifo_avail",
  "fifo_is_empty",
  "fifo_is_full",
  "fifo_reset",
  "fifo_in",
  "fifo_out",
  "fifo_out_peek",
  "fifo_skip",
  "fifo_put",
  "fifo_get",
  "fifo_peek",
);

const FIFO = SCRATCH;
const RING = SCRATCH + 0x1000;
const FROM = SCRATCH + 0x4000;
const TO = SCRATCH + 0x8000;

const OPERATIONS = ["in", "out", "out_peek", "skip", "put", "get", "peek", "reset"] as const;

test("a queue of bytes or records is what an array would be, also where its indices wrap, and never overruns", () => {
  const step = fc.tuple(fc.constantFrom(...OPERATIONS), fc.nat(20));
  const shape = fc.record({
    esize: fc.constantFrom(1, 3, 4, 8, 12),
    records: fc.integer({ min: 2, max: 17 }),
    start: fc.constantFrom(0, 5, 0xffff_fff0, 0xffff_ffff),
  });
  fc.assert(
    fc.property(shape, fc.array(step, { maxLength: 80 }), ({ esize, records, start }, steps) => {
      const machine = boot();
      const bytes = new Uint8Array(machine.memory.buffer);
      const room = 2 ** Math.floor(Math.log2(records));
      bytes.fill(0xee, RING - 64, RING + records * esize + 64);
      expect(machine.fifo_init(FIFO, RING, records * esize, esize)).toBe(1);
      machine.fifo_set_indices(FIFO, start);
      let model: number[][] = [];
      let next = 0;
      const fresh = (count: number) =>
        Array.from({ length: count }, () => Array.from({ length: esize }, () => next++ & 255));
      const taken = (count: number) => Array.from(bytes.slice(TO, TO + count * esize));

      for (const [operation, count] of steps) {
        if (operation === "in" || operation === "put") {
          const offered = fresh(operation === "put" ? 1 : count);
          bytes.set(offered.flat(), FROM);
          const accepted = Math.min(offered.length, room - model.length);
          const result = operation === "put" ? machine.fifo_put(FIFO, FROM) : machine.fifo_in(FIFO, FROM, count);
          expect(result).toBe(accepted);
          model.push(...offered.slice(0, accepted));
        } else if (operation === "reset") {
          machine.fifo_reset(FIFO);
          model = [];
        } else {
          const wanted = operation === "get" || operation === "peek" ? 1 : count;
          const given = Math.min(wanted, model.length);
          bytes.fill(0xdd, TO, TO + 512);
          const result = {
            out: () => machine.fifo_out(FIFO, TO, count),
            out_peek: () => machine.fifo_out_peek(FIFO, TO, count),
            skip: () => machine.fifo_skip(FIFO, count),
            get: () => machine.fifo_get(FIFO, TO),
            peek: () => machine.fifo_peek(FIFO, TO),
          }[operation]();
          expect(result).toBe(given);
          if (operation !== "skip") expect(taken(given)).toEqual(model.slice(0, given).flat());
          if (operation === "out" || operation === "skip" || operation === "get") model.splice(0, given);
          expect(bytes[TO + given * esize]).toBe(0xdd);
        }
        expect(machine.fifo_size(FIFO)).toBe(room);
        expect(machine.fifo_len(FIFO)).toBe(model.length);
        expect(machine.fifo_avail(FIFO)).toBe(room - model.length);
        expect(machine.fifo_is_empty(FIFO)).toBe(model.length === 0 ? 1 : 0);
        expect(machine.fifo_is_full(FIFO)).toBe(model.length === room ? 1 : 0);
      }
      expect(bytes.slice(RING - 64, RING).every((byte) => byte === 0xee)).toBe(true);
      const end = RING + room * esize;
      expect(bytes.slice(end, RING + records * esize + 64).every((byte) => byte === 0xee)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test.each([
  [0, 1],
  [1, 1],
  [7, 4],
  [64, 0],
])("a buffer of %i bytes for records of %i bytes makes a queue without any room", (size, esize) => {
  const machine = boot();
  expect(machine.fifo_init(FIFO, RING, size, esize)).toBe(0);
  expect(machine.fifo_put(FIFO, FROM)).toBe(0);
  expect(machine.fifo_in(FIFO, FROM, 1)).toBe(0);
  expect(machine.fifo_get(FIFO, TO)).toBe(0);
});
