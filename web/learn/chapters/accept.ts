import { begins, during, ends, happens } from "../seen.ts";
import { claim, fileOf, object, objects, queueOf, sockOf, socketOf, texts, the, times } from "../claims.ts";
import type { Chapter } from "../chapter.ts";

const finished = happens("inet_csk_reqsk_queue_add");

/** How a connection comes to be a descriptor: what accept() makes, and what was there before it. */
export const chapter: Chapter = {
  passages: [
    {
      id: "handshake",
      scenario: "echo",
      place: finished,
      object: the("Sock", ({ state }) => state === "LISTEN"),
      title: texts("The connection is there before accept", "accept 之前，连接已经建好了"),
      text: texts(
        "A client has sent SYN, the kernel has answered SYN and ACK, and now the client's ACK is here: the handshake is complete. The soft interrupt has done all that; the server sleeps. The kernel has made a `sock` for the connection and appended it to the listener's accept queue.",
        "客户端发来 SYN，内核回了 SYN+ACK，现在客户端的 ACK 也到了：三次握手完成。这些全是软中断做的，服务器还在睡觉。内核已经为这个连接创建了 `sock`，并把它接到监听套接字的全连接队列末尾。",
      ),
      claims: [
        claim(
          "connections in the accept queue",
          "全连接队列中的连接数",
          (seen) => sockOf(seen.at(begins("accept4")), 3).acceptQueue.length,
          1,
        ),
        claim("task that ran meanwhile (0: none)", "其间运行的任务（0：没有）", (seen) => seen.record(finished).pid, 0),
        claim(
          "calls of accept() before it",
          "在此之前 accept() 的调用次数",
          (seen) => seen.calls("accept4").filter(({ enter }) => enter < finished(seen)).length,
          0,
        ),
      ],
    },
    {
      id: "data-ready",
      scenario: "echo",
      place: happens("sock_init_data", { before: finished, after: begins("epoll_wait") }),
      object: the("Sock", ({ state }) => state !== "LISTEN"),
      title: texts("Born with a callback: sk_data_ready", "一出生就带着回调：sk_data_ready"),
      text: texts(
        "When the `sock` was made, `sock_init_data` filled in its functions. One matters for all that follows: `sk_data_ready` is `sock_def_readable`. TCP calls it whenever something has arrived, and it wakes whoever waits at this socket. It does not know whether that is a sleeping task or an epoll.",
        "创建 `sock` 时，`sock_init_data` 填好了它的各个函数指针。后面最要紧的一个是 `sk_data_ready`，它指向 `sock_def_readable`。只要有数据到达，TCP 就调用它，去唤醒等在这个套接字上的人。至于那是睡眠的任务还是 epoll，它并不知道。",
      ),
      claims: [
        claim(
          "sk_data_ready of the new sock",
          "新 sock 的 sk_data_ready",
          (seen) => object(seen.at(finished), "Sock", ({ state }) => state !== "LISTEN").sk_data_ready,
          "sock_def_readable",
        ),
        claim(
          "its socket (0: none yet)",
          "它的 socket（0：还没有）",
          (seen) => object(seen.at(finished), "Sock", ({ state }) => state !== "LISTEN").socket,
          0,
        ),
      ],
    },
    {
      id: "alloc",
      scenario: "echo",
      place: during("accept4", "accept_ops_assigned"),
      object: the("Socket", ({ file, sk }) => file === 0 && sk === 0),
      title: texts("accept: a new struct socket", "accept：新的 struct socket"),
      text: texts(
        "`accept` finds the listening socket by its descriptor, and makes a second one: `sock_alloc` gives a `struct socket`, which is empty. It takes over the protocol's functions, `ops`, from the listener: a child of a TCP socket speaks TCP.",
        "`accept` 先用 fd 找到监听的套接字，再创建第二个：`sock_alloc` 分配一个空的 `struct socket`。接着把监听套接字上的协议操作函数集合 `ops` 赋给它：TCP 套接字接受出来的连接，说的当然也是 TCP。",
      ),
      correction: {
        said: texts(
          "The notes show `struct socket` with two members, `file` and `sk`.",
          "笔记里的 `struct socket` 有两个成员：`file` 和 `sk`。",
        ),
        shown: texts(
          "These are the two that connect it. There are more: `state`, `type`, `flags`, `ops`, and `wq`, the wait queue. Select it on the run page to see them all.",
          "这是负责连接的两个。此外还有 `state`、`type`、`flags`、`ops`，以及等待队列 `wq`。在运行页面上选中它，就能看到全部字段。",
        ),
      },
      claims: [
        claim(
          "sock of the new socket (0: none)",
          "新 socket 的 sk（0：没有）",
          (seen) => object(seen.at(during("accept4", "accept_ops_assigned")), "Socket", ({ file }) => file === 0).sk,
          0,
        ),
        claim(
          "sockets now",
          "现在的 socket 数",
          (seen) => objects(seen.at(during("accept4", "accept_ops_assigned")), "Socket").length,
          2,
        ),
      ],
    },
    {
      id: "file",
      scenario: "echo",
      place: during("accept4", "inet_accept"),
      object: the("Socket", ({ sk }) => sk === 0),
      title: texts("A file, so that it can be a descriptor", "有了 file，才能成为描述符"),
      text: texts(
        "A descriptor always stands for a `struct file`. `sock_alloc_file` makes one whose `private_data` is the socket and whose functions, `f_op`, are those of sockets. From now on `read` on this file ends in TCP, and `poll` on it in `sock_poll`. That is what epoll will use.",
        "描述符背后一定是 `struct file`。`sock_alloc_file` 创建一个 `file`：`private_data` 指向这个 socket，`f_op` 是套接字的那套函数。从此，对它 `read` 就会走到 TCP，对它 `poll` 就会走到 `sock_poll`，epoll 用的正是后者。",
      ),
      claims: [
        claim(
          "kind of the file of descriptor 5",
          "描述符 5 的 file 的种类",
          (seen) => fileOf(seen.at(ends("accept4")), 5).kind,
          "SOCKET",
        ),
        claim(
          "the file leads to the socket, and the socket to the file",
          "file 指向 socket，socket 也指回 file",
          (seen) => {
            const moment = seen.at(ends("accept4"));
            return socketOf(moment, 5).file === fileOf(moment, 5).address;
          },
          true,
        ),
      ],
    },
    {
      id: "dequeue",
      scenario: "echo",
      place: during("accept4", "reqsk_queue_remove"),
      object: the("Sock", ({ state, socket }) => state === "ESTABLISHED" && socket === 0),
      title: texts("Take the finished connection", "取走已经建好的连接"),
      text: texts(
        "`inet_accept` takes the oldest connection from the accept queue and joins the two halves: the new `socket`, made by this call, and the `sock`, made by the handshake. Nothing is negotiated here. On an empty queue a blocking `accept` would have slept.",
        "`inet_accept` 从全连接队列取出最早的连接，把两半接在一起：这次调用创建的 `socket`，和握手时创建的 `sock`。这里不再有任何协商。如果队列是空的，阻塞的 `accept` 就会在这里睡眠。",
      ),
      claims: [
        claim(
          "connections in the queue before",
          "取之前队列中的连接数",
          (seen) => seen.record(during("accept4", "inet_csk_accept")).args[1],
          1,
        ),
        claim("and after", "取之后", (seen) => sockOf(seen.at(ends("accept4")), 3).acceptQueue.length, 0),
        claim(
          "packets sent during accept()",
          "accept() 期间发送的数据包数",
          times("dev_hard_start_xmit", begins("accept4"), ends("accept4")),
          0,
        ),
      ],
    },
    {
      id: "installed",
      scenario: "echo",
      place: during("accept4", "fd_install"),
      object: the("Socket", ({ state }) => state === "CONNECTED"),
      title: texts("Into the table of open files", "装进打开文件表"),
      text: texts(
        "`fd_install` puts the file into the process's descriptor table, at the lowest free number. Follow the chain on the stage: descriptor 5, `file`, `socket`, `sock`. The listener is still descriptor 3: it makes connections, and this one talks.",
        "`fd_install` 把 file 放进进程的描述符表，用最小的空闲编号。顺着舞台上的链条看：描述符 5、`file`、`socket`、`sock`。监听套接字仍是描述符 3：它负责产生连接，新的这个负责通信。",
      ),
      claims: [
        claim("what accept4() returns", "accept4() 的返回值", (seen) => Number(seen.call("accept4").result), 5),
        claim(
          "state of the new sock",
          "新 sock 的状态",
          (seen) => sockOf(seen.at(ends("accept4")), 5).state,
          "ESTABLISHED",
        ),
        claim(
          "who waits at the new socket yet",
          "新套接字上的等待者数",
          (seen) => {
            const moment = seen.at(ends("accept4"));
            return queueOf(moment, socketOf(moment, 5).address, "wait").waiters.length;
          },
          0,
        ),
      ],
    },
    {
      id: "asleep",
      scenario: "accept",
      place: happens("schedule", { after: begins("accept4", 2) }),
      object: the("Socket"),
      title: texts("Two threads asleep in accept", "两个线程睡在 accept 里"),
      text: texts(
        "Here the sockets block, and two threads have found the queue empty. Both wait at the listening socket, exclusively: a new connection wakes one of them and leaves the other one asleep.",
        "这里的套接字是阻塞的，两个线程都发现队列是空的。它们都以独占方式等在监听套接字上：来一个连接，只叫醒其中一个，另一个继续睡。",
      ),
      claims: [
        claim(
          "sleepers at the listener",
          "监听套接字上的睡眠者数",
          (seen) =>
            queueOf(
              seen.at(happens("schedule", { after: begins("accept4", 2) })),
              object(seen.at(happens("schedule", { after: begins("accept4", 2) })), "Socket").address,
              "wait",
            ).waiters.filter(({ exclusive }) => exclusive).length,
          2,
        ),
        claim(
          "wake-ups for the first connection",
          "第一个连接引起的唤醒次数",
          (seen) =>
            seen.records("try_to_wake_up", { after: finished, before: happens("inet_csk_reqsk_queue_add", { nth: 2 }) })
              .length,
          1,
        ),
      ],
    },
  ],
  exercises: [
    {
      id: "who",
      question: texts("Who does the three-way handshake of a new connection?", "新连接的三次握手由谁完成？"),
      choices: [
        {
          text: texts("accept()", "accept()"),
          why: texts(
            "It takes a finished connection from a queue; no packet is sent in it.",
            "它只是从队列里取出建好的连接，期间一个包都没发。",
          ),
        },
        {
          text: texts("The kernel, in soft interrupts, before accept()", "内核，在软中断里，先于 accept()"),
          why: texts("The server need not even be awake.", "服务器甚至不用醒着。"),
        },
        {
          text: texts("listen()", "listen()"),
          why: texts(
            "It only says that connections are welcome, and how many may wait.",
            "它只是声明愿意接受连接，以及最多允许多少个排队。",
          ),
        },
      ],
      right: 1,
      shownBy: "handshake",
    },
    {
      id: "halves",
      question: texts(
        "Which part of a connection is made by `accept` itself?",
        "连接的哪一部分是 `accept` 自己创建的？",
      ),
      choices: [
        {
          text: texts("socket and file", "socket 和 file"),
          why: texts(
            "The sock was made by the handshake; accept joins them.",
            "sock 是握手时创建的，accept 把它们接在一起。",
          ),
        },
        {
          text: texts("sock with its queues", "sock 和它的队列"),
          why: texts("That was waiting in the accept queue already.", "它早就在全连接队列里等着了。"),
        },
        {
          text: texts("All of them", "全部"),
          why: texts(
            "Look at the stage before accept: the sock is there, without a socket.",
            "看 accept 之前的舞台：sock 已经在了，只是没有 socket。",
          ),
        },
      ],
      right: 0,
      shownBy: "dequeue",
    },
    {
      id: "ready",
      question: texts("What is `sk_data_ready` for?", "`sk_data_ready` 是做什么的？"),
      choices: [
        {
          text: texts(
            "TCP calls it when something has arrived, to wake who waits",
            "有数据到达时由 TCP 调用，唤醒等待者",
          ),
          why: texts(
            "For every socket of this kind it is sock_def_readable, epoll or not.",
            "这类套接字都是 sock_def_readable，不管有没有 epoll。",
          ),
        },
        {
          text: texts("epoll sets it to ep_poll_callback", "epoll 会把它改成 ep_poll_callback"),
          why: texts(
            "epoll changes nothing at the socket: it hangs an entry into its wait queue.",
            "epoll 不改套接字的任何函数，只在它的等待队列里挂一项。",
          ),
        },
      ],
      right: 0,
      shownBy: "data-ready",
    },
  ],
};
