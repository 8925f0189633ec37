import { sock_sndtimeo } from "./sock_options";
import { Af, Ipproto, Msg, SockType } from "../include/socket";
import { Ioctl } from "../include/ioctls";
import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { Proto, Socket, SocketState } from "../include/net";
import { ShutdownMask, Sock, SockFlags, SockReuse } from "../include/sock";
import { TcpState } from "../include/tcp";
import { ipv6_addr_any, ipv6_addr_v4mapped } from "../include/in6";
import { Tp, enter, leave } from "../include/trace";
import { any_tail, is_bindable, parse_sockaddr, parsed_address, write_sockaddr } from "./inet_addr";
import { current } from "../kernel/sched";
import { alloc_proto, alloc_proto_ops } from "./socket";
import { inet_csk_accept, inet_csk_listen_start } from "./inet_connection_sock";
import { inet_csk_get_port } from "./inet_bind";
import { inet_recv_error } from "./error_queue";
import { net } from "./net";
import {
  no_wait,
  sk_alloc,
  sk_state_change,
  sk_wait,
  sock_error,
  sock_graft,
  sock_init_data,
  sock_timed_out,
} from "./sock";
import { release_sock, tcp_close, tcp_disconnect, tcp_init_sock, tcp_poll, tcp_shutdown } from "./tcp";
import { tcp_recvmsg } from "./tcp_recvmsg";
import { tcp_sendmsg, tcp_v4_connect } from "./tcp_sendmsg";
import { tcp_at_mark, tcp_inq } from "./tcp_urgent";
import { inet_dgram_connect, udp_close, udp_disconnect, udp_ioctl, udp_poll, udp_recvmsg, udp_sendmsg } from "./udp";
import { tcp_splice_read } from "./stream_splice";
import { put_user_u32 } from "../mm/uaccess";

/** Size of the buffers of sockets for messages: net.core.rmem_default. Unit: bytes. */
const UDP_BUFFER: i32 = 212992;

/** Makes the tables of what internet sockets do. @kernel inet_init(), net/ipv4/af_inet.c */
export function af_inet_init(): void {
  let ops = alloc_proto_ops(Af.INET);
  ops.release = inet_release.index;
  ops.bind = inet_bind.index;
  ops.connect = inet_stream_connect.index;
  ops.accept = inet_accept.index;
  ops.getname = inet_getname.index;
  ops.poll = tcp_poll.index;
  ops.listen = inet_listen.index;
  ops.shutdown = inet_shutdown.index;
  ops.sendmsg = inet_sendmsg.index;
  ops.recvmsg = inet_recvmsg.index;
  ops.ioctl = inet_ioctl.index;
  ops.splice_read = tcp_splice_read.index;
  net().inet_stream_ops = ops;
  inet_dgram_init();
  let proto = alloc_proto(Ipproto.TCP);
  proto.close = tcp_close.index;
  proto.connect = tcp_v4_connect.index;
  proto.disconnect = tcp_disconnect.index;
  proto.accept = inet_csk_accept.index;
  proto.shutdown = tcp_shutdown.index;
  proto.sendmsg = tcp_sendmsg.index;
  proto.recvmsg = tcp_recvmsg.index;
  proto.get_port = inet_csk_get_port.index;
  net().tcp_prot = proto;
}

/** The same for messages. */
function inet_dgram_init(): void {
  let ops = alloc_proto_ops(Af.INET);
  ops.release = inet_release.index;
  ops.bind = inet_bind.index;
  ops.connect = inet_dgram_connect.index;
  ops.getname = inet_getname.index;
  ops.poll = udp_poll.index;
  ops.shutdown = inet_shutdown.index;
  ops.sendmsg = inet_sendmsg.index;
  ops.recvmsg = inet_recvmsg.index;
  ops.ioctl = udp_ioctl.index;
  net().inet_dgram_ops = ops;
  let proto = alloc_proto(Ipproto.UDP);
  proto.close = udp_close.index;
  proto.disconnect = udp_disconnect.index;
  proto.sendmsg = udp_sendmsg.index;
  proto.recvmsg = udp_recvmsg.index;
  proto.get_port = inet_csk_get_port.index;
  net().udp_prot = proto;
}

