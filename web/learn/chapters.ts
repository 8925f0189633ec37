import type { Texts } from "../scenarios/scenario.ts";
import type { Chapter } from "./chapter.ts";

/** What there is to say of a chapter before it is loaded. */
export interface ChapterEntry {
  /** Its name in links. */
  readonly id: string;
  readonly title: Texts;
  readonly summary: Texts;
  /** Number of its passages. */
  readonly passages: number;
  /** Number of its exercises. */
  readonly exercises: number;
  /** Name of the lab in which one can try out what it tells. */
  readonly lab: string;
  readonly load: () => Promise<{ readonly chapter: Chapter }>;
}

/** The chapters, in the order in which they are best read. */
export const CHAPTERS: readonly ChapterEntry[] = [
  {
    id: "zero-copy",
    title: { en: "Zero-copy", "zh-CN": "零拷贝" },
    summary: {
      en: "A file goes to a client. How often is each byte copied, and who does it?",
      "zh-CN": "把一个文件发给客户端：每个字节拷贝几次，由谁来拷？",
    },
    passages: 7,
    exercises: 3,
    lab: "zero-copy",
    load: () => import("./chapters/zero-copy.ts"),
  },
  {
    id: "mmap",
    title: { en: "mmap", "zh-CN": "mmap" },
    summary: {
      en: "The page cache in a program's own address space, and the page faults that it takes.",
      "zh-CN": "把页缓存映射进程序的地址空间，以及为此付出的缺页。",
    },
    passages: 6,
    exercises: 3,
    lab: "zero-copy",
    load: () => import("./chapters/mmap.ts"),
  },
  {
    id: "page-cache",
    title: { en: "The page cache", "zh-CN": "页缓存" },
    summary: {
      en: "What is kept in memory, what is fetched ahead, what is written later, and who has to go.",
      "zh-CN": "什么留在内存里，什么提前读入，什么推迟写回，内存不够时谁先走。",
    },
    passages: 6,
    exercises: 3,
    lab: "page-cache",
    load: () => import("./chapters/page-cache.ts"),
  },
  {
    id: "big-files",
    title: { en: "Big files: direct I/O", "zh-CN": "大文件：直接 I/O" },
    summary: {
      en: "Past the page cache, and without waiting: two different things.",
      "zh-CN": "绕过页缓存，和不等待：这是两回事。",
    },
    passages: 7,
    exercises: 3,
    lab: "page-cache",
    load: () => import("./chapters/big-files.ts"),
  },
  {
    id: "two-phases",
    title: { en: "The two phases of an input", "zh-CN": "一次输入的两个阶段" },
    summary: {
      en: "First the data comes to be in the kernel, then it is copied to the program.",
      "zh-CN": "先是数据到达内核，然后才拷贝给程序。",
    },
    passages: 6,
    exercises: 2,
    lab: "waiting",
    load: () => import("./chapters/phases.ts"),
  },
  {
    id: "blocking-and-synchronous",
    title: { en: "Blocking and synchronous", "zh-CN": "阻塞与同步" },
    summary: {
      en: "Two questions that are often mixed up: who waits for the data, and who completes the operation?",
      "zh-CN": "两个常被混为一谈的问题：谁在等数据？谁把操作做完？",
    },
    passages: 6,
    exercises: 3,
    lab: "waiting",
    load: () => import("./chapters/blocking.ts"),
  },
  {
    id: "multiplexing",
    title: { en: "Multiplexing", "zh-CN": "I/O 多路复用" },
    summary: {
      en: "One thread waits for many descriptors: poll, select, and what epoll does better.",
      "zh-CN": "一个线程等待许多描述符：poll、select，以及 epoll 好在哪里。",
    },
    passages: 6,
    exercises: 3,
    lab: "waiting",
    load: () => import("./chapters/multiplexing.ts"),
  },
  {
    id: "accept",
    title: { en: "accept", "zh-CN": "accept" },
    summary: {
      en: "How a connection comes to be a descriptor: file, socket and sock.",
      "zh-CN": "一个连接怎样变成描述符：file、socket 与 sock。",
    },
    passages: 7,
    exercises: 3,
    lab: "epoll",
    load: () => import("./chapters/accept.ts"),
  },
  {
    id: "epoll-create",
    title: { en: "epoll_create", "zh-CN": "epoll_create" },
    summary: {
      en: "A file, and behind it an eventpoll: a tree, a list and a wait queue.",
      "zh-CN": "一个 file，背后是 eventpoll：一棵树、一条链表、一个等待队列。",
    },
    passages: 6,
    exercises: 3,
    lab: "epoll",
    load: () => import("./chapters/epoll-create.ts"),
  },
  {
    id: "epoll-ctl",
    title: { en: "epoll_ctl", "zh-CN": "epoll_ctl" },
    summary: {
      en: "Watching a socket: an epitem, an entry in the socket's wait queue, a node of the tree.",
      "zh-CN": "监视一个套接字：一个 epitem、套接字等待队列里的一项、树上的一个节点。",
    },
    passages: 7,
    exercises: 3,
    lab: "epoll",
    load: () => import("./chapters/epoll-ctl.ts"),
  },
  {
    id: "red-black-tree",
    title: { en: "Why a red-black tree", "zh-CN": "为什么用红黑树" },
    summary: {
      en: "What the tree is for, why it is balanced, and who searches it.",
      "zh-CN": "这棵树做什么用，为什么要平衡，谁会去查找它。",
    },
    passages: 7,
    exercises: 3,
    lab: "epoll",
    load: () => import("./chapters/red-black-tree.ts"),
  },
  {
    id: "epoll-wait",
    title: { en: "epoll_wait", "zh-CN": "epoll_wait" },
    summary: {
      en: "Asleep on an empty list, and by way of a packet and a callback back to the program.",
      "zh-CN": "链表为空就睡下，再经由数据包与回调，回到程序。",
    },
    passages: 8,
    exercises: 4,
    lab: "epoll",
    load: () => import("./chapters/epoll-wait.ts"),
  },
  {
    id: "ownership",
    title: { en: "Ownership in C++", "zh-CN": "C++ 的所有权" },
    summary: {
      en: "shared_ptr, make_shared, weak_ptr: which blocks they take from the heap, and when these go.",
      "zh-CN": "shared_ptr、make_shared、weak_ptr：各从堆上取哪些内存，什么时候归还。",
    },
    passages: 7,
    exercises: 3,
    lab: "ownership",
    load: () => import("./chapters/ownership.ts"),
  },
];
