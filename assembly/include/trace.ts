import { CALL_STACK, Cpu } from "./sched";
import { TRACE_BASE, TRACE_RECORDS, kernel, monitor } from "./kernel";

/**
 * Everything that leaves a trace: kernel functions, by Linux's names, and single happenings inside them. `@args` says
 * what the three numbers of a record are.
 */
export enum Tp {
  /** Nothing. */
  none = 0,

  // entry: system calls
  /**
   * A task enters the kernel with a system call.
   * @args nr: syscall, arg0: number, arg1: number
   */
  sys_enter,
  /**
   * A task goes back to its program with the result.
   * @args nr: syscall, result: number
   */
  sys_exit,

  // lib: red-black trees. These stand in the middle of balancing: the tree may still break its rules.
  /**
   * Parent and uncle are red: both turn black, the grandparent turns red.
   * @args parent: RbNode, uncle: RbNode, grandparent: RbNode
   */
  rb_insert_case_1,
  /**
   * The uncle is black and the node is an inner grandchild: one rotation makes it an outer one.
   * @args parent: RbNode
   */
  rb_insert_case_2,
  /**
   * The uncle is black and the node is an outer grandchild: one rotation at the grandparent balances the tree.
   * @args parent: RbNode, grandparent: RbNode
   */
  rb_insert_case_3,
  /**
   * The sibling is red: one rotation gives the short side a black sibling.
   * @args parent: RbNode, sibling: RbNode
   */
  rb_erase_case_1,
  /**
   * The sibling and its children are black: the sibling turns red, and it is the parent's turn.
   * @args sibling: RbNode
   */
  rb_erase_case_2,
  /**
   * The sibling's inner child is red and its outer one black: one rotation makes the inner child the sibling.
   * @args sibling: RbNode, inner: RbNode
   */
  rb_erase_case_3,
  /**
   * The sibling's outer child is red: one rotation at the parent balances the tree.
   * @args parent: RbNode, sibling: RbNode, outer: RbNode
   */
  rb_erase_case_4,

  // kernel: tasks, waiting, time
  /**
   * A CPU goes on with another task.
   * @args prev: TaskStruct, next: TaskStruct
   */
  sched_switch,
  /**
   * A sleeping task is made runnable.
   * @args task: TaskStruct
   */
  try_to_wake_up,
  /**
   * A new task is made.
   * @args task: TaskStruct, flags: number
   */
  copy_process,
  /**
   * A task ends.
   * @args task: TaskStruct, code: number
   */
  do_exit,
  /**
   * A task puts itself on a wait queue, before it goes to sleep.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  prepare_to_wait,
  /**
   * A task puts itself at the end of a wait queue as an exclusive waiter, before it goes to sleep.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  prepare_to_wait_exclusive,
  /**
   * A task takes itself off a wait queue.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  finish_wait,
  /**
   * The task has nothing to do and gives up the CPU. `wchan` is the function that sleeps, as in /proc/PID/wchan.
   * @args task: TaskStruct, wchan: event, head: WaitQueueHead
   */
  schedule,
  /**
   * The waiters of a wait queue are called, from its head.
   * @args head: WaitQueueHead, key: poll
   */
  __wake_up_common,
  /**
   * A waiter's function wakes its task.
   * @args entry: WaitQueueEntry, task: TaskStruct
   */
  default_wake_function,
  /**
   * A waiter's function wakes its task and takes the waiter off the queue.
   * @args entry: WaitQueueEntry, task: TaskStruct
   */
  autoremove_wake_function,
  /**
   * A timer is due.
   * @args timer: Hrtimer
   */
  hrtimer_interrupt,

  /**
   * The alarm of a sleeping task goes off.
   * @args timer: Hrtimer, task: TaskStruct
   */
  hrtimer_wakeup,
  /**
   * A signal comes to a task.
   * @args task: TaskStruct, signal: number
   */
  signal_wake_up,
  /**
   * A task wants to sleep for a time.
   * @args nanoseconds: number
   */
  hrtimer_nanosleep,
  /**
   * A task lets the others go first.
   * @args task: TaskStruct
   */
  do_sched_yield,
  /**
   * The soft interrupts that are waiting are run.
   * @args pending: number
   */
  __do_softirq,
  /**
   * Several tasks could go on, and one of them is picked: by the machine's seed, or by hand.
   * @args task: TaskStruct, choices: number
   */
  sched_turn,
  /**
   * A signal is sent to a task or to its process.
   * @args task: TaskStruct, signal: number
   */
  send_signal_locked,
  /**
   * A signal that nobody wants to know of is dropped.
   * @args task: TaskStruct, signal: number
   */
  signal_ignored,
  /**
   * A signal is taken out of those that wait, to be acted on.
   * @args task: TaskStruct, signal: number, left: number
   */
  dequeue_signal,
  /**
   * A handler is set up: it runs before the program goes on.
   * @args task: TaskStruct, signal: number, depth: number
   */
  setup_rt_frame,
  /**
   * A handler has ended: what it had interrupted goes on.
   * @args task: TaskStruct, depth: number
   */
  restore_sigcontext,
  /**
   * A call that a signal had interrupted is made again.
   * @args nr: syscall, di: number, si: number
   */
  syscall_restart,
  /**
   * A signal stops a task.
   * @args task: TaskStruct, signal: number
   */
  do_signal_stop,
  /**
   * All threads of a process are to end.
   * @args task: TaskStruct, code: number, signal: number
   */
  do_group_exit,
  /**
   * The parent is told what has become of its child.
   * @args task: TaskStruct, parent: TaskStruct, signal: number
   */
  do_notify_parent,
  /**
   * Nothing is left of a task that has ended.
   * @args task: TaskStruct
   */
  release_task,
  /**
   * A task waits for a child to end.
   * @args pid: number
   */
  do_wait,
  /**
   * A kernel thread is made.
   * @args task: TaskStruct
   */
  kthread_run,
  /**
   * A kernel thread ends.
   * @args task: TaskStruct
   */
  kthread_exit,

  // mm
  /**
   * A page fault: the page is not mapped yet.
   * @args mm: MmStruct, page: number
   */
  handle_mm_fault,
  /**
   * A CPU copies bytes from the kernel to a program's memory.
   * @args to: number, from: address, bytes: bytes
   */
  copy_to_user,
  /**
   * A CPU copies bytes from a program's memory to the kernel.
   * @args to: address, from: number, bytes: bytes
   */
  copy_from_user,
  /**
   * An allocation of an object is made to fail, as somebody has asked for.
   * @args cache: KmemCache, bytes: bytes
   */
  should_failslab,
  /**
   * An allocation of frames is made to fail, as somebody has asked for.
   * @args order: number
   */
  should_fail_alloc_page,
  /**
   * Maps a file or new memory into an address space.
   * @args mm: MmStruct, pages: number, flags: number
   */
  do_mmap,
  /**
   * Takes a range out of an address space.
   * @args mm: MmStruct, page: number, pages: number
   */
  do_munmap,
  /**
   * Makes an area longer or shorter, or moves its pages to other addresses.
   * @args mm: MmStruct, page: number, pages: number
   */
  do_mremap,
  /**
   * Changes what a range may be used for.
   * @args mm: MmStruct, page: number, prot: number
   */
  do_mprotect,
  /**
   * A store to a page that others have too: it gets a copy of its own.
   * @args mm: MmStruct, page: number, frame: address
   */
  wp_page_copy,
  /**
   * A program's load or store finds no page, or one that it may not use so: the processor enters the kernel.
   * @args task: TaskStruct, page: number, write: number
   */
  exc_page_fault,
  /**
   * A fault in an area of a file looks for its page.
   * @args mapping: AddressSpace, index: number, tried: number
   */
  filemap_fault,
  /**
   * A page of a shared mapping is stored to for the first time since it was clean.
   * @args folio: Folio, index: number
   */
  filemap_page_mkwrite,

