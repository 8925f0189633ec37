import { Hrtimer } from "../include/time";
import {
  NIC_RING,
  NicDescriptor,
  NicDescriptorFlags,
  NicRing,
  NicState,
  WireDirection,
  WirePacket,
} from "../include/nic";
import { RbNode } from "../include/rbtree_types";
import { kernel } from "../include/kernel";

/** What lies on the wire in each direction, beside the card. */
@unmanaged
export class Nic extends NicState {
  /** From the world to the machine. */
  inbound: WireDirection;
  /** From the machine to the world. */
  outbound: WireDirection;
  // struct hrtimer retry
  retry_node_parent_color: usize;
  retry_node_right: RbNode | null;
  retry_node_left: RbNode | null;
  retry_func: u16;
  retry_queued: u8;
  retry_kind: u8;
  retry_expires: u64;
  /** A card without DMA: the packet whose words a CPU has given it, to be sent; null: none. */
  sending: WirePacket | null;

  /** Polls again when there was no memory to take a packet. */
  @embed @inline get retry(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<Nic>("retry_node_parent_color"));
  }
}

/** The card. */
export function nic(): Nic {
  return changetype<Nic>(kernel.nic);
}

/** A descriptor by its count since boot. */
export function descriptor(ring: NicRing, count: u32): NicDescriptor {
  return changetype<NicDescriptor>(ring.descriptors + <usize>(count & (NIC_RING - 1)) * DESCRIPTOR_SIZE);
}

/** Size of a descriptor. Unit: bytes. */
export const DESCRIPTOR_SIZE: usize = offsetof<NicDescriptor>();

/** Number of descriptors of the packet that the card sends next, and its length; 0 if there is none complete. */
export function tx_pieces(ring: NicRing): u32 {
  for (let count = ring.done; count != ring.head; count++) {
    if (descriptor(ring, count).flags & NicDescriptorFlags.END_OF_PACKET) return count - ring.done + 1;
  }
  return 0;
}

/** Length of the next so many pieces. Unit: bytes. */
export function tx_length(ring: NicRing, pieces: u32): u32 {
  let length: u32 = 0;
  for (let i: u32 = 0; i < pieces; i++) length += descriptor(ring, ring.done + i).length;
  return length;
}
