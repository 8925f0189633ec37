import { ListHead } from "./list";
import { SECTIONS_BASE } from "./kernel";

/*
 * Memory above SECTIONS_BASE is made of sections, each of which begins with the descriptions of its own frames:
 *
 *   section n = SECTIONS_BASE + n * SECTION_SIZE                                           section n + 1
 *   +--------------------+---------+---------+-- ... --+-----------+
 *   | struct Page[1024]  | frame 8 | frame 9 |         | frame 1023|
 *   |  (frames 0 to 7)   |         |         |         |           |
 *   +--------------------+---------+---------+-- ... --+-----------+
 *
 * From a frame to its struct Page and back is arithmetic; see virt_to_page() and page_address().
 */

/** Binary logarithm of PAGE_SIZE. */
export const PAGE_SHIFT: u32 = 12;
/** Size of a frame. Unit: bytes. */
export const PAGE_SIZE: usize = 1 << PAGE_SHIFT;
/** Number of frames in a section. */
export const PAGES_PER_SECTION: u32 = 1024;
/** Size of a section. Unit: bytes. */
export const SECTION_SIZE: usize = (<usize>PAGES_PER_SECTION) << PAGE_SHIFT;
/** Binary logarithm of the size of a struct Page. */
export const PAGE_STRUCT_SHIFT: u32 = 5;
/** Number of frames at the beginning of a section that describe its frames. */
export const MEM_MAP_PAGES: u32 = (PAGES_PER_SECTION << PAGE_STRUCT_SHIFT) >> PAGE_SHIFT;
/** Greatest order of a block of frames: 2 MiB. */
export const MAX_PAGE_ORDER: u32 = 9;

/** Bits of Page.flags. @kernel include/linux/page-flags.h */
export enum PageFlags {
  /** The kernel's own for ever: it describes frames. */
  RESERVED = 1,
  /** First frame of a free block of 2^order frames. */
  BUDDY = 2,
  /** First frame of a block that is in use. */
  HEAD = 4,
  /** Another frame of a block that is in use; `private_data` is the struct Page of its first frame. */
  TAIL = 8,
  /** First frame of a slab: the struct Page is a struct Slab. */
  SLAB = 16,
  /** First frame of a block that kmalloc() gave out. */
  LARGE_KMALLOC = 32,
  /** A folio that somebody has to himself: it is being read, or changed as a whole. */
  LOCKED = 64,
  /** A folio that holds what its file holds. */
  UPTODATE = 128,
  /** A folio that was written to since it was last written to the disk. */
  DIRTY = 256,
  /** A folio that is being written to the disk. */
  WRITEBACK = 512,
  /** A folio that was used once since it came to its list. */
  REFERENCED = 1024,
  /** A folio on an active list. */
  ACTIVE = 2048,
  /** A folio on one of the lists that are reclaimed from. */
  LRU = 4096,
  /** A folio that was active when it was taken away the last time. */
  WORKINGSET = 8192,
  /** A folio whose first reader starts the next read-ahead; under WRITEBACK: one that is to be reclaimed after it. */
  READAHEAD = 16384,
  /** A folio that could not be written. */
  ERROR = 32768,
  /** A folio of a private mapping: it belongs to no file. */
  ANON = 65536,
  /** A folio that somebody waits for. */
  WAITERS = 131072,
  /** A folio of a private mapping that no other process has, or had since it was written last. */
  ANON_EXCLUSIVE = 262144,
}

/**
 * What the kernel knows of one frame of memory.
 *
 * @kernel struct page, include/linux/mm_types.h
 */
@unmanaged
export class Page {
  /** PageFlags bits. */
  flags: u32;
  /** Number of references; the block is free once it falls to 0. */
  refcount: u32;
  /** The user's own (the kernel's `private`); in a TAIL frame, the struct Page of the block's first frame. */
  private_data: usize;
  /** What the frame caches a piece of; null if it is no cache. */
  mapping: usize;
  /** Which piece of `mapping`. Unit: frames. */
  index: u32;
  // struct list_head lru
  lru_next: ListHead;
  lru_prev: ListHead;
  /** Size of the block that this frame is the first of. Unit: binary logarithm of frames. */
  order: u32;

  /** Links a free block into FreeArea.free_list; belongs to the user of a block in use. */
  @embed @inline get lru(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Page>("lru_next"));
  }
  /** container_of(link, struct page, lru). */
  @inline static of_lru(link: ListHead): Page {
    return changetype<Page>(changetype<usize>(link) - offsetof<Page>("lru_next"));
  }
}

/**
 * A frame of the page cache, or of a program's own memory: the same struct Page, seen as what it holds.
 *
 * References: one of the page cache, one of each page table entry that maps it, one of each user.
 *
 * @kernel struct folio, include/linux/mm_types.h
 */
