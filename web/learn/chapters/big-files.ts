import { begins, during, ends, happens } from "../seen.ts";
import { claim, counted, object, objects, texts, the, times } from "../claims.ts";
import type { Moment } from "../../model/frame.ts";
import type { Chapter } from "../chapter.ts";

const folios = (moment: Moment) => objects(moment, "Folio").length;
const program = the("TaskStruct");

/** Large files: past the page cache, and without waiting. These are two things, and the notes make one of them. */
export const chapter: Chapter = {
  passages: [
    {
      id: "direct",
      scenario: "direct",
      place: during("pread64", "disk_transfer"),
      object: the("DiskState"),
      title: texts("Direct I/O: past the page cache", "直接 I/O：绕过页缓存"),
      text: texts(
        "This file was opened with `O_DIRECT`. The disk moves the bytes by DMA straight into the program's own pages; the page cache has no part in it. Nothing is copied by a CPU, and nothing is pushed out of the cache.",
        "这个文件是用 `O_DIRECT` 打开的。磁盘通过 DMA 把数据直接送进程序自己的页，页缓存完全不参与。没有 CPU 拷贝，也不会把别的数据挤出缓存。",
      ),
      claims: [
        claim(
          "pages in the page cache afterwards",
          "之后页缓存中的页数",
          (seen) => folios(seen.at(ends("pread64"))),
          0,
        ),
        claim(
          "bytes copied by a CPU",
          "CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("pread64"), ends("pread64")),
          0,
        ),
        claim("bytes moved by DMA", "DMA 搬运的字节数", counted("dmaBytes", begins("pread64"), ends("pread64")), 8192),
      ],
    },
    {
      id: "asleep",
      scenario: "direct",
      place: during("pread64", "schedule"),
      object: program,
      title: texts("Direct, and yet the program sleeps", "直接 I/O，程序照样睡眠"),
      text: texts(
        "Look at the task: it is asleep inside `pread`, on the wait queue of this transfer. Direct says which way the bytes go. It does not say who waits for them. An ordinary `read` with `O_DIRECT` comes back when the disk is done, not before.",
        "看这个任务：它在 `pread` 里睡着了，挂在这次传输的等待队列上。“直接”说的是数据走哪条路，并没有说由谁来等。带 `O_DIRECT` 的普通 `read`，要等磁盘做完才返回。",
      ),
      correction: {
        said: texts(
          "The notes say: use asynchronous I/O, which goes round the page cache and is also called direct I/O.",
          "笔记里说：使用异步 I/O，绕开了 PageCache，也叫直接 I/O。",
        ),
        shown: texts(
          "Asynchronous and direct are two different things. Each of the two can be had without the other, as this run shows; for large files one uses both together.",
          "异步和直接是两回事，可以只要其中一样，这次运行里就都有；传输大文件时，通常是两样一起用。",
        ),
      },
      claims: [
        claim(
          "state of the program",
          "程序的状态",
          (seen) => object(seen.at(during("pread64", "schedule")), "TaskStruct").state,
          "UNINTERRUPTIBLE",
        ),
        claim(
          "times that pread() slept",
          "pread() 睡眠的次数",
          times("schedule", begins("pread64"), ends("pread64")),
          1,
        ),
      ],
    },
    {
      id: "again",
      scenario: "direct",
      place: during("pread64", "disk_transfer", { call: 2 }),
      object: the("DiskState"),
      title: texts("The price: nothing is kept", "代价：什么也不留下"),
      text: texts(
        "The same bytes again, and again the disk has to bring them. There is no read-ahead either. Who reads past the cache has to be better at caching than the kernel: databases are, and players of a film that nobody rewinds do not need it.",
        "再读同样的数据，磁盘又得送一次。也没有预读。绕过缓存的程序，得自己比内核更会做缓存：数据库就是这样；而播放一部没人回看的影片，则根本用不着缓存。",
      ),
      claims: [
        claim(
          "bytes by DMA for the second read of the same place",
          "第二次读同一处，DMA 搬运的字节数",
          counted("dmaBytes", begins("pread64", 2), ends("pread64", 2)),
          8192,
        ),
        claim(
          "windows of read-ahead for both",
          "两次读取的预读窗口数",
          (seen) => seen.records("page_cache_ra_unbounded", { before: ends("pread64", 2) }).length,
          0,
        ),
      ],
    },
    {
      id: "nonblocking",
      scenario: "direct",
      place: during("pread64", "schedule", { call: 3 }),
      object: program,
      title: texts("O_NONBLOCK means nothing to a file", "O_NONBLOCK 对普通文件没有意义"),
      text: texts(
        "Then simply do not block? This descriptor is open with `O_NONBLOCK`, through the page cache, and the program sleeps all the same. For the kernel a file on a disk is always ready. That is also why epoll refuses to watch one.",
        "那么设成非阻塞不就行了？这个描述符带着 `O_NONBLOCK` 打开，走页缓存，程序却照样睡着了。在内核看来，磁盘上的文件永远是就绪的。epoll 拒绝监视普通文件，也是因为这个。",
      ),
      claims: [
        claim("the call returned EAGAIN", "这次调用返回了 EAGAIN", (seen) => seen.call("pread64", 3).failed, false),
        claim("times that it slept", "睡眠的次数", times("schedule", begins("pread64", 3), ends("pread64", 3)), 1),
      ],
    },
    {
      id: "in-name",
      scenario: "direct",
      place: during("io_submit", "schedule"),
      object: program,
      title: texts("Asynchronous in name only", "只是名义上的异步"),
      text: texts(
        "`io_submit` is Linux's asynchronous I/O. Here it is given a file that is read through the page cache. It sleeps until the disk has brought the pages, copies them, and only then returns: when it comes back, all is done already. Linux's AIO waits for nobody only with `O_DIRECT`.",
        "`io_submit` 是 Linux 的异步 I/O。这里交给它的文件要走页缓存：它一直睡到磁盘把页送来，拷贝完才返回，返回时一切都已经做完了。Linux 的 AIO 只有配合 `O_DIRECT` 才真正不等待。",
      ),
      claims: [
        claim(
          "times that io_submit() slept",
          "io_submit() 睡眠的次数",
          times("schedule", begins("io_submit"), ends("io_submit")),
          1,
        ),
        claim(
          "bytes that it had a CPU copy",
          "它让 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("io_submit"), ends("io_submit")),
          8192,
        ),
        claim(
          "times that io_getevents() slept after it",
          "随后 io_getevents() 睡眠的次数",
          times("schedule", begins("io_getevents"), ends("io_getevents")),
          0,
        ),
      ],
    },
    {
      id: "both",
      scenario: "aio",
      place: ends("io_submit"),
      object: the("Kioctx"),
      title: texts("Both: direct and asynchronous", "两者兼得：直接，而且异步"),
      text: texts(
        "Four requests with `O_DIRECT`, and `io_submit` is back at once: the program computes while the disk works. Later `io_getevents` only has to tell which are done. The bytes are in the program's memory by then, and no copy is left to make.",
        "四个带 `O_DIRECT` 的请求，`io_submit` 立刻就返回了：磁盘工作的同时，程序在计算。之后 `io_getevents` 只需告诉程序哪些已经完成。那时数据已经在程序的内存里，没有拷贝要做了。",
      ),
      claims: [
        claim(
          "requests under way when io_submit() has returned",
          "io_submit() 返回时正在进行的请求数",
          (seen) => object(seen.at(ends("io_submit")), "Kioctx").reqs,
          4,
        ),
        claim(
          "times that io_submit() slept",
          "io_submit() 睡眠的次数",
          times("schedule", begins("io_submit"), ends("io_submit")),
          0,
        ),
        claim(
          "bytes copied by a CPU until all are done",
          "到全部完成为止 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("io_submit"), ends("io_getevents", 4)),
          0,
        ),
      ],
    },
    {
      id: "kept",
      scenario: "evicted",
      place: ends("close", 4),
      object: the("Inode", ({ name }) => name === "/film"),
      title: texts("So the others keep their place", "这样别人的数据就能留下"),
      text: texts(
        "This machine has just read a file that is larger than its free memory, with `O_DIRECT`. Its page cache is as it was before: the small files are still there, hot or not. A moment later the same file comes through the cache, and `/once` has to go.",
        "这台机器刚刚用 `O_DIRECT` 读完了一个比空闲内存还大的文件。页缓存和之前一模一样：小文件不管热不热，都还在。过一会儿，同一个文件再走一遍页缓存，`/once` 就被挤走了。",
      ),
      claims: [
        claim(
          "pages of the large file in the cache",
          "缓存中大文件的页数",
          (seen) => {
            const moment = seen.at(ends("close", 4));
            const { address } = object(moment, "Inode", ({ name }) => name === "/film");
            return objects(moment, "Folio").filter(({ inode }) => inode === address).length;
          },
          0,
        ),
        claim(
          "pages taken from others until here",
          "到此为止从别人那里回收的页数",
          (seen) => seen.records("filemap_remove_folio", { before: ends("close", 4) }).length,
          0,
        ),
        claim(
          "and more than 100 later, without O_DIRECT",
          "之后不用 O_DIRECT，则超过 100 页",
          (seen) =>
            seen.records("filemap_remove_folio", { after: happens("filemap_remove_folio"), before: ends("close", 5) })
              .length > 100,
          true,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "same",
      question: texts("Is direct I/O the same as asynchronous I/O?", "直接 I/O 就是异步 I/O 吗？"),
      choices: [
        {
          text: texts("Yes, two names for one thing", "是，一回事的两个名字"),
          why: texts(
            "Look at the stage: a direct read, and its program sleeps.",
            "看舞台：这是一次直接读取，而程序在睡眠。",
          ),
        },
        {
          text: texts(
            "No: one is about the way, the other about who waits",
            "不是：一个说的是走哪条路，一个说的是谁来等",
          ),
          why: texts(
            "Each can be had without the other; large files want both.",
            "两者可以各自单独存在；传大文件时往往两样都要。",
          ),
        },
      ],
      right: 1,
      shownBy: "asleep",
    },
    {
      id: "submit",
      question: texts(
        "`io_submit` for a file without `O_DIRECT`: when does it return?",
        "对没有 `O_DIRECT` 的文件调用 `io_submit`，什么时候返回？",
      ),
      choices: [
        {
          text: texts("At once; the kernel goes on by itself", "立刻返回，内核自己继续"),
          why: texts(
            "So it is with O_DIRECT. Through the page cache the call does all the work itself.",
            "带 O_DIRECT 才是这样。走页缓存时，所有工作都在这次调用里做完。",
          ),
        },
        {
          text: texts("When the bytes are there and copied", "数据到了、也拷完了才返回"),
          why: texts(
            "And io_getevents then finds the event without waiting.",
            "随后的 io_getevents 不用等就拿到了事件。",
          ),
        },
        {
          text: texts("With EAGAIN", "返回 EAGAIN"),
          why: texts(
            "A file on a disk is always ready, so there is nothing to try again later.",
            "磁盘文件永远是就绪的，没有“稍后再试”这一说。",
          ),
        },
      ],
      right: 1,
      shownBy: "in-name",
    },
    {
      id: "price",
      question: texts("What does a program give up with `O_DIRECT`?", "用了 `O_DIRECT`，程序放弃了什么？"),
      choices: [
        {
          text: texts("Read-ahead and the second, faster read", "预读，以及第二次读时的快"),
          why: texts("Nothing is kept and nothing is fetched ahead.", "什么都不留下，也不提前读。"),
        },
        {
          text: texts("DMA", "DMA"),
          why: texts(
            "On the contrary: the disk writes straight into the program's pages by DMA.",
            "恰恰相反：磁盘通过 DMA 直接写进程序的页。",
          ),
        },
        {
          text: texts("Nothing, it is always better", "什么都没放弃，它总是更好"),
          why: texts("Read the same place twice, and the disk works twice.", "同一个地方读两遍，磁盘就得工作两遍。"),
        },
      ],
      right: 0,
      shownBy: "again",
    },
  ],
};
