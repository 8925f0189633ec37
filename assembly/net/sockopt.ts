import { sock_lingertime, sock_options, sock_rcvtimeo, sock_sndtimeo, tcp_syn_retries } from "./sock_options";
import { Af, IpOption, Ipproto, Ipv6Option, So, Sol, TcpOption } from "../include/socket";
import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { NSEC_PER_SEC } from "../include/time";
import { Sock, SockFlags, SockReuse } from "../include/sock";
import { Socket } from "../include/net";
import { TcpState } from "../include/tcp";
import { copy_from_user, copy_to_user, put_user_u32 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { net } from "./net";
import { release_sock } from "./tcp";
import { sk_data_ready, sock_error } from "./sock";
import { sock_from_file } from "./socket";
import { tcp_epollin_ready } from "./tcp_input";
import { tcp_push } from "./tcp_output";

/** Greatest size of a buffer that a program may ask for: net.core.rmem_max and wmem_max. Unit: bytes. */
const MEM_MAX: u32 = 212992;
/** Least size of a send buffer. Unit: bytes. @kernel SOCK_MIN_SNDBUF, include/net/sock.h */
const SOCK_MIN_SNDBUF: u32 = 4608;
/** Least size of a receive buffer. Unit: bytes. @kernel SOCK_MIN_RCVBUF, include/net/sock.h */
const SOCK_MIN_RCVBUF: u32 = 2304;
/** Largest segment before a connection has found out. Unit: bytes. @kernel TCP_MSS_DEFAULT, include/uapi/linux/tcp.h */
const TCP_MSS_DEFAULT: u32 = 536;

/** Most attempts that TCP_SYNCNT may ask for. @kernel MAX_TCP_SYNCNT, include/net/tcp.h */
const MAX_TCP_SYNCNT: i32 = 127;

/** Sets or clears bits of a sock's flags. */
function set_flag(sk: Sock, flag: u32, on: bool): void {
  sk.sk_flags = on ? sk.sk_flags | flag : sk.sk_flags & ~flag;
}

/** Sets or clears one of the SockReuse bits. */
function set_reuse(sk: Sock, bit: u32, on: bool): void {
  sk.skc_reuse = <u16>(on ? sk.skc_reuse | bit : sk.skc_reuse & ~bit);
}

/** SO_RCVLOWAT. @kernel tcp_set_rcvlowat(), net/ipv4/tcp.c */
function set_rcvlowat(sk: Sock, value: i32): void {
  if (value < 0) value = i32.MAX_VALUE;
  if (sk.sk_protocol == Ipproto.TCP) value = min(value, sk.sk_rcvbuf >> 1);
  sk.sk_rcvlowat = max(value, 1);
  if (sk.sk_protocol != Ipproto.TCP) return;
  if (tcp_epollin_ready(sk, sk.sk_rcvlowat) || sk.sk_flags & SockFlags.DONE) sk_data_ready(sk);
}

/** SO_LINGER. @param at a struct linger in kernel memory. */
function set_linger(sk: Sock, at: usize, len: u32): i32 {
  if (len < 8) return -Errno.EINVAL;
  let options = sock_options(sk);
  if (!options) return -Errno.ENOMEM;
  set_flag(sk, SockFlags.LINGER, load<i32>(at) != 0);
  options.sk_lingertime = load<u32>(at, 4);
  return 0;
}

/** A struct timeval as a time; 0 stands for ever. @returns ns; negative: -errno. */
function parse_timeval(at: usize, len: u32): i64 {
  if (len < 16) return -Errno.EINVAL;
  let seconds = load<i64>(at);
  let microseconds = load<i64>(at, 8);
  if (microseconds < 0 || microseconds >= 1_000_000) return -Errno.EDOM;
  if (seconds < 0) return 1;
  if (seconds >= i64.MAX_VALUE / 2_000_000_000) return 0;
  return seconds * <i64>NSEC_PER_SEC + microseconds * 1000;
}

/** SO_RCVTIMEO and SO_SNDTIMEO. */
function set_timeout(sk: Sock, option: i32, at: usize, len: u32): i32 {
  let timeout = parse_timeval(at, len);
  if (timeout < 0) return <i32>timeout;
  let options = sock_options(sk);
  if (!options) return -Errno.ENOMEM;
  if (option == So.RCVTIMEO) options.sk_rcvtimeo = timeout;
  else options.sk_sndtimeo = timeout;
  return 0;
}

/** TCP_SYNCNT. */
function set_syn_retries(sk: Sock, value: u32): i32 {
  let options = sock_options(sk);
  if (!options) return -Errno.ENOMEM;
  options.icsk_syn_retries = value;
  return 0;
}

/** SO_SNDBUF: the double of what is asked for. */
function set_sndbuf(sk: Sock, value: u32): void {
  sk.sk_sndbuf = max(min(value, MEM_MAX) * 2, SOCK_MIN_SNDBUF);
  set_flag(sk, SockFlags.SNDBUF_LOCK, true);
  call_indirect<void>(sk.sk_write_space, sk);
}

/** SO_RCVBUF: the double of what is asked for. */
function set_rcvbuf(sk: Sock, value: u32): void {
  sk.sk_rcvbuf = max(min(value, MEM_MAX) * 2, SOCK_MIN_RCVBUF);
  set_flag(sk, SockFlags.RCVBUF_LOCK, true);
}

/**
 * Sets an option of every socket. Options that concern nothing in this machine are taken and have no effect.
 *
 * @param at  the value, in kernel memory. @returns 0 or -errno. @kernel sk_setsockopt(), net/core/sock.c
 */
function sk_setsockopt(sk: Sock, option: i32, at: usize, len: u32): i32 {
  if (len < 4) return -Errno.EINVAL;
  let value = load<i32>(at);
  switch (option) {
    case So.REUSEADDR:
      set_reuse(sk, SockReuse.ADDR, value != 0);
      return 0;
    case So.REUSEPORT:
      if (value && sk.skc_family == Af.UNIX) return -Errno.EOPNOTSUPP;
      set_reuse(sk, SockReuse.PORT, value != 0);
      return 0;
    case So.SNDBUF:
    case So.SNDBUFFORCE:
      set_sndbuf(sk, value);
      return 0;
    case So.RCVBUF:
    case So.RCVBUFFORCE:
      set_rcvbuf(sk, value);
      return 0;
    case So.KEEPALIVE:
      set_flag(sk, SockFlags.KEEPOPEN, value != 0);
      return 0;
    case So.BROADCAST:
      set_flag(sk, SockFlags.BROADCAST, value != 0);
      return 0;
    case So.PASSCRED:
      if (sk.skc_family != Af.UNIX) return -Errno.EOPNOTSUPP;
      set_flag(sk, SockFlags.PASSCRED, value != 0);
      return 0;
    case So.OOBINLINE:
      set_flag(sk, SockFlags.URGINLINE, value != 0);
      return 0;
    case So.LINGER:
      return set_linger(sk, at, len);
    case So.RCVLOWAT:
      set_rcvlowat(sk, value);
      return 0;
    case So.RCVTIMEO:
    case So.SNDTIMEO:
      return set_timeout(sk, option, at, len);
    case So.DEBUG:
    case So.DONTROUTE:
    case So.NO_CHECK:
    case So.PRIORITY:
    case So.TIMESTAMP:
    case So.MARK:
    case So.BUSY_POLL:
    case So.INCOMING_CPU:
    case So.BINDTODEVICE:
      return 0;
    case So.ZEROCOPY:
      if (sk.skc_family == Af.UNIX) return -Errno.EOPNOTSUPP;
      if (value < 0 || value > 1) return -Errno.EINVAL;
      set_flag(sk, SockFlags.ZEROCOPY, value != 0);
      return 0;
  }
  return -Errno.ENOPROTOOPT;
}

/** Sets an option of TCP. Those about probes and timers are taken and have no effect. @kernel do_tcp_setsockopt() */
function do_tcp_setsockopt(sk: Sock, option: i32, at: usize, len: u32): i32 {
  if (len < 4) return -Errno.EINVAL;
  let value = load<i32>(at);
  switch (option) {
    case TcpOption.NODELAY:
    case TcpOption.CORK:
      set_flag(sk, option == TcpOption.CORK ? SockFlags.CORK : SockFlags.NODELAY, value != 0);
      // What was held back may go now.
      if (sk.sk_send_head && (value != 0) == (option == TcpOption.NODELAY)) {
        tcp_push(sk, false);
        release_sock(sk);
      }
      return 0;
    case TcpOption.SYNCNT:
      if (value < 1 || value > MAX_TCP_SYNCNT) return -Errno.EINVAL;
      return set_syn_retries(sk, value);
    case TcpOption.MAXSEG:
    case TcpOption.KEEPIDLE:
    case TcpOption.KEEPINTVL:
    case TcpOption.KEEPCNT:
    case TcpOption.LINGER2:
    case TcpOption.DEFER_ACCEPT:
    case TcpOption.WINDOW_CLAMP:
    case TcpOption.QUICKACK:
    case TcpOption.USER_TIMEOUT:
    case TcpOption.FASTOPEN:
    case TcpOption.NOTSENT_LOWAT:
      return 0;
  }
  return -Errno.ENOPROTOOPT;
}

/** Sets an option of the network layer. */
function ip_setsockopt(sk: Sock, level: i32, option: i32, at: usize, len: u32): i32 {
  if (level == Sol.IPV6 && option == Ipv6Option.V6ONLY) {
    if (len < 4 || sk.skc_num) return -Errno.EINVAL;
    set_reuse(sk, SockReuse.V6ONLY, load<i32>(at) != 0);
    return 0;
  }
  let known =
    level == Sol.IP
      ? option == IpOption.TOS ||
        option == IpOption.TTL ||
        option == IpOption.MTU_DISCOVER ||
        option == IpOption.RECVERR
      : option == Ipv6Option.UNICAST_HOPS || option == Ipv6Option.TCLASS;
  return known ? 0 : -Errno.ENOPROTOOPT;
}

/** Sets an option of any level. @kernel do_sock_setsockopt(), net/socket.c */
function do_sock_setsockopt(sk: Sock, level: i32, option: i32, from: u64, len: i32): i32 {
  if (len < 0) return -Errno.EINVAL;
  let at = net().address;
  let used = min(len, 16);
  memory.fill(at, 0, 16);
  if (used && copy_from_user(at, from, used)) return -Errno.EFAULT;
  if (level == Sol.SOCKET) return sk_setsockopt(sk, option, at, len);
  if (sk.skc_family == Af.UNIX) return -Errno.EOPNOTSUPP;
  if (level == Sol.TCP && sk.sk_protocol == Ipproto.TCP) return do_tcp_setsockopt(sk, option, at, len);
  if (level == Sol.IP || (level == Sol.IPV6 && sk.skc_family == Af.INET6))
    return ip_setsockopt(sk, level, option, at, len);
  return -Errno.ENOPROTOOPT;
}

/** Writes a time as a struct timeval. @returns its size. Unit: bytes. */
function write_timeval(at: usize, timeout: u64): i32 {
  store<i64>(at, timeout / NSEC_PER_SEC);
  store<i64>(at, (timeout % NSEC_PER_SEC) / 1000, 8);
  return 16;
}

/** True or false as an int. */
function flag(sk: Sock, bit: u32): i32 {
  return sk.sk_flags & bit ? 1 : 0;
}

/** Writes an int. @returns its size. Unit: bytes. */
function write_int(at: usize, value: i32): i32 {
  store<i32>(at, value);
  return 4;
}

/**
 * Tells an option of every socket.
 *
 * @param at  room for 16 bytes. @returns bytes written there, or -errno. @kernel sk_getsockopt(), net/core/sock.c
 */
function sk_getsockopt(sk: Sock, option: i32, at: usize): i32 {
  switch (option) {
    case So.REUSEADDR:
      return write_int(at, sk.skc_reuse & SockReuse.ADDR ? 1 : 0);
    case So.REUSEPORT:
      return write_int(at, sk.skc_reuse & SockReuse.PORT ? 1 : 0);
    case So.TYPE:
      return write_int(at, sk.sk_type);
    case So.ERROR:
      return write_int(at, -sock_error(sk));
    case So.SNDBUF:
      return write_int(at, sk.sk_sndbuf);
    case So.RCVBUF:
      return write_int(at, sk.sk_rcvbuf);
    case So.KEEPALIVE:
      return write_int(at, flag(sk, SockFlags.KEEPOPEN));
    case So.BROADCAST:
      return write_int(at, flag(sk, SockFlags.BROADCAST));
    case So.PASSCRED:
      if (sk.skc_family != Af.UNIX) return -Errno.EOPNOTSUPP;
      return write_int(at, flag(sk, SockFlags.PASSCRED));
    case So.OOBINLINE:
      return write_int(at, flag(sk, SockFlags.URGINLINE));
    case So.RCVLOWAT:
      return write_int(at, sk.sk_rcvlowat);
    case So.SNDLOWAT:
      return write_int(at, 1);
    case So.ACCEPTCONN:
      return write_int(at, sk.skc_state == TcpState.LISTEN ? 1 : 0);
    case So.PROTOCOL:
      return write_int(at, sk.sk_protocol);
    case So.DOMAIN:
      return write_int(at, sk.skc_family);
    case So.RCVTIMEO:
      return write_timeval(at, sock_rcvtimeo(sk));
    case So.SNDTIMEO:
      return write_timeval(at, sock_sndtimeo(sk));
    case So.LINGER:
      store<i32>(at, flag(sk, SockFlags.LINGER));
      store<u32>(at, sock_lingertime(sk), 4);
      return 8;
    case So.DEBUG:
    case So.DONTROUTE:
    case So.NO_CHECK:
    case So.PRIORITY:
    case So.TIMESTAMP:
    case So.MARK:
    case So.BUSY_POLL:
    case So.INCOMING_CPU:
      return write_int(at, 0);
    case So.ZEROCOPY:
      return write_int(at, flag(sk, SockFlags.ZEROCOPY));
  }
  return -Errno.ENOPROTOOPT;
}

/** Tells an option of TCP. @returns bytes written, or -errno. @kernel do_tcp_getsockopt(), net/ipv4/tcp.c */
function do_tcp_getsockopt(sk: Sock, option: i32, at: usize): i32 {
  switch (option) {
    case TcpOption.NODELAY:
      return write_int(at, flag(sk, SockFlags.NODELAY));
    case TcpOption.CORK:
      return write_int(at, flag(sk, SockFlags.CORK));
    case TcpOption.MAXSEG:
      return write_int(at, sk.mss_cache ? <i32>sk.mss_cache : TCP_MSS_DEFAULT);
    case TcpOption.KEEPIDLE:
      return write_int(at, 7200);
    case TcpOption.KEEPINTVL:
      return write_int(at, 75);
    case TcpOption.KEEPCNT:
      return write_int(at, 9);
    case TcpOption.SYNCNT:
      return write_int(at, tcp_syn_retries(sk) ? tcp_syn_retries(sk) : 6);
    case TcpOption.LINGER2:
      return write_int(at, 60);
    case TcpOption.QUICKACK:
      return write_int(at, 1);
    case TcpOption.DEFER_ACCEPT:
    case TcpOption.WINDOW_CLAMP:
    case TcpOption.USER_TIMEOUT:
    case TcpOption.FASTOPEN:
    case TcpOption.NOTSENT_LOWAT:
      return write_int(at, 0);
  }
  return -Errno.ENOPROTOOPT;
}

/** Tells an option of any level. @returns bytes written to `at`, or -errno. @kernel do_sock_getsockopt() */
function do_sock_getsockopt(sk: Sock, level: i32, option: i32, at: usize): i32 {
  if (level == Sol.SOCKET) return sk_getsockopt(sk, option, at);
  if (sk.skc_family == Af.UNIX) return -Errno.EOPNOTSUPP;
  if (level == Sol.TCP && sk.sk_protocol == Ipproto.TCP) return do_tcp_getsockopt(sk, option, at);
  if (level == Sol.IP && option == IpOption.TTL) return write_int(at, 64);
  if (level == Sol.IP && option == IpOption.TOS) return write_int(at, 0);
  if (level == Sol.IPV6 && sk.skc_family == Af.INET6 && option == Ipv6Option.V6ONLY) {
    return write_int(at, sk.skc_reuse & SockReuse.V6ONLY ? 1 : 0);
  }
  return -Errno.ENOPROTOOPT;
}

/** Copies an option to the program, as much as there is room for. */
function tell_option(sk: Sock, level: i32, option: i32, to: u64, to_length: u64): i32 {
  let at = net().address;
  let scratch = at + 32;
  if (copy_from_user(scratch, to_length, 4)) return -Errno.EFAULT;
  let room = load<i32>(scratch);
  if (room < 0) return -Errno.EINVAL;
  let len = do_sock_getsockopt(sk, level, option, at);
  if (len < 0) return len;
  len = min(len, room);
  if (len && copy_to_user(to, at, len)) return -Errno.EFAULT;
  return put_user_u32(len, to_length);
}

/** The core of the socket that a file is; null if it is something else. */
function sock_of(file: File): Sock | null {
  let sock: Socket | null = sock_from_file(file);
  return sock ? sock.sk : null;
}

/** setsockopt(2). */
export function sys_setsockopt(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let sk = sock_of(file);
  if (!sk) return fdput(file, -Errno.ENOTSOCK);
  return fdput(file, do_sock_setsockopt(sk, <i32>task.si, <i32>task.dx, task.r10, <i32>task.r8));
}

/** getsockopt(2). */
export function sys_getsockopt(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let sk = sock_of(file);
  if (!sk) return fdput(file, -Errno.ENOTSOCK);
  return fdput(file, tell_option(sk, <i32>task.si, <i32>task.dx, task.r10, task.r8));
}