@unmanaged
export class Folio {
  /** PageFlags bits. */
  flags: u32;
  /** Number of references; the frame is free once it falls to 0. */
  refcount: u32;
  /** Number of page table entries that map it. */
  mapcount: u32;
  /** The file that it caches a page of: a struct AddressSpace; 0: of none, or of none any more. */
  @to("AddressSpace") mapping: usize;
  /** Which page of the file. Unit: pages. */
  index: u32;
  // struct list_head lru
  lru_next: ListHead;
  lru_prev: ListHead;
  /** Size. Unit: binary logarithm of frames; always 0. */
  order: u32;

  /** Links it into the list that it is reclaimed from. */
  @embed @inline get lru(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Folio>("lru_next"));
  }
  /** container_of(link, struct folio, lru). */
  @inline static of_lru(link: ListHead): Folio {
    return changetype<Folio>(changetype<usize>(link) - offsetof<Folio>("lru_next"));
  }
}

/**
 * A block of frames that is divided into objects of one cache. It is the struct Page of the block's first frame, seen
 * differently: the fields are at the same places.
 *
 *      freelist --------+               +-----------+
 *                       v               |           v
 *      +--------+--------+--------+--------+--------+--------+
 *      | in use | next --|-->next-|--------|-->null | in use |
 *      +--------+--------+--------+--------+--------+--------+
 *
 * @kernel struct slab, mm/slab.h
 */
@unmanaged
export class Slab {
  /** PageFlags bits: SLAB among them. */
  flags: u32;
  /** Number of references to the block: 1. */
  refcount: u32;
  /** The cache that its objects belong to. */
  slab_cache: KmemCache;
  /** First free object; the first word of each free object is the address of the next. 0: all are in use. */
  freelist: usize;
  /** Number of objects in use. */
  inuse: u32;
  // struct list_head slab_list
  slab_list_next: ListHead;
  slab_list_prev: ListHead;
  /** Size of the block. Unit: binary logarithm of frames. */
  order: u32;

  /** Links the slab into KmemCache.partial while it has free objects. */
  @embed @inline get slab_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Slab>("slab_list_next"));
  }
  /** container_of(link, struct slab, slab_list). */
  @inline static of_slab_list(link: ListHead): Slab {
    return changetype<Slab>(changetype<usize>(link) - offsetof<Slab>("slab_list_next"));
  }
}

/** The struct Page of the frame that an address lies in. @kernel virt_to_page(), arch/x86/include/asm/page.h */
export function virt_to_page(address: usize): Page {
  let offset = address - SECTIONS_BASE;
  let section = SECTIONS_BASE + (offset & ~(SECTION_SIZE - 1));
  return changetype<Page>(section + (((offset & (SECTION_SIZE - 1)) >> PAGE_SHIFT) << PAGE_STRUCT_SHIFT));
}

/** Address of the frame that a struct Page describes. @kernel page_address(), include/linux/mm.h */
export function page_address(page: Page): usize {
  let offset = changetype<usize>(page) - SECTIONS_BASE;
  let section = SECTIONS_BASE + (offset & ~(SECTION_SIZE - 1));
  return section + (((offset & (SECTION_SIZE - 1)) >> PAGE_STRUCT_SHIFT) << PAGE_SHIFT);
}

/** The folio that an address lies in. @kernel virt_to_folio(), include/linux/mm.h */
export function virt_to_folio(address: usize): Folio {
  return changetype<Folio>(virt_to_page(address));
}

/** Where the bytes of a folio lie. @kernel folio_address(), include/linux/mm.h */
export function folio_address(folio: Folio): usize {
  return page_address(changetype<Page>(folio));
}

/** First frame of the block that a frame belongs to. @kernel compound_head(), include/linux/page-flags.h */
export function compound_head(page: Page): Page {
  return page.flags & PageFlags.TAIL ? changetype<Page>(page.private_data) : page;
}

/** The free blocks of one size. @kernel struct free_area, include/linux/mmzone.h */
@unmanaged
export class FreeArea {
  // struct list_head free_list
  free_list_next: ListHead;
  free_list_prev: ListHead;
  /** Number of free blocks. */
  nr_free: u32;

  /** The free blocks: Page.lru of the first frame of each. */
  @embed @inline get free_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<FreeArea>("free_list_next"));
  }
}

/**
 * The page allocator: who has which frames.
 *
 * @kernel struct zone, include/linux/mmzone.h
 */
