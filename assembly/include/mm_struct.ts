import { File } from "./fs";
import { ListHead } from "./list";
import { AddressSpace } from "./pagemap";
import { Folio } from "./mm_types";
import { RbNode, RbRoot } from "./rbtree_types";

/** Bits of VmAreaStruct.flags. @kernel include/linux/mm.h */
export enum VmFlags {
  /** It may be read. */
  READ = 0x1,
  /** It may be written. */
  WRITE = 0x2,
  /** What lies there may be run. */
  EXEC = 0x4,
  /** What is stored there is seen by all who map the same. */
  SHARED = 0x8,
  /** mprotect() may allow reading. */
  MAYREAD = 0x10,
  /** mprotect() may allow writing. */
  MAYWRITE = 0x20,
  /** mprotect() may allow running. */
  MAYEXEC = 0x40,
  /** It maps a file that was given with MAP_SHARED, even one that is open for reading only. */
  MAYSHARE = 0x80,
  /** Its pages are mapped at once and stay: mlock(), MAP_LOCKED. */
  LOCKED = 0x2000,
  /** It will be read from front to back: MADV_SEQUENTIAL. */
  SEQ_READ = 0x8000,
  /** It will be read here and there: MADV_RANDOM. */
  RAND_READ = 0x1_0000,
  /** A child does not get it: MADV_DONTFORK. */
  DONTCOPY = 0x2_0000,
  /** mremap() cannot make it longer. */
  DONTEXPAND = 0x4_0000,
  /** Its pages stay from the first fault on: MLOCK_ONFAULT. */
  LOCKONFAULT = 0x8_0000,
  /** Its memory counts as promised. */
  ACCOUNT = 0x10_0000,
  /** Its memory does not: MAP_NORESERVE. */
  NORESERVE = 0x20_0000,
  /** A child finds zeros there: MADV_WIPEONFORK. */
  WIPEONFORK = 0x200_0000,
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
  // struct rb_root mm_rb
  mm_rb_node: RbNode | null;
  /** The area that was found last; null: none. */
  mmap_cache: VmAreaStruct | null;
  /** Number of areas. */
  map_count: u32;
  /** Number of areas that show files, or shared memory: their pages may have to come from the disk. */
  file_areas: u32;
  /** Pages in all areas. */
  total_vm: u32;
  /** Pages in areas that are locked. */
  locked_vm: u32;
  /** VmFlags.LOCKED and LOCKONFAULT for areas to come: mlockall(MCL_FUTURE). */
  def_flags: u32;
  /** Below this address the next mapping goes when the program does not say. */
  mmap_base: u64;
  /** Above this address, and below mmap_base, no gap is larger than cached_hole_size. */
  free_area_cache: u64;
  /** Size of the largest gap that was passed over. Unit: bytes. */
  cached_hole_size: u64;
  /** Where the data of the C library lies: a struct LibcData; 0: the program has not used it yet. */
  start_data: u64;
  /** First address of the heap. */
  start_brk: u64;
  /** End of the heap: see brk(2). */
  brk: u64;
  /** The contexts for asynchronous input and output by number; 0: it has had none. */
  @to("KioctxTable") ioctx_table: usize;

  /** The mapped areas, by address: VmAreaStruct.link of each. */
  @embed @inline get mmap(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<MmStruct>("mmap_next"));
  }
  /** The mapped areas, by address: VmAreaStruct.vm_rb of each. */
  @embed @inline get mm_rb(): RbRoot {
    return changetype<RbRoot>(changetype<usize>(this) + offsetof<MmStruct>("mm_rb_node"));
  }
}

/**
 * What an area of a file does: indices into the function table; 0: nothing. The functions have these types:
 *
 *   fault          (vmf: VmFault): u32                          VmFaultReason bits; the page in vmf.folio, with a reference
 *   map_pages      (vmf: VmFault, start: u32, end: u32): u32    maps pages that are there, from index start to end
 *   page_mkwrite   (vmf: VmFault): u32                          VmFaultReason bits
 *   open, close    (vma: VmAreaStruct): void                    the area was copied or divided, is going away
 *
 * @kernel struct vm_operations_struct, include/linux/mm.h
 */
