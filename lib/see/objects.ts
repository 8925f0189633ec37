/** What every object of the machine has. All of it is JSON. */
interface KernelObjectOf<S extends string> {
  /** Address in the machine's memory: the object's identity. */
  readonly address: number;
  /** Name of its struct. */
  readonly struct: S;
  /** A short name, the same in every language: `epitem fd 5`, `task server (1)`. */
  readonly title: string;
}

/** Someone who waits in a wait queue. */
export interface WaiterView {
  /** Address of the struct WaitQueueEntry. */
  readonly entry: number;
  /** Name of the function that a wake-up calls: `ep_poll_callback`, `autoremove_wake_function`. */
  readonly func: string;
  /** Whether a wake-up stops after enough such waiters. */
  readonly exclusive: boolean;
  /** Address of the TaskStruct or EppollEntry that waits; 0: neither. */
  readonly owner: number;
  /** What that is; empty: neither. */
  readonly struct: string;
}

/** A wait queue, which is part of another object. */
export interface WaitQueueView {
  /** Address of the struct WaitQueueHead. */
  readonly address: number;
  /** What the object around it calls it: `wait`, `wq`, `rd_wait`. */
  readonly name: string;
  /** In the order in which a wake-up calls them. */
  readonly waiters: readonly WaiterView[];
}

/** A task. */
export interface TaskObject extends KernelObjectOf<"TaskStruct"> {
  readonly pid: number;
  readonly tgid: number;
  /** Its name. */
  readonly comm: string;
  /** Name of its TaskState: `RUNNING`, `INTERRUPTIBLE`, `ZOMBIE`. */
  readonly state: string;
  /** `USER` or `KERNEL`. */
  readonly mode: string;
  /** Number of the CPU that it runs on or ran on last. */
  readonly cpu: number;
  /** Whether it is on that CPU now. */
  readonly running: boolean;
  /** Whether it waits in the run queue. */
  readonly queued: boolean;
  /** Whether its program runs outside the machine. */
  readonly adopted: boolean;
  /** The system call that it is in: `epoll_wait(4, 0x7ffeffff000, 64, -1)`; null in user mode. */
  readonly call: string | null;
  /** What its last system call returned: `-1 EAGAIN`; null before the first, and in one. */
  readonly result: string | null;
  /** Address of its FilesStruct; 0 once it has ended. */
  readonly files: number;
  /** Address of its MmStruct; 0 once it has ended. */
  readonly mm: number;
  /** Address of the task that made it; 0: none. */
  readonly parent: number;
  /** The wait queue on which it sleeps: its address, the object it is part of, and its name there; null: none. */
  readonly sleepsOn: { readonly head: number; readonly owner: number; readonly name: string } | null;
  /** When its alarm goes off, in ns since boot; null: no alarm is set. */
  readonly alarm: number | null;
  /** Address of the file that its sleeping system call holds on to; 0: none. */
  readonly held: number;
  /** Time spent in user mode. Unit: ns. */
  readonly utime: number;
  /** Time spent in the kernel. Unit: ns. */
  readonly stime: number;
}

/** A CPU. */
export interface CpuObject extends KernelObjectOf<"Cpu"> {
  readonly id: number;
  /** Its clock. Unit: ns since boot. */
  readonly clock: number;
  /** Name of its CpuContext: `IDLE`, `USER`, `SYSCALL`, `HARDIRQ`, `SOFTIRQ`. */
  readonly context: string;
  /** Address of the task that runs on it; 0: none. */
  readonly curr: number;
  /** The kernel functions that it is in, the outermost first. */
  readonly stack: readonly string[];
  /** Soft interrupts that wait to be run: `NET_RX`; `0`: none. */
  readonly softirqs: string;
}

/** A descriptor table. */
export interface FilesObject extends KernelObjectOf<"FilesStruct"> {
  /** Number of tasks that share it. */
  readonly count: number;
  /** The open descriptors, ascending. */
  readonly fds: readonly { readonly fd: number; readonly file: number; readonly closeOnExec: boolean }[];
}

/** An open file. */
export interface FileObject extends KernelObjectOf<"File"> {
  /** Name of its FileKind: `SOCKET`, `PIPE`, `EVENTFD`, `EVENTPOLL`, `REGULAR`, `OUTSIDE`. */
  readonly kind: string;
  /** Number of references. */
  readonly f_count: number;
  /** `O_RDWR|O_NONBLOCK`. */
  readonly flags: string;
  /** `READ|WRITE`. */
  readonly mode: string;
  /** Position. Unit: bytes. */
  readonly f_pos: number;
  /** Address of what it stands for: a Socket, an Eventpoll, a PipeInodeInfo ... */
  readonly private_data: number;
  /** The descriptors that stand for it, with the address of their table. */
  readonly fds: readonly { readonly files: number; readonly fd: number }[];
  /** Addresses of the epitems that watch it. */
  readonly watchers: readonly number[];
}