  // user: malloc. The arguments low and high are the halves of an address of the program.
  /**
   * A program asks for memory.
   * @args bytes: bytes
   */
  malloc,
  /**
   * Memory that was asked for is handed to the program.
   * @args low: number, high: number, bytes: bytes
   */
  malloc_return,
  /**
   * A program gives memory back.
   * @args low: number, high: number
   */
  free,
  /**
   * A program asks for memory that holds zeros.
   * @args bytes: bytes
   */
  calloc,
  /**
   * A program wants memory to be larger or smaller.
   * @args low: number, high: number, bytes: bytes
   */
  realloc,
  /**
   * A program asks for memory at a multiple of a power of two.
   * @args alignment: number, bytes: bytes
   */
  aligned_alloc,
  /**
   * A chunk is looked for that the tcache does not have: in the bins, the top, and last with the system.
   * @args bytes: bytes
   */
  _int_malloc,
  /**
   * A chunk is free: it goes to the tcache, to a fast bin, or is merged with its neighbours.
   * @args low: number, high: number, bytes: bytes
   */
  _int_free,
  /**
   * A chunk is taken out of the tcache: the one that came last.
   * @args low: number, high: number, bytes: bytes
   */
  tcache_get,
  /**
   * A chunk is put into the tcache.
   * @args low: number, high: number, bytes: bytes
   */
  tcache_put,
  /**
   * A chunk is put into the fast bin of its size.
   * @args low: number, high: number, bytes: bytes
   */
  fastbin_put,
  /**
   * A chunk is taken out of its bin.
   * @args low: number, high: number, bytes: bytes
   */
  unlink_chunk,
  /**
   * A chunk of the unsorted list is put into the bin of its size.
   * @args low: number, high: number, bytes: bytes
   */
  sort_chunk,
  /**
   * A chunk is cut in two: the rest goes to the unsorted list.
   * @args low: number, high: number, bytes: bytes
   */
  split_chunk,
  /**
   * A chunk is cut off the top.
   * @args low: number, high: number, bytes: bytes
   */
  split_top,
  /**
   * A free chunk becomes part of the top.
   * @args low: number, high: number, bytes: bytes
   */
  merge_top,
  /**
   * A free chunk, merged with its free neighbours, goes to the unsorted list.
   * @args low: number, high: number, bytes: bytes
   */
  unsorted_insert,
  /**
   * All chunks of the fast bins are merged with their neighbours.
   */
  malloc_consolidate,
  /**
   * Nothing in the heap is large enough: the system gives memory.
   * @args bytes: bytes
   */
  sysmalloc,
  /**
   * Much is free at the end of the heap: it is given back to the system.
   * @args bytes: bytes
   */
  systrim,
  /**
   * A chunk becomes a mapping of its own.
   * @args low: number, high: number, bytes: bytes
   */
  chunk_mmapped,
  /**
   * A chunk that was a mapping is freed: sizes up to its own come from the heap from now on.
   * @args low: number, high: number, bytes: bytes
   */
  mmap_threshold,
  /**
   * The library finds something wrong with the heap, and ends the process.
   * @args error: number
   */
  malloc_printerr,

  // user: ownership in C++
  /**
   * A C++ program allocates: operator new.
   * @args bytes: bytes
   */
  operator_new,
  /**
   * What operator new answers.
   * @args low: number, high: number, bytes: bytes
   */
  operator_new_return,
  /**
   * A C++ program gives memory back: operator delete.
   * @args low: number, high: number, bytes: bytes
   */
  operator_delete,
  /**
   * A statement of a C++ program begins, or the end of a block: its variables are destroyed, one by one.
   * @args line: number, alive: number
   */
  cpp_statement,
  /**
   * An object has been constructed.
   * @args low: number, high: number, type: number
   */
  cpp_constructor,
  /**
   * The destructor of an object runs.
   * @args low: number, high: number, type: number
   */
  cpp_destructor,
  /**
   * A deleter runs instead of delete.
   * @args low: number, high: number, type: number
   */
  cpp_deleter,
  /**
   * A control block is there: one owner.
   * @args low: number, high: number
   */
  __shared_count,
  /**
   * One more owner. The highest bit of high: the count was changed by an atomic instruction; so below.
   * @args low: number, high: number, count: number
   */
  _M_add_ref_copy,
  /**
   * One owner less.
   * @args low: number, high: number, count: number
   */
  _M_release,
  /**
   * One more observer.
   * @args low: number, high: number, count: number
   */
  _M_weak_add_ref,
  /**
   * One observer less, or the owners give up their share.
   * @args low: number, high: number, count: number
   */
  _M_weak_release,
  /**
   * The last owner is gone: the object dies.
   * @args low: number, high: number
   */
  _M_dispose,
  /**
   * Nobody looks at a control block any more: its memory is given back.
   * @args low: number, high: number
   */
  _M_destroy,
  /**
   * A program asks how many own an object.
   * @args count: number
   */
  use_count,
  /**
   * A program asks whether an object that it observes is gone.
   * @args expired: number
   */
  expired,

