import { Sock, SockOptions } from "../include/sock";
import { kfree, kzalloc } from "../mm/slab";
import { purge_error_queue } from "./zerocopy";

/* Options that few sockets have set: a socket has a struct for them only then. */

/** The options of a sock, to be set; null when memory is exhausted. */
export function sock_options(sk: Sock): SockOptions | null {
  if (!sk.options) {
    let at = kzalloc(offsetof<SockOptions>());
    if (!at) return null;
    sk.options = changetype<SockOptions>(at);
    sk.options!.sk_error_queue.init();
  }
  return sk.options;
}

/** Gives a connection the options of the socket that listened. @returns false when memory is exhausted. */
export function sock_copy_options(listener: Sock, child: Sock): bool {
  let from = listener.options;
  if (!from) return true;
  let to = sock_options(child);
  if (!to) return false;
  to.sk_rcvtimeo = from.sk_rcvtimeo;
  to.sk_sndtimeo = from.sk_sndtimeo;
  to.sk_lingertime = from.sk_lingertime;
  to.icsk_syn_retries = from.icsk_syn_retries;
  return true;
}

/** Frees the options of a sock. */
export function sock_free_options(sk: Sock): void {
  if (!sk.options) return;
  purge_error_queue(sk);
  kfree(changetype<usize>(sk.options));
}

/** How long receiving waits at most. Unit: ns; 0: for ever. @kernel sock_rcvtimeo(), include/net/sock.h */
export function sock_rcvtimeo(sk: Sock): u64 {
  let options = sk.options;
  return options ? options.sk_rcvtimeo : 0;
}

/** How long sending waits at most. Unit: ns; 0: for ever. @kernel sock_sndtimeo(), include/net/sock.h */
export function sock_sndtimeo(sk: Sock): u64 {
  let options = sk.options;
  return options ? options.sk_sndtimeo : 0;
}

/** SO_LINGER's time. Unit: seconds. */
export function sock_lingertime(sk: Sock): u32 {
  let options = sk.options;
  return options ? options.sk_lingertime : 0;
}

/** How often a SYN is sent again, as TCP_SYNCNT has set it; 0: as usual. */
export function tcp_syn_retries(sk: Sock): u32 {
  let options = sk.options;
  return options ? options.icsk_syn_retries : 0;
}
