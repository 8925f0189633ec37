import { begins, during, ends, happens } from "../seen.ts";
import { claim, eventpollOf, itemOf, object, queueOf, result, sockOf, socketOf, texts, the, times } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const call = { call: 3 };
const eventpoll = the("Eventpoll");
const asleep = during("epoll_wait", "schedule", call);
const callback = during("epoll_wait", "ep_poll_callback", call);

/** From an empty ready list into sleep, and by way of a packet, a callback and a wake-up back to the program. */
export const chapter: Chapter = {
  passages: [
    {
      id: "look",
      scenario: "echo",
      place: during("epoll_wait", "ep_poll"),
      object: eventpoll,
      title: texts("Is there anything on the list?", "链表上有东西吗？"),
      text: texts(
        "`epoll_wait` looks at `rdllist`, and nowhere else. If there is something, it takes it and returns. If not, as here, the task makes ready to sleep.",
        "`epoll_wait` 只看 `rdllist`，别处都不看。有就取走返回；没有，就像现在这样，任务准备睡眠。",
      ),
      claims: [
        claim(
          "items on the ready list",
          "就绪链表上的项数",
          (seen) => eventpollOf(seen.at(during("epoll_wait", "ep_poll"))).ready.length,
          0,
        ),
        claim(
          "files asked before the sleep",
          "睡眠前询问的文件数",
          times("ep_item_poll", begins("epoll_wait"), during("epoll_wait", "schedule")),
          0,
        ),
      ],
    },
    {
      id: "sleep",
      scenario: "echo",
      place: asleep,
      object: the("TaskStruct"),
      title: texts("Two kinds of entries, two queues", "两种等待项，两个队列"),
      text: texts(
        "The task hangs an entry into `wq` of the epoll and gives up the CPU. Compare the two: the entries at the sockets were made by `epoll_ctl`, stay for good, and call `ep_poll_callback`. This one was made by `epoll_wait`, lasts as long as the sleep, and wakes the task.",
        "任务在 epoll 的 `wq` 上挂了一项，然后让出 CPU。比较这两种：套接字上的项由 `epoll_ctl` 创建，长期存在，调用的是 `ep_poll_callback`；这一项由 `epoll_wait` 创建，睡多久就存在多久，作用是唤醒任务。",
      ),
      claims: [
        claim(
          "function of the entry on wq",
          "wq 上这一项的函数",
          (seen) => queueOf(seen.at(asleep), eventpollOf(seen.at(asleep)).address, "wq").waiters[0]!.func,
          "ep_autoremove_wake_function",
        ),
        claim(
          "function of the entry at the socket",
          "套接字上那一项的函数",
          (seen) => queueOf(seen.at(asleep), socketOf(seen.at(asleep), 5).address, "wait").waiters[0]!.func,
          "ep_poll_callback",
        ),
        claim(
          "the one on wq is exclusive",
          "wq 上的是独占的",
          (seen) => queueOf(seen.at(asleep), eventpollOf(seen.at(asleep)).address, "wq").waiters[0]!.exclusive,
          true,
        ),
        claim(
          "state of the task",
          "任务的状态",
          (seen) => object(seen.at(asleep), "TaskStruct").state,
          "INTERRUPTIBLE",
        ),
      ],
    },
    {
      id: "packet",
      scenario: "echo",
      place: during("epoll_wait", "sock_def_readable", call),
      object: (moment) => sockOf(moment, 5),
      title: texts("A packet: the socket calls its waiters", "来了数据包：套接字呼叫等待者"),
      text: texts(
        "A client has sent something. The soft interrupt has put the packet into the socket's receive queue, and TCP calls `sk_data_ready`, which is `sock_def_readable`. It walks the socket's wait queue and calls each entry's function. The socket knows nothing of epoll.",
        "客户端发来了数据。软中断把数据包放进套接字的接收队列，TCP 随即调用 `sk_data_ready`，也就是 `sock_def_readable`。它遍历套接字的等待队列，逐项调用其中的函数。套接字对 epoll 一无所知。",
      ),
      claims: [
        claim(
          "bytes in the receive queue",
          "接收队列中的字节数",
          (seen) => sockOf(seen.at(during("epoll_wait", "sock_def_readable", call)), 5).readable,
          5,
        ),
        claim("task that runs (0: none)", "正在运行的任务（0：没有）", (seen) => seen.record(callback).pid, 0),
      ],
    },
    {
      id: "callback",
      scenario: "echo",
      place: during("epoll_wait", "ep_ready", call),
      object: (moment) => itemOf(moment, 5),
      title: texts("ep_poll_callback fills the ready list", "ep_poll_callback 填充就绪链表"),
      text: texts(
        "The entry's function is `ep_poll_callback`. It has the item at hand, checks that somebody wants this event, and links the item into the ready list. So the list is filled in the soft interrupt, while the program sleeps, and not by anyone who goes looking.",
        "这一项的函数就是 `ep_poll_callback`。它手里就有 epitem，检查一下这种事件有没有人要，就把它链到就绪链表上。所以就绪链表是在软中断里、程序睡着的时候填好的，而不是靠谁去一个个找出来的。",
      ),
      claims: [
        claim(
          "on the ready list",
          "就绪链表上的项数",
          (seen) => eventpollOf(seen.at(during("epoll_wait", "ep_ready", call))).ready.length,
          1,
        ),
        claim(
          "state of the program",
          "程序的状态",
          (seen) => object(seen.at(during("epoll_wait", "ep_ready", call)), "TaskStruct").state,
          "INTERRUPTIBLE",
        ),
      ],
    },
    {
      id: "wake",
      scenario: "echo",
      place: during("epoll_wait", "try_to_wake_up", call),
      object: the("TaskStruct"),
      title: texts("Then the sleeper is woken", "然后唤醒睡眠者"),
      text: texts(
        "Only now `wq` comes in: the callback wakes one sleeper there, and the entry removes itself. A second packet arrives before the server runs; its item joins the list, too, and nobody needs to be woken any more.",
        "这时才轮到 `wq`：回调唤醒其中一个睡眠者，那一项随即把自己摘下。服务器还没来得及运行，第二个数据包又到了：对应的项也上了链表，但已经没有人需要唤醒了。",
      ),
      claims: [
        claim(
          "items that got ready during this sleep",
          "这次睡眠期间就绪的项数",
          times("ep_ready", begins("epoll_wait", 3), ends("epoll_wait", 3)),
          2,
        ),
        claim(
          "wake-ups for them",
          "为它们做的唤醒次数",
          times("try_to_wake_up", begins("epoll_wait", 3), ends("epoll_wait", 3)),
          1,
        ),
        claim(
          "who is left on wq",
          "wq 上剩下的项数",
          (seen) =>
            queueOf(
              seen.at(during("epoll_wait", "tcp_send_ack", call)),
              eventpollOf(seen.at(during("epoll_wait", "tcp_send_ack", call))).address,
              "wq",
            ).waiters.length,
          0,
        ),
      ],
    },
    {
      id: "deliver",
      scenario: "echo",
      place: during("epoll_wait", "copy_to_user", call),
      object: (moment) => itemOf(moment, 5),
      title: texts("Ask once more, then copy the event out", "再问一遍，然后把事件拷贝出去"),
      text: texts(
        "The task is back in `epoll_wait`. For each item on the list it asks the file once more, as things may have changed meanwhile, and copies an event into the program's array. The events are copied; the data is not: that stays in the socket until `read`.",
        "任务回到 `epoll_wait`。对链表上的每一项，它再问一次文件，因为其间情况可能变了；然后把一个事件拷进程序的数组。拷的是事件，不是数据：数据还在套接字里，等着 `read`。",
      ),
      correction: {
        said: texts("The notes say: if there is data on the list, it returns.", "笔记里说：rdllist 里有数据就返回。"),
        shown: texts(
          "Nearly: each item is asked again first. One that is not ready any more is taken off, and if none is left, the task goes back to sleep. The server's second `epoll_wait` shows just that.",
          "差不多：返回前每一项都要再问一遍。不再就绪的会被摘掉；如果一个不剩，任务就继续睡。这里服务器的第二次 `epoll_wait` 就能看到这种情况。",
        ),
      },
      claims: [
        claim("what epoll_wait() returns", "epoll_wait() 的返回值", result("epoll_wait", 3), "2"),
        claim(
          "bytes for each event",
          "每个事件的字节数",
          (seen) => seen.record(during("epoll_wait", "copy_to_user", call)).args[2],
          12,
        ),
        claim(
          "items that were on the list and not ready any more",
          "在链表上却已不再就绪的项数",
          times("ep_unready", begins("epoll_wait", 2), ends("epoll_wait", 2)),
          1,
        ),
      ],
    },
    {
      id: "level",
      scenario: "echo",
      place: during("epoll_wait", "ep_requeue", call),
      object: (moment) => itemOf(moment, 5),
      title: texts("Level-triggered: back on the list", "水平触发：放回链表"),
      text: texts(
        "By default an item that was reported goes to the end of the list again. The next `epoll_wait` asks it once more: still data, so it is reported again; none, so it is dropped. This is all that level-triggered means.",
        "默认情况下，报告过的项会重新放到链表末尾。下一次 `epoll_wait` 再问它：还有数据，就再报告；没有了，就摘掉。所谓水平触发，就是这么回事。",
      ),
      claims: [
        claim(
          "on the ready list when epoll_wait() has returned",
          "epoll_wait() 返回时就绪链表上的项数",
          (seen) => eventpollOf(seen.at(ends("epoll_wait", 3))).ready.length,
          2,
        ),
        claim(
          "dropped by the next epoll_wait()",
          "下一次 epoll_wait() 摘掉的项数",
          times("ep_unready", begins("epoll_wait", 4), ends("epoll_wait", 4)),
          2,
        ),
      ],
    },
    {
      id: "edge",
      scenario: "et-hang",
      place: (seen) => happens("schedule", { nth: -1 })(seen),
      object: (moment) => sockOf(moment, 5),
      title: texts("Edge-triggered: not put back", "边缘触发：不放回"),
      text: texts(
        "With `EPOLLET` a reported item is not put back. This server read four of ten bytes and waits for an event for the rest: none will come, as nothing new arrives. So with edge triggering one reads until `EAGAIN`.",
        "设了 `EPOLLET`，报告过的项不会放回。这个服务器十个字节只读了四个，就等着剩下的再有事件：不会有了，因为没有新数据到来。所以用边缘触发，就要一直读到 `EAGAIN`。",
      ),
      claims: [
        claim(
          "bytes that lie in the socket",
          "还留在套接字里的字节数",
          (seen) => sockOf(seen.at(happens("schedule", { nth: -1 })), 5).readable,
          6,
        ),
        claim(
          "on the ready list",
          "就绪链表上的项数",
          (seen) => eventpollOf(seen.at(happens("schedule", { nth: -1 }))).ready.length,
          0,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "fills",
      question: texts("Who puts an item on the ready list?", "是谁把 epitem 放到就绪链表上的？"),
      choices: [
        {
          text: texts("epoll_wait, which looks through the tree", "epoll_wait，它会把树找一遍"),
          why: texts("The server was asleep when it happened.", "那时服务器还在睡觉。"),
        },
        {
          text: texts(
            "ep_poll_callback, called from the socket's wait queue",
            "ep_poll_callback，由套接字的等待队列调用",
          ),
          why: texts("In the soft interrupt that has brought the packet.", "就在送来数据包的那个软中断里。"),
        },
        {
          text: texts("The network card", "网卡"),
          why: texts(
            "It moves bytes and interrupts; lists are the kernel's business.",
            "它只搬数据、发中断；链表是内核的事。",
          ),
        },
      ],
      right: 1,
      shownBy: "callback",
    },
    {
      id: "queues",
      question: texts(
        "The task sleeps in `epoll_wait`. In which wait queue?",
        "任务睡在 `epoll_wait` 里，它在哪个等待队列上？",
      ),
      choices: [
        {
          text: texts("In those of all watched sockets", "在所有被监视套接字的等待队列上"),
          why: texts(
            "That is how poll does it. There hang epoll's entries, with a callback.",
            "poll 才是这样。那里挂的是 epoll 的项，带着回调函数。",
          ),
        },
        {
          text: texts("In wq of the eventpoll", "在 eventpoll 的 wq 上"),
          why: texts("One entry, however many sockets are watched.", "不管监视多少套接字，都只有一项。"),
        },
      ],
      right: 1,
      shownBy: "sleep",
    },
    {
      id: "woken",
      question: texts(
        "Two packets for two sockets arrive while one task sleeps. How many wake-ups?",
        "一个任务睡着时，两个套接字各来了一个数据包。要唤醒几次？",
      ),
      choices: [
        {
          text: texts("One", "一次"),
          why: texts(
            "Both items are on the list when the task gets to look.",
            "等任务来看的时候，两项都已经在链表上了。",
          ),
        },
        {
          text: texts("Two", "两次"),
          why: texts("At the second packet nobody sleeps on wq any more.", "第二个包到的时候，wq 上已经没有人在睡了。"),
        },
      ],
      right: 0,
      shownBy: "wake",
    },
    {
      id: "edge",
      question: texts(
        "Edge-triggered, and only a part was read. When does the next event come?",
        "边缘触发，而且只读了一部分。下一个事件什么时候来？",
      ),
      choices: [
        {
          text: texts("At once, as there is still data", "马上，因为还有数据"),
          why: texts(
            "So it is with level triggering, where the item is put back on the list.",
            "水平触发才是这样，项会放回链表。",
          ),
        },
        {
          text: texts("When something new arrives", "有新数据到来时"),
          why: texts(
            "Only then the socket calls its waiters again. What is left lies there until then.",
            "那时套接字才会再次呼叫等待者。剩下的数据就一直躺在那里。",
          ),
        },
      ],
      right: 1,
      shownBy: "edge",
    },
  ],
};
