import { FasyncStruct, PollCode, kill_fasync, send_sigurg } from "../fs/fasync";
import { Signal } from "../include/signal";
import { send_sig } from "../kernel/signal";
import { sock_free_options } from "./sock_options";
import { unix_forget_name } from "./unix_addr";
import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { KTIME_MAX } from "../include/time";
import { Poll } from "../include/fs";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket, SocketFlags } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { SLEEPING, TaskState } from "../include/sched";
import { TcpState } from "../include/tcp";
import { Msg } from "../include/socket";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { current, schedule_hrtimeout } from "../kernel/sched";
import { deadline_after } from "../kernel/sys";
import { kfree, kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { unix_sk } from "../include/un";
import { net } from "./net";
import {
  prepare_to_wait,
  prepare_to_wait_exclusive,
  wake_up_all,
  wake_up_interruptible_sync_poll,
  wake_up_poll,
  waitqueue_active,
} from "../kernel/wait";
import { skb_queue_head_init } from "./skbuff";

/** Makes the cache of socks. @kernel proto_register(), net/core/sock.c */
export function sock_cache_init(): void {
  net().sock_cachep = kmem_cache_create(CacheType.Sock, offsetof<Sock>(), 8);
}

/** A sock filled with zeros, with one reference; null when memory is exhausted. @kernel sk_alloc(), net/core/sock.c */
export function sk_alloc(family: u32, protocol: u32): Sock | null {
  let sk = changetype<Sock>(kmem_cache_zalloc(net().sock_cachep));
  if (!changetype<usize>(sk)) return null;
  sk.skc_family = <u16>family;
  sk.sk_protocol = <u8>protocol;
  sk.sk_refcnt = 1;
  return sk;
}

/**
 * Sets the core of a socket up: its queues, and the functions that tell of changes.
 *
 * @param sock  the socket that it belongs to; null if that will come with accept().
 * @kernel sock_init_data(), net/core/sock.c
 */
export function sock_init_data(sock: Socket | null, sk: Sock): void {
  enter(Tp.sock_init_data, changetype<usize>(sk), changetype<usize>(sock), 0);
  skb_queue_head_init(sk.sk_receive_queue);
  skb_queue_head_init(sk.sk_write_queue);
  sk.skc_state = TcpState.CLOSE;
  sk.sk_rcvlowat = 1;
  sk.sk_data_ready = <u16>sock_def_readable.index;
  sk.sk_state_change = <u16>sock_def_wakeup.index;
  sk.sk_write_space = <u16>sock_def_write_space.index;
  sk.sk_error_report = <u16>sock_def_error_report.index;
  if (sock) {
    sk.sk_type = <u8>sock.type;
    sock_graft(sk, sock);
  }
  leave(0);
}

/** Joins a sock and a socket. @kernel sock_graft(), include/net/sock.h */
export function sock_graft(sk: Sock, sock: Socket): void {
  sk.sk_wq = sock.wait;
  sk.sk_socket = sock;
  sock.sk = sk;
}

/** Parts a sock from its socket: nobody will use it any more. @kernel sock_orphan(), include/net/sock.h */
export function sock_orphan(sk: Sock): void {
  sk.sk_flags |= SockFlags.DEAD;
  sk.sk_socket = null;
  sk.sk_wq = null;
}

/** Takes another reference. @kernel sock_hold(), include/net/sock.h */
export function sock_hold(sk: Sock): void {
  sk.sk_refcnt++;
}

/** Drops a reference; the last one frees the sock. @kernel sock_put(), include/net/sock.h */
export function sock_put(sk: Sock): void {
  if (--sk.sk_refcnt) return;
  assert(sk.sk_receive_queue.list.empty && sk.sk_write_queue.list.empty, "a sock is freed that still has packets");
  assert(sk.sk_timer_queued == 0 && sk.skc_node_pprev == 0, "a sock is freed that can still be found");
  sock_free_options(sk);
  kfree(changetype<usize>(sk.icsk_accept_queue));
  if (sk.unix) {
    unix_sk(sk).link.del();
    unix_forget_name(sk);
    kmem_cache_free(net().unix_sock_cachep, sk.unix);
  }
  kmem_cache_free(net().sock_cachep, changetype<usize>(sk));
}

/** The pending error, which is told once: 0 or -errno. @kernel sock_error(), include/net/sock.h */
export function sock_error(sk: Sock): i32 {
  let err = sk.sk_err;
  sk.sk_err = 0;
  return -err;
}

/**
 * Tells by a signal what has become possible, if somebody wants that.
 *
 * @kernel sk_wake_async() for SOCK_WAKE_WAITD and SOCK_WAKE_IO, include/net/sock.h
 */
export function sk_wake_async(sk: Sock, code: PollCode): void {
  let sock = sk.sk_socket;
  if (sock && sock.fasync_list) kill_fasync(changetype<FasyncStruct | null>(sock.fasync_list), code);
}

/** Tells whoever owns the socket's file that something urgent has come. @kernel sk_send_sigurg(), net/core/sock.c */
export function sk_send_sigurg(sk: Sock): void {
  let file = sk.sk_socket ? sk.sk_socket!.file : null;
  if (file && send_sigurg(file)) sk_wake_async(sk, PollCode.POLL_PRI);
}

/** As sk_wake_async(), of room in the send buffer: only if it was looked for. @kernel SOCK_WAKE_SPACE, net/socket.c */
export function sk_wake_async_space(sk: Sock): void {
  let sock = sk.sk_socket;
  if (!sock || !(sock.flags & SocketFlags.ASYNC_NOSPACE) || !sock.fasync_list) return;
  sock.flags &= ~(<u16>SocketFlags.ASYNC_NOSPACE);
  sk_wake_async(sk, PollCode.POLL_OUT);
}

/** Tells that data or a connection has arrived. */
export function sk_data_ready(sk: Sock): void {
  call_indirect<void>(sk.sk_data_ready, sk);
}

/** Tells that the state of the connection has changed. */
export function sk_state_change(sk: Sock): void {
  call_indirect<void>(sk.sk_state_change, sk);
}

/** Tells that an error has come up. @kernel sk_error_report(), net/core/sock.c */
export function sk_error_report(sk: Sock): void {
  call_indirect<void>(sk.sk_error_report, sk);
}

/** The wait queue of a sock, if anybody waits there. @kernel skwq_has_sleeper(), include/net/sock.h */
function sleepers(sk: Sock): WaitQueueHead | null {
  let wq = sk.sk_wq;
  return wq && waitqueue_active(wq) ? wq : null;
}

/** Data, or a connection, has arrived: wakes who waits for that. @kernel sock_def_readable(), net/core/sock.c */
export function sock_def_readable(sk: Sock): void {
  enter(Tp.sock_def_readable, changetype<usize>(sk), 0, 0);
  let wq = sleepers(sk);
  if (wq) wake_up_interruptible_sync_poll(wq, Poll.IN | Poll.PRI | Poll.RDNORM | Poll.RDBAND);
  sk_wake_async(sk, PollCode.POLL_IN);
  leave(0);
}

/** The state of the connection has changed: wakes everybody. @kernel sock_def_wakeup(), net/core/sock.c */
export function sock_def_wakeup(sk: Sock): void {
  enter(Tp.sock_def_wakeup, changetype<usize>(sk), 0, 0);
  let wq = sleepers(sk);
  if (wq) wake_up_all(wq);
  leave(0);
}

/** An error has come up: wakes who waits for that. @kernel sock_def_error_report(), net/core/sock.c */
export function sock_def_error_report(sk: Sock): void {
  enter(Tp.sock_def_error_report, changetype<usize>(sk), sk.sk_err, 0);
  let wq = sleepers(sk);
  if (wq) wake_up_poll(wq, Poll.ERR);
  sk_wake_async(sk, PollCode.POLL_ERR);
  leave(0);
}

/** There may be room in the send buffer of a socket for messages. @kernel sock_def_write_space(), net/core/sock.c */
export function sock_def_write_space(sk: Sock): void {
  enter(Tp.sock_def_write_space, changetype<usize>(sk), 0, 0);
  let wq = sk.sk_wmem_alloc << 1 <= sk.sk_sndbuf ? sleepers(sk) : null;
  if (wq) wake_up_interruptible_sync_poll(wq, Poll.OUT | Poll.WRNORM | Poll.WRBAND);
  leave(0);
}

/** There is room in the send buffer of a stream again. @kernel sk_stream_write_space(), net/core/stream.c */
export function sk_stream_write_space(sk: Sock): void {
  enter(Tp.sk_stream_write_space, changetype<usize>(sk), 0, 0);
  let sock = sk.sk_socket;
  if (sock && sk_stream_is_writeable(sk)) {
    sock.flags &= ~(<u16>SocketFlags.NOSPACE);
    let wq = sleepers(sk);
    if (wq) wake_up_poll(wq, Poll.OUT | Poll.WRNORM | Poll.WRBAND);
    if (!(sk.sk_shutdown & ShutdownMask.SEND)) sk_wake_async_space(sk);
  }
  leave(0);
}

/** Free room in the send buffer. Unit: bytes. @kernel sk_stream_wspace(), include/net/sock.h */
export function sk_stream_wspace(sk: Sock): i32 {
  return sk.sk_sndbuf - sk.sk_wmem_alloc;
}

/** True if so much of the send buffer is free that writing is worth while. @kernel sk_stream_is_writeable() */
export function sk_stream_is_writeable(sk: Sock): bool {
  return sk_stream_wspace(sk) >= sk.sk_wmem_alloc >> 1;
}

/** True if anything may be added to the send buffer. @kernel sk_stream_memory_free(), include/net/sock.h */
export function sk_stream_memory_free(sk: Sock): bool {
  return sk.sk_wmem_alloc < sk.sk_sndbuf;
}

/** Gives back the memory of a received sk_buff. @kernel sock_rfree(), net/core/sock.c */
export function sock_rfree(skb: SkBuff): void {
  skb.sk!.sk_rmem_alloc -= skb.truesize;
}

/** Charges a received sk_buff to a sock. @kernel skb_set_owner_r(), include/net/sock.h */
export function skb_set_owner_r(skb: SkBuff, sk: Sock): void {
  skb.sk = sk;
  skb.destructor = sock_rfree.index;
  sk.sk_rmem_alloc += skb.truesize;
}

/** True if receiving must not wait. */
export function no_wait(flags: u32): bool {
  return (flags & Msg.DONTWAIT) != 0;
}

/** How many bytes receiving should wait for. @kernel sock_rcvlowat(), include/net/sock.h */
export function sock_rcvlowat(sk: Sock, waitall: bool, len: u64): u32 {
  return max<u32>(<u32>min<u64>(waitall ? i32.MAX_VALUE : sk.sk_rcvlowat, len), 1);
}

/** True if the time that SO_RCVTIMEO or SO_SNDTIMEO allows is over. */
export function sock_timed_out(): bool {
  return current().timed_out != 0;
}

/** What an interrupted call answers: one with a time limit is not made again. @kernel sock_intr_errno(), net/sock.h */
export function sock_intr_errno(limited: bool): i64 {
  return limited ? -Errno.EINTR : -Errno.ERESTARTSYS;
}

/**
 * The task that runs sleeps on a wait queue, at most for a while.
 *
 * @param timeout    ns; 0: for ever. The time counts from the first sleep of the system call.
 * @param exclusive  true: a plain wake-up wakes one such sleeper, the oldest first.
 * @returns          SLEEPING; -ERESTARTSYS or -EINTR if a signal keeps the task from sleeping.
 */
export function sock_wait_on(wq: WaitQueueHead, timeout: u64, exclusive: bool): i64 {
  let task = current();
  // A limit that is set while the call sleeps is for the next call.
  let timer = task.timer;
  if (!task.restarting) timer.expires = timeout ? deadline_after(timeout) : KTIME_MAX;
  let expires = timer.expires;
  if (exclusive) prepare_to_wait_exclusive(wq, TaskState.INTERRUPTIBLE);
  else prepare_to_wait(wq, TaskState.INTERRUPTIBLE);
  return schedule_hrtimeout(expires) == SLEEPING ? SLEEPING : sock_intr_errno(expires != KTIME_MAX);
}

/** As sock_wait_on(), until the socket changes. */
export function sk_wait(sk: Sock, timeout: u64, exclusive: bool): i64 {
  return sock_wait_on(sk.sk_wq!, timeout, exclusive);
}

/**
 * As sk_wait(), in the middle of a transfer that has moved some bytes already. They are kept in TaskStruct.done.
 *
 * @returns  SLEEPING; if a signal keeps the task from sleeping, the bytes moved, or as sk_wait() if there are none.
 */
export function sk_wait_more(sk: Sock, timeout: u64, moved: i64): i64 {
  current().done = moved;
  let result = sk_wait(sk, timeout, false);
  return result != SLEEPING && moved ? moved : result;
}

/**
 * The errno of a stream that cannot be written to: the pending error, or else -EPIPE, with SIGPIPE.
 *
 * @param flags  Msg bits: NOSIGNAL keeps the signal away.
 * @kernel sk_stream_error(), net/core/stream.c
 */
export function sk_stream_error(sk: Sock, flags: u32, err: i32): i32 {
  if (err != -Errno.EPIPE) return err;
  let pending = sock_error(sk);
  if (pending) return pending;
  if (!(flags & Msg.NOSIGNAL)) send_sig(Signal.SIGPIPE, current());
  return -Errno.EPIPE;
}
