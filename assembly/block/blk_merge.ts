import {
  Bio,
  MAX_REQUEST_BYTES,
  MAX_SEGMENTS,
  REQ_OP_MASK,
  ReqOp,
  Request,
  RequestQueue,
  SECTOR_SHIFT,
} from "../include/blkdev";
import { Tp, trace } from "../include/trace";
import { bio_end_sector } from "./bio";

/** True if a request may grow by a bio. */
function fits(request: Request, bio: Bio): bool {
  return (
    ((request.cmd_flags ^ bio.bi_opf) & REQ_OP_MASK) == 0 &&
    request.data_len + bio.bi_size <= MAX_REQUEST_BYTES &&
    request.nr_segments + bio.bi_vcnt <= MAX_SEGMENTS
  );
}

/** Makes a bio part of a request if it is the neighbour of it. @returns whether it is. */
function try_merge(request: Request, bio: Bio): bool {
  if (request.sector + (request.data_len >> SECTOR_SHIFT) == bio.bi_sector) {
    if (!fits(request, bio)) return false;
    request.biotail!.bi_next = bio;
    request.biotail = bio;
  } else if (bio_end_sector(bio) == request.sector) {
    if (!fits(request, bio)) return false;
    bio.bi_next = request.bio;
    request.bio = bio;
    request.sector = bio.bi_sector;
  } else {
    return false;
  }
  request.data_len += bio.bi_size;
  request.nr_segments += bio.bi_vcnt;
  request.cmd_flags |= bio.bi_opf;
  return true;
}

/**
 * Makes a bio part of a request that still waits, if it lies right behind or before it. The youngest is asked first.
 *
 * @returns  whether there was one. @kernel blk_attempt_bio_merge(), block/blk-merge.c
 */
export function blk_attempt_merge(q: RequestQueue, bio: Bio): bool {
  if ((bio.bi_opf & REQ_OP_MASK) == ReqOp.FLUSH) return false;
  for (let link = q.waiting.prev; link !== q.waiting; link = link.prev) {
    let request = Request.of_queuelist(link);
    // Nothing goes past a flush.
    if (!request.data_len) return false;
    if (!try_merge(request, bio)) continue;
    q.nr_merged++;
    trace(Tp.bio_attempt_merge, changetype<usize>(bio), changetype<usize>(request), bio.bi_size);
    return true;
  }
  return false;
}
