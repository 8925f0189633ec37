import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { Msg } from "../include/socket";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TcpFlags, TcpState, TcpUrg, TcpUrgent, Tcphdr, after, before } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { copy_to_iter } from "../mm/iov_iter";
import { kfree, kzalloc } from "../mm/slab";
import { skb_copy_bits } from "./skb_data";
import { kfree_skb, skb_peek, skb_unlink } from "./skbuff";
import { net } from "./net";
import { sk_data_ready, sk_send_sigurg } from "./sock";

/*
 * Urgent data: one byte of the stream to which the sender points. The receiver keeps it aside, as soon as its segment has
 * come, and reading leaves it out; with SO_OOBINLINE it stays in its place. A connection that never sees any has no struct
 * for it.
 */

/** The urgent data of a connection; made if there is none. null when memory is exhausted. */
function tcp_urgent(sk: Sock): TcpUrgent | null {
  let urgent = sk.urg;
  if (urgent) return urgent;
  let at = kzalloc(offsetof<TcpUrgent>());
  if (!at) return null;
  sk.urg = changetype<TcpUrgent>(at);
  sk.urg!.snd_up = sk.snd_una;
  return sk.urg;
}

/** The connection is over, or another one begins. */
export function tcp_forget_urgent(sk: Sock): void {
  if (sk.urg) kfree(changetype<usize>(sk.urg));
  sk.urg = null;
}

/** The last byte written is urgent. @kernel tcp_mark_urg(), net/ipv4/tcp.c */
export function tcp_mark_urg(sk: Sock): void {
  let urgent = tcp_urgent(sk);
  if (urgent) urgent.snd_up = sk.write_seq;
}

/** Writes into a header where the urgent byte is, if it is still on its way. @param seq of the segment. */
export function tcp_point_at_urgent(sk: Sock, th: Tcphdr, seq: u32): void {
  let urgent = sk.urg;
  th.urg_ptr = 0;
  if (!urgent || urgent.snd_up == sk.snd_una || !before(seq, urgent.snd_up)) return;
  let distance = urgent.snd_up - seq;
  if (distance > <u32>u16.MAX_VALUE) return;
  th.urg_ptr = <u16>distance;
  th.flags |= <u16>TcpFlags.URG;
}

/** What is acknowledged is urgent no more. @param prior  snd_una before. */
export function tcp_urgent_acked(sk: Sock, prior: u32): void {
  let urgent = sk.urg;
  if (urgent && !before(urgent.snd_up, prior) && !after(urgent.snd_up, sk.snd_una)) urgent.snd_up = sk.snd_una;
}

/** The old urgent byte is what would be read next, and another one comes: the old one is passed over now. */
function pass_over(sk: Sock, urgent: TcpUrgent): void {
  if (urgent.urg_seq != sk.copied_seq || !urgent.urg_data) return;
  if (sk.sk_flags & SockFlags.URGINLINE || sk.copied_seq == sk.rcv_nxt) return;
  let skb = skb_peek(sk.sk_receive_queue);
  sk.copied_seq++;
  if (!skb || before(sk.copied_seq, skb.seq + skb.len)) return;
  skb_unlink(skb, sk.sk_receive_queue);
  kfree_skb(skb);
}

/** An urgent byte is announced. @kernel tcp_check_urg(), net/ipv4/tcp_input.c */
function tcp_check_urg(sk: Sock, th: Tcphdr): void {
  // The pointer is to the byte behind it, as everybody has it since BSD.
  let seq = th.seq + th.urg_ptr - 1;
  if (after(sk.copied_seq, seq) || before(seq, sk.rcv_nxt)) return;
  let urgent = tcp_urgent(sk);
  if (!urgent || (urgent.urg_data && !after(seq, urgent.urg_seq))) return;
  sk_send_sigurg(sk);
  pass_over(sk, urgent);
  urgent.urg_data = TcpUrg.NOTYET;
  urgent.urg_seq = seq;
}

