import { expect, test } from "vitest";
import { avlTree } from "../../lib/structures/avl-tree.ts";

/** Where a node has its sub-trees (RbNode of assembly/include), in words; its lowest bits say how they differ. */
const RIGHT = 1;
const LEFT = 2;

/** The height of a sub-tree; expects the rule of an AVL tree in all of it. */
function height(words: Uint32Array, node: number): number {
  if (node === 0) return 0;
  const right = height(words, words[(node >> 2) + RIGHT]!);
  const left = height(words, words[(node >> 2) + LEFT]!);
  expect(right - left).toBe((words[node >> 2]! & 3) - 1);
  expect(Math.abs(right - left)).toBeLessThanOrEqual(1);
  return Math.max(left, right) + 1;
}

test("sub-trees differ in height by one at most, whatever comes and goes", () => {
  const map = avlTree.create();
  const check = () => {
    const words = new Uint32Array(avlTree.memory.buffer);
    return height(words, words[map >> 2]!);
  };
  for (let i = 0; i < 1000; i++) avlTree.set_i32(map, i); // in order
  expect(check()).toBe(10);
  for (let i = 0; i < 1000; i++) {
    avlTree.set_i32(map, Math.imul(i, 0x9e3779b1));
    avlTree.delete_i32(map, (i * 7) % 1000);
    if (i % 50 === 0) check();
  }
  for (let i = 0; i < 990; i++) {
    avlTree.delete_i32(map, Math.imul(i, 0x9e3779b1));
    if (i % 50 === 0) check();
  }
  expect(check()).toBeLessThanOrEqual(5);
  avlTree.destroy(map);
});
