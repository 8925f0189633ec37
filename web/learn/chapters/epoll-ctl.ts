import { begins, during, ends } from "../seen.ts";
import { claim, eventpollOf, itemOf, objects, queueOf, result, socketOf, texts, the, times } from "../claims.ts";
import type { Seen } from "../seen.ts";
import type { Chapter } from "../chapter.ts";

const added = ends("epoll_ctl", 2);

/** The waiters at the socket of descriptor 5 once it is watched. */
function waiters(seen: Seen) {
  const moment = seen.at(added);
  return queueOf(moment, socketOf(moment, 5).address, "wait").waiters;
}

/** What happens when a socket is handed to an epoll: an item, an entry in a wait queue, a node of a tree. */
export const chapter: Chapter = {
  passages: [
    {
      id: "call",
      scenario: "echo",
      place: during("epoll_ctl", "do_epoll_ctl", { call: 2 }),
      object: the("Eventpoll"),
      title: texts("Watch descriptor 5 for me", "替我看着描述符 5"),
      text: texts(
        "The server has accepted a connection and hands it to its epoll: `EPOLL_CTL_ADD`. The kernel copies the event in, finds the epoll by one descriptor and the socket by the other, and looks in the tree whether this pair of file and number is there already. It is not, so `ep_insert` begins.",
        "服务器刚接受了一个连接，用 `EPOLL_CTL_ADD` 把它交给 epoll。内核把 event 拷贝进来，用一个 fd 找到 epoll，用另一个找到套接字，再到树里查这对“file 与编号”是否已经存在。没有，于是进入 `ep_insert`。",
      ),
      claims: [
        claim(
          "bytes that are copied in: one epoll_event",
          "拷贝进来的字节数：一个 epoll_event",
          (seen) => seen.record(during("epoll_ctl", "copy_from_user", { call: 2 })).args[2],
          12,
        ),
        claim("items before", "之前的项数", (seen) => eventpollOf(seen.at(begins("epoll_ctl", 2))).tree.length, 1),
      ],
    },
    {
      id: "item",
      scenario: "echo",
      place: during("epoll_ctl", "ep_item_poll", { call: 2 }),
      object: (moment) => itemOf(moment, 5),
      title: texts("First: an epitem", "第一件事：epitem"),
      text: texts(
        "For each watched file there is one `epitem`. It knows its file and number (`ffd`), its epoll (`ep`), what is wanted (`event`), and it carries two links inside itself: `rbn` for the tree and `rdllink` for the ready list. In the tree it is from now on; on the list only while it is ready.",
        "每个被监视的文件对应一个 `epitem`。它记着自己的 file 和编号（`ffd`）、所属的 epoll（`ep`）、关心的事件（`event`），自身还带着两个链接：`rbn` 用于红黑树，`rdllink` 用于就绪链表。从现在起它一直在树里；只有就绪时才在链表上。",
      ),
      claims: [
        claim(
          "what it waits for",
          "它等待的事件",
          (seen) => itemOf(seen.at(added), 5).events,
          "EPOLLIN|EPOLLERR|EPOLLHUP",
        ),
        claim("the program's own number with it", "程序自己带上的数", (seen) => itemOf(seen.at(added), 5).data, "5"),
      ],
    },
    {
      id: "tree",
      scenario: "echo",
      place: during("epoll_ctl", "sock_poll", { call: 2 }),
      object: the("Eventpoll"),
      title: texts("Second: a node of the tree", "第二件事：插入红黑树"),
      text: texts(
        "The item is linked into the red-black tree of its epoll. That is where `epoll_ctl` will find it again, to change it or to take it out. Its colour is drawn as a letter and a shape as well; what the colours are good for is told in the chapter on the tree.",
        "epitem 被链入所属 epoll 的红黑树。以后 `epoll_ctl` 要修改或删除它时，就在这里找。图上节点的颜色同时也用字母和形状表示；颜色有什么用，后面讲红黑树的一章会说。",
      ),
      correction: {
        said: texts(
          "In the notes the entry in the wait queue comes second, and the tree third.",
          "笔记里的顺序是先往等待队列里加等待项，再插入红黑树。",
        ),
        shown: texts(
          "Older kernels did it that way. Today the item is in the tree before the socket is asked.",
          "旧内核是这样。现在的内核先把 epitem 放进树里，再去询问套接字。",
        ),
      },
      claims: [
        claim(
          "items in the tree, before the socket has been asked",
          "询问套接字之前，树中的项数",
          (seen) => eventpollOf(seen.at(during("epoll_ctl", "sock_poll", { call: 2 }))).tree.length,
          2,
        ),
        claim(
          "entries of epoll at the socket then",
          "此时 epoll 在套接字上的等待项数",
          (seen) => {
            const moment = seen.at(during("epoll_ctl", "sock_poll", { call: 2 }));
            return queueOf(moment, socketOf(moment, 5).address, "wait").waiters.length;
          },
          0,
        ),
      ],
    },
    {
      id: "hook",
      scenario: "echo",
      place: added,
      object: the("EppollEntry", ({ title }) => title.endsWith("fd 5")),
      title: texts("Third: an entry in the socket's wait queue", "第三件事：在套接字的等待队列里挂一项"),
      text: texts(
        "The item asks its file: are you ready? It asks with a hook in hand, `ep_ptable_queue_proc`, and while answering, the socket lets it hang an entry into its wait queue. The entry, `eppoll_entry`, has `ep_poll_callback` as its function: no task sleeps there. It leads straight to the item, without any search. That is the trick of epoll.",
        "epitem 问它的文件：你就绪了吗？问的时候带着一个钩子 `ep_ptable_queue_proc`，套接字在回答的同时，让它往自己的等待队列里挂上一项。这一项叫 `eppoll_entry`，函数是 `ep_poll_callback`：并没有任务在那里睡眠。它直接指向 epitem，不用任何查找。epoll 的诀窍就在这里。",
      ),
      correction: {
        said: texts(
          "The notes call `pwqlist`, a member of the epitem, a wait queue.",
          "笔记把 epitem 的成员 `pwqlist` 注释为“等待队列”。",
        ),
        shown: texts(
          "It is the list of the item's own entries in wait queues. The queues belong to the watched files: here to the socket.",
          "它是这个 epitem 挂出去的那些项的列表。等待队列本身属于被监视的文件，这里就是套接字的。",
        ),
      },
      claims: [
        claim("waiters at the socket", "套接字上的等待者数", (seen) => waiters(seen).length, 1),
        claim("function of the waiter", "等待项的函数", (seen) => waiters(seen)[0]!.func, "ep_poll_callback"),
        claim(
          "a task stands behind it",
          "背后有任务在睡眠",
          (seen) => waiters(seen)[0]!.struct === "TaskStruct",
          false,
        ),
        claim(
          "the entry leads straight to the item",
          "这一项直接指向 epitem",
          (seen) => {
            const moment = seen.at(added);
            const { address } = itemOf(moment, 5);
            return objects(moment, "EppollEntry").some(({ base }) => base === address);
          },
          true,
        ),
      ],
    },
    {
      id: "already",
      scenario: "echo",
      place: during("epoll_ctl", "ep_item_poll", { call: 3 }),
      object: (moment) => itemOf(moment, 6),
      title: texts("And if it is ready already?", "要是它早就就绪了呢？"),
      text: texts(
        "Nobody will call for data that came before the hook was in. So `ep_insert` looks at the answer of its own question: if the file is ready, the item goes on the ready list at once. Here nothing had come yet. With edge triggering, too, adding a ready file gives one event.",
        "钩子挂上之前就到的数据，不会再有人来通知。所以 `ep_insert` 会看自己那一问的回答：文件已经就绪的话，立刻放上就绪链表。这里当时还没有数据。就算是边缘触发，添加一个已就绪的文件也会得到一次事件。",
      ),
      claims: [
        claim(
          "the new item is on the ready list after ADD",
          "ADD 之后新的项在就绪链表上",
          (seen) => itemOf(seen.at(ends("epoll_ctl", 3)), 6).ready,
          false,
        ),
        claim(
          "questions to files that this ADD takes",
          "这次 ADD 询问文件的次数",
          times("ep_item_poll", begins("epoll_ctl", 3), ends("epoll_ctl", 3)),
          1,
        ),
      ],
    },
    {
      id: "modify",
      scenario: "oneshot",
      place: during("epoll_ctl", "ep_modify", { call: 2 }),
      object: the("Epitem"),
      title: texts("MOD asks again", "MOD 会重新询问"),
      text: texts(
        "With `EPOLLONESHOT` an item is told once and then switched off: new data arrives, and nothing happens. `EPOLL_CTL_MOD` switches it on again. It, too, asks the file at once, and what has come meanwhile is reported.",
        "设了 `EPOLLONESHOT` 的项只通知一次，随后就被关闭：再来新数据，也毫无动静。`EPOLL_CTL_MOD` 重新打开它。它同样会立刻询问文件，其间到达的数据这时就会报告出来。",
      ),
      claims: [
        claim("epoll_wait() while it is switched off", "关闭期间的 epoll_wait()", result("epoll_wait", 2), "0"),
        claim("epoll_wait() after MOD", "MOD 之后的 epoll_wait()", result("epoll_wait", 3), "1"),
      ],
    },
    {
      id: "gone",
      scenario: "echo",
      place: during("close", "ep_remove"),
      object: the("Eventpoll"),
      title: texts("Closed: the item goes by itself", "关闭之后，项自己消失"),
      text: texts(
        "The server closes the connection without `EPOLL_CTL_DEL`. When the last reference to the file goes, its items leave every epoll. But the last reference counts, not the descriptor: after `dup` or `fork` the item stays, and goes on to report.",
        "服务器没有调用 `EPOLL_CTL_DEL` 就关闭了连接。file 的最后一个引用消失时，它的项会从所有 epoll 中移除。但算的是最后一个引用，不是描述符：如果 `dup` 或 `fork` 过，项就会留下来，继续报告事件。",
      ),
      claims: [
        claim(
          "items before close()",
          "close() 之前的项数",
          (seen) => eventpollOf(seen.at(begins("close"))).tree.length,
          3,
        ),
        claim("and after", "之后", (seen) => eventpollOf(seen.at(ends("close"))).tree.length, 2),
        claim(
          "calls of epoll_ctl() meanwhile",
          "其间 epoll_ctl() 的调用次数",
          (seen) => seen.calls("epoll_ctl").filter(({ enter }) => enter > begins("close")(seen)).length,
          0,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "three",
      question: texts("What does `EPOLL_CTL_ADD` do at the socket itself?", "`EPOLL_CTL_ADD` 对套接字本身做了什么？"),
      choices: [
        {
          text: texts("It replaces sk_data_ready", "替换它的 sk_data_ready"),
          why: texts(
            "That stays sock_def_readable; epoll is one waiter among others.",
            "它仍是 sock_def_readable；epoll 只是众多等待者之一。",
          ),
        },
        {
          text: texts("It hangs an entry into its wait queue", "在它的等待队列里挂上一项"),
          why: texts("With ep_poll_callback as its function.", "函数是 ep_poll_callback。"),
        },
        {
          text: texts("Nothing", "什么都没做"),
          why: texts("Then the socket could tell nobody.", "那样套接字就没人可通知了。"),
        },
      ],
      right: 1,
      shownBy: "hook",
    },
    {
      id: "sleeps",
      question: texts(
        "Who sleeps in the socket's wait queue while epoll watches it?",
        "epoll 监视套接字时，谁睡在它的等待队列上？",
      ),
      choices: [
        {
          text: texts("The server", "服务器"),
          why: texts(
            "It sleeps on the eventpoll's wq, or does not sleep at all.",
            "它睡在 eventpoll 的 wq 上，或者根本没睡。",
          ),
        },
        {
          text: texts("Nobody: the entry has a function to be called", "没有人：那一项是个要被调用的函数"),
          why: texts(
            "Waiting in a wait queue means: call me. Waking a task is only the usual thing to do then.",
            "待在等待队列里的意思是“到时调用我”，唤醒任务只是最常见的一种做法。",
          ),
        },
      ],
      right: 1,
      shownBy: "hook",
    },
    {
      id: "close",
      question: texts(
        "A watched socket was duplicated, and one of the two descriptors is closed. What does epoll do?",
        "被监视的套接字 dup 过，其中一个描述符关闭了。epoll 会怎样？",
      ),
      choices: [
        {
          text: texts("It goes on reporting", "继续报告"),
          why: texts(
            "The file is still open, and it is the file that the item hangs on.",
            "file 还开着，而 epitem 依附的是 file。",
          ),
        },
        {
          text: texts("It forgets the socket", "忘掉这个套接字"),
          why: texts("That happens when the last reference goes.", "最后一个引用消失时才会。"),
        },
      ],
      right: 0,
      shownBy: "gone",
    },
  ],
};
