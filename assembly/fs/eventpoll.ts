import { CacheType } from "../include/mm_types";
import { Epitem, EppollEntry, Eventpoll, file_eventpoll } from "./eventpoll_types";
import { Errno } from "../include/errno";
import { File, FileKind, FMode } from "../include/fs";
import { OpenFlags } from "../include/fcntl";
import { Tp, enter, leave } from "../include/trace";
import { alloc_file, fd_install, get_unused_fd_flags, put_unused_fd } from "./file";
import { alloc_fops, fs_state } from "./internal";
import { current } from "../kernel/sched";
import { ep_eventpoll_poll } from "./eventpoll_ready";
import { ep_remove_all, eventpoll_release_file } from "./eventpoll_ctl";
import { init_waitqueue_head } from "../kernel/wait";
import { kernel } from "../include/kernel";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { noop_llseek } from "./read_write";

export { sys_epoll_ctl } from "./eventpoll_ctl";
export { sys_epoll_pwait, sys_epoll_pwait2, sys_epoll_wait } from "./eventpoll_wait";

/** What a watched item costs on Linux, where the greatest number of items is reckoned from. Unit: bytes. */
const EP_ITEM_COST: u64 = 184;
/** The part of the memory that items may take: one in so many. */
const EP_MEMORY_SHARE: u64 = 25;
/** Memory of a machine without a limit. Unit: bytes. */
const WHOLE_MEMORY: u64 = 1 << 32;

/** Makes what eventpolls need. @kernel eventpoll_init(), fs/eventpoll.c */
export function eventpoll_init(): void {
  let state = fs_state();
  state.ep_cache = kmem_cache_create(CacheType.Eventpoll, offsetof<Eventpoll>(), 8);
  state.epi_cache = kmem_cache_create(CacheType.Epitem, offsetof<Epitem>(), 8);
  state.pwq_cache = kmem_cache_create(CacheType.EppollEntry, offsetof<EppollEntry>(), 4);
  let bytes = <u64>kernel.memory_limit || WHOLE_MEMORY;
  state.max_user_watches = <u32>(bytes / EP_MEMORY_SHARE / EP_ITEM_COST);
  state.eventpoll_release = eventpoll_release_file.index;
  let fops = alloc_fops(FileKind.EVENTPOLL);
  fops.poll = ep_eventpoll_poll.index;
  fops.release = ep_eventpoll_release.index;
  fops.llseek = noop_llseek.index;
  fops.ioctl = ep_eventpoll_ioctl.index;
  state.eventpoll_fops = fops;
}

/** A new eventpoll without items; null if memory is exhausted. @kernel ep_alloc(), fs/eventpoll.c */
function ep_alloc(): Eventpoll | null {
  let address = kmem_cache_zalloc(fs_state().ep_cache);
  if (!address) return null;
  let ep = changetype<Eventpoll>(address);
  init_waitqueue_head(ep.wq);
  init_waitqueue_head(ep.poll_wait);
  ep.rdllist.init();
  ep.txlist.init();
  return ep;
}

/** Frees an eventpoll without items. @kernel ep_free(), fs/eventpoll.c */
function ep_free(ep: Eventpoll): void {
  kmem_cache_free(fs_state().ep_cache, changetype<usize>(ep));
}

/** The last reference to an eventpoll is gone. @kernel ep_eventpoll_release(), fs/eventpoll.c */
function ep_eventpoll_release(file: File): i32 {
  let ep = file_eventpoll(file);
  enter(Tp.ep_clear_and_put, changetype<usize>(ep), 0, 0);
  // No outer eventpoll watches it any more: their items went with the file. Nobody sleeps in it: a sleeper would hold
  // a reference.
  ep_remove_all(ep);
  ep_free(ep);
  return leave(0);
}

/** An eventpoll knows no requests. @kernel ep_eventpoll_ioctl(), fs/eventpoll.c */
function ep_eventpoll_ioctl(file: File, request: u32, argument: u64): i64 {
  return -Errno.EINVAL;
}

/** Makes an eventpoll. @returns its descriptor; -EINVAL, -ENOMEM, -EMFILE. @kernel do_epoll_create(), fs/eventpoll.c */
function do_epoll_create(flags: u32): i64 {
  enter(Tp.do_epoll_create, flags, 0, 0);
  if (flags & ~OpenFlags.CLOEXEC) return leave(-Errno.EINVAL);
  let ep = ep_alloc();
  if (!ep) return leave(-Errno.ENOMEM);
  let fd = get_unused_fd_flags(flags);
  if (fd < 0) {
    ep_free(ep);
    return leave(fd);
  }
  let mode = FMode.READ | FMode.WRITE;
  let file = alloc_file(fs_state().eventpoll_fops, OpenFlags.RDWR, mode, changetype<usize>(ep));
  if (!file) {
    put_unused_fd(fd);
    ep_free(ep);
    return leave(-Errno.ENOMEM);
  }
  ep.file = file;
  fd_install(fd, file);
  return leave(fd);
}

/** epoll_create(2): how many files will be watched is asked, but not heard. */
export function sys_epoll_create(): i64 {
  return <i32>current().di <= 0 ? -Errno.EINVAL : do_epoll_create(0);
}

/** epoll_create1(2). */
export function sys_epoll_create1(): i64 {
  return do_epoll_create(<u32>current().di);
}