/** A socket as system calls see it. */
export interface SocketObject extends KernelObjectOf<"Socket"> {
  /** Name of its SocketState: `UNCONNECTED`, `CONNECTED`. */
  readonly state: string;
  readonly file: number;
  readonly sk: number;
  readonly waitQueues: readonly WaitQueueView[];
}

/** The core of a socket. */
export interface SockObject extends KernelObjectOf<"Sock"> {
  /** Name of its TcpState: `LISTEN`, `ESTABLISHED`. */
  readonly state: string;
  /** Name of its Af: `INET`, `UNIX`. */
  readonly family: string;
  /** Port on this side; 0: none. */
  readonly localPort: number;
  /** Port on the other side; 0: none. */
  readonly remotePort: number;
  /** Address of its Socket; 0: not accepted yet, or closed. */
  readonly socket: number;
  /** The pending error: `ECONNRESET`; null: none. */
  readonly error: string | null;
  /** What was shut down: `RCV|SEND`; `0`: nothing. */
  readonly shutdown: string;
  /** Name of the function that is called when data has arrived. */
  readonly sk_data_ready: string;
  /** Addresses of the SkBuffs that have arrived and were not read yet, the oldest first. */
  readonly receiveQueue: readonly number[];
  /** Addresses of the SkBuffs that were written and are not acknowledged yet, the oldest first. */
  readonly writeQueue: readonly number[];
  /** Bytes that can be read. */
  readonly readable: number;
  /** Addresses of the connections that wait for accept(), as socks, the oldest first. */
  readonly acceptQueue: readonly number[];
  /** Greatest length of that queue. */
  readonly backlog: number;
  /** Memory charged for what was received. Unit: bytes. */
  readonly sk_rmem_alloc: number;
  /** Memory charged for what is being sent. Unit: bytes. */
  readonly sk_wmem_alloc: number;
  readonly sk_rcvbuf: number;
  readonly sk_sndbuf: number;
  /** Address of the socket at the other end of a UNIX connection; 0: none. */
  readonly peer: number;
}

/** A packet, or a piece of a stream. */
export interface SkBuffObject extends KernelObjectOf<"SkBuff"> {
  /** Length of its data. Unit: bytes. */
  readonly len: number;
  /** Memory that it is charged for. Unit: bytes. */
  readonly truesize: number;
  /** `SYN|ACK`; `0`: none. */
  readonly flags: string;
  readonly seq: number;
  /** Address of the sock that it is charged to; 0: none. */
  readonly sk: number;
  /** The first bytes of its data as text; what cannot be printed is a dot. */
  readonly preview: string;
}

/** A request for a connection. */
export interface RequestObject extends KernelObjectOf<"RequestSock"> {
  readonly listener: number;
  /** Address of the finished connection; 0: the handshake is not over. */
  readonly sk: number;
}

/** A node of an eventpoll's tree. */
export interface TreeNodeView {
  /** Address of the Epitem. */
  readonly address: number;
  readonly colour: "red" | "black";
  /** Address of the Epitem above; 0 for the root. */
  readonly parent: number;
  /** Address of the Epitem that heads the smaller keys; 0: none. */
  readonly left: number;
  /** Address of the Epitem that heads the greater keys; 0: none. */
  readonly right: number;
  /** Number of nodes above it. */
  readonly depth: number;
}

/** An eventpoll. */
export interface EventpollObject extends KernelObjectOf<"Eventpoll"> {
  /** Address of the file that it is. */
  readonly file: number;
  /** Address of the Epitem at the root of the tree; 0: empty. */
  readonly root: number;
  /** All items, in the order of their keys. */
  readonly tree: readonly TreeNodeView[];
  /** Addresses of the Epitems on the ready list, the oldest first. */
  readonly ready: readonly number[];
  /** Addresses of the Epitems in the batch of a scan. */
  readonly batch: readonly number[];
  /** Addresses of the Epitems that became ready during a scan, the newest first. */
  readonly overflow: readonly number[];
  /** `wq`: sleepers in epoll_wait; `poll_wait`: who watches the eventpoll itself. */
  readonly waitQueues: readonly WaitQueueView[];
}

/** One watched file of an eventpoll. */
export interface EpitemObject extends KernelObjectOf<"Epitem"> {
  /** The descriptor by which it was added. */
  readonly fd: number;
  /** Address of the watched file. */
  readonly file: number;
  /** Address of its eventpoll. */
  readonly ep: number;
  /** What it waits for: `EPOLLIN|EPOLLET`. */
  readonly events: string;
  /** The program's own number, in decimal. */
  readonly data: string;
  /** Whether it is on the ready list, or in the batch of a scan. */
  readonly ready: boolean;
  readonly colour: "red" | "black";
  /** Addresses of its EppollEntries. */
  readonly entries: readonly number[];
}

