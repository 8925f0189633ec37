/*
 * Test-only entry: the kernel, with more system calls that hand bios in.
 */
// First, so that the layouts stand in the order in which the kernel has them.
import { boot as boot_kernel } from "../../assembly/index";
import { Bio, SECTOR_SHIFT } from "../../assembly/include/blkdev";
import { Errno } from "../../assembly/include/errno";
import { PAGE_SIZE } from "../../assembly/include/mm_types";
import { TaskState } from "../../assembly/include/sched";
import { WaitQueueHead } from "../../assembly/include/wait";
import { bio_add_page, bio_alloc, bio_put } from "../../assembly/block/bio";
import { blk_finish_plug, blk_poll, blk_start_plug, submit_bio } from "../../assembly/block/blk_core";
import { current, schedule } from "../../assembly/kernel/sched";
import {
  disk_alloc_extent,
  disk_extent_blocks,
  disk_fill,
  disk_free_extent,
  disk_truncate_extent,
} from "../../assembly/drivers/disk_extent";
import { disk_fail_next } from "../../assembly/drivers/disk_fault";
import { init_waitqueue_head, prepare_to_wait, wake_up_all } from "../../assembly/kernel/wait";
import { kernel } from "../../assembly/include/kernel";
import { kfree, kmalloc, kzalloc } from "../../assembly/mm/slab";
import { ktime_get } from "../../assembly/kernel/time";

export * from "../../assembly/index";

/** A bio on its way. Its fields are read by the test at fixed offsets. */
@unmanaged
class Ticket {
  done: u32;
  status: i32;
  buffer: usize;
  bytes: u32;
  /** When it was handed in, and when it ended. Unit: ns since boot. */
  begun: u64;
  ended: u64;
  /** How many had ended before. */
  rank: u32;
}

/** What the test's calls share; the host finds it in no struct. */
@unmanaged
class Bench {
  pending: u32;
  ended: u32;
  head: WaitQueueHead;
}

/** The machine has a place for it where no system call is: numbers are below 512. */
function bench(): Bench {
  return changetype<Bench>(load<usize>(kernel.sys_call_table + (511 << 2)));
}

function end(bio: Bio): void {
  let ticket = changetype<Ticket>(bio.bi_private);
  ticket.done = 1;
  ticket.status = bio.bi_status;
  ticket.ended = ktime_get();
  ticket.rank = bench().ended++;
  bio_put(bio);
  if (!--bench().pending) wake_up_all(bench().head);
}

/** (op, extent, sector, sectors, pattern): hands a bio in; what is written consists of the pattern. */
function sys_submit(): i64 {
  let task = current();
  let bytes = (<u32>task.r10) << SECTOR_SHIFT;
  let at = kzalloc(offsetof<Ticket>());
  let buffer = bytes ? kmalloc(bytes) : 0;
  let bio = bio_alloc(bytes >> 12, <u32>task.di);
  if (!at || (bytes && !buffer) || !bio) return -Errno.ENOMEM;
  memory.fill(buffer, <u8>task.r8, bytes);
  let ticket = changetype<Ticket>(at);
  ticket.buffer = buffer;
  ticket.bytes = bytes;
  ticket.begun = ktime_get();
  for (let done: u32 = 0; done < bytes;) {
    let part = min<u32>(bytes - done, <u32>PAGE_SIZE - ((<u32>buffer + done) & 0xfff));
    bio_add_page(bio, buffer + done, part);
    done += part;
  }
  bio.bi_sector = ((<u64>task.si) << 35) + <u64>task.dx;
  bio.bi_end_io = end.index;
  bio.bi_private = at;
  bench().pending++;
  submit_bio(bio);
  return <i64>at;
}

/** Sleeps until all have ended. */
function sys_wait_all(): i64 {
  if (!bench().pending) return 0;
  prepare_to_wait(bench().head, TaskState.UNINTERRUPTIBLE);
  return schedule();
}

function sys_poll_disk(): i64 {
  return blk_poll() ? 1 : 0;
}

function sys_extent(): i64 {
  return <i64>(disk_alloc_extent(<u64>current().di, <u64>current().si) >> 35);
}

function sys_free(): i64 {
  let ticket = changetype<Ticket>(<usize>current().di);
  kfree(ticket.buffer);
  kfree(changetype<usize>(ticket));
  return 0;
}

function sys_plug(): i64 {
  if (current().di) blk_start_plug();
  else blk_finish_plug();
  return 0;
}

/** (op, extent, first sector, last sector, count) */
function sys_fault(): i64 {
  let base = (<u64>current().si) << 35;
  return disk_fail_next(<u32>current().di, base + <u64>current().dx, base + <u64>current().r10, <u32>current().r8);
}

function sys_truncate_extent(): i64 {
  disk_truncate_extent((<u64>current().di) << 35, <u64>current().si);
  return 0;
}

function sys_free_extent(): i64 {
  disk_free_extent((<u64>current().di) << 35);
  return 0;
}

function sys_extent_blocks(): i64 {
  return <i64>disk_extent_blocks((<u64>current().di) << 35);
}

/** (extent, offset, bytes, pattern): as the world outside does it. */
function sys_fill(): i64 {
  let bytes = <usize>current().dx;
  let from = kmalloc(bytes);
  memory.fill(from, <u8>current().r10, bytes);
  let done = disk_fill((<u64>current().di) << 35, <u64>current().si, from, bytes);
  kfree(from);
  return done ? 0 : -Errno.ENOSPC;
}

function install(number: u32, call: u32): void {
  store<u32>(kernel.sys_call_table + ((<usize>number) << 2), call);
}

export function boot(cpus: i32, seed: f64, tracing: i32, limit: f64, poison: i32, scheduling: i32): i32 {
  let result = boot_kernel(cpus, seed, tracing, limit, poison, scheduling);
  if (result) return result;
  install(500, sys_submit.index);
  install(501, sys_wait_all.index);
  install(502, sys_poll_disk.index);
  install(503, sys_extent.index);
  install(504, sys_free.index);
  install(505, sys_plug.index);
  install(506, sys_fault.index);
  install(507, sys_truncate_extent.index);
  install(508, sys_free_extent.index);
  install(509, sys_extent_blocks.index);
  install(510, sys_fill.index);
  let at = kzalloc(offsetof<Bench>());
  let head = changetype<WaitQueueHead>(kzalloc(offsetof<WaitQueueHead>()));
  changetype<Bench>(at).head = head;
  init_waitqueue_head(head);
  store<usize>(kernel.sys_call_table + (511 << 2), at);
  return 0;
}