  // mm: page cache
  /**
   * A page of a file comes into the page cache: locked, and without its bytes yet.
   * @args mapping: AddressSpace, folio: Folio, index: number
   */
  filemap_add_folio,
  /**
   * A page of a file leaves the page cache.
   * @args mapping: AddressSpace, folio: Folio, index: number
   */
  filemap_remove_folio,
  /**
   * A file is read through the page cache.
   * @args file: File, bytes: bytes, position: number
   */
  filemap_read,
  /**
   * A reader finds a page in the page cache, with its bytes.
   * @args mapping: AddressSpace, folio: Folio, index: number
   */
  filemap_hit,
  /**
   * A reader finds that a page is not in the page cache.
   * @args mapping: AddressSpace, index: number
   */
  filemap_miss,
  /**
   * A reader reads one page itself that reading ahead has not brought.
   * @args mapping: AddressSpace, folio: Folio, index: number
   */
  filemap_read_folio,
  /**
   * A reader found nothing, and a window of pages is read ahead of it.
   * @args mapping: AddressSpace, index: number, wanted: number
   */
  page_cache_sync_ra,
  /**
   * A reader came to the page that is marked for it: the next window is read before it is needed.
   * @args mapping: AddressSpace, index: number, wanted: number
   */
  page_cache_async_ra,
  /**
   * Pages are asked of the disk that nobody has asked for yet.
   * @args mapping: AddressSpace, index: number, pages: number
   */
  page_cache_ra_unbounded,
  /**
   * The disk has read a page: it is unlocked, and holds its bytes if all went well.
   * @args folio: Folio, index: number, uptodate: number
   */
  folio_end_read,
  /**
   * A page is on the disk as it was when its writing began.
   * @args folio: Folio, index: number
   */
  folio_end_writeback,
  /**
   * A task waits for a page: until it is unlocked, or written.
   * @args folio: Folio, flag: number
   */
  folio_wait_bit,
  /**
   * Everybody who waits for a page is woken.
   * @args folio: Folio
   */
  folio_wake_bit,
  /**
   * A task waits until another one is done with a file that it changes, or with a position that they share.
   * @args object: number
   */
  wait_on_owner,
  /**
   * A file is written into the page cache.
   * @args file: File, bytes: bytes, position: number
   */
  generic_perform_write,
  /**
   * A file becomes shorter: what the page cache holds of it behind its new end goes away.
   * @args mapping: AddressSpace, size: number
   */
  truncate_pagecache,
  /**
   * Pages that nobody has changed are taken out of the page cache.
   * @args mapping: AddressSpace, from: number, to: number
   */
  invalidate_mapping_pages,
  /**
   * A program says how it will use a file.
   * @args inode: Inode, advice: number
   */
  generic_fadvise,

  // mm: which pages are used, looking for memory, writing back
  /**
   * A page comes onto a list of those that can be taken away: the inactive one, or the active one if it is missed.
   * @args folio: Folio, lru: number
   */
  folio_add_lru,
  /**
   * A page is used for the second time: it becomes active.
   * @args folio: Folio
   */
  folio_activate,
  /**
   * A page comes back that was taken away: its shadow tells how many others had to be outlived.
   * @args folio: Folio, distance: number, active: number
   */
  workingset_refault,
  /**
   * Who wants memory has to look for some.
   * @args order: number, free: number, wait: number
   */
  try_to_free_pages,
  /**
   * Little memory is left: the thread that looks for some is woken.
   * @args free: number
   */
  wakeup_kswapd,
  /**
   * A kernel thread looks for memory before there is none left.
   * @args free: number, high: number, priority: number
   */
  kswapd,
  /**
   * Pages from the end of the inactive list are looked at: what is clean and not used is taken away.
   * @args pages: number, inactive: number, active: number
   */
  shrink_inactive_list,
  /**
   * Pages from the end of the active list become inactive.
   * @args pages: number, inactive: number, active: number
   */
  shrink_active_list,
  /**
   * A page holds what the disk does not.
   * @args folio: Folio, index: number
   */
  folio_mark_dirty,
  /**
   * A page is on its way to the disk.
   * @args folio: Folio, index: number
   */
  folio_start_writeback,
  /**
   * Dirty pages of a file are given to the disk.
   * @args mapping: AddressSpace, from: number, to: number
   */
  do_writepages,
  /**
   * Much is dirty: the flusher is woken, and a task that writes may have to pause.
   * @args dirty: number, freerun: number, thresh: number
   */
  balance_dirty_pages,
  /**
   * A file has its first dirty page: it will be written back.
   * @args inode: Inode
   */
  __mark_inode_dirty,
  /**
   * The flusher, a kernel thread, looks for something to write back.
   * @args dirty: number, inodes: number, inode: Inode
   */
  wb_workfn,
  /**
   * What was written to a file goes to the disk, and the task waits for it.
   * @args file: File, start: number, end: number
   */
  file_write_and_wait_range,
  /**
   * What was written to any file goes to the disk, and the task waits for it.
   * @args inodes: number
   */
  ksys_sync,

  // fs
  /**
   * The lowest free descriptor number is looked for.
   * @args start: number
   */
  alloc_fd,
  /**
   * A descriptor begins to stand for a file.
   * @args fd: fd, file: File
   */
  fd_install,
  /**
   * A descriptor is taken out of the table.
   * @args fd: fd, file: File
   */
  file_close_fd,
  /**
   * A descriptor becomes another name of an open file.
   * @args file: File, fd: fd
   */
  do_dup2,
  /**
   * The descriptor table gets more slots.
   * @args files: FilesStruct, slots: number
   */
  expand_fdtable,
  /**
   * A descriptor table is copied: the files are shared from now on.
   * @args files: FilesStruct
   */
  dup_fd,
  /**
   * A task gives its descriptor table up.
   * @args files: FilesStruct
   */
  put_files_struct,
  /**
   * The last reference to a file is gone: it is released.
   * @args file: File
   */
  __fput,
  /**
   * The settings of a descriptor or a file are asked for or changed.
   * @args fd: fd, command: number, argument: number
   */
  do_fcntl,
  /**
   * A request that is neither reading nor writing is made to a file.
   * @args fd: fd, request: number
   */
  do_vfs_ioctl,
  /**
   * A file is read.
   * @args file: File, bytes: bytes
   */
  vfs_read,
  /**
   * A file is written.
   * @args file: File, bytes: bytes
   */
  vfs_write,
  /**
   * The position of a file is moved.
   * @args file: File, offset: number, whence: number
   */
  vfs_llseek,
  /**
   * Data is there that was not there before: the first phase of an input is over.
   * @args object: object, bytes: bytes, phase: phase
   */
  data_ready,
  /**
   * Data has been copied to the program: the second phase of an input is over.
   * @args object: object, bytes: bytes, phase: phase
   */
  data_copied,

