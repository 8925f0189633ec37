import { Tp, about, trace } from "../include/trace";
import { RbNode, RbRoot, RbRootCached } from "../include/rbtree_types";

export { RbNode, RbRoot, RbRootCached };

/*
 * Red-black trees after Cormen, Leiserson, Rivest and Stein, "Introduction to Algorithms", with Linux's interface: the
 * caller looks for the place by its own key, links the node there, and has the tree balanced again.
 *
 *   1. A node is red or black; the root is black.
 *   2. A red node has no red child.
 *   3. Every path from a node down to a missing child meets the same number of black nodes.
 *
 * In the drawings upper case is black, lower case is red, (x) is either, and a digit is a sub-tree. Each case is drawn
 * for one side only. The other is its mirror image, and the code serves both: a side is the offset of a child pointer
 * in RbNode, LEFT or RIGHT, and `BOTH - side` is the other one.
 */

/** The side of the smaller keys. */
const LEFT: usize = offsetof<RbNode>("left");
/** The side of the greater keys. */
const RIGHT: usize = offsetof<RbNode>("right");
/** LEFT + RIGHT. */
const BOTH: usize = offsetof<RbNode>("left") + offsetof<RbNode>("right");
/** The bit of RbNode.parent_color that a black node has. */
const BLACK: usize = 1;
/** A missing node. */
const NIL = changetype<RbNode>(0);

/** The child on a side; NIL if there is none. */
function child_of(node: RbNode, side: usize): RbNode {
  return load<RbNode>(changetype<usize>(node) + side);
}

function set_child(node: RbNode, side: usize, child: RbNode): void {
  store<RbNode>(changetype<usize>(node) + side, child);
}

/** The parent of a node; NIL at the root. */
function parent_of(node: RbNode): RbNode {
  return changetype<RbNode>(node.parent_color & ~BLACK);
}

function set_parent(node: RbNode, parent: RbNode): void {
  node.parent_color = changetype<usize>(parent) | (node.parent_color & BLACK);
}

function is_red(node: RbNode): bool {
  return !(node.parent_color & BLACK);
}

function is_black_or_missing(node: RbNode): bool {
  return node === NIL || <bool>(node.parent_color & BLACK);
}

function set_red(node: RbNode): void {
  node.parent_color &= ~BLACK;
}

function set_black(node: RbNode): void {
  node.parent_color |= BLACK;
}

/** The side of its parent that a node is on. */
function side_of(node: RbNode, parent: RbNode): usize {
  return child_of(parent, LEFT) === node ? LEFT : RIGHT;
}

/** Makes `parent`, or the root if there is none, point at `node` where it pointed at `old`. */
function change_child(old: RbNode, node: RbNode, parent: RbNode, root: RbRoot): void {
  if (parent === NIL) root.node = node;
  else set_child(parent, side_of(old, parent), node);
}

/**
 * Lowers a node to the given side and lifts the child of its other side into its place. The keys keep their order, and
 * the colours stay with the nodes.
 *
 *            |                                |
 *            n       rotate n to the left     c
 *           / \      ------------------->    / \
 *          1   c                            n   3
 *             / \    <-------------------  / \
 *            2   3   rotate c to the right 1   2
 */
function rb_rotate(node: RbNode, side: usize, root: RbRoot): void {
  let child = child_of(node, BOTH - side);
  let inner = child_of(child, side);
  let parent = parent_of(node);
  set_child(node, BOTH - side, inner);
  if (inner !== NIL) set_parent(inner, node);
  set_child(child, side, node);
  set_parent(child, parent);
  set_parent(node, child);
  change_child(node, child, parent, root);
}

/**
 * Hangs a new node into the tree, as a leaf; rb_insert_color() must follow.
 *
 * @param parent  The node that it becomes a child of; null in an empty tree.
 * @param link    Address of the child pointer, or the root's, that is to point at it.
 * @kernel rb_link_node(), include/linux/rbtree.h
 */
export function rb_link_node(node: RbNode, parent: RbNode | null, link: usize): void {
  node.parent_color = changetype<usize>(parent); // red
  node.left = null;
  node.right = null;
  store<RbNode>(link, node);
}

/**
 * Case 1 of insertion: the parent p and the uncle u are red. Blacken both and redden g: every path is as black as
 * before. g may now have a red parent, so that it is g's turn.
 *
 *          G                g   <- now
 *         / \              / \
 *        p   u    -->     P   U
 *        |                |
 *        n                n
 */
