import type { QuestionWords } from "../../scenario.ts";

/** What an event means, and to which file it belongs. */
export const events: readonly QuestionWords[] = [
  {
    number: 5,
    id: "epollout-spin",
    question: {
      en: "epoll_wait returns at once, all the time, with nothing to do: 100 % CPU. Why?",
      "zh-CN": "epoll_wait 总是立刻返回却没事可做，CPU 100%，为什么？",
    },
    verdict: {
      en: "An idle socket can nearly always be written to, so level-triggered EPOLLOUT never ends. Ask for it after a write has said EAGAIN, and drop it afterwards. A socket that was never connected says OUT and HUP.",
      "zh-CN":
        "空闲的套接字几乎总是可写，所以水平触发（LT）的 EPOLLOUT 会一直返回。只在 write 返回 EAGAIN 之后才关注它，写完就去掉。从未连接的套接字会报告 OUT 和 HUP。",
    },
    guesses: [
      {
        en: "An idle socket makes no events, so it must be a bug of the kernel.",
        "zh-CN": "空闲的套接字没有事件，一定是内核的缺陷。",
      },
      { en: "The timeout is rounded down to 0.", "zh-CN": "超时时间被舍入成了 0。" },
      { en: "A socket that can be written to is ready all the time.", "zh-CN": "可写的套接字一直处于就绪状态。" },
    ],
    right: 2,
    famous: 0,
    keywords: "EPOLLOUT level-triggered busy loop 空转",
  },
  {
    number: 6,
    id: "events-0",
    question: {
      en: "I asked for no events at all, and it still spins with HUP or ERR. Why?",
      "zh-CN": "events 设成 0，为什么还是不停返回 HUP 或 ERR？",
    },
    verdict: {
      en: "HUP and ERR are always asked for; they cannot be masked. Read to the end and close, or take the descriptor out by EPOLL_CTL_DEL.",
      "zh-CN": "HUP 和 ERR 总是被关注，屏蔽不掉。读到末尾后关闭，或者用 EPOLL_CTL_DEL 移除。",
    },
    guesses: [
      {
        en: "events = 0 switches the descriptor off; something else must spin.",
        "zh-CN": "events = 0 就关闭了描述符，空转另有原因。",
      },
      { en: "events = 0 means: all events.", "zh-CN": "events = 0 表示关注所有事件。" },
      { en: "HUP and ERR are told whatever was asked for.", "zh-CN": "无论关注什么，HUP 和 ERR 总会报告。" },
    ],
    right: 2,
    famous: 0,
    keywords: "EPOLLHUP EPOLLERR EPOLL_CTL_DEL mask 屏蔽",
  },
  {
    number: 7,
    id: "rdhup-hup-err",
    question: {
      en: "EPOLLRDHUP, EPOLLHUP, EPOLLERR: which comes when?",
      "zh-CN": "EPOLLRDHUP、EPOLLHUP、EPOLLERR 分别什么时候出现？",
    },
    verdict: {
      en: "RDHUP: the other side sends no more, by shutdown or close. HUP: both directions have ended. ERR: an error waits to be taken, such as a reset.",
      "zh-CN": "RDHUP：对端不再发送（shutdown 或 close）。HUP：两个方向都已结束。ERR：有一个错误待取，例如收到 RST。",
    },
    guesses: [
      { en: "The other side closes: EPOLLHUP.", "zh-CN": "对端关闭：EPOLLHUP。" },
      {
        en: "The other side closes: EPOLLRDHUP; both have ended: EPOLLHUP.",
        "zh-CN": "对端关闭：EPOLLRDHUP；双方都结束：EPOLLHUP。",
      },
      { en: "The other side closes: EPOLLERR.", "zh-CN": "对端关闭：EPOLLERR。" },
    ],
    right: 1,
    famous: 0,
    keywords: "EPOLLRDHUP EPOLLHUP EPOLLERR shutdown RST close",
  },
  {
    number: 8,
    id: "closed-fd",
    question: {
      en: "I closed the descriptor, and still get events for it. Why?",
      "zh-CN": "描述符已经关闭，为什么还收到它的事件？",
    },
    verdict: {
      en: "epoll watches the open file, not the number. A dup, a fork or a passed descriptor keeps the file open, and then the old number cannot even be removed. EPOLL_CTL_DEL before close.",
      "zh-CN":
        "epoll 关注的是打开的文件，而不是描述符编号。dup、fork 或传递出去的描述符都会让文件保持打开，这时用旧编号连 DEL 都做不到。先 EPOLL_CTL_DEL，再 close。",
    },
    guesses: [
      {
        en: "A copy of the descriptor keeps the open file, and the item with it.",
        "zh-CN": "描述符的副本让文件保持打开，条目也就还在。",
      },
      { en: "close() takes the descriptor out of every epoll.", "zh-CN": "close() 会把描述符从所有 epoll 中移除。" },
      { en: "The event was already on its way to user space.", "zh-CN": "事件早已在返回用户态的途中。" },
    ],
    right: 0,
    famous: 1,
    keywords: "close dup fork EPOLL_CTL_DEL file description 文件描述",
  },
  {
    number: 9,
    id: "fd-reuse",
    question: {
      en: "Events arrive on the wrong connection. How can that be?",
      "zh-CN": "事件跑到了错误的连接上，怎么会这样？",
    },
    verdict: {
      en: "The key of an item is file and number. When a number is used again the old item can still be there, and both report the same number. Put a generation into the 64 bits of data, and drop what is left of a batch when you close.",
      "zh-CN":
        "条目的键是（文件，编号）。编号被重用时旧条目可能还在，两者会报告同一个编号。在 64 位的 data 里放上代数（generation），关闭时丢弃本批剩余的事件。",
    },
    guesses: [
      {
        en: "The number was given to a new connection while the old item lives.",
        "zh-CN": "编号给了新连接，旧条目却还活着。",
      },
      { en: "It cannot be: the event for 5 belongs to connection 5.", "zh-CN": "不可能：5 的事件就属于连接 5。" },
      { en: "Two threads read from the same socket.", "zh-CN": "两个线程在读同一个套接字。" },
    ],
    right: 0,
    famous: 1,
    keywords: "fd reuse generation data.u64 close 编号重用",
  },
];
