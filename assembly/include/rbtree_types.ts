/**
 * A node of a red-black tree, embedded in the object that it orders.
 *
 * @kernel struct rb_node, include/linux/rbtree_types.h
 */
@unmanaged
export class RbNode {
  /** Address of the parent; bit 0 is the colour (0 red, 1 black). */
  parent_color: usize;
  /** Sub-tree of greater keys. */
  right: RbNode | null;
  /** Sub-tree of smaller keys. */
  left: RbNode | null;

  /** The node above, or null at the root. */
  @inline get parent(): RbNode | null {
    return changetype<RbNode | null>(this.parent_color & ~3);
  }
}

/** Root of a red-black tree. @kernel struct rb_root, include/linux/rbtree_types.h */
@unmanaged
export class RbRoot {
  /** The topmost node; null while the tree is empty. */
  node: RbNode | null;
}

/**
 * Root of a red-black tree that also remembers its smallest node.
 *
 * @kernel struct rb_root_cached, include/linux/rbtree_types.h
 */
@unmanaged
export class RbRootCached {
  /** The topmost node; null while the tree is empty. */
  root_node: RbNode | null;
  /** The node with the smallest key. */
  leftmost: RbNode | null;

  /** The root without the memory of the smallest node. */
  @embed @inline get root(): RbRoot {
    return changetype<RbRoot>(changetype<usize>(this) + offsetof<RbRootCached>("root_node"));
  }
}
