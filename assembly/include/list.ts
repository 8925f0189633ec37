/**
 * A node, or the head, of a circular doubly linked list.
 *
 *      +------------------------------------------+
 *      |  +------+      +--------+      +--------+ |
 *      +->| head |<---->| first  |<---->| last   |<+
 *         +------+      +--------+      +--------+
 *
 * Heads and nodes have the same type, and an empty list is a head that points at itself: no operation has to ask
 * whether a node is the first or the last. Methods that work on a whole list are called on its head.
 *
 * @kernel struct list_head, include/linux/types.h
 */
@unmanaged
export class ListHead {
  /** Next node, or the head itself after the last node; null once deleted. */
  next: ListHead;
  /** Previous node, or the head itself before the first node; null once deleted. */
  prev: ListHead;

  /** Makes this an empty list. @kernel INIT_LIST_HEAD(), include/linux/list.h */
  @inline init(): void {
    this.next = this;
    this.prev = this;
  }

  /** Whether the list has no node. @kernel list_empty(), include/linux/list.h */
  @inline get empty(): bool {
    return this.next === this;
  }

  /** Whether the list has exactly one node. @kernel list_is_singular(), include/linux/list.h */
  get is_singular(): bool {
    return !this.empty && this.next === this.prev;
  }

  /** Number of nodes, by walking the list. @kernel list_count_nodes(), include/linux/list.h */
  get count(): u32 {
    let count: u32 = 0;
    for (let link = this.next; link !== this; link = link.next) count++;
    return count;
  }

  /** Whether `node` is this list's first. @kernel list_is_first(), include/linux/list.h */
  @inline is_first(node: ListHead): bool {
    return node.prev === this;
  }

  /** Whether `node` is this list's last. @kernel list_is_last(), include/linux/list.h */
  @inline is_last(node: ListHead): bool {
    return node.next === this;
  }

  /** Inserts `node` behind this head: the list is a stack. @kernel list_add(), include/linux/list.h */
  @inline add(node: ListHead): void {
    list_insert(node, this, this.next);
  }

  /** Inserts `node` before this head: the list is a queue. @kernel list_add_tail(), include/linux/list.h */
  @inline add_tail(node: ListHead): void {
    list_insert(node, this.prev, this);
  }

  /** Unlinks this node; it may not be used as a list afterwards. @kernel list_del(), include/linux/list.h */
  del(): void {
    list_bridge(this.prev, this.next);
    this.next = changetype<ListHead>(0);
    this.prev = changetype<ListHead>(0);
  }

  /** Unlinks this node and leaves it as an empty list. @kernel list_del_init(), include/linux/list.h */
  del_init(): void {
    list_bridge(this.prev, this.next);
    this.init();
  }

  /** Takes `node` out of its list and makes it this list's first. @kernel list_move(), include/linux/list.h */
  move(node: ListHead): void {
    list_bridge(node.prev, node.next);
    this.add(node);
  }

  /** Takes `node` out of its list and makes it this list's last. @kernel list_move_tail(), include/linux/list.h */
  move_tail(node: ListHead): void {
    list_bridge(node.prev, node.next);
    this.add_tail(node);
  }

  /**
   * Takes the nodes from `first` to `last` out of their list and makes them the end of this one.
   *
   * @kernel list_bulk_move_tail(), include/linux/list.h
   */
  bulk_move_tail(first: ListHead, last: ListHead): void {
    list_bridge(first.prev, last.next);
    let tail = this.prev;
    list_bridge(tail, first);
    list_bridge(last, this);
  }

  /** Puts `node`, which is in no list, in the place of this one, which keeps its links. @kernel list_replace() */
  replace(node: ListHead): void {
    list_bridge(node, this.next);
    list_bridge(this.prev, node);
  }

  /** Puts `node` in the place of this one and leaves this one as an empty list. @kernel list_replace_init() */
  replace_init(node: ListHead): void {
    this.replace(node);
    this.init();
  }

  /** Exchanges the places of this node and another, of the same list or not. @kernel list_swap() */
  swap(other: ListHead): void {
    let before = other.prev;
    list_bridge(before, other.next);
    this.replace(other);
    // A neighbour of itself: `other` has just moved behind this node's old predecessor.
    if (before === this) before = other;
    list_insert(this, before, before.next);
  }

  /** Makes the first node the last. @kernel list_rotate_left(), include/linux/list.h */
  rotate_left(): void {
    if (!this.empty) this.move_tail(this.next);
  }

  /** Rotates the list until `node` is its first. @kernel list_rotate_to_front(), include/linux/list.h */
  rotate_to_front(node: ListHead): void {
    node.move_tail(this);
  }

  /**
   * Moves the nodes from the first up to and with `entry` into the list `into`, whose old nodes are lost.
   *
   * @param entry  A node of this list, or its head: then nothing is moved and `into` becomes empty.
   * @kernel list_cut_position(), include/linux/list.h
   */
  cut_position(entry: ListHead, into: ListHead): void {
    into.init();
    if (entry !== this) into.bulk_move_tail(this.next, entry);
  }

