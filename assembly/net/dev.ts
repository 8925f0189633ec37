import { NetDevice } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { Softirq } from "../include/sched";
import { TCP_HEADER_SIZE, TCP_MSS_LOOPBACK, TCP_MSS_WIRE, Tcphdr } from "../include/tcp";
import { Tp, charge, enter, leave } from "../include/trace";
import { build_skb, kfree_skb, skb_dequeue, skb_frag, skb_peek, skb_queue_head_init, skb_queue_tail, skb_shinfo } from "./skbuff";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { net } from "./net";
import { nic_add_buffer, nic_napi_poll, nic_begin, nic_room, nic_send } from "../drivers/nic";
import { open_softirq, raise_softirq } from "../kernel/softirq";
import { page_address } from "../include/mm_types";
import { tcp_v4_rcv } from "./tcp_ipv4";

/** Most packets that a device hands over before others get their turn. @kernel NAPI_POLL_WEIGHT */
const NAPI_POLL_WEIGHT: u32 = 64;

/** A device. @param name  up to 8 characters as they lie in memory; null: memory is exhausted. */
function register_netdevice(name: u64, mss: u32, xmit: u32): NetDevice {
  let dev = changetype<NetDevice>(kzalloc(offsetof<NetDevice>()));
  if (!changetype<usize>(dev)) return dev;
  dev.name = name;
  dev.mss = mss;
  dev.ndo_start_xmit = xmit;
  return dev;
}

/** Makes the devices, their queues, and the soft interrupts that serve them. @kernel net_dev_init(), net/core/dev.c */
export function net_dev_init(): void {
  let state = net();
  skb_queue_head_init(state.input_pkt_queue);
  skb_queue_head_init(state.qdisc);
  state.loopback_dev = register_netdevice(0x6f6c, TCP_MSS_LOOPBACK, loopback_xmit.index);
  state.eth0 = register_netdevice(0x30687465, TCP_MSS_WIRE, eth0_xmit.index);
  open_softirq(Softirq.NET_RX, net_rx_action.index);
}

/** Hands a packet to its device. @kernel __dev_queue_xmit(), net/core/dev.c */
export function dev_queue_xmit(skb: SkBuff): void {
  let dev = skb.dev!;
  enter(Tp.__dev_queue_xmit, changetype<usize>(skb), changetype<usize>(dev), skb.len);
  charge(kernel.costs.packet);
  dev.tx_packets++;
  dev.tx_bytes += TCP_HEADER_SIZE + skb.len;
  call_indirect<void>(dev.ndo_start_xmit, skb, dev);
  leave(0);
}

/** The loopback device sends: what goes out comes in. @kernel loopback_xmit(), drivers/net/loopback.c */
export function loopback_xmit(skb: SkBuff, dev: NetDevice): void {
  enter(Tp.loopback_xmit, changetype<usize>(skb), skb.len, 0);
  netif_rx(skb);
  leave(0);
}

/** Puts a packet in the queue of those that have come in, and asks for the soft interrupt. @kernel netif_rx() */
export function netif_rx(skb: SkBuff): void {
  enter(Tp.netif_rx, changetype<usize>(skb), skb.len, 0);
  skb_queue_tail(net().input_pkt_queue, skb);
  raise_softirq(Softirq.NET_RX);
  leave(0);
}

/** A packet has come in; it is used up. @kernel __netif_receive_skb_core(), net/core/dev.c */
export function netif_receive_skb(skb: SkBuff): void {
  let dev = skb.dev!;
  enter(Tp.__netif_receive_skb, changetype<usize>(skb), changetype<usize>(dev), skb.len);
  charge(kernel.costs.packet);
  dev.rx_packets++;
  dev.rx_bytes += TCP_HEADER_SIZE + skb.len;
  ip_rcv(skb);
  leave(0);
}

/** The network layer's part. @kernel ip_rcv(), net/ipv4/ip_input.c; ipv6_rcv(), net/ipv6/ip6_input.c */
function ip_rcv(skb: SkBuff): void {
  enter(Tp.ip_rcv, changetype<usize>(skb), skb.len, 0);
  tcp_v4_rcv(skb);
  leave(0);
}

/** The soft interrupt for packets that have come in. @kernel net_rx_action(), net/core/dev.c */
export function net_rx_action(): void {
  enter(Tp.net_rx_action, net().input_pkt_queue_qlen, net().napi_scheduled, 0);
  process_backlog();
  if (net().napi_scheduled) {
    net().napi_scheduled = 0;
    if (nic_napi_poll(NAPI_POLL_WEIGHT) == NAPI_POLL_WEIGHT) napi_schedule();
  }
  leave(0);
}

/** Takes in the packets that the machine has sent to itself. @kernel process_backlog(), net/core/dev.c */
function process_backlog(): void {
  let queue = net().input_pkt_queue;
  if (queue.list.empty) return;
  enter(Tp.process_backlog, queue.qlen, 0, 0);
  for (let budget = NAPI_POLL_WEIGHT; budget; budget--) {
    let skb = skb_dequeue(queue);
    if (!skb) break;
    netif_receive_skb(skb);
  }
  leave(0);
  if (!queue.list.empty) raise_softirq(Softirq.NET_RX);
}

/** The network card wants to be polled: asks for the soft interrupt. @kernel napi_schedule(), net/core/dev.c */
export function napi_schedule(): void {
  enter(Tp.napi_schedule, 0, 0, 0);
  net().napi_scheduled = 1;
  raise_softirq(Softirq.NET_RX);
  leave(0);
}

/**
 * The network card hands over a frame with a packet in it. No byte is moved: the frame becomes the sk_buff's buffer.
 *
 * @param offset  where in the frame the packet begins. Unit: bytes.
 * @returns       true if the frame was taken; false: it stays the card's, and the packet is lost.
 */
export function eth0_receive(frame: usize, offset: usize): bool {
  let skb = build_skb(frame);
  if (!skb) {
    net().eth0.rx_dropped++;
    return false;
  }
  skb.transport_header = frame + offset;
  skb.data = frame + offset + TCP_HEADER_SIZE;
  skb.len = changetype<Tcphdr>(skb.transport_header).len;
  skb.dev = net().eth0;
  netif_receive_skb(skb);
  return true;
}

/** The network card has sent a packet. @param cookie  the sk_buff. */
export function eth0_sent(cookie: usize): void {
  kfree_skb(changetype<SkBuff>(cookie));
  qdisc_run();
}

/** The network card sends: a descriptor for the header, one for each piece. @kernel ndo_start_xmit of a driver */
export function eth0_xmit(skb: SkBuff, dev: NetDevice): void {
  skb_queue_tail(net().qdisc, skb);
  qdisc_run();
}

/** Gives waiting packets to the network card while it has descriptors. @kernel __qdisc_run(), net/sched/sch_generic.c */
function qdisc_run(): void {
  let queue = net().qdisc;
  for (let skb = skb_peek(queue); skb; skb = skb_peek(queue)) {
    let info = skb_shinfo(skb);
    if (nic_room() < info.nr_frags + 1) return;
    skb_dequeue(queue);
    nic_begin(changetype<usize>(skb));
    nic_add_buffer(skb.transport_header, TCP_HEADER_SIZE + (skb.len - skb.data_len));
    for (let i: u32 = 0; i < info.nr_frags; i++) {
      let frag = skb_frag(skb, i);
      nic_add_buffer(page_address(frag.page) + frag.offset, frag.size);
    }
    nic_send();
  }
}
