import type { KernelObjectOf } from "./base.ts";

/** Where on the disk something lies: which file's stretch, and where in it. */
export interface DiskPlace {
  /** Number of the stretch. */
  readonly extent: number;
  /** Sector in it, of 512 bytes. */
  readonly sector: number;
}

/** The disk. */
export interface DiskObject extends KernelObjectOf<"DiskState"> {
  readonly kind: "flash" | "rotating";
  /** Whether a CPU moves every word. */
  readonly pio: boolean;
  /** Where a rotating disk's head is. */
  readonly track: number;
  /** Blocks of 4 KiB that were ever written. */
  readonly stored: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** What the disk still has to do. */
export interface RequestQueueObject extends KernelObjectOf<"RequestQueue"> {
  /** How many commands the disk takes at once, and has. */
  readonly depth: number;
  readonly inFlight: number;
  /** Requests that the disk has not been given yet. */
  readonly waiting: number;
  /** Whether somebody still collects bios. */
  readonly plugged: boolean;
  /** Since boot. */
  readonly bios: number;
  readonly merged: number;
  readonly issued: number;
}

/** A request that waits, or that the disk has. */
export interface BlkRequestObject extends KernelObjectOf<"Request">, DiskPlace {
  readonly tag: number;
  /** Name of its RequestState. */
  readonly state: string;
  /** Name of its ReqOp. */
  readonly op: string;
  readonly bytes: number;
  /** Number of pieces of memory. */
  readonly segments: number;
  /** When the disk will be done with it. Unit: ns since boot; 0: the disk has not begun. */
  readonly finish: number;
}

/** Neighbouring sectors, and the memory that they are read into or written from. */
export interface BioObject extends KernelObjectOf<"Bio">, DiskPlace {
  /** Name of its ReqOp. */
  readonly op: string;
  readonly bytes: number;
  /** 0 or the -errno that it has ended with. */
  readonly status: number;
  /** The task that has submitted it; 0: none. */
  readonly pid: number;
  /** The pieces of memory. */
  readonly pieces: readonly { readonly address: number; readonly length: number }[];
}
