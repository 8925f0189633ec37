import type { Inspection, KernelObject, WaitQueueView } from "../../lib/see/inspect.ts";

/* A machine written by hand: an echo server with three connections, one of which has just become ready. */

const wait = (address: number, name: string, waiters: WaitQueueView["waiters"] = []): WaitQueueView => ({
  address,
  name,
  waiters,
});

const callback = (entry: number, owner: number) => ({
  entry,
  func: "ep_poll_callback",
  exclusive: false,
  owner,
  struct: "EppollEntry",
});

/** Addresses of the things that tests ask for. */
export const AT = {
  task: 0x1000,
  files: 0x1100,
  listener: 0x3000,
  ada: 0x3100,
  bob: 0x3200,
  ep: 0x4000,
  skb: 0x6000,
  rx: 0x8000,
  items: [0x5000, 0x5100, 0x5200],
  entries: [0x5800, 0x5900, 0x5a00],
  handles: [0x2000, 0x2100, 0x2200, 0x2300],
} as const;

function sock(address: number, state: string, title: string, socket: number, receiveQueue: number[]): KernelObject {
  return {
    address,
    struct: "Sock",
    title,
    state,
    family: "INET",
    type: "STREAM",
    localPort: 8080,
    remotePort: state === "LISTEN" ? 0 : 40001,
    socket,
    error: null,
    shutdown: "0",
    sk_data_ready: "sock_def_readable",
    receiveQueue,
    writeQueue: [],
    readable: 0,
    acceptQueue: [],
    backlog: 128,
    sk_rmem_alloc: 0,
    sk_wmem_alloc: 0,
    sk_rcvbuf: 131072,
    sk_sndbuf: 16384,
    peer: 0,
  };
}

function file(i: number, kind: string, private_data: number): KernelObject {
  const address = AT.handles[i]!;
  return {
    address,
    struct: "File",
    title: `file ${kind.toLowerCase()} fd ${i + 3}`,
    kind,
    f_count: 1,
    flags: "O_RDWR",
    mode: "READ|WRITE",
    f_pos: 0,
    private_data,
    fds: [{ files: AT.files, fd: i + 3 }],
    readAhead: null,
    watchers: [],
  };
}

function socket(address: number, i: number, sk: number, waiters: WaitQueueView["waiters"]): KernelObject {
  return {
    address,
    struct: "Socket",
    title: `socket fd ${i + 3}`,
    state: "CONNECTED",
    file: AT.handles[i]!,
    sk,
    waitQueues: [wait(address + 0x10, "wq", waiters)],
  };
}

function epitem(i: number, fd: number, ready: boolean): KernelObject {
  return {
    address: AT.items[i]!,
    struct: "Epitem",
    title: `epitem fd ${fd}`,
    fd,
    file: 0,
    ep: AT.ep,
    events: "EPOLLIN|EPOLLET",
    data: String(fd),
    ready,
    colour: i === 1 ? "black" : "red",
    entries: [AT.entries[i]!],
  };
}

function entry(i: number, whead: number): KernelObject {
  return {
    address: AT.entries[i]!,
    struct: "EppollEntry",
    title: "eppoll_entry",
    base: AT.items[i]!,
    whead,
    func: "ep_poll_callback",
  };
}

