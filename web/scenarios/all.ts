import { RECORDED } from "./recording.ts";
import { questionScenario } from "./question-scenario.ts";
import { WORDS } from "./questions/words/all.ts";
import { SHOWN_WAYS } from "./waiting.ts";
import type { ShownProgram, Terms } from "./running.ts";
import type { Scenario, Subject, Texts } from "./scenario.ts";

/** The programs, as they are shown, by their paths. */
const PROGRAMS = import.meta.glob<ShownProgram>("./programs/*.ts", { query: "?program" });

/** A scenario that is the program of the same name. */
function shown(id: string, subject: Subject, title: Texts, summary: Texts): Scenario {
  const start = async (terms?: Terms) => {
    const [program, { PLAIN, runShown }] = await Promise.all([
      PROGRAMS[`./programs/${id}.ts`]!(),
      import("./running.ts"),
    ]);
    return runShown(program, false, terms ?? PLAIN);
  };
  return { id, title, summary, subject, question: null, recorded: false, start };
}

/** The program that a person's own one begins with. */
export async function exampleText(): Promise<string> {
  return (await PROGRAMS["./programs/example.ts"]!()).source;
}

/** What shows something, in the order of the list. */
const SHOWN: readonly Scenario[] = [
  shown(
    "echo",
    "epoll",
    { en: "Echo server, level-triggered", "zh-CN": "回显服务器（水平触发）" },
    {
      en: "Two clients connect and talk to one server with one epoll.",
      "zh-CN": "两个客户端连接到同一个服务器，服务器只用一个 epoll。",
    },
  ),
  shown(
    "echo-et",
    "epoll",
    { en: "Echo server, edge-triggered", "zh-CN": "回显服务器（边缘触发）" },
    {
      en: "The event comes once, so the server reads until EAGAIN.",
      "zh-CN": "事件只通知一次，所以服务器一直读到 EAGAIN。",
    },
  ),
  shown(
    "et-hang",
    "epoll",
    { en: "Edge-triggered, not drained: the hang", "zh-CN": "边缘触发却没读完：经典的卡死" },
    {
      en: "Four of ten bytes are read. The other six are there, and nobody is ever told.",
      "zh-CN": "10 个字节只读了 4 个。剩下 6 个就在队列里，却再也不会有通知。",
    },
  ),
  shown(
    "pipe",
    "sockets",
    { en: "A pipe and a reader that blocks", "zh-CN": "管道与阻塞的读者" },
    {
      en: "The reader sleeps on the pipe's wait queue until the writer comes.",
      "zh-CN": "读者睡在管道的等待队列上，直到写者写入。",
    },
  ),
  shown(
    "herd",
    "epoll",
    { en: "Two threads on one epoll: who wakes?", "zh-CN": "两个线程等同一个 epoll：谁会醒？" },
    {
      en: "Two CPUs, two sleepers in epoll_wait, one connection.",
      "zh-CN": "两个 CPU，两个线程睡在 epoll_wait 中，来了一个连接。",
    },
  ),
  shown(
    "oneshot",
    "epoll",
    { en: "EPOLLONESHOT", "zh-CN": "EPOLLONESHOT" },
    {
      en: "Told once, then switched off until EPOLL_CTL_MOD.",
      "zh-CN": "通知一次后就关闭，直到 EPOLL_CTL_MOD 重新打开。",
    },
  ),
  shown(
    "eventfd",
    "epoll",
    { en: "An eventfd wakes the event loop", "zh-CN": "用 eventfd 唤醒事件循环" },
    {
      en: "A thread adds to a counter; the sleeper in epoll_wait wakes.",
      "zh-CN": "一个线程给计数器加一，睡在 epoll_wait 中的线程就醒来。",
    },
  ),
  shown(
    "accept",
    "waiting",
    { en: "Two threads block in accept()", "zh-CN": "两个线程阻塞在 accept()" },
    {
      en: "Exclusive waiters: each connection wakes one of them.",
      "zh-CN": "独占等待：每个连接只唤醒其中一个线程。",
    },
  ),
  shown(
    "poll",
    "waiting",
    { en: "poll and select: who is asked, again and again", "zh-CN": "poll 与 select：每次都把所有文件再问一遍" },
    {
      en: "Three descriptors, one of them calls: all are asked before the sleep, and all again after it.",
      "zh-CN": "三个描述符，只有一个来了数据：睡眠前全部问一遍，醒来后又全部问一遍。",
    },
  ),
  shown(
    "timerfd",
    "epoll",
    { en: "A timerfd in an epoll loop", "zh-CN": "epoll 循环中的 timerfd" },
    {
      en: "A timer is one more descriptor; a read tells how many periods have passed.",
      "zh-CN": "定时器也是一个描述符；read 会告诉你过了几个周期。",
    },
  ),
  shown(
    "eintr",
    "waiting",
    {
      en: "A signal interrupts epoll_wait: EINTR, handler, the loop goes on",
      "zh-CN": "信号打断 epoll_wait：EINTR、信号处理函数、循环继续",
    },
    {
      en: "The signal takes the sleeper off the wait queue; the handler runs before epoll_wait returns.",
      "zh-CN": "信号把睡眠者从等待队列上摘下；信号处理函数先运行，然后 epoll_wait 才返回。",
    },
  ),
  shown(
    "signalfd",
    "waiting",
    { en: "signalfd: the same signal as an event", "zh-CN": "signalfd：把同一个信号变成事件" },
    {
      en: "The signal is blocked, stays pending, and is read like data.",
      "zh-CN": "信号被阻塞而保持挂起，像数据一样从描述符读出。",
    },
  ),
  shown(
    "phases",
    "waiting",
    {
      en: "Blocking, non-blocking, signal-driven: the two phases of a read",
      "zh-CN": "阻塞、非阻塞、信号驱动：一次读取的两个阶段",
    },
    {
      en: "Who waits until the data is ready differs. The copy is always made in the program's own read.",
      "zh-CN": "区别在于谁来等待数据就绪；数据复制总是在程序自己的 read 里完成。",
    },
  ),
  shown(
    "fifo",
    "sockets",
    { en: "Two processes meet at a FIFO", "zh-CN": "两个进程通过 FIFO 相遇" },
    {
      en: "open() sleeps until the other end is opened, too.",
      "zh-CN": "open() 会睡眠，直到另一端也被打开。",
    },
  ),
  shown(
    "udp",
    "sockets",
    { en: "UDP: a datagram is read as a whole", "zh-CN": "UDP：数据报要整个读取" },
    {
      en: "Each read takes one datagram; what does not fit into the buffer is lost.",
      "zh-CN": "每次读取一个数据报；缓冲区放不下的部分就丢弃了。",
    },
  ),
  shown(
    "rights",
    "sockets",
    { en: "A descriptor is passed on (SCM_RIGHTS)", "zh-CN": "传递文件描述符（SCM_RIGHTS）" },
    {
      en: "The message carries the open file itself: in the other process it gets another number.",
      "zh-CN": "消息携带的是打开的文件本身：到了另一个进程，编号就不同了。",
    },
  ),
  shown(
    "sendfile",
    "files",
    {
      en: "sendfile: zero-copy by scatter-gather, then read + write",
      "zh-CN": "sendfile：靠分散-聚集零拷贝，再与 read + write 对比",
    },
    {
      en: "Packets refer to the cached pages, and the card gathers them. By read and write, the CPU copies every byte twice.",
      "zh-CN": "数据包直接引用页缓存中的页，由网卡聚集发送；换成 read 加 write，每个字节都要由 CPU 拷贝两次。",
    },
  ),
  shown(
    "splice",
    "files",
    {
      en: "splice: from file to pipe, from pipe to socket, by reference",
      "zh-CN": "splice：文件到管道、管道到 socket，全按引用传递",
    },
    {
      en: "The pipe holds references to cached pages; they go on into packets. The CPU copies nothing, and one end must be a pipe.",
      "zh-CN": "管道里放的只是对缓存页的引用，再交给数据包；CPU 一次也不拷贝，而且必须有一端是管道。",
    },
  ),
  shown(
    "zerocopy",
    "sockets",
    {
      en: "MSG_ZEROCOPY: sending from the program's own pages",
      "zh-CN": "MSG_ZEROCOPY：直接从程序自己的页发送",
    },
    {
      en: "Packets refer to the buffer. It must not be changed until the error queue tells that the card has fetched it.",
      "zh-CN": "数据包引用程序的缓冲区；在错误队列通知网卡已取走之前，不能改动缓冲区。",
    },
  ),
  shown(
    "page-cache",
    "files",
    { en: "The page cache: read-ahead and writeback", "zh-CN": "页缓存：预读与回写" },
    {
      en: "The windows of read-ahead grow; what is written stays dirty in memory until fsync.",
      "zh-CN": "预读窗口越来越大；写入的内容先作为脏页留在内存中，直到 fsync 回写到磁盘。",
    },
  ),
  shown(
    "hot-and-stream",
    "files",
    { en: "A stream, and hot pages that outlive it", "zh-CN": "大文件与留得下来的热点页" },
    {
      en: "Hot files that were used twice are still cached after a big file was read; those that were used once come from the disk again.",
      "zh-CN": "读完大文件之后，用过两次的热点文件还在页缓存里；只用过一次的又要从磁盘读。",
    },
  ),
  shown(
    "mmap",
    "files",
    { en: "mmap: page faults, major and minor", "zh-CN": "mmap：主缺页与次缺页" },
    {
      en: "The first touch waits for the disk; cached pages around come along; a private change is a copy.",
      "zh-CN": "首次访问触发缺页，要等磁盘；周围已缓存的页一并映射；私有映射写入时才复制一页。",
    },
  ),
  shown(
    "aio",
    "files",
    { en: "Direct I/O, asynchronous: O_DIRECT with io_submit", "zh-CN": "异步直接 I/O：O_DIRECT 与 io_submit" },
    {
      en: "The disk moves four pieces into the program's own memory while the program computes.",
      "zh-CN": "磁盘绕过页缓存，把四块数据直接传入程序自己的内存，程序同时继续计算。",
    },
  ),
  shown(
    "io_uring",
    "files",
    {
      en: "io_uring: accept, poll, then read and send in a chain",
      "zh-CN": "io_uring：accept、poll，再用链接的 read 与 send 应答",
    },
    {
      en: "Entries go into a ring in shared memory, completions come out of another. One call does a read and the send that follows it.",
      "zh-CN": "提交项写入共享内存中的环，完成项从另一个环取出；一次调用就完成 read 和随后的 send。",
    },
  ),
  ...SHOWN_WAYS.map(({ id, title, summary }) => shown(id, "waiting", title, summary)),
  shown(
    "read-write",
    "files",
    { en: "read + write: four transfers for one file", "zh-CN": "read + write：发一个文件，数据搬运四次" },
    {
      en: "Disk to page cache, to the program, to packets, to the card: two by DMA, two by a CPU.",
      "zh-CN": "磁盘到页缓存，到程序，到数据包，再到网卡：两次靠 DMA，两次靠 CPU。",
    },
  ),
  shown(
    "read-write-pio",
    "files",
    { en: "Without DMA: the CPU carries every word", "zh-CN": "没有 DMA：每个字都由 CPU 搬运" },
    {
      en: "The same file by devices that cannot reach into memory themselves.",
      "zh-CN": "同样发送一个文件，但设备不能自己访问内存。",
    },
  ),
  shown(
    "sendfile-copied",
    "files",
    { en: "sendfile on a card that cannot gather", "zh-CN": "sendfile 遇上不支持聚集的网卡" },
    {
      en: "No byte comes to the program, and yet the CPU copies each one once.",
      "zh-CN": "数据不经过程序，但 CPU 仍要把每个字节拷贝一次。",
    },
  ),
  shown(
    "mmap-write",
    "files",
    { en: "mmap + write: one copy is left", "zh-CN": "mmap + write：还剩一次拷贝" },
    {
      en: "The cached pages are the program's memory, but write() copies them into packets.",
      "zh-CN": "页缓存的页就是程序的内存，但 write() 仍要把它们拷进数据包。",
    },
  ),
  shown(
    "evicted",
    "files",
    { en: "A large file pushes others out of the page cache", "zh-CN": "大文件把别的数据挤出页缓存" },
    {
      en: "Pages used twice stay, pages used once go; with O_DIRECT nobody has to.",
      "zh-CN": "用过两次的页留下，只用过一次的页让位；用 O_DIRECT 则谁都不必走。",
    },
  ),
  shown(
    "direct",
    "files",
    { en: "Direct is not asynchronous", "zh-CN": "直接 I/O 不等于异步 I/O" },
    {
      en: "O_DIRECT that sleeps, AIO that waits inside io_submit, and both together.",
      "zh-CN": "会睡眠的 O_DIRECT，在 io_submit 里等待的 AIO，以及两者合用。",
    },
  ),
  shown(
    "epoll-create",
    "epoll",
    { en: "epoll_create: what its number means", "zh-CN": "epoll_create：那个数字是什么意思" },
    {
      en: "0 is refused, 1 and a million are the same; its descriptor cannot be mapped.",
      "zh-CN": "0 会被拒绝，1 与一百万没有区别；它的描述符不能 mmap。",
    },
  ),
  shown(
    "tree",
    "epoll",
    { en: "Fifteen files in one epoll: the tree turns", "zh-CN": "一个 epoll 监视十五个文件：红黑树的旋转" },
    {
      en: "Rising keys would make a list of a plain tree; this one stays balanced.",
      "zh-CN": "键递增时普通的树会退化成链表，红黑树则保持平衡。",
    },
  ),
  RECORDED,
];

/** What a question is about. */
function subjectOf(number: number): Subject {
  if (number === 24) return "ownership";
  return number >= 20 ? "files" : number >= 16 && number !== 18 ? "waiting" : "epoll";
}

/** Everything that can be picked, in the order of the list; the first one is shown first. */
export const SCENARIOS: readonly Scenario[] = [
  ...SHOWN,
  ...WORDS.map((words) => questionScenario(subjectOf(words.number), words)),
];
