import type { Message } from "./message.ts";

/** Asynchronous input and output: contexts, requests, and the ring of completions. */
export const aio = {
  ioctx_alloc: {
    en: [
      "Makes a context for asynchronous requests, with a ring of completions that the program can see.",
      "{current} wants room for {nr_events} requests: the ring gets at least twice as many slots, in whole pages, which kernel and program share.",
    ],
    "zh-CN": [
      "建立一个异步请求的上下文，其完成环程序也能看到。",
      "{current}要求能容纳 {nr_events} 个请求：完成环至少有两倍的槽位，占整数页，由内核和程序共享。",
    ],
  },
  kill_ioctx: {
    en: [
      "Takes a context from its process: what can be cancelled is, the rest is waited for.",
      "No call finds {ctx} any more; {reqs} of its requests were under way.",
    ],
    "zh-CN": [
      "把一个上下文从进程中撤下：能取消的请求被取消，其余的要等它们完成。",
      "从此没有系统调用能找到{ctx}；它还有 {reqs} 个请求正在进行。",
    ],
  },
  free_ioctx: {
    en: ["Frees a context and its ring.", "Nobody refers to {ctx} any more: its ring's pages are given back."],
    "zh-CN": ["释放一个上下文和它的完成环。", "再没有谁引用{ctx}：完成环的页面被归还。"],
  },
  exit_aio: {
    en: ["Gives up the contexts of a process that ends.", "The process of {current} ends, and with it its contexts."],
    "zh-CN": ["进程结束时放弃它的全部上下文。", "{current}所在的进程结束，它的上下文随之消失。"],
  },
  io_submit_one: {
    en: [
      "Looks at one iocb and starts what it asks for.",
      "An iocb for {fd} is submitted to {ctx}: {opcode}. A slot of the ring is taken for its event.",
    ],
    "zh-CN": [
      "检查一个 iocb 并开始它要求的操作。",
      "一个针对 {fd} 的 iocb 提交给{ctx}：{opcode}。完成环里为它的事件占下一个槽位。",
    ],
  },
  aio_read: {
    en: [
      "Reads for a request: a file that can do it at once, or only by sleeping, is done before io_submit() returns.",
      "{req} reads up to {bytes} from {file}.",
    ],
    "zh-CN": [
      "为一个请求读取：如果文件能立即读出，或只能睡眠等待，那么在 io_submit() 返回之前就已完成。",
      "{req}从{file}读取最多 {bytes}。",
    ],
  },
  aio_write: {
    en: [
      "Writes for a request: a file that can do it at once, or only by sleeping, is done before io_submit() returns.",
      "{req} writes up to {bytes} to {file}.",
    ],
    "zh-CN": [
      "为一个请求写入：如果文件能立即写完，或只能睡眠等待，那么在 io_submit() 返回之前就已完成。",
      "{req}向{file}写入最多 {bytes}。",
    ],
  },
  aio_fsync: {
    en: [
      "Gets to the disk, in a kernel thread, what was written to the file of a request.",
      "A kernel thread makes sure, for {req}, that what was written to {file} is on the disk.",
    ],
    "zh-CN": ["由内核线程把请求所指文件已写入的内容送到磁盘。", "内核线程为{req}确保已写入{file}的内容到达磁盘。"],
  },
  aio_poll: {
    en: [
      "Hangs a request into a wait queue of its file, unless what it waits for is true already.",
      "{req} waits for {events}, once, and no task sleeps for it.",
    ],
    "zh-CN": [
      "把请求挂到文件的等待队列上，除非它等待的条件已经成立。",
      "{req}等待 {events}，只等一次，也没有任务为它睡眠。",
    ],
  },
  aio_poll_wake: {
    en: [
      "Called when a file's wait queue is woken in which a request waits.",
      ({ args }) =>
        args["key"]
          ? "The wake-up says {key}: if {req} waits for any of that, it is complete."
          : "The wake-up does not say what for: the file is asked on behalf of {req}.",
    ],
    "zh-CN": [
      "请求所挂的文件等待队列被唤醒时调用。",
      ({ args }) =>
        args["key"]
          ? "唤醒时说明了 {key}：只要{req}等待其中之一，它就完成了。"
          : "唤醒时没有说明原因：替{req}去询问文件。",
    ],
  },
  aio_poll_cancel: {
    en: ["Makes a request that waits give up.", "{req} waits no longer: its event says 0."],
    "zh-CN": ["让正在等待的请求放弃。", "{req}不再等待：它的事件结果是 0。"],
  },
  aio_complete: {
    en: [
      "Stores the event of a request that is done at the tail of the ring, and wakes who has waited for so many.",
      ({ args }) =>
        ((args["res"] ?? 0) | 0) < 0
          ? "{req} has failed with {res}: its event goes to the tail of {ctx}'s ring."
          : "{req} is done: its event, with the result {res}, goes to the tail of {ctx}'s ring.",
    ],
    "zh-CN": [
      "把完成的请求的事件存到完成环的尾部，并唤醒等够了这么多事件的任务。",
      ({ args }) =>
        ((args["res"] ?? 0) | 0) < 0
          ? "{req}失败，错误是 {res}：它的事件进入{ctx}完成环的尾部。"
          : "{req}完成，结果是 {res}：它的事件进入{ctx}完成环的尾部。",
    ],
  },
  read_events: {
    en: [
      "Takes events from a ring; sleeps until there are enough, or the time is over.",
      "{current} wants {min_nr} to {nr} events of {ctx}.",
    ],
    "zh-CN": ["从完成环取事件；不够就睡眠，直到够数或时间到。", "{current}要从{ctx}取 {min_nr} 到 {nr} 个事件。"],
  },
  aio_read_events_ring: {
    en: [
      "Copies the events between head and tail of the ring to the program and moves the head.",
      "The ring of {ctx} has its head at {head} and its tail at {tail}: what lies between is handed out.",
    ],
    "zh-CN": [
      "把完成环头尾之间的事件复制给程序，并移动头部。",
      "{ctx}的完成环头部在 {head}，尾部在 {tail}：其间的事件被交给程序。",
    ],
  },
  eventfd_signal: {
    en: ["Adds 1 to an eventfd, from within the kernel.", "The kernel itself adds 1 to {ctx}."],
    "zh-CN": ["由内核自己给 eventfd 加 1。", "内核给{ctx}加 1。"],
  },
  iomap_dio_rw: {
    en: [
      "Reads or writes a file past the page cache: the disk is given the program's own pages.",
      "{current} moves {count} from or to {inode}, at byte {pos}, past the page cache: the program's pages are pinned for the disk.",
    ],
    "zh-CN": [
      "绕过页缓存读写文件：直接把程序自己的页面交给磁盘。",
      "{current}绕过页缓存，从第 {pos} 字节起与{inode}交换 {count}：程序的页面被钉住，供磁盘使用。",
    ],
  },
  iomap_dio_bio_end_io: {
    en: ["The disk is done with a part of a transfer past the page cache.", "The disk is done with {bytes} of {dio}."],
    "zh-CN": ["磁盘完成了一次绕过页缓存的传输的一部分。", "磁盘完成了{dio}中的 {bytes}。"],
  },
  iomap_dio_complete: {
    en: [
      "Ends a transfer past the page cache: the pages are let go, and the result is told.",
      "{dio} is over, with {result}: the program's pages are let go.",
    ],
    "zh-CN": ["结束一次绕过页缓存的传输：放开页面并告知结果。", "{dio}结束，结果是 {result}：程序的页面被放开。"],
  },
  data_placed: {
    en: [
      "The second phase of an input is over without a CPU: the device has put the data into the program's memory itself.",
      "The second phase, data copied, is over as well: the device itself has put {bytes} of {object} into the program's memory, and no CPU has touched them.",
    ],
    "zh-CN": [
      "输入的第二阶段不经 CPU 就结束了：设备自己把数据放进了程序的内存。",
      "第二阶段“数据复制”也已结束：设备自己把{object}的 {bytes}放进了程序的内存，CPU 没有碰过它们。",
    ],
  },
} as const satisfies Readonly<Record<string, Message>>;
