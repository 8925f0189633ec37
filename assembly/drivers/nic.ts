import { Hrtimer, NSEC_PER_MSEC } from "../include/time";
import { DESCRIPTOR_SIZE, Nic, descriptor, nic, tx_length, tx_pieces } from "./nic_ring";
import { NIC_RING, NicDescriptorFlags, NicRing, WirePacket } from "../include/nic";
import { Softirq } from "../include/sched";
import { TCP_HEADER_SIZE } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import {
  alloc_packet,
  packet_bytes,
  wire_arrived,
  wire_direction,
  wire_remove,
  wire_transmit,
  wire_wait,
} from "./wire";
import { account_packet, dma_duration, dma_gather, dma_packet_to_memory } from "./dma";
import { get_zeroed_page } from "../mm/page_alloc";
import { handle_irq, hardware_timer_init, hrtimer_init, hrtimer_start, ktime_get } from "../kernel/time";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { nic_fetch_rx, nic_give_tx, nic_has_dma, nic_keep_rx } from "./nic_pio";
import { peer_receive } from "./peer";
import { peers_init } from "./peer_table";
import { raise_softirq } from "../kernel/softirq";

/*
 * The network card and its driver. They share two rings of descriptors, walked by three counts that only grow:
 *
 *        tail            done            head
 *   ──────┼───────────────┼───────────────┼──────>
 *         │ the driver's  │ the device's  │ free
 *         │ to take back  │ to work on    │
 *
 * Receiving: the driver posts empty frames (head), the device fills them by DMA (done) and interrupts, and the driver
 * takes them (tail). Sending: the driver posts pieces of packets, the device reads them by DMA, and the driver takes
 * the descriptors back to free what was sent. With NAPI the interrupt stays off while the driver polls.
 */

/** Makes a ring, all free. @param func called when a transfer is finished: (timer) => void. */
function nic_ring(func: u32): NicRing {
  let ring = changetype<NicRing>(kzalloc(offsetof<NicRing>()));
  ring.descriptors = kzalloc(<usize>NIC_RING * DESCRIPTOR_SIZE);
  hardware_timer_init(ring.timer, func);
  return ring;
}

/** Sets the card up and posts frames to receive into. */
export function nic_init(): void {
  kernel.nic = kzalloc(offsetof<Nic>());
  let card = nic();
  card.rx = nic_ring(rx_transferred.index);
  card.tx = nic_ring(tx_transferred.index);
  card.inbound = wire_direction(packet_at_nic.index)!;
  card.outbound = wire_direction(packet_at_world.index)!;
  hrtimer_init(card.retry, nic_retry.index);
  peers_init(card.inbound);
  nic_refill();
}

/** Frames that are kept posted: fewer than the ring has room for, so that an idle machine stays small. */
const NIC_POSTED: u32 = 16;

/** Posts empty frames until enough are posted, or memory is exhausted. */
export function nic_refill(): void {
  let ring = nic().rx;
  while (ring.head - ring.tail < NIC_POSTED) {
    let frame = get_zeroed_page();
    if (!frame) return;
    let slot = descriptor(ring, ring.head);
    slot.address = frame;
    slot.flags = NicDescriptorFlags.DEVICE;
    ring.head++;
  }
  nic_receive();
}

/** A packet arrives at the card. */
function packet_at_nic(timer: Hrtimer): void {
  nic_receive();
}

/** The card begins to move the first packet that has arrived into the next posted frame, unless it is busy. */
function nic_receive(): void {
  let card = nic();
  let ring = card.rx;
  if (ring.busy || ring.done == ring.head) return;
  let packet = wire_arrived(card.inbound, kernel.cpu.clock);
  if (!packet) {
    wire_wait(card.inbound);
    return;
  }
  ring.busy = 1;
  hrtimer_start(ring.timer, max(packet.arrives, ring.timer.expires) + move_duration(packet.length));
}

/** How long the card takes to move bytes from or to memory: nothing, if a CPU does it. Unit: ns. */
function move_duration(bytes: u32): u64 {
  return nic_has_dma() ? dma_duration(bytes) : 0;
}

/** The card has moved a packet into its frame, or wants a CPU to do so. */
function rx_transferred(timer: Hrtimer): void {
  let card = nic();
  let ring = card.rx;
  let packet = WirePacket.of_link(card.inbound.packets.next);
  let slot = descriptor(ring, ring.done);
  slot.length = packet.length;
  if (nic_has_dma()) {
    dma_packet_to_memory(slot.address, packet_bytes(packet), packet.length, packet.length - <u32>TCP_HEADER_SIZE);
    wire_remove(packet);
  } else {
    nic_keep_rx(slot, packet);
  }
  slot.flags = NicDescriptorFlags.DONE | NicDescriptorFlags.END_OF_PACKET;
  ring.done++;
  ring.busy = 0;
  nic_raise();
  nic_receive();
}

/** Free descriptors for sending. */
export function nic_tx_room(): u32 {
  let ring = nic().tx;
  return NIC_RING - (ring.head - ring.tail);
}

/**
 * Posts a piece of a packet to be sent.
 *
 * @param last    true for the last piece of a packet.
 * @param cookie  given back by nic_clean_tx() once the packet was read; 0 for all pieces but the last.
 */
