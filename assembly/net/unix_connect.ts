import { Af } from "../include/socket";
import { Errno } from "../include/errno";
import { Sock, SockFlags } from "../include/sock";
import { Socket } from "../include/net";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { unix_autobind, unix_find_other, unix_validate_addr } from "./unix_addr";
import {
  unix_dgram_disconnected,
  unix_dgram_peer_wake_disconnect_wakeup,
  unix_may_send,
  unix_set_peer,
} from "./unix_peer";
import { sock_put } from "./sock";
import { unix_sk } from "../include/un";

/*
 * connect() of a socket for messages: from then on, messages without an address go to that one socket, and only its own
 * are taken. AF_UNSPEC undoes it.
 */

/** The socket of a name, if it takes messages from the one that asks. @returns it, as a number, or -errno. */
function find_receiver(sk: Sock, at: usize, len: u32): i64 {
  let err = unix_validate_addr(at, len);
  if (err) return err;
  if (sk.sk_flags & SockFlags.PASSCRED && !unix_sk(sk).addr && unix_autobind(sk)) return -Errno.ENOMEM;
  let found = unix_find_other(sk, at, len);
  if (found > 0 && !unix_may_send(sk, changetype<Sock>(<usize>found))) return -Errno.EPERM;
  return found;
}

/** Messages went to another socket before: that is over. */
function leave_old_peer(sk: Sock, old: Sock, other: Sock | null): void {
  if (!other) sk.skc_state = TcpState.CLOSE;
  unix_dgram_peer_wake_disconnect_wakeup(sk, old);
  if (other !== old) {
    unix_dgram_disconnected(sk, old);
    if (!unix_sk(old).peer) old.skc_state = TcpState.CLOSE;
  }
  sock_put(old);
}

/** Says where messages go to. @returns 0 or -errno. @kernel unix_dgram_connect(), net/unix/af_unix.c */
export function unix_dgram_connect(sock: Socket, at: usize, len: u32, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_dgram_connect, changetype<usize>(sk), len, 0);
  if (len < 2) return leave<i64>(-Errno.EINVAL);
  let other: Sock | null = null;
  if (load<u16>(at) != Af.UNSPEC) {
    let found = find_receiver(sk, at, len);
    if (found < 0) return leave(found);
    other = changetype<Sock>(<usize>found);
    sk.skc_state = TcpState.ESTABLISHED;
    other.skc_state = TcpState.ESTABLISHED;
  }
  let old = unix_set_peer(sk, other);
  if (old) leave_old_peer(sk, old, other);
  return leave<i64>(0);
}