  // fs: eventpoll
  /**
   * A new, empty eventpoll is made.
   * @args flags: number
   */
  do_epoll_create,
  /**
   * A program says which files it wants to watch, and for what.
   * @args epfd: fd, op: epollop, fd: fd
   */
  do_epoll_ctl,
  /**
   * An eventpoll begins to watch a file.
   * @args ep: Eventpoll, file: File, fd: fd
   */
  ep_insert,
  /**
   * An item waits for something else from now on.
   * @args ep: Eventpoll, epi: Epitem, events: poll
   */
  ep_modify,
  /**
   * An eventpoll stops watching a file.
   * @args ep: Eventpoll, epi: Epitem
   */
  ep_remove,
  /**
   * An item hangs itself into a wait queue of its file.
   * @args epi: Epitem, head: WaitQueueHead, wait: EppollEntry
   */
  ep_ptable_queue_proc,
  /**
   * The chain of eventpolls above and below is measured, and searched for a ring.
   * @args ep: Eventpoll, to: Eventpoll
   */
  ep_loop_check,
  /**
   * The ways from files up to the outermost eventpolls are counted.
   * @args file: File
   */
  reverse_path_check,
  /**
   * A watched file tells its item that something has happened.
   * @args epi: Epitem, key: poll
   */
  ep_poll_callback,
  /**
   * Those who watch the eventpoll itself are told.
   * @args ep: Eventpoll
   */
  ep_poll_safewake,
  /**
   * An item is appended to the ready list.
   * @args epi: Epitem, ep: Eventpoll
   */
  ep_ready,
  /**
   * An item becomes ready while the ready list is being read: it is put aside.
   * @args epi: Epitem, ep: Eventpoll
   */
  ep_overflow,
  /**
   * A task asks an eventpoll for events.
   * @args epfd: fd, maxevents: number
   */
  do_epoll_wait,
  /**
   * Events are delivered if there are any; otherwise the task gets ready to sleep.
   * @args ep: Eventpoll, maxevents: number
   */
  ep_poll,
  /**
   * The ready items are asked again and their events are handed out.
   * @args ep: Eventpoll, maxevents: number
   */
  ep_send_events,
  /**
   * The whole ready list becomes a batch.
   * @args ep: Eventpoll
   */
  ep_start_scan,
  /**
   * What is left of the batch goes back to the ready list.
   * @args ep: Eventpoll
   */
  ep_done_scan,
  /**
   * The file of an item is asked what is true now.
   * @args epi: Epitem, file: File
   */
  ep_item_poll,
  /**
   * An item turns out not to be ready: it leaves the ready list.
   * @args epi: Epitem
   */
  ep_unready,
  /**
   * An event is handed to the program.
   * @args epi: Epitem, events: poll, fd: fd
   */
  ep_deliver,
  /**
   * A level-triggered item stays in the ready list, at its end.
   * @args epi: Epitem, ep: Eventpoll
   */
  ep_requeue,
  /**
   * A one-shot item is switched off until it is modified.
   * @args epi: Epitem
   */
  ep_disarm,
  /**
   * A task puts itself in front of a wait queue as an exclusive waiter, before it goes to sleep.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  __add_wait_queue_exclusive,
  /**
   * A sleeper of epoll_wait is woken and taken off the wait queue.
   * @args entry: WaitQueueEntry, task: TaskStruct
   */
  ep_autoremove_wake_function,
  /**
   * Somebody asks whether an eventpoll itself has events.
   * @args ep: Eventpoll
   */
  ep_eventpoll_poll,
  /**
   * An eventpoll is closed: all its items go.
   * @args ep: Eventpoll
   */
  ep_clear_and_put,
  /**
   * A watched file is closed: its items go.
   * @args file: File
   */
  eventpoll_release_file,

  // fs: poll and select
  /**
   * A program asks about many descriptors with poll(), or goes on with that after a sleep.
   * @args nfds: number, again: number
   */
  do_sys_poll,
  /**
   * All files of a call of poll() are asked; if none is ready the task sleeps, and then all are asked again.
   * @args pwq: PollWqueues, nfds: number
   */
  do_poll,
  /**
   * One file of a call of poll() is asked.
   * @args fd: fd, events: poll
   */
  do_pollfd,
  /**
   * A call of poll() or select() hangs itself into a wait queue of a file.
   * @args file: File, head: WaitQueueHead, entry: PollTableEntry
   */
  __pollwait,
  /**
   * A wait queue is woken in which a call of poll() or select() hangs.
   * @args entry: PollTableEntry, key: poll
   */
  pollwake,
  /**
   * A call of poll() or select() has asked all files in vain, and its task goes to sleep.
   * @args pwq: PollWqueues, entries: number
   */
  poll_schedule_timeout,
  /**
   * A call of poll() or select() takes itself out of all wait queues.
   * @args pwq: PollWqueues, entries: number
   */
  poll_freewait,
  /**
   * A program asks about many descriptors with select(), or goes on with that after a sleep.
   * @args nfds: number, again: number
   */
  core_sys_select,
  /**
   * All files of a call of select() are asked; if none is ready the task sleeps, and then all are asked again.
   * @args pwq: PollWqueues, nfds: number
   */
  do_select,
  /**
   * One file of a call of select() is asked.
   * @args fd: fd
   */
  select_poll_one,

  // fs: pipes, eventfds, regular files
  /**
   * A pipe is made.
   * @args flags: number
   */
  do_pipe2,
  /**
   * Bytes are taken out of a pipe.
   * @args pipe: PipeInodeInfo, bytes: bytes
   */
  anon_pipe_read,
  /**
   * Bytes are put into a pipe.
   * @args pipe: PipeInodeInfo, bytes: bytes
   */
  anon_pipe_write,
  /**
   * Bytes are added to the newest slot of a pipe.
   * @args pipe: PipeInodeInfo, slot: PipeBuffer, bytes: bytes
   */
  pipe_buf_merge,
  /**
   * Bytes fill a fresh slot of a pipe.
   * @args pipe: PipeInodeInfo, slot: PipeBuffer, bytes: bytes
   */
  pipe_buf_add,
  /**
   * Bytes are read from the oldest slot of a pipe.
   * @args pipe: PipeInodeInfo, slot: PipeBuffer, bytes: bytes
   */
  pipe_buf_read,
  /**
   * The oldest slot of a pipe is empty and becomes free.
   * @args pipe: PipeInodeInfo
   */
  pipe_buf_release,
  /**
   * A pipe is asked what is true now.
   * @args pipe: PipeInodeInfo
   */
  pipe_poll,
  /**
   * One end of a pipe is closed.
   * @args pipe: PipeInodeInfo
   */
  pipe_release,
  /**
   * A pipe gets another number of slots.
   * @args pipe: PipeInodeInfo, slots: number
   */
  pipe_resize_ring,
  /**
   * An eventfd is made.
   * @args count: number, flags: number
   */
  do_eventfd,
  /**
   * The counter of an eventfd is taken.
   * @args ctx: EventfdCtx
   */
  eventfd_read,
  /**
   * The counter of an eventfd is raised.
   * @args ctx: EventfdCtx
   */
  eventfd_write,
  /**
   * The counter of an eventfd has another value now.
   * @args ctx: EventfdCtx, count: number
   */
  eventfd_count,
  /**
   * A task puts itself at the end of a wait queue as a plain waiter, before it goes to sleep.
   * @args head: WaitQueueHead, entry: WaitQueueEntry
   */
  do_wait_intr_irq,
  /**
   * An eventfd is asked what is true now.
   * @args ctx: EventfdCtx
   */
  eventfd_poll,
  /**
   * An eventfd is closed.
   * @args ctx: EventfdCtx
   */
  eventfd_release,
  /**
   * A file is opened by its name.
   * @args name: number, flags: number
   */
  do_sys_openat2,
  /**
   * A FIFO is opened: a name that stands for a pipe.
   * @args inode: Inode, flags: number
   */
  fifo_open,
  /**
   * A task that opens one end of a FIFO waits until somebody opens the other one.
   * @args pipe: PipeInodeInfo
   */
  wait_for_partner,
  /**
   * A file of any kind but a directory is made.
   * @args name: number, mode: number
   */
  do_mknodat,
  /**
   * A name is removed.
   * @args name: number
   */
  do_unlinkat,
  /**
   * A program is told what a file is: its kind, its size, its number.
   * @args file: File, inode: Inode
   */
  vfs_getattr,
  /**
   * A range of descriptors is closed.
   * @args from: fd, to: fd, flags: number
   */
  close_range,
  /**
   * The limits of a process are asked for or changed.
   * @args task: TaskStruct, resource: number
   */
  do_prlimit,

