import { AddressSpace, AddressSpaceOperations } from "../include/pagemap";
import { CacheType, Folio, Page, PageFlags, virt_to_folio } from "../include/mm_types";
import { Errno } from "../include/errno";
import { ListHead } from "../include/list";
import { VmAreaStruct, VmFault, VmFaultReason, VmOperations } from "../include/mm_struct";
import { XaNode } from "../include/xarray_types";
import { filemap_map_pages } from "./memory_fault";
import { get_page, get_zeroed_page, put_page } from "./page_alloc";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "./slab";
import { mm_state, vma_pages } from "./vma";
import { xa_erase, xa_find, xa_load, xa_store } from "../lib/xarray";

/** Memory without a file that several processes share: what MAP_SHARED with MAP_ANONYMOUS makes. */
@unmanaged
export class ShmemInode {
  // struct address_space mapping
  mapping_host: usize;
  mapping_i_pages_head: XaNode | null;
  mapping_nrpages: u32;
  mapping_a_ops: AddressSpaceOperations | null;
  mapping_i_mmap_next: ListHead;
  mapping_i_mmap_prev: ListHead;
  mapping_wb_err: u32;
  mapping_writeback_index: u32;
  /** Number of areas that show it. */
  count: u32;
  /** Its size. Unit: pages. */
  size: u32;

  /** Its pages, and the areas that show them. */
  @embed @inline get mapping(): AddressSpace {
    return changetype<AddressSpace>(changetype<usize>(this) + offsetof<ShmemInode>("mapping_host"));
  }
  /** container_of(mapping, struct shmem_inode, mapping). */
  @inline static of_mapping(mapping: AddressSpace): ShmemInode {
    return changetype<ShmemInode>(changetype<usize>(mapping) - offsetof<ShmemInode>("mapping_host"));
  }
}

/** Makes the cache of shared memory, and what its areas do. @kernel shmem_init(), mm/shmem.c */
export function shmem_init(): void {
  let state = mm_state();
  state.shmem_cachep = kmem_cache_create(CacheType.ShmemInode, offsetof<ShmemInode>(), 8);
  let ops = changetype<VmOperations>(kzalloc(offsetof<VmOperations>()));
  ops.fault = shmem_fault.index;
  ops.map_pages = filemap_map_pages.index;
  ops.open = shmem_open.index;
  ops.close = shmem_close.index;
  state.shmem_vm_ops = ops;
}

/** Finds a page of shared memory; the first who asks for it makes it. @kernel shmem_fault(), mm/shmem.c */
function shmem_fault(vmf: VmFault): u32 {
  let mapping = vmf.vma.vm_mapping!;
  if (vmf.pgoff >= ShmemInode.of_mapping(mapping).size) return VmFaultReason.SIGBUS;
  let folio = changetype<Folio | null>(xa_load(mapping.i_pages, vmf.pgoff));
  if (!folio) {
    let frame = get_zeroed_page();
    if (!frame) return VmFaultReason.OOM;
    folio = virt_to_folio(frame);
    if (xa_store(mapping.i_pages, vmf.pgoff, changetype<usize>(folio)) < 0) {
      put_page(changetype<Page>(folio));
      return VmFaultReason.OOM;
    }
    folio.flags |= PageFlags.UPTODATE;
    folio.mapping = changetype<usize>(mapping);
    folio.index = vmf.pgoff;
    mapping.nrpages++;
  }
  get_page(changetype<Page>(folio));
  vmf.folio = folio;
  return 0;
}

/** One more area shows the memory. */
function shmem_open(vma: VmAreaStruct): void {
  ShmemInode.of_mapping(vma.vm_mapping!).count++;
}

/** One area less shows the memory; with the last one it goes. */
function shmem_close(vma: VmAreaStruct): void {
  let inode = ShmemInode.of_mapping(vma.vm_mapping!);
  if (--inode.count) return;
  let pages = inode.mapping.i_pages;
  for (let index = xa_find(pages, 0, u32.MAX_VALUE); index >= 0; index = xa_find(pages, 0, u32.MAX_VALUE)) {
    let folio = changetype<Folio>(xa_erase(pages, <u32>index));
    folio.mapping = 0;
    put_page(changetype<Page>(folio));
  }
  kmem_cache_free(mm_state().shmem_cachep, changetype<usize>(inode));
}

/** Gives a new area shared memory of its own. @returns 0 or -ENOMEM. @kernel shmem_zero_setup(), mm/shmem.c */
export function shmem_zero_setup(vma: VmAreaStruct): i32 {
  let at = kmem_cache_zalloc(mm_state().shmem_cachep);
  if (!at) return -Errno.ENOMEM;
  let inode = changetype<ShmemInode>(at);
  inode.count = 1;
  inode.size = vma_pages(vma);
  inode.mapping.i_mmap.init();
  inode.mapping.i_mmap.add_tail(vma.shared);
  vma.vm_mapping = inode.mapping;
  vma.vm_ops = mm_state().shmem_vm_ops;
  return 0;
}
