import type { Message } from "./message.ts";

/** System calls, tasks, waiting, time and memory. */
export const kernel = {
  none: {
    en: ["Nothing has happened yet.", "The machine has been booted; nothing has happened yet."],
    "zh-CN": ["还没有发生任何事。", "机器刚刚启动，还没有发生任何事。"],
  },
  sys_enter: {
    en: [
      "A task enters the kernel with a system call.",
      "{current} makes the system call {call}: the CPU crosses from user mode into kernel mode.",
    ],
    "zh-CN": ["任务通过系统调用进入内核。", "{current}发起系统调用 {call}：CPU 从用户态进入内核态。"],
  },
  sys_exit: {
    en: ["A system call returns to its program.", "{nr} returns {result}: {current} goes back to user mode with it."],
    "zh-CN": ["系统调用返回到程序。", "{nr} 返回 {result}：{current}带着结果回到用户态。"],
  },
  sched_switch: {
    en: [
      "A CPU goes on with another task.",
      ({ args }) =>
        args["prev"] === 0 || args["prev"] === args["next"]
          ? "CPU {cpu} takes {next} from the run queue and runs it."
          : "Context switch: CPU {cpu} ran {prev} before and now goes on with {next}.",
    ],
    "zh-CN": [
      "CPU 转去执行另一个任务。",
      ({ args }) =>
        args["prev"] === 0 || args["prev"] === args["next"]
          ? "CPU {cpu} 从运行队列取出{next}，开始执行它。"
          : "上下文切换：CPU {cpu} 之前执行{prev}，现在转去执行{next}。",
    ],
  },
  try_to_wake_up: {
    en: [
      "Makes a sleeping task runnable.",
      "{task} was asleep and becomes runnable: it goes on as soon as a CPU takes it from the run queue.",
    ],
    "zh-CN": [
      "把睡眠的任务变为可运行。",
      "{task}原本在睡眠，现在变为可运行：等 CPU 从运行队列里选中它，就会继续执行。",
    ],
  },
  copy_process: {
    en: [
      "Makes a new task, which shares or copies its parent's tables.",
      ({ args }) =>
        args["flags"]
          ? "A new task is made, which shares with its parent what the flags say: {flags}."
          : "A new task is made, with a descriptor table and an address space of its own.",
    ],
    "zh-CN": [
      "创建新任务，与父任务共享或复制各种表。",
      ({ args }) =>
        args["flags"] ? "创建新任务，按标志 {flags} 与父任务共享资源。" : "创建新任务，它有自己的描述符表和地址空间。",
    ],
  },
  do_exit: {
    en: [
      "Ends a task: closes its descriptors and gives its memory back.",
      "{task} ends with code {code}: its descriptors are closed and its memory is given back.",
    ],
    "zh-CN": ["结束任务：关闭它的描述符，归还它的内存。", "{task}以退出码 {code} 结束：描述符全部关闭，内存归还。"],
  },
  prepare_to_wait: {
    en: [
      "Puts the task on a wait queue, in front, as a plain waiter.",
      "{current} stands in front of {head} as a plain waiter: every wake-up reaches it; next it gives up the CPU.",
    ],
    "zh-CN": [
      "把任务作为普通等待者放到等待队列的队首。",
      "{current}作为普通等待者排到{head}的队首，每次唤醒都会叫到它；接下来它将让出 CPU。",
    ],
  },
  prepare_to_wait_exclusive: {
    en: [
      "Puts the task on a wait queue, at the end, as an exclusive waiter.",
      "{current} queues at the end of {head} as an exclusive waiter: a wake-up reaches only one of those, the oldest.",
    ],
    "zh-CN": [
      "把任务作为独占等待者放到等待队列的队尾。",
      "{current}作为独占等待者排到{head}的队尾：一次唤醒只会叫醒其中等得最久的一个。",
    ],
  },
  finish_wait: {
    en: [
      "Takes the task off the wait queue after it was woken.",
      "{current} has been woken, leaves {head} and looks again whether it can go on.",
    ],
    "zh-CN": ["任务被唤醒后，离开等待队列。", "{current}被唤醒，离开{head}，重新检查条件是否满足。"],
  },
  schedule: {
    en: [
      "Gives up the CPU.",
      "{task} has nothing to do until somebody wakes it: it gives up the CPU and sleeps in {wchan}().",
    ],
    "zh-CN": ["让出 CPU。", "{task}在被唤醒之前无事可做：它让出 CPU，在 {wchan}() 中睡眠。"],
  },
  __wake_up_common: {
    en: [
      "Calls the waiters of a wait queue one after another, from its head.",
      ({ args }) =>
        args["key"]
          ? "{head} is told that {key} has become true: its waiters are called one after another, from the head."
          : "{head} is told that something has changed, not what: its waiters are called one after another.",
    ],
    "zh-CN": [
      "从队首开始，依次调用等待队列上各个等待项的函数。",
      ({ args }) =>
        args["key"]
          ? "{head}得知 {key} 已成立：从队首开始，依次调用各个等待项的函数。"
          : "{head}得知状态有变（没有说明是什么）：从队首开始，依次调用各个等待项的函数。",
    ],
  },
  default_wake_function: {
    en: [
      "The usual function of a waiter: wakes its task.",
      "The waiter's function is default_wake_function: it wakes {task}.",
    ],
    "zh-CN": ["等待项的默认函数：唤醒它的任务。", "等待项的函数是 default_wake_function：它去唤醒{task}。"],
  },
  autoremove_wake_function: {
    en: [
      "A waiter's function that wakes its task and takes the entry off the queue.",
      "The waiter's function wakes {task} and takes its entry off the queue, so that the next wake-up is for another.",
    ],
    "zh-CN": [
      "等待项的函数：唤醒任务，并把等待项移出队列。",
      "等待项的函数去唤醒{task}，并把等待项移出队列，下一次唤醒就轮到别人。",
    ],
  },
  hrtimer_interrupt: {
    en: [
      "The hard interrupt of a timer that is due: calls the timer's function.",
      "{timer} is due: CPU {cpu} takes a hard interrupt and calls the timer's function.",
    ],
    "zh-CN": ["定时器到期的硬中断：调用定时器的函数。", "{timer}到期：CPU {cpu} 响应硬中断，调用定时器的函数。"],
  },
  hrtimer_wakeup: {
    en: [
      "A sleeper's alarm goes off: wakes its task.",
      "The time that {task} wanted to sleep at most is over: its alarm wakes it.",
    ],
    "zh-CN": ["睡眠者的闹钟响了：唤醒它的任务。", "{task}设定的最长睡眠时间已到：它的闹钟将其唤醒。"],
  },
  signal_wake_up: {
    en: [
      "Tells a task that a signal waits for it: wakes it from a sleep that signals may end.",
      "{task} is told that {signal} waits for it: if it sleeps and signals may end that, it wakes.",
    ],
    "zh-CN": [
      "通知任务有挂起信号：若任务处于可中断的睡眠，就唤醒它。",
      "通知{task}：{signal} 已经挂起，等它处理；它若处于可中断的睡眠，就被唤醒。",
    ],
  },
  hrtimer_nanosleep: {
    en: ["Lets a task sleep for a time.", "{current} wants to sleep for a time: its alarm is set, and will wake it."],
    "zh-CN": ["让任务睡眠一段时间。", "{current}要睡眠一段时间：设好闹钟，到时唤醒它。"],
  },
  do_sched_yield: {
    en: ["Lets the other tasks go first.", "{task} lets the others go first and queues behind them for the CPU."],
    "zh-CN": ["让其他任务先执行。", "{task}让其他任务先执行，自己排到运行队列的末尾。"],
  },
  sched_turn: {
    en: [
      "Picks the task that goes on: by the machine's seed, or by hand.",
      "{choices} tasks could go on: it is the turn of {task}, picked by the seed or by hand.",
    ],
    "zh-CN": [
      "选出接下来执行的任务：由种子决定，或由人指定。",
      "有 {choices} 个任务可以继续执行：按种子或人工的选择，轮到{task}。",
    ],
  },
  __do_softirq: {
    en: [
      "Runs the soft interrupts that are waiting.",
      "CPU {cpu} runs the soft interrupts that were raised, {pending}: the slow part of the interrupts' work.",
    ],
    "zh-CN": ["执行挂起的软中断。", "CPU {cpu} 执行挂起的软中断：{pending}。中断中较慢的那部分工作在这里完成。"],
  },
  send_signal_locked: {
    en: [
      "Sends a signal to a task or to its process.",
      "{signal} is sent to {task}: unless it is ignored, it is put to the signals that wait there.",
    ],
    "zh-CN": ["向任务或它所在的进程发送信号。", "向{task}发送 {signal}：只要不被忽略，就加入它的挂起信号。"],
  },
  signal_ignored: {
    en: ["A signal is dropped: it is ignored.", "{task} ignores {signal}: nothing becomes of it."],
    "zh-CN": ["信号被忽略，直接丢弃。", "{task}忽略 {signal}：它就此消失。"],
  },
  dequeue_signal: {
    en: ["A task takes one of the signals that wait for it.", "{task} takes {signal} and will act on it."],
    "zh-CN": ["任务取出一个挂起信号。", "{task}从挂起信号中取出 {signal}，接着就会处理它。"],
  },
  setup_rt_frame: {
    en: [
      "Sets a signal handler up: it runs before the program goes on.",
      "The handler of {task} for {signal} is set up (depth {depth}): it runs before the program goes on.",
    ],
    "zh-CN": [
      "准备好信号处理函数：它先于程序的后续代码执行。",
      "为{task}准备好 {signal} 的信号处理函数（第 {depth} 层）：它先于程序的后续代码执行。",
    ],
  },
  restore_sigcontext: {
    en: [
      "A signal handler has ended: what it had interrupted goes on.",
      "The handler of {task} at depth {depth} has ended: registers and blocked signals are put back.",
    ],
    "zh-CN": [
      "信号处理函数结束：被它打断的部分继续执行。",
      "{task}第 {depth} 层的信号处理函数结束：恢复寄存器和被阻塞的信号集。",
    ],
  },
  syscall_restart: {
    en: [
      "A system call that a signal had interrupted is made again.",
      "{current} makes {nr} again, which a signal had interrupted.",
    ],
    "zh-CN": ["重新发起被信号打断的系统调用。", "{current}重新发起曾被信号打断的 {nr}。"],
  },
  do_signal_stop: {
    en: ["A signal stops a task.", "{signal} stops {task}: it goes on when SIGCONT comes."],
    "zh-CN": ["信号使任务停止。", "{signal} 使{task}停止：等 SIGCONT 到来才继续。"],
  },
  do_group_exit: {
    en: [
      "All threads of a process are to end.",
      "All threads of the process of {task} are to end, with {code}: the others as soon as they come by.",
    ],
    "zh-CN": ["进程的所有线程都要结束。", "{task}所在进程的所有线程都要以 {code} 结束：其他线程在下次经过内核时结束。"],
  },
  do_notify_parent: {
    en: [
      "Tells the parent what has become of its child.",
      "{parent} is told what has become of its child {task}, with {signal}.",
    ],
    "zh-CN": ["把子任务的情况告诉父任务。", "用 {signal} 把子任务{task}的情况告诉{parent}。"],
  },
  release_task: {
    en: ["Nothing is left of a task that has ended.", "{task} has ended and nobody waits for it any more: it goes."],
    "zh-CN": ["清除已结束的任务。", "{task}已经结束，也没有谁再等它：把它清除。"],
  },
  do_wait: {
    en: ["Looks for a child that has ended.", "{current} looks for a child that has ended."],
    "zh-CN": ["查找已结束的子任务。", "{current}查找已经结束的子任务。"],
  },
  kthread_run: {
    en: ["A kernel thread is made.", "The kernel thread {task} is made: it works for the kernel and has no program."],
    "zh-CN": ["创建一个内核线程。", "创建内核线程{task}：它为内核工作，没有自己的程序。"],
  },
  kthread_exit: {
    en: ["A kernel thread ends.", "The kernel thread {task} has no more to do and ends."],
    "zh-CN": ["内核线程结束。", "内核线程{task}没有更多工作，结束运行。"],
  },
  handle_mm_fault: {
    en: [
      "Serves a page fault: maps the page of an address.",
      "Page {page} of {current} is not mapped, or not to be written as it is: a page fault.",
    ],
    "zh-CN": ["处理缺页：映射该地址所在的页。", "{current}的第 {page} 号页还没有映射，或者不能直接写：发生一次缺页。"],
  },
  do_mmap: {
    en: ["Maps a file or new memory.", "{current} maps {pages} pages."],
    "zh-CN": ["映射文件或新的内存。", "{current}映射 {pages} 页。"],
  },
  do_munmap: {
    en: ["Takes a range out of an address space.", "{current} unmaps {pages} pages from page {page} on."],
    "zh-CN": ["从地址空间中去掉一段。", "{current}解除从第 {page} 号页开始的 {pages} 页的映射。"],
  },
  do_mremap: {
    en: [
      "Makes an area longer or shorter, or moves its pages to other addresses.",
      "{current} wants the area at page {page} to have {pages} pages, here or elsewhere.",
    ],
    "zh-CN": ["扩大、缩小或移动一段映射。", "{current}要让从第 {page} 号页开始的映射变为 {pages} 页，原地或换个地址。"],
  },
  do_mprotect: {
    en: ["Changes what a range may be used for.", "{current} changes the rights of memory from page {page} on."],
    "zh-CN": ["更改一段内存的访问权限。", "{current}更改从第 {page} 号页开始的内存的权限。"],
  },
  filemap_fault: {
    en: [
      "A page fault in an area of a file looks for its page.",
      "A page fault in an area of a file looks for page {index} of the file, in the page cache, then on the disk.",
    ],
    "zh-CN": [
      "文件映射区的缺页：查找对应的页。",
      "文件映射区发生缺页：先在页缓存里找文件的第 {index} 页，没有再去读磁盘。",
    ],
  },
  filemap_page_mkwrite: {
    en: [
      "A page of a shared mapping becomes dirty.",
      "Page {index} of a file is stored to through a shared mapping: it is dirty from now on.",
    ],
    "zh-CN": ["共享映射的页变脏。", "程序通过共享映射写文件的第 {index} 页：从现在起它是脏页。"],
  },
  exc_page_fault: {
    en: [
      "A load or store of a program is a page fault.",
      "{task} touches page {page}, which is not there for it as it is: the processor enters the kernel.",
    ],
    "zh-CN": ["程序的读写引发缺页异常。", "{task}访问第 {page} 号页，而该页现在还不能这样使用：处理器进入内核。"],
  },
  wp_page_copy: {
    en: [
      "Copy-on-write: the writer gets a frame of its own.",
      "{current} stores to page {page}, which others have too: it gets a frame of its own with the same bytes.",
    ],
    "zh-CN": [
      "写时复制：写入者得到自己的页框。",
      "{current}要写第 {page} 号页，而这一页还有别人在用：它得到一个内容相同的、自己的页框。",
    ],
  },
  copy_to_user: {
    en: [
      "Copies bytes from the kernel to a program's buffer.",
      "The CPU copies {bytes} from the kernel to the buffer of {current}.",
    ],
    "zh-CN": ["把字节从内核复制到程序的缓冲区。", "CPU 把 {bytes}从内核复制到{current}的缓冲区。"],
  },
  copy_from_user: {
    en: [
      "Copies bytes from a program's buffer to the kernel.",
      "The CPU copies {bytes} from the buffer of {current} to the kernel.",
    ],
    "zh-CN": ["把字节从程序的缓冲区复制到内核。", "CPU 把 {bytes}从{current}的缓冲区复制到内核。"],
  },
  should_failslab: {
    en: [
      "An allocation of an object is made to fail.",
      "An allocation of {bytes} fails though there is memory: a fault was asked for.",
    ],
    "zh-CN": ["让一次对象分配失败。", "尽管有内存，一次 {bytes}的分配仍失败：有人要求注入故障。"],
  },
  should_fail_alloc_page: {
    en: [
      "An allocation of frames is made to fail.",
      "An allocation of frames of order {order} fails though there is memory: a fault was asked for.",
    ],
    "zh-CN": ["让一次页框分配失败。", "尽管有内存，一次 {order} 阶页框的分配仍失败：有人要求注入故障。"],
  },
} as const satisfies Record<string, Message>;
