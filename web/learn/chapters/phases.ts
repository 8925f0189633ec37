import { begins, during, ends, happens } from "../seen.ts";
import { claim, counted, sockOf, texts, the } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const toFirst = { before: ends("epoll_wait", 3), after: begins("epoll_wait", 3) };
const arrival = happens("dma_to_memory", toFirst);
const ready = happens("data_ready", toFirst);

/** Every input has two phases: the data comes to be in the kernel, and it is copied to the program. */
export const chapter: Chapter = {
  passages: [
    {
      id: "dma",
      scenario: "echo",
      place: arrival,
      object: the("NicRing"),
      title: texts("Phase one begins outside", "第一阶段从机器外面开始"),
      text: texts(
        "A client has sent “hello”. The network card writes the packet by DMA into memory that the kernel has laid ready for it: the receive ring. No program runs for this, and the server sleeps. This is where the first phase starts, data preparation.",
        "客户端发来了“hello”。网卡通过 DMA 把数据包写进内核事先准备好的内存：接收环。这不需要任何程序运行，服务器正在睡眠。第一阶段，也就是数据准备阶段，从这里开始。",
      ),
      claims: [
        claim(
          "task that runs meanwhile (0: none)",
          "此时正在运行的任务（0：没有）",
          (seen) => seen.record(arrival).pid,
          0,
        ),
        claim(
          "bytes that can be read at the socket",
          "套接字上可读的字节数",
          (seen) => sockOf(seen.at(arrival), 5).readable,
          0,
        ),
      ],
    },
    {
      id: "softirq",
      scenario: "echo",
      place: happens("__do_softirq", toFirst),
      object: the("NicRing"),
      title: texts("An interrupt, and a soft interrupt", "硬中断，然后是软中断"),
      text: texts(
        "The card interrupts a CPU. The hard interrupt does as little as possible: it asks for a soft interrupt (`NET_RX`) and goes. The soft interrupt does the work: it takes the packet out of the ring and carries it up through IP and TCP.",
        "网卡中断 CPU。硬中断只做最少的事：登记一个软中断（`NET_RX`）就结束。真正的工作由软中断来做：把数据包从接收环取出，向上经过 IP 和 TCP。",
      ),
      claims: [
        claim(
          "first the hard interrupt, then the soft one",
          "先硬中断，后软中断",
          (seen) => happens("nic_interrupt", toFirst)(seen) < happens("__do_softirq", toFirst)(seen),
          true,
        ),
        claim(
          "then TCP",
          "然后是 TCP",
          (seen) => happens("__do_softirq", toFirst)(seen) < happens("tcp_v4_rcv", toFirst)(seen),
          true,
        ),
      ],
    },
    {
      id: "ready",
      scenario: "echo",
      place: ready,
      object: the("SkBuff", ({ len }) => len === 5),
      title: texts("Phase one is over: ready", "第一阶段结束：就绪"),
      text: texts(
        "The packet is in the receive queue of its socket. From now on the data is ready: who reads gets it without waiting. Mind where it is, though: in the kernel's memory. The program has not seen a byte of it.",
        "数据包进入了套接字的接收队列。从现在起数据就绪：谁来读，都不用等。但要注意它在哪里：还在内核的内存里，程序一个字节都没看到。",
      ),
      claims: [
        claim("bytes that can be read", "可读的字节数", (seen) => sockOf(seen.at(ready), 5).readable, 5),
        claim(
          "bytes copied to programs since the packet came",
          "数据包到达以来拷贝给程序的字节数",
          counted("cpuCopiedBytes", arrival, ready),
          0,
        ),
      ],
    },
    {
      id: "copied",
      scenario: "echo",
      place: during("read", "copy_to_user"),
      object: the("SkBuff", ({ len }) => len === 5),
      title: texts("Phase two: the copy", "第二阶段：拷贝"),
      text: texts(
        "The server has been told, and calls `read`. Only now a CPU copies the bytes from the packet into the program's buffer. It does so inside the server's own system call, on the server's own time: during this phase, the program waits for the copy.",
        "服务器得到通知后调用 `read`。到这时，CPU 才把字节从数据包拷进程序的缓冲区。拷贝发生在服务器自己的系统调用里，花的是服务器自己的时间：在这个阶段，程序在等拷贝完成。",
      ),
      claims: [
        claim("bytes that read() returns", "read() 返回的字节数", (seen) => Number(seen.call("read").result), 5),
        claim(
          "bytes that it has a CPU copy",
          "它让 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("read"), ends("read")),
          5,
        ),
        claim("task that runs", "正在运行的任务", (seen) => seen.record(during("read", "copy_to_user")).pid, 1),
      ],
    },
    {
      id: "file",
      scenario: "read-write",
      place: during("read", "data_ready"),
      object: the("Inode", ({ name }) => name === "/page.html"),
      title: texts("A file has the same two phases", "读文件也是这两个阶段"),
      text: texts(
        "Here the data comes from a disk, and the place where it gets ready is the page cache. Then the same follows: a CPU copies it to the program. For a pipe there is no hardware at all: the first phase ends when another program has written.",
        "这里数据来自磁盘，就绪的地方是页缓存。之后也一样：由 CPU 拷给程序。管道则根本没有硬件：另一个程序写入了，第一阶段就结束。",
      ),
      correction: {
        said: texts(
          "The notes say: in the first phase, data is copied from the hardware into the kernel.",
          "笔记里说：数据准备阶段，数据从硬件拷贝到内核空间。",
        ),
        shown: texts(
          "Mostly so, and then it is DMA that moves it. But what counts is that the data is there, wherever it came from: from a card, from a disk, from another program, or out of the page cache, where it has been all the time.",
          "多数情况下是这样，而且由 DMA 来搬。但真正要紧的是“数据到了”，不管它从哪里来：网卡、磁盘、另一个程序，或者它本来就一直在页缓存里。",
        ),
      },
      claims: [
        claim(
          "ready before it is copied",
          "先就绪，后拷贝",
          (seen) => during("read", "data_ready")(seen) < during("read", "data_copied")(seen),
          true,
        ),
        claim("bytes ready", "就绪的字节数", (seen) => seen.record(during("read", "data_ready")).args[1], 8192),
      ],
    },
    {
      id: "pipe",
      scenario: "pipe",
      place: happens("data_ready"),
      object: the("PipeInodeInfo"),
      title: texts("Ready, because someone has written", "就绪，因为有人写入了"),
      text: texts(
        "The pipe was empty, and a reader slept on its wait queue. Now the writer has put a line into a slot of the pipe: ready. No disk, no card, no interrupt. The reader is woken and copies the line out in its own `read`.",
        "管道原来是空的，一个读者睡在它的等待队列上。现在写者把一行放进了管道的一个槽：就绪了。没有磁盘，没有网卡，也没有中断。读者被唤醒，在自己的 `read` 里把这一行拷出来。",
      ),
      claims: [
        claim(
          "bytes moved by DMA in the whole run",
          "整个运行中 DMA 搬运的字节数",
          (seen) => seen.session.moment(seen.session.run.ticks).counters.dmaBytes,
          0,
        ),
        claim(
          "task that has made the data ready",
          "使数据就绪的任务",
          (seen) => seen.record(happens("data_ready")).pid,
          2,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "where",
      question: texts("epoll reports a socket as readable. Where are the bytes?", "epoll 报告套接字可读。数据在哪里？"),
      choices: [
        {
          text: texts("In the program's buffer", "在程序的缓冲区"),
          why: texts("That is the second phase, and nobody has called read yet.", "那是第二阶段，还没有人调用 read。"),
        },
        {
          text: texts("In the kernel, in the socket's receive queue", "在内核里，在套接字的接收队列中"),
          why: texts("Ready means: the first phase is over.", "就绪的意思是：第一阶段结束了。"),
        },
        {
          text: texts("Still on the network card", "还在网卡上"),
          why: texts("The card has written them into memory by DMA long ago.", "网卡早就用 DMA 把它们写进内存了。"),
        },
      ],
      right: 1,
      shownBy: "ready",
    },
    {
      id: "who",
      question: texts("Who makes the copy of the second phase?", "第二阶段的拷贝由谁来做？"),
      choices: [
        {
          text: texts("The network card", "网卡"),
          why: texts("It moves bytes into the kernel only, by DMA.", "它只用 DMA 把数据搬进内核。"),
        },
        {
          text: texts("The soft interrupt", "软中断"),
          why: texts(
            "It does not even know the program's buffer: that is given with read.",
            "它连程序的缓冲区在哪里都不知道：那是 read 的参数。",
          ),
        },
        {
          text: texts("A CPU, inside the program's own read", "CPU，在程序自己的 read 里"),
          why: texts("It is the program's own time that goes by.", "花的是程序自己的时间。"),
        },
      ],
      right: 2,
      shownBy: "copied",
    },
  ],
};
