import { begins, during, ends } from "../seen.ts";
import { claim, eventpollOf, fileOf, objects, queueOf, result, texts, the } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

/** What epoll_create() makes: a file, and behind it an eventpoll with a tree, a list and a wait queue. */
export const chapter: Chapter = {
  passages: [
    {
      id: "made",
      scenario: "echo",
      place: ends("epoll_create1"),
      object: the("Eventpoll"),
      title: texts("A struct eventpoll, and a file for it", "一个 struct eventpoll，和它的 file"),
      text: texts(
        "`epoll_create1` makes a `struct eventpoll`, and a `struct file` that leads to it, and puts that into the descriptor table. So an epoll is a descriptor like any other: it can be duplicated, passed on, closed, and even be watched by another epoll.",
        "`epoll_create1` 创建一个 `struct eventpoll`，再创建一个指向它的 `struct file`，放进描述符表。所以 epoll 和别的描述符没有两样：可以 dup，可以传给别的进程，可以关闭，甚至可以被另一个 epoll 监视。",
      ),
      claims: [
        claim(
          "kind of file of descriptor 4",
          "描述符 4 的 file 种类",
          (seen) => fileOf(seen.at(ends("epoll_create1")), 4).kind,
          "EVENTPOLL",
        ),
        claim("watched so far", "目前监视的数量", (seen) => eventpollOf(seen.at(ends("epoll_create1"))).tree.length, 0),
      ],
    },
    {
      id: "members",
      scenario: "echo",
      place: ends("epoll_wait", 3),
      object: the("Eventpoll"),
      title: texts("Tree, list, queue", "一棵树，一条链表，一个队列"),
      text: texts(
        "A little later in the same run, one sees what the members are for. `rbr` is the red-black tree of all that is watched: three sockets. `rdllist` is the ready list: two of the same three objects, linked a second time. `wq` is where tasks sleep in `epoll_wait`; it is empty, because the server has just been woken.",
        "在同一次运行里往后看一点，就知道这些成员各管什么了。`rbr` 是红黑树，装着所有被监视的：三个套接字。`rdllist` 是就绪链表：那三个对象中的两个，又被链了一次。`wq` 是任务在 `epoll_wait` 里睡眠的地方；现在是空的，因为服务器刚被叫醒。",
      ),
      correction: {
        said: texts("The notes list `wq`, `rbr` and `rdllist`.", "笔记列出了 `wq`、`rbr`、`rdllist`。"),
        shown: texts(
          "They are the main ones. Beside them: `mtx` and `lock`, `ovflist` for what becomes ready while the list is being read, and `poll_wait` for those who watch the epoll itself.",
          "这是主要的几个。此外还有 `mtx` 和 `lock`；`ovflist`，收容读取链表期间才就绪的项；以及 `poll_wait`，给监视这个 epoll 自身的人用。",
        ),
      },
      claims: [
        claim("items in the tree", "树中的项数", (seen) => eventpollOf(seen.at(ends("epoll_wait", 3))).tree.length, 3),
        claim(
          "on the ready list",
          "就绪链表上的项数",
          (seen) => eventpollOf(seen.at(ends("epoll_wait", 3))).ready.length,
          2,
        ),
        claim(
          "each of those is in the tree, too: the same object",
          "就绪的每一项同时也在树里：是同一个对象",
          (seen) => {
            const { ready, tree } = eventpollOf(seen.at(ends("epoll_wait", 3)));
            return ready.every((item) => tree.some(({ address }) => address === item));
          },
          true,
        ),
        claim(
          "wait queues",
          "等待队列",
          (seen) =>
            eventpollOf(seen.at(ends("epoll_wait", 3)))
              .waitQueues.map(({ name }) => name)
              .join(" "),
          "wq poll_wait",
        ),
      ],
    },
    {
      id: "size",
      scenario: "epoll-create",
      place: ends("epoll_create", 3),
      object: the("Eventpoll"),
      title: texts("epoll_create(size): the size means nothing", "epoll_create(size)：size 没有意义"),
      text: texts(
        "The old call takes a number, once meant as a hint for how many will be watched. Zero is refused, and that is all: one and a million make the same. Nothing is reserved, because a tree grows as it is filled. `epoll_create1` has dropped the number and takes flags instead.",
        "老的调用带一个数字，当初是想提示大概要监视多少个。传 0 会被拒绝，除此之外毫无区别：1 和一百万创建出来的一样。什么也不会预留，因为树是边用边长的。`epoll_create1` 干脆去掉了这个数字，换成了标志位。",
      ),
      claims: [
        claim("epoll_create(0)", "epoll_create(0)", result("epoll_create", 1), "-1 EINVAL"),
        claim("epoll_create(1)", "epoll_create(1)", result("epoll_create", 2), "3"),
        claim("epoll_create(1000000)", "epoll_create(1000000)", result("epoll_create", 3), "4"),
        claim(
          "distance of the two in memory: the size of one eventpoll",
          "两者在内存中相隔一个 eventpoll 的大小",
          (seen) => {
            const [one, other] = objects(seen.at(ends("epoll_create", 3)), "Eventpoll");
            return Math.abs(other!.address - one!.address) < 256;
          },
          true,
        ),
      ],
    },
    {
      id: "no-mmap",
      scenario: "epoll-create",
      place: during("mmap", "sys_exit", { before: ends("dup") }),
      object: the("Eventpoll", ({ title }) => title.endsWith("fd 5")),
      title: texts("No memory is shared with the program", "不与程序共享内存"),
      text: texts(
        "It is often told that epoll hands its events over by shared memory, with mmap. The kernel itself says otherwise: to map an epoll gives `ENODEV`. `epoll_wait` copies each event out, twelve bytes on this kind of machine.",
        "常有人说 epoll 是用 mmap 共享内存来传递事件的。内核自己否认了：对 epoll 的描述符 mmap，得到的是 `ENODEV`。`epoll_wait` 会把每个事件拷贝出去，在这类机器上每个十二字节。",
      ),
      claims: [claim("mmap() of the descriptor", "对该描述符 mmap() 的结果", result("mmap"), "-1 ENODEV")],
    },
    {
      id: "last",
      scenario: "epoll-create",
      place: ends("close", 1),
      object: the("Eventpoll", ({ title }) => title.includes("fd 6")),
      title: texts("It lives as long as its last descriptor", "最后一个描述符还在，它就还在"),
      text: texts(
        "`dup` has given the third eventpoll a second number, and the first one is closed now. The eventpoll does not mind: the file counts its references, and only the last one takes it along. After a `fork` the child shares it in the same way.",
        "`dup` 给第三个 eventpoll 添了一个编号，而原来的那个现在关掉了。eventpoll 毫不在意：file 有引用计数，最后一个引用消失，它才跟着消失。`fork` 之后子进程也是这样与父进程共享它。",
      ),
      claims: [
        claim(
          "eventpolls after the first close()",
          "第一次 close() 之后的 eventpoll 数",
          (seen) => objects(seen.at(ends("close", 1)), "Eventpoll").length,
          3,
        ),
        claim(
          "after the close() of the other number",
          "另一个编号 close() 之后",
          (seen) => objects(seen.at(ends("close", 2)), "Eventpoll").length,
          2,
        ),
      ],
    },
    {
      id: "sleeper",
      scenario: "echo",
      place: during("epoll_wait", "schedule"),
      object: the("TaskStruct"),
      title: texts("What wq is for", "wq 是干什么的"),
      text: texts(
        "The server sleeps on `wq`. The soft interrupt will not come here directly: it goes to the socket's wait queue, finds an entry of epoll there, and that one puts the item on the ready list and then wakes who sleeps on `wq`. Two steps, two queues.",
        "服务器睡在 `wq` 上。软中断并不会直接找到这里：它先到套接字的等待队列，在那里碰到 epoll 留下的一项；由这一项把自己放上就绪链表，再来唤醒睡在 `wq` 上的任务。两步，两个队列。",
      ),
      correction: {
        said: texts(
          "The notes say that the soft interrupt finds the blocked process by `wq`.",
          "笔记里说软中断数据就绪时会通过 wq 找到阻塞在 epoll 对象上的用户进程。",
        ),
        shown: texts(
          "In the end, yes; but the way leads over the socket's own wait queue and `ep_poll_callback`.",
          "最终是的；不过中间要经过套接字自己的等待队列，以及 `ep_poll_callback`。",
        ),
      },
      claims: [
        claim(
          "who sleeps on wq",
          "睡在 wq 上的任务数",
          (seen) => {
            const moment = seen.at(during("epoll_wait", "schedule"));
            return queueOf(moment, eventpollOf(moment).address, "wq").waiters.length;
          },
          1,
        ),
        claim(
          "order: socket's queue, callback, wq",
          "顺序：套接字的队列、回调、wq",
          (seen) => {
            const first = during("epoll_wait", "__wake_up_common")(seen);
            const callback = during("epoll_wait", "ep_poll_callback")(seen);
            const second = during("epoll_wait", "ep_autoremove_wake_function")(seen);
            return begins("epoll_wait")(seen) < first && first < callback && callback < second;
          },
          true,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "size",
      question: texts("What does the number in `epoll_create(1024)` do?", "`epoll_create(1024)` 里的数字有什么作用？"),
      choices: [
        {
          text: texts("It limits how many can be watched", "限制最多能监视多少个"),
          why: texts("There is no such limit; the tree grows as it is filled.", "没有这样的限制，树边用边长。"),
        },
        {
          text: texts("It reserves memory", "预留内存"),
          why: texts(
            "An eventpoll for a million is as large as one for one.",
            "为一百万个创建的 eventpoll，和为一个创建的一样大。",
          ),
        },
        {
          text: texts("Nothing, but it must be more than 0", "没有作用，但必须大于 0"),
          why: texts("A relic of the first version, which used a hash table.", "这是最早用哈希表实现时的遗迹。"),
        },
      ],
      right: 2,
      shownBy: "size",
    },
    {
      id: "shared",
      question: texts("How do events come to the program?", "事件是怎么到达程序的？"),
      choices: [
        {
          text: texts("By memory that the kernel shares with the program", "通过内核与程序共享的内存"),
          why: texts("A famous myth: mmap of an epoll is refused.", "这是个有名的误传：对 epoll 做 mmap 会被拒绝。"),
        },
        {
          text: texts("epoll_wait copies them into the program's array", "epoll_wait 把它们拷贝进程序的数组"),
          why: texts(
            "A few bytes for each event that there is, and nothing for those that wait.",
            "每个发生的事件只拷几个字节，没发生的不拷。",
          ),
        },
      ],
      right: 1,
      shownBy: "no-mmap",
    },
    {
      id: "same",
      question: texts(
        "A socket is in the tree and on the ready list. How many objects is that?",
        "一个套接字既在红黑树里、又在就绪链表上，这是几个对象？",
      ),
      choices: [
        {
          text: texts("One epitem with two links", "一个 epitem，链了两次"),
          why: texts(
            "The links are fields of the same struct: rbn and rdllink.",
            "两个链接都是同一个结构体的字段：rbn 和 rdllink。",
          ),
        },
        {
          text: texts("Two: the list has copies", "两个：链表里是拷贝"),
          why: texts("Compare the addresses: they are the same.", "比较地址就知道：是同一个。"),
        },
      ],
      right: 0,
      shownBy: "members",
    },
  ],
};