  /**
   * Moves the nodes before `entry` into the list `into`, whose old nodes are lost.
   *
   * @param entry  A node of this list, or its head: then all nodes are moved.
   * @kernel list_cut_before(), include/linux/list.h
   */
  cut_before(entry: ListHead, into: ListHead): void {
    into.init();
    if (this.next !== entry) into.bulk_move_tail(this.next, entry.prev);
  }

  /** Puts the nodes of `list` before this list's first; `list` needs init() after it. @kernel list_splice() */
  splice(list: ListHead): void {
    if (!list.empty) list_insert_all(list, this, this.next);
  }

  /** Puts the nodes of `list` before this list's first and empties `list`. @kernel list_splice_init() */
  splice_init(list: ListHead): void {
    this.splice(list);
    list.init();
  }

  /** Puts the nodes of `list` behind this list's last; `list` needs init() after it. @kernel list_splice_tail() */
  splice_tail(list: ListHead): void {
    if (!list.empty) list_insert_all(list, this.prev, this);
  }

  /** Puts the nodes of `list` behind this list's last and empties `list`. @kernel list_splice_tail_init() */
  splice_tail_init(list: ListHead): void {
    this.splice_tail(list);
    list.init();
  }
}

/** Makes two nodes neighbours. */
function list_bridge(prev: ListHead, next: ListHead): void {
  prev.next = next;
  next.prev = prev;
}

/** Inserts a node between two neighbours. */
function list_insert(node: ListHead, prev: ListHead, next: ListHead): void {
  next.prev = node;
  node.next = next;
  node.prev = prev;
  prev.next = node;
}

/** Inserts all nodes of a list that is not empty between two neighbours. */
function list_insert_all(list: ListHead, prev: ListHead, next: ListHead): void {
  let first = list.next;
  let last = list.prev;
  list_bridge(prev, first);
  list_bridge(last, next);
}

/**
 * Head of a list whose nodes know only their successor: half the size of a ListHead, for the buckets of hash tables.
 *
 * @kernel struct hlist_head, include/linux/types.h
 */
@unmanaged
export class HlistHead {
  /** First node; null while the list is empty. */
  first: HlistNode | null;

  /** Makes this an empty list. @kernel INIT_HLIST_HEAD(), include/linux/list.h */
  @inline init(): void {
    this.first = null;
  }

  /** Whether the list has no node. @kernel hlist_empty(), include/linux/list.h */
  @inline get empty(): bool {
    return !this.first;
  }

  /** Whether `node` is the only node of this list. @kernel hlist_is_singular_node(), include/linux/list.h */
  is_singular_node(node: HlistNode): bool {
    return !node.next && node.pprev === changetype<usize>(this) + offsetof<HlistHead>("first");
  }

  /** Makes `node` this list's first. @kernel hlist_add_head(), include/linux/list.h */
  add_head(node: HlistNode): void {
    hlist_insert(node, changetype<usize>(this) + offsetof<HlistHead>("first"));
  }

  /** Takes over all nodes of `old`, which is left empty; this list's own nodes are lost. @kernel hlist_move_list() */
  move_list(old: HlistHead): void {
    let first = old.first;
    this.first = first;
    if (first) first.pprev = changetype<usize>(this) + offsetof<HlistHead>("first");
    old.first = null;
  }
}

/**
 * A node of a hash bucket. It does not know its predecessor, but the address of the pointer that points at it.
 *
 *      head                node              node
 *      +-------+           +-------+         +-------+
 *      | first |---------->| next  |-------->| next  |---> null
 *      +-------+<----------| pprev |<--------| pprev |
 *                          +-------+  (next) +-------+
 *
 * @kernel struct hlist_node, include/linux/types.h
 */
@unmanaged
export class HlistNode {
  /** Next node; null at the end. */
  next: HlistNode | null;
  /** Address of the pointer that points at this node: HlistHead.first or HlistNode.next; 0 while in no list. */
  pprev: usize;

  /** Makes this a node of no list. @kernel INIT_HLIST_NODE(), include/linux/list.h */
  @inline init(): void {
    this.next = null;
    this.pprev = 0;
  }

  /** Whether the node is in no list. @kernel hlist_unhashed(), include/linux/list.h */
  @inline get unhashed(): bool {
    return !this.pprev;
  }

  /** Inserts `node` before this one. @kernel hlist_add_before(), include/linux/list.h */
  add_before(node: HlistNode): void {
    hlist_insert(node, this.pprev);
  }

  /** Inserts `node` behind this one. @kernel hlist_add_behind(), include/linux/list.h */
  add_behind(node: HlistNode): void {
    hlist_insert(node, changetype<usize>(this) + offsetof<HlistNode>("next"));
  }

  /** Unlinks this node, if it is in a list. @kernel hlist_del_init(), include/linux/list.h */
  del_init(): void {
    if (this.unhashed) return;
    let next = this.next;
    store<usize>(this.pprev, changetype<usize>(next));
    if (next) next.pprev = this.pprev;
    this.init();
  }
}

/** Inserts a node where the pointer at the address `link` points. */
function hlist_insert(node: HlistNode, link: usize): void {
  let next = changetype<HlistNode | null>(load<usize>(link));
  node.next = next;
  node.pprev = link;
  store<usize>(link, changetype<usize>(node));
  if (next) next.pprev = changetype<usize>(node) + offsetof<HlistNode>("next");
}