/** Looks for the urgent byte in a segment, before its data is taken in. @kernel tcp_urg(), net/ipv4/tcp_input.c */
export function tcp_urg(sk: Sock, skb: SkBuff, th: Tcphdr): void {
  if (th.flags & TcpFlags.URG && th.urg_ptr) tcp_check_urg(sk, th);
  let urgent = sk.urg;
  if (!urgent || urgent.urg_data != TcpUrg.NOTYET) return;
  let offset = urgent.urg_seq - th.seq;
  if (offset >= skb.len) return;
  enter(Tp.tcp_urg, changetype<usize>(sk), urgent.urg_seq, 0);
  let at = net().address;
  skb_copy_bits(skb, offset, at, 1);
  urgent.urg_data = TcpUrg.VALID | load<u8>(at);
  if (!(sk.sk_flags & SockFlags.DEAD)) sk_data_ready(sk);
  leave(0);
}

/** Poll.PRI's condition. */
export function tcp_has_urgent(sk: Sock): bool {
  let urgent = sk.urg;
  return urgent !== null && (urgent.urg_data & TcpUrg.VALID) != 0;
}

/** True if what would be read next is the urgent byte, kept aside: it does not count as data. */
export function tcp_at_urgent(sk: Sock): bool {
  let urgent = sk.urg;
  return (
    urgent !== null && urgent.urg_data != 0 && urgent.urg_seq == sk.copied_seq && !(sk.sk_flags & SockFlags.URGINLINE)
  );
}

/** True if reading stands where the urgent byte is: SIOCATMARK. */
export function tcp_at_mark(sk: Sock): bool {
  let urgent = sk.urg;
  return urgent !== null && urgent.urg_data != 0 && urgent.urg_seq == sk.copied_seq;
}

/** Bytes that can be read before the urgent one, as FIONREAD counts. @kernel tcp_inq(), include/net/tcp.h */
export function tcp_inq(sk: Sock): u32 {
  let count = sk.rcv_nxt - sk.copied_seq;
  let urgent = sk.urg;
  if (urgent && urgent.urg_data && !(sk.sk_flags & SockFlags.URGINLINE)) {
    if (!before(urgent.urg_seq, sk.copied_seq) && before(urgent.urg_seq, sk.rcv_nxt))
      return urgent.urg_seq - sk.copied_seq;
  }
  // The FIN has a sequence number, but is nothing to be read.
  return count && sk.sk_flags & SockFlags.DONE ? count - 1 : count;
}

/** The program has read past the urgent byte. */
export function tcp_urgent_read(sk: Sock): void {
  let urgent = sk.urg;
  if (urgent && urgent.urg_data && after(sk.copied_seq, urgent.urg_seq)) urgent.urg_data = 0;
}

/** Reads the urgent byte. Nobody waits for one. @returns 1, 0, or -errno. @kernel tcp_recv_urg(), net/ipv4/tcp.c */
export function tcp_recv_urg(sk: Sock, iter: IovIter, flags: u32): i64 {
  let urgent = sk.urg;
  if (sk.sk_flags & SockFlags.URGINLINE || !urgent || !urgent.urg_data || urgent.urg_data == TcpUrg.READ)
    return -Errno.EINVAL;
  if (sk.skc_state == TcpState.CLOSE && !(sk.sk_flags & SockFlags.DONE)) return -Errno.ENOTCONN;
  if (urgent.urg_data & TcpUrg.VALID) {
    let at = net().address;
    store<u8>(at, <u8>urgent.urg_data);
    if (!(flags & Msg.PEEK)) urgent.urg_data = TcpUrg.READ;
    net().msg.msg_flags |= Msg.OOB;
    if (!iter.count) {
      net().msg.msg_flags |= Msg.TRUNC;
      return 0;
    }
    if (flags & Msg.TRUNC) return 1;
    return copy_to_iter(at, 1, iter) ? 1 : -Errno.EFAULT;
  }
  return sk.skc_state == TcpState.CLOSE || sk.sk_shutdown & ShutdownMask.RCV ? 0 : -Errno.EAGAIN;
}