/** The machine. `ready`: numbers of the items on the ready list, in order. */
export function echoServer(ready: readonly number[] = [1]): Inspection {
  const [first, root, last] = AT.items;
  const objects: KernelObject[] = [
    {
      address: AT.task,
      struct: "TaskStruct",
      title: "task server (1)",
      pid: 1,
      tgid: 1,
      comm: "server",
      state: "INTERRUPTIBLE",
      mode: "KERNEL",
      cpu: 0,
      running: false,
      queued: false,
      adopted: false,
      kthread: false,
      call: "epoll_wait(4, 0x7fffeffff000, 8, -1)",
      nr: 232,
      args: ["4", "140737219917824", "8", "-1"],
      request: 0,
      result: null,
      files: AT.files,
      mm: 0,
      blocked: [],
      pending: [],
      handlers: [],
      parent: 0,
      sleepsOn: { head: AT.ep + 0x20, owner: AT.ep, name: "wq" },
      alarm: null,
      held: 0,
      utime: 10,
      stime: 20,
    },
    {
      address: 0x900,
      struct: "Cpu",
      title: "CPU 0",
      id: 0,
      clock: 41_200,
      context: "SOFTIRQ",
      curr: 0,
      stack: ["__do_softirq", "tcp_v4_rcv", "sock_def_readable", "ep_poll_callback"],
      softirqs: "0",
    },
    {
      address: AT.files,
      struct: "FilesStruct",
      title: "descriptor table",
      count: 1,
      fds: AT.handles.map((one, i) => ({ fd: i + 3, file: one, closeOnExec: false })),
    },
    file(0, "SOCKET", 0x2800),
    file(1, "EVENTPOLL", AT.ep),
    file(2, "SOCKET", 0x2900),
    file(3, "SOCKET", 0x2a00),
    socket(0x2800, 0, AT.listener, [callback(0x5804, AT.entries[0])]),
    socket(0x2900, 2, AT.ada, [callback(0x5904, AT.entries[1])]),
    socket(0x2a00, 3, AT.bob, [callback(0x5a04, AT.entries[2])]),
    sock(AT.listener, "LISTEN", "sock :8080 listening", 0x2800, []),
    sock(AT.ada, "ESTABLISHED", "sock :8080 <- :40001", 0x2900, [AT.skb]),
    sock(AT.bob, "ESTABLISHED", "sock :8080 <- :40002", 0x2a00, []),
    {
      address: AT.skb,
      struct: "SkBuff",
      title: "sk_buff 5 bytes",
      len: 5,
      truesize: 768,
      flags: "ACK|PSH",
      seq: 1,
      sk: AT.ada,
      files: [],
      fragments: [],
      zerocopy: 0,
      preview: "hello",
    },
    {
      address: AT.ep,
      struct: "Eventpoll",
      title: "eventpoll fd 4",
      file: AT.handles[1],
      root,
      ready: ready.map((i) => AT.items[i]!),
      tree: [
        { address: first, colour: "red", parent: root, left: 0, right: 0, depth: 1 },
        { address: root, colour: "black", parent: 0, left: first, right: last, depth: 0 },
        { address: last, colour: "red", parent: root, left: 0, right: 0, depth: 1 },
      ],
      batch: [],
      overflow: [],
      waitQueues: [
        wait(AT.ep + 0x20, "wq", [
          {
            entry: AT.task + 0x80,
            func: "ep_autoremove_wake_function",
            exclusive: true,
            owner: AT.task,
            struct: "TaskStruct",
          },
        ]),
        wait(AT.ep + 0x28, "poll_wait"),
      ],
    },
    epitem(0, 3, ready.includes(0)),
    epitem(1, 5, ready.includes(1)),
    epitem(2, 6, ready.includes(2)),
    entry(0, 0x2810),
    entry(1, 0x2910),
    entry(2, 0x2a10),
    {
      address: AT.rx,
      struct: "NicRing",
      title: "NIC rx ring",
      head: 257,
      done: 1,
      tail: 1,
      busy: false,
      slots: Array.from({ length: 256 }, (_, i) => ({ index: (i + 1) % 256, length: 1514, flags: "DEVICE" })),
    },
    {
      address: AT.rx + 0x80,
      struct: "NicRing",
      title: "NIC tx ring",
      head: 0,
      done: 0,
      tail: 0,
      busy: false,
      slots: [],
    },
    {
      address: 0x9000,
      struct: "Peer",
      title: "peer :40001 -> :8080",
      state: "ESTABLISHED",
      port: 40001,
      remotePort: 8080,
      received: 5,
      waiting: 0,
    },
    {
      address: 0x9100,
      struct: "Peer",
      title: "peer :40002 -> :8080",
      state: "ESTABLISHED",
      port: 40002,
      remotePort: 8080,
      received: 5,
      waiting: 0,
    },
  ];
  objects.sort((a, b) => a.address - b.address);
  return { tick: 312, inputs: 30, now: 41_200, objects, edges: [], notes: [] };
}

/** A machine with an eventpoll of so many items, and as many sockets and descriptors. */
export function crowd(count: number): Inspection {
  const { objects, ...rest } = echoServer([]);
  const others = objects.filter(
    ({ struct }) => !["Epitem", "EppollEntry", "Eventpoll", "FilesStruct"].includes(struct),
  );
  const items = Array.from({ length: count }, (_, i) => 0x10_0000 + i * 0x100);
  // A balanced tree: the middle of each range is above both halves.
  const tree: {
    address: number;
    colour: "red" | "black";
    parent: number;
    left: number;
    right: number;
    depth: number;
  }[] = [];
  const build = (from: number, to: number, parent: number, depth: number): number => {
    if (from >= to) return 0;
    const middle = (from + to) >> 1;
    const address = items[middle]!;
    const left = build(from, middle, address, depth + 1);
    tree.push({ address, colour: depth % 2 === 0 ? "black" : "red", parent, left, right: 0, depth });
    const node = tree.at(-1)!;
    node.right = build(middle + 1, to, address, depth + 1);
    return address;
  };
  const root = build(0, count, 0, 0);
  const more: KernelObject[] = items.flatMap((address, i): KernelObject[] => [
    {
      address,
      struct: "Epitem",
      title: `epitem fd ${i + 7}`,
      fd: i + 7,
      file: address + 0x40,
      ep: AT.ep,
      events: "EPOLLIN",
      data: String(i),
      ready: false,
      colour: "black",
      entries: [],
    },
    {
      address: address + 0x40,
      struct: "File",
      title: `file socket fd ${i + 7}`,
      kind: "SOCKET",
      f_count: 1,
      flags: "O_RDWR",
      mode: "READ",
      f_pos: 0,
      private_data: address + 0x80,
      fds: [{ files: AT.files, fd: i + 7 }],
      readAhead: null,
      watchers: [address],
    },
    {
      address: address + 0x80,
      struct: "Socket",
      title: `socket fd ${i + 7}`,
      state: "CONNECTED",
      file: address + 0x40,
      sk: address + 0xc0,
      waitQueues: [],
    },
    sock(address + 0xc0, "ESTABLISHED", `sock :8080 <- :${i}`, address + 0x80, []),
  ]);
  const eventpoll: KernelObject = {
    address: AT.ep,
    struct: "Eventpoll",
    title: "eventpoll fd 4",
    file: AT.handles[1],
    root,
    tree,
    ready: [],
    batch: [],
    overflow: [],
    waitQueues: [],
  };
  const fds = items.map((address, i) => ({ fd: i + 7, file: address + 0x40, closeOnExec: false }));
  const files: KernelObject = { address: AT.files, struct: "FilesStruct", title: "descriptor table", count: 1, fds };
  const all = [...others, ...more, eventpoll, files].sort((a, b) => a.address - b.address);
  return { ...rest, objects: all };
}