export function nic_post_tx(address: usize, length: u32, last: bool, cookie: usize): void {
  let ring = nic().tx;
  let slot = descriptor(ring, ring.head++);
  slot.address = address;
  slot.length = length;
  slot.flags = NicDescriptorFlags.DEVICE | (last ? NicDescriptorFlags.END_OF_PACKET : 0);
  slot.cookie = cookie;
  if (last) nic_transmit();
}

/** The card begins to read the next packet, unless it is busy. */
function nic_transmit(): void {
  let ring = nic().tx;
  if (ring.busy) return;
  let pieces = tx_pieces(ring);
  if (!pieces) return;
  if (!nic_has_dma() && !nic_give_tx(ring, pieces)) return nic_poll_later();
  ring.busy = 1;
  hrtimer_start(ring.timer, max(kernel.cpu.clock, ring.timer.expires) + move_duration(tx_length(ring, pieces)));
}

/** The card reads the pieces of the next packet. @returns null when memory is exhausted. */
function gather(ring: NicRing, pieces: u32): WirePacket | null {
  let packet = alloc_packet(tx_length(ring, pieces));
  if (!packet) return null;
  let to = packet_bytes(packet);
  for (let i: u32 = 0; i < pieces; i++) {
    let slot = descriptor(ring, ring.done + i);
    dma_gather(to, slot.address, slot.length);
    to += slot.length;
  }
  account_packet(packet.length - <u32>TCP_HEADER_SIZE);
  return packet;
}

/** The card has a packet: it goes onto the wire. */
function tx_transferred(timer: Hrtimer): void {
  let card = nic();
  let ring = card.tx;
  let pieces = tx_pieces(ring);
  let packet = nic_has_dma() ? gather(ring, pieces) : card.sending;
  if (!packet) {
    // No memory for the world's copy: the card tries again in a millisecond, nothing is lost.
    hrtimer_start(ring.timer, timer.expires + NSEC_PER_MSEC);
    return;
  }
  for (let i: u32 = 0; i < pieces; i++) {
    let slot = descriptor(ring, ring.done++);
    slot.flags |= NicDescriptorFlags.DONE;
  }
  ring.busy = 0;
  card.sending = null;
  wire_transmit(card.outbound, packet, timer.expires);
  nic_raise();
  // Without DMA the next packet is a CPU's work: it is told that the card is free again.
  if (nic_has_dma()) nic_transmit();
}

/** Packets have arrived in the world outside. */
function packet_at_world(timer: Hrtimer): void {
  let direction = nic().outbound;
  let packet = wire_arrived(direction, timer.expires);
  while (packet) {
    peer_receive(packet_bytes(packet), packet.length, packet.arrives);
    wire_remove(packet);
    packet = wire_arrived(direction, timer.expires);
  }
  wire_wait(direction);
}

/** The card wants attention: it interrupts the CPU, unless the driver is looking anyway. */
function nic_raise(): void {
  let card = nic();
  card.irq_pending = 1;
  if (card.irq_masked) return;
  handle_irq(nic_interrupt.index, changetype<usize>(card));
}

/** The driver's interrupt handler: switches the interrupt off and asks for the soft interrupt that will poll. */
function nic_interrupt(card: usize): void {
  enter(Tp.nic_interrupt, card, 0, 0);
  nic().irq_masked = 1;
  enter(Tp.napi_schedule, card, 0, 0);
  raise_softirq(Softirq.NET_RX);
  leave(0);
  leave(0);
}

/** The next received frame, left in the ring; its packet begins at its first byte. 0 if there is none. */
export function nic_peek_rx(): usize {
  let ring = nic().rx;
  if (ring.tail == ring.done) return 0;
  let slot = descriptor(ring, ring.tail);
  if (slot.cookie) nic_fetch_rx(slot);
  return slot.address;
}

/** The driver takes the frame that nic_peek_rx() has shown: it belongs to the caller then. */
export function nic_take_rx(): void {
  let ring = nic().rx;
  descriptor(ring, ring.tail++).flags = 0;
}

/** There was no memory to take a frame: it stays in the ring, and the driver polls again in a millisecond. */
export function nic_poll_later(): void {
  hrtimer_start(nic().retry, ktime_get() + NSEC_PER_MSEC);
}

/** The driver polls again. */
function nic_retry(timer: Hrtimer): void {
  raise_softirq(Softirq.NET_RX);
}

/** The driver takes back the next sent descriptor. @returns its cookie if it has one, 1 if not, 0 if there is none. */
export function nic_clean_tx(): usize {
  let ring = nic().tx;
  if (ring.tail == ring.done) {
    if (!nic_has_dma()) nic_transmit();
    return 0;
  }
  let slot = descriptor(ring, ring.tail++);
  slot.flags = 0;
  return slot.cookie ? slot.cookie : 1;
}

/** Polling is done: the interrupt is switched on again. @returns false if something happened meanwhile: poll on. */
export function napi_complete(): bool {
  enter(Tp.napi_complete, kernel.nic, 0, 0);
  nic_refill();
  let card = nic();
  if (card.rx.tail != card.rx.done || card.tx.tail != card.tx.done) return leave(false);
  card.irq_masked = 0;
  card.irq_pending = 0;
  return leave(true);
}
