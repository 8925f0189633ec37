import { File, FileKind } from "../include/fs";
import { Inode } from "../include/inode";
import { file_pipe } from "./pipe_ring";
import { fs_state } from "./internal";

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
