import { File, FileKind } from "../include/fs";
import { ListHead } from "../include/list";
import { XaNode } from "../include/xarray_types";
import { AddressSpace, AddressSpaceOperations } from "../include/pagemap";
import { file_pipe } from "./pipe_ring";
import { fs_state } from "./internal";

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
  /** Room that it takes. Unit: 512 bytes. */
  i_blocks: i64;
  /** What the bytes are made from that nobody has written. */
  i_seed: u64;
  /** Number of bytes, from the beginning, that are made from the seed; what lies behind them is zero. */
  i_generated: i64;
  // struct address_space i_mapping
  i_mapping_host: usize;
  i_mapping_i_pages_head: XaNode | null;
  i_mapping_nrpages: u32;
  i_mapping_a_ops: AddressSpaceOperations | null;
  i_mapping_i_mmap_next: ListHead;
  i_mapping_i_mmap_prev: ListHead;
  i_mapping_wb_err: u32;
  i_mapping_writeback_index: u32;
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
  /** container_of(link, struct inode, i_list). */
  @inline static of_i_list(link: ListHead): Inode {
    return changetype<Inode>(changetype<usize>(link) - offsetof<Inode>("i_list_next"));
  }
}

/** What an open file is that was opened by its name. @kernel file_inode(), include/linux/fs.h */
export function file_inode(file: File): Inode {
  return changetype<Inode>(file.private_data);
}

/** The same of any file; null if it was not opened by a name. */
export function named_inode(file: File): Inode | null {
  switch (file.f_op.kind) {
    case FileKind.REGULAR:
    case FileKind.DEVICE:
    case FileKind.PATH:
      return file_inode(file);
    case FileKind.PIPE:
      return changetype<Inode | null>(file_pipe(file).inode);
    default:
      return null;
  }
}

/** The file with a name, or null. */
export function find_inode(name: usize, length: u32): Inode | null {
  let inodes = fs_state().inodes;
  for (let link = inodes.next; link !== inodes; link = link.next) {
    let inode = Inode.of_i_list(link);
    if (inode.i_name_length == length && !memory.compare(inode.i_name, name, length)) return inode;
  }
  return null;
}

/** Takes another reference. @kernel ihold(), include/linux/fs.h */
export function ihold(inode: Inode): Inode {
  inode.i_count++;
  return inode;
}

/** A number for a file that has none. @kernel get_next_ino(), fs/inode.c */
export function get_next_ino(): u32 {
  return ++fs_state().last_ino;
}
