import { Errno } from "../include/errno";
import { Msg } from "../include/socket";
import { PipeInodeInfo } from "../fs/pipe_ring";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { Socket } from "../include/net";
import { SpliceFlags } from "../include/splice";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { data_copied } from "../include/phase";
import { kfree_skb, skb_peek, skb_unlink } from "./skbuff";
import { no_reader } from "../fs/pipe_buf";
import { no_wait, sk_wait, sock_error, sock_timed_out } from "./sock";
import { release_sock } from "./tcp";
import { skb_splice_bits } from "./skb_splice_bits";
import { sock_rcvtimeo } from "./sock_options";
import { tcp_cleanup_rbuf, tcp_nothing_arrived } from "./tcp_recvmsg";
import { unix_detach_fds } from "./unix_skb";
import { wait_flags } from "./socket";

/* From streams into pipes: as receiving, but what has arrived is not copied where it lies in frames. */

/** Waits until something arrives. @returns -EAGAIN, -errno, SLEEPING. */
function wait_data(sk: Sock, flags: u32): i64 {
  if (no_wait(flags) || (current().restarting && sock_timed_out())) return -Errno.EAGAIN;
  return sk_wait(sk, sock_rcvtimeo(sk), false);
}

/** Puts what has arrived on a connection into a pipe, up to an urgent byte. @returns bytes. @kernel tcp_read_sock() */
function tcp_read_sock(sk: Sock, pipe: PipeInodeInfo, len: u64): i64 {
  let done: i64 = 0;
  let skb = skb_peek(sk.sk_receive_queue);
  while (skb && len && !pipe.full) {
    let offset = sk.copied_seq - skb.seq;
    let want = <u32>min<u64>(len, skb.len - offset);
    let urgent = sk.urg;
    if (urgent && urgent.urg_data) want = min(want, urgent.urg_seq - sk.copied_seq);
    let n = want ? skb_splice_bits(skb, offset, pipe, want) : 0;
    if (!n) break;
    done += n;
    len -= n;
    sk.copied_seq += n;
    if (offset + n < skb.len) break;
    skb_unlink(skb, sk.sk_receive_queue);
    kfree_skb(skb);
    skb = skb_peek(sk.sk_receive_queue);
  }
  return done;
}

/**
 * A pipe gets what has arrived on a connection.
 *
 * @returns  bytes; 0 at the end; -errno; SLEEPING. @kernel tcp_splice_read(), net/ipv4/tcp.c
 */
export function tcp_splice_read(sock: Socket, pipe: PipeInodeInfo, len: usize, splice_flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.tcp_splice_read, changetype<usize>(sk), changetype<usize>(pipe), len);
  let result = tcp_splice(sk, pipe, len, wait_flags(sock.file!));
  release_sock(sk);
  if (result > 0) data_copied(changetype<usize>(sk), result);
  return leave(result);
}

/** The part of tcp_splice_read() that works on the queue. */
function tcp_splice(sk: Sock, pipe: PipeInodeInfo, len: u64, flags: u32): i64 {
  if (sk.skc_state == TcpState.LISTEN) return -Errno.ENOTCONN;
  if (!pipe.readers) return no_reader();
  let done = tcp_read_sock(sk, pipe, len);
  if (done) {
    tcp_cleanup_rbuf(sk);
    return done;
  }
  let end = tcp_nothing_arrived(sk);
  if (end <= 0) return end;
  // Something is there and could not be taken: an urgent byte.
  if (!no_wait(flags) && !sk.sk_receive_queue.list.empty) return 0;
  return wait_data(sk, flags);
}

/** Takes n bytes off an sk_buff of a UNIX socket. @returns true if that was all of it. */
function unix_take(sk: Sock, skb: SkBuff, n: u32): bool {
  skb.seq += n;
  unix_detach_fds(skb, 0);
  if (skb.seq < skb.len) return false;
  skb_unlink(skb, sk.sk_receive_queue);
  kfree_skb(skb);
  return true;
}

/** Puts what has arrived at a UNIX socket into a pipe, as long as one process has sent it. @returns bytes. */
function unix_read_sock(sk: Sock, pipe: PipeInodeInfo, len: u64): i64 {
  let done: i64 = 0;
  let skb = skb_peek(sk.sk_receive_queue);
  let sender = skb ? skb.end_seq : 0;
  let differs = (sk.sk_flags & SockFlags.PASSCRED) != 0;
  while (skb && len && !pipe.full && !(differs && skb.end_seq != sender)) {
    let want = <u32>min<u64>(len, skb.len - skb.seq);
    let n = skb_splice_bits(skb, skb.seq, pipe, want);
    if (!n) break;
    done += n;
    len -= n;
    let files = skb.scm !== null;
    if (!unix_take(sk, skb, n) || files) break;
    skb = skb_peek(sk.sk_receive_queue);
  }
  return done;
}

/**
 * A pipe gets what has arrived at a UNIX stream socket; files that came along are closed.
 *
 * @returns  bytes; 0 at the end; -errno; SLEEPING. @kernel unix_stream_splice_read(), net/unix/af_unix.c
 */
export function unix_stream_splice_read(sock: Socket, pipe: PipeInodeInfo, len: usize, splice_flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_stream_splice_read, changetype<usize>(sk), changetype<usize>(pipe), len);
  let flags = wait_flags(sock.file!) | (splice_flags & SpliceFlags.NONBLOCK ? Msg.DONTWAIT : 0);
  let result = unix_splice(sk, pipe, len, flags);
  if (result > 0) data_copied(changetype<usize>(sk), result);
  return leave(result);
}

/** The part of unix_stream_splice_read() that works on the queue. */
function unix_splice(sk: Sock, pipe: PipeInodeInfo, len: u64, flags: u32): i64 {
  if (sk.skc_state != TcpState.ESTABLISHED) return -Errno.EINVAL;
  if (!pipe.readers) return no_reader();
  let done = unix_read_sock(sk, pipe, len);
  if (done) return done;
  let error = sock_error(sk);
  if (error || sk.sk_shutdown & ShutdownMask.RCV) return error;
  return wait_data(sk, flags);
}
