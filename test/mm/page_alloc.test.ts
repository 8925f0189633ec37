import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { structures } from "../support/structures.ts";

const boot = await structures(
  "boot",
  "block_alloc",
  "block_free",
  "block_get",
  "block_put",
  "block_refcount",
  "get_zeroed_page",
  "free_page",
  "free_pages",
  "managed_pages",
  "nr_sections",
  "blocks_in_use",
  "high_water",
  "fail_pages_after",
  "slab_set_poison",
  "buddy_check",
  "buddy_break",
  "rest_is_zero",
);
type Machine = ReturnType<typeof boot>;

const MIB = 2 ** 20;
const PAGE = 4096;

function machineOf(limit: number): Machine {
  const machine = boot();
  expect(machine.boot(limit)).toBe(1);
  return machine;
}

/** What is in use: order by address. */
type Blocks = Map<number, number>;

/** Whether a new block overlaps none of the others and lies where a block of its size may lie. */
function fits(blocks: Blocks, address: number, order: number): boolean {
  const end = address + (PAGE << order);
  if ((address - MIB) % (PAGE << order)) return false;
  return [...blocks].every(([other, size]) => other + (PAGE << size) <= address || end <= other);
}

/** Gives back everything, and checks that nothing is missing. */
function freeAll(machine: Machine, blocks: Blocks, free: number): void {
  for (const [address, order] of blocks) machine.block_free(address, order);
  expect(machine.buddy_check()).toBe(0);
  expect(machine.managed_pages() - machine.free_pages()).toBe(free);
}

test("no two blocks overlap and no two free buddies stay apart, after every operation of any sequence", () => {
  const step = fc.tuple(fc.constantFrom("alloc", "alloc", "free"), fc.nat(10), fc.nat());
  const limit = fc.constantFrom(2 * MIB, 4.5 * MIB, 5 * MIB, 11 * MIB);
  fc.assert(
    fc.property(limit, fc.array(step, { maxLength: 80 }), (ceiling, steps) => {
      const machine = machineOf(ceiling);
      const blocks: Blocks = new Map();
      const reserved = machine.managed_pages() - machine.free_pages();
      const before = machine.blocks_in_use();
      for (const [operation, order, choice] of steps) {
        if (operation === "alloc") {
          const address = machine.block_alloc(order) >>> 0;
          if (address) {
            expect(order).toBeLessThanOrEqual(9);
            expect(address + (PAGE << order)).toBeLessThanOrEqual(Math.min(ceiling, machine.high_water() >>> 0));
            expect(fits(blocks, address, order)).toBe(true);
            blocks.set(address, order);
          }
        } else if (blocks.size) {
          const [address, size] = [...blocks][choice % blocks.size]!;
          new Uint8Array(machine.memory.buffer, address, PAGE << size).fill(choice);
          machine.block_free(address, size);
          blocks.delete(address);
        }
        expect(machine.buddy_check()).toBe(0);
        const used = [...blocks.values()].reduce((sum, size) => sum + 2 ** size, 0);
        expect(machine.managed_pages() - machine.free_pages() - reserved).toBe(used);
        expect(machine.blocks_in_use() - before).toBe(blocks.size);
      }
      expect(machine.rest_is_zero()).toBe(1);
      freeAll(machine, blocks, reserved);
    }),
    { numRuns: 100 },
  );
});

test("the same requests get the same addresses, and fresh memory is given out from below", () => {
  const run = () => {
    const machine = machineOf(0);
    return Array.from({ length: 300 }, (_, i) => {
      const address = machine.block_alloc(i % 4);
      if (i % 3 === 0) machine.block_free(address, i % 4);
      return address;
    });
  };
  expect(run()).toEqual(run());
  const machine = machineOf(0);
  const fresh = Array.from({ length: 1500 }, () => machine.block_alloc(0));
  expect(fresh).toEqual(fresh.toSorted((a, b) => a - b));
});