@unmanaged
export class Zone {
  /** The free blocks by size: an array of MAX_PAGE_ORDER + 1 struct FreeArea, one for each power of two. */
  free_area: FreeArea;
  /** Number of sections that the memory has. */
  nr_sections: u32;
  /** Number of frames that can be given out, in all sections. */
  managed_pages: u32;
  /** Number of frames that are free. */
  free_pages: u32;
  /** The allocation of frames that is to fail, counted from now; 0: none. */
  fail_after: u32;
  /** Chance that such an allocation fails, if a system call or an interrupt makes it. Unit: 2^-32; 0: none does. */
  fail_probability: u32;
  /** Number of such allocations that were made to fail since boot. */
  nr_failed: u32;
  /** Blocks given out since boot. */
  allocated: u64;
  /** Blocks given back since boot. */
  freed: u64;
  /** Below so many free frames somebody looks for some when the memory can grow no more; 0: nobody does. */
  watermark_low: u32;
  /** (order: u32, none: bool) => whether frames were made free: who does that. An index into the function table. */
  reclaim: u32;
}

/** What can be made to fail. @kernel Documentation/fault-injection */
export enum FaultKind {
  /** Allocations of objects. */
  failslab = 0,
  /** Allocations of frames. */
  fail_page_alloc = 1,
}

/**
 * The kinds of objects that have a cache of their own. A member is called like the struct that lies in the objects, so
 * that a tool can show them; the caches of kmalloc() and kmalloc_device() are called after their size, and hold anything.
 */
export enum CacheType {
  Kmalloc_16,
  Kmalloc_32,
  Kmalloc_64,
  Kmalloc_128,
  Kmalloc_256,
  Kmalloc_512,
  Kmalloc_1024,
  Kmalloc_2048,
  Kmalloc_96,
  Kmalloc_192,
  XaNode,
  TaskStruct,
  FilesStruct,
  MmStruct,
  VmAreaStruct,
  File,
  Socket,
  Sock,
  SkBuff,
  Eventpoll,
  Epitem,
  EppollEntry,
  EventfdCtx,
  PipeInodeInfo,
  SpliceDesc,
  RequestSock,
  InetTimewaitSock,
  InetBindBucket,
  Inode,
  PollWqueues,
  PollTableEntry,
  TimerfdCtx,
  UnixSock,
  Peer,
  SighandStruct,
  SignalfdCtx,
  SignalStruct,
  Sigqueue,
  SigFrame,
  PeerUnacked,
  Bio,
  DiskExtent,
  DiskFault,
  Kioctx,
  AioKiocb,
  IomapDio,
  ShmemInode,
  UbufInfoMsgzc,
  IoRingCtx,
  IoKiocb,
  IoOverflowCqe,
  FilePages,
  Device_64,
  Device_128,
  Device_256,
  Device_512,
  Device_1024,
  Device_2048,
}

/** Greatest number of caches. */
export const NR_CACHES: u32 = 96;

/**
 * A stock of objects of one size.
 *
 * @kernel struct kmem_cache, mm/slab.h
 */
@unmanaged
export class KmemCache {
  /** CacheType: what the objects are. */
  type: u32;
  /** Size of an object. Unit: bytes; 0: there is no such cache. */
  size: u32;
  /** Distance between two objects. Unit: bytes. */
  stride: u32;
  /** Size of a slab. Unit: binary logarithm of frames. */
  order: u32;
  /** Number of objects in a slab. */
  objects: u32;
  /** 1 if its slabs lie in the memory of devices and of the world outside. */
  device: u32;
  // struct list_head partial
  partial_next: ListHead;
  partial_prev: ListHead;
  /** Number of slabs with free objects. */
  nr_partial: u32;
  /** Number of slabs. */
  nr_slabs: u32;
  /** Number of objects in use. */
  active: u32;
  /** Greatest number of objects that were ever in use at once. */
  high_water: u32;
  /** Objects given out since boot. */
  allocated: u64;
  /** Objects given back since boot. */
  freed: u64;

  /** The slabs that have free objects: Slab.slab_list of each. */
  @embed @inline get partial(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<KmemCache>("partial_next"));
  }
}

/** All slab caches. */
@unmanaged
export class SlabState {
  /** The caches: an array of NR_CACHES struct KmemCache, by CacheType. */
  caches: KmemCache;
  /** 1 if free objects are filled with a pattern and checked. Set it with slab_set_poison(). */
  poison: u32;
  /** The allocation of an object that is to fail, counted from now; 0: none. */
  fail_after: u32;
  /** Chance that such an allocation fails, if a system call or an interrupt makes it. Unit: 2^-32; 0: none does. */
  fail_probability: u32;
  /** Number of such allocations that were made to fail since boot. */
  nr_failed: u32;
  /** kmem_cache_zalloc() as an index into the function table, for the code below the allocator. */
  zalloc: u32;
  /** kmem_cache_free() as an index into the function table, for the code below the allocator. */
  free: u32;
}
