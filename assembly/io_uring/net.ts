import { Errno } from "../include/errno";
import { IoKiocb, IoReqFlags } from "../include/io_uring";
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
