import type { Message } from "./message.ts";

/** UNIX sockets: both ends in one machine, without packets. */
export const unix = {
  unix_create1: {
    en: ["Makes the core of a UNIX socket.", "A sock is made for a UNIX socket."],
    "zh-CN": ["创建 UNIX 套接字的核心。", "为 UNIX 套接字创建 sock。"],
  },
  unix_socketpair: {
    en: ["Joins two sockets with each other.", "{a} and {b} become each other's peer."],
    "zh-CN": ["把两个套接字互相连接。", "{a}和{b}互为对端。"],
  },
  unix_bind: {
    en: ["Gives a UNIX socket a name.", "{sk} gets a name, by which others can connect to it."],
    "zh-CN": ["给 UNIX 套接字绑定名字。", "{sk}绑定名字，其他套接字可以据此连接它。"],
  },
  unix_listen: {
    en: ["Lets a UNIX socket take connections.", "{sk} is to take connections, {backlog} of them waiting at most."],
    "zh-CN": ["让 UNIX 套接字开始接受连接。", "{sk}开始接受连接，最多允许 {backlog} 个排队等待。"],
  },
  unix_stream_connect: {
    en: [
      "Connects a UNIX socket to a listening one.",
      "{sk} connects to {listener}: the connection waits there to be accepted.",
    ],
    "zh-CN": ["把 UNIX 套接字连接到监听的套接字。", "{sk}连接到{listener}：连接在那里等待被接受。"],
  },
  unix_accept: {
    en: ["Takes the oldest connection that waits.", "The oldest connection that waits at {listener} is taken."],
    "zh-CN": ["取出最早的等待连接。", "取出在{listener}上等待的最早的连接。"],
  },
  unix_stream_sendmsg: {
    en: [
      "Copies the program's data straight into the peer's receive queue.",
      "{current} sends {bytes} through {sk}, straight into the receive queue of its peer.",
    ],
    "zh-CN": ["把程序的数据直接放入对端的接收队列。", "{current}通过{sk}发送 {bytes}：直接进入对端的接收队列。"],
  },
  unix_stream_read_generic: {
    en: [
      "Copies received data to the program; waits if there is none.",
      "{current} reads at most {bytes} from the receive queue of {sk}; if it is empty, it waits or gets EAGAIN.",
    ],
    "zh-CN": [
      "把收到的数据复制给程序；没有则等待。",
      "{current}从{sk}的接收队列读取最多 {bytes}；队列为空则等待或返回 EAGAIN。",
    ],
  },
  unix_dgram_sendmsg: {
    en: ["Puts one message into the peer's receive queue.", "{current} sends a message of {bytes} through {sk}."],
    "zh-CN": ["把一条消息放入对端的接收队列。", "{current}通过{sk}发送一条 {bytes}的消息。"],
  },
  unix_dgram_recvmsg: {
    en: [
      "Takes one message out of the receive queue.",
      "{current} takes one message from {sk}, {bytes} of it at most.",
    ],
    "zh-CN": ["从接收队列取出一条消息。", "{current}从{sk}取出一条消息，最多 {bytes}。"],
  },
  unix_write_space: {
    en: [
      "The peer has read: who waits for room to send is told.",
      "The peer of {sk} has read: who waits for room is told EPOLLOUT.",
    ],
    "zh-CN": ["对端已读取：通知等待写空间的一方。", "{sk}的对端已读取数据：向等待写空间的一方通知 EPOLLOUT。"],
  },
  unix_poll: {
    en: ["Says what is true of a UNIX socket now.", "{sk} is asked what is true now."],
    "zh-CN": ["回答 UNIX 套接字当前有哪些事件成立。", "询问{sk}当前有哪些事件成立。"],
  },
  unix_dgram_connect: {
    en: [
      "Says where the messages of a UNIX socket go.",
      "{sk} is told where its messages go; from now on it takes only that socket's.",
    ],
    "zh-CN": ["设定 UNIX 数据报套接字的发送目标。", "为{sk}设定消息的发送目标；从此它也只接收来自该套接字的消息。"],
  },
  scm_detach_fds: {
    en: [
      "Gives the receiver of a message descriptors for the files that came along.",
      ({ args }) =>
        args["files"] === 1
          ? "A file came along with the message: {current} gets a descriptor for it, if there is room ({room})."
          : "{files} files came along with the message: {current} gets a descriptor for each that there is room for ({room}).",
    ],
    "zh-CN": [
      "为随消息传来的文件给接收方分配描述符。",
      "消息带来 {files} 个文件：{current}在空间（{room}）允许的范围内为每个文件得到一个描述符。",
    ],
  },
  unix_shutdown: {
    en: [
      "Ends one direction of a UNIX connection, or both; the peer sees it at once.",
      "{current} shuts {sk} down: {how}; the peer sees it at once.",
    ],
    "zh-CN": [
      "结束 UNIX 连接的一个方向或两个方向，对端立即可见。",
      "{current}对{sk}执行 shutdown：{how}；对端立即可见。",
    ],
  },
  unix_release_sock: {
    en: [
      "Takes a UNIX socket apart; its peer hears of it.",
      "{sk} is taken apart, and its peer hears that the connection is over.",
    ],
    "zh-CN": ["拆除 UNIX 套接字，并通知对端。", "{sk}被拆除，对端得知连接已结束。"],
  },
  unix_gc: {
    en: [
      "Gives up UNIX sockets that were sent along with messages which nobody can receive any more.",
      "Sockets are on their way with {inflight} messages: those that nobody can receive any more are given up.",
    ],
    "zh-CN": [
      "放弃随消息传递、却再也没有人能接收的 UNIX 套接字。",
      "有 {inflight} 条消息携带着套接字：其中再也没有人能接收的将被放弃。",
    ],
  },
} as const satisfies Record<string, Message>;
