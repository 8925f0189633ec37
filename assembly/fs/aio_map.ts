import { Errno } from "../include/errno";
import { Kioctx } from "../include/aio";
import { MmStruct, VmFlags } from "../include/mm_struct";
import { PAGE_PRESENT, PAGE_RW, pte_alloc, pte_offset } from "../mm/pgtable";
import { PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { do_mmap } from "../mm/mmap";
import { get_page, put_page } from "../mm/page_alloc";

/** Address of a frame of the ring. */
function frame_of(ctx: Kioctx, index: u32): usize {
  return load<usize>(ctx.ring_pages + ((<usize>index) << 2));
}

/** Maps the ring into its process. @returns the user address, -ENOMEM. */
export function map_ring(ctx: Kioctx, mm: MmStruct): i64 {
  let at = do_mmap(mm, ctx.mmap_size, VmFlags.READ | VmFlags.WRITE | VmFlags.SHARED | VmFlags.DONTEXPAND);
  if (at < 0) return at;
  ctx.user_id = at;
  for (let i: u32 = 0; i < ctx.nr_pages; i++) {
    let pte = pte_alloc(mm, at + <u64>i * PAGE_SIZE);
    if (!pte) {
      unmap_ring(ctx, mm);
      return -Errno.ENOMEM;
    }
    get_page(virt_to_page(frame_of(ctx, i)));
    store<u64>(pte, (<u64>frame_of(ctx, i)) | PAGE_PRESENT | PAGE_RW);
    mm.rss++;
  }
  return at;
}

/** Takes the ring out of its process. */
export function unmap_ring(ctx: Kioctx, mm: MmStruct): void {
  for (let i: u32 = 0; i < ctx.nr_pages; i++) {
    let pte = pte_offset(mm, ctx.user_id + <u64>i * PAGE_SIZE);
    if (!pte || !(load<u64>(pte) & PAGE_PRESENT)) continue;
    store<u64>(pte, 0);
    put_page(virt_to_page(frame_of(ctx, i)));
    mm.rss--;
  }
}