function insert_case_1(parent: RbNode, uncle: RbNode, grandparent: RbNode): void {
  about(Tp.rb_insert_case_1, changetype<usize>(parent), changetype<usize>(uncle), changetype<usize>(grandparent));
  set_black(parent);
  set_black(uncle);
  set_red(grandparent);
  trace(Tp.rb_insert_case_1, changetype<usize>(parent), changetype<usize>(uncle), changetype<usize>(grandparent));
}

/**
 * Case 2 of insertion: the uncle is black, and the node n is an inner grandchild. Make it an outer one: case 3, in
 * which p and n have changed their parts.
 *
 *          G                G
 *         / \              / \
 *        p   U    -->     n   U
 *         \              /
 *          n            p
 */
function insert_case_2(parent: RbNode, side: usize, root: RbRoot): void {
  about(Tp.rb_insert_case_2, changetype<usize>(parent), 0, 0);
  rb_rotate(parent, side, root);
  trace(Tp.rb_insert_case_2, changetype<usize>(parent), 0, 0);
}

/**
 * Case 3 of insertion: the uncle is black, and the node n is an outer grandchild. The tree is balanced then.
 *
 *          G                P
 *         / \              / \
 *        p   U    -->     n   g
 *       /                      \
 *      n                        U
 */
function insert_case_3(parent: RbNode, grandparent: RbNode, side: usize, root: RbRoot): void {
  about(Tp.rb_insert_case_3, changetype<usize>(parent), changetype<usize>(grandparent), 0);
  rb_rotate(grandparent, BOTH - side, root);
  set_black(parent);
  set_red(grandparent);
  trace(Tp.rb_insert_case_3, changetype<usize>(parent), changetype<usize>(grandparent), 0);
}

/**
 * Balances the tree again after a node was hung into it.
 *
 * Bounded by the height of the tree: each round but the last goes up two levels.
 *
 * @kernel rb_insert_color(), lib/rbtree.c
 */
export function rb_insert_color(node: RbNode, root: RbRoot): void {
  for (;;) {
    let parent = parent_of(node);
    if (parent === NIL) {
      set_black(node);
      return;
    }
    if (!is_red(parent)) return;
    let grandparent = parent_of(parent); // exists: the root is never red
    let side = side_of(parent, grandparent);
    let uncle = child_of(grandparent, BOTH - side);
    if (!is_black_or_missing(uncle)) {
      insert_case_1(parent, uncle, grandparent);
      node = grandparent;
      continue;
    }
    if (child_of(parent, side) !== node) {
      insert_case_2(parent, side, root);
      parent = node;
    }
    insert_case_3(parent, grandparent, side, root);
    return;
  }
}

/**
 * Case 1 of deletion: the sibling s is red. Give x a black sibling, so that one of the other cases applies.
 *
 *          P                  S
 *         / \                / \
 *        x   s      -->     p   2
 *           / \            / \
 *          1   2          x   1   <- the new sibling
 */
function erase_case_1(parent: RbNode, sibling: RbNode, side: usize, root: RbRoot): void {
  about(Tp.rb_erase_case_1, changetype<usize>(parent), changetype<usize>(sibling), 0);
  rb_rotate(parent, side, root);
  set_black(sibling);
  set_red(parent);
  trace(Tp.rb_erase_case_1, changetype<usize>(parent), changetype<usize>(sibling), 0);
}

/**
 * Case 2 of deletion: the sibling s and its children are black. Redden s: now all paths through p lack one black node.
 * If p is red, blackening it makes up for that; otherwise it is p's turn.
 *
 *         (p)                (p)  <- now
 *         / \                / \
 *        x   S      -->     x   s
 *           / \                / \
 *          C   D              C   D
 */
function erase_case_2(sibling: RbNode): void {
  about(Tp.rb_erase_case_2, changetype<usize>(sibling), 0, 0);
  set_red(sibling);
  trace(Tp.rb_erase_case_2, changetype<usize>(sibling), 0, 0);
}

/**
 * Case 3 of deletion: the sibling s is black, its inner child c is red and its outer child D is black. Make it case 4,
 * in which c is the sibling.
 *
 *         (p)                (p)
 *         / \                / \
 *        x   S      -->     x   C
 *           / \                  \
 *          c   D                  s
 *                                  \
 *                                   D
 */
