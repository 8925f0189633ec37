/** What kind of file it is, in the upper bits of st_mode; named without their `S_`. @kernel include/uapi/linux/stat.h */
export enum StatMode {
  /** The bits that hold the kind. */
  IFMT = 0xf000,
  /** A socket. */
  IFSOCK = 0xc000,
  /** A symbolic link. */
  IFLNK = 0xa000,
  /** A regular file. */
  IFREG = 0x8000,
  /** A block device. */
  IFBLK = 0x6000,
  /** A directory. */
  IFDIR = 0x4000,
  /** A character device. */
  IFCHR = 0x2000,
  /** A pipe, with a name or without. */
  IFIFO = 0x1000,
  /** All bits that say who may do what. */
  IALLUGO = 0xfff,
}

/** Flags of calls that look a name up, named without their `AT_`. @kernel include/uapi/linux/fcntl.h */
export enum AtFlags {
  /** Do not follow a symbolic link. */
  SYMLINK_NOFOLLOW = 0x100,
  /** Remove a directory. */
  REMOVEDIR = 0x200,
  /** Do not mount anything on the way. */
  NO_AUTOMOUNT = 0x800,
  /** With an empty name: the descriptor itself. */
  EMPTY_PATH = 0x1000,
  /** How up to date the answer is to be. */
  STATX_SYNC_TYPE = 0x6000,
}

/** What a program is told of a file. @kernel struct stat, arch/x86/include/uapi/asm/stat.h */
@unmanaged
export class Stat {
  /** The device that the file is on. */
  st_dev: u64;
  /** Its number there. */
  st_ino: u64;
  /** How many names it has. */
  st_nlink: u64;
  /** StatMode: what kind of file it is, and who may do what with it. */
  st_mode: u32;
  /** Who owns it. */
  st_uid: u32;
  /** The group that owns it. */
  st_gid: u32;
  /** Zero. */
  pad0: u32;
  /** The device that it stands for, if it is one. */
  st_rdev: u64;
  /** Its size. Unit: bytes. */
  st_size: i64;
  /** How much is best read or written at a time. Unit: bytes. */
  st_blksize: i64;
  /** How much room it takes. Unit: 512 bytes. */
  st_blocks: i64;
  /** When it was last read. Unit: s. */
  st_atime: u64;
  st_atime_nsec: u64;
  /** When it was last written. Unit: s. */
  st_mtime: u64;
  st_mtime_nsec: u64;
  /** When it was last changed. Unit: s. */
  st_ctime: u64;
  st_ctime_nsec: u64;
  /** Zeros. */
  unused0: u64;
  unused1: u64;
  unused2: u64;
}
