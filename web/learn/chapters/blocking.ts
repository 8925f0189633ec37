import { begins, during, ends, happens } from "../seen.ts";
import { claim, counted, object, queueOf, result, texts, the, times } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const pipe = the("PipeInodeInfo");
const reader = the("TaskStruct", ({ pid }) => pid === 1);
/** The read that finds the second text, after many that found nothing. */
const found = happens("data_copied", { nth: 2 });
const refused = happens("sys_exit", { after: begins("read", 2), where: ({ pid }) => pid === 1 });

/** Who waits in which phase: blocking and non-blocking, synchronous and asynchronous. */
export const chapter: Chapter = {
  passages: [
    {
      id: "blocking",
      scenario: "phases",
      place: during("read", "sched_switch"),
      object: reader,
      title: texts("Blocking: asleep until it is ready", "阻塞：睡到数据就绪"),
      text: texts(
        "The pipe is empty, and the program calls `read`. The kernel makes an entry on the pipe's wait queue that names the task, and takes the CPU from it. The program does not run and costs nothing; but it cannot do anything else either.",
        "管道是空的，程序调用 `read`。内核在管道的等待队列上加一项，指明是哪个任务，然后让它放弃 CPU。程序不运行，也不花任何代价；但它也做不了别的事。",
      ),
      claims: [
        claim(
          "state of the reader",
          "读者的状态",
          (seen) => object(seen.at(during("read", "sched_switch")), "TaskStruct", ({ pid }) => pid === 1).state,
          "INTERRUPTIBLE",
        ),
        claim(
          "who waits on the pipe's queue",
          "管道等待队列上的等待者数",
          (seen) => {
            const moment = seen.at(during("read", "sched_switch"));
            return queueOf(moment, object(moment, "PipeInodeInfo").address, "rd_wait").waiters.length;
          },
          1,
        ),
      ],
    },
    {
      id: "nonblocking",
      scenario: "phases",
      place: refused,
      object: pipe,
      title: texts("Non-blocking: EAGAIN", "非阻塞：EAGAIN"),
      text: texts(
        "With `O_NONBLOCK` the same `read` comes back at once: `EAGAIN`, nothing there, try again. One thread can thus look after many connections. But it has to ask each of them again and again, and each question is a system call that mostly learns nothing.",
        "设了 `O_NONBLOCK` 之后，同样的 `read` 立刻返回：`EAGAIN`，没有数据，稍后再试。这样一个线程就能照看许多连接。可是它得一遍又一遍地去问，每问一次就是一次系统调用，而且大多一无所获。",
      ),
      claims: [
        claim("what the first such read() returns", "第一次这样的 read() 的返回值", result("read", 2), "-1 EAGAIN"),
        claim(
          "more than 40 reads in vain until the data was there",
          "数据到来之前白读的次数超过 40",
          (seen) => seen.calls("read").filter(({ failed }) => failed).length > 40,
          true,
        ),
      ],
    },
    {
      id: "still-copied",
      scenario: "phases",
      place: found,
      object: reader,
      title: texts("Non-blocking is still synchronous", "非阻塞仍然是同步的"),
      text: texts(
        "At last a read finds data. Now look at the second phase: a CPU copies the bytes inside this very `read`, just as before. Non-blocking is about the first phase alone. In the second one, the program works as ever.",
        "终于有一次 read 读到了数据。再看第二阶段：CPU 就在这次 `read` 里拷贝字节，和之前没有两样。非阻塞只涉及第一阶段；到了第二阶段，程序还是得亲自参与。",
      ),
      claims: [
        claim(
          "bytes copied inside this read()",
          "这次 read() 内拷贝的字节数",
          (seen) => {
            const call = seen
              .calls("read")
              .find(({ enter, exit, pid }) => pid === 1 && enter < found(seen) && (exit ?? 0) > found(seen))!;
            return counted(
              "cpuCopiedBytes",
              () => call.enter,
              () => call.exit!,
            )(seen);
          },
          6,
        ),
        claim("task that has the copy made", "执行拷贝的任务", (seen) => seen.record(found).pid, 1),
      ],
    },
    {
      id: "signal",
      scenario: "phases",
      place: happens("setup_rt_frame"),
      object: reader,
      title: texts("Signal-driven: told, then read", "信号驱动：先通知，再读"),
      text: texts(
        "With `O_ASYNC` the kernel sends a signal when data has come. The name promises much, but all that it says is: the first phase is over. The handler has to call `read`, and that copies as always.",
        "设了 `O_ASYNC`，数据到来时内核会发一个信号。名字听着像异步，其实它只说了一件事：第一阶段结束了。信号处理函数还得调用 `read`，拷贝照旧。",
      ),
      claims: [
        claim(
          "bytes copied to the program when its handler begins",
          "处理函数开始时，已拷贝给程序的字节数",
          counted("cpuCopiedBytes", happens("kill_fasync"), happens("setup_rt_frame")),
          0,
        ),
        claim(
          "reads that the handler makes",
          "处理函数里的 read 次数",
          times("data_copied", happens("setup_rt_frame"), happens("restore_sigcontext")),
          1,
        ),
      ],
    },
    {
      id: "async",
      scenario: "aio",
      place: happens("aio_complete"),
      object: the("Kioctx"),
      title: texts("Asynchronous: told when all is done", "异步：全部做完才通知"),
      text: texts(
        "This program has handed over its buffers beforehand and gone on. Disk and kernel do both phases by themselves: at this moment the bytes are in the program's own memory, and only now an event says so. There is nothing left to read.",
        "这个程序事先把缓冲区交了出去，然后继续干自己的事。两个阶段都由磁盘和内核自己完成：此刻数据已经在程序自己的内存里，这时才有一个事件来通知。没有什么可读的了。",
      ),
      correction: {
        said: texts(
          "The notes say that synchronous or asynchronous is decided in the copying phase: the program is told when the data is ready, without waiting for the copy.",
          "笔记里说同步与异步看数据拷贝阶段：数据准备好后直接通知应用程序使用，无需等待拷贝。",
        ),
        shown: texts(
          "The idea is right; more exactly: asynchronous means that somebody else sees to the copy, too, and that the notice comes after it, when the operation is complete. “Ready” is what epoll and signals report, and they are synchronous.",
          "思路是对的，更准确地说：异步指的是连拷贝也由别人完成，通知在拷贝之后、整个操作完成时才来。报告“就绪”的是 epoll 和信号，它们都是同步的。",
        ),
      },
      claims: [
        claim("read() calls of the program", "程序调用 read() 的次数", (seen) => seen.calls("read").length, 0),
        claim(
          "the data is in place before the event",
          "数据先到位，后有事件",
          (seen) => happens("data_placed")(seen) < happens("aio_complete")(seen),
          true,
        ),
      ],
    },
    {
      id: "epoll",
      scenario: "echo",
      place: ends("epoll_wait", 3),
      object: the("Eventpoll"),
      title: texts("And epoll? Blocking, and synchronous", "那 epoll 呢？阻塞，而且同步"),
      text: texts(
        "`epoll_wait` blocks: the server slept in it. And what it reports is readiness, so each `read` after it makes its copy itself. Epoll's gain is another one: a single sleep for all connections together.",
        "`epoll_wait` 是阻塞的：服务器在里面睡过。它报告的是就绪，所以之后每个 `read` 还得自己拷贝。epoll 的好处在别处：所有连接合在一起，只需睡一次。",
      ),
      claims: [
        claim(
          "times that this epoll_wait() slept",
          "这次 epoll_wait() 睡眠的次数",
          times("schedule", begins("epoll_wait", 3), ends("epoll_wait", 3)),
          1,
        ),
        claim("sockets that it reported", "它报告的套接字数", result("epoll_wait", 3), "2"),
        claim(
          "bytes that the two reads after it had copied",
          "随后两次 read 拷贝的字节数",
          (seen) => Number(seen.call("read", 1).result) + Number(seen.call("read", 2).result),
          7,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "square",
      question: texts(
        "A non-blocking `read` that finds data. Synchronous or asynchronous?",
        "非阻塞的 `read` 读到了数据，这是同步还是异步？",
      ),
      choices: [
        {
          text: texts("Asynchronous, it did not wait", "异步，因为没有等"),
          why: texts(
            "It did not wait for the data. But the copy was made by the call itself.",
            "它没有等数据，但拷贝是这次调用自己做的。",
          ),
        },
        {
          text: texts("Synchronous, it made the copy itself", "同步，拷贝是它自己做的"),
          why: texts(
            "Blocking is about phase one, synchronous about who completes the operation.",
            "阻塞与否看第一阶段，同步与否看由谁把操作做完。",
          ),
        },
      ],
      right: 1,
      shownBy: "still-copied",
    },
    {
      id: "which",
      question: texts("Which of these is asynchronous?", "下面哪个是异步 I/O？"),
      choices: [
        {
          text: texts("A signal says that a pipe is readable", "用信号通知管道可读"),
          why: texts("It reports readiness; the handler still has to read.", "它报告的是就绪；处理函数还要去读。"),
        },
        {
          text: texts("epoll_wait reports two sockets", "epoll_wait 报告两个套接字"),
          why: texts("Readiness again, and each read copies.", "同样只是就绪，每个 read 还要拷贝。"),
        },
        {
          text: texts("io_getevents reports finished requests", "io_getevents 报告请求已完成"),
          why: texts("The bytes are in the program's memory by then.", "那时数据已经在程序的内存里了。"),
        },
      ],
      right: 2,
      shownBy: "async",
    },
    {
      id: "cost",
      question: texts("What is the weakness of plain non-blocking reads?", "单纯的非阻塞读有什么缺点？"),
      choices: [
        {
          text: texts("Many system calls that learn nothing", "大量一无所获的系统调用"),
          why: texts(
            "Each is a way into the kernel and back, only to hear EAGAIN.",
            "每次都要进出内核一趟，只为了听一句 EAGAIN。",
          ),
        },
        {
          text: texts("They need a thread for each connection", "每个连接都要一个线程"),
          why: texts(
            "On the contrary: they are what lets one thread serve many.",
            "恰恰相反：正是它让一个线程能服务许多连接。",
          ),
        },
        {
          text: texts("The data may be lost", "数据可能丢失"),
          why: texts("It waits in the kernel until somebody reads it.", "数据会在内核里等着，直到有人来读。"),
        },
      ],
      right: 0,
      shownBy: "nonblocking",
    },
  ],
};
