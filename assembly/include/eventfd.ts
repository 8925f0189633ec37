/** Flags of eventfd2(2), named without their `EFD_`. @kernel include/uapi/linux/eventfd.h */
export enum EventfdFlags {
  /** Every read takes 1 from the counter. */
  SEMAPHORE = 1,
  /** Answer EAGAIN instead of waiting. */
  NONBLOCK = 0x800,
  /** execve() closes the descriptor. */
  CLOEXEC = 0x80000,
}
