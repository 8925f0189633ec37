import { begins, during, ends, happens } from "../seen.ts";
import { claim, counted, object, result, texts, the, times } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const page = the("Folio", ({ index }) => index === 0);

/** The way of a file's bytes to a client, and how many of the copies on it can be saved. */
export const chapter: Chapter = {
  passages: [
    {
      id: "pio",
      scenario: "read-write-pio",
      place: during("read", "pio_transfer", { nth: 2 }),
      object: the("Cpu"),
      title: texts("Without DMA the CPU is a porter", "没有 DMA，CPU 就是搬运工"),
      text: texts(
        "A server sends a file to a client. In this machine the devices cannot reach into memory themselves: the disk puts one word at a time into a register, and the CPU fetches it from there. While it carries words, it computes nothing for any program. This is called PIO, programmed I/O.",
        "一台服务器要把文件发给客户端。这台机器上的设备不能自己访问内存：磁盘每次把一个字放进寄存器，由 CPU 一个一个地取走。搬运的时候，CPU 不能为任何程序做计算。这种方式叫 PIO（programmed I/O，程序控制 I/O）。",
      ),
      claims: [
        claim(
          "words that the CPU fetches from the disk",
          "CPU 从磁盘取走的字数",
          counted("pioWords", begins("read"), ends("read")),
          2048,
        ),
        claim(
          "DMA transfers meanwhile",
          "其间的 DMA 传输次数",
          counted("dmaTransfers", begins("read"), ends("read")),
          0,
        ),
      ],
    },
    {
      id: "dma-in",
      scenario: "read-write",
      place: during("read", "disk_transfer"),
      object: page,
      title: texts("DMA: the disk writes into memory itself", "DMA：磁盘自己写内存"),
      text: texts(
        "Here the disk has DMA, direct memory access. The kernel tells it which pages to fill, and the server sleeps. The disk moves the bytes into pages of the page cache while the CPU is free; an interrupt says when it is done. Mind the target: memory of the kernel, not of the program.",
        "这台机器的磁盘支持 DMA（直接内存访问）。内核告诉磁盘要填哪些页，服务器随即睡眠。磁盘把字节送进页缓存的页里，CPU 在此期间是空闲的；完成时由中断来通知。注意目的地：那是内核的内存，不是程序的内存。",
      ),
      claims: [
        claim(
          "bytes that the disk has put into memory",
          "磁盘送入内存的字节数",
          counted("dmaBytes", begins("read"), ends("read")),
          8192,
        ),
        claim(
          "bytes that a CPU has copied up to here",
          "到此为止 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("read"), during("read", "disk_transfer")),
          0,
        ),
      ],
    },
    {
      id: "copy-out",
      scenario: "read-write",
      place: during("read", "copy_to_user"),
      object: page,
      title: texts("First copy: page cache to program", "第一次 CPU 拷贝：页缓存到程序"),
      text: texts(
        "`read` has promised the bytes in the program's own buffer. So a CPU copies them from the page cache, page by page. This is the hot arrow on the stage: while DMA is cool and costs the CPU nearly nothing, this one takes its time and its cache.",
        "`read` 承诺把数据放进程序自己的缓冲区，所以 CPU 要把它们从页缓存里一页一页拷贝出来。舞台上的暖色箭头就是它：DMA 是冷色的，几乎不占用 CPU；而这次拷贝要花 CPU 的时间，也会占用它的缓存。",
      ),
      claims: [
        claim(
          "bytes that read() has a CPU copy",
          "read() 让 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("read"), ends("read")),
          8192,
        ),
      ],
    },
    {
      id: "four",
      scenario: "read-write",
      place: happens("dma_from_memory", { after: ends("write"), nth: 2 }),
      object: the("SkBuff"),
      title: texts("Four transfers, four crossings", "四次数据搬运，四次切换"),
      text: texts(
        "`write` has the CPU copy the same bytes once more, from the program into packets, and the network card fetches those by DMA. In sum: two copies by a CPU, two transfers by DMA. The program has crossed into the kernel and back twice, which makes four crossings.",
        "`write` 又让 CPU 把同样的字节拷贝一次：从程序拷到数据包里，再由网卡用 DMA 取走。合计：CPU 拷贝两次，DMA 传输两次。程序进出内核各两次，一共切换四次。",
      ),
      correction: {
        said: texts("The notes speak of “4 context switches”.", "笔记里说“4 次上下文切换”。"),
        shown: texts(
          "What happens four times is a mode switch: the same task goes from user mode to kernel mode, or back. A task switch, where a CPU goes on with another task, is something else, and dearer. The machine counts both: between the two calls, no other task has run.",
          "发生四次的是模式切换：同一个任务在用户态与内核态之间来回。任务切换是 CPU 换一个任务来执行，那是另一回事，代价也更高。机器把两者分开计数：在这两次调用之间，没有别的任务运行过。",
        ),
      },
      claims: [
        claim(
          "mode switches, both calls",
          "模式切换次数（两次调用合计）",
          counted("modeSwitches", begins("read"), ends("write")),
          4,
        ),
        claim("task switches", "任务切换次数", counted("contextSwitches", begins("read"), ends("write")), 0),
        claim(
          "bytes copied by a CPU",
          "CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("read"), ends("write")),
          16_384,
        ),
        claim(
          "bytes that DMA has moved in the end",
          "最终由 DMA 搬运的字节数",
          counted("dmaBytes", begins("read"), happens("wire_receive", { after: ends("write") })),
          16_384,
        ),
      ],
    },
    {
      id: "sendfile",
      scenario: "sendfile",
      place: during("sendfile", "skb_splice_from_iter"),
      object: the("SkBuff"),
      title: texts("sendfile: the packet points at the pages", "sendfile：数据包直接指向页"),
      text: texts(
        "One call, `sendfile`, and the bytes never come to the program. The kernel does not copy them into the packet either: it notes there where the cached pages lie. The dashed lines are these references. A card that can gather fetches a packet's header here and its data there, so nothing has to be put together first.",
        "只用一次系统调用 `sendfile`，数据就根本不经过程序。内核也不把数据拷进数据包，只在包里记下页缓存的页在哪里，虚线就是这些引用。支持分散-聚集（scatter-gather）的网卡会从一处取包头、从另一处取数据，因此不需要先拼成一整块。",
      ),
      claims: [
        claim(
          "bytes copied by a CPU",
          "CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("sendfile"), ends("sendfile")),
          0,
        ),
        claim("mode switches", "模式切换次数", counted("modeSwitches", begins("sendfile"), ends("sendfile")), 2),
        claim(
          "pages of the file that the packet refers to",
          "数据包引用的文件页数",
          (seen) =>
            object(seen.at(during("sendfile", "skb_splice_from_iter")), "SkBuff").fragments.filter(
              ({ mapping }) => mapping !== 0,
            ).length,
          3,
        ),
      ],
    },
    {
      id: "not-gathered",
      scenario: "sendfile-copied",
      place: during("sendfile", "eth_start_xmit"),
      object: the("SkBuff"),
      title: texts("The same call, a simpler card: one copy", "同一个调用，换块简单的网卡：一次拷贝"),
      text: texts(
        "This card cannot gather. It wants each packet as one piece of memory, so the CPU copies the cached pages into packets. The program is the same and does not notice. Two copies have become one; zero needs the right hardware.",
        "这块网卡不会聚集，它要求每个数据包在内存里是连续的一块，于是 CPU 只好把页缓存的内容拷进数据包。程序一字未改，也毫无察觉。两次拷贝变成了一次；要变成零次，还得硬件支持。",
      ),
      correction: {
        said: texts(
          "The notes say that with zero-copy “all data is moved by DMA”, without the CPU.",
          "笔记里说零拷贝“所有的数据都是通过 DMA 来进行传输的”，不需要 CPU。",
        ),
        shown: texts(
          "That is true only if the card gathers and computes checksums (SG-DMA). Otherwise `sendfile` leaves one copy by the CPU.",
          "只有网卡既支持分散-聚集、又能计算校验和（SG-DMA）时才是这样。否则 `sendfile` 仍会留下一次 CPU 拷贝。",
        ),
      },
      claims: [
        claim(
          "bytes copied by a CPU",
          "CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("sendfile"), ends("sendfile")),
          8192,
        ),
        claim("what sendfile() returns", "sendfile() 的返回值", result("sendfile"), "8192"),
      ],
    },
    {
      id: "references",
      scenario: "sendfile",
      place: ends("sendfile"),
      object: page,
      title: texts("What the CPU still does", "CPU 还要做什么"),
      text: texts(
        "Zero-copy means: no CPU copies the data. The CPU still runs `sendfile`, makes packets and headers, talks to disk and card, and counts references: the packets hold on to each page until they are sent. That is also the catch. Whoever changes the file now changes what is still to be sent.",
        "零拷贝的意思是：没有 CPU 来拷贝数据。但 CPU 仍要执行 `sendfile`、生成数据包和包头、指挥磁盘与网卡，还要维护引用计数：数据包在发完之前一直持有这些页。这也正是陷阱所在：此时若有人修改文件，还没发出去的内容也会跟着变。",
      ),
      claims: [
        claim(
          "references to the page when sendfile() has returned (cache and packet)",
          "sendfile() 返回时这一页的引用数（页缓存与数据包）",
          (seen) => object(seen.at(ends("sendfile")), "Folio").refcount,
          2,
        ),
        claim(
          "DMA transfers that were still to come then",
          "那时尚未进行的 DMA 传输",
          (seen) => seen.records("dma_from_memory", { after: ends("sendfile"), before: begins("lseek") }).length > 0,
          true,
        ),
        claim(
          "packets that the CPU has made and handed to the card",
          "CPU 生成并交给网卡的数据包数",
          times("eth_start_xmit", begins("sendfile"), ends("sendfile")),
          1,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "switches",
      question: texts(
        "`read` and then `write`: how often does the program cross between user mode and kernel mode?",
        "先 `read` 再 `write`，程序在用户态与内核态之间切换几次？",
      ),
      choices: [
        {
          text: texts("Two times", "两次"),
          why: texts(
            "Each call goes in and comes back, and there are two calls.",
            "每次调用都要进去再回来，而这里有两次调用。",
          ),
        },
        {
          text: texts("Four times", "四次"),
          why: texts(
            "Two calls, in and out each time. These are mode switches; the counter of task switches has not moved.",
            "两次调用，每次一进一出。这是模式切换；任务切换的计数并没有变。",
          ),
        },
        {
          text: texts("As often as pages are copied", "有多少页就切换多少次"),
          why: texts(
            "The kernel copies page after page without leaving kernel mode.",
            "内核逐页拷贝时一直待在内核态，不会中途返回。",
          ),
        },
      ],
      right: 1,
      shownBy: "four",
    },
    {
      id: "zero",
      question: texts(
        "`sendfile` on a card that cannot gather: how often does a CPU copy each byte?",
        "网卡不支持分散-聚集时用 `sendfile`，每个字节会被 CPU 拷贝几次？",
      ),
      choices: [
        {
          text: texts("Not at all: sendfile is zero-copy", "零次：sendfile 就是零拷贝"),
          why: texts(
            "It is with a card that gathers. This one needs each packet in one piece, and somebody has to make it.",
            "网卡会聚集时才是。这块网卡要求数据包是连续的一块，总得有人把它拼出来。",
          ),
        },
        {
          text: texts("Once", "一次"),
          why: texts(
            "From the page cache into the packet. The copies to and from the program are saved.",
            "从页缓存拷到数据包。数据不再经过程序，进出程序的两次拷贝就只剩这一次。",
          ),
        },
        {
          text: texts("Twice, as with read and write", "两次，和 read 加 write 一样"),
          why: texts(
            "The bytes never come to the program, so one of the two copies is gone.",
            "数据不经过程序，两次拷贝里至少省掉了一次。",
          ),
        },
      ],
      right: 1,
      shownBy: "not-gathered",
    },
    {
      id: "cpu",
      question: texts("What is left for the CPU in a real zero-copy transfer?", "真正的零拷贝传输中，CPU 还要做什么？"),
      choices: [
        {
          text: texts("Nothing at all", "什么都不用做"),
          why: texts(
            "Look at the kernel functions of this call: someone has to run them.",
            "看看这次调用经过的内核函数：总得有人去执行它们。",
          ),
        },
        {
          text: texts(
            "Control: packets, headers, references, orders to the devices",
            "控制工作：数据包、包头、引用计数、给设备下命令",
          ),
          why: texts(
            "The work per packet stays. Only the work per byte is gone.",
            "与包数成正比的工作还在，与字节数成正比的工作没有了。",
          ),
        },
        {
          text: texts("One copy, into the card's memory", "一次拷贝，拷到网卡的内存里"),
          why: texts("The card fetches the pages itself by DMA.", "网卡会用 DMA 自己来取这些页。"),
        },
      ],
      right: 1,
      shownBy: "references",
    },
  ],
};
