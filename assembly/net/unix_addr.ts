import { Af, SOCKADDR_UN_SIZE } from "../include/socket";
import { Errno } from "../include/errno";
import { Sock } from "../include/sock";
import { Socket } from "../include/net";
import { UnixAddress, unix_sk } from "../include/un";
import { SkBuff } from "../include/skbuff";
import { Tp, enter, leave } from "../include/trace";
import { kfree, kzalloc } from "../mm/slab";
import { net } from "./net";

/*
 * Names of UNIX sockets. A name that begins with a zero byte is abstract and goes with its socket. Another one is the
 * path of a file, which stays: then nobody else can take the name, and who connects is refused.
 *
 * Differs from Linux: the paths are in no file system, and cannot be removed.
 */

/** Length of the address family in front of a name. Unit: bytes. */
const FAMILY_SIZE: u32 = 2;

/** Address of a name's bytes. */
export function name_of(addr: UnixAddress): usize {
  return changetype<usize>(addr) + offsetof<UnixAddress>();
}

/** Length of a name as it counts: a path ends with its zero byte. @param len with family. Unit: bytes. */
function name_length(at: usize, len: u32): u32 {
  let path = at + FAMILY_SIZE;
  if (!load<u8>(path)) return len - FAMILY_SIZE;
  let n: u32 = 0;
  while (n < len - FAMILY_SIZE && load<u8>(path + n)) n++;
  store<u8>(path + n, 0);
  return n + 1;
}

/** Checks the form of an address. @returns 0 or -EINVAL. @kernel unix_validate_addr(), net/unix/af_unix.c */
export function unix_validate_addr(at: usize, len: u32): i32 {
  return len <= FAMILY_SIZE || len > SOCKADDR_UN_SIZE || load<u16>(at) != Af.UNIX ? -Errno.EINVAL : 0;
}

/** True if a name is a path, not abstract. */
export function unix_is_path(at: usize): bool {
  return load<u8>(at + FAMILY_SIZE) != 0;
}

/** The entry of a name; null if nobody ever had it. @param type SockType: counts if the name is abstract. */
export function unix_find(at: usize, len: u32, type: u32): UnixAddress | null {
  let length = name_length(at, len);
  let path = unix_is_path(at);
  let next = net().unix_names.first;
  while (next) {
    let addr = UnixAddress.of_node(next);
    next = next.next;
    if (!path && addr.type != type) continue;
    if (addr.len == length && !memory.compare(name_of(addr), at + FAMILY_SIZE, length)) return addr;
  }
  return null;
}

/** Gives a sock a name that is free. @returns 0 or -ENOMEM. */
function unix_take_name(sk: Sock, at: usize, len: u32): i32 {
  let length = name_length(at, len);
  let addr = changetype<UnixAddress>(kzalloc(offsetof<UnixAddress>() + length));
  if (!changetype<usize>(addr)) return -Errno.ENOMEM;
  addr.refcnt = 1;
  addr.len = length;
  addr.type = sk.sk_type;
  addr.sk = sk;
  memory.copy(name_of(addr), at + FAMILY_SIZE, length);
  net().unix_names.add_head(addr.node);
  unix_sk(sk).addr = addr;
  return 0;
}

/** Gives up one use of a name. @kernel unix_release_addr(), net/unix/af_unix.c */
export function unix_put_addr(addr: UnixAddress): void {
  if (--addr.refcnt) return;
  addr.node.del_init();
  kfree(changetype<usize>(addr));
}

/**
 * A socket that had a name is closed: nobody finds it by its name any more. Who was connected to it can still be told the
 * name, as long as there is a reference. @kernel unix_remove_socket(), net/unix/af_unix.c
 */
export function unix_remove_name(sk: Sock): void {
  let addr = unix_sk(sk).addr;
  if (!addr || addr.sk !== sk) return;
  addr.sk = null;
  // A path goes on to exist, and is one more that uses the name.
  if (load<u8>(name_of(addr))) addr.refcnt++;
  else addr.node.del_init();
}

/** The last reference to a sock is gone, and with it its use of a name. */
export function unix_forget_name(sk: Sock): void {
  let addr = unix_sk(sk).addr;
  unix_sk(sk).addr = null;
  if (addr) unix_put_addr(addr);
}

/** Gives a sock without a name one of its own: five digits. @returns 0 or -ENOMEM. @kernel unix_autobind() */
export function unix_autobind(sk: Sock): i32 {
  if (unix_sk(sk).addr) return 0;
  // The address of the call at work lies in front, and is still to be read.
  let at = net().address + 160;
  memory.fill(at, 0, 8);
  do {
    let number = ++net().unix_autobind;
    for (let i: u32 = 0; i < 5; i++) {
      let digit = <u8>((number >> (16 - 4 * i)) & 15);
      store<u8>(at + 3 + i, digit < 10 ? 48 + digit : 87 + digit);
    }
  } while (unix_find(at, 8, sk.sk_type));
  return unix_take_name(sk, at, 8);
}

/** Gives a socket a name. @returns 0 or -errno. @kernel unix_bind(), net/unix/af_unix.c */
export function unix_bind(sock: Socket, at: usize, len: u32): i32 {
  let sk = sock.sk!;
  enter(Tp.unix_bind, changetype<usize>(sk), len, 0);
  if (len == FAMILY_SIZE && load<u16>(at) == Af.UNIX) return leave(unix_autobind(sk));
  let err = unix_validate_addr(at, len);
  if (err) return leave(err);
  // Of a path the file is made first; of an abstract name, the socket is looked at first.
  let path = unix_is_path(at);
  if (!path && unix_sk(sk).addr) return leave(-Errno.EINVAL);
  if (unix_find(at, len, sk.sk_type)) return leave(-Errno.EADDRINUSE);
  if (unix_sk(sk).addr) return leave(-Errno.EINVAL);
  return leave(unix_take_name(sk, at, len));
}

/** Writes the name of a sock as a struct sockaddr_un. @returns its length. Unit: bytes. */
export function unix_write_name(sk: Sock, at: usize): i32 {
  store<u16>(at, <u16>Af.UNIX);
  let addr = unix_sk(sk).addr;
  if (!addr) return FAMILY_SIZE;
  memory.copy(at + FAMILY_SIZE, name_of(addr), addr.len);
  return <i32>(FAMILY_SIZE + addr.len);
}

/** Notes the name of a packet's sender for the call that receives it. @kernel unix_copy_addr(), net/unix/af_unix.c */
export function unix_tell_name(skb: SkBuff): void {
  let msg = net().msg;
  let sender = skb.sk;
  if (msg.msg_name && sender && unix_sk(sender).addr) msg.msg_namelen = unix_write_name(sender, net().address);
}

/**
 * The socket that is bound to a name, of the type of the one that asks.
 *
 * @returns  it, as a number; -ENOENT, -ECONNREFUSED or -EPROTOTYPE. @kernel unix_find_other(), net/unix/af_unix.c
 */
export function unix_find_other(sk: Sock, at: usize, len: u32): i64 {
  let name = unix_find(at, len, sk.sk_type);
  if (!name) return unix_is_path(at) ? -Errno.ENOENT : -Errno.ECONNREFUSED;
  let other = name.sk;
  if (!other) return -Errno.ECONNREFUSED;
  if (other.sk_type != sk.sk_type) return -Errno.EPROTOTYPE;
  return changetype<usize>(other);
}
