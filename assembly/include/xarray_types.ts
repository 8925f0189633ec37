/** A sparse array of addresses. @kernel struct xarray, include/linux/xarray.h */
@unmanaged
export class XArray {
  /** The topmost node; null while the array is empty. */
  head: XaNode | null;
}

/** Marks that an entry can have, besides what it is. @kernel xa_mark_t, include/linux/xarray.h */
export enum XaMark {
  MARK_0 = 0,
  MARK_1 = 1,
}

/** A node of an XArray. Behind it in memory lie its 64 slots. @kernel struct xa_node, include/linux/xarray.h */
@unmanaged
export class XaNode {
  /** Number of index bits below those that choose a slot of this node. */
  shift: u32;
  /** Slot of this node in its parent. */
  offset: u32;
  /** Number of slots that are not empty. */
  count: u32;
  /** The node above; null at the top. */
  parent: XaNode | null;
  /** The slots at or below which an entry has XaMark.MARK_0: one bit each. */
  marks_0: u64;
  /** The same for XaMark.MARK_1. */
  marks_1: u64;
}
