import type { QuestionWords } from "../../scenario.ts";

/** How edge-triggered and level-triggered differ. */
export const edgeTriggered: readonly QuestionWords[] = [
  {
    number: 1,
    id: "et-part-read",
    question: {
      en: "My edge-triggered handler reads a part and then hangs. Why?",
      "zh-CN": "边缘触发（ET）只读了一部分就卡住了，为什么？",
    },
    verdict: {
      en: "What is left makes no event: an edge-triggered item is not put back on the ready list. Read until EAGAIN, which is why the descriptor must not block; EPOLL_CTL_MOD has it looked at again.",
      "zh-CN":
        "剩下的字节不会产生事件：ET 的条目不会放回就绪链表。要一直读到 EAGAIN，所以描述符必须是非阻塞的；EPOLL_CTL_MOD 会让内核再检查一次。",
    },
    guesses: [
      { en: "The bytes that are left make another event.", "zh-CN": "剩下的字节会再触发一次事件。" },
      { en: "The bytes that are left are thrown away.", "zh-CN": "剩下的字节会被丢弃。" },
      {
        en: "What is left makes no event; only something new does.",
        "zh-CN": "剩下的字节不会触发事件，要有新的动静才行。",
      },
    ],
    right: 2,
    famous: 0,
    keywords: "edge-triggered epoll_wait rdllist",
  },
  {
    number: 2,
    id: "et-not-empty",
    question: {
      en: "Does edge-triggered fire only when the buffer goes from empty to non-empty?",
      "zh-CN": "边缘触发（ET）只在缓冲区从空变为非空时触发吗？",
    },
    verdict: {
      en: "No. Every wake-up by the file, such as new data, queues the item again, though old data is unread. Rely neither on more than one event nor on none.",
      "zh-CN":
        "不是。文件的每次唤醒（例如来了新数据）都会让条目再次进入就绪链表，即使旧数据还没读。不要指望多次事件，也不要指望没有事件。",
    },
    guesses: [
      {
        en: "Yes: while something is unread, new data makes no event.",
        "zh-CN": "是的：还有没读的数据时，新数据不会触发事件。",
      },
      {
        en: "No: new data makes an event, though old data is unread.",
        "zh-CN": "不是：旧数据没读，新数据照样触发事件。",
      },
      { en: "It depends: pipes yes, sockets no.", "zh-CN": "看情况：管道是，套接字不是。" },
    ],
    right: 1,
    famous: 0,
    keywords: "edge-triggered pipe unix tcp eventfd",
  },
  {
    number: 3,
    id: "et-listener",
    question: {
      en: "With an edge-triggered listener some clients are never accepted. Why?",
      "zh-CN": "监听套接字用了 ET，有些客户端一直没被 accept，为什么？",
    },
    verdict: {
      en: "Several connections can be one event, and those that are left make none. Accept until EAGAIN, or watch the listener level-triggered.",
      "zh-CN":
        "多个连接可能只有一次事件，剩下的连接不会再触发。要一直 accept 到 EAGAIN，或者监听套接字改用水平触发（LT）。",
    },
    guesses: [
      { en: "Three connections are three events.", "zh-CN": "三个连接就是三次事件。" },
      {
        en: "Three connections can be one event, and the rest waits unseen.",
        "zh-CN": "三个连接可能只有一次事件，剩下的没人知道。",
      },
      { en: "The kernel refuses what is not accepted in time.", "zh-CN": "没及时 accept 的连接会被内核拒绝。" },
    ],
    right: 1,
    famous: 0,
    keywords: "edge-triggered accept backlog listen",
  },
  {
    number: 4,
    id: "starvation",
    question: {
      en: "Does one busy connection starve the others?",
      "zh-CN": "一个繁忙的连接会饿死其他连接吗？",
    },
    verdict: {
      en: "Level-triggered is fair: what was told goes to the end of the ready list, so everybody has a turn. Edge-triggered tells each once: a loop until EAGAIN on a busy descriptor does starve the rest, so take a budget for each turn, and keep a list of your own of who is not finished.",
      "zh-CN":
        "水平触发（LT）是公平的：报告过的条目排到就绪链表末尾，人人有份。边缘触发（ET）每个只报告一次：在繁忙的描述符上一直读到 EAGAIN 才会饿死别人，所以每轮要限额，并自己记住谁还没读完。",
    },
    guesses: [
      {
        en: "Level-triggered no: who was told goes to the end of the list.",
        "zh-CN": "LT 不会：报告过的排到链表末尾。",
      },
      {
        en: "Yes: the first ready descriptor is told again and again.",
        "zh-CN": "会：总是最先就绪的描述符被反复报告。",
      },
      { en: "No: the kernel sorts by the time of the last read.", "zh-CN": "不会：内核按上次读取的时间排序。" },
    ],
    right: 0,
    famous: null,
    keywords: "level-triggered edge-triggered maxevents fairness 公平 饥饿",
  },
];
