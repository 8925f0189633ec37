import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Af, SOCKADDR_STORAGE_SIZE, SOMAXCONN, SockType } from "../include/socket";
import { Socket } from "../include/net";
import { Tp, enter, leave } from "../include/trace";
import { fd_install, fdget, fdput, fput, get_unused_fd_flags, put_unused_fd } from "../fs/file";
import { copy_from_user, copy_to_user, put_user_u32 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { net } from "./net";
import { unix_stop_waiting } from "./unix_listen";
import { sock_alloc_file, sock_create, sock_from_file, sock_release, wait_flags } from "./socket";

/*
 * The system calls about sockets as such. Addresses of programs are copied to NetState.address and from there.
 */

/**
 * Copies a program's address into the kernel.
 *
 * @returns  0, -EINVAL for a bad length, -EFAULT. @kernel move_addr_to_kernel(), net/socket.c
 */
export function move_addr_to_kernel(from: u64, len: i32): i32 {
  if (len < 0 || len > <i32>SOCKADDR_STORAGE_SIZE) return -Errno.EINVAL;
  if (len && copy_from_user(net().address, from, len)) return -Errno.EFAULT;
  return 0;
}

/**
 * Copies an address to a program: as much as there is room for, and its real length.
 *
 * @param len        its length. Unit: bytes.
 * @param to_length  where the program keeps the length, an int.
 * @returns          0, -EFAULT or -EINVAL. @kernel move_addr_to_user(), net/socket.c
 */
export function move_addr_to_user(len: i32, to: u64, to_length: u64): i32 {
  let scratch = net().address + SOCKADDR_STORAGE_SIZE;
  if (copy_from_user(scratch, to_length, 4)) return -Errno.EFAULT;
  let room = load<i32>(scratch);
  if (room < 0) return -Errno.EINVAL;
  room = min(room, len);
  if (room && copy_to_user(to, net().address, room)) return -Errno.EFAULT;
  return put_user_u32(len, to_length);
}

/** What the lookup of a socket answers for a descriptor that is none. */
function no_socket(file: File | null): i64 {
  return file ? fdput(file, -Errno.ENOTSOCK) : -Errno.EBADF;
}

/** Makes a file and descriptor for a socket, which passes over to it. @kernel sock_map_fd(), net/socket.c */
function sock_map_fd(sock: Socket, flags: u32): i64 {
  let fd = get_unused_fd_flags(flags);
  if (fd < 0) {
    sock_release(sock);
    return fd;
  }
  let file = sock_alloc_file(sock, flags);
  if (!file) {
    put_unused_fd(fd);
    return -Errno.ENOMEM;
  }
  fd_install(fd, file);
  return fd;
}

/** socket(2). */
export function sys_socket(): i64 {
  let task = current();
  let type = <u32>task.si;
  let flags = type & ~SockType.MASK;
  if (flags & ~(SockType.CLOEXEC | SockType.NONBLOCK)) return -Errno.EINVAL;
  enter(Tp.__sys_socket, <usize>task.di, type, <usize>task.dx);
  let sock = sock_create(<i32>task.di, type & SockType.MASK, <i32>task.dx);
  return leave(sock < 0 ? sock : sock_map_fd(changetype<Socket>(<usize>sock), flags));
}

/** Makes the files of a pair and installs them. @returns 0 or -errno. */
function install_pair(one: Socket, other: Socket, flags: u32, fd1: i32, fd2: i32): i64 {
  let file1 = sock_alloc_file(one, flags);
  if (!file1) {
    sock_release(other);
    return -Errno.ENOMEM;
  }
  let file2 = sock_alloc_file(other, flags);
  if (!file2) {
    fput(file1);
    return -Errno.ENOMEM;
  }
  fd_install(fd1, file1);
  fd_install(fd2, file2);
  return 0;
}

/** Makes two connected sockets for two reserved descriptors. */
function make_pair(family: i32, type: u32, protocol: i32, fd1: i32, fd2: i32): i64 {
  let sock1 = sock_create(family, type & SockType.MASK, protocol);
  if (sock1 < 0) return sock1;
  let sock2 = sock_create(family, type & SockType.MASK, protocol);
  let one = changetype<Socket>(<usize>sock1);
  if (sock2 < 0) {
    sock_release(one);
    return sock2;
  }
  let other = changetype<Socket>(<usize>sock2);
  let err = one.ops.socketpair ? call_indirect<i32>(one.ops.socketpair, one, other) : -Errno.EOPNOTSUPP;
  if (err < 0) {
    sock_release(one);
    sock_release(other);
    return err;
  }
  return install_pair(one, other, type & ~SockType.MASK, fd1, fd2);
}

/** Makes a pair and two descriptors for it. @kernel __sys_socketpair(), net/socket.c */
function socketpair(family: i32, type: u32, protocol: i32, to: u64): i64 {
  let flags = type & ~SockType.MASK;
  if (flags & ~(SockType.CLOEXEC | SockType.NONBLOCK)) return -Errno.EINVAL;
  let fd1 = get_unused_fd_flags(flags);
  if (fd1 < 0) return fd1;
  let fd2 = get_unused_fd_flags(flags);
  if (fd2 < 0) {
    put_unused_fd(fd1);
    return fd2;
  }
  let fault = put_user_u32(fd1, to) || put_user_u32(fd2, to + 4);
  let err = fault ? -Errno.EFAULT : make_pair(family, type, protocol, fd1, fd2);
  if (err < 0) {
    put_unused_fd(fd1);
    put_unused_fd(fd2);
  }
  return err;
}

/** socketpair(2). */
export function sys_socketpair(): i64 {
  let task = current();
  enter(Tp.__sys_socketpair, <usize>task.di, <usize>task.si, <usize>task.dx);
  return leave(socketpair(<i32>task.di, <u32>task.si, <i32>task.dx, task.r10));
}

/** bind(2). */
export function sys_bind(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return no_socket(file);
  let err = move_addr_to_kernel(task.si, <i32>task.dx);
  if (!err) err = call_indirect<i32>(sock.ops.bind, sock, net().address, <u32>task.dx);
  return fdput(file!, err);
}

/** listen(2). */
export function sys_listen(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return no_socket(file);
  let backlog = min(<u32>task.si, SOMAXCONN);
  let err = sock.ops.listen ? call_indirect<i32>(sock.ops.listen, sock, backlog) : -Errno.EOPNOTSUPP;
  return fdput(file!, err);
}

/**
 * connect(2).
 *
 * Differs from Linux: the address is copied again after every sleep, and may be gone by then.
 */
export function sys_connect(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let err = move_addr_to_kernel(task.si, <i32>task.dx);
  let sock = sock_from_file(file);
  if (err) {
    if (sock && task.restarting && sock.sk!.skc_family == Af.UNIX) unix_stop_waiting(0);
    return fdput(file, err);
  }
  if (!sock) return fdput(file, -Errno.ENOTSOCK);
  return fdput(file, call_indirect<i64>(sock.ops.connect, sock, net().address, <u32>task.dx, wait_flags(file)));
}

/** shutdown(2). */
export function sys_shutdown(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return no_socket(file);
  return fdput(file!, call_indirect<i32>(sock.ops.shutdown, sock, <u32>task.si));
}

/** The part that getsockname() and getpeername() have in common. */
function tell_name(peer: u32): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return no_socket(file);
  let len = call_indirect<i32>(sock.ops.getname, sock, net().address, peer);
  return fdput(file!, len < 0 ? len : move_addr_to_user(len, task.si, task.dx));
}

/** getsockname(2). */
export function sys_getsockname(): i64 {
  return tell_name(0);
}

/** getpeername(2). */
export function sys_getpeername(): i64 {
  return tell_name(1);
}
