import { Bio, BioVec, REQ_OP_MASK, ReqOp, Request, gendisk } from "../include/blkdev";
import { CacheType } from "../include/mm_types";
import { DiskExtent, DiskFault, DiskKind, DiskState, disk } from "./disk_types";
import { DeviceFlags } from "../include/devices";
import { Errno } from "../include/errno";
import { Hrtimer, KTIME_MAX } from "../include/time";
import { Tp, enter, leave, trace } from "../include/trace";
import { account_dma, account_task_dma } from "./dma";
import { disk_begin } from "./disk_time";
import { disk_fails } from "./disk_fault";
import { pio_attend, pio_move } from "./disk_pio";
import { disk_move } from "./disk_extent";
import { handle_irq, hardware_timer_init, hrtimer_cancel, hrtimer_start } from "../kernel/time";
import { kernel } from "../include/kernel";
import { kmem_cache_create, kzalloc } from "../mm/slab";

/*
 * The disk and its driver. The block layer gives the driver a request (queue_rq), the disk works on it while CPUs do
 * something else, moves the bytes straight between its blocks and the memory, and interrupts; the driver gives the request back.
 */

/** Commands that a flash disk works on at once. */
const CHANNELS: u32 = 16;

/** Sets the disk up, as the machine's DeviceFlags say. */
export function disk_init(): void {
  kernel.disk = kzalloc(offsetof<DiskState>());
  let state = disk();
  state.commands.init();
  state.done.init();
  state.faults.init();
  state.kind = kernel.devices & DeviceFlags.ROTATING_DISK ? DiskKind.ROTATING : DiskKind.FLASH;
  state.pio = kernel.devices & DeviceFlags.PIO;
  state.channels = CHANNELS;
  state.channel_free = kzalloc((<usize>CHANNELS) << 3);
  hardware_timer_init(state.timer, disk_finished.index);
  kmem_cache_create(CacheType.DiskExtent, offsetof<DiskExtent>(), 8);
  kmem_cache_create(CacheType.DiskFault, offsetof<DiskFault>(), 8);
}

/** The driver gives the disk a command: (request) => void. @kernel nvme_queue_rq(), drivers/nvme/host/pci.c */
export function disk_queue_rq(request: Request): void {
  enter(Tp.disk_queue_rq, changetype<usize>(request), request.data_len, request.cmd_flags & REQ_OP_MASK);
  let state = disk();
  request.finish = 0;
  state.commands.add_tail(request.queuelist);
  if (state.pio && (request.cmd_flags & REQ_OP_MASK) == ReqOp.WRITE) pio_move(state, request);
  disk_begin(state, kernel.cpu.clock);
  arm(state);
  leave(0);
}

/** Waits for the command that is finished first. */
function arm(state: DiskState): void {
  let first = KTIME_MAX;
  for (let link = state.commands.next; link !== state.commands; link = link.next) {
    let finish = Request.of_queuelist(link).finish;
    if (finish && finish < first) first = finish;
  }
  if (first == KTIME_MAX) hrtimer_cancel(state.timer);
  else if (!state.timer.queued || state.timer.expires != first) hrtimer_start(state.timer, first);
}

/** Commands are finished: the disk moves their bytes, begins with others, and interrupts. */
function disk_finished(timer: Hrtimer): void {
  let state = disk();
  if (!state.pio) transfer_finished(state, timer.expires);
  if (!state.polled) handle_irq(disk_interrupt.index, changetype<usize>(state));
}

/** The disk moves the bytes of the commands that are finished, and begins with others. */
function transfer_finished(state: DiskState, now: u64): void {
  for (let link = state.commands.next; link !== state.commands;) {
    let request = Request.of_queuelist(link);
    link = link.next;
    if (!request.finish || request.finish > now) continue;
    transfer(state, request);
    if (state.active === request) state.active = null;
    state.done.move_tail(request.queuelist);
  }
  disk_begin(state, now);
  arm(state);
}

/** The disk moves the bytes of a command. */
function transfer(state: DiskState, request: Request): void {
  let op = request.cmd_flags & REQ_OP_MASK;
  if (op == ReqOp.FLUSH) return;
  let bytes: u32 = 0;
  // Bios of several tasks may have become one request: each has its part of the transfer.
  let pid: u32 = 0;
  let of_task: u32 = 0;
  let next = request.bio;
  while (next) {
    let bio: Bio = next;
    next = bio.bi_next;
    if (bio.bi_pid != pid) {
      if (of_task) account_task_dma(of_task, pid);
      pid = bio.bi_pid;
      of_task = 0;
    }
    bio.bi_status = disk_fails(state, bio) ? -Errno.EIO : move_bio(bio);
    if (bio.bi_status) trace(Tp.disk_error, changetype<usize>(request), changetype<usize>(bio), 0);
    else of_task += bio.bi_size;
    if (!bio.bi_status) bytes += bio.bi_size;
  }
  if (!bytes) return;
  account_dma(bytes);
  if (of_task) account_task_dma(of_task, pid);
  trace(Tp.disk_transfer, changetype<usize>(request), bytes, op);
}

/** The disk moves the bytes of a bio. @returns 0 or -errno. */
function move_bio(bio: Bio): i32 {
  let offset: u32 = 0;
  for (let i: u32 = 0; i < bio.bi_vcnt; i++) {
    let piece = changetype<BioVec>(bio.bi_io_vec + <usize>i * offsetof<BioVec>());
    let error = disk_move(bio, offset, piece.bv_address, piece.bv_len);
    if (error) return error;
    offset += piece.bv_len;
  }
  return 0;
}

/** The driver's interrupt handler. */
function disk_interrupt(address: usize): void {
  enter(Tp.disk_interrupt, address, 0, 0);
  attend(disk());
  leave(0);
}

/** The driver looks at the disk: words that wait are moved, commands that are done are given back. */
function attend(state: DiskState): void {
  if (state.pio) {
    let request = Request.of_queuelist(state.commands.next);
    if (pio_attend(state, request)) {
      state.active = null;
      state.done.move_tail(request.queuelist);
    }
    arm(state);
  }
  while (!state.done.empty) {
    let request = Request.of_queuelist(state.done.next);
    request.queuelist.del_init();
    call_indirect<void>(gendisk().complete, request);
  }
}

/**
 * A CPU waits for the disk by looking at it, without an interrupt: its time passes until a command is finished.
 *
 * @returns  false if the disk has nothing to do.
 */
export function disk_poll(): bool {
  let state = disk();
  if (!state.timer.queued) return false;
  let cpu = kernel.cpu;
  state.polled = 1;
  hrtimer_cancel(state.timer);
  cpu.clock = max(cpu.clock, state.timer.expires);
  disk_finished(state.timer);
  state.polled = 0;
  attend(state);
  return true;
}
