import { begins, during, ends, happens, just } from "../seen.ts";
import { claim, counted, eventpollOf, object, objects, result, texts, the, times } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const asleep = during("poll", "sched_switch");
const woken = during("poll", "pollwake");
const again = happens("do_sys_poll", { nth: 2 });

/** One thread waits for many descriptors at once: poll, select, and what epoll does better. */
export const chapter: Chapter = {
  passages: [
    {
      id: "idea",
      scenario: "poll",
      place: begins("poll"),
      object: the("TaskStruct", ({ pid }) => pid === 1),
      title: texts("One call for all of them", "一次调用，等所有描述符"),
      text: texts(
        "A blocking `read` waits for one descriptor; non-blocking reads ask each in turn and burn system calls. Multiplexing is the way between: the program hands the kernel a list and sleeps once. Whichever gets ready first wakes it. Here the list has two pipes and an eventfd.",
        "阻塞的 `read` 只能等一个描述符；非阻塞的 `read` 得一个一个地问，白白消耗系统调用。多路复用走的是中间路线：程序把一份名单交给内核，只睡一次，谁先就绪就由谁叫醒它。这里的名单上有两个管道和一个 eventfd。",
      ),
      claims: [
        claim("descriptors on the list", "名单上的描述符数", (seen) => object(seen.at(asleep), "PollWqueues").nfds, 3),
      ],
    },
    {
      id: "three-queues",
      scenario: "poll",
      place: asleep,
      object: the("TaskStruct", ({ pid }) => pid === 1),
      title: texts("Asleep on three wait queues", "同时睡在三个等待队列上"),
      text: texts(
        "`poll` has asked each file: are you ready? None is. While asking, it left an entry in the wait queue of each. Follow the lines on the stage: one task, three queues. Whoever writes to one of these files will find the entry there.",
        "`poll` 逐个问了每个文件：你就绪了吗？都没有。问的同时，它在每个文件的等待队列里各留了一项。顺着舞台上的线看：一个任务，三个队列。谁往其中一个文件写数据，就会在那里发现这一项。",
      ),
      claims: [
        claim(
          "entries in wait queues",
          "等待队列中的项数",
          (seen) => objects(seen.at(asleep), "PollTableEntry").length,
          3,
        ),
        claim("files asked before the sleep", "睡眠前询问的文件数", times("do_pollfd", begins("poll"), asleep), 3),
      ],
    },
    {
      id: "woken",
      scenario: "poll",
      place: woken,
      object: the("PipeInodeInfo", ({ used }) => used.length > 0),
      title: texts("One pipe calls", "一个管道来了数据"),
      text: texts(
        "Another thread has written into the second pipe, and walks that pipe's wait queue: `pollwake` wakes the sleeper. The pipe knew whom to wake. But all that the sleeper learns is that something has happened.",
        "另一个线程往第二个管道写了数据，于是遍历那个管道的等待队列：`pollwake` 唤醒睡眠者。管道知道该叫醒谁；但睡眠者只知道“出了点事”，并不知道是谁。",
      ),
      claims: [
        claim(
          "pipes with something in them",
          "有数据的管道数",
          (seen) => objects(seen.at(woken), "PipeInodeInfo").filter(({ used }) => used.length > 0).length,
          1,
        ),
        claim("task that runs", "正在运行的任务", (seen) => seen.record(woken).pid, 2),
      ],
    },
    {
      id: "asked-again",
      scenario: "poll",
      place: happens("do_pollfd", { after: again, nth: 3 }),
      object: the("TaskStruct", ({ pid }) => pid === 1),
      title: texts("So all are asked again", "于是又全部问一遍"),
      text: texts(
        "Awake, `poll` goes through the whole list once more, to find the one that is ready. Then it takes its entries out of all three queues and returns. The next call starts from nothing: copy the list, ask all, hook in everywhere. With ten thousand connections that is ten thousand questions, twice.",
        "醒来之后，`poll` 把整份名单再过一遍，才找出是哪一个就绪。然后从三个队列里撤下所有的项，返回。下一次调用又从零开始：拷贝名单、全部询问、到处挂项。要是有一万个连接，那就是一万次询问，而且问两遍。",
      ),
      claims: [
        claim(
          "questions for one event among three",
          "为三个中的一个事件，总共询问的次数",
          (seen) => seen.at(ends("poll")).counters.polls - seen.at(just(begins("poll"))).counters.polls,
          6,
        ),
        claim(
          "entries left in wait queues afterwards",
          "之后等待队列里剩下的项数",
          (seen) => objects(seen.at(ends("poll")), "PollTableEntry").length,
          0,
        ),
        claim("what poll() returns", "poll() 的返回值", result("poll"), "1"),
      ],
    },
    {
      id: "select",
      scenario: "poll",
      place: during("select", "select_poll_one"),
      object: the("TaskStruct", ({ pid }) => pid === 1),
      title: texts("select: the same with bitmaps", "select：换成位图，做法一样"),
      text: texts(
        "`select` takes sets of bits instead of a list, and looks at every number up to the largest. The kernel takes sets of any length; it is the C library's `fd_set` that ends at descriptor 1023. Otherwise it goes as with `poll`: ask, hook in, sleep, ask again, unhook.",
        "`select` 用位图代替名单，从 0 到最大编号逐位检查。内核不限制位图的长度；到描述符 1023 为止的是 C 库的 `fd_set`。其余和 `poll` 一样：询问、挂项、睡眠、再问、撤项。",
      ),
      claims: [
        claim(
          "questions of this select()",
          "这次 select() 询问的次数",
          counted("polls", begins("select"), ends("select")),
          6,
        ),
        claim("entries that it hooks in", "它挂上的项数", times("__pollwait", begins("select"), ends("select")), 3),
      ],
    },
    {
      id: "epoll",
      scenario: "echo",
      place: during("epoll_wait", "ep_poll_callback", { call: 3 }),
      object: the("Eventpoll"),
      title: texts("epoll: hooked in once", "epoll：只挂一次"),
      text: texts(
        "With epoll the list lives in the kernel, and the entries stay in the wait queues between calls. When a socket gets ready, its entry puts the socket on a ready list. `epoll_wait` looks only there. Its work depends on how many are ready, not on how many are watched.",
        "用 epoll 时，名单留在内核里，挂在等待队列上的项在两次调用之间也一直保留。套接字就绪时，由这一项把它放到就绪链表上。`epoll_wait` 只看这条链表：工作量取决于有多少就绪，而不取决于监视了多少。",
      ),
      correction: {
        said: texts(
          "The notes say: as soon as any descriptor is ready for reading, the call can return.",
          "笔记里说：任意一个描述符进入读就绪状态，就可以返回。",
        ),
        shown: texts(
          "True for all three. What sets them apart is how the ready one is found: `poll` and `select` ask everybody again, epoll is told by the socket itself.",
          "三者都是如此。区别在于怎样找到就绪的那个：`poll` 和 `select` 要把所有文件再问一遍；epoll 则由套接字自己来报告。",
        ),
      },
      claims: [
        claim(
          "entries hooked in during epoll_wait()",
          "epoll_wait() 期间新挂的项数",
          times("ep_ptable_queue_proc", begins("epoll_wait", 3), ends("epoll_wait", 3)),
          0,
        ),
        claim(
          "sockets watched",
          "监视的套接字数",
          (seen) => eventpollOf(seen.at(ends("epoll_wait", 3))).tree.length,
          3,
        ),
        claim(
          "sockets asked once it was awake: those on the ready list",
          "醒来后询问的套接字数：只有就绪链表上的",
          times("ep_item_poll", during("epoll_wait", "sched_switch", { call: 3 }), ends("epoll_wait", 3)),
          2,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "questions",
      question: texts(
        "`poll` watches three files, sleeps, and one of them gets ready. How many questions to files does that take?",
        "`poll` 监视三个文件，睡眠后其中一个就绪。一共要询问文件几次？",
      ),
      choices: [
        {
          text: texts("One", "一次"),
          why: texts("The one that got ready is not named to the sleeper.", "睡眠者并不知道就绪的是哪一个。"),
        },
        {
          text: texts("Three", "三次"),
          why: texts(
            "That is the round before the sleep. There is another one after it.",
            "那是睡眠之前的一轮。醒来还有一轮。",
          ),
        },
        {
          text: texts("Six", "六次"),
          why: texts("All three before the sleep, and all three again after it.", "睡前三个全问，醒来三个又全问。"),
        },
      ],
      right: 2,
      shownBy: "asked-again",
    },
    {
      id: "stay",
      question: texts(
        "What stays in the wait queues when the call has returned?",
        "调用返回之后，等待队列里留下了什么？",
      ),
      choices: [
        {
          text: texts("With poll nothing, with epoll the entries", "poll 什么都不留，epoll 的项留着"),
          why: texts(
            "That is the saving: epoll hooks in once, at EPOLL_CTL_ADD.",
            "省就省在这里：epoll 只在 EPOLL_CTL_ADD 时挂一次。",
          ),
        },
        {
          text: texts("With both the entries", "两者的项都留着"),
          why: texts(
            "poll takes its own away before it returns, and makes new ones the next time.",
            "poll 返回前会撤走自己的项，下次再重新挂。",
          ),
        },
        {
          text: texts("With both nothing", "两者都不留"),
          why: texts(
            "Then epoll could not be told of anything between two calls.",
            "那样两次调用之间发生的事，epoll 就无从得知了。",
          ),
        },
      ],
      right: 0,
      shownBy: "epoll",
    },
    {
      id: "always",
      question: texts("Is epoll always better than poll?", "epoll 总是比 poll 好吗？"),
      choices: [
        {
          text: texts("Yes", "是"),
          why: texts(
            "With few descriptors, or if nearly all are ready each time, poll does as well, and needs no calls to register.",
            "描述符很少、或者每次几乎全都就绪时，poll 也一样好，还省去了注册的调用。",
          ),
        },
        {
          text: texts("It wins where many are watched and few are ready", "监视的多、就绪的少时它才占优"),
          why: texts(
            "Its work grows with those that are ready, that of poll with all that are watched.",
            "它的工作量随就绪的数量增长，poll 的则随监视的数量增长。",
          ),
        },
      ],
      right: 1,
      shownBy: "epoll",
    },
  ],
};
