import { AddressSpace, AddressSpaceOperations } from "./pagemap";
import { ListHead } from "./list";
import { TaskStruct } from "./sched";
import { XaNode } from "./xarray_types";

/** What has a name: a regular file, a FIFO, a device. @kernel struct inode, include/linux/fs.h */
@unmanaged
export class Inode {
  // struct list_head i_list
  i_list_next: ListHead;
  i_list_prev: ListHead;
  /** Address of the name, which ends with a zero; 0 once the name was removed. */
  i_name: usize;
  /** Length of the name. Unit: bytes. */
  i_name_length: u32;
  /** Number of the file. */
  i_ino: u32;
  /** StatMode: what it is, and who may do what with it. */
  i_mode: u32;
  /** Number of names: 1, or 0 once it was removed. */
  i_nlink: u32;
  /** Who holds on to it: its name, open files, and the pipe of a FIFO. */
  i_count: u32;
  /** The device that it stands for, if it is one. */
  i_rdev: u32;
  /** Size of the file. Unit: bytes. */
  i_size: i64;
  /** Room that it takes on the disk. Unit: 512 bytes. */
  i_blocks: i64;
  /** First sector of the stretch of the disk that it lies in; 0: it has nothing there yet. */
  i_sector: u64;
  /** Which pages of the file have a place on the disk: an array of struct FlatExtent, by page; 0: none has. */
  @to("FlatExtent") i_extents: usize;
  /** Number of extents. */
  i_nr_extents: u32;
  /** Number of extents that there is room for. */
  i_max_extents: u32;
  /** The task that changes the file and sleeps meanwhile: others that would change it wait; null: nobody. */
  i_rwsem: TaskStruct | null;
  /** Transfers past the page cache that the disk is at. */
  i_dio_count: u32;
  // struct address_space i_mapping
  i_mapping_host: Inode;
  i_mapping_i_pages_head: XaNode | null;
  i_mapping_nrpages: u32;
  i_mapping_a_ops: AddressSpaceOperations | null;
  i_mapping_i_mmap_next: ListHead;
  i_mapping_i_mmap_prev: ListHead;
  i_mapping_wb_err: u32;
  i_mapping_writeback_index: u32;
  // struct list_head i_io_list
  i_io_list_next: ListHead;
  i_io_list_prev: ListHead;
  // struct list_head i_wb_list
  i_wb_list_next: ListHead;
  i_wb_list_prev: ListHead;
  /** The last round of sync() that has waited for all that was being written of it: see BdiWriteback.sync_rounds. */
  i_synced: u32;
  /** InodeState bits. */
  i_state: u32;
  /** When its first folio became dirty. Unit: ns since boot. @kernel dirtied_when */
  i_dirtied_when: u64;
  /** The pipe of a FIFO that somebody has open or is about to open; 0: nobody. */
  @to("PipeInodeInfo") i_pipe: usize;

  /** Links the file into FsState.inodes while it has a name. */
  @embed @inline get i_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Inode>("i_list_next"));
  }
  /** What of it lies in the page cache. */
  @embed @inline get i_mapping(): AddressSpace {
    return changetype<AddressSpace>(changetype<usize>(this) + offsetof<Inode>("i_mapping_host"));
  }
  /** Links the file into BdiWriteback.b_dirty while it has dirty folios. */
  @embed @inline get i_io_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Inode>("i_io_list_next"));
  }
  /** Links the file into BdiWriteback.b_writeback while folios of it are being written. */
  @embed @inline get i_wb_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Inode>("i_wb_list_next"));
  }
  /** container_of(link, struct inode, i_wb_list). */
  @inline static of_i_wb_list(link: ListHead): Inode {
    return changetype<Inode>(changetype<usize>(link) - offsetof<Inode>("i_wb_list_next"));
  }
  /** container_of(link, struct inode, i_io_list). */
  @inline static of_i_io_list(link: ListHead): Inode {
    return changetype<Inode>(changetype<usize>(link) - offsetof<Inode>("i_io_list_next"));
  }
  /** container_of(link, struct inode, i_list). */
  @inline static of_i_list(link: ListHead): Inode {
    return changetype<Inode>(changetype<usize>(link) - offsetof<Inode>("i_list_next"));
  }
}
