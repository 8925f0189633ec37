import { msg_zerocopy_alloc, net_zcopy_put, sk_has_notifications } from "./zerocopy";
import { sock_rcvtimeo } from "./sock_options";
import { Af, Ipproto, Msg } from "../include/socket";
import { Errno } from "../include/errno";
import { File, Poll, PollTable } from "../include/fs";
import { Ioctl } from "../include/ioctls";
import { IovIter } from "../include/uio";
import { MAX_TCP_HEADER, alloc_skb, kfree_skb, skb_peek, skb_queue_purge, skb_reserve, skb_unlink } from "./skbuff";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { TcpState, Tcphdr } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { any_tail, choose_source, is_local, parse_sockaddr, parsed_address, write_sockaddr } from "./inet_addr";
import { current } from "../kernel/sched";
import { dev_queue_xmit } from "./dev";
import { inet_csk_get_port, inet_put_port } from "./inet_bind";
import { local_bh_enable } from "../kernel/softirq";
import { net } from "./net";
import { no_wait, sk_wait, sock_def_write_space, sock_error, sock_orphan, sock_put, sock_timed_out } from "./sock";
import { pages_for, skb_add_data, skb_add_pages, skb_copy_datagram_iter } from "./skb_data";
import { poll_wait } from "../fs/select";
import { put_user_u32 } from "../mm/uaccess";
import { tcp_push_header } from "./tcp_output";

/*
 * UDP: messages without a connection, from port to port of this machine. connect() only says where messages go and come
 * from. What goes outside is lost: nobody there listens.
 */

/** Longest message: what fits a packet of version 4. Unit: bytes. */
const UDP_MAX: u64 = 65507;
/** Longest message that lies in the buffer of its sk_buff. Unit: bytes. */
const LINEAR_MAX: u32 = 1976;

/** Gives a socket without a port one. @returns 0 or -errno. @kernel inet_autobind(), net/ipv4/af_inet.c */
function inet_autobind(sk: Sock): i32 {
  return !sk.skc_num && inet_csk_get_port(sk, 0) ? -Errno.EAGAIN : 0;
}

/**
 * Says where messages go, and from where they are taken.
 *
 * @returns  0 or -errno. @kernel inet_dgram_connect(), net/ipv4/af_inet.c; __ip4_datagram_connect(), datagram.c
 */
export function inet_dgram_connect(sock: Socket, at: usize, len: u32, flags: u32): i64 {
  let sk = sock.sk!;
  if (len < 2) return -Errno.EINVAL;
  if (load<u16>(at) == Af.UNSPEC) return udp_disconnect(sk);
  let err = inet_autobind(sk);
  if (!err) err = parse_sockaddr(sk, at, len);
  if (err) return err;
  let address = parsed_address();
  if (!is_local(address)) return -Errno.ENETUNREACH;
  choose_source(sk, address.head, address.tail);
  sk.skc_daddr_head = address.head;
  sk.skc_daddr_tail = address.tail;
  sk.skc_dport = <u16>address.port;
  sk.skc_state = TcpState.ESTABLISHED;
  return 0;
}

/** Messages go nowhere in particular again. @returns 0. @kernel __udp_disconnect(), net/ipv4/udp.c */
export function udp_disconnect(sk: Sock): i32 {
  sk.skc_state = TcpState.CLOSE;
  sk.skc_dport = 0;
  if (!(sk.sk_flags & SockFlags.BINDADDR_LOCK)) {
    sk.skc_rcv_saddr_head = 0;
    sk.skc_rcv_saddr_tail = any_tail(sk.skc_family);
  }
  if (!(sk.sk_flags & SockFlags.BINDPORT_LOCK)) {
    inet_put_port(sk);
    sk.inet_sport = 0;
  }
  return 0;
}