  // fs: splice
  /**
   * A slot of a pipe begins to refer to a page that others use as well.
   * @args pipe: PipeInodeInfo, slot: PipeBuffer, bytes: bytes
   */
  pipe_buf_share,
  /**
   * Slots are moved from one pipe to another.
   * @args ipipe: PipeInodeInfo, opipe: PipeInodeInfo, bytes: bytes
   */
  splice_pipe_to_pipe,
  /**
   * What is in one pipe is put into another as well.
   * @args ipipe: PipeInodeInfo, opipe: PipeInodeInfo, bytes: bytes
   */
  link_pipe,
  /**
   * A pipe is filled from a file.
   * @args file: File, pipe: PipeInodeInfo, bytes: bytes
   */
  do_splice_read,
  /**
   * A pipe gets references to pages of a file in the page cache.
   * @args file: File, pipe: PipeInodeInfo, bytes: bytes
   */
  filemap_splice_read,
  /**
   * A file is read into fresh pages, which a pipe gets.
   * @args file: File, pipe: PipeInodeInfo, bytes: bytes
   */
  copy_splice_read,
  /**
   * What is in a pipe is written to a file.
   * @args pipe: PipeInodeInfo, file: File, bytes: bytes
   */
  iter_file_splice_write,
  /**
   * What is in a pipe is taken out by a device that has no use for it.
   * @args pipe: PipeInodeInfo, file: File, bytes: bytes
   */
  splice_write_null,
  /**
   * A pipe gets references to pages of a program.
   * @args pipe: PipeInodeInfo, bytes: bytes
   */
  vmsplice_to_pipe,
  /**
   * What is in a pipe is copied to a program.
   * @args pipe: PipeInodeInfo, bytes: bytes
   */
  vmsplice_to_user,
  /**
   * Pages go from a file to another through the private pipe of the task.
   * @args pipe: PipeInodeInfo, in: File, out: File
   */
  splice_direct_to_actor,
  /**
   * A part of a file is copied to a place in another file.
   * @args in: File, out: File, bytes: bytes
   */
  vfs_copy_file_range,
  /**
   * What is in a pipe is sent through a socket.
   * @args pipe: PipeInodeInfo, file: File, bytes: bytes
   */
  splice_to_socket,
  /**
   * A pipe gets what has arrived on a connection.
   * @args sk: Sock, pipe: PipeInodeInfo, bytes: bytes
   */
  tcp_splice_read,
  /**
   * A pipe gets what has arrived at a UNIX stream socket.
   * @args sk: Sock, pipe: PipeInodeInfo, bytes: bytes
   */
  unix_stream_splice_read,
  /**
   * A pipe gets references to the frames of a packet.
   * @args skb: SkBuff, pipe: PipeInodeInfo, bytes: bytes
   */
  skb_splice_bits,

  // fs: timerfds
  /**
   * A timerfd is made.
   * @args clockid: number, flags: number
   */
  timerfd_create,
  /**
   * A timerfd is set.
   * @args ctx: TimerfdCtx, value: number, flags: number
   */
  do_timerfd_settime,
  /**
   * A timerfd is asked how long it is until it expires.
   * @args ctx: TimerfdCtx
   */
  do_timerfd_gettime,
  /**
   * The timer of a timerfd expires.
   * @args ctx: TimerfdCtx
   */
  timerfd_tmrproc,
  /**
   * The periods that a timerfd has missed are counted, and it is started for the next one.
   * @args ctx: TimerfdCtx, periods: number
   */
  timerfd_forward,
  /**
   * The number of expirations of a timerfd is taken.
   * @args ctx: TimerfdCtx
   */
  timerfd_read_iter,
  /**
   * A timerfd is asked what is true now.
   * @args ctx: TimerfdCtx
   */
  timerfd_poll,
  /**
   * A timerfd is closed.
   * @args ctx: TimerfdCtx
   */
  timerfd_release,

  // fs: signal-driven input and output, signalfds
  /**
   * Those who want to be told by a signal are told that a file is ready.
   * @args file: File, code: number
   */
  kill_fasync,
  /**
   * A task makes a signalfd, or gives one another set of signals.
   * @args fd: fd, flags: number
   */
  do_signalfd4,
  /**
   * A task wants to read signals.
   * @args ctx: SignalfdCtx
   */
  signalfd_read_iter,
  /**
   * A signalfd is asked whether signals wait.
   * @args ctx: SignalfdCtx
   */
  signalfd_poll,

  // drivers
  /**
   * A device has written into memory; no CPU took part.
   * @args to: address, bytes: bytes
   */
  dma_to_memory,
  /**
   * A device has read from memory; no CPU took part.
   * @args from: address, bytes: bytes
   */
  dma_from_memory,
  /**
   * The network card interrupts the CPU; its driver switches the interrupt off and will poll.
   * @args nic: Nic
   */
  nic_interrupt,
  /**
   * The driver asks for the soft interrupt that will look at the card.
   * @args nic: Nic
   */
  napi_schedule,
  /**
   * The driver has looked at everything and switches the card's interrupt on again.
   * @args nic: Nic
   */
  napi_complete,
  /**
   * A packet has arrived in the world outside.
   * @args peer: Peer, bytes: bytes, flags: number
   */
  wire_receive,
  /**
   * The driver gives the disk a command.
   * @args request: Request, bytes: bytes, op: reqop
   */
  disk_queue_rq,
  /**
   * The disk moves the bytes of a command between itself and memory; no CPU takes part.
   * @args request: Request, bytes: bytes, op: reqop
   */
  disk_transfer,
  /**
   * Sectors cannot be read or written.
   * @args request: Request, bio: Bio
   */
  disk_error,
  /**
   * The disk interrupts the CPU: it is done with a command, or wants words moved.
   * @args disk: DiskState
   */
  disk_interrupt,
  /**
   * The CPU moves words between a device and memory, one after the other.
   * @args address: address, bytes: bytes
   */
  pio_transfer,
  /**
   * A packet is lost on the wire, as the host has asked; its sender will send it again.
   * @args direction: WireDirection, bytes: bytes, seq: number
   */
  wire_drop,

  // block
  /**
   * A bio is handed in: sectors to be read or written.
   * @args bio: Bio, bytes: bytes, op: reqop
   */
  submit_bio,
  /**
   * A bio joins a waiting request that it is the neighbour of.
   * @args bio: Bio, request: Request, bytes: bytes
   */
  bio_attempt_merge,
  /**
   * A waiting request goes to the driver.
   * @args request: Request, bytes: bytes, op: reqop
   */
  blk_mq_start_request,
  /**
   * The disk is done with a request: its bios end, and the next requests go to the driver.
   * @args request: Request, bytes: bytes, op: reqop
   */
  blk_mq_end_request,
  /**
   * A bio has ended: who has handed it in is told.
   * @args bio: Bio, status: errno
   */
  bio_endio,
  /**
   * A CPU that cannot sleep waits for the disk.
   * @args disk: DiskState
   */
  blk_poll,

