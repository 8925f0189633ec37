/*
 * The door between host and kernel, on one page. Numbers cross it as i32 or f64; an f64 holds an integer, exact up to
 * 2^53. What is an input (it changes the machine, and belongs into the journal) comes as a record, through input() and
 * replay(); a system call without bytes also comes through syscall(), which does the same.
 */
import { EXCHANGE_BASE, EXCHANGE_SIZE, NR_CPUS, SECTIONS_BASE, kernel } from "./include/kernel";
import { blk_init } from "./block/blk_core";
import { aio_init } from "./fs/aio";
import { chr_dev_init } from "./fs/mem";
import { open_init } from "./fs/open";
import { Counters } from "./include/counters";
import { Costs, default_costs } from "./include/costs";
import { Errno } from "./include/errno";
import { InputRecord } from "./include/input";
import { digest as digest_to } from "./entry/digest";
import { fingerprint as fingerprint_of_state } from "./entry/fingerprint";
import { disk_digest as digest_disk } from "./entry/disk_digest";
import { disk_init } from "./drivers/disk";
import { eventfd_init } from "./fs/eventfd";
import { poll_init } from "./fs/poll_wqueues";
import { timerfd_init } from "./fs/timerfd";
import { eventpoll_init } from "./fs/eventpoll";
import { files_init } from "./fs/file";
import { find_task, fork_init } from "./kernel/fork";
import { library_init } from "./entry/library";
import { host_init, user_load as load_user_memory } from "./entry/host";
import { input as take, replay as take_all, syscall as make_call } from "./entry/input";
import { kmem_cache_init, kzalloc, slab_set_poison } from "./mm/slab";
import { io_uring_init } from "./io_uring/io_uring";
import { KTIME_MAX } from "./include/time";
import { mmap_init } from "./mm/vma";
import { shmem_init } from "./mm/shmem";
import { net_init } from "./net/socket";
import { next_awaited_event, next_event as next_due, timers_init } from "./kernel/time";
import { nic_init } from "./drivers/nic";
import { nr_free_pages as nr_free_frames, page_alloc_init } from "./mm/page_alloc";
import { pipe_init } from "./fs/pipe";
import { sendfile_init } from "./fs/sendfile";
import { splice_init } from "./fs/splice_desc";
import { flatfs_peek, flatfs_size } from "./fs/flatfs_world";
import { flatfs_init } from "./fs/flatfs";
import { filemap_fault_init } from "./mm/filemap_fault";
import { pagecache_init } from "./mm/filemap";
import { Scheduling } from "./include/sched";
import { choices as choices_to } from "./kernel/turns";
import { sched_init } from "./kernel/sched";
import { super_init } from "./fs/super";
import { vmscan_init } from "./mm/vmscan";
import { writeback_init } from "./fs/fs_writeback";
import { seed_random } from "./lib/random";
import { signals_init } from "./kernel/signal_queue";
import { fasync_init } from "./fs/fasync";
import { signalfd_init } from "./fs/signalfd";
import { softirq_init } from "./kernel/softirq";
import { syscall_table_init } from "./entry/syscall_table";
import * as wire from "./drivers/world";
import { peer_of } from "./drivers/peer_table";

/**
 * Says what devices the machine is to have, before boot().
 *
 * @param devices      DeviceFlags.
 * @param queue_depth  how many commands the disk takes at once, 1 to 64.
 */
export function attach(devices: u32, queue_depth: u32): void {
  kernel.devices = devices;
  kernel.queue_depth = queue_depth;
}

/**
 * Starts the machine. To be called once, before anything but attach().
 *
 * @param cpus          1 to 64.
 * @param tracing       1: tracepoints are written.
 * @param memory_limit  ceiling of the memory in bytes; 0: 4 GiB.
 * @param poison        1: freed objects are overwritten, to find uses after free.
 * @param scheduling    who says which task goes on: Scheduling.
 * @returns             0, -EINVAL, -ENOMEM.
 */
export function boot(cpus: i32, seed: f64, tracing: i32, memory_limit: f64, poison: i32, scheduling: i32): i32 {
  if (cpus < 1 || cpus > <i32>NR_CPUS || scheduling < 0 || scheduling > Scheduling.STEP) return -Errno.EINVAL;
  kernel.memory_limit = <usize>memory_limit;
  kernel.high_water = SECTIONS_BASE;
  kernel.seed = <u64>seed;
  seed_random(<u64>seed);
  if (!page_alloc_init() || !kmem_cache_init()) return -Errno.ENOMEM;
  slab_set_poison(poison != 0);
  kernel.counters = changetype<Counters>(kzalloc(offsetof<Counters>()));
  kernel.costs = changetype<Costs>(kzalloc(offsetof<Costs>()));
  default_costs(kernel.costs);
  timers_init();
  softirq_init();
  sched_init(cpus, scheduling);
  mmap_init();
  shmem_init();
  fork_init();
  signals_init();
  files_init();
  eventpoll_init();
  pipe_init();
  splice_init();
  sendfile_init();
  eventfd_init();
  fasync_init();
  signalfd_init();
  poll_init();
  timerfd_init();
  vmscan_init();
  writeback_init();
  super_init();
  pagecache_init();
  filemap_fault_init();
  flatfs_init();
  chr_dev_init();
  aio_init();
  open_init();
  disk_init();
  blk_init();
  net_init();
  nic_init();
  io_uring_init();
  host_init();
  library_init();
  syscall_table_init();
  kernel.tracing = tracing ? 1 : 0;
  return 0;
}

