import type { Message } from "./message.ts";

/** Sockets as system calls see them, and what they have in common. */
export const sockets = {
  __sys_socket: {
    en: ["Makes a socket and a descriptor for it.", "{current} makes a socket: {family}, {type}."],
    "zh-CN": ["创建套接字以及代表它的描述符。", "{current}创建套接字：{family}，{type}。"],
  },
  __sys_socketpair: {
    en: [
      "Makes two sockets that are connected with each other.",
      "{current} makes a pair of sockets: {family}, {type}.",
    ],
    "zh-CN": ["创建两个互相连接的套接字。", "{current}创建一对互相连接的套接字：{family}，{type}。"],
  },
  sock_alloc: {
    en: [
      "Allocates a struct socket, with an empty wait queue.",
      "A struct socket is allocated: what stands between a file and the protocol. Its wait queue is empty.",
    ],
    "zh-CN": ["分配 struct socket，等待队列为空。", "分配一个 struct socket：它连接文件与协议，等待队列为空。"],
  },
  sock_alloc_file: {
    en: [
      "Makes the file of a socket, with the operations of sockets.",
      "{sock} gets a struct file whose f_op is socket_file_ops; socket and file point at each other from now on.",
    ],
    "zh-CN": [
      "为套接字创建文件，操作函数集合为 socket_file_ops。",
      "为{sock}分配 struct file，其 f_op 为 socket_file_ops；从此套接字与文件互相指向。",
    ],
  },
  sock_release: {
    en: ["Gives up a socket, with what is behind it.", "{sock} is given up: its protocol ends the connection."],
    "zh-CN": ["释放套接字及其背后的对象。", "{sock}被释放：由协议结束连接。"],
  },
  sock_init_data: {
    en: [
      "Sets the core of a socket up: queues, and the functions that tell of changes.",
      "A new sock is set up: empty queues, and sk_data_ready = sock_def_readable, to be called when data arrives.",
    ],
    "zh-CN": [
      "初始化套接字的核心：各队列以及状态变化时的通知函数。",
      "初始化新的 sock：队列为空，sk_data_ready 设为 sock_def_readable，数据到达时会调用它。",
    ],
  },
  sock_recvmsg: {
    en: [
      "Receives from a socket of any kind: calls its family's function.",
      "{current} wants to receive at most {bytes} from {sock}; its family's recvmsg does it.",
    ],
    "zh-CN": [
      "从任意类型的套接字接收：调用其协议族的函数。",
      "{current}要从{sock}接收最多 {bytes}；由其协议族的 recvmsg 完成。",
    ],
  },
  sock_sendmsg: {
    en: [
      "Sends to a socket of any kind: calls its family's function.",
      "{current} wants to send {bytes} through {sock}; its family's sendmsg does it.",
    ],
    "zh-CN": [
      "通过任意类型的套接字发送：调用其协议族的函数。",
      "{current}要通过{sock}发送 {bytes}；由其协议族的 sendmsg 完成。",
    ],
  },
  sock_poll: {
    en: [
      "Says what is true of a socket now.",
      "{sock} is asked what is true now: something to read, room to write, the other side gone.",
    ],
    "zh-CN": ["回答套接字当前有哪些事件成立。", "询问{sock}当前状态：有数据可读、有空间可写，还是对端已离开。"],
  },
  sock_def_readable: {
    en: [
      "A socket's sk_data_ready: wakes who waits for data or a connection.",
      "Data or a connection has come for {sk}: sock_def_readable tells the wait queue of its socket.",
    ],
    "zh-CN": [
      "套接字的 sk_data_ready：唤醒等待数据或连接的一方。",
      "{sk}有数据或连接到达：sock_def_readable 通知其套接字的等待队列。",
    ],
  },
  sock_def_wakeup: {
    en: [
      "A socket's sk_state_change: wakes everybody who waits.",
      "The state of {sk} has changed: everybody in the wait queue of its socket is told.",
    ],
    "zh-CN": ["套接字的 sk_state_change：唤醒所有等待者。", "{sk}的状态改变：通知其套接字等待队列上的所有等待者。"],
  },
  sock_def_error_report: {
    en: [
      "A socket's sk_error_report: wakes who waits for an error.",
      "An error has come up on {sk}: the wait queue of its socket is told EPOLLERR.",
    ],
    "zh-CN": ["套接字的 sk_error_report：唤醒等待错误的一方。", "{sk}发生错误：向其套接字的等待队列通知 EPOLLERR。"],
  },
  sock_def_write_space: {
    en: [
      "A socket's sk_write_space: wakes who waits for room to write.",
      "Memory of {sk} has been given back: if enough is free, who waits for room to write is told.",
    ],
    "zh-CN": [
      "套接字的 sk_write_space：唤醒等待写空间的一方。",
      "{sk}的内存得到释放：空间足够时，通知等待写入的一方。",
    ],
  },
  sk_stream_write_space: {
    en: [
      "A stream's sk_write_space: wakes who waits for room to write, once enough is free.",
      "The send buffer of {sk} has got room: if at least a third is free, who waits for room is told EPOLLOUT.",
    ],
    "zh-CN": [
      "流套接字的 sk_write_space：空间足够时唤醒等待写入的一方。",
      "{sk}的发送缓冲区腾出了空间：空闲达到三分之一时，向等待者通知 EPOLLOUT。",
    ],
  },
  skb_queue_tail: {
    en: ["An sk_buff is appended to a queue.", "{skb} is appended to {queue}."],
    "zh-CN": ["sk_buff 追加到队列末尾。", "{skb} 追加到{queue}的末尾。"],
  },
  skb_splice_from_iter: {
    en: [
      "Appends pages to a packet by reference.",
      "{bytes} are appended to {skb} by reference: it holds the pages themselves, and no CPU copies.",
    ],
    "zh-CN": ["以引用方式把页追加到数据包。", "{bytes}以引用方式追加到 {skb}：它持有这些页本身，CPU 不复制。"],
  },
  msg_zerocopy_alloc: {
    en: [
      "A call with MSG_ZEROCOPY gets its number.",
      "{sk} will send the program's own pages: the call is number {id}, and its end will be told on the error queue.",
    ],
    "zh-CN": [
      "带 MSG_ZEROCOPY 的调用得到编号。",
      "{sk}将直接发送程序自己的页：这次调用的编号是 {id}，完成时由错误队列通知。",
    ],
  },
  msg_zerocopy_complete: {
    en: [
      "Nobody uses the pages of calls with MSG_ZEROCOPY any more.",
      "No packet holds the pages of {uarg} any more: {sk} puts that into its error queue, and the program may use them again.",
    ],
    "zh-CN": [
      "不再有人使用 MSG_ZEROCOPY 调用的页。",
      "再没有数据包持有 {uarg} 的页：{sk}把通知放入错误队列，程序可以重新使用这些页。",
    ],
  },
  skb_copy_ubufs: {
    en: [
      "The sender's pages are copied after all, because the receiver is on this machine.",
      "{skb} goes to a receiver of this machine, who may keep it for long: a CPU copies the sender's {bytes} after all.",
    ],
    "zh-CN": [
      "接收方就在本机：发送方的页仍被复制。",
      "{skb} 的接收方在本机，可能长时间保留它：CPU 还是复制了发送方的 {bytes}。",
    ],
  },
  inet_recv_error: {
    en: ["Reads the error queue of a socket.", "{current} reads the oldest notification of {sk}'s error queue."],
    "zh-CN": ["读取套接字的错误队列。", "{current}读取{sk}错误队列中最早的通知。"],
  },
  do_accept: {
    en: [
      "Accepts a connection: socket, file and descriptor are made first, then the connection is taken.",
      "{current} accepts a connection of {file}; {fd} is reserved for it, next come a socket and a file.",
    ],
    "zh-CN": [
      "接受连接：先创建套接字、文件和描述符，再取出连接。",
      "{current}从{file}接受连接；已为它预留 {fd}，接下来创建套接字和文件。",
    ],
  },
  accept_ops_assigned: {
    en: [
      "The new socket gets the operations of the listening one.",
      "The new socket gets the protocol operations (ops) of the listening socket.",
    ],
    "zh-CN": ["新套接字获得监听套接字的操作函数集合。", "把监听套接字的协议操作函数集合 ops 赋给新套接字。"],
  },
  inet_accept: {
    en: [
      "Takes a finished connection out of the accept queue and joins it with the new socket.",
      "inet_accept takes a finished connection out of the accept queue of {sock} and joins it with the new socket.",
    ],
    "zh-CN": [
      "从全连接队列取出已建立的连接，与新套接字关联。",
      "inet_accept 从{sock}的全连接队列取出已建立的连接，与新套接字关联。",
    ],
  },
  inet_csk_accept: {
    en: [
      "Takes the oldest connection out of the accept queue; waits if there is none.",
      "Is a connection waiting at {sk}? If so the oldest is taken; if not, the task waits or gets EAGAIN.",
    ],
    "zh-CN": [
      "取出全连接队列中最早的连接；没有则等待。",
      "{sk}的全连接队列里有连接吗？有就取出最早的；没有则等待或返回 EAGAIN。",
    ],
  },
  reqsk_queue_remove: {
    en: [
      "A connection leaves the accept queue.",
      "The oldest connection leaves the accept queue of {sk}: it was complete before accept was called.",
    ],
    "zh-CN": ["一个连接离开全连接队列。", "最早的连接离开{sk}的全连接队列：早在调用 accept 之前它就已建立完成。"],
  },
  inet_csk_reqsk_queue_add: {
    en: [
      "A connection joins the accept queue.",
      "The handshake is over: the new connection joins the accept queue of {sk}, where accept will find it.",
    ],
    "zh-CN": ["一个连接加入全连接队列。", "三次握手完成：新连接加入{sk}的全连接队列，等待 accept 取走。"],
  },
} as const satisfies Record<string, Message>;
