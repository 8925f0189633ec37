import type { QuestionWords } from "../../scenario.ts";

/** The ways of a file's bytes. */
export const bytes: readonly QuestionWords[] = [
  {
    number: 20,
    id: "copies",
    question: {
      en: "How many copies and switches do read + write, mmap + write, sendfile and splice take?",
      "zh-CN": "read + write、mmap + write、sendfile、splice 各要几次拷贝、几次切换？",
    },
    verdict: {
      en: "read + write: 4 switches, 2 copies by the CPU, 2 transfers by DMA. mmap + write: 4 (and a page fault), 1, 2. sendfile: 2, 0, 2, with a card that gathers, as here; one that cannot costs a copy. splice: 4, 0, 2, through a pipe. DMA from the disk and to the card remains on every road. sendfile wants a file to read from that has pages, splice a pipe at one end.",
      "zh-CN":
        "read + write：4 次切换，CPU 拷贝 2 次，DMA 2 次。mmap + write：4 次（另有一次缺页），1 次，2 次。sendfile：2 次，0 次，2 次，因为这里的网卡支持 SG；不支持就要多拷贝 1 次。splice：4 次，0 次，2 次，要经过管道。磁盘到内存、内存到网卡这 2 次 DMA，哪条路都免不了。sendfile 的来源要有页缓存，splice 的一端必须是管道。",
    },
    guesses: [
      { en: "Zero-copy: nothing at all is copied.", "zh-CN": "零拷贝就是一次拷贝都没有。" },
      {
        en: "read + write 2 + 2, sendfile with a gathering card 0 + 2 (CPU + DMA).",
        "zh-CN": "read + write 是 2 + 2，网卡支持 SG 的 sendfile 是 0 + 2（CPU + DMA）。",
      },
      { en: "sendfile 1 + 1, as the file goes straight to the card.", "zh-CN": "sendfile 是 1 + 1，文件直接到网卡。" },
    ],
    right: 1,
    famous: 0,
    keywords: "zero-copy sendfile splice mmap 零拷贝 DMA",
  },
  {
    number: 21,
    id: "sendfile-in-flight",
    question: {
      en: "Is sendfile always safe, and always a gain?",
      "zh-CN": "sendfile 总是安全、总是更快吗？",
    },
    verdict: {
      en: "What is on its way are the file's own pages, by reference: a change that comes before they are read changes what arrives. read + write sends a copy, and is safe. There is no gain where the program has to transform the bytes on the way, as for TLS: unless the kernel does that, or the card (kTLS).",
      "zh-CN":
        "在途的是文件自己的页（按引用传递）：对方读走之前改文件，收到的内容也会变。read + write 发出的是副本，所以安全。如果程序要在途中变换数据（如 TLS），sendfile 也没有好处，除非由内核或网卡来做（kTLS）。",
    },
    guesses: [
      {
        en: "Once sendfile has returned, the file may be changed safely.",
        "zh-CN": "sendfile 返回后就可以放心改文件。",
      },
      {
        en: "A change that comes before the bytes are read changes what arrives.",
        "zh-CN": "对方读走之前的修改，会改变收到的内容。",
      },
      { en: "The file is locked until the bytes have arrived.", "zh-CN": "数据到达之前，文件是锁住的。" },
    ],
    right: 1,
    famous: 0,
    keywords: "zero-copy sendfile page cache reference 引用 零拷贝",
  },
  {
    number: 22,
    id: "mmap-sigbus",
    question: {
      en: "mmap is faster than read, isn't it? Why SIGBUS?",
      "zh-CN": "mmap 比 read 快，不是吗？为什么会收到 SIGBUS？",
    },
    verdict: {
      en: "mmap saves the copy, and pays for it with page faults (one for up to 16 pages loaded, one for each page stored to) and with the mapping itself: for small files, or what is read once, read is often faster. A load has no return value: where the file has no page any more, or the disk fails, the answer is SIGBUS, and EFAULT for a system call that is given such an address. read just says 0.",
      "zh-CN":
        "mmap 省下一次拷贝，代价是缺页（读时一次最多映射 16 页，写时每页一次），还有建立和拆除映射的开销：小文件、只读一遍的文件，往往 read 更快。访存指令没有返回值：文件已被截短、那一页不存在了，或者磁盘出错，就只能收到 SIGBUS；把这样的地址交给系统调用则得到 EFAULT。而 read 只是返回 0。",
    },
    guesses: [
      { en: "A page that the file has no more is SIGBUS.", "zh-CN": "文件已经没有的页，访问就收到 SIGBUS。" },
      { en: "Behind the end there are zeros.", "zh-CN": "越过文件末尾读到的是 0。" },
      { en: "It is a bug of the program that writes the file.", "zh-CN": "那是写文件的程序的缺陷。" },
    ],
    right: 0,
    famous: 1,
    keywords: "mmap page fault SIGBUS truncate 缺页",
  },
  {
    number: 23,
    id: "direct-alignment",
    question: {
      en: "O_DIRECT gives EINVAL, or is slower. Why?",
      "zh-CN": "O_DIRECT 返回 EINVAL，或者反而更慢，为什么？",
    },
    verdict: {
      en: "Without the page cache there is no read-ahead and nothing is found in memory the second time. Offset and length have to fit the blocks of file system and device, 512 bytes here; what the address must fit, each says itself (statx: STATX_DIOALIGN). It does not make writes durable: that is O_SYNC or fsync.",
      "zh-CN":
        "绕开页缓存就没有预读，第二次读也不会命中。偏移和长度要与文件系统和设备的块对齐，这里是 512 字节；地址要怎样对齐，各设备自己说（statx 的 STATX_DIOALIGN）。它也不保证落盘：那是 O_SYNC 或 fsync 的事。",
    },
    guesses: [
      { en: "Everything has to be a multiple of 4096.", "zh-CN": "所有参数都必须是 4096 的倍数。" },
      { en: "Any length works; only the address must be aligned.", "zh-CN": "任何长度都行，只有地址要对齐。" },
      {
        en: "It depends on file system and device: 512 can be enough.",
        "zh-CN": "取决于文件系统和设备：512 也可能够用。",
      },
    ],
    right: 2,
    famous: 0,
    keywords: "O_DIRECT alignment EINVAL page cache 对齐 直接 I/O",
  },
];
