import type { Message } from "./message.ts";

/** Sockets of the internet families, and TCP. */
export const tcp = {
  inet_create: {
    en: [
      "Makes the core of an internet socket.",
      "A sock is made for the new socket: its queues, buffers and TCP's state.",
    ],
    "zh-CN": ["创建互联网套接字的核心。", "为新套接字创建 sock：各队列、缓冲区和 TCP 状态。"],
  },
  inet_bind: {
    en: ["Gives a socket a local address and port.", "{sock} gets a local address and port."],
    "zh-CN": ["给套接字绑定本地地址和端口。", "{sock}绑定本地地址和端口。"],
  },
  inet_listen: {
    en: ["Lets a socket take connections.", "{sock} is to take connections, {backlog} of them waiting at most."],
    "zh-CN": ["让套接字开始接受连接。", "{sock}开始接受连接，最多允许 {backlog} 个排队等待。"],
  },
  inet_csk_listen_start: {
    en: ["Begins to listen: state LISTEN, an empty accept queue.", "{sk} begins to listen with an empty accept queue."],
    "zh-CN": ["开始监听：状态 LISTEN，全连接队列为空。", "{sk}开始监听，全连接队列为空。"],
  },
  inet_csk_listen_stop: {
    en: [
      "Ends listening: connections that nobody has accepted are reset.",
      "{sk} stops listening; connections that wait in its accept queue are reset.",
    ],
    "zh-CN": ["停止监听：尚未被接受的连接被重置。", "{sk}停止监听；全连接队列中等待的连接被重置。"],
  },
  inet_stream_connect: {
    en: ["Connects a socket.", "{current} wants to connect {sock}."],
    "zh-CN": ["让套接字发起连接。", "{current}要让{sock}发起连接。"],
  },
  inet_shutdown: {
    en: ["Ends one direction of a connection, or both.", "{current} shuts {sock} down: {how}."],
    "zh-CN": ["结束连接的一个方向或两个方向。", "{current}对{sock}执行 shutdown：{how}。"],
  },
  inet_release: {
    en: ["Gives up an internet socket: ends its connection.", "{sock} is given up; TCP ends the connection."],
    "zh-CN": ["释放互联网套接字：结束其连接。", "{sock}被释放；由 TCP 结束连接。"],
  },
  inet_csk_destroy_sock: {
    en: [
      "Frees the core of a socket whose connection is at an end.",
      "The connection of {sk} is at an end: its core is freed.",
    ],
    "zh-CN": ["释放连接已结束的套接字核心。", "{sk}的连接已结束：释放其核心。"],
  },
  inet_twsk_hashdance: {
    en: [
      "Replaces a closed connection by a small late end, which answers late packets.",
      "{sk} is replaced by a small struct that answers late packets for a minute (TIME_WAIT).",
    ],
    "zh-CN": [
      "用一个小结构代替已关闭的连接，应答迟到的数据包。",
      "{sk}被一个小结构代替，由它在一分钟内应答迟到的数据包（TIME_WAIT）。",
    ],
  },
  tcp_v4_connect: {
    en: [
      "Begins a connection: chooses a port and sends a SYN.",
      "{sk} begins a connection: a local port is chosen, then a SYN goes out.",
    ],
    "zh-CN": ["发起连接：选择端口并发送 SYN。", "{sk}发起连接：先选定本地端口，再发出 SYN。"],
  },
  tcp_connect: {
    en: ["Sends the SYN of a connection.", "{sk} sends its SYN, the first step of the handshake."],
    "zh-CN": ["发送连接的 SYN。", "{sk}发出 SYN，即三次握手的第一步。"],
  },
  tcp_finish_connect: {
    en: [
      "The client's side of the handshake is over.",
      "The answer has come: {sk} is connected, and who waits for that is told.",
    ],
    "zh-CN": ["客户端一侧的握手完成。", "应答已到：{sk}连接成功，通知等待者。"],
  },
  tcp_conn_request: {
    en: [
      "Serves a SYN for a listening socket: makes a request and answers.",
      "A SYN has come for {sk}: a small request_sock is made and answered; there is no socket for it yet.",
    ],
    "zh-CN": [
      "处理发给监听套接字的 SYN：创建连接请求并应答。",
      "{sk}收到 SYN：创建一个很小的 request_sock 并应答，此时还没有对应的套接字。",
    ],
  },
  tcp_v4_send_synack: {
    en: ["Answers a SYN.", "The SYN is answered with SYN|ACK, the second step of the handshake."],
    "zh-CN": ["应答 SYN。", "以 SYN|ACK 应答 SYN，即三次握手的第二步。"],
  },
  tcp_check_req: {
    en: [
      "Serves a packet for a request: the last step of the handshake makes it a connection.",
      "A packet has come for a request of {listener}: if it is the last step of the handshake, a connection is made.",
    ],
    "zh-CN": [
      "处理发给连接请求的数据包：握手最后一步使其成为连接。",
      "{listener}的一个连接请求收到数据包：如果是三次握手的最后一步，就创建连接。",
    ],
  },
  tcp_child_process: {
    en: [
      "Hands a packet to a new connection and tells the listening socket.",
      "The new connection takes its first packet, and {listener} is told that it can be accepted.",
    ],
    "zh-CN": ["把数据包交给新连接，并通知监听套接字。", "新连接处理它的第一个数据包，并通知{listener}可以 accept 了。"],
  },
  tcp_v4_rcv: {
    en: [
      "Takes a received packet and finds the socket that it is for.",
      "TCP takes {skb}, from port {source} to port {dest}, and looks for the socket that it is for.",
    ],
    "zh-CN": [
      "接收数据包，查找它所属的套接字。",
      "TCP 收到 {skb}，从端口 {source} 到端口 {dest}，查找它所属的套接字。",
    ],
  },
  tcp_rcv_established: {
    en: [
      "Serves a packet of an established connection.",
      "{sk} takes {skb}: the fast way of an established connection.",
    ],
    "zh-CN": ["处理已建立连接的数据包。", "{sk}处理 {skb}：已建立连接的快速路径。"],
  },
  tcp_rcv_state_process: {
    en: ["Serves a packet by the state of the connection.", "{sk}, in state {state}, takes {skb}."],
    "zh-CN": ["按连接状态处理数据包。", "处于 {state} 状态的{sk}处理 {skb}。"],
  },
  tcp_queue_rcv: {
    en: [
      "Appends a received packet to the receive queue.",
      "{bytes} of data join the receive queue of {sk}: there they wait for a program to read them.",
    ],
    "zh-CN": ["把收到的数据包追加到接收队列。", "{bytes}数据进入{sk}的接收队列，等待程序读取。"],
  },
  tcp_ack: {
    en: [
      "Serves an acknowledgement: frees what has arrived.",
      "The acknowledgement is looked at: what the other side has received leaves the send queue of {sk}.",
    ],
    "zh-CN": ["处理确认：释放已送达的数据。", "处理确认号：对端已收到的数据离开{sk}的发送队列。"],
  },
  tcp_send_ack: {
    en: ["Acknowledges what was received.", "{sk} acknowledges what it has received."],
    "zh-CN": ["确认已收到的数据。", "{sk}确认已收到的数据。"],
  },
  tcp_recvmsg: {
    en: [
      "Copies received data to the program; waits if there is none.",
      "{current} reads at most {bytes} from the receive queue of {sk}; if it is empty, it waits or gets EAGAIN.",
    ],
    "zh-CN": [
      "把收到的数据复制给程序；没有则等待。",
      "{current}从{sk}的接收队列读取最多 {bytes}；队列为空则等待或返回 EAGAIN。",
    ],
  },
  tcp_sendmsg: {
    en: [
      "Copies the program's data into the send queue and sends what may be sent.",
      "{current} writes {bytes}: they are copied into the send queue of {sk}, and what the window allows is sent.",
    ],
    "zh-CN": [
      "把程序的数据复制到发送队列，并发送窗口允许的部分。",
      "{current}写入 {bytes}：复制到{sk}的发送队列，窗口允许的部分立即发送。",
    ],
  },
  tcp_write_xmit: {
    en: [
      "Sends from the send queue what the window allows.",
      "{sk} sends what its queue holds, as far as the window allows.",
    ],
    "zh-CN": ["发送队列中窗口允许的部分。", "{sk}在窗口允许的范围内发送队列中的数据。"],
  },
  __tcp_transmit_skb: {
    en: [
      "Gives a segment its header and sends it.",
      "{skb} gets its TCP header and is sent; the original stays in the send queue until acknowledged.",
    ],
    "zh-CN": ["为报文段加上首部并发送。", "{skb} 加上 TCP 首部后发送；原件留在发送队列，直到被确认。"],
  },
  ip_queue_xmit: {
    en: ["Finds the way of a packet to its receiver.", "{skb} is to leave by {dev}, which leads to its receiver."],
    "zh-CN": ["为数据包选择通往接收方的路径。", "为 {skb} 选定通往接收方的设备：{dev}。"],
  },
  udp_sendmsg: {
    en: ["Sends one message of UDP.", "{current} sends a message of {bytes} through {sk}."],
    "zh-CN": ["发送一条 UDP 消息。", "{current}通过{sk}发送一条 {bytes}的消息。"],
  },
  udp_recvmsg: {
    en: [
      "Takes one message of UDP out of the receive queue.",
      "{current} takes one message from {sk}, {bytes} of it at most.",
    ],
    "zh-CN": ["从接收队列取出一条 UDP 消息。", "{current}从{sk}取出一条消息，最多 {bytes}。"],
  },
  udp_rcv: {
    en: [
      "Looks for the socket that a message of UDP is for.",
      "A message from port {source} to port {dest} has arrived: the socket that it is for is looked for.",
    ],
    "zh-CN": ["为到达的 UDP 消息查找套接字。", "从端口 {source} 发往端口 {dest} 的消息已到达：查找接收它的套接字。"],
  },
  udp_poll: {
    en: ["Says what is true of a UDP socket now.", "{sk} is asked what is true now."],
    "zh-CN": ["回答 UDP 套接字当前有哪些事件成立。", "询问{sk}当前有哪些事件成立。"],
  },
  tcp_urg: {
    en: [
      "The urgent byte of a connection has come: it is kept aside, and who waits is told EPOLLPRI.",
      "The urgent byte {seq} of {sk} has come: it is kept aside, and who waits is told EPOLLPRI.",
    ],
    "zh-CN": [
      "连接的紧急字节已到达：单独保存，并以 EPOLLPRI 通知等待者。",
      "{sk}的紧急字节（序号 {seq}）已到达：单独保存，并以 EPOLLPRI 通知等待者。",
    ],
  },
  tcp_fin: {
    en: [
      "The other side has sent its FIN.",
      "The other side of {sk} will send no more (FIN): a read returns 0 once all data is read.",
    ],
    "zh-CN": ["对端发来了 FIN。", "{sk}的对端不再发送（FIN）：数据读完后 read 返回 0。"],
  },
  tcp_send_fin: {
    en: ["Sends a FIN: this side will send no more.", "{sk} sends its FIN: this side will send no more."],
    "zh-CN": ["发送 FIN：本端不再发送。", "{sk}发出 FIN：本端不再发送。"],
  },
  tcp_shutdown: {
    en: ["Ends sending: a FIN follows the data.", "{sk} ends sending; a FIN follows the data that is still queued."],
    "zh-CN": ["结束发送：在数据之后发送 FIN。", "{sk}结束发送；在仍排队的数据之后发送 FIN。"],
  },
  tcp_close: {
    en: [
      "Closes a connection: with FIN, or with RST if data was not read.",
      "{sk} is closed, in state {state}: with a FIN, or with an RST if it still holds unread data.",
    ],
    "zh-CN": [
      "关闭连接：发送 FIN；有未读数据则发送 RST。",
      "{sk}在 {state} 状态下被关闭：发送 FIN；如果还有未读数据则发送 RST。",
    ],
  },
  tcp_done: {
    en: ["The connection is at an end.", "The connection of {sk} is at an end."],
    "zh-CN": ["连接已结束。", "{sk}的连接已结束。"],
  },
  tcp_disconnect: {
    en: ["Forgets a connection.", "{sk} forgets its connection and can be used anew."],
    "zh-CN": ["丢弃连接。", "{sk}丢弃当前连接，可以重新使用。"],
  },
  tcp_reset: {
    en: [
      "The other side has reset the connection.",
      "The other side of {sk} has reset the connection (RST): the next call is told the error.",
    ],
    "zh-CN": ["对端重置了连接。", "{sk}的对端重置了连接（RST）：下一次调用会得到错误。"],
  },
  tcp_send_active_reset: {
    en: ["Resets a connection.", "{sk} resets the connection: an RST goes to the other side."],
    "zh-CN": ["重置连接。", "{sk}重置连接：向对端发送 RST。"],
  },
  tcp_v4_send_reset: {
    en: [
      "Answers a packet that is for nobody with an RST.",
      "{skb} is for no connection of this machine: it is answered with an RST.",
    ],
    "zh-CN": ["对无主的数据包以 RST 应答。", "{skb} 不属于本机的任何连接：以 RST 应答。"],
  },
  tcp_set_state: {
    en: ["The state of a connection changes.", "{sk} goes from state {old} to {new}."],
    "zh-CN": ["连接状态改变。", "{sk}从 {old} 状态变为 {new} 状态。"],
  },
  tcp_poll: {
    en: ["Says what is true of a TCP socket now.", "{sk}, in state {state}, is asked what is true now."],
    "zh-CN": ["回答 TCP 套接字当前有哪些事件成立。", "询问处于 {state} 状态的{sk}当前有哪些事件成立。"],
  },
  tcp_retransmit_skb: {
    en: ["Sends a segment again.", "{sk} sends the oldest segment again that was not acknowledged."],
    "zh-CN": ["重传报文段。", "{sk}重传最早的未确认报文段。"],
  },
  tcp_write_timer: {
    en: [
      "The timer of a connection goes off: something was not answered.",
      "The timer of {sk} goes off: something was not answered in time.",
    ],
    "zh-CN": ["连接的定时器到期：有数据未得到应答。", "{sk}的定时器到期：有数据未按时得到应答。"],
  },
  tcp_timewait_state_process: {
    en: ["Serves a late packet of a closed connection.", "{skb} comes late, for a connection that is closed."],
    "zh-CN": ["处理已关闭连接的迟到数据包。", "{skb} 迟到了，它所属的连接已经关闭。"],
  },
  reqsk_timer_handler: {
    en: [
      "Answers a SYN again whose sender stays silent.",
      "{req} was not finished in time: the answer to its SYN is sent again.",
    ],
    "zh-CN": ["发送方没有回应时，重新应答其 SYN。", "{req}未按时完成：重新应答其 SYN。"],
  },
} as const satisfies Record<string, Message>;
