import { InetTimewaitSock } from "../include/inet_sock";
import { Sock } from "../include/sock";
import { NSEC_PER_SEC } from "../include/time";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { inet_bind_bucket_destroy } from "./inet_bind";
import { inet_ehash_insert, inet_ehash_remove, inet_unhash } from "./inet_hashtables";
import { kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { ktime_get } from "../kernel/time";
import { net } from "./net";

/** How long the late end of a connection is kept. Unit: ns. @kernel TCP_TIMEWAIT_LEN, include/net/tcp.h */
export const TCP_TIMEWAIT_LEN: u64 = 60 * NSEC_PER_SEC;

/** Forgets the late end of a connection. @kernel inet_twsk_kill(), net/ipv4/inet_timewait_sock.c */
export function inet_twsk_kill(tw: InetTimewaitSock): void {
  inet_ehash_remove(tw.skc);
  tw.tw_death.del();
  let tb = tw.tw_tb;
  if (tb) {
    tw.tw_bind_node.del_init();
    inet_bind_bucket_destroy(tb);
  }
  kmem_cache_free(net().timewait_cachep, changetype<usize>(tw));
}

/**
 * Forgets those whose time is over.
 *
 * Differs from Linux: no timer does it; it is done when somebody looks for a port, or a new one comes. So an idle
 * machine has nothing to do.
 */
export function inet_twsk_reap(): void {
  let row = net().death_row;
  let now = ktime_get();
  while (!row.empty) {
    let tw = InetTimewaitSock.of_tw_death(row.next);
    if (tw.tw_expires > now) return;
    inet_twsk_kill(tw);
  }
}

/** Starts the time of a late end anew. @kernel inet_twsk_reschedule(), include/net/inet_timewait_sock.h */
export function inet_twsk_reschedule(tw: InetTimewaitSock): void {
  tw.tw_expires = ktime_get() + TCP_TIMEWAIT_LEN;
  net().death_row.move_tail(tw.tw_death);
}

/** What is left of a connection, linked into all tables in its place; null when memory is exhausted. */
function inet_twsk_alloc(sk: Sock, substate: u32): InetTimewaitSock | null {
  let tw = changetype<InetTimewaitSock>(kmem_cache_zalloc(net().timewait_cachep));
  if (!changetype<usize>(tw)) return null;
  tw.skc_state = TcpState.TIME_WAIT;
  tw.skc_reuse = sk.skc_reuse;
  tw.skc_family = sk.skc_family;
  tw.skc_num = sk.skc_num;
  tw.skc_dport = sk.skc_dport;
  tw.skc_dev = sk.skc_dev;
  tw.skc_daddr_head = sk.skc_daddr_head;
  tw.skc_daddr_tail = sk.skc_daddr_tail;
  tw.skc_rcv_saddr_head = sk.skc_rcv_saddr_head;
  tw.skc_rcv_saddr_tail = sk.skc_rcv_saddr_tail;
  tw.tw_substate = substate;
  tw.tw_rcv_nxt = sk.rcv_nxt;
  tw.tw_snd_nxt = sk.snd_nxt;
  tw.tw_expires = ktime_get() + TCP_TIMEWAIT_LEN;
  return tw;
}

/**
 * Puts a small rest of a connection in its place in the tables. Without memory for it, there is none, as on Linux.
 *
 * @param substate  TcpState: TIME_WAIT, or FIN_WAIT2 if the other side has not ended yet.
 */
export function inet_twsk_hashdance(sk: Sock, substate: u32): void {
  enter(Tp.inet_twsk_hashdance, changetype<usize>(sk), substate, 0);
  inet_twsk_reap();
  let tw = inet_twsk_alloc(sk, substate);
  if (tw) {
    inet_unhash(sk);
    inet_ehash_insert(tw.skc);
    net().death_row.add_tail(tw.tw_death);
    let tb = sk.icsk_bind_hash;
    tw.tw_tb = tb;
    if (tb) tb.deathrow.add_head(tw.tw_bind_node);
  }
  leave(0);
}
