/** Address families: the first argument of socket(). @kernel AF_*, include/linux/socket.h */
export enum Af {
  /** None: connect() with it takes a connection back. */
  UNSPEC = 0,
  /** Sockets of one machine. */
  UNIX = 1,
  /** Internet protocol, version 4. */
  INET = 2,
  /** Internet protocol, version 6. */
  INET6 = 10,
  /** Number of families. */
  MAX = 46,
}

/** Kinds of sockets, and flags that may be added to them: the second argument of socket(). @kernel include/linux/net.h */
export enum SockType {
  /** A stream of bytes over a connection. */
  STREAM = 1,
  /** Messages without a connection. */
  DGRAM = 2,
  /** Packets as the network layer sees them. */
  RAW = 3,
  /** Messages that arrive, in any order. */
  RDM = 4,
  /** Messages over a connection. */
  SEQPACKET = 5,
  /** Packets of a device (obsolete). */
  PACKET = 10,
  /** Number of kinds. */
  MAX = 11,
  /** The bits that hold the kind. */
  MASK = 0xf,
  /** Flag: calls on the new descriptor do not wait. */
  NONBLOCK = 0x800,
  /** Flag: execve() closes the new descriptor. */
  CLOEXEC = 0x80000,
}

/** Flags of send() and recv(). @kernel MSG_*, include/linux/socket.h */
export enum Msg {
  /** Urgent data. */
  OOB = 0x1,
  /** Leave the data where it is. */
  PEEK = 0x2,
  /** Told by recvmsg(): not all of the control data fitted. */
  CTRUNC = 0x8,
  /** Answer with the real length of a message, or drop bytes instead of copying them. */
  TRUNC = 0x20,
  /** Do not wait. */
  DONTWAIT = 0x40,
  /** A record ends here. */
  EOR = 0x80,
  /** Wait until the buffer is full. */
  WAITALL = 0x100,
  /** Read the queue of errors. */
  ERRQUEUE = 0x2000,
  /** No signal when the connection is gone. */
  NOSIGNAL = 0x4000,
  /** More data will follow. */
  MORE = 0x8000,
  /** Only the first message may be waited for (recvmmsg). */
  WAITFORONE = 0x10000,
  /** Send the program's pages themselves, and tell on the error queue when it may use them again. */
  ZEROCOPY = 0x4000000,
  /** Take references to the pages instead of copying them; the kernel's own, programs cannot say it. */
  SPLICE_PAGES = 0x8000000,
  /** Descriptors that come with a message are closed by execve(). */
  CMSG_CLOEXEC = 0x40000000,
}

/** Kinds of control data of a message, level SOL_SOCKET. @kernel SCM_*, include/linux/socket.h */
export enum Scm {
  /** Descriptors. */
  RIGHTS = 1,
  /** Who has sent it: a struct ucred. */
  CREDENTIALS = 2,
}

/** What shutdown() ends. @kernel enum sock_shutdown_cmd, include/linux/net.h */
export enum Shut {
  /** Receiving. */
  RD = 0,
  /** Sending. */
  WR = 1,
  /** Both. */
  RDWR = 2,
}

/** Levels of socket options. @kernel SOL_*, include/linux/socket.h */
export enum Sol {
  /** Options of every socket: So. */
  SOCKET = 1,
  /** Options of TCP: TcpOption. */
  TCP = 6,
  /** Options of IP, version 4: IpOption. */
  IP = 0,
  /** Options of IP, version 6: Ipv6Option. */
  IPV6 = 41,
}

/** Protocols: the third argument of socket(). @kernel IPPROTO_*, include/uapi/linux/in.h */
export enum Ipproto {
  /** The usual one of the kind of socket. */
  IP = 0,
  TCP = 6,
  UDP = 17,
  /** Number of protocols. */
  MAX = 263,
}