/** What the protocol of a sock does. */
function prot(sk: Sock): Proto {
  return sk.sk_prot!;
}

/**
 * Makes the core of a socket of the internet families.
 *
 * @returns  0, -ESOCKTNOSUPPORT, -EPROTONOSUPPORT, -EINVAL or -ENOMEM.
 * @kernel inet_create(), net/ipv4/af_inet.c
 */
export function inet_create(sock: Socket, family: u32, protocol: i32): i32 {
  if (protocol < 0 || protocol >= Ipproto.MAX) return -Errno.EINVAL;
  if (sock.type == SockType.RAW) return -Errno.EPROTONOSUPPORT;
  if (sock.type != SockType.STREAM && sock.type != SockType.DGRAM) return -Errno.ESOCKTNOSUPPORT;
  let usual = sock.type == SockType.STREAM ? Ipproto.TCP : Ipproto.UDP;
  if (protocol != Ipproto.IP && protocol != usual) return -Errno.EPROTONOSUPPORT;
  enter(Tp.inet_create, changetype<usize>(sock), family, protocol);
  let stream = usual == Ipproto.TCP;
  sock.ops = stream ? net().inet_stream_ops : net().inet_dgram_ops;
  let sk = sk_alloc(family, usual);
  if (!sk) return leave(-Errno.ENOMEM);
  sock_init_data(sock, sk);
  sk.sk_prot = stream ? net().tcp_prot : net().udp_prot;
  sk.skc_rcv_saddr_tail = any_tail(family);
  if (stream) tcp_init_sock(sk);
  else sk.sk_rcvbuf = sk.sk_sndbuf = UDP_BUFFER;
  return leave(0);
}

/** The last reference to a socket is gone. @kernel inet_release(), net/ipv4/af_inet.c */
export function inet_release(sock: Socket): void {
  let sk = sock.sk;
  if (!sk) return;
  enter(Tp.inet_release, changetype<usize>(sock), changetype<usize>(sk), 0);
  sock.sk = null;
  call_indirect<void>(prot(sk).close, sk);
  leave(0);
}

/** AF_UNSPEC with the address 0.0.0.0 is taken for AF_INET. */
function accept_unspecified_family(sk: Sock, at: usize, len: u32): void {
  if (sk.skc_family == Af.INET && len >= 8 && load<u16>(at) == Af.UNSPEC && !load<u32>(at, 4))
    store<u16>(at, <u16>Af.INET);
}

/** Gives a socket an address and port. @returns 0 or -errno. @kernel inet_bind(), net/ipv4/af_inet.c */
export function inet_bind(sock: Socket, at: usize, len: u32): i32 {
  let sk = sock.sk!;
  enter(Tp.inet_bind, changetype<usize>(sock), changetype<usize>(sk), 0);
  accept_unspecified_family(sk, at, len);
  let err = parse_sockaddr(sk, at, len);
  if (err) return leave(err);
  let address = parsed_address();
  if (sk.skc_reuse & SockReuse.V6ONLY && ipv6_addr_v4mapped(address.head, address.tail)) return leave(-Errno.EINVAL);
  if (!is_bindable(address.head, address.tail)) return leave(-Errno.EADDRNOTAVAIL);
  if (sk.skc_state != TcpState.CLOSE || sk.skc_num) return leave(-Errno.EINVAL);
  sk.skc_rcv_saddr_head = address.head;
  sk.skc_rcv_saddr_tail = address.tail;
  err = call_indirect<i32>(prot(sk).get_port, sk, address.port);
  if (err) {
    sk.skc_rcv_saddr_head = 0;
    sk.skc_rcv_saddr_tail = any_tail(sk.skc_family);
    return leave(err);
  }
  if (!ipv6_addr_any(address.head, address.tail)) sk.sk_flags |= SockFlags.BINDADDR_LOCK;
  if (address.port) sk.sk_flags |= SockFlags.BINDPORT_LOCK;
  return leave(0);
}

