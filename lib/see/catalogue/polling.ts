import type { Message } from "./message.ts";

/** poll and select, which ask every file each time; timerfds; and the two phases of every input. */
export const polling = {
  data_ready: {
    en: [
      "The first phase of an input is over: the data is there.",
      "{phase}, is over: {bytes} are there to be read from {object}. Whoever waited for that waits no longer.",
    ],
    "zh-CN": ["输入的第一阶段结束：数据已经就绪。", "{phase}结束：{object}里有 {bytes}可读。等待数据的一方不必再等。"],
  },
  data_copied: {
    en: [
      "The second phase of an input is over: the data has been copied to the program.",
      "{phase}, is over: a CPU has copied {bytes} from {object} to the program, in the call of {current}.",
    ],
    "zh-CN": [
      "输入的第二阶段结束：数据已经复制到程序。",
      "{phase}结束：CPU 在{current}的系统调用里，把 {bytes}从{object}复制到了程序。",
    ],
  },
  do_sys_poll: {
    en: [
      "Asks about many descriptors: copies the program's list in, polls all, copies the answers out.",
      ({ args }) =>
        args["again"]
          ? "{current} goes on with its poll() after a sleep: it does not know yet which of its files has called."
          : "{current} asks about a list of {nfds} with poll(): the kernel remembers none of it from the call before.",
    ],
    "zh-CN": [
      "一次询问许多描述符：拷入程序给的列表，逐个询问，再把答案拷出。",
      ({ args }) =>
        args["again"]
          ? "{current}睡醒后继续执行 poll()：它还不知道是哪个文件叫醒了它。"
          : "{current}调用 poll()，给出 {nfds} 个描述符：内核不会记得上一次调用里的任何一个。",
    ],
  },
  do_poll: {
    en: [
      "Asks all files of a poll(); sleeps if none is ready, and asks all of them again afterwards.",
      "The whole list is gone through, {nfds} in number, one after the other, however few of them are ready.",
    ],
    "zh-CN": [
      "询问 poll() 的全部文件；没有就绪的就睡眠，醒来后再把全部文件问一遍。",
      "逐个检查全部 {nfds} 个描述符，无论其中就绪的多么少。",
    ],
  },
  do_pollfd: {
    en: ["Asks the file of one descriptor.", "poll() asks {fd} whether {events} is true of it now."],
    "zh-CN": ["询问一个描述符的文件。", "poll() 询问 {fd}：{events} 现在是否成立。"],
  },
  __pollwait: {
    en: [
      "Puts an entry with pollwake on a wait queue of a file, for the length of this call.",
      "The call hangs an entry into {head}: if that queue is woken, the task is. It is taken out when the call ends.",
    ],
    "zh-CN": [
      "把带有 pollwake 的等待项放到文件的等待队列上，只在本次调用期间有效。",
      "本次调用把一个等待项挂到{head}：该队列被唤醒时，任务也会被唤醒。调用结束时再摘下来。",
    ],
  },
  pollwake: {
    en: [
      "Called by a wait queue: wakes the task whose poll() or select() hangs there, if it asked for what happened.",
      ({ args }) =>
        args["key"]
          ? "{entry} is told that {key} is true: if it asked for any of that, its task is woken and asks all files again."
          : "{entry} is told of a change, without saying which: its task is woken and asks all files again.",
    ],
    "zh-CN": [
      "由等待队列调用：如果发生的正是所等的事件，就唤醒挂在这里的 poll() 或 select() 的任务。",
      ({ args }) =>
        args["key"]
          ? "通知{entry}：{key} 成立；如果其中有它要等的，就唤醒它的任务，由任务把全部文件再问一遍。"
          : "通知{entry}：状态有变，但没有说明是什么；唤醒它的任务，由任务把全部文件再问一遍。",
    ],
  },
  poll_schedule_timeout: {
    en: [
      "Puts the task to sleep until one of its wait queues is woken, or until its time is over.",
      ({ args }) =>
        args["entries"] === 1
          ? "Nothing is ready: {current} goes to sleep, and has an entry in a wait queue meanwhile."
          : "Nothing is ready: {current} goes to sleep, and has entries in {entries} wait queues meanwhile.",
    ],
    "zh-CN": [
      "让任务睡眠，直到它的某个等待队列被唤醒，或者时间用完。",
      "没有任何就绪：{current}进入睡眠，在 {entries} 个等待队列里各有一个等待项。",
    ],
  },
  poll_freewait: {
    en: [
      "Takes the call out of all wait queues and frees its entries.",
      ({ args }) =>
        args["entries"]
          ? "The call is over and leaves all wait queues ({entries} entries); the next call will have to put them back."
          : "The call is over: it was in no wait queue, because it did not have to wait.",
    ],
    "zh-CN": [
      "把本次调用从所有等待队列中摘下，并释放等待项。",
      ({ args }) =>
        args["entries"]
          ? "调用结束：{entries} 个等待项离开各自的等待队列，下一次调用还要重新挂上。"
          : "调用结束：它不需要等待，所以没有挂到任何等待队列。",
    ],
  },
  core_sys_select: {
    en: [
      "Asks about many descriptors: copies the program's sets in, polls all, copies the answers over them.",
      ({ args }) =>
        args["again"]
          ? "{current} goes on with its select() after a sleep: it does not know yet which of its files has called."
          : "{current} calls select() for the descriptors below {nfds}: sets with one bit for each are copied in.",
    ],
    "zh-CN": [
      "一次询问许多描述符：拷入程序给的集合，逐个询问，再用答案覆盖这些集合。",
      ({ args }) =>
        args["again"]
          ? "{current}睡醒后继续执行 select()：它还不知道是哪个文件叫醒了它。"
          : "{current}对编号小于 {nfds} 的描述符调用 select()：拷入集合，每个描述符占一位。",
    ],
  },
  do_select: {
    en: [
      "Asks all files of a select(); sleeps if none is ready, and asks all of them again afterwards.",
      "The sets are gone through bit by bit, up to number {nfds}.",
    ],
    "zh-CN": [
      "询问 select() 的全部文件；没有就绪的就睡眠，醒来后再把全部文件问一遍。",
      "逐位检查这些集合，最多 {nfds} 个描述符。",
    ],
  },
  select_poll_one: {
    en: ["Asks the file of one descriptor.", "select() asks {fd} what is true of it now."],
    "zh-CN": ["询问一个描述符的文件。", "select() 询问 {fd} 当前有哪些事件成立。"],
  },
  timerfd_create: {
    en: [
      "Makes a timerfd: a timer behind a descriptor.",
      "{current} makes a timerfd for {clockid}; every clock tells the machine's virtual time.",
    ],
    "zh-CN": [
      "创建 timerfd：描述符背后的一个定时器。",
      "{current}为 {clockid} 创建 timerfd；所有时钟给出的都是机器的虚拟时间。",
    ],
  },
  do_timerfd_settime: {
    en: [
      "Sets when a timer expires, and how often.",
      ({ args }) =>
        args["value"]
          ? "{current} sets {ctx}; expirations that were not read are forgotten."
          : "{current} switches {ctx} off; expirations that were not read are forgotten.",
    ],
    "zh-CN": [
      "设定定时器的到期时间和周期。",
      ({ args }) =>
        args["value"] ? "{current}设定{ctx}；尚未读取的到期次数作废。" : "{current}关闭{ctx}；尚未读取的到期次数作废。",
    ],
  },
  do_timerfd_gettime: {
    en: ["Says how long it is until a timer expires.", "{current} asks how long it is until {ctx} expires."],
    "zh-CN": ["回答定时器还有多久到期。", "{current}询问{ctx}还有多久到期。"],
  },
  timerfd_tmrproc: {
    en: [
      "Called by the timer interrupt: counts an expiration and wakes those who wait for it.",
      "{ctx} expires: it counts 1 more and tells its wait queue. A periodic one is started again by its next reader only.",
    ],
    "zh-CN": [
      "由定时器中断调用：到期次数加一，并唤醒等待者。",
      "{ctx}到期：次数加一，并通知它的等待队列。周期定时器要等下一次读取才会重新启动。",
    ],
  },
  timerfd_forward: {
    en: [
      "The periods that a timer has missed are counted.",
      ({ args }) =>
        args["periods"] === 1
          ? "{ctx} catches up: one period has passed, and it is started for the next one."
          : "{ctx} catches up: {periods} periods have passed, and it is started for the next one.",
    ],
    "zh-CN": ["补计定时器错过的周期。", "{ctx}补计到期次数：已经过 {periods} 个周期，现在为下一个周期重新启动。"],
  },
  timerfd_read_iter: {
    en: [
      "Takes the number of expirations of a timer.",
      "{current} wants to know how often {ctx} has expired; if it has not, it waits.",
    ],
    "zh-CN": ["取走定时器的到期次数。", "{current}要取走{ctx}的到期次数；如果还没有到期，就等待。"],
  },
  timerfd_poll: {
    en: [
      "Says what is true of a timerfd now.",
      "{ctx} is asked what is true now: readable once it has expired and nobody has read that yet.",
    ],
    "zh-CN": ["回答 timerfd 当前有哪些事件成立。", "询问{ctx}当前状态：到期且还没有被读取时可读。"],
  },
  timerfd_release: {
    en: ["Closes a timerfd.", "{ctx} is closed, and its timer is stopped."],
    "zh-CN": ["关闭 timerfd。", "{ctx}被关闭，它的定时器停止。"],
  },
} as const satisfies Record<string, Message>;
