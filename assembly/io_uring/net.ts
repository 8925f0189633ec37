import { Errno } from "../include/errno";
import { File, Poll } from "../include/fs";
import { IoKiocb, IoReqFlags } from "../include/io_uring";
import { IoringCqeFlags, IoringOp } from "../include/io_uring_abi";
import { Af, Msg, SockType } from "../include/socket";
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
  if (req.opcode != IoringOp.SEND && req.opcode != IoringOp.RECV) return false;
  if (result <= 0 || result >= req.dx || !(req.sqe.op_flags & Msg.WAITALL)) return false;
  let sock = sock_from_file(req.file!);
  if (!sock || (sock.type != SockType.STREAM && sock.type != SockType.SEQPACKET)) return false;
  req.done_io += <u32>result;
  req.si += result;
  req.dx -= result;
  return true;
}

/** Whether there is more to receive from a stream: bytes; of TCP, its end as well. @kernel tcp_inq_hint() */
function has_more(file: File): bool {
  let sock = sock_from_file(file)!;
  let sk = sock.sk;
  if (sock.type != SockType.STREAM || !sk) return false;
  return sock.ops.family == Af.UNIX ? !sk.sk_receive_queue.list.empty : (vfs_poll(file, null) & Poll.IN) != 0;
}

/**
 * What sending or receiving has come to at its end, whoever has done the last of it: all that was done before counts.
 *
 * @param result  what the last try has come to; -errno is left to io_req_complete_defer().
 */
export function io_net_result(req: IoKiocb, result: i64): i64 {
  if (result < 0 || (req.opcode != IoringOp.SEND && req.opcode != IoringOp.RECV)) return result;
  if (req.opcode == IoringOp.RECV && has_more(req.file!)) req.cflags |= IoringCqeFlags.SOCK_NONEMPTY;
  return <i64>req.done_io + result;
}
