import { Errno } from "../include/errno";
import { Ipproto } from "../include/socket";
import { Sock } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { data_ready } from "../include/phase";
import { TcpState, Tcphdr } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { compute_score, inet_bind_bucket_find } from "./inet_hashtables";
import { SKB_STRUCT_TRUESIZE, kfree_skb, skb_queue_tail } from "./skbuff";
import { sk_data_ready, sk_error_report, skb_set_owner_r } from "./sock";

/* Messages of UDP that arrive. */

/** How much better a connected socket fits. */
const CONNECTED: u32 = 16;
/** Headers and administration in the buffer of a message. Unit: bytes. */
const HEAD_OVERHEAD: u32 = 379;
/** Size of the smallest buffer of a message. Unit: bytes. @kernel SKB_SMALL_HEAD_CACHE_SIZE, net/core/skbuff.c */
const SMALL_HEAD: u32 = 576;

/** Memory that a message of n bytes is charged for, as on Linux. Unit: bytes. */
function udp_truesize(n: u32): u32 {
  let need = n + HEAD_OVERHEAD;
  return SKB_STRUCT_TRUESIZE + (need <= SMALL_HEAD ? SMALL_HEAD : 1 << (32 - <u32>clz(need - 1)));
}

/** How well a socket fits a message: 0 not at all. @kernel compute_score(), net/ipv4/udp.c */
function udp_score(sk: Sock, th: Tcphdr): u32 {
  let score = compute_score(sk.skc, th.daddr_head, th.daddr_tail);
  if (!score || sk.skc_state != TcpState.ESTABLISHED) return score;
  let port = sk.skc_dport == th.source || !sk.skc_dport;
  let mine = port && sk.skc_daddr_head == th.saddr_head && sk.skc_daddr_tail == th.saddr_tail;
  return mine ? score + CONNECTED : 0;
}

/** The socket that a message is for; of several that fit as well the newest. null: none. @kernel __udp4_lib_lookup() */
function udp_lookup(th: Tcphdr): Sock | null {
  let tb = inet_bind_bucket_find(Ipproto.UDP, th.dest);
  let best: Sock | null = null;
  let best_score: u32 = 0;
  let next = tb ? tb.owners.first : null;
  while (next) {
    let sk = Sock.of_sk_bind_node(next);
    next = next.next;
    let score = udp_score(sk, th);
    if (score <= best_score) continue;
    best = sk;
    best_score = score;
  }
  return best;
}

/** Nobody takes messages at a port: the sender hears of it if it is connected there. @kernel __udp4_lib_err() */
function udp_unreachable(th: Tcphdr): void {
  let tb = inet_bind_bucket_find(Ipproto.UDP, th.source);
  let next = tb ? tb.owners.first : null;
  while (next) {
    let sk = Sock.of_sk_bind_node(next);
    next = next.next;
    // One that is connected to no port in particular hears of all.
    let port = sk.skc_dport == th.dest || !sk.skc_dport;
    let sender = sk.skc_state == TcpState.ESTABLISHED && port && sk.skc_daddr_tail == th.daddr_tail;
    if (!sender || sk.skc_daddr_head != th.daddr_head || !compute_score(sk.skc, th.saddr_head, th.saddr_tail)) continue;
    sk.sk_err = <i16>Errno.ECONNREFUSED;
    sk_error_report(sk);
    return;
  }
}

/** A message of UDP has arrived; the sk_buff is used up. @kernel __udp4_lib_rcv(), net/ipv4/udp.c */
export function udp_rcv(skb: SkBuff): void {
  let th = changetype<Tcphdr>(skb.transport_header);
  enter(Tp.udp_rcv, changetype<usize>(skb), th.source, th.dest);
  let sk = udp_lookup(th);
  skb.truesize = udp_truesize(skb.len);
  if (sk && sk.sk_rmem_alloc + <i32>skb.truesize <= sk.sk_rcvbuf) {
    skb_set_owner_r(skb, sk);
    skb_queue_tail(sk.sk_receive_queue, skb);
    data_ready(changetype<usize>(sk), skb.len);
    sk_data_ready(sk);
  } else {
    // Without room it is lost; without a receiver, the sender may hear of it.
    if (!sk) udp_unreachable(th);
    kfree_skb(skb);
  }
  leave(0);
}
