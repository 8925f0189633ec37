import { Af, IpOption, Ipv6Option, Msg, Sol } from "../include/socket";
import { Errno } from "../include/errno";
import { Sock } from "../include/sock";
import { Tp, enter, leave } from "../include/trace";
import { UbufInfoMsgzc } from "../include/skbuff";
import { net } from "./net";
import { put_cmsg } from "./scm";
import { free_ubuf, sk_has_notifications } from "./zerocopy";
import { sk_error_report } from "./sock";

/*
 * The error queue of a socket, which recvmsg(MSG_ERRQUEUE) reads. Each of its notifications comes as control data:
 *
 *      struct sock_extended_err { u32 ee_errno; u8 ee_origin; u8 ee_type; u8 ee_code; u8 ee_pad; u32 ee_info; u32 ee_data; }
 *      and a struct sockaddr_in or sockaddr_in6, all zeros here.
 *
 * Differs from Linux: errors that other machines report (ICMP) do not come; only ends of MSG_ZEROCOPY do.
 */

/** A number of calls with MSG_ZEROCOPY is done with the program's pages. @kernel SO_EE_ORIGIN_ZEROCOPY, errqueue.h */
export const SO_EE_ORIGIN_ZEROCOPY: u8 = 5;
/** The pages were copied after all. @kernel SO_EE_CODE_ZEROCOPY_COPIED, include/uapi/linux/errqueue.h */
export const SO_EE_CODE_ZEROCOPY_COPIED: u8 = 1;
/** Size of the control data: struct sock_extended_err with an address. Unit: bytes. */
const ERRHDR_SIZE: usize = 32;
const ERRHDR_6_SIZE: usize = 44;

/** Takes the oldest notification; who waits is told of the next. @kernel sock_dequeue_err_skb(), net/core/skbuff.c */
function sock_dequeue_err_skb(sk: Sock): UbufInfoMsgzc {
  let queue = sk.options!.sk_error_queue;
  let uarg = UbufInfoMsgzc.of_link(queue.next);
  uarg.link.del();
  if (!queue.empty) sk_error_report(sk);
  return uarg;
}

/**
 * Reads the error queue.
 *
 * @returns  0: the notification has no data, only control data; -EAGAIN. @kernel inet_recv_error(), net/ipv4/af_inet.c
 */
export function inet_recv_error(sk: Sock): i64 {
  if (!sk_has_notifications(sk)) return -Errno.EAGAIN;
  enter(Tp.inet_recv_error, changetype<usize>(sk), 0, 0);
  let uarg = sock_dequeue_err_skb(sk);
  let at = net().address + 128;
  memory.fill(at, 0, ERRHDR_6_SIZE);
  store<u8>(at, SO_EE_ORIGIN_ZEROCOPY, 4);
  store<u8>(at, uarg.zerocopy ? 0 : SO_EE_CODE_ZEROCOPY_COPIED, 6);
  store<u32>(at, uarg.id, 8);
  store<u32>(at, uarg.id + uarg.len - 1, 12);
  free_ubuf(uarg);
  if (sk.skc_family == Af.INET) put_cmsg(Sol.IP, IpOption.RECVERR, at, ERRHDR_SIZE);
  else put_cmsg(Sol.IPV6, Ipv6Option.RECVERR, at, ERRHDR_6_SIZE);
  net().msg.msg_flags |= Msg.ERRQUEUE;
  return leave<i64>(0);
}