/** Options of every socket, level SOL_SOCKET. @kernel SO_*, include/uapi/asm-generic/socket.h */
export enum So {
  DEBUG = 1,
  /** A local address may be used again while connections of it linger. */
  REUSEADDR = 2,
  /** The kind of socket (to be read only). */
  TYPE = 3,
  /** The pending error, which reading clears. */
  ERROR = 4,
  DONTROUTE = 5,
  BROADCAST = 6,
  /** Size of the send buffer; what is set is doubled. Unit: bytes. */
  SNDBUF = 7,
  /** Size of the receive buffer; what is set is doubled. Unit: bytes. */
  RCVBUF = 8,
  /** The connection is probed while nothing is sent. */
  KEEPALIVE = 9,
  OOBINLINE = 10,
  NO_CHECK = 11,
  PRIORITY = 12,
  /** What close() does with data that has not been sent. */
  LINGER = 13,
  /** Several sockets may listen on one address. */
  REUSEPORT = 15,
  PASSCRED = 16,
  PEERCRED = 17,
  /** The least that makes a socket readable. Unit: bytes. */
  RCVLOWAT = 18,
  SNDLOWAT = 19,
  /** How long receiving waits at most: a struct timeval. */
  RCVTIMEO = 20,
  /** How long sending waits at most: a struct timeval. */
  SNDTIMEO = 21,
  BINDTODEVICE = 25,
  TIMESTAMP = 29,
  /** 1 if the socket listens (to be read only). */
  ACCEPTCONN = 30,
  SNDBUFFORCE = 32,
  RCVBUFFORCE = 33,
  MARK = 36,
  /** The protocol (to be read only). */
  PROTOCOL = 38,
  /** The address family (to be read only). */
  DOMAIN = 39,
  BUSY_POLL = 46,
  INCOMING_CPU = 49,
  ZEROCOPY = 60,
}

/** Options of TCP, level IPPROTO_TCP. @kernel TCP_*, include/uapi/linux/tcp.h */
export enum TcpOption {
  /** Small segments are sent at once (no Nagle algorithm). */
  NODELAY = 1,
  /** Largest segment. Unit: bytes. */
  MAXSEG = 2,
  /** Small segments are held back until the option is taken away. */
  CORK = 3,
  KEEPIDLE = 4,
  KEEPINTVL = 5,
  KEEPCNT = 6,
  SYNCNT = 7,
  LINGER2 = 8,
  DEFER_ACCEPT = 9,
  WINDOW_CLAMP = 10,
  QUICKACK = 12,
  USER_TIMEOUT = 18,
  FASTOPEN = 23,
  NOTSENT_LOWAT = 25,
}

/** Options of IP, version 4, level IPPROTO_IP. @kernel IP_*, include/uapi/linux/in.h */
export enum IpOption {
  TOS = 1,
  TTL = 2,
  MTU_DISCOVER = 10,
  RECVERR = 11,
}

/** Options of IP, version 6, level IPPROTO_IPV6. @kernel IPV6_*, include/uapi/linux/in6.h */
export enum Ipv6Option {
  UNICAST_HOPS = 16,
  /** The socket does not take connections of version 4. */
  V6ONLY = 26,
  TCLASS = 67,
  /** The kind of control data that an error queue gives. */
  RECVERR = 25,
}

/** Size of struct sockaddr_in. Unit: bytes. */
export const SOCKADDR_IN_SIZE: u32 = 16;
/** Size of struct sockaddr_in6. Unit: bytes. */
export const SOCKADDR_IN6_SIZE: u32 = 28;
/** Least size of a struct sockaddr_in6 that the kernel takes. Unit: bytes. */
export const SIN6_LEN_RFC2133: u32 = 24;
/** Size of struct sockaddr_un. Unit: bytes. */
export const SOCKADDR_UN_SIZE: u32 = 110;
/** Size of struct sockaddr_storage: room for every address. Unit: bytes. */
export const SOCKADDR_STORAGE_SIZE: u32 = 128;
/** Greatest backlog of listen(): net.core.somaxconn. */
export const SOMAXCONN: u32 = 4096;
