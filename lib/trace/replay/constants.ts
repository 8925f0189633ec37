import { layout } from "../../layout.gen.ts";

/*
 * What the names that strace prints stand for. The values are the kernel's own enums under Linux's prefixes; only names
 * that the kernel has no use for are written out.
 */

type Values = Readonly<Record<string, number>>;

const { enums } = layout;

function prefixed(prefix: string, ...tables: readonly Values[]): Values {
  const all: Record<string, number> = {};
  for (const table of tables) for (const [name, value] of Object.entries(table)) all[prefix + name] = value;
  return all;
}

/** Flags of open(), pipe2(), dup3(), fcntl(F_SETFL). */
export const OPEN_FLAGS: Values = {
  ...prefixed("O_", enums.OpenFlags.values),
  O_SYNC: 0x10_1000,
  O_TMPFILE: 0x41_0000,
  O_NDELAY: enums.OpenFlags.values.NONBLOCK,
};
export const ADDRESS_FAMILIES: Values = {
  ...prefixed("AF_", enums.Af.values),
  AF_LOCAL: enums.Af.values.UNIX,
  AF_NETLINK: 16,
  AF_PACKET: 17,
};
/** Kinds of sockets and their flags. */
export const SOCKET_TYPES: Values = prefixed("SOCK_", enums.SockType.values);
/** Flags of send() and recv(). */
export const MESSAGE_FLAGS: Values = {
  ...prefixed("MSG_", enums.Msg.values),
  MSG_DONTROUTE: 4,
  MSG_CMSG_CLOEXEC: 0x4000_0000,
};
export const SHUTDOWN_HOW: Values = prefixed("SHUT_", enums.Shut.values);
/** Protocols, also as levels of socket options. */
export const PROTOCOLS: Values = {
  ...prefixed("IPPROTO_", enums.Ipproto.values),
  ...prefixed("SOL_", enums.Sol.values),
};
/** Names of socket options, of all levels. */
export const SOCKET_OPTIONS: Values = {
  ...prefixed("SO_", enums.So.values),
  ...prefixed("TCP_", enums.TcpOption.values),
  ...prefixed("IP_", enums.IpOption.values),
  ...prefixed("IPV6_", enums.Ipv6Option.values),
};
export const FCNTL_COMMANDS: Values = prefixed("F_", enums.FcntlCommand.values);
export const DESCRIPTOR_FLAGS: Values = { FD_CLOEXEC: enums.FdFlags.values.CLOEXEC };
/** Events, and how epoll is to report them. */
export const EPOLL_EVENTS: Values = prefixed("EPOLL", enums.Poll.values, enums.EpollFlags.values);
/** What poll() asks about and answers. */
export const POLL_EVENTS: Values = prefixed("POLL", enums.Poll.values);
/** Clocks, and flags of timers that can be waited for. */
export const CLOCKS: Values = prefixed("CLOCK_", enums.Clock.values);
export const TIMERFD_FLAGS: Values = prefixed("TFD_", enums.TimerfdFlags.values);
export const EPOLL_OPERATIONS: Values = prefixed("EPOLL_CTL_", enums.EpollCtl.values);
export const EPOLL_CREATE_FLAGS: Values = { EPOLL_CLOEXEC: enums.OpenFlags.values.CLOEXEC };
export const EVENTFD_FLAGS: Values = prefixed("EFD_", enums.EventfdFlags.values);
/** Kinds of files, in st_mode. */
export const STAT_MODES: Values = prefixed("S_", enums.StatMode.values);
export const SEEK_WHENCE: Values = prefixed("SEEK_", enums.SeekWhence.values);
export const SPLICE_FLAGS: Values = prefixed("SPLICE_F_", enums.SpliceFlags.values);
export const FADVISE: Values = prefixed("POSIX_FADV_", enums.Fadvise.values);
export const FALLOC_FLAGS: Values = prefixed("FALLOC_FL_", enums.FallocFlags.values);
export const RW_FLAGS: Values = prefixed("RWF_", enums.RwFlags.values);
export const SYNC_FILE_RANGE_FLAGS: Values = prefixed("SYNC_FILE_RANGE_", enums.SyncFileRange.values);
/** Requests of ioctl(): the kernel's, and some that it answers with ENOTTY. */
export const IOCTL_REQUESTS: Values = {
  ...enums.Ioctl.values,
  TCGETS: 0x5401,
  TCSETS: 0x5402,
  TCSETSW: 0x5403,
  TIOCGPGRP: 0x540f,
  TIOCGWINSZ: 0x5413,
  FIOASYNC: 0x5452,
  SIOCINQ: enums.Ioctl.values.FIONREAD,
  SIOCOUTQ: enums.Ioctl.values.TIOCOUTQ,
  FS_IOC_GETFLAGS: 0x8008_6601,
  BTRFS_IOC_CLONE: 0x4004_9409,
  FICLONE: 0x4004_9409,
};

const NAMES = new Map(Object.entries(EPOLL_EVENTS).map(([name, bit]) => [bit >>> 0, name]));

/** A mask of events as strace prints it: `EPOLLIN|EPOLLOUT`; `0` for none. */
export function formatEvents(mask: number): string {
  const names: string[] = [];
  let rest = mask >>> 0;
  for (const [bit, name] of NAMES) {
    if (bit === 0 || (rest & bit) >>> 0 !== bit) continue;
    names.push(name);
    rest = (rest & ~bit) >>> 0;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names.length === 0 ? "0" : names.join("|");
}
