import { File } from "../include/fs";
import { Msg } from "../include/socket";
import { OpenFlags } from "../include/fcntl";
import { PipeInodeInfo } from "../fs/pipe_ring";
import { Socket } from "../include/net";
import { SLEEPING } from "../include/sched";
import { SpliceFlags } from "../include/splice";
import { Tp, enter, leave } from "../include/trace";
import { begin_step, eat, end_step, end_transfer, pipe_transfer } from "../fs/splice_desc";
import { copy_splice_read } from "../fs/splice_read";
import { current } from "../kernel/sched";
import { sock_sendmsg } from "./socket";
import { wait_for_bytes } from "../fs/splice_write";

/** Most pages that go into one message. */
const MAX_SPLICE_PIECES: u32 = 16;

/** The flags of the message with which what a pipe holds is sent. */
function msg_flags(pipe: PipeInodeInfo, file: File, splice_flags: u32, bytes: u64, left: u64): u32 {
  let flags: u32 = Msg.SPLICE_PAGES;
  let waits = left > bytes && pipe.head - pipe.tail > MAX_SPLICE_PIECES;
  if (splice_flags & SpliceFlags.MORE || waits) flags |= Msg.MORE;
  if (file.f_flags & OpenFlags.NONBLOCK) flags |= Msg.DONTWAIT;
  return flags;
}

/**
 * Sends what is in a pipe through a socket; the protocol may refer to the pages instead of copying them.
 *
 * @returns  bytes; 0 if nothing can come any more; -errno; SLEEPING. @kernel splice_to_socket(), fs/splice.c
 */
export function splice_to_socket(pipe: PipeInodeInfo, file: File, ppos: usize, len: usize, splice_flags: u32): i64 {
  enter(Tp.splice_to_socket, changetype<usize>(pipe), changetype<usize>(file), len);
  let task = current();
  let sd = task.splice!;
  let sock = changetype<Socket>(file.private_data);
  begin_step(sd, len);
  let result: i64 = 0;
  while (sd.total_len) {
    if (!sd.kvec) {
      result = wait_for_bytes(pipe, sd, (splice_flags & SpliceFlags.NONBLOCK) != 0);
      if (result == SLEEPING) return leave(result);
      let left = sd.total_len;
      if (result > 0) result = pipe_transfer(pipe, sd, file, MAX_SPLICE_PIECES, 0);
      if (result <= 0) break;
      task.iter.flags = msg_flags(pipe, file, splice_flags, result, left);
    }
    result = sock_sendmsg(sock, task.iter, task.iter.flags);
    if (result == SLEEPING) return leave(result);
    end_transfer(sd);
    if (result <= 0) break;
    eat(pipe, sd, result);
  }
  return leave(end_step(pipe, sd, result));
}

/**
 * A pipe gets what has arrived at a socket.
 *
 * @returns  bytes; 0 at the end; -errno; SLEEPING. @kernel sock_splice_read(), net/socket.c
 */
export function sock_splice_read(file: File, ppos: usize, pipe: PipeInodeInfo, len: usize, flags: u32): i64 {
  let sock = changetype<Socket>(file.private_data);
  let method = sock.ops.splice_read;
  if (!method) return copy_splice_read(file, ppos, pipe, len, flags);
  return call_indirect<i64>(method, sock, pipe, len, flags);
}