describe("exhausted memory", () => {
  test("is a null answer, after which everything can be freed and taken again", () => {
    const machine = machineOf(3 * MIB);
    const reserved = machine.managed_pages() - machine.free_pages();
    for (let round = 0; round < 2; round++) {
      const blocks: Blocks = new Map();
      for (let order = 9; order >= 0; order--) {
        for (let at = machine.block_alloc(order); at; at = machine.block_alloc(order)) blocks.set(at, order);
      }
      expect(machine.free_pages()).toBe(0);
      expect(machine.get_zeroed_page()).toBe(0);
      freeAll(machine, blocks, reserved);
    }
  });

  test("is found on the last byte of the ceiling, whatever that is", () => {
    for (const frames of [9, 10, 11, 64, 1023, 1024, 1032, 1033, 1500]) {
      const machine = boot();
      if (!machine.boot(MIB + frames * PAGE)) {
        expect(frames).toBeLessThan(12);
        continue;
      }
      let last = 0;
      for (let at = machine.block_alloc(0); at; at = machine.block_alloc(0)) last = Math.max(last, at);
      expect(last).toBeLessThanOrEqual(MIB + (frames - 1) * PAGE);
      expect(machine.high_water()).toBeLessThanOrEqual(MIB + frames * PAGE);
      expect(machine.buddy_check()).toBe(0);
    }
  });

  test("comes just below 4 GiB when there is no ceiling, without an address that wraps", () => {
    const machine = machineOf(0);
    machine.memory.grow(65_536 - 80); // at once, as a thousand times takes seconds; the machine does not notice
    expect(machine.nr_sections()).toBe(1);
    const blocks: Blocks = new Map();
    let end = 0;
    for (let order = 9; order >= 0; order--) {
      for (let at = machine.block_alloc(order); at; at = machine.block_alloc(order)) {
        blocks.set(at >>> 0, order);
        end = Math.max(end, (at >>> 0) + (PAGE << order));
      }
    }
    expect(machine.nr_sections()).toBe(1024);
    expect(machine.free_pages()).toBe(0);
    expect(end).toBe(0xffff_0000);
    expect(machine.high_water() >>> 0).toBe(0xffff_0000);
    expect(machine.buddy_check()).toBe(0);
    for (const [address, order] of blocks) machine.block_free(address, order);
    expect(machine.buddy_check()).toBe(0);
  });

  test("can be had for any one allocation", () => {
    const machine = machineOf(0);
    for (const n of [1, 2, 5]) {
      machine.fail_pages_after(n);
      for (let i = 1; i < n; i++) expect(machine.block_alloc(0)).not.toBe(0);
      expect(machine.block_alloc(0)).toBe(0);
      expect(machine.block_alloc(0)).not.toBe(0);
    }
    expect(machine.buddy_check()).toBe(0);
  });
});

describe("references", () => {
  test("keep a block until the last is dropped, also through a frame in its middle", () => {
    const machine = machineOf(0);
    const free = machine.free_pages();
    const block = machine.block_alloc(2);
    machine.block_get(block + 3 * PAGE);
    expect(machine.block_refcount(block)).toBe(2);
    machine.block_put(block + PAGE);
    expect(machine.free_pages()).toBe(free - 4);
    machine.block_put(block);
    expect(machine.free_pages()).toBe(free);
  });

  test("that do not exist cannot be dropped", () => {
    const machine = machineOf(0);
    const block = machine.block_alloc(0);
    machine.block_put(block);
    expect(() => machine.block_put(block)).toThrow("assertion failed");
    expect(() => boot().free_page(0)).not.toThrow();
  });

  test("to a block cannot be dropped with another size", () => {
    const machine = machineOf(0);
    const block = machine.block_alloc(2);
    expect(() => machine.block_free(block, 1)).toThrow("assertion failed");
    expect(() => machine.block_free(block + PAGE, 2)).toThrow("assertion failed");
  });
});

describe("a zeroed frame", () => {
  test("is all zero, fresh or used before, with freed frames poisoned or not", () => {
    for (const poison of [0, 1]) {
      const machine = machineOf(2 * MIB);
      machine.slab_set_poison(poison);
      const frame = (address: number) => new Uint8Array(machine.memory.buffer, address, PAGE);
      for (let round = 0; round < 3; round++) {
        const pages: number[] = [];
        for (let at = machine.get_zeroed_page(); at; at = machine.get_zeroed_page()) pages.push(at);
        for (const at of pages) {
          expect(frame(at).every((byte) => byte === 0)).toBe(true);
          frame(at).fill(0x55);
        }
        for (const at of pages) machine.free_page(at);
        for (const at of pages) expect(frame(at)[PAGE - 1]).toBe(poison ? 0xaa : 0x55);
      }
    }
  });
});

test("a free block that has lost its mark is noticed", () => {
  const machine = machineOf(0);
  expect(machine.buddy_check()).toBe(0);
  machine.buddy_break();
  expect(machine.buddy_check()).not.toBe(0);
});