/** Begins to listen, or changes the backlog. @returns 0 or -errno. @kernel inet_listen(), net/ipv4/af_inet.c */
export function inet_listen(sock: Socket, backlog: u32): i32 {
  let sk = sock.sk!;
  enter(Tp.inet_listen, changetype<usize>(sock), changetype<usize>(sk), backlog);
  if (sock.state != SocketState.UNCONNECTED || sock.type != SockType.STREAM) return leave(-Errno.EINVAL);
  if (sk.skc_state != TcpState.CLOSE && sk.skc_state != TcpState.LISTEN) return leave(-Errno.EINVAL);
  sk.sk_max_ack_backlog = <u16>backlog;
  if (sk.skc_state == TcpState.LISTEN) return leave(0);
  return leave(inet_csk_listen_start(sk));
}

/** Begins to connect. @returns 0 if connect() can go on to wait, or -errno. */
function inet_start_connect(sock: Socket, at: usize, len: u32): i32 {
  let sk = sock.sk!;
  if (sk.skc_state != TcpState.CLOSE) return -Errno.EISCONN;
  let err = call_indirect<i32>(prot(sk).connect, sk, at, len);
  if (!err) sock.state = <u8>SocketState.CONNECTING;
  return err;
}

/** Collects how a connection attempt has ended, which it has. @returns 0 or -errno. */
function inet_finish_connect(sock: Socket): i32 {
  let sk = sock.sk!;
  if (sk.skc_state != TcpState.CLOSE) {
    sock.state = <u8>SocketState.CONNECTED;
    return 0;
  }
  let err = sock_error(sk);
  sock.state = <u8>SocketState.UNCONNECTED;
  call_indirect<i32>(prot(sk).disconnect, sk);
  return err ? err : -Errno.ECONNABORTED;
}

/** Forgets the connection of a socket: connect() with AF_UNSPEC. */
function inet_unconnect(sock: Socket): i32 {
  call_indirect<i32>(prot(sock.sk!).disconnect, sock.sk!);
  sock.state = <u8>SocketState.UNCONNECTED;
  release_sock(sock.sk!);
  return 0;
}

/**
 * Connects a stream socket.
 *
 * @returns  0, -errno or SLEEPING. @kernel __inet_stream_connect(), net/ipv4/af_inet.c
 */
export function inet_stream_connect(sock: Socket, at: usize, len: u32, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.inet_stream_connect, changetype<usize>(sock), changetype<usize>(sk), sock.state);
  let waited = current().restarting != 0;
  if (!waited && len < 2) return leave<i64>(-Errno.EINVAL);
  if (!waited && load<u16>(at) == Af.UNSPEC) return leave<i64>(inet_unconnect(sock));
  let err: i32 = 0;
  if (waited) err = current().done ? -Errno.EINPROGRESS : -Errno.EALREADY;
  else if (sock.state == SocketState.CONNECTED) return leave<i64>(-Errno.EISCONN);
  else if (sock.state == SocketState.CONNECTING) err = -Errno.EALREADY;
  else if (sock.state != SocketState.UNCONNECTED) return leave<i64>(-Errno.EINVAL);
  else {
    err = inet_start_connect(sock, at, len);
    if (err) return leave<i64>(err);
    err = -Errno.EINPROGRESS;
    current().done = 1;
    // Who does not want to wait hears that it is under way, even if the answer comes at once.
    if (no_wait(flags)) {
      release_sock(sk);
      return leave<i64>(err);
    }
    release_sock(sk);
  }
  if (sk.skc_state == TcpState.SYN_SENT || sk.skc_state == TcpState.SYN_RECV) {
    if (no_wait(flags) || (waited && sock_timed_out())) return leave<i64>(err);
    return leave(sk_wait(sk, sock_sndtimeo(sk), false));
  }
  return leave<i64>(inet_finish_connect(sock));
}

/**
 * Takes a connection out of the accept queue and joins it with a new socket.
 *
 * @returns  0, -errno or SLEEPING. @kernel inet_accept(), net/ipv4/af_inet.c
 */
export function inet_accept(sock: Socket, newsock: Socket, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.inet_accept, changetype<usize>(sock), changetype<usize>(sk), changetype<usize>(newsock));
  let result = call_indirect<i64>(prot(sk).accept, sk, flags);
  if (result > 0) {
    sock_graft(changetype<Sock>(<usize>result), newsock);
    newsock.state = <u8>SocketState.CONNECTED;
    result = 0;
  }
  return leave(result);
}