  // net: devices
  /**
   * A packet is given to its device.
   * @args skb: SkBuff, dev: NetDevice
   */
  dev_hard_start_xmit,
  /**
   * The machine sends to itself: the packet waits for the soft interrupt.
   * @args skb: SkBuff, bytes: bytes
   */
  loopback_xmit,
  /**
   * The driver gives a packet's pieces to the network card, by address: no CPU copies.
   * @args skb: SkBuff, bytes: bytes
   */
  eth_start_xmit,
  /**
   * The soft interrupt of receiving looks for packets.
   */
  net_rx_action,
  /**
   * The driver looks at everything that the network card has done.
   */
  napi_poll,
  /**
   * A received packet is handed to its protocol.
   * @args skb: SkBuff, bytes: bytes, dev: NetDevice
   */
  netif_receive_skb,

  // net: UNIX sockets
  /**
   * The core of a UNIX socket is made.
   * @args sk: Sock, type: number
   */
  unix_create1,
  /**
   * A UNIX socket gets a name.
   * @args sk: Sock, length: bytes
   */
  unix_bind,
  /**
   * A UNIX socket begins to listen.
   * @args sk: Sock, backlog: count
   */
  unix_listen,
  /**
   * A UNIX socket connects to a listening one: both ends are made at once.
   * @args sk: Sock, listener: Sock
   */
  unix_stream_connect,
  /**
   * Two UNIX sockets are joined.
   * @args a: Sock, b: Sock
   */
  unix_socketpair,
  /**
   * The oldest connection that waits in a UNIX socket is taken.
   * @args listener: Sock, sk: Sock
   */
  unix_accept,
  /**
   * A UNIX socket is taken apart: its peer hears of it.
   * @args sk: Sock, peer: Sock
   */
  unix_release_sock,
  /**
   * A direction of a UNIX socket is shut, and the same direction of its peer.
   * @args sk: Sock, how: number
   */
  unix_shutdown,
  /**
   * Bytes are sent on a UNIX stream: straight into the peer's receive queue.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  unix_stream_sendmsg,
  /**
   * Bytes are read from a UNIX stream.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  unix_stream_read_generic,
  /**
   * A message is sent to a UNIX socket: straight into the peer's receive queue.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  unix_dgram_sendmsg,
  /**
   * A message is read from a UNIX socket.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  unix_dgram_recvmsg,
  /**
   * The peer has read: there may be room to send.
   * @args sk: Sock, charged: bytes
   */
  unix_write_space,
  /**
   * A UNIX socket is asked what it is ready for.
   * @args sk: Sock
   */
  unix_poll,
  /**
   * A UNIX socket for messages is told where they go.
   * @args sk: Sock, length: bytes
   */
  unix_dgram_connect,
  /**
   * The program that receives a message gets descriptors for the files that came along.
   * @args files: number, room: bytes
   */
  scm_detach_fds,
  /**
   * UNIX sockets are looked for that only wait in each other's queues.
   * @args inflight: number
   */
  unix_gc,

  // net: sockets
  /**
   * A socket is made.
   * @args family: number, type: number, protocol: number
   */
  __sys_socket,
  /**
   * Two connected sockets are made.
   * @args family: number, type: number, protocol: number
   */
  __sys_socketpair,
  /**
   * A socket without a core and without a file is made.
   * @args sock: Socket
   */
  sock_alloc,
  /**
   * The new socket gets the operations of the one that listens.
   * @args sock: Socket, ops: ProtoOps
   */
  accept_ops_assigned,
  /**
   * A socket gets its file.
   * @args sock: Socket
   */
  sock_alloc_file,
  /**
   * A connection is accepted, for a descriptor that is reserved already.
   * @args file: File, fd: fd
   */
  do_accept,
  /**
   * A socket is given up.
   * @args sock: Socket, sk: Sock
   */
  sock_release,
  /**
   * A socket is asked what is true of it.
   * @args file: File, sock: Socket
   */
  sock_poll,
  /**
   * A socket receives.
   * @args sock: Socket, bytes: bytes, flags: number
   */
  sock_recvmsg,
  /**
   * A socket sends.
   * @args sock: Socket, bytes: bytes, flags: number
   */
  sock_sendmsg,
  /**
   * The core of a socket is set up: its queues, and the functions that tell of changes.
   * @args sk: Sock, sock: Socket
   */
  sock_init_data,
  /**
   * Data, or a connection, has arrived: who waits for that is told.
   * @args sk: Sock
   */
  sock_def_readable,
  /**
   * The state of a connection has changed: everybody who waits is told.
   * @args sk: Sock
   */
  sock_def_wakeup,
  /**
   * An error has come up: who waits is told.
   * @args sk: Sock, error: errno
   */
  sock_def_error_report,
  /**
   * There may be room in a send buffer.
   * @args sk: Sock
   */
  sock_def_write_space,
  /**
   * There is room in the send buffer of a stream: who waits for that is told.
   * @args sk: Sock
   */
  sk_stream_write_space,
  /**
   * A packet is appended to a queue.
   * @args skb: SkBuff, queue: SkBuffHead, bytes: bytes
   */
  skb_queue_tail,
  /**
   * Pages are appended to a packet by reference: nothing is copied.
   * @args skb: SkBuff, bytes: bytes
   */
  skb_splice_from_iter,
  /**
   * A call with MSG_ZEROCOPY begins; it will be known by its number.
   * @args uarg: UbufInfoMsgzc, sk: Sock, id: number
   */
  msg_zerocopy_alloc,
  /**
   * Nobody uses the pages of a call with MSG_ZEROCOPY any more: the program is told.
   * @args uarg: UbufInfoMsgzc, sk: Sock, zerocopy: number
   */
  msg_zerocopy_complete,
  /**
   * A packet reaches a receiver of this machine: the sender's pages are copied after all.
   * @args skb: SkBuff, bytes: bytes
   */
  skb_copy_ubufs,
  /**
   * A program reads the error queue of a socket.
   * @args sk: Sock
   */
  inet_recv_error,

  // net: inet
  /**
   * The core of an internet socket is made.
   * @args sock: Socket, family: number, protocol: number
   */
  inet_create,
  /**
   * An internet socket is given up.
   * @args sock: Socket, sk: Sock
   */
  inet_release,
  /**
   * A socket gets an address and a port.
   * @args sock: Socket, sk: Sock
   */
  inet_bind,
  /**
   * A socket begins to listen.
   * @args sock: Socket, sk: Sock, backlog: number
   */
  inet_listen,
  /**
   * A socket connects.
   * @args sock: Socket, sk: Sock, state: number
   */
  inet_stream_connect,
  /**
   * A connection is taken out of the accept queue and joined with a new socket.
   * @args sock: Socket, sk: Sock, newsock: Socket
   */
  inet_accept,
  /**
   * Sending, receiving or both are ended.
   * @args sock: Socket, sk: Sock, how: number
   */
  inet_shutdown,
  /**
   * A sock takes its place among those that listen.
   * @args sk: Sock, backlog: number
   */
  inet_csk_listen_start,
  /**
   * A listening sock ends: connections that were not accepted are reset.
   * @args sk: Sock, waiting: number
   */
  inet_csk_listen_stop,
  /**
   * The oldest connection of the accept queue is asked for.
   * @args sk: Sock, waiting: number
   */
  inet_csk_accept,
  /**
   * A finished connection is appended to the accept queue.
   * @args sk: Sock, req: RequestSock, child: Sock
   */
  inet_csk_reqsk_queue_add,
  /**
   * The oldest connection is taken off the accept queue.
   * @args sk: Sock, req: RequestSock, child: Sock
   */
  reqsk_queue_remove,
  /**
   * A request for a connection has waited too long for its last step.
   * @args req: RequestSock, times: number
   */
  reqsk_timer_handler,
  /**
   * A closed sock that nobody uses is taken apart.
   * @args sk: Sock
   */
  inet_csk_destroy_sock,
  /**
   * A connection is replaced by its small late end.
   * @args sk: Sock, state: number
   */
  inet_twsk_hashdance,
  /**
   * A packet goes through the network layer to its device.
   * @args skb: SkBuff, dev: NetDevice, bytes: bytes
   */
  ip_queue_xmit,

