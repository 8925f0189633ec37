import { DeviceFlags } from "../include/devices";
import { NetDevice, NetdevFeatures } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { Softirq } from "../include/sched";
import { TCP_HEADER_SIZE, TCP_MSS_WIRE, Tcphdr } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { alloc_netdev, charge_checksum, netif_receive_skb } from "./dev";
import {
  MAX_SKB_FRAGS,
  build_skb,
  kfree_skb,
  skb_dequeue,
  skb_frag,
  skb_peek,
  skb_queue_tail,
  skb_shinfo,
} from "./skbuff";
import {
  napi_complete,
  nic_clean_tx,
  nic_peek_rx,
  nic_poll_later,
  nic_post_tx,
  nic_take_rx,
  nic_tx_room,
} from "../drivers/nic";
import { kernel } from "../include/kernel";
import { net } from "./net";
import { PAGE_SIZE, page_address } from "../include/mm_types";
import { raise_softirq } from "../kernel/softirq";

/*
 * eth0: sk_buffs on one side, the network card's descriptors on the other. A packet's header with its own data behind it
 * takes one descriptor, each of its pieces in frames another; the card gathers them (scatter-gather), so that no CPU
 * copies. A received frame becomes an sk_buff as it is.
 */

/** "eth0", as text in a number. */
const NAME_ETH0: u64 = 0x3068_7465;

/** Largest packet for a card that cuts it into segments: as many whole frames as a packet has pieces. Unit: bytes. */
const ETH_GSO_MAX: u32 = MAX_SKB_FRAGS * <u32>PAGE_SIZE;

/** Makes the device. */
export function eth_init(): NetDevice {
  let dev = alloc_netdev(NAME_ETH0, TCP_MSS_WIRE, eth_start_xmit.index);
  dev.features = features();
  dev.gso_max_size = dev.features & NetdevFeatures.TSO ? ETH_GSO_MAX : 0;
  return dev;
}

/**
 * What the card does by itself: without checksums it does not gather, because a CPU would have to go over the bytes; and
 * who does not gather does not cut. @kernel netdev_fix_features(), net/core/dev.c
 */
function features(): u32 {
  let devices = kernel.devices;
  if (devices & DeviceFlags.NO_CHECKSUM) return 0;
  if (devices & (DeviceFlags.NO_SCATTER_GATHER | DeviceFlags.PIO)) return NetdevFeatures.HW_CSUM;
  return NetdevFeatures.HW_CSUM | NetdevFeatures.SG | NetdevFeatures.TSO;
}

/** Number of descriptors that a packet takes. */
function descriptors_for(skb: SkBuff): u32 {
  return 1 + skb_shinfo(skb).nr_frags;
}

/** Takes a packet to send; without free descriptors it waits its turn. @kernel ndo_start_xmit, netdevice.h */
function eth_start_xmit(skb: SkBuff, dev: NetDevice): void {
  enter(Tp.eth_start_xmit, changetype<usize>(skb), skb.len, 0);
  let queue = net().qdisc;
  if (queue.qlen || nic_tx_room() < descriptors_for(skb)) skb_queue_tail(queue, skb);
  else post(skb);
  leave(0);
}

/** Gives a packet's pieces to the card. */
function post(skb: SkBuff): void {
  let left = descriptors_for(skb);
  let cookie = changetype<usize>(skb);
  let head = <u32>TCP_HEADER_SIZE + skb.len - skb.data_len;
  nic_post_tx(skb.transport_header, head, --left == 0, left ? 0 : cookie);
  for (let i: u32 = 0; left; i++) {
    let frag = skb_frag(skb, i);
    nic_post_tx(page_address(frag.page) + frag.offset, frag.size, --left == 0, left ? 0 : cookie);
  }
}

/** Looks at everything that the card has done: what was sent is freed, what has arrived is handed up. */
export function eth_poll(): void {
  enter(Tp.napi_poll, 0, 0, 0);
  clean_tx();
  while (nic_peek_rx()) {
    if (receive_one()) continue;
    nic_poll_later();
    leave(0);
    return;
  }
  if (!napi_complete()) raise_softirq(Softirq.NET_RX);
  leave(0);
}

/** Frees packets that the card has read, and posts those that waited for descriptors. */
function clean_tx(): void {
  for (let cookie = nic_clean_tx(); cookie; cookie = nic_clean_tx()) {
    if (cookie != 1) kfree_skb(changetype<SkBuff>(cookie));
  }
  let queue = net().qdisc;
  for (let next = skb_peek(queue); next; next = skb_peek(queue)) {
    if (nic_tx_room() < descriptors_for(next)) return;
    post(skb_dequeue(queue)!);
  }
}

/** Hands one received frame up. @returns false if there was no memory for its sk_buff. */
function receive_one(): bool {
  let frame = nic_peek_rx();
  let skb = build_skb(frame);
  if (!skb) return false;
  nic_take_rx();
  skb.transport_header = frame;
  skb.data = frame + TCP_HEADER_SIZE;
  skb.len = changetype<Tcphdr>(frame).len;
  if (!(net().eth0.features & NetdevFeatures.HW_CSUM)) charge_checksum(skb.len);
  netif_receive_skb(skb, net().eth0);
  return true;
}
