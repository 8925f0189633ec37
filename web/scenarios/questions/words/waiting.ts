import type { QuestionWords } from "../../scenario.ts";

/** Who wakes, what epoll is made of and what it costs, and what can be waited for. */
export const waiting: readonly QuestionWords[] = [
  {
    number: 10,
    id: "thundering-herd",
    question: {
      en: "Every worker wakes for one connection. Must that be?",
      "zh-CN": "一个连接来了，所有 worker 都被唤醒（惊群），一定会这样吗？",
    },
    verdict: {
      en: "With an epoll for each worker every epoll is told, and wakes its sleeper: some find the connection already taken. EPOLLEXCLUSIVE wakes at least one, and here exactly one.",
      "zh-CN":
        "每个 worker 一个 epoll 时，每个 epoll 都会得到通知并唤醒自己的睡眠者，有的醒来发现连接已被取走。EPOLLEXCLUSIVE 至少唤醒一个，这里正好一个。",
    },
    guesses: [
      {
        en: "The kernel wakes one of those who wait for the listener.",
        "zh-CN": "内核只唤醒等待监听套接字的其中一个。",
      },
      { en: "Yes, there is no way round it.", "zh-CN": "一定会，没有办法。" },
      {
        en: "Every epoll is told; EPOLLEXCLUSIVE makes it one.",
        "zh-CN": "每个 epoll 都会被通知；EPOLLEXCLUSIVE 让它只唤醒一个。",
      },
    ],
    right: 2,
    famous: 0,
    keywords: "herd 惊群 EPOLLEXCLUSIVE wake-up worker",
  },
  {
    number: 11,
    id: "one-worker-gets-all",
    question: {
      en: "With EPOLLEXCLUSIVE one worker gets all the load. Why?",
      "zh-CN": "用了 EPOLLEXCLUSIVE，负载却全在一个 worker 上，为什么？",
    },
    verdict: {
      en: "It is the order of the wait queue: the epoll that was added first and has a sleeper gets it, always the same one. Workers that block in accept stand in a queue and are served in turn; SO_REUSEPORT spreads by hash. EPOLLEXCLUSIVE goes with neither ONESHOT nor RDHUP nor MOD.",
      "zh-CN":
        "这是等待队列的顺序：最先加入且有睡眠者的 epoll 总是中选。阻塞在 accept 的 worker 排队轮流得到连接；SO_REUSEPORT 按哈希分散。EPOLLEXCLUSIVE 不能与 ONESHOT、RDHUP、MOD 合用。",
    },
    guesses: [
      {
        en: "The newest sleeper is woken first, always the same one.",
        "zh-CN": "总是先唤醒最新的睡眠者，所以总是同一个。",
      },
      { en: "The epoll that was added first comes first, every time.", "zh-CN": "最先加入的 epoll 每次都排在最前。" },
      { en: "It has the lowest pid.", "zh-CN": "因为它的 pid 最小。" },
    ],
    right: 1,
    famous: 0,
    keywords: "EPOLLEXCLUSIVE SO_REUSEPORT accept balance 负载均衡",
  },
  {
    number: 12,
    id: "threads-one-epoll",
    question: {
      en: "Several threads wait in one epoll: who wakes? Do I need EPOLLONESHOT?",
      "zh-CN": "多个线程等同一个 epoll：谁会醒？需要 EPOLLONESHOT 吗？",
    },
    verdict: {
      en: "One event wakes one sleeper, the newest, which is always the same one. Level-triggered puts the item back and wakes the next as well, sometimes in vain. And edge-triggered tells a second event to a second thread while the first is still at work: EPOLLONESHOT makes the descriptor one thread's own until EPOLL_CTL_MOD.",
      "zh-CN":
        "一个事件唤醒一个睡眠者，而且总是最新的那个。LT 会把条目放回并再唤醒下一个，有时是白醒。ET 的第二个事件会交给第二个线程，而第一个线程可能还在处理：EPOLLONESHOT 让描述符归一个线程独占，直到 EPOLL_CTL_MOD。",
    },
    guesses: [
      {
        en: "Edge-triggered keeps two threads from one descriptor; ONESHOT is not needed.",
        "zh-CN": "ET 保证两个线程不会碰同一个描述符，不需要 ONESHOT。",
      },
      {
        en: "A second event may wake a second thread for the same descriptor.",
        "zh-CN": "第二个事件可能为同一个描述符唤醒第二个线程。",
      },
      { en: "All threads wake for each event.", "zh-CN": "每个事件都会唤醒所有线程。" },
    ],
    right: 1,
    famous: 0,
    keywords: "threads EPOLLONESHOT edge-triggered wake-up 线程",
  },
  {
    number: 13,
    id: "epoll-mmap",
    question: {
      en: "Does epoll share memory with user space through mmap?",
      "zh-CN": "epoll 用 mmap 与用户空间共享内存吗？",
    },
    verdict: {
      en: "No: an epoll cannot be mapped, mmap says ENODEV. epoll_wait copies each ready event into the memory of the program, 12 bytes each on x86-64, and to an address where that cannot be done it says EFAULT. It is a copy: once the data is read, it still says IN. An event does not hold the data either; that is copied by read. What is copied is little because only ready descriptors are told.",
      "zh-CN":
        "不是：epoll 不能映射，mmap 返回 ENODEV。epoll_wait 把每个就绪事件拷贝到程序的内存里，x86-64 上每个 12 字节；地址写不进去就返回 EFAULT。那只是一份拷贝：数据读走之后，里面写的仍是 IN。事件里也没有数据，数据要靠 read 拷贝。拷贝得少，是因为只报告就绪的描述符。",
    },
    guesses: [
      {
        en: "Yes: kernel and program see the same list, so nothing is copied.",
        "zh-CN": "是的：内核和程序看的是同一个链表，所以不用拷贝。",
      },
      {
        en: "No: the events that are ready are copied, and the data by read.",
        "zh-CN": "不是：就绪的事件要拷贝出来，数据再由 read 拷贝。",
      },
      { en: "Only the data: it comes with the event.", "zh-CN": "只共享数据：数据随事件一起到达。" },
    ],
    right: 1,
    famous: 0,
    keywords: "mmap ENODEV EFAULT copy_to_user shared memory epoll_event 共享内存 零拷贝 拷贝",
  },
  {
    number: 14,
    id: "tree-or-hash",
    question: {
      en: "Why does epoll keep its descriptors in a red-black tree, and not in a hash table?",
      "zh-CN": "epoll 为什么用红黑树而不用哈希表？",
    },
    verdict: {
      en: "The tree is for epoll_ctl alone: it finds, adds and removes one item by its key, the open file and the number. So the same descriptor again is EEXIST, and its dup is another item. A tree needs no size in advance, never stops to move everything, and takes memory for what is there. epoll_create's size is from the days of a hash table; now it only must be above 0. epoll_wait never searches the tree: it takes from the ready list, in the order in which descriptors became ready.",
      "zh-CN":
        "红黑树只给 epoll_ctl 用：按键（打开的文件，编号）查找、添加、删除一个条目。所以同一个描述符再加一次是 EEXIST，它的 dup 却是另一个条目。树不用预先估计大小，不会停下来整体搬迁，有多少条目就占多少内存。epoll_create 的 size 是哈希表时代留下的，现在只要求大于 0。epoll_wait 从不查树：它取的是就绪链表，按描述符就绪的先后顺序。",
    },
    guesses: [
      {
        en: "epoll_wait goes through the tree, and in a tree it finds the ready ones faster.",
        "zh-CN": "epoll_wait 要遍历这棵树，在树里找就绪的更快。",
      },
      { en: "A hash table finds one descriptor more slowly than a tree.", "zh-CN": "哈希表查找一个描述符比树慢。" },
      {
        en: "epoll_ctl finds one item in it; no size to guess, no pause to grow.",
        "zh-CN": "epoll_ctl 用它查找单个条目；不用猜大小，也没有扩容的停顿。",
      },
    ],
    right: 2,
    famous: 0,
    keywords: "red-black tree rbr hash epoll_create size EEXIST dup rdllist 红黑树 哈希表 就绪链表",
  },
  {
    number: 15,
    id: "always-faster",
    question: {
      en: "Is epoll always faster than poll and select?",
      "zh-CN": "epoll 总是比 poll 和 select 快吗？",
    },
    verdict: {
      en: "No. With few descriptors, or when nearly all are active, poll does as well: once epoll has been told of them, both make as many calls for the same work. Short connections cost epoll one call more each, epoll_ctl. It wins with many idle ones: each call of poll is handed all of them, looks at all and, before it sleeps, enters all their wait queues and leaves them again; epoll stays in them and passes what is ready. What that costs the CPU can be measured in the lab of the ways of waiting, #/labs/waiting.",
      "zh-CN":
        "不是。描述符少，或者几乎全都活跃时，poll 一样好：加入 epoll 之后，同样的工作，两者的调用次数相同。短连接上，epoll 每个连接还要多一次 epoll_ctl。空闲的描述符很多时 epoll 才占优：poll 每次调用都要传入全部描述符、逐个检查，睡眠前要挂到每个等待队列上，醒来再逐个摘下；epoll 一直挂在等待队列上，只传出就绪的。CPU 时间差多少，可以在“等待的方式”实验室（#/labs/waiting）里测。",
    },
    guesses: [
      {
        en: "Yes: epoll is O(1), poll and select are O(n).",
        "zh-CN": "是的：epoll 是 O(1)，poll 和 select 是 O(n)。",
      },
      { en: "No: it wins when many descriptors are idle.", "zh-CN": "不是：空闲的描述符很多时它才占优。" },
      { en: "Yes, because it takes fewer system calls.", "zh-CN": "是的，因为它的系统调用更少。" },
    ],
    right: 1,
    famous: 0,
    keywords: "poll select epoll_ctl short connections idle cost benchmark 短连接 空闲 性能 等待队列",
  },
  {
    number: 16,
    id: "regular-files",
    question: {
      en: "Can epoll watch ordinary files? Why do event loops use threads for them?",
      "zh-CN": "epoll 能监听普通文件吗？为什么事件循环要用线程来读写它们？",
    },
    verdict: {
      en: "No: a regular file has nothing to wait on, so EPOLL_CTL_ADD is EPERM. poll and select call it ready at any time, which says nothing about the disk. Hence threads, asynchronous I/O or io_uring.",
      "zh-CN":
        "不能：普通文件没有可等待的东西，EPOLL_CTL_ADD 返回 EPERM。poll 和 select 说它随时就绪，但这与磁盘无关。所以要用线程、异步 I/O 或 io_uring。",
    },
    guesses: [
      { en: "It tells when data has come from the disk.", "zh-CN": "数据从磁盘读上来时会通知。" },
      { en: "EPOLL_CTL_ADD fails with EPERM.", "zh-CN": "EPOLL_CTL_ADD 返回 EPERM。" },
      { en: "It says that the file is always ready.", "zh-CN": "它报告文件始终就绪。" },
    ],
    right: 1,
    famous: 0,
    keywords: "EPERM regular file thread pool libuv 普通文件",
  },
  {
    number: 17,
    id: "ready-or-done",
    question: {
      en: "Is epoll asynchronous? And how do blocking and non-blocking differ from synchronous and asynchronous?",
      "zh-CN": "epoll 是异步的吗？阻塞/非阻塞与同步/异步有什么区别？",
    },
    verdict: {
      en: "epoll reports that data can be read; the program's own read copies it: that is synchronous, blocking or not. AIO and io_uring report that the data is in the buffer. Blocking says who waits in the first phase, synchronous who copies in the second. io_uring gains by many requests in one call, little by one at a time.",
      "zh-CN":
        "epoll 报告的是“可以读了”，拷贝仍由程序自己的 read 完成，所以是同步的，无论阻塞与否。AIO 和 io_uring 报告的是“已经读好了”。阻塞与否看第一阶段谁在等，同步与否看第二阶段谁来拷贝。io_uring 的好处在于一次调用提交许多请求，一次一个则收益很小。",
    },
    guesses: [
      {
        en: "Synchronous: it says that a read would not wait; the read still copies.",
        "zh-CN": "同步的：它只说“现在读不会等”，拷贝还要 read 来做。",
      },
      {
        en: "Asynchronous: with the event, the data is in the buffer.",
        "zh-CN": "异步的：事件来时，数据已在缓冲区里。",
      },
      { en: "Asynchronous if the descriptor is non-blocking.", "zh-CN": "描述符是非阻塞的，那就是异步的。" },
    ],
    right: 0,
    famous: 1,
    keywords: "asynchronous synchronous blocking AIO io_uring 异步 同步 阻塞",
  },
  {
    number: 18,
    id: "accept-emfile",
    question: {
      en: "accept fails with EMFILE, and the loop spins. What now?",
      "zh-CN": "accept 返回 EMFILE，事件循环空转，怎么办？",
    },
    verdict: {
      en: "The connection stays in the queue, so level-triggered tells of it for ever. Keep a spare descriptor: close it, accept, close, open it again. Edge-triggered tells once, and then the connection is forgotten instead.",
      "zh-CN":
        "连接仍留在队列里，所以 LT 会一直报告。预留一个备用描述符：关掉它、accept、关闭连接、再打开它。ET 只报告一次，空转就变成了遗忘。",
    },
    guesses: [
      { en: "The connection stays queued, so it is told for ever.", "zh-CN": "连接仍在队列里，所以一直报告。" },
      { en: "The connection is dropped, and the epoll stops telling.", "zh-CN": "连接被丢弃，epoll 不再报告。" },
      { en: "accept blocks until a descriptor is free.", "zh-CN": "accept 会阻塞，直到有空闲的描述符。" },
    ],
    right: 0,
    famous: 1,
    keywords: "EMFILE accept RLIMIT_NOFILE spare descriptor 备用描述符",
  },
  {
    number: 19,
    id: "select-1024",
    question: {
      en: "select crashes above descriptor 1023. Why?",
      "zh-CN": "描述符超过 1023 时 select 会崩溃，为什么？",
    },
    verdict: {
      en: "It is the number that counts, not how many. FD_SET writes the bit behind the fixed set of 128 bytes, into whatever lies there, and nobody checks. The kernel takes it for part of the set, reads it, and writes its answer there.",
      "zh-CN":
        "重要的是编号，而不是个数。FD_SET 把那一位写到固定的 128 字节集合之外，覆盖那里的内存，没有任何检查。内核把它当作集合的一部分：读它，并把结果写在那里。",
    },
    guesses: [
      {
        en: "select takes at most 1,024 descriptors and returns EINVAL for more.",
        "zh-CN": "select 最多接受 1024 个描述符，超过就返回 EINVAL。",
      },
      { en: "The kernel kills programs that ask for more.", "zh-CN": "内核会杀死关注更多描述符的程序。" },
      { en: "FD_SET writes behind the set, into other memory.", "zh-CN": "FD_SET 写到集合之外，破坏了别的内存。" },
    ],
    right: 2,
    famous: 0,
    keywords: "select FD_SET FD_SETSIZE memory 内存越界",
  },
];