/** Nobody uses the socket any more. @kernel udp_lib_close(), include/net/udp.h */
export function udp_close(sk: Sock): void {
  sock_orphan(sk);
  sk.sk_shutdown = <u8>ShutdownMask.MASK;
  inet_put_port(sk);
  skb_queue_purge(sk.sk_receive_queue);
  sock_put(sk);
}

/** Where the message that is sent goes, into parsed_address(). @returns 0 or -errno. */
function destination(sk: Sock): i32 {
  let msg = net().msg;
  let address = parsed_address();
  if (!msg.msg_name) {
    address.head = sk.skc_daddr_head;
    address.tail = sk.skc_daddr_tail;
    address.port = sk.skc_dport;
    return sk.skc_state == TcpState.ESTABLISHED ? 0 : -Errno.EDESTADDRREQ;
  }
  let at = net().address;
  if (sk.skc_family == Af.INET && msg.msg_namelen >= 8 && load<u16>(at) == Af.UNSPEC) store<u16>(at, <u16>Af.INET);
  let err = parse_sockaddr(sk, at, msg.msg_namelen);
  if (err) return err;
  return address.port ? 0 : -Errno.EINVAL;
}

/** A packet with the program's message; its header is written by the caller. @returns it, as a number, or -errno. */
function udp_make_skb(iter: IovIter): i64 {
  let n = <u32>iter.count;
  let linear = n <= LINEAR_MAX;
  let skb = alloc_skb(MAX_TCP_HEADER + (linear ? n : 0), linear ? 0 : pages_for(n));
  if (!skb) return -Errno.ENOMEM;
  skb_reserve(skb, MAX_TCP_HEADER);
  let err = linear ? skb_add_data(skb, iter, n) : skb_add_pages(skb, iter, n);
  if (!err) return changetype<usize>(skb);
  kfree_skb(skb);
  return err;
}

/** Writes the header of a message to parsed_address(). */
function udp_header(sk: Sock, skb: SkBuff): void {
  let th = tcp_push_header(skb);
  let address = parsed_address();
  // The socket itself stays bound to any address.
  let head = sk.skc_rcv_saddr_head;
  let tail = sk.skc_rcv_saddr_tail;
  choose_source(sk, address.head, address.tail);
  th.saddr_head = sk.skc_rcv_saddr_head;
  th.saddr_tail = sk.skc_rcv_saddr_tail;
  sk.skc_rcv_saddr_head = head;
  sk.skc_rcv_saddr_tail = tail;
  th.daddr_head = address.head;
  th.daddr_tail = address.tail;
  th.source = sk.skc_num;
  th.dest = <u16>address.port;
  th.flags = 0;
  th.len = <u16>skb.len;
  skb.protocol = <u8>Ipproto.UDP;
}

/** Sends one message. @returns bytes or -errno. @kernel udp_sendmsg(), net/ipv4/udp.c */
export function udp_sendmsg(sk: Sock, iter: IovIter, flags: u32): i64 {
  enter(Tp.udp_sendmsg, changetype<usize>(sk), <usize>iter.count, flags);
  return leave(send_message(sk, iter, flags));
}

/** The part of udp_sendmsg() that does it. */
function send_message(sk: Sock, iter: IovIter, flags: u32): i64 {
  if (inet_autobind(sk)) return -Errno.EAGAIN;
  if (iter.count > 0xffff) return -Errno.EMSGSIZE;
  if (flags & Msg.OOB) return -Errno.EOPNOTSUPP;
  let err = destination(sk);
  if (err) return err;
  let address = parsed_address();
  let outside = !is_local(address);
  if (iter.count > UDP_MAX) return -Errno.EMSGSIZE;
  err = sock_error(sk);
  if (err) return err;
  if (sk.sk_shutdown & ShutdownMask.SEND) return -Errno.EPIPE;
  let n = <i64>iter.count;
  let made = udp_make_skb(iter);
  if (made < 0) return made;
  let skb = changetype<SkBuff>(<usize>made);
  if (flags & Msg.ZEROCOPY && sk.sk_flags & SockFlags.ZEROCOPY) {
    // The message was copied: its end is told of as soon as it is delivered.
    let uarg = msg_zerocopy_alloc(sk, <u64>n);
    if (!uarg) {
      kfree_skb(skb);
      return -Errno.ENOBUFS;
    }
    uarg.zerocopy = 0;
    net_zcopy_put(uarg);
  }
  udp_header(sk, skb);
  // Nothing of what was sent counts as the sender's any more: it has left already.
  sock_def_write_space(sk);
  if (outside) {
    kfree_skb(skb);
    return n;
  }
  skb.dev = net().loopback_dev;
  dev_queue_xmit(skb);
  local_bh_enable();
  return n;
}

