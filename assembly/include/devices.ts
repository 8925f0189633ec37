/** What the machine's devices are like, where they are not as usual. */
export enum DeviceFlags {
  /** They have no DMA: a CPU moves every word (programmed I/O). */
  PIO = 1,
  /** The network card takes a packet in one piece only. */
  NO_SCATTER_GATHER = 2,
  /** The network card does not compute checksums. */
  NO_CHECKSUM = 4,
  /** The disk has a head and turning platters. */
  ROTATING_DISK = 8,
}

/** How many commands a disk takes at once, where nobody says otherwise. */
export const DEFAULT_QUEUE_DEPTH: u32 = 32;
