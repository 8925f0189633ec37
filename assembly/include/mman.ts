/** What memory may be used for; named without their `PROT_`. @kernel include/uapi/asm-generic/mman-common.h */
export enum Prot {
  /** Nothing. */
  NONE = 0,
  READ = 1,
  WRITE = 2,
  EXEC = 4,
  /** It holds semaphores; no difference is made. */
  SEM = 8,
  /** mprotect(): down to the beginning of an area that grows downwards. */
  GROWSDOWN = 0x100_0000,
  /** mprotect(): up to the end of an area that grows upwards. */
  GROWSUP = 0x200_0000,
}

/** Flags of mmap(2); named without their `MAP_`. @kernel include/uapi/asm-generic/mman-common.h, mman.h */
export enum MapFlags {
  /** What is stored goes to the file, and to all who map it. */
  SHARED = 0x1,
  /** What is stored stays with the process. */
  PRIVATE = 0x2,
  /** As SHARED, and flags that are unknown are refused. */
  SHARED_VALIDATE = 0x3,
  /** The bits that hold one of those. */
  TYPE = 0xf,
  /** Exactly at the address. */
  FIXED = 0x10,
  /** No file: zeros. */
  ANONYMOUS = 0x20,
  /** In the first 2 GiB. */
  BIT_32 = 0x40,
  GROWSDOWN = 0x100,
  DENYWRITE = 0x800,
  EXECUTABLE = 0x1000,
  /** The pages are mapped at once and stay. */
  LOCKED = 0x2000,
  /** It does not count as promised memory. */
  NORESERVE = 0x4000,
  /** The pages are mapped at once. */
  POPULATE = 0x8000,
  /** With POPULATE: without waiting for the disk. */
  NONBLOCK = 0x1_0000,
  STACK = 0x2_0000,
  /** Of large pages. */
  HUGETLB = 0x4_0000,
  SYNC = 0x8_0000,
  /** As FIXED, but not over what is mapped already. */
  FIXED_NOREPLACE = 0x10_0000,
  /** The flags that SHARED_VALIDATE knows. */
  LEGACY_MASK = 0xfc0f_f97f,
}

/** Flags of mremap(2); named without their `MREMAP_`. @kernel include/uapi/linux/mman.h */
export enum MremapFlags {
  /** The pages may go to another address. */
  MAYMOVE = 1,
  /** They go to the address that is said. */
  FIXED = 2,
  /** Where they were there is still an area, without pages. */
  DONTUNMAP = 4,
}

/** What madvise(2) is told; named without their `MADV_`. @kernel include/uapi/asm-generic/mman-common.h */
export enum Madvise {
  NORMAL = 0,
  /** It will be read here and there: nothing is read around. */
  RANDOM = 1,
  /** It will be read from front to back. */
  SEQUENTIAL = 2,
  /** It will be read soon. */
  WILLNEED = 3,
  /** It will not be used soon: what is stored there is forgotten, or read from its file anew. */
  DONTNEED = 4,
  /** What is stored there may be forgotten. */
  FREE = 8,
  /** The pages of the file are to go as well. */
  REMOVE = 9,
  /** A child does not get it. */
  DONTFORK = 10,
  DOFORK = 11,
  MERGEABLE = 12,
  UNMERGEABLE = 13,
  HUGEPAGE = 14,
  NOHUGEPAGE = 15,
  DONTDUMP = 16,
  DODUMP = 17,
  /** A child finds zeros there. */
  WIPEONFORK = 18,
  KEEPONFORK = 19,
  COLD = 20,
  PAGEOUT = 21,
  /** The pages are mapped now, as by loads. */
  POPULATE_READ = 22,
  /** The pages are mapped now, as by stores. */
  POPULATE_WRITE = 23,
  /** As DONTNEED, locked areas too. */
  DONTNEED_LOCKED = 24,
}

/** Flags of msync(2); named without their `MS_`. @kernel include/uapi/asm-generic/mman-common.h */
export enum Msync {
  ASYNC = 1,
  INVALIDATE = 2,
  /** Wait until what was stored is on the disk. */
  SYNC = 4,
}
