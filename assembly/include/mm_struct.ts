import { ListHead } from "./list";

/** Bits of VmAreaStruct.flags. @kernel include/linux/mm.h */
export enum VmFlags {
  READ = 1,
  WRITE = 2,
  SHARED = 8,
}

/** End of the user's part of the address space. @kernel TASK_SIZE_MAX, arch/x86/include/asm/page_64_types.h */
export const TASK_SIZE_MAX: u64 = 0x7fff_ffff_f000;

/** An address space. @kernel struct mm_struct, include/linux/mm_types.h */
@unmanaged
export class MmStruct {
  /** Topmost page table: a frame of 512 entries of 8 bytes. */
  pgd: usize;
  /** Number of tasks that use it. */
  users: u32;
  /** Frames mapped into it, page tables not counted. */
  rss: u32;
  /** Frames that hold its page tables. */
  pgtables: u32;
  // struct list_head mmap
  mmap_next: ListHead;
  mmap_prev: ListHead;
  /** Where the next mapping goes when the program does not say. */
  mmap_base: u64;

  /** The mapped areas, by address: VmAreaStruct.link of each. */
  @embed @inline get mmap(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<MmStruct>("mmap_next"));
  }
}

/** One mapped area of an address space. @kernel struct vm_area_struct, include/linux/mm_types.h */
@unmanaged
export class VmAreaStruct {
  /** First address. */
  vm_start: u64;
  /** First address behind it. */
  vm_end: u64;
  /** VmFlags bits. */
  flags: u32;
  /** The address space that it belongs to. */
  mm: MmStruct;
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;

  /** Links the area into its address space. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<VmAreaStruct>("link_next"));
  }
  /** container_of(link, struct vm_area_struct, link). */
  @inline static of_link(link: ListHead): VmAreaStruct {
    return changetype<VmAreaStruct>(changetype<usize>(link) - offsetof<VmAreaStruct>("link_next"));
  }
}
