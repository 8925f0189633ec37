import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { IoRingCtx } from "../include/io_uring";
import { IO_RINGS_SIZE, IoRings, IoringOff } from "../include/io_uring_abi";
import { PAGE_SHIFT, PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { VmAreaStruct, VmFlags } from "../include/mm_struct";
import { vm_insert_page } from "../mm/memory_insert";
import { get_zeroed_page, put_page } from "../mm/page_alloc";
import { kfree, kmalloc } from "../mm/slab";

/*
 * The memory that program and kernel share: frames of the ring, and frames of the entries. What lies there can have been
 * written by the program at any time: the kernel keeps its own indices and reads every number there once.
 */

/** Address of a byte of frames in a row. */
function byte_at(pages: usize, offset: usize): usize {
  return load<usize>(pages + ((offset >> PAGE_SHIFT) << 2)) + (offset & (PAGE_SIZE - 1));
}

/** The beginning of the ring. */
export function rings_of(ctx: IoRingCtx): IoRings {
  return changetype<IoRings>(load<usize>(ctx.ring_pages));
}

/** Where a completion lies. */
export function cqe_address(ctx: IoRingCtx, index: u32): usize {
  return byte_at(ctx.ring_pages, IO_RINGS_SIZE + ((<usize>(index & (ctx.cq_entries - 1))) << 4));
}

/** Where an index of the array lies. */
export function sq_array_address(ctx: IoRingCtx, index: u32): usize {
  return byte_at(ctx.ring_pages, <usize>ctx.sq_array + ((<usize>(index & (ctx.sq_entries - 1))) << 2));
}

/** Where an entry lies. */
export function sqe_address(ctx: IoRingCtx, index: u32): usize {
  return byte_at(ctx.sqe_pages, (<usize>index) << 6);
}

/** Frees frames; where the program has them mapped, they stay. */
function free_pages(pages: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) put_page(virt_to_page(load<usize>(pages + ((<usize>i) << 2))));
  kfree(pages);
}

/** Takes so many frames. @returns the array of their addresses; 0 if memory is exhausted. */
function take_pages(count: u32): usize {
  let pages = kmalloc((<usize>count) << 2);
  if (!pages) return 0;
  for (let i: u32 = 0; i < count; i++) {
    let frame = get_zeroed_page();
    if (!frame) {
      free_pages(pages, i);
      return 0;
    }
    store<usize>(pages + ((<usize>i) << 2), frame);
  }
  return pages;
}

/** Makes the memory of a ring. @returns 0, -ENOMEM. @kernel io_allocate_scq_urings(), io_uring/io_uring.c */
export function io_allocate_scq_urings(ctx: IoRingCtx): i32 {
  // The array begins where a cache line does.
  let cqes = (IO_RINGS_SIZE + ((<usize>ctx.cq_entries) << 4) + 63) & ~63;
  ctx.sq_array = <u32>cqes;
  let size = cqes + ((<usize>ctx.sq_entries) << 2);
  ctx.nr_ring_pages = <u32>((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
  ctx.ring_pages = take_pages(ctx.nr_ring_pages);
  if (!ctx.ring_pages) return -Errno.ENOMEM;
  ctx.nr_sqe_pages = <u32>((((<usize>ctx.sq_entries) << 6) + PAGE_SIZE - 1) >> PAGE_SHIFT);
  ctx.sqe_pages = take_pages(ctx.nr_sqe_pages);
  if (!ctx.sqe_pages) return -Errno.ENOMEM;
  let rings = rings_of(ctx);
  rings.sq_ring_mask = ctx.sq_entries - 1;
  rings.cq_ring_mask = ctx.cq_entries - 1;
  rings.sq_ring_entries = ctx.sq_entries;
  rings.cq_ring_entries = ctx.cq_entries;
  return 0;
}

/** Gives the memory of a ring back. @kernel io_rings_free(), io_uring/io_uring.c */
export function io_rings_free(ctx: IoRingCtx): void {
  if (ctx.ring_pages) free_pages(ctx.ring_pages, ctx.nr_ring_pages);
  if (ctx.sqe_pages) free_pages(ctx.sqe_pages, ctx.nr_sqe_pages);
}

/** Bits of an offset that say which part of a ring is meant. @kernel IORING_OFF_MMAP_MASK */
const MMAP_MASK: u64 = 0xf800_0000;

/** Maps the ring, or its entries, into a program: at most what there is. @returns 0, -ENOMEM. @kernel io_uring_mmap() */
export function io_uring_mmap(file: File, vma: VmAreaStruct): i32 {
  let ctx = changetype<IoRingCtx>(file.private_data);
  let offset = (vma.vm_pgoff << PAGE_SHIFT) & MMAP_MASK;
  let entries = offset == IoringOff.SQES;
  if (!entries && offset != IoringOff.SQ_RING && offset != IoringOff.CQ_RING) return -Errno.ENOMEM;
  let pages = entries ? ctx.sqe_pages : ctx.ring_pages;
  let count = entries ? ctx.nr_sqe_pages : ctx.nr_ring_pages;
  let wanted = min<u64>((vma.vm_end - vma.vm_start) >> PAGE_SHIFT, count);
  vma.flags |= VmFlags.DONTEXPAND;
  for (let i: u32 = 0; i < <u32>wanted; i++) {
    let error = vm_insert_page(vma, vma.vm_start + <u64>i * PAGE_SIZE, load<usize>(pages + ((<usize>i) << 2)));
    if (error) return error;
  }
  return 0;
}
