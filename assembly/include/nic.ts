import { ListHead } from "./list";
import { RbNode } from "./rbtree_types";
import { Hrtimer } from "./time";

/** Number of descriptors in each ring of the network card: a power of two. */
export const NIC_RING: u32 = 256;

/** Bits of NicDescriptor.flags. */
export enum NicDescriptorFlags {
  /** It belongs to the device, which will move bytes for it. */
  DEVICE = 1,
  /** The device is done with it. */
  DONE = 2,
  /** Last piece of a packet. */
  END_OF_PACKET = 4,
}

/** One slot of a ring that driver and network card share: a piece of memory, and whose turn it is. */
@unmanaged
export class NicDescriptor {
  /** Where in memory the bytes are, or go. */
  address: usize;
  /** Number of bytes. */
  length: u32;
  /** NicDescriptorFlags bits. */
  flags: u32;
  /** The driver's own: the sk_buff that a sent piece belongs to. */
  cookie: usize;
}

/** A ring of descriptors, filled by the driver and emptied by the device, or the other way round. */
@unmanaged
export class NicRing {
  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;
  /** The descriptors: NIC_RING structs NicDescriptor. */
  @to("NicDescriptor") descriptors: usize;
  /** Count of descriptors that the driver has handed to the device since boot. */
  head: u32;
  /** Count of descriptors that the device is done with since boot. */
  done: u32;
  /** Count of descriptors that the driver has taken back since boot. */
  tail: u32;
  /** 1 while the device moves bytes for a descriptor of this ring. */
  busy: u32;

  /** When the transfer at work is finished. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<NicRing>("timer_node_parent_color"));
  }
}

/** The network card. */
@unmanaged
export class NicState {
  /** Frames that packets are received into. */
  rx: NicRing;
  /** Packets to be sent. */
  tx: NicRing;
  /** 1 while its interrupt is switched off, because the driver is looking anyway (NAPI). */
  irq_masked: u32;
  /** 1 if something happened that the driver has not yet looked at. */
  irq_pending: u32;
}

/** A packet on the wire; its bytes lie behind it. */
@unmanaged
export class WirePacket {
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;
  /** When it is at the other end. Unit: ns since boot. */
  arrives: u64;
  /** Number of its bytes. */
  length: u32;

  /** Links it into its direction of the wire. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<WirePacket>("link_next"));
  }
  /** container_of(link, WirePacket, link). */
  @inline static of_link(link: ListHead): WirePacket {
    return changetype<WirePacket>(changetype<usize>(link) - offsetof<WirePacket>("link_next"));
  }
}

/** One direction of the wire: packets on their way, in order. */
@unmanaged
export class WireDirection {
  // struct list_head packets
  packets_next: ListHead;
  packets_prev: ListHead;
  /** When the last packet will have been put on the wire. Unit: ns since boot. */
  free_at: u64;
  /** So many of the next packets that would be sent again are lost: those with data, SYN or FIN. */
  drop: u32;
  /** Number of packets that were lost since boot. */
  dropped: u32;
  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;

  /** The packets: WirePacket.link of each, the first to arrive first. */
  @embed @inline get packets(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<WireDirection>("packets_next"));
  }
  /** When the first packet arrives. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<WireDirection>("timer_node_parent_color"));
  }
}
