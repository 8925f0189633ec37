import { ListHead } from "../include/list";
import { TcpFlags, Tcphdr } from "../include/tcp";
import { Tp, trace } from "../include/trace";
import { WireDirection, WirePacket } from "../include/nic";
import { hardware_timer_init, hrtimer_start } from "../kernel/time";
import { kernel } from "../include/kernel";
import { kfree, kmalloc_device, kzalloc } from "../mm/slab";

/*
 * The wire: two directions, each a queue of packets on their way. A packet takes costs.wire_64k by its length to be put
 * on the wire, one after the other, and costs.wire_latency to travel. Nothing is lost unless the host wants it: a receiver
 * that has no room makes the wire wait, as Ethernet's pause frames do.
 */

/** Makes one direction of the wire. @param func called when its first packet arrives: (timer) => void. */
export function wire_direction(func: u32): WireDirection | null {
  let at = kzalloc(offsetof<WireDirection>());
  if (!at) return null;
  let direction = changetype<WireDirection>(at);
  direction.packets.init();
  hardware_timer_init(direction.timer, func);
  return direction;
}

/** A packet with room for so many bytes; null when memory is exhausted. */
export function alloc_packet(length: u32): WirePacket | null {
  let at = kmalloc_device(offsetof<WirePacket>() + length);
  if (!at) return null;
  let packet = changetype<WirePacket>(at);
  packet.length = length;
  return packet;
}

/** Address of a packet's bytes. */
export function packet_bytes(packet: WirePacket): usize {
  return changetype<usize>(packet) + offsetof<WirePacket>();
}

/** Puts a packet on the wire. @param now ns since boot. */
export function wire_transmit(direction: WireDirection, packet: WirePacket, now: u64): void {
  let costs = kernel.costs;
  direction.free_at = max(direction.free_at, now) + ((<u64>packet.length * costs.wire_64k) >> 16);
  if (direction.drop && is_sent_again(packet)) return lose(direction, packet);
  packet.arrives = direction.free_at + costs.wire_latency;
  direction.packets.add_tail(packet.link);
  wire_wait(direction);
}

/**
 * True for a packet that its sender sends again if nobody answers. An acknowledgement alone is not: if it opened a window
 * and was lost, both sides would wait for ever.
 */
function is_sent_again(packet: WirePacket): bool {
  let header = changetype<Tcphdr>(packet_bytes(packet));
  return header.len != 0 || (header.flags & (TcpFlags.SYN | TcpFlags.FIN)) != 0;
}

/** A packet is lost on the wire. */
function lose(direction: WireDirection, packet: WirePacket): void {
  direction.drop--;
  direction.dropped++;
  let header = changetype<Tcphdr>(packet_bytes(packet));
  let bytes = header.len;
  let seq = header.seq;
  kfree(changetype<usize>(packet));
  trace(Tp.wire_drop, changetype<usize>(direction), bytes, seq);
}

/** Waits for the first packet of a direction to arrive, unless it does already. */
export function wire_wait(direction: WireDirection): void {
  if (direction.timer.queued || direction.packets.empty) return;
  hrtimer_start(direction.timer, WirePacket.of_link(direction.packets.next).arrives);
}

/** The first packet that has arrived by a time, left on the wire; null if there is none. */
export function wire_arrived(direction: WireDirection, now: u64): WirePacket | null {
  let list: ListHead = direction.packets;
  if (list.empty) return null;
  let packet = WirePacket.of_link(list.next);
  return packet.arrives <= now ? packet : null;
}

/** Takes a packet off the wire and frees it. */
export function wire_remove(packet: WirePacket): void {
  packet.link.del();
  kfree(changetype<usize>(packet));
}