/**
 * The program that has the word makes a system call. Arguments are integers.
 *
 * @returns  who goes on: > 0: the program of the task with this number, whose last call has Kernel.result; 0: nothing
 *           can run without time passing; -1: a timer of the host went off, its number is Kernel.result; -1000: several
 *           tasks could go on, and the host has to choose (choices()).
 */
export function syscall(nr: i32, a0: f64, a1: f64, a2: f64, a3: f64, a4: f64, a5: f64): i32 {
  return make_call(nr, <i64>a0, <i64>a1, <i64>a2, <i64>a3, <i64>a4, <i64>a5);
}

/**
 * When the next event is due. Unit: ns since boot; -1: never, or all that is due is work that can wait, such as the
 * writing back of files. Changes nothing.
 */
export function next_event(): f64 {
  let at = next_awaited_event();
  return at == KTIME_MAX ? -1 : <f64>at;
}

/** When the next event is due, work that can wait included. Unit: ns since boot; -1: never. Changes nothing. */
export function next_deferred(): f64 {
  let at = next_due();
  return at == KTIME_MAX ? -1 : <f64>at;
}

/** Number of frames that nobody has, those included that the memory may yet grow by. Changes nothing. */
export function nr_free_pages(): u32 {
  return nr_free_frames();
}

/** Address of a task's struct TaskStruct, or 0. Changes nothing. */
export function task(pid: i32): usize {
  return changetype<usize>(find_task(pid));
}

/** Reads a task's memory to an address of the linear memory. @returns bytes read. Changes nothing of the machine. */
export function user_load(pid: i32, address: f64, to: usize, n: usize): usize {
  return load_user_memory(pid, <u64>address, to, n);
}

/** Size of the regular file whose name lies in the exchange window; -1: there is none. Changes nothing. */
export function file_size(name_length: i32): f64 {
  return <f64>flatfs_size(EXCHANGE_BASE, name_length);
}

/**
 * Looks at what lies on the disk where a file does, whose name lies in the exchange window. Changes nothing.
 *
 * @param offset  in the file, in bytes; a multiple of 4096, also n.
 * @param to      address in the linear memory.
 * @returns       0, -ENOENT.
 */
export function disk_read(name_length: i32, offset: f64, to: usize, n: usize): i32 {
  return flatfs_peek(EXCHANGE_BASE, name_length, <u64>offset, to, n) ? 0 : -Errno.ENOENT;
}

/**
 * Digest of what lies on the disk where a file does, whose name lies in the exchange window, as that of a peer who has
 * received it; 0: there is no such file. Changes nothing but the exchange window.
 */
export function disk_digest(name_length: i32): u64 {
  return digest_disk(name_length);
}

/** Handle of the n-th connection, from 0, of the server outside at a port; 0: not so many. Changes nothing. */
export function wire_accepted(port: u32, n: u32): u32 {
  return wire.wire_accepted(port, n);
}

/** Address of the struct Peer with a handle, or 0. Changes nothing. */
export function wire_peer(handle: u32): usize {
  return changetype<usize>(peer_of(handle));
}

/** Reads what a peer outside has received so far. @returns bytes read. Changes nothing of the machine. */
export function wire_read(handle: u32, offset: f64, to: usize, n: usize): usize {
  return wire.wire_read(handle, <u64>offset, to, n);
}

/** The digest of what a peer outside has received, if it does not keep that. Changes nothing of the machine. */
export function wire_digest(handle: u32): u64 {
  return wire.wire_digest(handle);
}

/**
 * Puts the numbers of the tasks that could go on into the exchange window, 4 bytes each, and changes nothing of the
 * machine.
 *
 * @returns  how many there are; the window has room for 16384.
 */
export function choices(): u32 {
  return choices_to(EXCHANGE_BASE, <u32>(EXCHANGE_SIZE >> 2));
}

/**
 * Puts the fingerprint of the machine's state, 8 bytes, into the exchange window: what decides how it can go on.
 * Changes nothing of the machine.
 */
export function fingerprint(): void {
  store<u64>(EXCHANGE_BASE, fingerprint_of_state());
}

/** Puts the hash of the machine, 16 bytes, into the exchange window. Changes nothing of the machine. */
export function digest(): void {
  digest_to(EXCHANGE_BASE);
}

/** Takes one input as a record. @returns what its own function answers. */
export function input(record: usize): i32 {
  return take(changetype<InputRecord>(record));
}

/** Takes all inputs of a stretch of journal. @returns what the last one answered. */
export function replay(address: usize, length: usize): i32 {
  return take_all(address, length);
}