/** Tells the sender of a message. */
function tell_sender(sk: Sock, skb: SkBuff): void {
  let msg = net().msg;
  if (!msg.msg_name) return;
  let th = changetype<Tcphdr>(skb.transport_header);
  msg.msg_namelen = write_sockaddr(sk.skc_family, th.saddr_head, th.saddr_tail, th.source, net().address);
}

/** Receives one message; what does not fit the buffer is lost. @returns bytes, -errno or SLEEPING. @kernel udp_recvmsg() */
export function udp_recvmsg(sk: Sock, iter: IovIter, flags: u32): i64 {
  enter(Tp.udp_recvmsg, changetype<usize>(sk), <usize>iter.count, flags);
  return leave(receive_message(sk, iter, flags));
}

/** The part of udp_recvmsg() that does it. */
function receive_message(sk: Sock, iter: IovIter, flags: u32): i64 {
  let err = sock_error(sk);
  if (err) return err;
  let skb = skb_peek(sk.sk_receive_queue);
  if (!skb) {
    if (no_wait(flags) || (current().restarting && sock_timed_out())) return -Errno.EAGAIN;
    if (sk.sk_shutdown & ShutdownMask.RCV) return 0;
    return sk_wait(sk, sock_rcvtimeo(sk), true);
  }
  let length = skb.len;
  let want = <u32>min<u64>(length, iter.count);
  let copied = skb_copy_datagram_iter(skb, 0, iter, want);
  tell_sender(sk, skb);
  if (want < length) net().msg.msg_flags |= Msg.TRUNC;
  if (!(flags & Msg.PEEK)) {
    skb_unlink(skb, sk.sk_receive_queue);
    kfree_skb(skb);
  }
  if (copied < want) return -Errno.EFAULT;
  return flags & Msg.TRUNC ? length : copied;
}

/** What is true of a socket for messages now. @kernel datagram_poll(), net/core/datagram.c */
export function udp_poll(file: File, sock: Socket, table: PollTable | null): u32 {
  let sk = sock.sk!;
  enter(Tp.udp_poll, changetype<usize>(sk), 0, 0);
  poll_wait(file, sock.wait, table);
  // What is sent has arrived: there is always room.
  let mask: u32 = Poll.OUT | Poll.WRNORM | Poll.WRBAND;
  if (sk.sk_err || sk_has_notifications(sk)) mask |= Poll.ERR;
  if (sk.sk_shutdown & ShutdownMask.RCV) mask |= Poll.RDHUP | Poll.IN | Poll.RDNORM;
  if (sk.sk_shutdown == ShutdownMask.MASK) mask |= Poll.HUP;
  if (!sk.sk_receive_queue.list.empty) mask |= Poll.IN | Poll.RDNORM;
  return leave(mask);
}

/** Answers ioctl(): the length of the next message. @kernel udp_ioctl(), net/ipv4/udp.c */
export function udp_ioctl(sock: Socket, command: u32, argument: u64): i32 {
  if (command == Ioctl.TIOCOUTQ) return put_user_u32(0, argument);
  if (command != Ioctl.FIONREAD) return -Errno.ENOTTY;
  let skb = skb_peek(sock.sk!.sk_receive_queue);
  return put_user_u32(skb ? skb.len : 0, argument);
}
