import { HlistHead, HlistNode, ListHead } from "../../../assembly/include/list";

function list(address: usize): ListHead {
  return changetype<ListHead>(address);
}

function hlist(address: usize): HlistHead {
  return changetype<HlistHead>(address);
}

function hnode(address: usize): HlistNode {
  return changetype<HlistNode>(address);
}

export function list_init(head: usize): void {
  list(head).init();
}
export function list_empty(head: usize): bool {
  return list(head).empty;
}
export function list_is_singular(head: usize): bool {
  return list(head).is_singular;
}
export function list_count(head: usize): u32 {
  return list(head).count;
}
export function list_is_first(head: usize, node: usize): bool {
  return list(head).is_first(list(node));
}
export function list_is_last(head: usize, node: usize): bool {
  return list(head).is_last(list(node));
}
export function list_add(head: usize, node: usize): void {
  list(head).add(list(node));
}
export function list_add_tail(head: usize, node: usize): void {
  list(head).add_tail(list(node));
}
export function list_del(node: usize): void {
  list(node).del();
}
export function list_del_init(node: usize): void {
  list(node).del_init();
}
export function list_move(head: usize, node: usize): void {
  list(head).move(list(node));
}
export function list_move_tail(head: usize, node: usize): void {
  list(head).move_tail(list(node));
}
export function list_bulk_move_tail(head: usize, first: usize, last: usize): void {
  list(head).bulk_move_tail(list(first), list(last));
}
export function list_replace(old: usize, node: usize): void {
  list(old).replace(list(node));
}
export function list_replace_init(old: usize, node: usize): void {
  list(old).replace_init(list(node));
}
export function list_swap(one: usize, other: usize): void {
  list(one).swap(list(other));
}
export function list_rotate_left(head: usize): void {
  list(head).rotate_left();
}
export function list_rotate_to_front(head: usize, node: usize): void {
  list(head).rotate_to_front(list(node));
}
export function list_cut_position(head: usize, entry: usize, into: usize): void {
  list(head).cut_position(list(entry), list(into));
}
export function list_cut_before(head: usize, entry: usize, into: usize): void {
  list(head).cut_before(list(entry), list(into));
}
export function list_splice(head: usize, other: usize): void {
  list(head).splice(list(other));
}
export function list_splice_init(head: usize, other: usize): void {
  list(head).splice_init(list(other));
}
export function list_splice_tail(head: usize, other: usize): void {
  list(head).splice_tail(list(other));
}
export function list_splice_tail_init(head: usize, other: usize): void {
  list(head).splice_tail_init(list(other));
}

/** The node behind a node, if the two agree that they are neighbours; 0 if not. */
export function list_next(node: usize): usize {
  let next = list(node).next;
  return next.prev === list(node) ? changetype<usize>(next) : 0;
}
/** Breaks the backward link of a node, for the test of the checker. */
export function list_break(node: usize): void {
  list(node).prev = list(node);
}

export function hlist_init(head: usize): void {
  hlist(head).init();
}
export function hlist_node_init(node: usize): void {
  hnode(node).init();
}
export function hlist_empty(head: usize): bool {
  return hlist(head).empty;
}
export function hlist_unhashed(node: usize): bool {
  return hnode(node).unhashed;
}
export function hlist_is_singular_node(head: usize, node: usize): bool {
  return hlist(head).is_singular_node(hnode(node));
}
export function hlist_add_head(head: usize, node: usize): void {
  hlist(head).add_head(hnode(node));
}
export function hlist_add_before(node: usize, place: usize): void {
  hnode(place).add_before(hnode(node));
}
export function hlist_add_behind(node: usize, place: usize): void {
  hnode(place).add_behind(hnode(node));
}
export function hlist_del_init(node: usize): void {
  hnode(node).del_init();
}
export function hlist_move_list(head: usize, old: usize): void {
  hlist(head).move_list(hlist(old));
}
/** First node of a bucket; 0 if there is none, 1 if it does not point back. */
export function hlist_first(head: usize): usize {
  let first = hlist(head).first;
  if (!first) return 0;
  return first.pprev == head + offsetof<HlistHead>("first") ? changetype<usize>(first) : 1;
}
/** The node behind a node; 0 if there is none, 1 if it does not point back. */
export function hlist_next(node: usize): usize {
  let next = hnode(node).next;
  if (!next) return 0;
  return next.pprev == node + offsetof<HlistNode>("next") ? changetype<usize>(next) : 1;
}