  // net: TCP
  /**
   * A connection to an address is begun.
   * @args sk: Sock
   */
  tcp_v4_connect,
  /**
   * The first packet of a connection is sent: SYN.
   * @args sk: Sock, source: port, dest: port
   */
  tcp_connect,
  /**
   * Bytes of a program are taken to be sent.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  tcp_sendmsg,
  /**
   * A program receives what has arrived.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  tcp_recvmsg,
  /**
   * A connection is asked what is true of it.
   * @args sk: Sock, state: number
   */
  tcp_poll,
  /**
   * What the other side has room for is sent.
   * @args sk: Sock, unsent: bytes
   */
  tcp_write_xmit,
  /**
   * A packet gets its header.
   * @args sk: Sock, skb: SkBuff, seq: number
   */
  __tcp_transmit_skb,
  /**
   * What has arrived is acknowledged.
   * @args sk: Sock, rcv_nxt: number
   */
  tcp_send_ack,
  /**
   * The end of the stream is sent.
   * @args sk: Sock, seq: number
   */
  tcp_send_fin,
  /**
   * The other side is told that the connection is gone.
   * @args sk: Sock
   */
  tcp_send_active_reset,
  /**
   * A packet that belongs to no connection is answered with a reset.
   * @args skb: SkBuff, source: port, dest: port
   */
  tcp_v4_send_reset,
  /**
   * A client's request is answered: SYN and ACK.
   * @args listener: Sock, req: RequestSock
   */
  tcp_v4_send_synack,
  /**
   * What was not acknowledged in time is sent again.
   * @args sk: Sock, seq: number, times: number
   */
  tcp_retransmit_skb,
  /**
   * The timer of a connection goes off.
   * @args sk: Sock, times: number
   */
  tcp_write_timer,
  /**
   * A packet of TCP has come.
   * @args skb: SkBuff, source: port, dest: port
   */
  tcp_v4_rcv,
  /**
   * A client's SYN has come to a listening sock.
   * @args sk: Sock, waiting: number, requests: number
   */
  tcp_conn_request,
  /**
   * A packet has come for a request for a connection.
   * @args listener: Sock, req: RequestSock
   */
  tcp_check_req,
  /**
   * A new connection takes in the packet that has finished its handshake.
   * @args listener: Sock, child: Sock
   */
  tcp_child_process,
  /**
   * A packet has come for a connection that is being made or ended.
   * @args sk: Sock, skb: SkBuff, state: number
   */
  tcp_rcv_state_process,
  /**
   * A packet has come for an established connection.
   * @args sk: Sock, skb: SkBuff, bytes: bytes
   */
  tcp_rcv_established,
  /**
   * An acknowledgement is taken in: sent packets are freed, the window is noted.
   * @args sk: Sock, ack: number, window: bytes
   */
  tcp_ack,
  /**
   * Data is appended to the receive queue.
   * @args sk: Sock, skb: SkBuff, bytes: bytes
   */
  tcp_queue_rcv,
  /**
   * The other side has ended its stream.
   * @args sk: Sock, state: number
   */
  tcp_fin,
  /**
   * The other side has reset the connection.
   * @args sk: Sock, state: number
   */
  tcp_reset,
  /**
   * The connection that this side has asked for is there.
   * @args sk: Sock
   */
  tcp_finish_connect,
  /**
   * A connection goes on to another state.
   * @args sk: Sock, old: number, new: number
   */
  tcp_set_state,
  /**
   * A connection stops sending.
   * @args sk: Sock, how: number
   */
  tcp_shutdown,
  /**
   * Nobody uses a connection any more: it is ended.
   * @args sk: Sock, state: number
   */
  tcp_close,
  /**
   * A connection is forgotten at once.
   * @args sk: Sock, state: number
   */
  tcp_disconnect,
  /**
   * A connection is over.
   * @args sk: Sock, state: number
   */
  tcp_done,
  /**
   * A packet has come for the late end of a connection.
   * @args tw: InetTimewaitSock, skb: SkBuff, state: number
   */
  tcp_timewait_state_process,
  /**
   * The urgent byte of a connection has come: it is kept aside.
   * @args sk: Sock, seq: number
   */
  tcp_urg,
  /**
   * A message of UDP is sent.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  udp_sendmsg,
  /**
   * A message of UDP is received by its program.
   * @args sk: Sock, bytes: bytes, flags: number
   */
  udp_recvmsg,
  /**
   * A message of UDP has arrived.
   * @args skb: SkBuff, source: port, dest: port
   */
  udp_rcv,
  /**
   * A UDP socket is asked what is true of it.
   * @args sk: Sock
   */
  udp_poll,

  // fs: asynchronous input and output
  /**
   * A context for asynchronous requests is made.
   * @args nr_events: number
   */
  ioctx_alloc,
  /**
   * A context is taken from its process.
   * @args ctx: Kioctx, reqs: number
   */
  kill_ioctx,
  /**
   * A context is freed.
   * @args ctx: Kioctx
   */
  free_ioctx,
  /**
   * A process that ends gives its contexts up.
   * @args mm: MmStruct
   */
  exit_aio,
  /**
   * One iocb is submitted.
   * @args ctx: Kioctx, opcode: number, fd: fd
   */
  io_submit_one,
  /**
   * A request reads.
   * @args req: AioKiocb, file: File, bytes: bytes
   */
  aio_read,
  /**
   * A request writes.
   * @args req: AioKiocb, file: File, bytes: bytes
   */
  aio_write,
  /**
   * A request makes sure that what was written is on the disk.
   * @args req: AioKiocb, file: File
   */
  aio_fsync,
  /**
   * A request waits, without sleeping, until something is true of its file.
   * @args req: AioKiocb, events: poll
   */
  aio_poll,
  /**
   * The wait queue of a file is woken in which a request waits.
   * @args req: AioKiocb, key: poll
   */
  aio_poll_wake,
  /**
   * A request that waits gives up.
   * @args req: AioKiocb
   */
  aio_poll_cancel,
  /**
   * A request is done: its event goes into the ring.
   * @args req: AioKiocb, ctx: Kioctx, res: errno
   */
  aio_complete,
  /**
   * A task waits for events of a context.
   * @args ctx: Kioctx, min_nr: number, nr: number
   */
  read_events,
  /**
   * Events are copied from the ring to a program.
   * @args ctx: Kioctx, head: number, tail: number
   */
  aio_read_events_ring,
  /**
   * The kernel itself adds 1 to an eventfd.
   * @args ctx: EventfdCtx
   */
  eventfd_signal,
  /**
   * A file is read or written past the page cache.
   * @args inode: Inode, count: bytes, pos: number
   */
  iomap_dio_rw,
  /**
   * The disk is done with a part of such a transfer.
   * @args dio: IomapDio, bytes: bytes, status: errno
   */
  iomap_dio_bio_end_io,
  /**
   * Such a transfer has ended.
   * @args dio: IomapDio, result: errno
   */
  iomap_dio_complete,
  /**
   * The second phase of an input is over without a CPU: the device has put the data into the program's memory itself.
   * @args object: object, bytes: bytes
   */
  data_placed,

