/** Numbers of a node, which begins at a multiple of four: the key, the children, and the parent with the colour. */
const KEY = 0;
const LEFT = 1;
const RIGHT = 2;
const PARENT = 3;
/** LEFT + RIGHT: `BOTH - side` is the other side. */
const BOTH = 3;
/** The bit of the parent that a black node has. */
const BLACK = 1;
/** The node that stands for a missing one; where it points means nothing. */
const NIL = 0;

/**
 * A red-black tree without an object for each node: nodes are numbers in one Int32Array, four of them for each, and a
 * reference is a place in that array. Line by line what assembly/lib/rbtree.ts does, with the values in an array beside.
 */
export class ColumnTree<V> {
  /** Doubles when it is full. The first node is NIL. */
  #nodes = new Int32Array(64);
  /** By node. */
  #values: (V | undefined)[] = [undefined];
  #root = NIL;
  #size = 0;
  /** Where the next node lies that was never used. */
  #end = 4;
  /** The first of the nodes that are free again; each names the next one as its parent. */
  #free = NIL;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /** Memory of the nodes, and of the values with 8 bytes for each. Unit: bytes. */
  get bytes(): number {
    return this.#nodes.byteLength + 8 * this.#values.length;
  }

  /** The value at a key; undefined: there is none. */
  get(key: number): V | undefined {
    const node = this.#find(key);
    return node === NIL ? undefined : this.#values[node >> 2];
  }

  /** Puts a value at a key. */
  set(key: number, value: V): void {
    const nodes = this.#nodes;
    let parent = NIL;
    let side = LEFT;
    for (let node = this.#root; node !== NIL; node = nodes[node + side]!) {
      const here = nodes[node]!;
      if (here === key) {
        this.#values[node >> 2] = value;
        return;
      }
      parent = node;
      side = key < here ? LEFT : RIGHT;
    }
    const node = this.#take();
    this.#values[node >> 2] = value;
    this.#hang(node, key, parent, side);
  }

  /** Takes a key out. Returns whether it was there. */
  delete(key: number): boolean {
    const node = this.#find(key);
    if (node === NIL) return false;
    const nodes = this.#nodes;
    const left = nodes[node + LEFT]!;
    const right = nodes[node + RIGHT]!;
    if (left === NIL) this.#eraseSimple(nodes, node, right);
    else if (right === NIL) this.#eraseSimple(nodes, node, left);
    else this.#eraseInner(nodes, node, left, right);
    nodes[node + PARENT] = this.#free;
    this.#free = node;
    this.#values[node >> 2] = undefined;
    this.#size -= 1;
    return true;
  }

  /** Calls a function with each value and key, in ascending order of the keys, as Map's does. */
  forEach(visit: (value: V, key: number) => void): void {
    const nodes = this.#nodes;
    const values = this.#values;
    for (let node = outermost(nodes, this.#root, LEFT); node !== NIL; node = next(nodes, node)) {
      visit(values[node >> 2] as V, nodes[node + KEY]!);
    }
  }

  #find(key: number): number {
    const nodes = this.#nodes;
    let node = this.#root;
    while (node !== NIL) {
      const here = nodes[node]!;
      if (here === key) break;
      node = nodes[node + (key < here ? LEFT : RIGHT)]!;
    }
    return node;
  }

  #take(): number {
    const free = this.#free;
    if (free !== NIL) {
      this.#free = this.#nodes[free + PARENT]!;
      return free;
    }
    if (this.#end === this.#nodes.length) {
      const more = new Int32Array(2 * this.#end);
      more.set(this.#nodes);
      this.#nodes = more;
    }
    const node = this.#end;
    this.#end += 4;
    return node;
  }

  #hang(node: number, key: number, parent: number, side: number): void {
    const nodes = this.#nodes;
    nodes[node + KEY] = key;
    nodes[node + LEFT] = NIL;
    nodes[node + RIGHT] = NIL;
    nodes[node + PARENT] = parent; // red
    if (parent === NIL) this.#root = node;
    else nodes[parent + side] = node;
    this.#size += 1;
    this.#balanceInserted(nodes, node);
  }

