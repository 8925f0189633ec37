import fc from "fast-check";
import { expect, test } from "vitest";
import { SCRATCH, structures } from "../support/structures.ts";

const boot = await structures(
  "hlist_init",
  "hlist_node_init",
  "hlist_empty",
  "hlist_unhashed",
  "hlist_is_singular_node",
  "hlist_add_head",
  "hlist_add_before",
  "hlist_add_behind",
  "hlist_del_init",
  "hlist_move_list",
  "hlist_first",
  "hlist_next",
);
type Machine = ReturnType<typeof boot>;

const HEADS: [number, number] = [SCRATCH, SCRATCH + 4];
const NODES = Array.from({ length: 6 }, (_, i) => SCRATCH + 0x100 + i * 8);

/** The nodes of a bucket, found by walking it; fails if a node does not point back. */
function walk(machine: Machine, head: number): number[] {
  const nodes: number[] = [];
  for (let at = machine.hlist_first(head); at; at = machine.hlist_next(at)) {
    if (at === 1) throw new Error("a node does not point back");
    nodes.push(at);
  }
  return nodes;
}

const OPERATIONS = ["add_head", "add_before", "add_behind", "del_init", "move_list"] as const;

test("buckets are what an array would be, after every operation of any sequence", () => {
  const step = fc.tuple(fc.constantFrom(...OPERATIONS), fc.nat(11), fc.nat(11));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const machine = boot();
      const model: [number[], number[]] = [[], []];
      for (const head of HEADS) machine.hlist_init(head);
      for (const node of NODES) machine.hlist_node_init(node);
      for (const [operation, a, b] of steps) {
        const side = (a % 2) as 0 | 1;
        const list = model[side];
        const node = NODES[b % NODES.length]!;
        const inList = model.flat().includes(node);
        const at = list.length ? a % list.length : -1;
        if (operation === "add_head" && !inList) {
          machine.hlist_add_head(HEADS[side], node);
          list.unshift(node);
        } else if (operation === "add_before" && !inList && at >= 0) {
          machine.hlist_add_before(node, list[at]!);
          list.splice(at, 0, node);
        } else if (operation === "add_behind" && !inList && at >= 0) {
          machine.hlist_add_behind(node, list[at]!);
          list.splice(at + 1, 0, node);
        } else if (operation === "del_init") {
          machine.hlist_del_init(node);
          for (const i of [0, 1] as const) model[i] = model[i].filter((other) => other !== node);
        } else if (operation === "move_list" && !list.length) {
          machine.hlist_move_list(HEADS[side], HEADS[1 - side]!);
          model.reverse();
        }
        HEADS.forEach((head, i) => {
          const nodes = model[i]!;
          expect(walk(machine, head)).toEqual(nodes);
          expect(machine.hlist_empty(head)).toBe(nodes.length ? 0 : 1);
          for (const other of nodes) {
            expect(machine.hlist_is_singular_node(head, other)).toBe(nodes.length === 1 ? 1 : 0);
          }
        });
        for (const other of NODES) expect(machine.hlist_unhashed(other)).toBe(model.flat().includes(other) ? 0 : 1);
      }
    }),
    { numRuns: 300 },
  );
});

test("deleting a node that is in no bucket does nothing", () => {
  const machine = boot();
  const words = new Uint32Array(machine.memory.buffer);
  words[0] = 0x1234; // where a missing pointer would lead
  machine.hlist_node_init(NODES[0]!);
  machine.hlist_del_init(NODES[0]!);
  expect(machine.hlist_unhashed(NODES[0]!)).toBe(1);
  expect(words[0]).toBe(0x1234);
});
