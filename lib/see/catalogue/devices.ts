import type { Message } from "./message.ts";

/** The network card, the wire, and the way of a packet between them and the protocol. */
export const devices = {
  dma_to_memory: {
    en: [
      "A device writes into memory by itself.",
      "The network card has written {bytes} into memory by DMA: no CPU has touched them.",
    ],
    "zh-CN": ["设备自行写入内存。", "网卡通过 DMA 把 {bytes}写入内存：没有 CPU 参与。"],
  },
  dma_from_memory: {
    en: [
      "A device reads from memory by itself.",
      "The network card has read {bytes} from memory by DMA: no CPU has touched them.",
    ],
    "zh-CN": ["设备自行读取内存。", "网卡通过 DMA 从内存读取 {bytes}：没有 CPU 参与。"],
  },
  nic_interrupt: {
    en: [
      "The network card's hard interrupt: switches the interrupt off and leaves the work to a soft interrupt.",
      "The network card interrupts CPU {cpu}: the driver masks the interrupt and leaves the work to a soft interrupt.",
    ],
    "zh-CN": [
      "网卡的硬中断：关闭中断，把工作留给软中断。",
      "网卡向 CPU {cpu} 发出硬中断：驱动先关闭该中断，把工作留给软中断。",
    ],
  },
  napi_schedule: {
    en: [
      "Asks for the soft interrupt that will poll the network card.",
      "The driver raises the soft interrupt NET_RX, which will poll the card as soon as the hard interrupt is over.",
    ],
    "zh-CN": ["请求将要轮询网卡的软中断。", "驱动触发软中断 NET_RX：硬中断一结束，就由它来轮询网卡。"],
  },
  napi_complete: {
    en: [
      "Ends the polling and switches the card's interrupt on again.",
      "The driver has looked at everything: it posts fresh frames and switches the card's interrupt on again.",
    ],
    "zh-CN": ["结束轮询，重新打开网卡中断。", "驱动已处理完毕：补充空的页框，并重新打开网卡中断。"],
  },
  wire_receive: {
    en: [
      "A packet arrives in the world outside.",
      "A packet with {bytes} of data ({flags}) arrives at {peer} in the world outside.",
    ],
    "zh-CN": ["数据包到达外部世界。", "一个携带 {bytes}数据的数据包（{flags}）到达外部世界的{peer}。"],
  },
  wire_drop: {
    en: [
      "A packet is lost on the wire.",
      "A packet with {bytes} of data is lost on the wire: nobody will acknowledge it, and its sender will send it again.",
    ],
    "zh-CN": ["数据包在线路上丢失。", "一个携带 {bytes}数据的数据包在线路上丢失：没有人会确认它，发送方将重新发送。"],
  },
  dev_hard_start_xmit: {
    en: ["Gives a packet to its device.", "{skb} is given to {dev}, which will send it."],
    "zh-CN": ["把数据包交给设备。", "{skb} 被交给负责发送的{dev}。"],
  },
  loopback_xmit: {
    en: [
      "Sends to the machine itself: the packet waits for the soft interrupt.",
      "The machine sends to itself: {skb} is queued for the soft interrupt NET_RX; no device and no DMA take part.",
    ],
    "zh-CN": [
      "发给本机：数据包等待软中断处理。",
      "本机发给本机：{skb} 进入队列，由软中断 NET_RX 接收。没有设备和 DMA 参与。",
    ],
  },
  eth_start_xmit: {
    en: [
      "Posts the pieces of a packet to the network card.",
      "The driver posts the pieces of {skb} to the network card's ring by address: DMA will fetch them, no CPU copies.",
    ],
    "zh-CN": [
      "把数据包的各片段登记到网卡的环上。",
      "驱动把 {skb} 各片段的地址登记到网卡的发送环：CPU 不复制，由 DMA 取走。",
    ],
  },
  net_rx_action: {
    en: [
      "The soft interrupt NET_RX: looks for packets that have arrived.",
      "The soft interrupt NET_RX looks for packets: from the machine itself, and from the network card.",
    ],
    "zh-CN": ["软中断 NET_RX：查找到达的数据包。", "软中断 NET_RX 查找数据包：本机发给自己的，以及网卡收到的。"],
  },
  napi_poll: {
    en: [
      "Looks at everything that the network card has done.",
      "The driver polls the network card: received frames become sk_buffs without a copy, and what was sent is freed.",
    ],
    "zh-CN": ["查看网卡完成的所有工作。", "驱动轮询网卡：收到的页框不经复制直接成为 sk_buff，已发送的则被释放。"],
  },
  netif_receive_skb: {
    en: ["Hands a received packet to its protocol.", "{skb} has been received and is handed up to TCP."],
    "zh-CN": ["把收到的数据包交给协议。", "收到 {skb}，向上交给 TCP 处理。"],
  },
} as const satisfies Record<string, Message>;
