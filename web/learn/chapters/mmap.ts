import { begins, during, ends, happens, once } from "../seen.ts";
import { claim, counted, object, objects, result, texts, the } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const firstFault = happens("exc_page_fault");
const isMajor = happens("filemap_fault", { after: firstFault });

/** Where a page of the file is in a page table for the first time. */
const isMapped = once(
  (moment) => objects(moment, "Folio").some(({ mapcount }) => mapcount > 0),
  happens("finish_wait"),
);

/** A file in a program's own address space: what that saves, and what it costs instead. */
export const chapter: Chapter = {
  passages: [
    {
      id: "area",
      scenario: "mmap",
      place: ends("mmap"),
      object: the("TaskStruct"),
      title: texts("mmap itself moves nothing", "mmap 本身什么都不搬"),
      text: texts(
        "`mmap` has returned an address, and yet no byte of the file is in memory. The kernel has only noted: these addresses show that file. Such a note is called an area (`vm_area_struct`). The page table, which translates addresses, has no entry for it yet.",
        "`mmap` 已经返回了一个地址，可文件连一个字节都还没进内存。内核只是记下：这段地址对应那个文件。这样的一条记录叫做一个区域（`vm_area_struct`）。负责翻译地址的页表里，还没有它的表项。",
      ),
      claims: [
        claim(
          "pages of the file in the page cache",
          "页缓存中该文件的页数",
          (seen) => objects(seen.at(ends("mmap")), "Folio").length,
          0,
        ),
        claim(
          "bytes that the disk has moved",
          "磁盘搬运的字节数",
          (seen) => seen.at(ends("mmap")).counters.dmaBytes,
          0,
        ),
      ],
    },
    {
      id: "major",
      scenario: "mmap",
      place: isMajor,
      object: the("Inode", ({ name }) => name === "/data"),
      title: texts("The first touch: a page fault", "第一次访问：缺页"),
      text: texts(
        "The program loads one byte from its new memory. The CPU finds no entry in the page table and raises a page fault: an exception that takes it into the kernel without any system call. The page is not in the page cache either, so the disk has to be asked and the program sleeps. That is a major fault.",
        "程序从这段新内存里读一个字节。CPU 在页表里找不到表项，于是触发缺页异常：没有系统调用，也进入了内核。这一页也不在页缓存里，只好去问磁盘，程序随之睡眠。这叫主缺页（major fault）。",
      ),
      claims: [
        claim(
          "major faults until the next mmap()",
          "到下一次 mmap() 为止的主缺页次数",
          (seen) => seen.at(begins("mmap", 2)).counters.majorFaults,
          1,
        ),
        claim(
          "system calls between the two mmap() calls",
          "两次 mmap() 之间的系统调用次数",
          (seen) =>
            seen.session.run.calls.filter(
              ({ enter }) => enter > seen.call("mmap").enter && enter < seen.call("mmap", 2).enter,
            ).length,
          0,
        ),
      ],
    },
    {
      id: "shared",
      scenario: "mmap",
      place: isMapped,
      object: the("Folio", ({ index }) => index === 0),
      title: texts("One page, seen from two sides", "同一页，两边都看得到"),
      text: texts(
        "The disk has filled the page, and the page table now leads the program straight to it. Nothing was copied: the page of the page cache is the program's memory. Neighbours that are cached anyway are mapped along (fault-around), so the next addresses fault no more.",
        "磁盘已经填好这一页，页表现在把程序直接引向它。没有任何拷贝：页缓存的这一页，就是程序的内存。旁边已经缓存的页也顺便一起映射（fault-around），所以接下来的地址不再缺页。",
      ),
      claims: [
        claim(
          "entries of page tables that lead to this page",
          "指向这一页的页表项数",
          (seen) => object(seen.at(begins("mmap", 2)), "Folio", ({ index }) => index === 0).mapcount,
          1,
        ),
        claim(
          "the same for page 4, which was touched after it",
          "随后访问的第 4 页，同样的数",
          (seen) => object(seen.at(begins("mmap", 2)), "Folio", ({ index }) => index === 4).mapcount,
          1,
        ),
        claim(
          "bytes copied by a CPU for these loads",
          "这些读取中 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("mmap"), begins("mmap", 2)),
          0,
        ),
      ],
    },
    {
      id: "write-copies",
      scenario: "mmap-write",
      place: during("write", "copy_from_user"),
      object: the("SkBuff"),
      title: texts("mmap + write: one copy is left", "mmap + write：还剩一次拷贝"),
      text: texts(
        "Now a server maps a file and writes it to a socket. The copy by `read` is saved, as the page cache is in view already. But `write` still has the CPU copy: from the cached pages into packets. So the way has one CPU copy, where `read` and `write` have two and a gathering `sendfile` has none.",
        "现在，一个服务器把文件映射进来，再写到套接字。`read` 的那次拷贝省掉了，因为页缓存已经在程序的视野里。但 `write` 仍要 CPU 拷贝一次：从页缓存的页拷到数据包。所以这条路上有一次 CPU 拷贝；`read` 加 `write` 是两次，支持聚集的 `sendfile` 则是零次。",
      ),
      correction: {
        said: texts(
          "The notes say that mmap saves the copy from kernel to user buffer.",
          "笔记里说 mmap 省去了从内核缓冲区到用户缓冲区的拷贝。",
        ),
        shown: texts(
          "It does. Only, that is one of two: `mmap` and `write` together are not zero-copy.",
          "这没错，只是那仅是两次中的一次：`mmap` 加 `write` 合起来并不是零拷贝。",
        ),
      },
      claims: [
        claim(
          "bytes copied by a CPU for the way",
          "整条路上 CPU 拷贝的字节数",
          counted("cpuCopiedBytes", begins("mmap"), ends("write")),
          8192,
        ),
        claim("what write() returns", "write() 的返回值", result("write"), "8192"),
      ],
    },
    {
      id: "costs",
      scenario: "mmap-write",
      place: during("write", "filemap_fault"),
      object: the("Inode", ({ name }) => name === "/page.html"),
      title: texts("What it costs instead", "代价在哪里"),
      text: texts(
        "Two calls, `mmap` and `write`, so four mode switches as with `read` and `write`; `munmap` makes it six. On top come the page faults, here one that waits for the disk, inside `write` itself. For small files and for a single pass, `read` is often the faster way.",
        "`mmap` 与 `write` 两次调用，模式切换也是四次，和 `read` 加 `write` 一样；算上 `munmap` 就是六次。此外还有缺页，这里有一次就发生在 `write` 内部，要等磁盘。对小文件、或只读一遍的数据，`read` 往往更快。",
      ),
      claims: [
        claim(
          "mode switches of mmap() and write()",
          "mmap() 与 write() 的模式切换次数",
          counted("modeSwitches", begins("mmap"), ends("write")),
          4,
        ),
        claim("and of munmap()", "munmap() 另有", counted("modeSwitches", begins("munmap"), ends("munmap")), 2),
        claim(
          "major faults inside write()",
          "write() 内部的主缺页次数",
          counted("majorFaults", begins("write"), ends("write")),
          1,
        ),
      ],
    },
    {
      id: "private",
      scenario: "mmap",
      place: happens("wp_page_copy"),
      object: the("TaskStruct"),
      title: texts("Shared or private", "共享还是私有"),
      text: texts(
        "The first mapping was `MAP_SHARED`: what the program stored has made the file's page dirty, and the disk will get it. This one is `MAP_PRIVATE`. At the first store the kernel copies the page and leaves the file alone: copy on write.",
        "第一个映射是 `MAP_SHARED`：程序写入的内容让文件的页变脏，以后会写回磁盘。这一个是 `MAP_PRIVATE`：第一次写入时，内核复制出一页给程序，文件保持原样。这就是写时复制（copy on write）。",
      ),
      claims: [
        claim(
          "page 0, stored to through the shared mapping, is dirty",
          "通过共享映射写过的第 0 页是脏页",
          (seen) =>
            object(seen.at(happens("wp_page_copy")), "Folio", ({ index }) => index === 0).flags.includes("DIRTY"),
          true,
        ),
        claim(
          "page 1, stored to through the private mapping, is dirty",
          "通过私有映射写过的第 1 页是脏页",
          (seen) => object(seen.at(begins("munmap")), "Folio", ({ index }) => index === 1).flags.includes("DIRTY"),
          false,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "when",
      question: texts("When does the file come into memory?", "文件是什么时候进入内存的？"),
      choices: [
        {
          text: texts("When mmap is called", "调用 mmap 的时候"),
          why: texts(
            "Then only an area was noted; the page cache was empty.",
            "那时只记下了一个区域，页缓存里还是空的。",
          ),
        },
        {
          text: texts("At the first touch of each part", "第一次访问相应部分的时候"),
          why: texts(
            "The fault brings it: from the disk if need be, and from the page cache if it is there.",
            "由缺页带进来：必要时从磁盘读，已在页缓存里就直接映射。",
          ),
        },
        {
          text: texts("When munmap is called", "调用 munmap 的时候"),
          why: texts("That takes the area away again.", "那是把这个区域撤掉。"),
        },
      ],
      right: 1,
      shownBy: "major",
    },
    {
      id: "copies",
      question: texts(
        "`mmap` and `write` to a socket: how often does a CPU copy each byte?",
        "`mmap` 之后 `write` 到套接字，每个字节被 CPU 拷贝几次？",
      ),
      choices: [
        {
          text: texts("Not at all", "零次"),
          why: texts(
            "`write` knows nothing of the file: it sees addresses of a program, and copies what is there.",
            "`write` 并不知道那是文件：它只看到程序的地址，照样把内容拷走。",
          ),
        },
        {
          text: texts("Once", "一次"),
          why: texts("From the cached pages into the packets.", "从页缓存的页拷到数据包。"),
        },
        {
          text: texts("Twice", "两次"),
          why: texts(
            "The copy from page cache to program is saved: they are the same page.",
            "页缓存到程序的那次省掉了：它们是同一页。",
          ),
        },
      ],
      right: 1,
      shownBy: "write-copies",
    },
    {
      id: "faster",
      question: texts("Is mmap always faster than read?", "mmap 一定比 read 快吗？"),
      choices: [
        {
          text: texts("Yes, it saves a copy", "是，它省了一次拷贝"),
          why: texts(
            "It pays with page faults and with work on page tables. Which is more depends on how often the bytes are used.",
            "代价是缺页和对页表的操作。哪边更多，取决于这些数据会被用多少次。",
          ),
        },
        {
          text: texts("No: it trades a copy for page faults", "不一定：它是用缺页换拷贝"),
          why: texts(
            "In this run the fault even waits for the disk in the middle of `write`.",
            "在这次运行里，`write` 执行到一半还因缺页而等了磁盘。",
          ),
        },
      ],
      right: 1,
      shownBy: "costs",
    },
  ],
};
