import { DeviceFlags } from "../include/devices";
import { NicDescriptor, NicRing, WirePacket } from "../include/nic";
import { TCP_HEADER_SIZE } from "../include/tcp";
import { account_pio } from "./pio";
import { alloc_packet, packet_bytes } from "./wire";
import { descriptor, nic, tx_length } from "./nic_ring";
import { kernel } from "../include/kernel";
import { kfree } from "../mm/slab";

/*
 * A network card without DMA keeps what it has received until a CPU has taken all words of it, and has room for one packet
 * to send, whose words a CPU gives it.
 */

/** Whether the card moves bytes by itself. */
export function nic_has_dma(): bool {
  return !(kernel.devices & DeviceFlags.PIO);
}

/** The card keeps a packet that has arrived, for a CPU. */
export function nic_keep_rx(slot: NicDescriptor, packet: WirePacket): void {
  packet.link.del();
  slot.cookie = changetype<usize>(packet);
}

/** A CPU takes the words of a packet that the card has kept. */
export function nic_fetch_rx(slot: NicDescriptor): void {
  memory.copy(slot.address, packet_bytes(changetype<WirePacket>(slot.cookie)), slot.length);
  account_pio(slot.address, slot.length, slot.length - <u32>TCP_HEADER_SIZE, 0);
  kfree(slot.cookie);
  slot.cookie = 0;
}

/** A CPU gives the card the words of the next packet. @returns false when memory is exhausted. */
export function nic_give_tx(ring: NicRing, pieces: u32): bool {
  let length = tx_length(ring, pieces);
  let packet = alloc_packet(length);
  if (!packet) return false;
  let to = packet_bytes(packet);
  for (let i: u32 = 0; i < pieces; i++) {
    let slot = descriptor(ring, ring.done + i);
    memory.copy(to, slot.address, slot.length);
    to += slot.length;
  }
  nic().sending = packet;
  account_pio(descriptor(ring, ring.done).address, length, length - <u32>TCP_HEADER_SIZE, 0);
  return true;
}