function erase_case_3(sibling: RbNode, inner: RbNode, side: usize, root: RbRoot): void {
  about(Tp.rb_erase_case_3, changetype<usize>(sibling), changetype<usize>(inner), 0);
  rb_rotate(sibling, BOTH - side, root);
  set_black(inner);
  set_red(sibling);
  trace(Tp.rb_erase_case_3, changetype<usize>(sibling), changetype<usize>(inner), 0);
}

/**
 * Case 4 of deletion: the sibling s is black and its outer child d is red. The tree is balanced then.
 *
 *         (p)                (s)
 *         / \                / \
 *        x   S      -->     P   D
 *           / \            / \
 *         (c)  d          x  (c)
 */
function erase_case_4(parent: RbNode, sibling: RbNode, outer: RbNode, side: usize, root: RbRoot): void {
  about(Tp.rb_erase_case_4, changetype<usize>(parent), changetype<usize>(sibling), changetype<usize>(outer));
  rb_rotate(parent, side, root);
  sibling.parent_color = (sibling.parent_color & ~BLACK) | (parent.parent_color & BLACK);
  set_black(parent);
  set_black(outer);
  trace(Tp.rb_erase_case_4, changetype<usize>(parent), changetype<usize>(sibling), changetype<usize>(outer));
}

/**
 * Balances the tree again: all paths through a child x of `parent`, at first a missing one, lack one black node.
 *
 * Bounded by the height of the tree: each round but the last goes up one level.
 */
function rb_erase_color(parent: RbNode, side: usize, root: RbRoot): void {
  for (;;) {
    let sibling = child_of(parent, BOTH - side); // exists: its paths have a black node more than x's
    if (is_red(sibling)) {
      erase_case_1(parent, sibling, side, root);
      sibling = child_of(parent, BOTH - side);
    }
    let inner = child_of(sibling, side);
    let outer = child_of(sibling, BOTH - side);
    if (is_black_or_missing(outer)) {
      if (is_black_or_missing(inner)) {
        erase_case_2(sibling);
        let node = parent;
        parent = parent_of(node);
        if (is_red(node) || parent === NIL) {
          set_black(node);
          return;
        }
        side = side_of(node, parent);
        continue;
      }
      erase_case_3(sibling, inner, side, root);
      outer = sibling;
      sibling = inner;
    }
    erase_case_4(parent, sibling, outer, side, root);
    return;
  }
}

/** Takes a node with at most one child out of the tree. */
function erase_simple(node: RbNode, child: RbNode, root: RbRoot): void {
  let parent = parent_of(node);
  if (parent === NIL) {
    root.node = child;
    if (child !== NIL) child.parent_color = BLACK;
    return;
  }
  let side = side_of(node, parent);
  set_child(parent, side, child);
  // An only child is red, and its parent therefore black: it takes its parent's place and colour.
  if (child !== NIL) child.parent_color = node.parent_color;
  else if (!is_red(node)) rb_erase_color(parent, side, root);
}

/**
 * Takes a node with two children out of the tree: the next greater node s, which has no left child, takes its place and
 * colour. What is missing then is s where it was.
 *
 *        (n)                (s)                 (n)                (s)
 *        / \                / \                 / \                / \
 *       1  (s)     -->     1   2               1  (p)     -->     1  (p)
 *            \                                    / \                / \
 *             2                                 (s)  3              2   3
 *                                                 \
 *                                                  2
 */
function erase_inner(node: RbNode, left: RbNode, right: RbNode, root: RbRoot): void {
  let successor = right;
  for (let next = child_of(right, LEFT); next !== NIL; next = child_of(next, LEFT)) successor = next;
  let child = child_of(successor, RIGHT);
  let was_red = is_red(successor);
  let parent = successor;
  let side = RIGHT;
  if (successor !== right) {
    parent = parent_of(successor);
    side = LEFT;
    set_child(parent, LEFT, child);
    set_child(successor, RIGHT, right);
    set_parent(right, successor);
  }
  set_child(successor, LEFT, left);
  set_parent(left, successor);
  change_child(node, successor, parent_of(node), root);
  successor.parent_color = node.parent_color;
  if (child !== NIL) child.parent_color = changetype<usize>(parent) | BLACK;
  else if (!was_red) rb_erase_color(parent, side, root);
}

