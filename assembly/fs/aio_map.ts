import { Errno } from "../include/errno";
import { Kioctx } from "../include/aio";
import { MmStruct, VmFlags } from "../include/mm_struct";
import { PAGE_SIZE } from "../include/mm_types";
import { do_munmap } from "../mm/mmap";
import { install_special_mapping, vm_insert_page } from "../mm/memory_insert";

/** What may be done with a ring's memory. */
const RING_FLAGS: u32 =
  VmFlags.READ | VmFlags.WRITE | VmFlags.MAYREAD | VmFlags.MAYWRITE | VmFlags.SHARED | VmFlags.DONTEXPAND;

/** Address of a frame of the ring. */
function frame_of(ctx: Kioctx, index: u32): usize {
  return load<usize>(ctx.ring_pages + ((<usize>index) << 2));
}

/** Maps the ring into its process. @returns the user address, -ENOMEM. */
export function map_ring(ctx: Kioctx, mm: MmStruct): i64 {
  let vma = install_special_mapping(mm, ctx.mmap_size, RING_FLAGS);
  if (!vma) return -Errno.ENOMEM;
  let at = vma.vm_start;
  ctx.user_id = at;
  for (let i: u32 = 0; i < ctx.nr_pages; i++) {
    if (!vm_insert_page(vma, at + <u64>i * PAGE_SIZE, frame_of(ctx, i))) continue;
    unmap_ring(ctx, mm);
    return -Errno.ENOMEM;
  }
  return <i64>at;
}

/** Takes the ring out of its process. */
export function unmap_ring(ctx: Kioctx, mm: MmStruct): void {
  do_munmap(mm, ctx.user_id, ctx.mmap_size);
}