  #balanceInserted(nodes: Int32Array, made: number): void {
    let node = made;
    for (;;) {
      let parent = parentOf(nodes, node);
      if (parent === NIL) {
        nodes[node + PARENT]! |= BLACK;
        return;
      }
      if (!isRed(nodes, parent)) return;
      const grandparent = parentOf(nodes, parent); // exists: the root is never red
      const side = nodes[grandparent + LEFT] === parent ? LEFT : RIGHT;
      const uncle = nodes[grandparent + BOTH - side]!;
      if (uncle !== NIL && isRed(nodes, uncle)) {
        nodes[parent + PARENT]! |= BLACK;
        nodes[uncle + PARENT]! |= BLACK;
        nodes[grandparent + PARENT]! &= ~BLACK;
        node = grandparent;
        continue;
      }
      if (nodes[parent + side] !== node) {
        this.#rotate(nodes, parent, side);
        parent = node;
      }
      this.#rotate(nodes, grandparent, BOTH - side);
      nodes[parent + PARENT]! |= BLACK;
      nodes[grandparent + PARENT]! &= ~BLACK;
      return;
    }
  }

  /** Takes a node with at most one child out. */
  #eraseSimple(nodes: Int32Array, node: number, child: number): void {
    const parent = parentOf(nodes, node);
    const side = nodes[parent + LEFT] === node ? LEFT : RIGHT;
    if (parent === NIL) this.#root = child;
    else nodes[parent + side] = child;
    if (child !== NIL) nodes[child + PARENT] = nodes[node + PARENT]!;
    else if (parent !== NIL && !isRed(nodes, node)) this.#balanceErased(nodes, parent, side);
  }

  /** Takes a node with two children out: the next greater one takes its place and colour. */
  #eraseInner(nodes: Int32Array, node: number, left: number, right: number): void {
    const successor = outermost(nodes, right, LEFT);
    const child = nodes[successor + RIGHT]!;
    const wasRed = isRed(nodes, successor);
    let parent = successor;
    let side = RIGHT;
    if (successor !== right) {
      parent = parentOf(nodes, successor);
      side = LEFT;
      nodes[parent + LEFT] = child;
      nodes[successor + RIGHT] = right;
      setParent(nodes, right, successor);
    }
    nodes[successor + LEFT] = left;
    setParent(nodes, left, successor);
    this.#replace(nodes, node, successor, parentOf(nodes, node));
    nodes[successor + PARENT] = nodes[node + PARENT]!;
    if (child !== NIL) nodes[child + PARENT] = parent | BLACK;
    else if (!wasRed) this.#balanceErased(nodes, parent, side);
  }

  /** Balances the tree again: all paths through one child of `above` lack one black node. */
  #balanceErased(nodes: Int32Array, above: number, sideOfIt: number): void {
    let parent = above;
    let side = sideOfIt;
    for (;;) {
      let sibling = nodes[parent + BOTH - side]!; // exists: its paths have a black node more
      if (isRed(nodes, sibling)) {
        this.#rotate(nodes, parent, side);
        nodes[sibling + PARENT]! |= BLACK;
        nodes[parent + PARENT]! &= ~BLACK;
        sibling = nodes[parent + BOTH - side]!;
      }
      const inner = nodes[sibling + side]!;
      let outer = nodes[sibling + BOTH - side]!;
      if (outer === NIL || !isRed(nodes, outer)) {
        if (inner === NIL || !isRed(nodes, inner)) {
          nodes[sibling + PARENT]! &= ~BLACK;
          const node = parent;
          parent = parentOf(nodes, node);
          if (isRed(nodes, node) || parent === NIL) {
            nodes[node + PARENT]! |= BLACK;
            return;
          }
          side = nodes[parent + LEFT] === node ? LEFT : RIGHT;
          continue;
        }
        this.#rotate(nodes, sibling, BOTH - side);
        nodes[inner + PARENT]! |= BLACK;
        nodes[sibling + PARENT]! &= ~BLACK;
        outer = sibling;
        sibling = inner;
      }
      this.#rotate(nodes, parent, side);
      nodes[sibling + PARENT] = (nodes[sibling + PARENT]! & ~BLACK) | (nodes[parent + PARENT]! & BLACK);
      nodes[parent + PARENT]! |= BLACK;
      nodes[outer + PARENT]! |= BLACK;
      return;
    }
  }

  /** Puts `node` where `old` was below `parent`. */
  #replace(nodes: Int32Array, old: number, node: number, parent: number): void {
    if (parent === NIL) this.#root = node;
    else nodes[parent + (nodes[parent + LEFT] === old ? LEFT : RIGHT)] = node;
  }

  /** Lowers a node to a side, and lifts the child of its other side into its place. */
  #rotate(nodes: Int32Array, node: number, side: number): void {
    const child = nodes[node + BOTH - side]!;
    const inner = nodes[child + side]!;
    const parent = parentOf(nodes, node);
    nodes[node + BOTH - side] = inner;
    if (inner !== NIL) setParent(nodes, inner, node);
    nodes[child + side] = node;
    setParent(nodes, child, parent);
    setParent(nodes, node, child);
    this.#replace(nodes, node, child, parent);
  }
}

function parentOf(nodes: Int32Array, node: number): number {
  return nodes[node + PARENT]! & ~BLACK;
}

function setParent(nodes: Int32Array, node: number, parent: number): void {
  nodes[node + PARENT] = parent | (nodes[node + PARENT]! & BLACK);
}

function isRed(nodes: Int32Array, node: number): boolean {
  return (nodes[node + PARENT]! & BLACK) === 0;
}

/** The last node that is reached by always going to the same side. */
function outermost(nodes: Int32Array, from: number, side: number): number {
  let node = from;
  for (let at = from; at !== NIL; at = nodes[at + side]!) node = at;
  return node;
}

/** The node with the next greater key; NIL at the end. */
function next(nodes: Int32Array, from: number): number {
  const child = nodes[from + RIGHT]!;
  if (child !== NIL) return outermost(nodes, child, LEFT);
  let node = from;
  let parent = parentOf(nodes, node);
  while (parent !== NIL && nodes[parent + RIGHT] === node) {
    node = parent;
    parent = parentOf(nodes, node);
  }
  return parent;
}