/** Takes a node out of the tree. @kernel rb_erase(), lib/rbtree.c */
export function rb_erase(node: RbNode, root: RbRoot): void {
  let left = child_of(node, LEFT);
  let right = child_of(node, RIGHT);
  if (left === NIL) erase_simple(node, right, root);
  else if (right === NIL) erase_simple(node, left, root);
  else erase_inner(node, left, right, root);
}

/**
 * Balances the tree again after a node was hung into it.
 *
 * @param leftmost  Whether it is the smallest.
 * @kernel rb_insert_color_cached(), include/linux/rbtree.h
 */
export function rb_insert_color_cached(node: RbNode, root: RbRootCached, leftmost: bool): void {
  if (leftmost) root.leftmost = node;
  rb_insert_color(node, root.root);
}

/** Takes a node out of the tree. @kernel rb_erase_cached(), include/linux/rbtree.h */
export function rb_erase_cached(node: RbNode, root: RbRootCached): void {
  if (root.leftmost === node) root.leftmost = rb_next(node);
  rb_erase(node, root.root);
}

/** The last node that is reached by always going to the same side. */
function outermost(node: RbNode, side: usize): RbNode {
  for (let next = node; next !== NIL; next = child_of(next, side)) node = next;
  return node;
}

/** The smallest node; null in an empty tree. @kernel rb_first(), lib/rbtree.c */
export function rb_first(root: RbRoot): RbNode | null {
  return outermost(changetype<RbNode>(root.node), LEFT);
}

/** The greatest node; null in an empty tree. @kernel rb_last(), lib/rbtree.c */
export function rb_last(root: RbRoot): RbNode | null {
  return outermost(changetype<RbNode>(root.node), RIGHT);
}

/** The smallest node, without a search; null in an empty tree. @kernel rb_first_cached(), include/linux/rbtree.h */
export function rb_first_cached(root: RbRootCached): RbNode | null {
  return root.leftmost;
}

/** The neighbour of a node in the order of the keys, towards a side; NIL at the end. */
function neighbour(node: RbNode, side: usize): RbNode {
  let child = child_of(node, side);
  if (child !== NIL) return outermost(child, BOTH - side);
  let parent = parent_of(node);
  while (parent !== NIL && child_of(parent, side) === node) {
    node = parent;
    parent = parent_of(node);
  }
  return parent;
}

/** The next greater node; null after the last. @kernel rb_next(), lib/rbtree.c */
export function rb_next(node: RbNode): RbNode | null {
  return neighbour(node, RIGHT);
}

/** The next smaller node; null before the first. @kernel rb_prev(), lib/rbtree.c */
export function rb_prev(node: RbNode): RbNode | null {
  return neighbour(node, LEFT);
}

/**
 * Puts a node in the place of another, which leaves the tree.
 *
 * @param node  In no tree; its key fits where that of `victim` does.
 * @kernel rb_replace_node(), lib/rbtree.c
 */
export function rb_replace_node(victim: RbNode, node: RbNode, root: RbRoot): void {
  let left = child_of(victim, LEFT);
  let right = child_of(victim, RIGHT);
  node.parent_color = victim.parent_color;
  set_child(node, LEFT, left);
  set_child(node, RIGHT, right);
  if (left !== NIL) set_parent(left, node);
  if (right !== NIL) set_parent(right, node);
  change_child(victim, node, parent_of(victim), root);
}

/** Puts `node` in the place of `victim`. @kernel rb_replace_node_cached(), include/linux/rbtree.h */
export function rb_replace_node_cached(victim: RbNode, node: RbNode, root: RbRootCached): void {
  if (root.leftmost === victim) root.leftmost = node;
  rb_replace_node(victim, node, root.root);
}

/** The first node of an order in which children come before their parents. */
function deepest(node: RbNode): RbNode {
  for (let next = node; next !== NIL;) {
    node = next;
    next = child_of(node, LEFT);
    if (next === NIL) next = child_of(node, RIGHT);
  }
  return node;
}

/** The node to begin with to free a whole tree; null if it is empty. @kernel rb_first_postorder(), lib/rbtree.c */
export function rb_first_postorder(root: RbRoot): RbNode | null {
  let top = root.node;
  return top ? deepest(top) : null;
}

/** The node that follows where children come before parents; null at the end. @kernel rb_next_postorder() */
export function rb_next_postorder(node: RbNode): RbNode | null {
  let parent = parent_of(node);
  if (parent === NIL) return null;
  let right = child_of(parent, RIGHT);
  return node === child_of(parent, LEFT) && right !== NIL ? deepest(right) : parent;
}
