import type { KernelObjectOf } from "./base.ts";

/** A timer that is waiting. */
export interface TimerObject extends KernelObjectOf<"Hrtimer"> {
  /** When it is due. Unit: ns since boot. */
  readonly expires: number;
  /** Name of the function that is called then. */
  readonly func: string;
  /** Address of the object that it is part of; 0: unknown. */
  readonly owner: number;
}

/** A ring that the network card and its driver share. */
export interface NicRingObject extends KernelObjectOf<"NicRing"> {
  /** Descriptors handed to the device since boot. */
  readonly head: number;
  /** Descriptors that the device is done with since boot. */
  readonly done: number;
  /** Descriptors taken back by the driver since boot. */
  readonly tail: number;
  /** Whether the device moves bytes now. */
  readonly busy: boolean;
  /** The descriptors between tail and head. */
  readonly slots: readonly { readonly index: number; readonly length: number; readonly flags: string }[];
}

/** A client or a connection of a server in the world outside. */
export interface PeerObject extends KernelObjectOf<"Peer"> {
  /** Name of its TcpState. */
  readonly state: string;
  /** Its own port. */
  readonly port: number;
  /** The machine's port. */
  readonly remotePort: number;
  /** Bytes that it has received. */
  readonly received: number;
  /** Bytes that it has not sent yet, or that were not acknowledged. */
  readonly waiting: number;
}
