import type { Message } from "./message.ts";

/** Descriptors, files, pipes and eventfds. */
export const files = {
  alloc_fd: {
    en: [
      "Finds the lowest free descriptor number.",
      "The lowest free descriptor number from {start} on is looked for, in the bitmap of the descriptor table.",
    ],
    "zh-CN": ["寻找最小的空闲描述符编号。", "在描述符表的位图中，从 {start} 开始寻找最小的空闲编号。"],
  },
  fd_install: {
    en: ["Makes a descriptor stand for a file.", "From now on {fd} stands for {file_kind} in the table of {current}."],
    "zh-CN": ["让描述符代表一个文件。", "从现在起，{fd} 在{current}的描述符表中代表{file_kind}。"],
  },
  file_close_fd: {
    en: [
      "Takes a descriptor out of the table.",
      "{fd} is taken out of the table, its number is free again; the file lives on as long as something refers to it.",
    ],
    "zh-CN": ["从描述符表中取出描述符。", "{fd} 从描述符表中取出，编号重新可用；只要还有引用，文件就继续存在。"],
  },
  do_dup2: {
    en: [
      "Makes a descriptor another name of an open file.",
      "{fd} becomes another name of {file}: both share the position and O_NONBLOCK, for it is one struct file.",
    ],
    "zh-CN": [
      "让描述符成为已打开文件的另一个名字。",
      "{fd} 成为{file}的另一个名字：两者共享读写位置和 O_NONBLOCK，因为它们是同一个 struct file。",
    ],
  },
  expand_fdtable: {
    en: ["Gives a descriptor table more slots.", "The descriptor table is full and grows to {slots} slots."],
    "zh-CN": ["扩大描述符表。", "描述符表已满，扩大到 {slots} 个槽位。"],
  },
  dup_fd: {
    en: [
      "Copies a descriptor table.",
      "The descriptor table is copied for a new task; the open files are shared, with one more reference for each.",
    ],
    "zh-CN": ["复制描述符表。", "为新任务复制描述符表；打开的文件并不复制，而是共享，每个文件增加一个引用。"],
  },
  put_files_struct: {
    en: [
      "Gives up one use of a descriptor table; the last one closes all its descriptors.",
      "{current} gives up its descriptor table; the last task that does so closes all descriptors in it.",
    ],
    "zh-CN": [
      "放弃对描述符表的一次使用；最后一个使用者关闭其中全部描述符。",
      "{current}放弃它的描述符表；最后一个放弃的任务会关闭其中全部描述符。",
    ],
  },
  __fput: {
    en: [
      "Releases a file that nobody refers to any more.",
      "The last reference to {file} is gone: it is released, and what it stood for is told so.",
    ],
    "zh-CN": ["释放不再被引用的文件。", "{file}的最后一个引用消失：文件被释放，它所代表的对象随之得到通知。"],
  },
  do_fcntl: {
    en: [
      "Asks for or changes the settings of a descriptor or a file.",
      "{current} makes the request {command} to {fd}, with the argument {argument}.",
    ],
    "zh-CN": ["查询或修改描述符或文件的设置。", "{current}对 {fd} 发出请求 {command}，参数为 {argument}。"],
  },
  do_vfs_ioctl: {
    en: ["Makes a special request to a file.", "{current} makes the request {request} to {fd}."],
    "zh-CN": ["向文件发出特殊请求。", "{current}对 {fd} 发出请求 {request}。"],
  },
  vfs_read: {
    en: [
      "Reads a file of any kind: calls the file's own function.",
      "{current} wants to read at most {bytes} from {file}; the file's own read function does it.",
    ],
    "zh-CN": [
      "读取任意类型的文件：调用文件自己的函数。",
      "{current}要从{file}读取最多 {bytes}；由该文件自己的读函数完成。",
    ],
  },
  vfs_write: {
    en: [
      "Writes a file of any kind: calls the file's own function.",
      "{current} wants to write {bytes} to {file}; the file's own write function does it.",
    ],
    "zh-CN": [
      "写入任意类型的文件：调用文件自己的函数。",
      "{current}要向{file}写入 {bytes}；由该文件自己的写函数完成。",
    ],
  },
  vfs_llseek: {
    en: ["Moves the position of a file.", "{current} moves the position of {file} by {offset} from {whence}."],
    "zh-CN": ["移动文件的读写位置。", "{current}移动{file}的读写位置：相对 {whence} 偏移 {offset}。"],
  },
  do_pipe2: {
    en: [
      "Makes a pipe and a descriptor for each of its ends.",
      "{current} makes a pipe: a ring of 16 slots, with one file for reading and one for writing.",
    ],
    "zh-CN": ["创建管道，并为两端各建一个描述符。", "{current}创建管道：一个 16 个槽位的环，读端和写端各有一个文件。"],
  },
  anon_pipe_read: {
    en: [
      "Takes bytes out of a pipe, the oldest first.",
      "{current} reads from {pipe}, {bytes} at most: from its oldest slot on, and it sleeps if all are empty.",
    ],
    "zh-CN": [
      "从管道中取出字节，先写入的先取出。",
      "{current}从{pipe}读取最多 {bytes}：从最旧的槽位开始；如果全空就睡眠。",
    ],
  },
  anon_pipe_write: {
    en: [
      "Puts bytes into a pipe.",
      "{current} writes {bytes} to {pipe}: into its newest slot if they fit there, else into fresh ones.",
    ],
    "zh-CN": ["向管道写入字节。", "{current}向{pipe}写入 {bytes}：最新的槽位放得下就合并进去，否则使用新槽位。"],
  },
  pipe_buf_merge: {
    en: [
      "Bytes are added to the newest slot of a pipe.",
      "{bytes} are added to the newest slot of {pipe}, whose page still has room.",
    ],
    "zh-CN": ["字节合并进管道最新的槽位。", "{bytes}合并进{pipe}最新的槽位，它的页还有空间。"],
  },
  pipe_buf_add: {
    en: ["Bytes fill a fresh slot of a pipe.", "{bytes} go into a fresh slot of {pipe}, with a page of its own."],
    "zh-CN": ["字节填入管道的新槽位。", "{bytes}填入{pipe}的一个新槽位，它有自己的一页。"],
  },
  pipe_buf_read: {
    en: ["Bytes are read from the oldest slot of a pipe.", "{bytes} are read from the oldest slot of {pipe}."],
    "zh-CN": ["从管道最旧的槽位读取字节。", "从{pipe}最旧的槽位读取 {bytes}。"],
  },
  pipe_buf_release: {
    en: [
      "A slot of a pipe becomes free.",
      "The oldest slot of {pipe} has been read to its end and is free for writers again.",
    ],
    "zh-CN": ["管道的一个槽位变为空闲。", "{pipe}最旧的槽位已读完，重新供写者使用。"],
  },
  pipe_poll: {
    en: [
      "Says what is true of one end of a pipe now.",
      "{pipe} is asked what is true now: data to read, room to write, or the other end closed.",
    ],
    "zh-CN": ["回答管道一端当前有哪些事件成立。", "询问{pipe}当前状态：有数据可读、有空间可写，还是另一端已关闭。"],
  },
  pipe_release: {
    en: [
      "Closes one end of a pipe and tells the other.",
      "One end of {pipe} is closed; who waits at the other end is told, because it may wait in vain.",
    ],
    "zh-CN": ["关闭管道的一端，并通知另一端。", "{pipe}的一端被关闭；在另一端等待的任务会得到通知，以免白等。"],
  },
  pipe_resize_ring: {
    en: ["Gives a pipe another number of slots.", "{pipe} gets {slots} slots."],
    "zh-CN": ["改变管道的槽位数。", "{pipe}改为 {slots} 个槽位。"],
  },
  do_eventfd: {
    en: [
      "Makes an eventfd: a counter behind a descriptor.",
      "{current} makes an eventfd, whose counter begins at {count}.",
    ],
    "zh-CN": ["创建 eventfd：描述符背后的一个计数器。", "{current}创建 eventfd，计数器初值为 {count}。"],
  },
  eventfd_read: {
    en: [
      "Takes the counter of an eventfd.",
      "{current} wants the counter of {ctx}; if it is 0, it waits until somebody adds to it.",
    ],
    "zh-CN": ["取走 eventfd 的计数。", "{current}要取走{ctx}的计数；如果是 0，就等到有人增加它。"],
  },
  eventfd_write: {
    en: ["Adds to the counter of an eventfd.", "{current} adds to the counter of {ctx}; who waits for it is told."],
    "zh-CN": ["增加 eventfd 的计数。", "{current}增加{ctx}的计数；等待它的一方会得到通知。"],
  },
  eventfd_count: {
    en: ["The counter of an eventfd changes.", "The counter of {ctx} is {count} now."],
    "zh-CN": ["eventfd 的计数改变。", "{ctx}的计数现在是 {count}。"],
  },
  do_wait_intr_irq: {
    en: [
      "Puts the task on a wait queue, at the end, as a plain waiter.",
      "{current} queues at the end of {head} as a plain waiter: every wake-up reaches all of those.",
    ],
    "zh-CN": [
      "把任务作为普通等待者放到等待队列的队尾。",
      "{current}作为普通等待者排到{head}的队尾：每次唤醒都会叫到所有这样的等待者。",
    ],
  },
  eventfd_poll: {
    en: [
      "Says what is true of an eventfd now.",
      "{ctx} is asked what is true now: readable while its counter is above 0.",
    ],
    "zh-CN": ["回答 eventfd 当前有哪些事件成立。", "询问{ctx}当前状态：计数大于 0 就可读。"],
  },
  eventfd_release: {
    en: ["Closes an eventfd.", "{ctx} is closed, and its counter is gone."],
    "zh-CN": ["关闭 eventfd。", "{ctx}被关闭，计数器随之消失。"],
  },
  do_sys_openat2: {
    en: ["Opens a file by its name.", "{current} opens a file by its name, with the flags {flags}."],
    "zh-CN": ["按名字打开文件。", "{current}按名字打开文件，标志为 {flags}。"],
  },
  fifo_open: {
    en: [
      "Opens a FIFO: a name for a pipe.",
      "{current} opens {inode}, a FIFO, with the flags {flags}: its pipe comes with the first who opens it, and whoever opens one end waits until the other end is opened too.",
    ],
    "zh-CN": [
      "打开 FIFO：管道的一个名字。",
      "{current}以标志 {flags} 打开 FIFO {inode}：第一个打开者带来它的管道；打开一端的任务要等到另一端也被打开。",
    ],
  },
  wait_for_partner: {
    en: [
      "Waits in open() until the other end of a FIFO is opened.",
      "Nobody has the other end of {pipe} open: {current} waits in its readers' queue until somebody opens it.",
    ],
    "zh-CN": [
      "在 open() 中等待 FIFO 的另一端被打开。",
      "还没有任务打开{pipe}的另一端：{current}在读者的等待队列中等候，直到有任务打开它。",
    ],
  },
  do_mknodat: {
    en: [
      "Makes a file of any kind.",
      "{current} makes a file with the mode {mode}: a FIFO, a device or a regular file.",
    ],
    "zh-CN": ["创建任意类型的文件。", "{current}创建一个文件，模式为 {mode}：FIFO、设备或普通文件。"],
  },
  do_unlinkat: {
    en: [
      "Removes the name of a file.",
      "{current} removes a name; whoever has the file open goes on with it, and the last close frees it.",
    ],
    "zh-CN": ["删除文件的名字。", "{current}删除一个名字；已经打开该文件的任务照常使用，最后一次关闭时才释放。"],
  },
  vfs_getattr: {
    en: ["Tells a program what a file is.", "{current} asks what a file is: its kind, its number, its size."],
    "zh-CN": ["告诉程序一个文件是什么。", "{current}查询一个文件的属性：类型、编号和大小。"],
  },
  close_range: {
    en: ["Closes a range of descriptors.", "{current} closes all descriptors from {from} to {to}."],
    "zh-CN": ["关闭一段范围内的描述符。", "{current}关闭从 {from} 到 {to} 的所有描述符。"],
  },
  do_prlimit: {
    en: [
      "Asks for or changes the limits of a process.",
      "{current} asks for or changes a limit of {task}: {resource}.",
    ],
    "zh-CN": ["查询或修改进程的资源限制。", "{current}查询或修改{task}的一项资源限制：{resource}。"],
  },
  kill_fasync: {
    en: [
      "Tells by a signal that a file is ready.",
      "{file} is ready: those who asked for that (O_ASYNC) are told by a signal.",
    ],
    "zh-CN": ["用信号通知文件已就绪。", "{file}已就绪：用信号通知要求这样做的任务 (O_ASYNC)。"],
  },
  do_signalfd4: {
    en: [
      "Makes a signalfd, or gives one another set of signals.",
      "{current} wants a descriptor from which its signals can be read.",
    ],
    "zh-CN": ["创建 signalfd，或更换它的信号集。", "{current}想要一个可以读出信号的描述符。"],
  },
  signalfd_read_iter: {
    en: ["Reads signals from a signalfd.", "{current} reads the signals that wait for it from {ctx}."],
    "zh-CN": ["从 signalfd 读取信号。", "{current}从{ctx}读取等待它处理的信号。"],
  },
  signalfd_poll: {
    en: [
      "Tells whether signals can be read from a signalfd.",
      "{ctx} is asked whether signals wait for {current} that can be read.",
    ],
    "zh-CN": ["查询 signalfd 是否有信号可读。", "查询{ctx}：是否有{current}可以读取的信号。"],
  },
} as const satisfies Record<string, Message>;
