import type { Fragment } from "../fragments.ts";
import type { KernelObjectOf, WaitQueueView } from "./base.ts";

/** A socket as system calls see it. */
export interface SocketObject extends KernelObjectOf<"Socket"> {
  /** Name of its SocketState: `UNCONNECTED`, `CONNECTED`. */
  readonly state: string;
  readonly file: number;
  readonly sk: number;
  readonly waitQueues: readonly WaitQueueView[];
}

/** The core of a socket. */
export interface SockObject extends KernelObjectOf<"Sock"> {
  /** Name of its TcpState: `LISTEN`, `ESTABLISHED`. */
  readonly state: string;
  /** Name of its Af: `INET`, `UNIX`. */
  readonly family: string;
  /** Name of its SockType: `STREAM`, `DGRAM`. */
  readonly type: string;
  /** Port on this side; 0: none. */
  readonly localPort: number;
  /** Port on the other side; 0: none. */
  readonly remotePort: number;
  /** Address of its Socket; 0: not accepted yet, or closed. */
  readonly socket: number;
  /** The pending error: `ECONNRESET`; null: none. */
  readonly error: string | null;
  /** What was shut down: `RCV|SEND`; `0`: nothing. */
  readonly shutdown: string;
  /** Name of the function that is called when data has arrived. */
  readonly sk_data_ready: string;
  /** Addresses of the SkBuffs that have arrived and were not read yet, the oldest first. */
  readonly receiveQueue: readonly number[];
  /** Addresses of the SkBuffs that were written and are not acknowledged yet, the oldest first. */
  readonly writeQueue: readonly number[];
  /** Bytes that can be read. */
  readonly readable: number;
  /** Addresses of the connections that wait for accept(), as socks, the oldest first. */
  readonly acceptQueue: readonly number[];
  /** Greatest length of that queue. */
  readonly backlog: number;
  /** Memory charged for what was received. Unit: bytes. */
  readonly sk_rmem_alloc: number;
  /** Memory charged for what is being sent. Unit: bytes. */
  readonly sk_wmem_alloc: number;
  readonly sk_rcvbuf: number;
  readonly sk_sndbuf: number;
  /** Address of the socket at the other end of a UNIX connection; 0: none. */
  readonly peer: number;
}

/** A packet, or a piece of a stream. */
export interface SkBuffObject extends KernelObjectOf<"SkBuff"> {
  /** Length of its data. Unit: bytes. */
  readonly len: number;
  /** Memory that it is charged for. Unit: bytes. */
  readonly truesize: number;
  /** `SYN|ACK`; `0`: none. */
  readonly flags: string;
  readonly seq: number;
  /** Address of the sock that it is charged to; 0: none. */
  readonly sk: number;
  /** Addresses of the Files that travel with it: SCM_RIGHTS. */
  readonly files: readonly number[];
  /** Its pieces in frames of their own: pages of files, of programs, or its own. */
  readonly fragments: readonly Fragment[];
  /** Address of the UbufInfoMsgzc whose pages are among them; 0: none. */
  readonly zerocopy: number;
  /** The first bytes of its data as text; what cannot be printed is a dot. */
  readonly preview: string;
}

/** A call with MSG_ZEROCOPY, or several in a row: under way, or told of in the error queue. */
export interface UbufInfoObject extends KernelObjectOf<"UbufInfoMsgzc"> {
  /** Address of the sock that sends. */
  readonly sk: number;
  /** Number of the first call. */
  readonly first: number;
  /** Number of the last call. */
  readonly last: number;
  /** How many hold it: packets with the program's pages, and the call at work. */
  readonly refcnt: number;
  /** Whether the pages were copied after all. */
  readonly copied: boolean;
  /** Whether it waits in the error queue. */
  readonly queued: boolean;
}

/** A request for a connection. */
export interface RequestObject extends KernelObjectOf<"RequestSock"> {
  readonly listener: number;
  /** Address of the finished connection; 0: the handshake is not over. */
  readonly sk: number;
}

export type { Fragment };
