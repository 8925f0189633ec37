import { Bio, REQ_OP_MASK, SECTOR_SHIFT } from "../include/blkdev";
import { CacheType } from "../include/mm_types";
import { DiskFault, DiskState, disk } from "./disk_types";
import { Errno } from "../include/errno";
import { cache_of, kmem_cache_alloc, kmem_cache_free } from "../mm/slab";

/**
 * From now on, sectors cannot be read, or written.
 *
 * @param op     ReqOp.
 * @param first  first sector.
 * @param last   last sector.
 * @param count  how many bios fail.
 * @returns      0, -ENOMEM.
 */
export function disk_fail_next(op: u32, first: u64, last: u64, count: u32): i32 {
  let address = kmem_cache_alloc(cache_of(CacheType.DiskFault));
  if (!address) return -Errno.ENOMEM;
  let fault = changetype<DiskFault>(address);
  fault.op = op;
  fault.count = count;
  fault.first = first;
  fault.last = last;
  disk().faults.add_tail(fault.link);
  return 0;
}

/** True if a bio is one that is to fail; that counts as one. */
export function disk_fails(state: DiskState, bio: Bio): bool {
  let op = bio.bi_opf & REQ_OP_MASK;
  let last = bio.bi_sector + ((bio.bi_size - 1) >> SECTOR_SHIFT);
  for (let link = state.faults.next; link !== state.faults; link = link.next) {
    let fault = DiskFault.of_link(link);
    if (fault.op != op || fault.first > last || fault.last < bio.bi_sector) continue;
    if (--fault.count) return true;
    link.del();
    kmem_cache_free(cache_of(CacheType.DiskFault), changetype<usize>(fault));
    return true;
  }
  return false;
}
