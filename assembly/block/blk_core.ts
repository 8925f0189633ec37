import {
  Bio,
  GenDisk,
  NR_REQUESTS,
  REQ_OP_MASK,
  Request,
  RequestQueue,
  RequestState,
  gendisk,
} from "../include/blkdev";
import { Tp, charge, enter, leave } from "../include/trace";
import { bio_endio, bio_init } from "./bio";
import { blk_attempt_merge } from "./blk_merge";
import { DEFAULT_QUEUE_DEPTH, DeviceFlags } from "../include/devices";
import { Errno } from "../include/errno";
import { disk_poll, disk_queue_rq } from "../drivers/disk";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";

/*
 * The block layer: bios become requests, neighbours one request, and requests commands of the disk, in their order and as
 * many at once as the disk takes.
 *
 *   submit_bio --> RequestQueue.waiting --> disk_queue_rq --> the disk --> blk_mq_end_request --> bio_endio
 *                  (may still grow)         (queue_depth at most)
 */

/** Sets up the machine's disk for the block layer. */
export function blk_init(): void {
  bio_init();
  kernel.block = kzalloc(offsetof<GenDisk>());
  let disk = gendisk();
  let q = changetype<RequestQueue>(kzalloc(offsetof<RequestQueue>()));
  q.free.init();
  q.waiting.init();
  // Without DMA, a disk has one place for the bytes of one command.
  if (kernel.devices & DeviceFlags.PIO) q.queue_depth = 1;
  else q.queue_depth = kernel.queue_depth ? kernel.queue_depth : DEFAULT_QUEUE_DEPTH;
  disk.queue = q;
  disk.queue_rq = disk_queue_rq.index;
  disk.complete = blk_mq_end_request.index;
  disk.poll = blk_poll.index;
}

/** Makes the requests of a queue, which live as long as the machine. @returns whether there was memory for them. */
function make_requests(q: RequestQueue): bool {
  let at = kzalloc(NR_REQUESTS * offsetof<Request>());
  if (!at) return false;
  q.requests = changetype<Request>(at);
  for (let tag: u32 = 0; tag < NR_REQUESTS; tag++, at += offsetof<Request>()) {
    let request = changetype<Request>(at);
    request.q = q;
    request.tag = tag;
    q.free.add_tail(request.queuelist);
  }
  return true;
}

/**
 * Hands in a bio. When it has ended, bi_status says how, and bi_end_io is called: in the disk's interrupt, in a CPU's
 * blk_poll(), or at once if there is no memory for any request.
 *
 * @kernel submit_bio(), block/blk-core.c
 */
export function submit_bio(bio: Bio): void {
  enter(Tp.submit_bio, changetype<usize>(bio), bio.bi_size, bio.bi_opf & REQ_OP_MASK);
  let q = bio.bi_disk.queue;
  let task = kernel.cpu.curr;
  bio.bi_pid = task ? task.pid : 0;
  bio.bi_next = null;
  q.nr_bios++;
  if (!q.requests && !make_requests(q)) {
    bio.bi_status = -Errno.ENOMEM;
    bio_endio(bio);
  } else if (!blk_attempt_merge(q, bio)) {
    if (q.bio_first || q.free.empty) wait_for_request(q, bio);
    else insert(q, bio);
    if (!q.plugged) blk_mq_run_hw_queue(q);
  }
  leave(0);
}

/** A bio waits until a request is free. */
function wait_for_request(q: RequestQueue, bio: Bio): void {
  if (q.bio_last) q.bio_last!.bi_next = bio;
  else q.bio_first = bio;
  q.bio_last = bio;
}

/** Makes a bio a waiting request. There must be a free one. */
function insert(q: RequestQueue, bio: Bio): void {
  let request = Request.of_queuelist(q.free.next);
  q.waiting.move_tail(request.queuelist);
  request.state = RequestState.QUEUED;
  request.cmd_flags = bio.bi_opf;
  request.sector = bio.bi_sector;
  request.data_len = bio.bi_size;
  request.nr_segments = bio.bi_vcnt;
  request.bio = bio;
  request.biotail = bio;
  request.pio_done = 0;
}

/** Gives the driver as many requests as the disk takes. @kernel blk_mq_run_hw_queue(), block/blk-mq.c */
function blk_mq_run_hw_queue(q: RequestQueue): void {
  while (q.in_flight < q.queue_depth && !q.waiting.empty) {
    let request = Request.of_queuelist(q.waiting.next);
    let op = request.cmd_flags & REQ_OP_MASK;
    request.queuelist.del_init();
    request.state = RequestState.IN_FLIGHT;
    q.in_flight++;
    q.nr_issued++;
    enter(Tp.blk_mq_start_request, changetype<usize>(request), request.data_len, op);
    charge(kernel.costs.disk_command);
    // A disk that is at work looks for the next command by itself.
    if (q.in_flight == 1) charge(kernel.costs.disk_doorbell);
    request.issued = kernel.cpu.clock;
    call_indirect<void>(gendisk().queue_rq, request);
    leave(0);
  }
}

/**
 * The disk is done with a request: (request) => void. Its bios end, and others go on.
 *
 * @kernel blk_mq_end_request(), block/blk-mq.c
 */
function blk_mq_end_request(request: Request): void {
  let q = request.q;
  enter(Tp.blk_mq_end_request, changetype<usize>(request), request.data_len, request.cmd_flags & REQ_OP_MASK);
  let bio = request.bio;
  request.state = RequestState.IDLE;
  request.bio = null;
  request.biotail = null;
  q.free.add_tail(request.queuelist);
  q.in_flight--;
  q.nr_completed++;
  while (bio) {
    let next = bio.bi_next;
    bio_endio(bio);
    bio = next;
  }
  while (q.bio_first && !q.free.empty) next_bio(q);
  if (!q.plugged) blk_mq_run_hw_queue(q);
  leave(0);
}

/** The first bio that waits for a request gets one. */
function next_bio(q: RequestQueue): void {
  let bio = q.bio_first!;
  q.bio_first = bio.bi_next;
  if (!q.bio_first) q.bio_last = null;
  bio.bi_next = null;
  if (!blk_attempt_merge(q, bio)) insert(q, bio);
}

/** From now on, requests wait for neighbours. To be followed by blk_finish_plug(). @kernel blk_start_plug() */
export function blk_start_plug(): void {
  gendisk().queue.plugged++;
}

/** The requests that have waited for neighbours go to the disk. @kernel blk_finish_plug(), block/blk-core.c */
export function blk_finish_plug(): void {
  let q = gendisk().queue;
  if (!--q.plugged) blk_mq_run_hw_queue(q);
}

/**
 * For code that cannot sleep and must wait for the disk: time passes until the disk is done with something, whose bios
 * then have ended. Requests that wait for neighbours go to the disk first.
 *
 * @returns  false if the disk has nothing to do: waiting would be in vain. @kernel bio_poll(), block/blk-core.c
 */
export function blk_poll(): bool {
  enter(Tp.blk_poll, kernel.disk, 0, 0);
  blk_mq_run_hw_queue(gendisk().queue);
  return leave(disk_poll());
}
