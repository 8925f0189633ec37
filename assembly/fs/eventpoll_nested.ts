import { Epitem, Eventpoll, file_eventpoll, is_file_epoll } from "./eventpoll_types";
import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { HlistNode } from "../include/list";
import { Tp, enter, leave } from "../include/trace";
import { fs_state } from "./internal";
import { rb_first_cached, rb_next } from "../lib/rbtree";

/*
 * An eventpoll can watch eventpolls. Rings would make wake-ups go round for ever, long chains exhaust the stack, and
 * many ways up from one file would make every wake-up slow, so epoll_ctl(EPOLL_CTL_ADD) refuses all three. The walks
 * here go down the trees of items and up the lists File.f_ep; none is deeper than EP_MAX_NESTS + 2 levels.
 */

/** Greatest number of links in a chain of eventpolls. @kernel EP_MAX_NESTS, fs/eventpoll.c */
const EP_MAX_NESTS: u32 = 4;
/**
 * Greatest number of ways from a file to outermost eventpolls, by length from 2 to 5: 16 bits each. There may be any
 * number of length 1.
 *
 * @kernel path_limits, fs/eventpoll.c
 */
const PATH_LIMITS: u64 = 500 | (100 << 16) | ((<u64>50) << 32) | ((<u64>10) << 48);

/** Begins a new walk: no eventpoll has been come by. */
function begin_walk(): void {
  fs_state().loop_check_gen++;
}

/** Whether the walk came by an eventpoll already; from now on it did. */
function came_by(ep: Eventpoll): bool {
  let gen = fs_state().loop_check_gen;
  if (ep.gen == gen) return true;
  ep.gen = gen;
  return false;
}

/**
 * Levels of eventpolls below one; more than EP_MAX_NESTS if there are too many, or if `forbidden` is among them.
 *
 * @param level  how deep the walk is.
 * @kernel ep_loop_check_proc(), fs/eventpoll.c
 */
function levels_below(ep: Eventpoll, forbidden: Eventpoll, level: u32): u32 {
  if (came_by(ep)) return ep.loop_check_depth;
  let depth: u32 = 0;
  let node = rb_first_cached(ep.rbr);
  while (node && depth <= EP_MAX_NESTS) {
    let file = Epitem.of_rbn(node).ffd_file;
    node = rb_next(node);
    if (!is_file_epoll(file)) continue;
    let below = file_eventpoll(file);
    if (below === forbidden || level > EP_MAX_NESTS) depth = EP_MAX_NESTS + 1;
    else depth = max(depth, levels_below(below, forbidden, level + 1) + 1);
  }
  ep.loop_check_depth = depth;
  return depth;
}

/** Levels of eventpolls above one. @kernel ep_get_upwards_depth_proc(), fs/eventpoll.c */
function levels_above(ep: Eventpoll): u32 {
  if (came_by(ep)) return ep.loop_check_depth;
  let depth: u32 = 0;
  let node = ep.file.f_ep.first;
  while (node) {
    depth = max(depth, levels_above(Epitem.of_fllink(node).ep) + 1);
    node = node.next;
  }
  ep.loop_check_depth = depth;
  return depth;
}

/**
 * Whether an eventpoll may watch another one.
 *
 * @returns  0; -ELOOP if that would make a ring, or a chain of more than five.
 * @kernel ep_loop_check(), fs/eventpoll.c
 */
export function ep_loop_check(ep: Eventpoll, to: Eventpoll): i32 {
  enter(Tp.ep_loop_check, changetype<usize>(ep), changetype<usize>(to), 0);
  begin_walk();
  let below = levels_below(to, ep, 0);
  // Nothing above `ep` is below `to`, or the walk down would have come by `ep`: one walk is enough for both.
  let fits = below <= EP_MAX_NESTS && below + 1 + levels_above(ep) <= EP_MAX_NESTS;
  return leave(fits ? 0 : -Errno.ELOOP);
}

/** Counts one way up that has `links` links. @returns whether there are not too many. @kernel path_count_inc() */
function count_path(links: u32): bool {
  if (links == 1) return true;
  let state = fs_state();
  let shift = (<u64>(links - 2)) << 4;
  state.path_count += (<u64>1) << shift;
  return ((state.path_count >> shift) & 0xffff) <= ((PATH_LIMITS >> shift) & 0xffff);
}

/** Counts all ways up from a list of items. @returns whether there are not too many. @kernel reverse_path_check_proc() */
function count_paths(first: HlistNode | null, links: u32): bool {
  if (links > EP_MAX_NESTS + 1) return false;
  let node = first;
  while (node) {
    let outer = Epitem.of_fllink(node).ep.file.f_ep;
    let few = outer.empty ? count_path(links) : count_paths(outer.first, links + 1);
    if (!few) return false;
    node = node.next;
  }
  return true;
}

/** Whether there are not too many ways up from a file that is no eventpoll. */
function file_paths_are_few(file: File): bool {
  fs_state().path_count = 0;
  return count_paths(file.f_ep.first, 1);
}

/** Whether there are not too many ways up from all files that are watched by an eventpoll or by those below it. */
function paths_below_are_few(ep: Eventpoll): bool {
  if (came_by(ep)) return true;
  let node = rb_first_cached(ep.rbr);
  while (node) {
    let file = Epitem.of_rbn(node).ffd_file;
    let few = is_file_epoll(file) ? paths_below_are_few(file_eventpoll(file)) : file_paths_are_few(file);
    if (!few) return false;
    node = rb_next(node);
  }
  return true;
}

/**
 * Whether a file may be watched as it is now, the newest item included.
 *
 * @returns  0; -EINVAL if there are too many ways from a file up to outermost eventpolls.
 * @kernel reverse_path_check(), fs/eventpoll.c
 */
export function reverse_path_check(file: File): i32 {
  enter(Tp.reverse_path_check, changetype<usize>(file), 0, 0);
  begin_walk();
  let few = is_file_epoll(file) ? paths_below_are_few(file_eventpoll(file)) : file_paths_are_few(file);
  return leave(few ? 0 : -Errno.EINVAL);
}
