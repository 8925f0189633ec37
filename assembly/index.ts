/*
 * The door between host and kernel, on one page. Numbers cross it as i32 or f64; an f64 holds an integer, exact up to
 * 2^53. What is an input (it changes the machine, and belongs into the journal) is also to be had as a record, through
 * input() and replay(): both ways do the same.
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
import { disk_init } from "./drivers/disk";
import { eventfd_init } from "./fs/eventfd";
import { poll_init } from "./fs/poll_wqueues";
import { timerfd_init } from "./fs/timerfd";
import { eventpoll_init } from "./fs/eventpoll";
import { files_init, reserve_fd as reserve } from "./fs/file";
import { FaultKind } from "./include/mm_types";
import { find_task, fork_init } from "./kernel/fork";
import {
  host_init,
  host_timer_start,
  signal as send_signal,
  spawn as spawn_task,
  user_alloc as allocate_user_memory,
  user_load as load_user_memory,
  user_store as store_user_memory,
} from "./entry/host";
import { input as take, replay as take_all, submit as submit_call, syscall as make_call } from "./entry/input";
import { compute as compute_for, elapse as let_time_pass, run } from "./entry/entry";
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
import { flatfs_create, flatfs_init } from "./fs/flatfs";
import { filemap_fault_init } from "./mm/filemap_fault";
import { pagecache_init } from "./mm/filemap";
import { Scheduling } from "./include/sched";
import { choices as choices_to } from "./kernel/turns";
import { sched_init } from "./kernel/sched";
import { setup_fault_attr } from "./mm/fault_inject";
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

/** As syscall(), with arguments of 64 bits. */
export function syscall64(nr: i32, a0: i64, a1: i64, a2: i64, a3: i64, a4: i64, a5: i64): i32 {
  return make_call(nr, a0, a1, a2, a3, a4, a5);
}

/**
 * An adopted task, which must be outside in user mode, makes a system call.
 *
 * @returns  as syscall(): its own number if the call has completed; -ESRCH if it may not call now.
 */
export function submit(pid: i32, nr: i32, a0: i64, a1: i64, a2: i64, a3: i64, a4: i64, a5: i64): i32 {
  return submit_call(pid, nr, a0, a1, a2, a3, a4, a5);
}

/** The program that has the word computes. Unit: ns. @returns as syscall(). */
export function compute(duration: f64): i32 {
  kernel.inputs++;
  compute_for(<u64>duration);
  return run();
}

/** The machine goes on after other inputs. @returns as syscall(). */
export function schedule(): i32 {
  kernel.inputs++;
  return run();
}

/** Time passes up to the next due event, and it happens. @returns 1, or 0 if nothing is due ever. */
export function elapse(): i32 {
  kernel.inputs++;
  return let_time_pass();
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

/** Makes a task; its name is 16 bytes in the exchange window. @returns its number, -ESRCH, -ENOMEM. */
export function spawn(parent: i32, flags: i32, adopted: i32): i32 {
  kernel.inputs++;
  return spawn_task(parent, flags, adopted != 0, EXCHANGE_BASE);
}

/** Number of frames that nobody has, those included that the memory may yet grow by. Changes nothing. */
export function nr_free_pages(): u32 {
  return nr_free_frames();
}

/** Address of a task's struct TaskStruct, or 0. Changes nothing. */
export function task(pid: i32): usize {
  return changetype<usize>(find_task(pid));
}

/** Maps new memory for a task. @returns the user address, -ESRCH, -EINVAL, -ENOMEM. */
export function user_alloc(pid: i32, length: f64): f64 {
  kernel.inputs++;
  kernel.result = <f64>allocate_user_memory(pid, <u64>length);
  return kernel.result;
}

/** A program writes into its memory, from an address of the linear memory. @returns bytes written. */
export function user_store(pid: i32, address: f64, from: usize, n: usize): usize {
  kernel.inputs++;
  return store_user_memory(pid, <u64>address, from, n);
}

/** Reads a task's memory to an address of the linear memory. @returns bytes read. Changes nothing of the machine. */
export function user_load(pid: i32, address: f64, to: usize, n: usize): usize {
  return load_user_memory(pid, <u64>address, to, n);
}

/** A signal comes to a task, and interrupts its sleep. @returns 0 or -errno. */
export function signal(pid: i32, number: u32): i32 {
  kernel.inputs++;
  return send_signal(pid, number);
}

/**
 * Allocations are made to fail from now on.
 *
 * @param kind         FaultKind.
 * @param nth          which one fails, counted from now; 0: none.
 * @param probability  chance of each one that a system call or an interrupt makes. Unit: 2^-32.
 */
export function fail_allocation(kind: i32, nth: u32, probability: u32): void {
  kernel.inputs++;
  setup_fault_attr(<FaultKind>kind, nth, probability);
}

/** Something outside takes a descriptor number of a task. @returns 0 or -errno. */
export function reserve_fd(pid: i32, fd: i32): i32 {
  kernel.inputs++;
  return reserve(pid, fd);
}

/** A file appears; its name lies in the exchange window. @returns 0 or -errno. */
export function create_file(name_length: i32, size: f64, seed: f64): i32 {
  kernel.inputs++;
  return flatfs_create(EXCHANGE_BASE, name_length, <u64>size, <u64>seed);
}

/**
 * A client outside connects.
 *
 * @param window   its receive window in bytes; 0: the default.
 * @param digests  1: it digests what it receives instead of keeping it.
 * @returns        handle, -errno.
 */
export function wire_connect(port: u32, window: u32, digests: i32): i32 {
  kernel.inputs++;
  return wire.wire_connect(port, window, digests != 0);
}

/** A server outside listens at a port. @param digests 1: its connections digest what they receive. @returns 0, -errno. */
export function wire_listen(port: u32, digests: i32): i32 {
  kernel.inputs++;
  return wire.wire_listen(port, digests != 0);
}

/** The next packets of one direction are lost on the wire. @param outbound 1: from the machine. @returns 0. */
export function wire_drop(outbound: i32, count: u32): i32 {
  kernel.inputs++;
  return wire.wire_drop(outbound != 0, count);
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

/** A peer outside sends bytes that lie in the linear memory. @returns 0 or -errno. */
export function wire_send(handle: u32, from: usize, n: usize): i32 {
  kernel.inputs++;
  return wire.wire_send(handle, from, n);
}

/** A peer outside says that it will send no more. @returns 0 or -errno. */
export function wire_shutdown(handle: u32): i32 {
  kernel.inputs++;
  return wire.wire_shutdown(handle);
}

/** A peer outside closes. @returns 0 or -errno. */
export function wire_close(handle: u32): i32 {
  kernel.inputs++;
  return wire.wire_close(handle);
}

/** A peer outside breaks the connection off. @returns 0 or -errno. */
export function wire_reset(handle: u32): i32 {
  kernel.inputs++;
  return wire.wire_reset(handle);
}

/** A peer outside that had stopped reading reads on. @param window how much more in bytes; 0: all. @returns 0, -errno. */
export function wire_window(handle: u32, window: u32): i32 {
  kernel.inputs++;
  return wire.wire_window(handle, window);
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

/** The host wants the word at a time. Unit: ns since boot. @returns 0, -ENOMEM. */
export function wire_timer(at: f64, id: i32): i32 {
  kernel.inputs++;
  return host_timer_start(<u64>at, id);
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
