import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { SLEEPING } from "../include/sched";
import { SockType } from "../include/socket";
import { Socket } from "../include/net";
import { Tp, enter, leave, trace } from "../include/trace";
import { current } from "../kernel/sched";
import { fd_install, fdget, fdput, fput, get_unused_fd_flags, put_unused_fd } from "../fs/file";
import { move_addr_to_user } from "./socket_calls";
import { net } from "./net";
import { sock_alloc, sock_alloc_file, sock_from_file, wait_flags } from "./socket";

/*
 * accept() in its steps:
 *
 *   1  a descriptor is reserved
 *   2  sock_alloc()       a new Socket; it gets the type and the ops of the socket that listens
 *   3  sock_alloc_file()  a new File with socket_file_ops, joined with the Socket
 *   4  ops.accept()       the connection's Sock is taken out of the accept queue and joined with the Socket
 *   5  fd_install()       the File appears in the program's table
 *
 * A call that waits in step 4 keeps the descriptor in TaskStruct.reserved and the File in TaskStruct.done.
 */

/** Steps 2 and 3: a socket with a file, as one that listens makes them; null when memory is exhausted. */
function new_socket_file(sock: Socket, flags: u32): File | null {
  let newsock = sock_alloc();
  if (!newsock) return null;
  newsock.type = sock.type;
  newsock.ops = sock.ops;
  trace(Tp.accept_ops_assigned, changetype<usize>(newsock), changetype<usize>(newsock.ops), 0);
  return sock_alloc_file(newsock, flags);
}

/** Tells the program where the connection comes from, if it wants to know. @returns 0 or -errno. */
function tell_peer(newsock: Socket, to: u64, to_length: u64): i64 {
  if (!to) return 0;
  let len = call_indirect<i32>(newsock.ops.getname, newsock, net().address, <u32>2);
  if (len < 0) return -Errno.ECONNABORTED;
  return move_addr_to_user(len, to, to_length);
}

/**
 * Steps 2 to 4.
 *
 * @returns  0, and the file in TaskStruct.done; -errno or SLEEPING. @kernel do_accept(), net/socket.c
 */
function do_accept(file: File, to: u64, to_length: u64, flags: u32): i64 {
  let task = current();
  let sock = sock_from_file(file);
  if (!sock) return -Errno.ENOTSOCK;
  let newfile = changetype<File | null>(<usize>task.done);
  if (!newfile) newfile = new_socket_file(sock, flags);
  if (!newfile) return -Errno.ENOMEM;
  task.done = changetype<usize>(newfile);
  let newsock = changetype<Socket>(newfile.private_data);
  let result: i64 = -Errno.EOPNOTSUPP;
  if (sock.ops.accept) result = call_indirect<i64>(sock.ops.accept, sock, newsock, wait_flags(file));
  if (!result) result = tell_peer(newsock, to, to_length);
  if (result < 0 && result != SLEEPING) {
    task.done = 0;
    fput(newfile);
  }
  return result;
}

/** Accepts a connection. @returns its descriptor, -errno or SLEEPING. @kernel __sys_accept4_file(), net/socket.c */
function accept4(file: File, to: u64, to_length: u64, flags: u32): i64 {
  if (flags & ~(SockType.CLOEXEC | SockType.NONBLOCK)) return -Errno.EINVAL;
  let task = current();
  if (!task.restarting) task.reserved = get_unused_fd_flags(flags);
  let fd = task.reserved;
  if (fd < 0) return fd;
  enter(Tp.do_accept, changetype<usize>(file), fd, 0);
  let result = do_accept(file, to, to_length, flags);
  if (!result) {
    let newfile = changetype<File>(<usize>task.done);
    // The descriptor refers to it from now on, not the call, which may go on to accept another one.
    task.done = 0;
    fd_install(fd, newfile);
    result = fd;
  } else if (result != SLEEPING) {
    put_unused_fd(fd);
  }
  return leave(result);
}

/** accept4(2). */
export function sys_accept4(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  return fdput(file, accept4(file, task.si, task.dx, <u32>task.r10));
}

/** accept(2). */
export function sys_accept(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  return fdput(file, accept4(file, task.si, task.dx, 0));
}
