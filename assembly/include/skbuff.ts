import { ListHead } from "./list";
import { NetDevice, ScmFpList } from "./net";
import { Sock } from "./sock";
import { Page } from "./mm_types";

/**
 * A piece of a packet that lies in a frame of its own.
 *
 * @kernel skb_frag_t, include/linux/skbuff.h
 */
@unmanaged
export class SkbFrag {
  /** The frame, of which the packet holds one reference. */
  page: Page;
  /** Where in the frame the piece begins. Unit: bytes. */
  offset: u32;
  /** Length of the piece. Unit: bytes. */
  size: u32;
}

/**
 * A call with MSG_ZEROCOPY, or several in a row: while packets hold their pages, and then, in the error queue of the socket,
 * the notification that they do not any more.
 *
 * @kernel struct ubuf_info_msgzc, include/linux/skbuff.h, with struct sock_exterr_skb
 */
@unmanaged
export class UbufInfoMsgzc {
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;
  /** The socket that sends. */
  sk: Sock;
  /** Number of those who hold it: the call at work, and packets with its pages. */
  refcnt: u32;
  /** Number of the first call. */
  id: u32;
  /** Number of calls. */
  len: u32;
  /** Length of what they send. Unit: bytes. */
  bytelen: u64;
  /** 0 if the pages were copied after all. */
  zerocopy: u8;
  /** 1 once it waits in the error queue for the program. */
  queued: u8;

  /** Links it into the error queue. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<UbufInfoMsgzc>("link_next"));
  }
  /** container_of(link, struct ubuf_info_msgzc, link). */
  @inline static of_link(link: ListHead): UbufInfoMsgzc {
    return changetype<UbufInfoMsgzc>(changetype<usize>(link) - offsetof<UbufInfoMsgzc>("link_next"));
  }
}

/**
 * What all sk_buffs that share one buffer have in common. It lies at the buffer's end, with its array of SkbFrag behind.
 *
 * @kernel struct skb_shared_info, include/linux/skbuff.h
 */
@unmanaged
export class SkbSharedInfo {
  /** Number of sk_buffs that share the buffer. */
  dataref: u16;
  /** Number of pieces in frames of their own. */
  nr_frags: u8;
  /** Room for so many pieces. */
  max_frags: u8;
  /** The call with MSG_ZEROCOPY whose pages are among the pieces; null if there is none. */
  uarg: UbufInfoMsgzc | null;
}

/**
 * A packet, or a piece of a stream.
 *
 *      head          data                      end
 *       v             v                         v
 *       +-------------+----------------+--------+-----------------+---------------+
 *       | header      | len - data_len | room   | SkbSharedInfo   | SkbFrag ...   |
 *       +-------------+----------------+--------+-----------------+---------------+
 *                                                                    | page
 *                                                                    v  data_len bytes in frames
 *
 * A clone is a second sk_buff over the same buffer. The buffer comes from kmalloc(), or is a frame that a device filled.
 *
 * @kernel struct sk_buff, include/linux/skbuff.h
 */
@unmanaged
export class SkBuff {
  // struct list_head list
  list_next: ListHead;
  list_prev: ListHead;
  /** The socket that its memory is charged to; null if to none. */
  sk: Sock | null;
  /** The device that it came from or goes to. */
  dev: NetDevice | null;
  /** Beginning of the buffer. */
  head: usize;
  /** Beginning of the data. */
  data: usize;
  /** End of the buffer: its SkbSharedInfo. */
  end: usize;
  /** The packet's header, a struct Tcphdr; 0 if it has none. */
  transport_header: usize;
  /** Length of the data. Unit: bytes. */
  len: u32;
  /** The part of it that lies in frames of their own. Unit: bytes. */
  data_len: u32;
  /** Memory that it is charged for. Unit: bytes. */
  truesize: u32;
  /** Called before it is freed: (SkBuff) => void, an index into the function table; 0: nothing. */
  destructor: u32;
  /** Sequence number of its first byte; of a UNIX socket's: how many of its bytes were read. */
  seq: u32;
  /** Sequence number behind its last byte, FIN and SYN counted; of a UNIX socket's: the process that has sent it. */
  end_seq: u32;
  /** TcpFlags bits. */
  tcp_flags: u8;
  /** 1 if the buffer is a frame, not from kmalloc(). */
  head_frag: u8;
  /** Number of times that it was sent. */
  sent: u8;
  /** Ipproto; 0: TCP. */
  protocol: u8;
  /** The files that go along with the data of a UNIX socket; null: none. */
  scm: ScmFpList | null;

  /** Links it into a queue. */
  @embed @inline get list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SkBuff>("list_next"));
  }
  /** container_of(link, struct sk_buff, list). */
  @inline static of_list(link: ListHead): SkBuff {
    return changetype<SkBuff>(changetype<usize>(link) - offsetof<SkBuff>("list_next"));
  }
}

/** A queue of sk_buffs. @kernel struct sk_buff_head, include/linux/skbuff.h */
@unmanaged
export class SkBuffHead {
  // struct list_head list
  list_next: ListHead;
  list_prev: ListHead;
  /** Number of sk_buffs. */
  qlen: u32;

  /** The sk_buffs: SkBuff.list of each, the oldest first. */
  @embed @inline get list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SkBuffHead>("list_next"));
  }
}
