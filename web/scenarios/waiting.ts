import type { Texts } from "./scenario.ts";

/** A way of waiting, shown on its own: three connections, three messages. */
export interface ShownWay {
  /** Name of its program. */
  readonly id: string;
  readonly title: Texts;
  readonly summary: Texts;
}

/** The ways of waiting, each with a program that answers three messages; the oldest first. */
export const SHOWN_WAYS: readonly ShownWay[] = [
  {
    id: "waiting-blocking",
    title: { en: "Waiting: blocking, a thread each", "zh-CN": "等待方式：阻塞，每连接一个线程" },
    summary: {
      en: "Each thread sleeps in its own read(), and the same call copies: both phases in one place.",
      "zh-CN": "每个线程睡在自己的 read() 里，复制也在同一次调用中：两个阶段都在这里。",
    },
  },
  {
    id: "waiting-non-blocking",
    title: { en: "Waiting: non-blocking, asking over and over", "zh-CN": "等待方式：非阻塞轮询" },
    summary: {
      en: "Nobody sleeps. read() answers EAGAIN again and again, and once with data.",
      "zh-CN": "谁也不睡。read() 一次次返回 EAGAIN，直到有数据。",
    },
  },
  {
    id: "waiting-select",
    title: { en: "Waiting: select", "zh-CN": "等待方式：select" },
    summary: {
      en: "One task sleeps on all files at once; the set is handed over anew in each call.",
      "zh-CN": "一个任务同时睡在所有文件上；每次调用都要重新传入集合。",
    },
  },
  {
    id: "waiting-poll",
    title: { en: "Waiting: poll", "zh-CN": "等待方式：poll" },
    summary: {
      en: "A list in place of the set; all files are asked before the sleep, and all again after it.",
      "zh-CN": "集合换成列表；睡前把所有文件问一遍，醒来再问一遍。",
    },
  },
  {
    id: "waiting-epoll-lt",
    title: { en: "Waiting: epoll, level-triggered", "zh-CN": "等待方式：epoll 水平触发" },
    summary: {
      en: "The kernel keeps the set and a ready list; the task sleeps in epoll_wait(), and a read() copies.",
      "zh-CN": "集合与就绪链表都由内核保管；任务睡在 epoll_wait() 里，复制由 read() 完成。",
    },
  },
  {
    id: "waiting-epoll-et",
    title: { en: "Waiting: epoll, edge-triggered", "zh-CN": "等待方式：epoll 边缘触发" },
    summary: {
      en: "Told once of each arrival: one read() more for each, which says EAGAIN.",
      "zh-CN": "每次到达只通知一次：每次都要多一个返回 EAGAIN 的 read()。",
    },
  },
  {
    id: "waiting-signal",
    title: { en: "Waiting: signal-driven", "zh-CN": "等待方式：信号驱动" },
    summary: {
      en: "The program works; a signal says which descriptor is ready, and its handler reads.",
      "zh-CN": "程序照常工作；信号告知哪个描述符就绪，由信号处理函数去读。",
    },
  },
  {
    id: "waiting-libaio",
    title: { en: "Waiting: Linux AIO on sockets", "zh-CN": "等待方式：Linux AIO 用于套接字" },
    summary: {
      en: "IOCB_CMD_POLL says that a socket is ready, once. It does not read: that is still the program's own call.",
      "zh-CN": "IOCB_CMD_POLL 只通知一次套接字已就绪。它不读数据：读仍要程序自己调用。",
    },
  },
  {
    id: "waiting-posix-aio",
    title: { en: "Waiting: POSIX AIO, as a C library makes it", "zh-CN": "等待方式：POSIX AIO（C 库的做法）" },
    summary: {
      en: "aio_read() is a helper thread that blocks in read(), and a signal when it has read.",
      "zh-CN": "aio_read() 就是一个阻塞在 read() 里的辅助线程，读完后发来信号。",
    },
  },
  {
    id: "waiting-io_uring",
    title: { en: "Waiting: io_uring", "zh-CN": "等待方式：io_uring" },
    summary: {
      en: "Requests wait in the kernel; what arrives is copied first, and then the program is told.",
      "zh-CN": "请求在内核中等待；数据先复制好，再通知程序。",
    },
  },
];
