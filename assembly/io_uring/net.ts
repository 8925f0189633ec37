import { Errno } from "../include/errno";
import { Poll } from "../include/fs";
import { IoKiocb, IoReqFlags } from "../include/io_uring";
import { IoringCqeFlags, IoringOp } from "../include/io_uring_abi";
import { Msg, SockType } from "../include/socket";
import { vfs_poll } from "../fs/select";
import { sock_error } from "../net/sock";
import { sock_from_file } from "../net/socket";

/**
 * What connecting has come to: a connection that is on its way is waited for, and then says whether it has failed.
 *
 * @param result  what connect() has answered.
 * @kernel io_connect(), io_uring/net.c
 */
export function io_connect_result(req: IoKiocb, result: i64): i64 {
  if (req.flags & IoReqFlags.CONNECTING) {
    let sock = sock_from_file(req.file!);
    let error = sock && sock.sk ? sock_error(sock.sk!) : 0;
    if (error) return error;
    if (result == -Errno.EISCONN || result == -Errno.EBADFD) return 0;
  }
  if (result == -Errno.EINPROGRESS || result == -Errno.EALREADY) {
    req.flags |= IoReqFlags.CONNECTING;
    return -Errno.EAGAIN;
  }
  return result;
}

/**
 * Whether a request of a stream that wants all its bytes has to go on; notes what it has so far.
 *
 * @param result  what one try has come to.
 * @kernel io_net_retry(), io_uring/net.c
 */
export function io_net_retry(req: IoKiocb, result: i64): bool {
  if (result <= 0 || result >= req.dx || !(req.sqe.op_flags & Msg.WAITALL)) return false;
  let sock = sock_from_file(req.file!);
  if (!sock || (sock.type != SockType.STREAM && sock.type != SockType.SEQPACKET)) return false;
  req.done_io += <u32>result;
  req.si += result;
  req.dx -= result;
  return true;
}

/** What such a request has come to at its end: what it has done before an error counts. */
export function io_net_result(req: IoKiocb, result: i64): i64 {
  // Whoever received learns whether there is more to receive: bytes, or the end.
  let more = req.opcode == IoringOp.RECV && result >= 0 && (vfs_poll(req.file!, null) & Poll.IN) != 0;
  if (more && sock_from_file(req.file!)!.type == SockType.STREAM) req.cflags |= IoringCqeFlags.SOCK_NONEMPTY;
  return req.done_io ? <i64>req.done_io + max<i64>(result, 0) : result;
}
