import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { structures } from "../support/structures.ts";

const boot = await structures(
  "boot",
  "cache_create",
  "cache_alloc",
  "cache_zalloc",
  "cache_free",
  "cache_active",
  "cache_slabs",
  "cache_stride",
  "cache_high_water",
  "cache_allocated",
  "cache_freed",
  "kmalloc",
  "kzalloc",
  "kfree",
  "ksize",
  "slab_set_poison",
  "slab_check",
  "slab_break",
  "buddy_check",
  "free_pages",
  "fail_objects_after",
  "fail_pages_after",
);
type Machine = ReturnType<typeof boot>;

const MIB = 2 ** 20;

function machineOf(limit: number): Machine {
  const machine = boot();
  expect(machine.boot(limit)).toBe(1);
  return machine;
}

/** Marks an object with a byte of its own, so that any overlap with another shows. */
function mark(machine: Machine, address: number, size: number, byte: number): void {
  new Uint8Array(machine.memory.buffer, address, size).fill(byte);
}

function isMarked(machine: Machine, address: number, size: number, byte: number): boolean {
  return new Uint8Array(machine.memory.buffer, address, size).every((found) => found === byte);
}

test("objects are apart, aligned and counted, after every operation of any sequence, poisoned or not", () => {
  const shape = fc.record({
    size: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 301, max: 16_384 })),
    align: fc.constantFrom(0, 4, 8, 16, 64),
  });
  const step = fc.tuple(fc.constantFrom("alloc", "alloc", "zalloc", "free", "free", "poison"), fc.nat());
  fc.assert(
    fc.property(shape, fc.array(step, { maxLength: 120 }), ({ size, align }, steps) => {
      const machine = machineOf(2 * MIB);
      const cache = machine.cache_create(size, align);
      const objects: { address: number; byte: number }[] = [];
      let [allocated, most] = [0, 0];
      for (const [operation, choice] of steps) {
        if (operation === "poison") {
          machine.slab_set_poison(choice % 2);
        } else if (operation === "free") {
          const [object] = objects.splice(choice % (objects.length || 1), 1);
          if (object) {
            expect(isMarked(machine, object.address, size, object.byte)).toBe(true);
            machine.cache_free(cache, object.address);
          }
        } else {
          const address = operation === "alloc" ? machine.cache_alloc(cache) : machine.cache_zalloc(cache);
          if (address) {
            expect(address % Math.max(align, 4)).toBe(0);
            if (operation === "zalloc") expect(isMarked(machine, address, size, 0)).toBe(true);
            mark(machine, address, size, choice & 0xff);
            objects.push({ address, byte: choice & 0xff });
            allocated++;
            most = Math.max(most, objects.length);
          }
        }
        expect(machine.slab_check()).toBe(0);
        expect(machine.cache_active(cache)).toBe(objects.length);
        expect(machine.cache_allocated(cache)).toBe(allocated);
        expect(machine.cache_freed(cache)).toBe(allocated - objects.length);
        expect(machine.cache_high_water(cache)).toBe(most);
      }
      for (const { address, byte } of objects) expect(isMarked(machine, address, size, byte)).toBe(true);
      expect(machine.buddy_check()).toBe(0);
    }),
    { numRuns: 120 },
  );
});

test("kmalloc gives every size room, alignment and nothing of anybody else's", () => {
  const machine = machineOf(0);
  const free = machine.free_pages();
  const sizes = Array.from({ length: 520 }, (_, i) => (i < 260 ? i : Math.floor(1.03 ** (i - 260) * 260)));
  const objects = sizes.map((size, i) => {
    const address = machine.kmalloc(size);
    expect(machine.ksize(address)).toBeGreaterThanOrEqual(size);
    expect(address % (size > 16 && size <= 64 ? Math.min(32, machine.ksize(address)) : 16)).toBe(0);
    mark(machine, address, size, i & 0xff);
    return { address, size, byte: i & 0xff };
  });
  expect(machine.slab_check()).toBe(0);
  for (const { address, size, byte } of objects) {
    expect(isMarked(machine, address, size, byte)).toBe(true);
    machine.kfree(address);
  }
  expect(machine.slab_check()).toBe(0);
  expect(machine.buddy_check()).toBe(0);
  // A few empty slabs of each size stay with their caches.
  expect(free - machine.free_pages()).toBeLessThan(200);
  machine.kfree(0);
});

test("kmalloc refuses what no block of frames can hold, and kzalloc zeroes what was used before", () => {
  const machine = machineOf(0);
  expect(machine.kmalloc(2 * MIB)).not.toBe(0);
  expect(machine.kmalloc(2 * MIB + 1)).toBe(0);
  expect(machine.kmalloc(0xffff_ffff)).toBe(0);
  for (const size of [1, 100, 2048, 2049, 100_000]) {
    const address = machine.kmalloc(size);
    mark(machine, address, size, 0xff);
    machine.kfree(address);
    expect(machine.kzalloc(size)).toBe(address);
    expect(isMarked(machine, address, size, 0)).toBe(true);
  }
});

