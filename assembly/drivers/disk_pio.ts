import { Bio, BioVec, REQ_OP_MASK, ReqOp, Request } from "../include/blkdev";
import { DiskState } from "./disk_types";
import { Errno } from "../include/errno";
import { Tp, trace } from "../include/trace";
import { PIO_BLOCK, account_pio } from "./pio";
import { disk_fails } from "./disk_fault";
import { disk_move } from "./disk_extent";
import { kernel } from "../include/kernel";
import { part_duration } from "./disk_time";

/*
 * A disk without DMA has room for PIO_BLOCK bytes. Reading: it fills that, interrupts, a CPU takes the words, and so on. Writing:
 * a CPU gives it the first words with the command; it interrupts when it has written them, and wants the next.
 */

/** A CPU moves the words of a bio from an offset on, at most so many bytes. */
function move_part(bio: Bio, offset: u32, bytes: u32): void {
  let begin: u32 = 0;
  for (let i: u32 = 0; i < bio.bi_vcnt && bytes; i++) {
    let piece = changetype<BioVec>(bio.bi_io_vec + <usize>i * offsetof<BioVec>());
    let end = begin + piece.bv_len;
    if (offset < end) {
      let part = min(bytes, end - offset);
      let address = piece.bv_address + (offset - begin);
      bio.bi_status = disk_move(bio, offset, address, part);
      if (bio.bi_status) return;
      account_pio(address, part, part, bio.bi_pid);
      offset += part;
      bytes -= part;
    }
    begin = end;
  }
}

/** A CPU moves the next words of a command: as many as the disk has room for. */
export function pio_move(state: DiskState, request: Request): void {
  let end = min(request.data_len, request.pio_done + PIO_BLOCK);
  let begin: u32 = 0;
  let next = request.bio;
  while (next && begin < end) {
    let bio: Bio = next;
    next = bio.bi_next;
    let from = max(begin, request.pio_done);
    let to = min(end, begin + bio.bi_size);
    if (from == begin && disk_fails(state, bio)) bio.bi_status = -Errno.EIO;
    if (from < to && !bio.bi_status) move_part(bio, from - begin, to - from);
    if (from == begin && bio.bi_status) trace(Tp.disk_error, changetype<usize>(request), changetype<usize>(bio), 0);
    begin += bio.bi_size;
  }
  request.pio_done = end;
}

/**
 * The disk has filled or emptied its room: a CPU moves the next words.
 *
 * @returns  true if the command is done.
 */
export function pio_attend(state: DiskState, request: Request): bool {
  let op = request.cmd_flags & REQ_OP_MASK;
  if (op == ReqOp.FLUSH) return true;
  let written = op == ReqOp.WRITE && request.pio_done == request.data_len;
  if (!written) pio_move(state, request);
  if (written || (op == ReqOp.READ && request.pio_done == request.data_len)) return true;
  request.finish = kernel.cpu.clock + part_duration(state, min(PIO_BLOCK, request.data_len - request.pio_done));
  return false;
}
