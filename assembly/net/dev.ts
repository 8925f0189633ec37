import { NetDevice, NetdevFeatures } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { Softirq } from "../include/sched";
import { TCP_HEADER_SIZE, TCP_MSS_LOOPBACK, Tcphdr } from "../include/tcp";
import { Tp, charge, enter, leave } from "../include/trace";
import { eth_init, eth_poll } from "./eth";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { net } from "./net";
import { open_softirq, raise_softirq } from "../kernel/softirq";
import { kfree_skb, skb_dequeue, skb_queue_head_init, skb_queue_tail, skb_shinfo } from "./skbuff";
import { skb_copy_ubufs } from "./zerocopy";
import { Ipproto } from "../include/socket";
import { tcp_v4_rcv } from "./tcp_ipv4";
import { udp_rcv } from "./udp_input";

/*
 * Where packets leave the protocols and come back to them. Two devices: lo, which hands what it is given to the
 * receiving side of the same machine, and eth0, the network card. Both deliver in the soft interrupt.
 */

/** "lo", as text in a number. */
const NAME_LO: u64 = 0x6f6c;

/** Sets both devices and the soft interrupt of receiving up. @kernel net_dev_init(), net/core/dev.c */
export function dev_init(): void {
  skb_queue_head_init(net().input_pkt_queue);
  skb_queue_head_init(net().qdisc);
  net().loopback_dev = alloc_netdev(NAME_LO, TCP_MSS_LOOPBACK, loopback_xmit.index);
  net().eth0 = eth_init();
  open_softirq(Softirq.NET_RX, net_rx_action.index);
}

/** A device. @param start_xmit (SkBuff, NetDevice) => void, an index into the function table. @kernel alloc_netdev() */
export function alloc_netdev(name: u64, mss: u32, start_xmit: u32): NetDevice {
  let dev = changetype<NetDevice>(kzalloc(offsetof<NetDevice>()));
  dev.name = name;
  dev.mss = mss;
  dev.features = NetdevFeatures.SG | NetdevFeatures.HW_CSUM;
  dev.ndo_start_xmit = start_xmit;
  return dev;
}

/** Gives a packet, which is used up, to its device. @kernel dev_queue_xmit(), net/core/dev.c */
export function dev_queue_xmit(skb: SkBuff): void {
  let dev = skb.dev!;
  enter(Tp.dev_hard_start_xmit, changetype<usize>(skb), changetype<usize>(dev), 0);
  charge_packet(skb);
  dev.tx_packets++;
  dev.tx_bytes += <u64>TCP_HEADER_SIZE + skb.len;
  call_indirect<void>(dev.ndo_start_xmit, skb, dev);
  leave(0);
}

/** Charges the CPU for one half of a packet's way. */
function charge_packet(skb: SkBuff): void {
  charge(skb.len ? kernel.costs.packet : kernel.costs.control_packet);
}

/** Charges the CPU for summing the bytes of packets, which the device does not. */
export function charge_checksum(bytes: u32): void {
  charge(<u32>((<u64>bytes * kernel.costs.checksum_64k) >> 16));
}

/** The machine sends to itself: the packet waits for the soft interrupt. @kernel loopback_xmit(), drivers/net/loopback.c */
function loopback_xmit(skb: SkBuff, dev: NetDevice): void {
  enter(Tp.loopback_xmit, changetype<usize>(skb), skb.len, 0);
  skb_queue_tail(net().input_pkt_queue, skb);
  raise_softirq(Softirq.NET_RX);
  leave(0);
}

/** The soft interrupt of receiving: the machine's own packets, then the network card's. @kernel net_rx_action() */
function net_rx_action(): void {
  enter(Tp.net_rx_action, 0, 0, 0);
  let skb = skb_dequeue(net().input_pkt_queue);
  while (skb) {
    if (!skb_shinfo(skb).uarg || skb_copy_ubufs(skb)) netif_receive_skb(skb, net().loopback_dev);
    else kfree_skb(skb);
    skb = skb_dequeue(net().input_pkt_queue);
  }
  eth_poll();
  leave(0);
}

/** Hands a received packet to its protocol. @kernel __netif_receive_skb_core(), net/core/dev.c */
export function netif_receive_skb(skb: SkBuff, dev: NetDevice): void {
  enter(Tp.netif_receive_skb, changetype<usize>(skb), skb.len, changetype<usize>(dev));
  charge_packet(skb);
  skb.dev = dev;
  dev.rx_packets++;
  dev.rx_bytes += <u64>TCP_HEADER_SIZE + changetype<Tcphdr>(skb.transport_header).len;
  if (skb.protocol == Ipproto.UDP) udp_rcv(skb);
  else tcp_v4_rcv(skb);
  leave(0);
}
