import type { Message } from "./message.ts";

/** io_uring: rings, requests and completions; and what tasks have to do before they go on. */
export const io_uring = {
  task_work_add: {
    en: [
      "A task gets something to do before it goes on in its program.",
      "{task} is to do something itself: when it enters or leaves the kernel, or at once if it sleeps there.",
    ],
    "zh-CN": [
      "给任务加一件回到程序之前要做的事。",
      "{task}有一件事要亲自做：在进入或离开内核时；如果正在内核中睡眠，就立即做。",
    ],
  },
  task_work_run: {
    en: ["Does what the task has to do before it goes on.", "{task} does what was left for it to do."],
    "zh-CN": ["完成任务继续之前要做的事。", "{task}完成留给它做的事。"],
  },
  io_uring_create: {
    en: [
      "Makes a ring: two queues in memory that program and kernel share.",
      "{current} gets a ring with room for {sq_entries} entries and {cq_entries} completions.",
    ],
    "zh-CN": [
      "建立一个环：两个队列，放在程序与内核共享的内存里。",
      "{current}得到一个环，可容纳 {sq_entries} 个提交项和 {cq_entries} 个完成项。",
    ],
  },
  io_uring_enter: {
    en: [
      "Enters the kernel for a ring: to submit entries, to wait for completions, or both.",
      "{current} comes with {to_submit} entries for {ctx}, and wants {min_complete} completions.",
    ],
    "zh-CN": [
      "为一个环进入内核：提交、等待完成，或两者都做。",
      "{current}带着 {to_submit} 个提交项来到{ctx}，想要 {min_complete} 个完成项。",
    ],
  },
  io_uring_register: {
    en: [
      "Registers something with a ring, so that it need not be looked up for every request.",
      "{current} registers with {ctx}: {opcode}, {nr_args} of them.",
    ],
    "zh-CN": ["向环登记一些东西，免得每个请求都要查找。", "{current}向{ctx}登记：{opcode}，共 {nr_args} 个。"],
  },
  io_submit_sqes: {
    en: [
      "Takes entries from the submission queue and submits them in order.",
      "{nr} entries of {ctx} are taken; the program may reuse their places.",
    ],
    "zh-CN": ["从提交队列取出提交项，按顺序提交。", "从{ctx}取出 {nr} 个提交项；程序可以重用它们的位置。"],
  },
  io_submit_sqe: {
    en: [
      "Makes a request of one entry: from now on the kernel works with its own copy.",
      "{req} of {ctx} is made: {opcode}.",
    ],
    "zh-CN": ["把一个提交项变成请求：从此内核使用自己的副本。", "为{ctx}建立{req}：{opcode}。"],
  },
  io_queue_sqe: {
    en: ["Tries a request without waiting.", "{req} ({opcode}) is tried: if it would have to wait, that is arranged."],
    "zh-CN": ["不等待地尝试一个请求。", "尝试{req}（{opcode}）：如果必须等待，就另作安排。"],
  },
  io_issue_sqe: {
    en: ["Does what a request asks for.", "{req} is carried out: {opcode}."],
    "zh-CN": ["执行请求所要求的操作。", "执行{req}：{opcode}。"],
  },
  io_submit_flush_completions: {
    en: [
      "Hands in the completions of all requests that are done, in order; then their chains go on.",
      "The completions of {ctx} are handed in together.",
    ],
    "zh-CN": ["按顺序交出所有已完成请求的完成项；然后它们的链继续。", "{ctx}的完成项一起交出。"],
  },
  io_uring_complete: {
    en: [
      "Stores a completion into the ring, where the program can see it.",
      "The entry with user_data {user_data} is complete in {ctx}: {res}.",
    ],
    "zh-CN": ["把完成项存入环中，程序就能看到。", "{ctx}中 user_data 为 {user_data} 的提交项已完成：{res}。"],
  },
  io_uring_fail_link: {
    en: ["A request has failed: the rest of its chain is cancelled.", "{link} is cancelled, because {req} has failed."],
    "zh-CN": ["一个请求失败了：链上其余的请求被取消。", "因为{req}失败，{link}被取消。"],
  },
  io_arm_poll_handler: {
    en: [
      "Hangs a request that would have had to wait into the wait queue of its file.",
      "{req} waits, without anybody sleeping, until its file tells of {events}.",
    ],
    "zh-CN": ["把一个本该等待的请求挂到文件的等待队列上。", "{req}等待文件报告 {events}，没有任务为此睡眠。"],
  },
  io_poll_wake: {
    en: ["The wait queue of a file is woken in which a request hangs.", "{req} is told of {key}."],
    "zh-CN": ["请求所挂的文件等待队列被唤醒。", "{req}得知 {key}。"],
  },
  io_poll_task_func: {
    en: ["The task of a request goes on with it, now that its file is ready.", "{current} goes on with {req}."],
    "zh-CN": ["文件已就绪，请求的任务继续处理它。", "{current}继续处理{req}。"],
  },
  io_poll_cancel_req: {
    en: ["A request that hangs in a wait queue gives up.", "{req} is taken out of the wait queue of its file."],
    "zh-CN": ["挂在等待队列上的请求放弃等待。", "{req}从文件的等待队列中取下。"],
  },
  io_timeout_fn: {
    en: ["The time of a request is over.", "The time of {req} is over."],
    "zh-CN": ["一个请求的时间到了。", "{req}的时间到了。"],
  },
  io_link_timeout_fn: {
    en: ["The time limit of a request is over: the request is cancelled.", "{req} was a time limit, and it is over."],
    "zh-CN": ["请求的时限已到：该请求被取消。", "{req}是一个时限，现在到了。"],
  },
  io_async_cancel: {
    en: ["A request cancels others.", "{req} looks for requests to cancel."],
    "zh-CN": ["一个请求取消其他请求。", "{req}寻找要取消的请求。"],
  },
  io_queue_iowq: {
    en: [
      "Gives a request that can only be done by sleeping to a worker.",
      "{req} goes to a kernel thread, which sleeps in its place.",
    ],
    "zh-CN": ["把只能靠睡眠完成的请求交给工作线程。", "{req}交给一个内核线程，由它代为睡眠。"],
  },
  io_cqring_wait: {
    en: ["Waits for completions.", "{current} waits until {ctx} has posted completion {until}."],
    "zh-CN": ["等待完成项。", "{current}等待{ctx}发布第 {until} 个完成项。"],
  },
  io_uring_poll: {
    en: ["Says whether a ring has completions to take, or room for entries.", "{ctx} is asked whether it is ready."],
    "zh-CN": ["报告环里是否有完成项可取、是否还能放入提交项。", "询问{ctx}是否就绪。"],
  },
  io_uring_release: {
    en: [
      "A ring's file is gone: requests on their way are cancelled.",
      "{ctx} has no file any more; {reqs} of its requests were on their way.",
    ],
    "zh-CN": ["环的文件消失：正在进行的请求被取消。", "{ctx}不再有文件；它还有 {reqs} 个请求正在进行。"],
  },
  io_ring_ctx_free: {
    en: ["Frees a ring.", "Nobody needs {ctx} any more: its memory is given back."],
    "zh-CN": ["释放一个环。", "再没有谁需要{ctx}：归还它的内存。"],
  },
  io_sq_thread: {
    en: [
      "The thread of a ring looks for entries: the program need not enter the kernel to submit.",
      "The thread of {ctx} finds {entries} entries.",
    ],
    "zh-CN": ["环的线程寻找提交项：程序不必进入内核就能提交。", "{ctx}的线程找到 {entries} 个提交项。"],
  },
  io_sq_thread_idle: {
    en: [
      "The thread of a ring has found nothing for so long that it sleeps.",
      "The thread of {ctx} sleeps; IORING_SQ_NEED_WAKEUP tells the program to wake it.",
    ],
    "zh-CN": ["环的线程久无所获，于是睡眠。", "{ctx}的线程睡眠；IORING_SQ_NEED_WAKEUP 告诉程序要唤醒它。"],
  },
} as const satisfies Readonly<Record<string, Message>>;