describe("exhausted memory", () => {
  test("is a null answer, after which everything can be freed and taken again", () => {
    const machine = machineOf(2 * MIB);
    const cache = machine.cache_create(200, 8);
    for (const count of [0, 1]) {
      const objects: number[] = [];
      for (let at = machine.cache_alloc(cache); at; at = machine.cache_alloc(cache)) objects.push(at);
      expect(objects.length).toBeGreaterThan(4500 + count);
      expect(machine.slab_check()).toBe(0);
      for (const at of objects) machine.cache_free(cache, at);
      expect(machine.cache_active(cache)).toBe(0);
      expect(machine.cache_slabs(cache)).toBeLessThanOrEqual(4);
      expect(machine.slab_check()).toBe(0);
    }
  });

  test("can be had for any one object, or for the frames of a new slab", () => {
    const machine = machineOf(0);
    const cache = machine.cache_create(100, 8);
    machine.fail_pages_after(1);
    expect(machine.cache_alloc(cache)).toBe(0);
    machine.fail_objects_after(3);
    expect(machine.cache_alloc(cache)).not.toBe(0);
    expect(machine.kmalloc(100_000)).not.toBe(0);
    expect(machine.kmalloc(100_000)).toBe(0);
    expect(machine.cache_active(cache)).toBe(1);
    expect(machine.slab_check()).toBe(0);
  });
});

describe("poisoning", () => {
  /** A poisoned machine with a cache and an object of it. */
  function poisoned() {
    const machine = machineOf(0);
    const cache = machine.cache_create(40, 8);
    machine.slab_set_poison(1);
    return { machine, cache, object: machine.cache_alloc(cache) };
  }

  test("fills a freed object, but for its link, and a new object shows it", () => {
    const { machine, cache, object } = poisoned();
    expect(isMarked(machine, object + 4, 35, 0x6b)).toBe(true);
    mark(machine, object, 40, 1);
    machine.cache_free(cache, object);
    expect(isMarked(machine, object + 4, 35, 0x6b)).toBe(true);
    expect(isMarked(machine, object + 39, 1, 0xa5)).toBe(true);
  });

  test.each([4, 20, 39])("catches a write to byte %i of a freed object when it is given out again", (offset) => {
    const { machine, cache, object } = poisoned();
    machine.cache_free(cache, object);
    mark(machine, object + offset, 1, 7);
    expect(() => machine.cache_alloc(cache)).toThrow("assertion failed");
  });

  test("can be turned on when objects are free already, and off again", () => {
    const machine = machineOf(0);
    const cache = machine.cache_create(40, 8);
    const objects = Array.from({ length: 150 }, () => machine.cache_alloc(cache));
    for (const object of objects) mark(machine, object, 40, 9);
    for (const object of objects.slice(0, 120)) machine.cache_free(cache, object);
    machine.slab_set_poison(1);
    for (let i = 0; i < 120; i++) expect(machine.cache_alloc(cache)).not.toBe(0);
    machine.slab_set_poison(0);
    machine.cache_free(cache, objects[0]!);
    mark(machine, objects[0]! + 8, 8, 7);
    expect(machine.cache_alloc(cache)).toBe(objects[0]);
  });

  test("catches an object that is freed twice with another in between, and an address inside an object", () => {
    const { machine, cache, object } = poisoned();
    const other = machine.cache_alloc(cache);
    machine.cache_free(cache, object);
    machine.cache_free(cache, other);
    expect(() => machine.cache_free(cache, object)).toThrow("assertion failed");
    const third = machine.cache_alloc(cache);
    expect(() => machine.cache_free(cache, third + 8)).toThrow("assertion failed");
  });
});

describe("without poisoning", () => {
  test("an object that is freed twice in a row is caught all the same", () => {
    const machine = machineOf(0);
    const cache = machine.cache_create(40, 8);
    machine.cache_alloc(cache);
    const object = machine.cache_alloc(cache);
    machine.cache_free(cache, object);
    expect(() => machine.cache_free(cache, object)).toThrow("assertion failed");
  });

  test("an object that is freed to another cache, and memory that nobody allocated, are caught", () => {
    const machine = machineOf(0);
    const cache = machine.cache_create(40, 8);
    const object = machine.kmalloc(40);
    expect(() => machine.cache_free(cache, object)).toThrow("assertion failed");
    const block = machine.kmalloc(10_000);
    expect(() => machine.kfree(block + 4096)).toThrow("assertion failed");
    machine.kfree(block);
    expect(() => machine.kfree(block)).toThrow("assertion failed");
  });
});

test("a slab that has lost its free objects is noticed", () => {
  const machine = machineOf(0);
  const object = machine.kmalloc(64);
  expect(machine.slab_check()).toBe(0);
  machine.slab_break(object);
  expect(machine.slab_check()).toBe(1);
});