@unmanaged
export class VmOperations {
  /** (vmf) => VmFaultReason bits: finds the page of a fault. */
  fault: u32;
  /** (vmf, start, end) => VmFaultReason bits: maps the pages around that are there already. */
  map_pages: u32;
  /** (vmf) => VmFaultReason bits: a page of a shared mapping is going to be written. */
  page_mkwrite: u32;
  /** (vma) => void: there is one more area of the same. */
  open: u32;
  /** (vma) => void: an area goes away. */
  close: u32;
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
  // struct rb_node vm_rb
  vm_rb_parent_color: usize;
  vm_rb_right: RbNode | null;
  vm_rb_left: RbNode | null;
  // struct list_head shared
  shared_next: ListHead;
  shared_prev: ListHead;
  /** The file that it maps; null: memory of its own. */
  vm_file: File | null;
  /** What its file does at a fault; null: nothing special. */
  vm_ops: VmOperations | null;
  /** Which page of the file it begins with; of memory of its own, its address. Unit: pages. */
  vm_pgoff: u64;
  /** The address space of the file, or of shared memory without a file; null: memory of its own. */
  vm_mapping: AddressSpace | null;
  /** 1 if it holds, or held, pages of its own. */
  anon: u32;

  /** Links the area into its address space. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<VmAreaStruct>("link_next"));
  }
  /** Its place in the tree of areas. */
  @embed @inline get vm_rb(): RbNode {
    return changetype<RbNode>(changetype<usize>(this) + offsetof<VmAreaStruct>("vm_rb_parent_color"));
  }
  /** Links it to the other areas of the same file: AddressSpace.i_mmap. */
  @embed @inline get shared(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<VmAreaStruct>("shared_next"));
  }
  /** container_of(link, struct vm_area_struct, link). */
  @inline static of_link(link: ListHead): VmAreaStruct {
    return changetype<VmAreaStruct>(changetype<usize>(link) - offsetof<VmAreaStruct>("link_next"));
  }
  /** container_of(node, struct vm_area_struct, vm_rb). */
  @inline static of_rb(node: RbNode): VmAreaStruct {
    return changetype<VmAreaStruct>(changetype<usize>(node) - offsetof<VmAreaStruct>("vm_rb_parent_color"));
  }
  /** container_of(link, struct vm_area_struct, shared). */
  @inline static of_shared(link: ListHead): VmAreaStruct {
    return changetype<VmAreaStruct>(changetype<usize>(link) - offsetof<VmAreaStruct>("shared_next"));
  }
}

/** How a page fault has come about. @kernel enum fault_flag, include/linux/mm_types.h */
export enum FaultFlags {
  /** By a store. */
  WRITE = 0x1,
  /** The fault may sleep: the access is made again afterwards. Without it the CPU waits for the device. */
  ALLOW_RETRY = 0x4,
  /** It has slept before. */
  TRIED = 0x20,
  /** By the program itself, not by a system call. */
  USER = 0x40,
  /** For a page that the kernel is going to keep: a copy is made of one that others see. */
  UNSHARE = 0x400,
}

/** What a page fault has come to. @kernel enum vm_fault_reason, include/linux/mm_types.h */
export enum VmFaultReason {
  /** Memory is exhausted. */
  OOM = 0x1,
  /** There is no such page: behind the end of the file, or the disk has failed. */
  SIGBUS = 0x2,
  /** A device had to be waited for. */
  MAJOR = 0x4,
  /** The area does not allow it. */
  SIGSEGV = 0x40,
  /** The page is mapped already: nothing is left to do. */
  NOPAGE = 0x100,
  /** The task is on the page's wait queue: again, once it has been woken. */
  RETRY = 0x400,
  /** Any of those that are errors. */
  ERROR = 0x43,
}

/** One page fault on its way. @kernel struct vm_fault, include/linux/mm.h */
@unmanaged
export class VmFault {
  /** The area. */
  vma: VmAreaStruct;
  /** FaultFlags bits. */
  flags: u32;
  /** First address of the page. */
  address: u64;
  /** Which page of the file. Unit: pages. */
  pgoff: u32;
  /** Address of the page's entry in the page tables. */
  pte: usize;
  /** What the entry was. */
  orig_pte: u64;
  /** The page, with a reference; null: none yet. */
  folio: Folio | null;
}