  // io_uring
  /**
   * A task gets something to do before it goes on in its program.
   * @args task: TaskStruct
   */
  task_work_add,
  /**
   * A task does what it has to do before it goes on.
   * @args task: TaskStruct
   */
  task_work_run,
  /**
   * A ring is made.
   * @args sq_entries: number, cq_entries: number, flags: number
   */
  io_uring_create,
  /**
   * A program submits entries, or waits for completions.
   * @args ctx: IoRingCtx, to_submit: number, min_complete: number
   */
  io_uring_enter,
  /**
   * Buffers, files or the like are registered with a ring.
   * @args ctx: IoRingCtx, opcode: number, nr_args: number
   */
  io_uring_register,
  /**
   * Entries are taken from the submission queue.
   * @args ctx: IoRingCtx, nr: number
   */
  io_submit_sqes,
  /**
   * One entry becomes a request.
   * @args req: IoKiocb, ctx: IoRingCtx, opcode: number
   */
  io_submit_sqe,
  /**
   * A request is tried without waiting.
   * @args req: IoKiocb, opcode: number
   */
  io_queue_sqe,
  /**
   * What a request asks for is done.
   * @args req: IoKiocb, opcode: number
   */
  io_issue_sqe,
  /**
   * Completions of requests are handed in together.
   * @args ctx: IoRingCtx
   */
  io_submit_flush_completions,
  /**
   * A completion goes into the ring.
   * @args ctx: IoRingCtx, user_data: number, res: errno
   */
  io_uring_complete,
  /**
   * A request fails, and the next one of its chain with it.
   * @args req: IoKiocb, link: IoKiocb
   */
  io_uring_fail_link,
  /**
   * A request that would have had to wait is hung into the wait queue of its file.
   * @args req: IoKiocb, events: poll
   */
  io_arm_poll_handler,
  /**
   * The wait queue of a file is woken in which a request hangs.
   * @args req: IoKiocb, key: poll
   */
  io_poll_wake,
  /**
   * A request's task goes on with it, after its file has become ready.
   * @args req: IoKiocb, mask: poll
   */
  io_poll_task_func,
  /**
   * A request that hangs in a wait queue gives up.
   * @args req: IoKiocb
   */
  io_poll_cancel_req,
  /**
   * The time of a request is over.
   * @args req: IoKiocb
   */
  io_timeout_fn,
  /**
   * The time of a time limit is over.
   * @args req: IoKiocb
   */
  io_link_timeout_fn,
  /**
   * A request cancels others.
   * @args req: IoKiocb
   */
  io_async_cancel,
  /**
   * A request is given to a worker.
   * @args req: IoKiocb
   */
  io_queue_iowq,
  /**
   * A task waits for completions.
   * @args ctx: IoRingCtx, until: number
   */
  io_cqring_wait,
  /**
   * A ring is asked whether it is ready.
   * @args ctx: IoRingCtx
   */
  io_uring_poll,
  /**
   * The last reference to a ring's file is gone.
   * @args ctx: IoRingCtx, reqs: number
   */
  io_uring_release,
  /**
   * A ring is freed.
   * @args ctx: IoRingCtx
   */
  io_ring_ctx_free,
  /**
   * The thread of a ring looks for entries.
   * @args ctx: IoRingCtx, entries: number
   */
  io_sq_thread,
  /**
   * The thread of a ring has looked in vain for long enough, and sleeps.
   * @args ctx: IoRingCtx
   */
  io_sq_thread_idle,
}

/** One record of the ring. */
@unmanaged
export class TraceRecord {
  /** What happened: an event of Tp. */
  event: u16;
  /** Number of the CPU. */
  cpu: u8;
  /** Depth of that CPU's call stack. */
  depth: u8;
  /** The task that ran; 0: none. */
  pid: u32;
  /** When. Unit: ns since boot. */
  time: u64;
  a: u32;
  b: u32;
  c: u32;
  /** CpuContext. */
  context: u32;
}

/** Import of the host: called at the tick that it has asked for. It may throw, to stop the machine right there. */
declare function stop(): void;

/**
 * Says what is about to happen to a structure, before trace() tells that it has. Nobody hears of it in the kernel, and nothing is
 * left of it; where structures are tried out by hand (structures/heard_trace.ts), this is the moment to look at one.
 */
export function about(_event: Tp, _a: usize, _b: usize, _c: usize): void {}

/** Writes a record and counts it; stops the machine if the host wants it to stop here. */
export function trace(event: Tp, a: usize, b: usize, c: usize): void {
  if (!kernel.tracing) return;
  let tick = kernel.tick;
  let record = TRACE_BASE + (((<usize>tick) & (TRACE_RECORDS - 1)) << 5);
  let cpu = kernel.cpu;
  let task = cpu.curr;
  // Pairs of fields at once: half as many stores, and this is the hottest code there is.
  let head = (<u32>event) | (cpu.id << 16) | (cpu.depth << 24);
  store<u64>(record, (<u64>head) | (task ? (<u64>task.pid) << 32 : 0), offsetof<TraceRecord>("event"));
  store<u64>(record, cpu.clock, offsetof<TraceRecord>("time"));
  store<u64>(record, (<u64>a) | ((<u64>b) << 32), offsetof<TraceRecord>("a"));
  store<u64>(record, (<u64>c) | ((<u64>cpu.context) << 32), offsetof<TraceRecord>("c"));
  kernel.tick = ++tick;
  if (tick == monitor.stop_at) stop();
}

/** A kernel function begins: its time passes, it is put on the CPU's call stack, and leaves a record. */
export function enter(event: Tp, a: usize, b: usize, c: usize): void {
  let cpu = kernel.cpu;
  cpu.clock += kernel.costs.function;
  let depth = cpu.depth++;
  if (depth < CALL_STACK) store<u16>(changetype<usize>(cpu) + offsetof<Cpu>() + ((<usize>depth) << 1), <u16>event);
  trace(event, a, b, c);
}

/** A kernel function ends: `return leave(result)`. */
export function leave<T>(result: T): T {
  kernel.cpu.depth--;
  return result;
}

/** Lets virtual time pass on the CPU that runs. Unit: ns. */
export function charge(duration: u64): void {
  kernel.cpu.clock += duration;
}
