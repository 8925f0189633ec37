import { AddressSpaceOperations } from "../include/pagemap";
import { XArray } from "../include/xarray_types";
import { EpollEvent } from "../include/eventpoll";
import { FileKind, FileOperations, PollTable } from "../include/fs";
import { KmemCache } from "../include/mm_types";
import { ListHead } from "../include/list";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";

/** What the file system keeps for itself. */
@unmanaged
export class FsState {
  /** Cache of struct file. */
  filp_cachep: KmemCache;
  /** Cache of what regular files have beyond others. */
  file_pages_cachep: KmemCache;
  /** Cache of descriptor tables. */
  files_cachep: KmemCache;
  /** Cache of eventpolls. */
  ep_cache: KmemCache;
  /** Cache of watched items. */
  epi_cache: KmemCache;
  /** Cache of the items' places in wait queues. */
  pwq_cache: KmemCache;
  /** Cache of eventfds. */
  eventfd_cache: KmemCache;
  /** Cache of pipes. */
  pipe_cache: KmemCache;
  /** Cache of what has a name. */
  inode_cachep: KmemCache;
  /** Cache of timerfds. */
  timerfd_cache: KmemCache;
  /** Cache of what calls of poll() and select() keep. */
  poll_cache: KmemCache;
  /** Cache of their places in wait queues. */
  poll_entry_cache: KmemCache;

  /** Whom files tell of their readiness by a signal: FownStructs by File.f_sequence. Few files have one. */
  f_owners: XArray;
  /** Cache of what calls that move pages keep. */
  splice_cache: KmemCache;
  /** Cache of signalfds. */
  signalfd_cache: KmemCache;

  /** What can be done with a signalfd. */
  signalfd_fops: FileOperations;
  /** What can be done with an eventpoll. */
  eventpoll_fops: FileOperations;
  /** What can be done with an end of a pipe. */
  pipeanon_fops: FileOperations;
  /** What can be done with an eventfd. */
  eventfd_fops: FileOperations;
  /** What can be done with a timerfd. */
  timerfd_fops: FileOperations;
  /** What can be done with a regular file. */
  flatfs_file_operations: FileOperations;
  /** What the page cache asks of regular files. */
  flatfs_aops: AddressSpaceOperations;
  /** What can be done with /dev/null. */
  null_fops: FileOperations;
  /** What can be done with /dev/zero. */
  zero_fops: FileOperations;
  /** What can be done with a file that can only be named. */
  path_fops: FileOperations;
  /** What can be done with a descriptor that something outside has taken. */
  outside_fops: FileOperations;

  /** Number of open files. */
  nr_files: u32;
  /** Number that the last opened file was given. */
  f_sequence: u32;
  /** Number that the last inode was given. */
  last_ino: u32;
  /** (file) => void, an index into the function table: a watched file is closed. */
  eventpoll_release: u32;
  /** Items that may be watched in all. Linux's limit holds for each user; there is one here. */
  max_user_watches: u32;
  /** Items that are watched now. */
  epoll_watches: u32;
  /** Number of the last walk through nested eventpolls. */
  loop_check_gen: u32;
  /** Ways from a file up to outermost eventpolls, by length from 2 to 5: 16 bits each, while they are counted. */
  path_count: u64;
  // struct poll_table epq
  epq_qproc: u32;
  epq_key: u32;
  epq_context: usize;
  // struct epoll_event event
  event_events: u32;
  event_data_low: u32;
  event_data_high: u32;
  /** A number on its way between a program and an eventfd. */
  ucnt: u64;
  /** First of four numbers on their way between a program and a call that is given times. */
  words_0: u64;
  /** The second. */
  words_8: u64;
  /** The third. */
  words_16: u64;
  /** The fourth. */
  words_24: u64;
  // struct list_head inodes
  inodes_next: ListHead;
  inodes_prev: ListHead;

  /** How the wait queues of the file that is being inserted are remembered. */
  @embed @inline get epq(): PollTable {
    return changetype<PollTable>(changetype<usize>(this) + offsetof<FsState>("epq_qproc"));
  }
  /** Where the four numbers lie. */
  @inline get words(): usize {
    return changetype<usize>(this) + offsetof<FsState>("words_0");
  }
  /** An event on its way between a program and an eventpoll. */
  @embed @inline get event(): EpollEvent {
    return changetype<EpollEvent>(changetype<usize>(this) + offsetof<FsState>("event_events"));
  }
  /** All files with a name: Inode.i_list of each, in order of birth. */
  @embed @inline get inodes(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<FsState>("inodes_next"));
  }
}

/** The file system's state. */
export function fs_state(): FsState {
  return changetype<FsState>(kernel.fs);
}

/** Makes a table of operations that has none yet. There must be memory: machines are booted with enough. */
export function alloc_fops(kind: FileKind): FileOperations {
  let address = kzalloc(offsetof<FileOperations>());
  assert(address, "no memory to boot with");
  let fops = changetype<FileOperations>(address);
  fops.kind = kind;
  return fops;
}