/**
 * Tells the address of one end of a socket.
 *
 * @param at    room for a struct sockaddr_storage in kernel memory.
 * @param peer  0: this side; 1: the other side, which must be connected; 2: the other side, also if that is gone.
 * @returns     its length, or -ENOTCONN. Unit: bytes.
 * @kernel inet_getname(), net/ipv4/af_inet.c
 */
export function inet_getname(sock: Socket, at: usize, peer: u32): i32 {
  let sk = sock.sk!;
  if (!peer) return <i32>write_sockaddr(sk.skc_family, sk.skc_rcv_saddr_head, sk.skc_rcv_saddr_tail, sk.inet_sport, at);
  let unconnected = sk.skc_state == TcpState.CLOSE || sk.skc_state == TcpState.SYN_SENT;
  if (!sk.skc_dport || (unconnected && peer == 1)) return -Errno.ENOTCONN;
  return <i32>write_sockaddr(sk.skc_family, sk.skc_daddr_head, sk.skc_daddr_tail, sk.skc_dport, at);
}

/** Ends sending, receiving or both. @param how Shut. @returns 0 or -errno. @kernel inet_shutdown(), net/ipv4/af_inet.c */
export function inet_shutdown(sock: Socket, how: u32): i32 {
  if (how > 2) return -Errno.EINVAL;
  let sk = sock.sk!;
  let mask = how + 1;
  enter(Tp.inet_shutdown, changetype<usize>(sock), changetype<usize>(sk), how);
  if (sock.state == SocketState.CONNECTING) {
    let pending =
      sk.skc_state == TcpState.SYN_SENT || sk.skc_state == TcpState.SYN_RECV || sk.skc_state == TcpState.CLOSE;
    sock.state = <u8>(pending ? SocketState.DISCONNECTING : SocketState.CONNECTED);
  }
  let err = 0;
  let listening = sk.skc_state == TcpState.LISTEN;
  if (sk.skc_state == TcpState.SYN_SENT || (listening && mask & ShutdownMask.RCV)) {
    call_indirect<i32>(prot(sk).disconnect, sk);
    sock.state = <u8>SocketState.UNCONNECTED;
  } else if (!listening) {
    if (sk.skc_state == TcpState.CLOSE) err = -Errno.ENOTCONN;
    sk.sk_shutdown |= <u8>mask;
    if (prot(sk).shutdown) call_indirect<void>(prot(sk).shutdown, sk, mask);
  }
  // The other side hears of it first, if it is on this machine.
  release_sock(sk);
  sk_state_change(sk);
  return leave(err);
}

/** Sends. @returns bytes, -errno or SLEEPING. @kernel inet_sendmsg(), net/ipv4/af_inet.c */
export function inet_sendmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  return call_indirect<i64>(prot(sk).sendmsg, sk, iter, flags);
}

/** Receives. @returns bytes, -errno or SLEEPING. @kernel inet_recvmsg(), net/ipv4/af_inet.c */
export function inet_recvmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  if (flags & Msg.ERRQUEUE) return inet_recv_error(sk);
  return call_indirect<i64>(prot(sk).recvmsg, sk, iter, flags);
}

/** Answers ioctl(): what can be read, what is not acknowledged. @kernel tcp_ioctl(), net/ipv4/tcp.c */
export function inet_ioctl(sock: Socket, command: u32, argument: u64): i32 {
  let sk = sock.sk!;
  if (command == Ioctl.SIOCATMARK) return put_user_u32(tcp_at_mark(sk) ? 1 : 0, argument);
  if (command != Ioctl.FIONREAD && command != Ioctl.TIOCOUTQ) return -Errno.ENOTTY;
  if (sk.skc_state == TcpState.LISTEN) return -Errno.EINVAL;
  let count: u32 = 0;
  let connected = sk.skc_state != TcpState.SYN_SENT && sk.skc_state != TcpState.SYN_RECV;
  if (connected && command == Ioctl.TIOCOUTQ) count = sk.write_seq - sk.snd_una;
  if (connected && command == Ioctl.FIONREAD) count = tcp_inq(sk);
  return put_user_u32(count, argument);
}
