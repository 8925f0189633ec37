import { RbNode, RbRoot } from "../lib/rbtree";
import {
  avl_erase_lower,
  avl_erase_uneven,
  avl_inner,
  avl_inner_second,
  avl_insert_even,
  avl_insert_higher,
  avl_outer,
} from "./avl_steps";

/*
 * Balancing after Adelson-Velsky and Landis: the sub-trees of a node differ in height by one at most. That is stricter
 * than a red-black tree, so that a search meets fewer nodes and a change turns more of them. Nodes are those of the
 * red-black tree; where its colour is, the difference lies (the right height less the left one), plus 1.
 */

const LEFT: usize = offsetof<RbNode>("left");
const RIGHT: usize = offsetof<RbNode>("right");
const BOTH: usize = offsetof<RbNode>("left") + offsetof<RbNode>("right");
/** The bits of RbNode.parent_color that say the difference. */
const DIFFERENCE: usize = 3;
/** Both sub-trees are equally high. */
const EVEN: usize = 1;

function child_of(node: usize, side: usize): usize {
  return load<usize>(node + side);
}

function parent_of(node: usize): usize {
  return load<usize>(node) & ~DIFFERENCE;
}

function set_parent(node: usize, parent: usize): void {
  store<usize>(node, parent | (load<usize>(node) & DIFFERENCE));
}

function difference_of(node: usize): usize {
  return load<usize>(node) & DIFFERENCE;
}

function set_difference(node: usize, difference: usize): void {
  store<usize>(node, (load<usize>(node) & ~DIFFERENCE) | difference);
}

/** The difference of a node that is higher on a side. */
function higher(side: usize): usize {
  return side == LEFT ? 0 : 2;
}

function side_of(node: usize, parent: usize): usize {
  return child_of(parent, LEFT) == node ? LEFT : RIGHT;
}

/** Makes `parent`, or the root if there is none, point at `node` where it pointed at `old`. */
function change_child(old: usize, node: usize, parent: usize, root: RbRoot): void {
  if (parent) store<usize>(parent + side_of(old, parent), node);
  else root.node = changetype<RbNode>(node);
}

/** Lowers a node to a side, and lifts the child of its other side into its place. Returns that child. */
function rotate(node: usize, side: usize, root: RbRoot): usize {
  let child = child_of(node, BOTH - side);
  let inner = child_of(child, side);
  let parent = parent_of(node);
  store<usize>(node + BOTH - side, inner);
  if (inner) set_parent(inner, node);
  store<usize>(child + side, node);
  set_parent(child, parent);
  set_parent(node, child);
  change_child(node, child, parent, root);
  return child;
}

/**
 * Puts a node right that is higher by two on a side.
 *
 *     outer or both high          inner high
 *        n                           n                 i
 *       / \            c            / \              /   \
 *      1   c    -->   / \          1   c     -->    n     c
 *         / \        n   3            / \          / \   / \
 *        2   3      / \              i   4        1   2 3   4
 *                  1   2            / \
 *                                  2   3
 *
 * @returns  The node in its place. Its difference is EVEN if the whole is lower now than before.
 */
function lower(node: usize, side: usize, root: RbRoot): usize {
  let child = child_of(node, side);
  let difference = difference_of(child);
  if (difference == higher(BOTH - side)) return lower_inner(node, child, side, root);
  avl_outer(node, child);
  rotate(node, BOTH - side, root);
  let was_even = difference == EVEN;
  set_difference(node, was_even ? higher(side) : EVEN);
  set_difference(child, was_even ? higher(BOTH - side) : EVEN);
  return child;
}

function lower_inner(node: usize, child: usize, side: usize, root: RbRoot): usize {
  let inner = child_of(child, BOTH - side);
  let difference = difference_of(inner);
  avl_inner(node, child, inner);
  rotate(child, side, root);
  avl_inner_second(node, child, inner);
  rotate(node, BOTH - side, root);
  set_difference(node, difference == higher(side) ? higher(BOTH - side) : EVEN);
  set_difference(child, difference == higher(BOTH - side) ? higher(side) : EVEN);
  set_difference(inner, EVEN);
  return inner;
}

/** Balances the tree again after a node was hung into it as a leaf. */
export function balance_insert(leaf: RbNode, root: RbRoot): void {
  let node = changetype<usize>(leaf);
  set_difference(node, EVEN);
  for (let parent = parent_of(node); parent; parent = parent_of(node)) {
    let side = side_of(node, parent);
    let difference = difference_of(parent);
    if (difference == higher(side)) {
      lower(parent, side, root);
      return;
    }
    if (difference != EVEN) {
      avl_insert_even(parent);
      set_difference(parent, EVEN);
      return;
    }
    avl_insert_higher(parent);
    set_difference(parent, higher(side));
    node = parent;
  }
}

/** Balances the tree again after what hangs on a side of a node has become lower by one. */
function balance_lower(node: usize, side: usize, root: RbRoot): void {
  while (node) {
    let difference = difference_of(node);
    if (difference == EVEN) {
      avl_erase_uneven(node);
      set_difference(node, higher(BOTH - side));
      return;
    }
    if (difference == higher(side)) {
      avl_erase_lower(node);
      set_difference(node, EVEN);
    } else {
      node = lower(node, BOTH - side, root);
      if (difference_of(node) != EVEN) return;
    }
    let parent = parent_of(node);
    if (parent) side = side_of(node, parent);
    node = parent;
  }
}

/** Takes a node out of the tree. One with two children is followed by the next greater one, which takes its place. */
export function balance_erase(gone: RbNode, root: RbRoot): void {
  let node = changetype<usize>(gone);
  let left = child_of(node, LEFT);
  let right = child_of(node, RIGHT);
  let parent = parent_of(node);
  if (!left || !right) {
    let child = left | right;
    let side = parent ? side_of(node, parent) : LEFT;
    change_child(node, child, parent, root);
    if (child) set_parent(child, parent);
    balance_lower(parent, side, root);
    return;
  }
  let next = right;
  for (let at = child_of(next, LEFT); at; at = child_of(next, LEFT)) next = at;
  let low = next;
  let side = RIGHT;
  if (next != right) {
    let child = child_of(next, RIGHT);
    low = parent_of(next);
    side = LEFT;
    store<usize>(low + LEFT, child);
    if (child) set_parent(child, low);
    store<usize>(next + RIGHT, right);
    set_parent(right, next);
  }
  store<usize>(next + LEFT, left);
  set_parent(left, next);
  change_child(node, next, parent, root);
  store<usize>(next, load<usize>(node)); // parent and difference
  balance_lower(low, side, root);
}
