/** Limits of a process, named without their `RLIMIT_`. @kernel include/uapi/asm-generic/resource.h */
export enum Rlimit {
  /** No descriptor may reach this number. */
  NOFILE = 7,
  /** How many kinds of limits there are. */
  NLIMITS = 16,
}

/** No limit. @kernel RLIM_INFINITY, include/uapi/linux/resource.h */
export const RLIM_INFINITY: u64 = u64.MAX_VALUE;
/** Greatest number of descriptors of a table. @kernel sysctl_nr_open, fs/file.c */
export const NR_OPEN: u32 = 524288;
