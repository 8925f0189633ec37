/** A node of the tree. All have one shape, and their fields keep their types, which engines make fast code of. */
class TreeNode<V> {
  readonly key: number;
  value: V;
  isRed = true;
  left: TreeNode<V> | null = null;
  right: TreeNode<V> | null = null;
  parent: TreeNode<V> | null;

  constructor(key: number, value: V, parent: TreeNode<V> | null) {
    this.key = key;
    this.value = value;
    this.parent = parent;
  }
}

/**
 * A red-black tree as one writes it in JavaScript: an object for each node, references to its neighbours, no recursion,
 * and both mirror images of each case written out. The cases are those of assembly/lib/rbtree.ts.
 */
export class ObjectTree<V> {
  #root: TreeNode<V> | null = null;
  #size = 0;

  /** How many keys there are. */
  get size(): number {
    return this.#size;
  }

  /** The value at a key; undefined: there is none. */
  get(key: number): V | undefined {
    return this.#find(key)?.value;
  }

  /** Puts a value at a key. */
  set(key: number, value: V): void {
    let parent: TreeNode<V> | null = null;
    let node = this.#root;
    while (node !== null) {
      parent = node;
      if (key < node.key) node = node.left;
      else if (key > node.key) node = node.right;
      else {
        node.value = value;
        return;
      }
    }
    const made = new TreeNode(key, value, parent);
    this.#size += 1;
    if (parent === null) this.#root = made;
    else if (key < parent.key) parent.left = made;
    else parent.right = made;
    this.#balanceInserted(made);
  }

  /** Takes a key out. Returns whether it was there. */
  delete(key: number): boolean {
    const node = this.#find(key);
    if (node === null) return false;
    this.#size -= 1;
    if (node.left === null) this.#eraseSimple(node, node.right);
    else if (node.right === null) this.#eraseSimple(node, node.left);
    else this.#eraseInner(node, node.left, node.right);
    return true;
  }

  /** Calls a function with each value and key, in ascending order of the keys, as Map's does. */
  forEach(visit: (value: V, key: number) => void): void {
    let node = this.#root;
    while (node !== null && node.left !== null) node = node.left;
    while (node !== null) {
      visit(node.value, node.key);
      node = next(node);
    }
  }

  #find(key: number): TreeNode<V> | null {
    let node = this.#root;
    while (node !== null && node.key !== key) node = key < node.key ? node.left : node.right;
    return node;
  }

  #balanceInserted(made: TreeNode<V>): void {
    let node = made;
    for (;;) {
      let parent = node.parent;
      if (parent === null) {
        node.isRed = false;
        return;
      }
      if (!parent.isRed) return;
      const grandparent = parent.parent!; // exists: the root is never red
      const onLeft = parent === grandparent.left;
      const uncle = onLeft ? grandparent.right : grandparent.left;
      if (uncle !== null && uncle.isRed) {
        parent.isRed = false;
        uncle.isRed = false;
        grandparent.isRed = true;
        node = grandparent;
        continue;
      }
      if (onLeft) {
        if (node === parent.right) {
          this.#rotateLeft(parent);
          parent = node;
        }
        this.#rotateRight(grandparent);
      } else {
        if (node === parent.left) {
          this.#rotateRight(parent);
          parent = node;
        }
        this.#rotateLeft(grandparent);
      }
      parent.isRed = false;
      grandparent.isRed = true;
      return;
    }
  }

  /** Takes a node with at most one child out. */
  #eraseSimple(node: TreeNode<V>, child: TreeNode<V> | null): void {
    const { parent } = node;
    const onLeft = parent !== null && parent.left === node;
    this.#replace(node, child, parent);
    if (child !== null) {
      child.parent = parent;
      child.isRed = node.isRed;
    } else if (parent !== null && !node.isRed) this.#balanceErased(parent, onLeft);
  }

  /** Takes a node with two children out: the next greater one takes its place and colour. */
  #eraseInner(node: TreeNode<V>, left: TreeNode<V>, right: TreeNode<V>): void {
    let successor = right;
    while (successor.left !== null) successor = successor.left;
    const child = successor.right;
    const wasRed = successor.isRed;
    let parent = successor;
    if (successor !== right) {
      parent = successor.parent!;
      parent.left = child;
      successor.right = right;
      right.parent = successor;
    }
    successor.left = left;
    left.parent = successor;
    this.#replace(node, successor, node.parent);
    successor.parent = node.parent;
    successor.isRed = node.isRed;
    if (child !== null) {
      child.parent = parent;
      child.isRed = false;
    } else if (!wasRed) this.#balanceErased(parent, successor !== right);
  }

  /** Balances the tree again: all paths through one child of `above` lack one black node. */
  #balanceErased(above: TreeNode<V>, isLeft: boolean): void {
    let parent = above;
    let onLeft = isLeft;
    for (;;) {
      let sibling = (onLeft ? parent.right : parent.left)!; // its paths have a black node more
      if (sibling.isRed) {
        if (onLeft) this.#rotateLeft(parent);
        else this.#rotateRight(parent);
        sibling.isRed = false;
        parent.isRed = true;
        sibling = (onLeft ? parent.right : parent.left)!;
      }
      const inner = onLeft ? sibling.left : sibling.right;
      let outer = onLeft ? sibling.right : sibling.left;
      if (outer === null || !outer.isRed) {
        if (inner === null || !inner.isRed) {
          sibling.isRed = true;
          const node = parent;
          const up = node.parent;
          if (node.isRed || up === null) {
            node.isRed = false;
            return;
          }
          onLeft = up.left === node;
          parent = up;
          continue;
        }
        if (onLeft) this.#rotateRight(sibling);
        else this.#rotateLeft(sibling);
        inner.isRed = false;
        sibling.isRed = true;
        outer = sibling;
        sibling = inner;
      }
      if (onLeft) this.#rotateLeft(parent);
      else this.#rotateRight(parent);
      sibling.isRed = parent.isRed;
      parent.isRed = false;
      outer.isRed = false;
      return;
    }
  }

  /** Puts `node` where `old` was below `parent`. */
  #replace(old: TreeNode<V>, node: TreeNode<V> | null, parent: TreeNode<V> | null): void {
    if (parent === null) this.#root = node;
    else if (parent.left === old) parent.left = node;
    else parent.right = node;
  }

  #rotateLeft(node: TreeNode<V>): void {
    const child = node.right!;
    const inner = child.left;
    const { parent } = node;
    node.right = inner;
    if (inner !== null) inner.parent = node;
    child.left = node;
    child.parent = parent;
    node.parent = child;
    this.#replace(node, child, parent);
  }

  #rotateRight(node: TreeNode<V>): void {
    const child = node.left!;
    const inner = child.right;
    const { parent } = node;
    node.left = inner;
    if (inner !== null) inner.parent = node;
    child.right = node;
    child.parent = parent;
    node.parent = child;
    this.#replace(node, child, parent);
  }
}

/** The node with the next greater key. */
function next<V>(node: TreeNode<V>): TreeNode<V> | null {
  if (node.right !== null) {
    let found = node.right;
    while (found.left !== null) found = found.left;
    return found;
  }
  let below = node;
  let { parent } = node;
  while (parent !== null && parent.right === below) {
    below = parent;
    ({ parent } = parent);
  }
  return parent;
}