/** The place of an epitem in a wait queue. */
export interface EppollEntryObject extends KernelObjectOf<"EppollEntry"> {
  /** Address of the Epitem. */
  readonly base: number;
  /** Address of the wait queue; 0: none any more. */
  readonly whead: number;
  /** Name of the function that a wake-up calls. */
  readonly func: string;
}

/** A pipe. */
export interface PipeObject extends KernelObjectOf<"PipeInodeInfo"> {
  /** Number of files open for reading. */
  readonly readers: number;
  /** Number of files open for writing. */
  readonly writers: number;
  /** Number of slots. */
  readonly slots: number;
  /** The slots in use, the oldest first: number of bytes in each. */
  readonly used: readonly number[];
  readonly waitQueues: readonly WaitQueueView[];
}

/** An eventfd. */
export interface EventfdObject extends KernelObjectOf<"EventfdCtx"> {
  /** The counter, in decimal. */
  readonly count: string;
  readonly waitQueues: readonly WaitQueueView[];
}

/** A regular file. */
export interface InodeObject extends KernelObjectOf<"Inode"> {
  readonly name: string;
  /** Its size. Unit: bytes. */
  readonly size: number;
}

/** An address space. */
export interface MmObject extends KernelObjectOf<"MmStruct"> {
  /** Number of tasks that use it. */
  readonly users: number;
  /** Frames mapped into it. */
  readonly rss: number;
  /** Its areas, by address, in hexadecimal. */
  readonly areas: readonly { readonly start: string; readonly end: string; readonly flags: string }[];
}

/** A timer that is waiting. */
export interface TimerObject extends KernelObjectOf<"Hrtimer"> {
  /** When it is due. Unit: ns since boot. */
  readonly expires: number;
  /** Name of the function that is called then. */
  readonly func: string;
  /** Address of the object that it is part of; 0: unknown. */
  readonly owner: number;
}

/** A ring that the network card and its driver share. */
export interface NicRingObject extends KernelObjectOf<"NicRing"> {
  /** Descriptors handed to the device since boot. */
  readonly head: number;
  /** Descriptors that the device is done with since boot. */
  readonly done: number;
  /** Descriptors taken back by the driver since boot. */
  readonly tail: number;
  /** Whether the device moves bytes now. */
  readonly busy: boolean;
  /** The descriptors between tail and head. */
  readonly slots: readonly { readonly index: number; readonly length: number; readonly flags: string }[];
}

/** A client or a connection of a server in the world outside. */
export interface PeerObject extends KernelObjectOf<"Peer"> {
  /** Name of its TcpState. */
  readonly state: string;
  /** Its own port. */
  readonly port: number;
  /** The machine's port. */
  readonly remotePort: number;
}

/** Any object of the machine. */
export type KernelObject =
  | TaskObject | CpuObject | FilesObject | FileObject | SocketObject | SockObject | SkBuffObject | RequestObject
  | EventpollObject | EpitemObject | EppollEntryObject | PipeObject | EventfdObject | InodeObject | MmObject
  | TimerObject | NicRingObject | PeerObject;

/** What an edge stands for. */
export type EdgeKind =
  | "curr" | "files" | "mm" | "fd" | "private_data" | "sk" | "receive_queue" | "write_queue" | "accept_queue"
  | "tree" | "ready" | "batch" | "overflow" | "waits" | "base" | "ffd" | "listener" | "peer" | "held";

/** A link from one object to another. */
export interface Edge {
  /** Address of the object that holds the link. */
  readonly from: number;
  /** Address of the object that it leads to. */
  readonly to: number;
  readonly kind: EdgeKind;
  /** More about it: `5` for descriptor 5, `left`, the name of a wait queue, the place in a list. */
  readonly label: string;
}

/** The machine as a graph of objects. */
export interface Inspection {
  /** Number of tracepoints passed. */
  readonly tick: number;
  /** Number of inputs taken. */
  readonly inputs: number;
  /** Clock of the CPU whose time passes. Unit: ns since boot. */
  readonly now: number;
  /** All objects, by address. */
  readonly objects: readonly KernelObject[];
  /** All links, by the address that they come from. */
  readonly edges: readonly Edge[];
  /** What does not hold together: a machine stopped in the middle of a function may have a broken link. */
  readonly notes: readonly string[];
}

/** The objects of one struct, by address. */
export function objectsOf<S extends KernelObject["struct"]>(
  inspection: Inspection, struct: S,
): Extract<KernelObject, { struct: S }>[] {
  return inspection.objects.filter((object) => object.struct === struct) as Extract<KernelObject, { struct: S }>[];
}

/** The object at an address; undefined: there is none. */
export function objectBy(inspection: Inspection, address: number): KernelObject | undefined {
  const { objects } = inspection;
  let low = 0;
  for (let high = objects.length; low < high; ) {
    const middle = (low + high) >>> 1;
    if (objects[middle]!.address < address) low = middle + 1;
    else high = middle;
  }
  return objects[low]?.address === address ? objects[low] : undefined;
}
