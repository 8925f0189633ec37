import { File, FileKind } from "../include/fs";
import { ScmFpList, Socket } from "../include/net";
import { SkBuff, SkBuffHead } from "../include/skbuff";
import { Sock, SockFlags } from "../include/sock";
import { Softirq } from "../include/sched";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { UnixSock, unix_sk } from "../include/un";
import { Af } from "../include/socket";
import { net } from "./net";
import { open_softirq, raise_softirq } from "../kernel/softirq";
import { scm_file } from "./scm";
import { skb_dequeue, skb_queue_purge, skb_queue_tail } from "./skbuff";

/*
 * A socket can be sent through a socket. One whose descriptors are all closed then lives on in the queue in which it
 * waits, and two of them may wait in each other: nobody can receive them any more, and each keeps the other alive.
 *
 *      queue of A: [ message with B ]  <----->  queue of B: [ message with A ]
 *
 * So when a socket is released while others are on their way, those are looked for that can still be received: from the
 * sockets that somebody holds besides the messages on their way, on to those that wait in their queues, and so on. The
 * messages in the queues of all others are thrown away.
 *
 * Differs from Linux: a soft interrupt does it instead of a kernel thread, so it is done when the system call is.
 */

/** Makes the list of sockets. */
export function unix_gc_init(): void {
  net().unix_sockets.init();
  net().unix_hitlist.list.init();
  open_softirq(Softirq.TASKLET, unix_gc.index);
}

/** The UNIX socket that a file stands for; null if it is none. @kernel unix_get_socket(), net/unix/garbage.c */
function unix_get_socket(file: File): UnixSock | null {
  if (file.f_op.kind != FileKind.SOCKET) return null;
  let sk = changetype<Socket>(file.private_data).sk;
  return sk && sk.skc_family == Af.UNIX ? unix_sk(sk) : null;
}

/** Whether there is a UNIX socket among some files. */
function has_socket(list: ScmFpList): bool {
  for (let i: u32 = 0; i < list.count; i++) if (unix_get_socket(scm_file(list, i))) return true;
  return false;
}

/** Files go on their way along with a message. @kernel unix_add_edges(), net/unix/garbage.c */
export function unix_inflight(list: ScmFpList): void {
  if (has_socket(list)) net().unix_tot_inflight++;
}

/** Files have come to the end of their way. @kernel unix_del_edges(), net/unix/garbage.c */
export function unix_notinflight(list: ScmFpList): void {
  if (has_socket(list)) net().unix_tot_inflight--;
}

/** A socket was released: those that are on their way may be out of reach now. @kernel unix_schedule_gc() */
export function unix_schedule_gc(): void {
  if (net().unix_tot_inflight) raise_softirq(Softirq.TASKLET);
}

/** Counts how often each socket waits in the queue of another one. */
function count_inflight(): void {
  let all = net().unix_sockets;
  for (let link = all.next; link !== all; link = link.next) {
    let u = UnixSock.of_link(link);
    u.inflight = 0;
    u.reached = 0;
  }
  for (let link = all.next; link !== all; link = link.next) {
    let queue = UnixSock.of_link(link).sk.sk_receive_queue.list;
    for (let at = queue.next; at !== queue; at = at.next) {
      let list = SkBuff.of_list(at).scm;
      for (let i: u32 = 0; list && i < list.count; i++) {
        let u = unix_get_socket(scm_file(list, i));
        if (u) u.inflight++;
      }
    }
  }
}

/** Whether somebody holds a socket besides the messages that it is on its way with. */
function is_held(u: UnixSock): bool {
  let sock = u.sk.sk_socket;
  if (!sock) return false;
  let file = sock.file;
  return !file || file.f_count > u.inflight;
}

/** A socket can be reached: it is put on the list of those whose queues are to be looked at. @returns the new list. */
function reach(u: UnixSock | null, todo: UnixSock | null): UnixSock | null {
  if (!u || u.reached) return todo;
  u.reached = 1;
  u.gc_next = todo;
  return u;
}

/** Marks what waits in the queue of a socket. @returns the list of those to be looked at. */
function reach_from(sk: Sock, todo: UnixSock | null): UnixSock | null {
  let queue = sk.sk_receive_queue.list;
  for (let at = queue.next; at !== queue; at = at.next) {
    let skb = SkBuff.of_list(at);
    // In the queue of one that listens there are connections.
    if (sk.skc_state == TcpState.LISTEN) todo = reach(unix_sk(skb.sk!), todo);
    let list = skb.scm;
    for (let i: u32 = 0; list && i < list.count; i++) todo = reach(unix_get_socket(scm_file(list, i)), todo);
  }
  return todo;
}

/** Marks all sockets that somebody can get at. */
function mark_reachable(): void {
  let all = net().unix_sockets;
  let todo: UnixSock | null = null;
  for (let link = all.next; link !== all; link = link.next) {
    let u = UnixSock.of_link(link);
    if (is_held(u)) todo = reach(u, todo);
  }
  while (todo) {
    let u = todo;
    let rest = u.gc_next;
    u.gc_next = null;
    todo = reach_from(u.sk, rest);
  }
}

/** Takes the messages that nobody can receive out of their queues. @kernel unix_collect_queue(), net/unix/garbage.c */
function collect_unreachable(hitlist: SkBuffHead): void {
  let all = net().unix_sockets;
  for (let link = all.next; link !== all; link = link.next) {
    let u = UnixSock.of_link(link);
    // What waits in one that listens goes with it; one that is just being released empties its queue itself.
    if (u.reached || u.sk.skc_state == TcpState.LISTEN || u.sk.sk_flags & SockFlags.DEAD) continue;
    for (let skb = skb_dequeue(u.sk.sk_receive_queue); skb; skb = skb_dequeue(u.sk.sk_receive_queue)) {
      skb_queue_tail(hitlist, skb);
    }
  }
}

/** Gives up the sockets that only wait in each other. @kernel unix_gc(), net/unix/garbage.c */
function unix_gc(): void {
  enter(Tp.unix_gc, net().unix_tot_inflight, 0, 0);
  count_inflight();
  mark_reachable();
  let hitlist = net().unix_hitlist;
  collect_unreachable(hitlist);
  skb_queue_purge(hitlist);
  leave(0);
}
