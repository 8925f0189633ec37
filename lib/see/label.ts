import { type Reader, embedOffset, fieldOffset } from "./reader.ts";
import { allTasks, fdOf, fdOfObject, taskByPid } from "./find.ts";
import { enumName, flagNames, functionName, text } from "./names.ts";
import type { Language } from "../machine/records.ts";
import { embedsOf } from "./queues.ts";
import { hex } from "../machine/memory.ts";
import { opName } from "./disks.ts";
import { objectAround } from "./population.ts";
import { skbFlags, sockTitle } from "./sock-title.ts";

/** A noun phrase in both languages. */
type Phrase = readonly [en: string, zh: string];

const FILE_KINDS: Readonly<Record<string, Phrase>> = {
  SOCKET: ["a socket", "一个套接字"],
  PIPE: ["one end of a pipe", "管道的一端"],
  SIGNALFD: ["a signalfd", "一个 signalfd"],
  EVENTFD: ["an eventfd", "一个 eventfd"],
  EVENTPOLL: ["an eventpoll", "一个 eventpoll"],
  REGULAR: ["a regular file", "一个普通文件"],
  TIMERFD: ["a timerfd", "一个 timerfd"],
  OUTSIDE: ["a file outside the machine", "机器之外的一个文件"],
  DEVICE: ["a device", "一个设备"],
  PATH: ["a file that can only be named", "一个只能被指名的文件"],
};

/** What a disk is asked to do, in Chinese. */
const OPERATIONS: Readonly<Record<string, string>> = { read: "读取", write: "写入", flush: "刷新" };

/** Names the kernel's objects as a person would: "the epitem of fd 5", "task server (pid 1)". */
export class Labels {
  readonly #reader: Reader;
  readonly #zh: boolean;
  /** The task whose descriptors the reader of the sentence has in mind. */
  readonly #task: number;

  /** @param pid  The task that runs: "fd 5" is its descriptor 5. */
  constructor(reader: Reader, locale: Language, pid: number) {
    this.#reader = reader;
    this.#zh = locale === "zh-CN";
    this.#task = taskByPid(reader, pid);
  }

  /** A noun phrase for the object at an address. */
  of(struct: string, address: number): string {
    if (address === 0) return this.#say(["nothing", "空"]);
    switch (struct) {
      case "TaskStruct":
        return this.task(address);
      case "File":
        return this.file(address);
      case "Socket":
        return this.#socket(address);
      case "Sock":
        return this.#sock(address);
      case "UnixSock":
        return this.#sock(this.#reader.get("UnixSock", address, "sk"));
      case "Epitem":
        return this.#epitem(address);
      case "EppollEntry":
        return this.#eppollEntry(address);
      case "Eventpoll":
        return this.#behindFile(address, ["the eventpoll", "eventpoll"]);
      case "PipeInodeInfo":
        return this.#behindFile(address, ["the pipe", "管道"]);
      case "SignalfdCtx":
        return this.#behindFile(address, ["the signalfd", "signalfd"]);
      case "SighandStruct":
        return this.#say(["the signal handlers", "信号处理方式"]);
      case "SignalStruct":
        return this.#say(["the process's signals", "进程的信号状态"]);
      case "EventfdCtx":
        return this.#behindFile(address, ["the eventfd", "eventfd"]);
      case "TimerfdCtx":
        return this.#behindFile(address, ["the timerfd", "timerfd"]);
      case "Kioctx":
        return this.#say([
          `the context ${this.#hex("Kioctx", address, "user_id")}`,
          `上下文 ${this.#hex("Kioctx", address, "user_id")}`,
        ]);
      case "IomapDio":
        return this.#say(["the direct transfer", "直接传输"]);
      case "IoRingCtx":
        return this.#behindFile(address, ["the ring", "环"]);
      case "IoKiocb":
        return this.#say([
          `the request ${this.#reader.get64("IoKiocb", address, "sqe_user_data")}`,
          `请求 ${this.#reader.get64("IoKiocb", address, "sqe_user_data")}`,
        ]);
      case "AioKiocb":
        return this.#say([
          `the request ${this.#hex("AioKiocb", address, "ki_res_obj")}`,
          `请求 ${this.#hex("AioKiocb", address, "ki_res_obj")}`,
        ]);
      case "PollWqueues":
        return this.#poll(this.#reader.get("PollWqueues", address, "polling_task"));
      case "PollTableEntry":
        return this.#pollEntry(address);
      case "Inode":
        return this.#behindFile(address, ["the file", "文件"]);
      case "AddressSpace":
        return this.#mapping(address);
      case "Folio":
        return this.#folio(address);
      case "SkBuff":
        return this.#skb(address);
      case "UbufInfoMsgzc":
        return this.#zerocopy(address);
      case "WaitQueueHead":
        return this.#embedded(address, "WaitQueueHead", ["the wait queue of", "的等待队列"]);
      case "WaitQueueEntry":
        return this.#embedded(address, "WaitQueueEntry", ["the waiter of", "的等待项"]);
      case "Hrtimer":
        return this.#timer(address);
      case "Request":
      case "Bio":
        return this.#transfer(struct, address);
      case "DiskState":
        return this.#say(["the disk", "磁盘"]);
      case "RequestSock":
        return this.#request(address);
      case "SkBuffHead":
        return this.#queue(address);
      case "NetDevice":
        return this.#say([
          `the device ${deviceName(this.#reader, address)}`,
          `设备 ${deviceName(this.#reader, address)}`,
        ]);
      case "Peer":
        return this.#say([`peer ${port(this.#reader, address)}`, `对端 ${port(this.#reader, address)}`]);
      case "RbNode":
        return this.#node(address);
      case "FilesStruct":
        return this.#say(["the descriptor table", "描述符表"]);
      case "MmStruct":
        return this.#say(["the address space", "地址空间"]);
      default:
        return `struct ${struct} ${hex(address)}`;
    }
  }

  /** A noun phrase for whatever lies at an address. */
  any(address: number): string {
    const around = objectAround(this.#reader, address);
    return around ? this.of(around.struct, around.address) : hex(address);
  }

  /** `task server (pid 1)`. */
  task(address: number): string {
    const name = taskName(this.#reader, address);
    const pid = this.#reader.get("TaskStruct", address, "pid");
    return this.#say([`task ${name} (pid ${pid})`, `任务 ${name} (pid ${pid})`]);
  }

  /** The task with a number; CPUs without a task are idle. */
  taskByPid(pid: number): string {
    const address = pid === 0 ? 0 : taskByPid(this.#reader, pid);
    if (address !== 0) return this.task(address);
    return pid === 0 ? this.#say(["nobody", "无任务"]) : this.#say([`task ${pid}`, `任务 ${pid}`]);
  }

  /** What kind of file it is: "a socket". */
  kind(file: number): string {
    const kind = fileKind(this.#reader, file);
    return this.#say(FILE_KINDS[kind] ?? ["a file", "一个文件"]);
  }

  /** `socket fd 5 (:8080 <- :40001)`, `fd 4`. */
  file(file: number): string {
    const kind = fileKind(this.#reader, file);
    if (kind === "SOCKET") return this.#socket(this.#reader.get("File", file, "private_data"));
    const fd = this.#fd(file);
    if (fd) return fd;
    return this.#say([`${this.kind(file)} without a descriptor`, `${this.kind(file)}（没有描述符）`]);
  }

  /** A user address that an object has, as programs write it. */
  #hex(struct: "Kioctx" | "AioKiocb", address: number, field: string): string {
    return `0x${this.#reader.get64(struct, address, field as never).toString(16)}`;
  }

  #say([en, zh]: Phrase): string {
    return this.#zh ? zh : en;
  }

  /** `fd 5`, and whose it is if tasks have tables of their own; empty if no table has it. */
  #fd(file: number): string {
    return this.#findFd((table) => fdOf(this.#reader, table, file));
  }

  /** Looks for a descriptor, in the running task's table first. */
  #findFd(find: (table: number) => number): string {
    const own = this.#task === 0 ? 0 : tableOf(this.#reader, this.#task);
    const fd = find(own);
    if (fd >= 0) return `fd ${fd}`;
    const tables = new Map(allTasks(this.#reader).map((task) => [tableOf(this.#reader, task), task]));
    for (const [table, task] of tables) {
      const other = find(table);
      if (other < 0) continue;
      if (own === 0 && tables.size === 1) return `fd ${other}`;
      return this.#say([`fd ${other} of ${this.task(task)}`, `${this.task(task)} 的 fd ${other}`]);
    }
    return "";
  }

  #socket(socket: number): string {
    const reader = this.#reader;
    const file = reader.get("Socket", socket, "file");
    const fd = file === 0 ? "" : this.#fd(file);
    const sk = reader.get("Socket", socket, "sk");
    const title = sk === 0 ? "" : this.#sockTitle(sk);
    const name = [fd, title && `(${title})`].filter(Boolean).join(" ");
    const [, owner, number] = /^(任务 .*) 的 (fd .*)$/.exec(name) ?? [];
    if (owner) return `${owner} 的套接字 ${number}`;
    if (!name) return this.#say(["a new socket", "一个新套接字"]);
    return fd ? this.#say([`socket ${name}`, `套接字 ${name}`]) : this.#say([`the socket ${name}`, `套接字 ${name}`]);
  }

  #sock(sk: number): string {
    const socket = this.#reader.get("Sock", sk, "sk_socket");
    if (socket !== 0 && this.#reader.holds("Socket", socket)) return this.#socket(socket);
    const title = this.#sockTitle(sk);
    return this.#say([`the connection ${title} that nobody has accepted`, `尚未被 accept 的连接 ${title}`]);
  }

  #sockTitle(sk: number): string {
    const title = sockTitle(this.#reader, sk);
    return this.#zh ? title.replace("listening", "监听中") : title;
  }

  #request(request: number): string {
    const local = this.#reader.get("RequestSock", request, "skc_num");
    const remote = this.#reader.get("RequestSock", request, "skc_dport");
    return this.#say([`the request :${local} <- :${remote}`, `连接请求 :${local} <- :${remote}`]);
  }

  #epitem(epi: number): string {
    const fd = this.#epitemFd(epi);
    return this.#say([`the epitem of fd ${fd}`, `fd ${fd} 的 epitem`]);
  }

  #epitemFd(epi: number): number {
    return this.#reader.get("Epitem", epi, "ffd_fd");
  }

  #eppollEntry(pwq: number): string {
    const fd = this.#epitemFd(this.#reader.get("EppollEntry", pwq, "base"));
    return this.#say([`the eppoll_entry of fd ${fd}`, `fd ${fd} 的 eppoll_entry`]);
  }

  /** The call of poll() or select() that a task is in. */
  #poll(task: number): string {
    return this.#say([`the poll table of ${this.task(task)}`, `${this.task(task)}的 poll 表`]);
  }

  #pollEntry(entry: number): string {
    const file = this.file(this.#reader.get("PollTableEntry", entry, "filp"));
    const task = this.task(this.#reader.get("PollTableEntry", entry, "wait_task"));
    return this.#say([`the entry of ${task} for ${file}`, `${task}为${file}挂上的等待项`]);
  }

  /** An object that files stand for, by the descriptor of such a file. */
  #behindFile(address: number, [en, zh]: Phrase): string {
    const fd = this.#findFd((table) => fdOfObject(this.#reader, table, address));
    return fd ? this.#say([`${en} of ${fd}`, `${fd} 的${zh}`]) : this.#say([en, zh]);
  }

  /** What of a file lies in the page cache, by the file's name. */
  #mapping(mapping: number): string {
    const inode = this.#reader.get("AddressSpace", mapping, "host");
    const name = inodeName(this.#reader, inode);
    if (!name) return this.#say(["a file without a name", "一个没有名字的文件"]);
    return this.#say([`file ${name}`, `文件 ${name}`]);
  }

  /** A frame of the page cache, by what it holds. */
  #folio(folio: number): string {
    const mapping = this.#reader.get("Folio", folio, "mapping");
    const index = this.#reader.get("Folio", folio, "index");
    if (mapping === 0) return this.#say([`the folio ${hex(folio)}`, `folio ${hex(folio)}`]);
    const file = this.#mapping(mapping);
    return this.#say([`the folio of page ${index} of ${file}`, `${file}第 ${index} 页的 folio`]);
  }

  #skb(skb: number): string {
    const len = this.#reader.get("SkBuff", skb, "len");
    const flags = skbFlags(this.#reader, skb);
    const names = flags ? ` (${flagNames("TcpFlags", flags)})` : "";
    return this.#say([`an sk_buff of ${len} bytes${names}`, `${len} 字节的 sk_buff${names}`]);
  }

  #zerocopy(uarg: number): string {
    const id = this.#reader.get("UbufInfoMsgzc", uarg, "id");
    const last = id + Math.max(this.#reader.get("UbufInfoMsgzc", uarg, "len"), 1) - 1;
    return id === last
      ? this.#say([`call ${id} with MSG_ZEROCOPY`, `带 MSG_ZEROCOPY 的第 ${id} 号调用`])
      : this.#say([`calls ${id} to ${last} with MSG_ZEROCOPY`, `带 MSG_ZEROCOPY 的第 ${id} 至 ${last} 号调用`]);
  }

  /** `the request to read 8192 bytes`, `the bio to write 512 bytes`. */
  #transfer(struct: "Bio" | "Request", address: number): string {
    const request = struct === "Request";
    const flags = request
      ? this.#reader.get(struct, address, "cmd_flags")
      : this.#reader.get(struct, address, "bi_opf");
    const bytes = request
      ? this.#reader.get(struct, address, "data_len")
      : this.#reader.get(struct, address, "bi_size");
    const number = request ? ` ${this.#reader.get(struct, address, "tag")}` : "";
    return this.#say([
      `the ${struct.toLowerCase()}${number} to ${opName(flags)} ${bytes} bytes`,
      `${request ? `请求${number}` : "bio"}（${OPERATIONS[opName(flags)] ?? ""} ${bytes} 字节）`,
    ]);
  }

  /** A queue of packets, by what it is inside of. */
  #queue(queue: number): string {
    const around = objectAround(this.#reader, queue);
    const name =
      around && embedsOf(around.struct, "SkBuffHead").find(({ offset }) => around.address + offset === queue);
    if (around?.struct !== "Sock" || !name) return this.#say(["a queue of packets", "数据包队列"]);
    return this.#say([
      `${name.name} of ${this.#sock(around.address)}`,
      `${this.#sock(around.address)}的 ${name.name} `,
    ]);
  }

  /** A struct inside an object, by what it is inside of. */
  #embedded(address: number, type: string, [before, after]: Phrase): string {
    const around = objectAround(this.#reader, address);
    if (around && embedsOf(around.struct, type).some(({ offset }) => around.address + offset === address)) {
      const owner = this.of(around.struct, around.address);
      if (["EppollEntry", "PollTableEntry", "AioKiocb", "IoKiocb"].includes(around.struct)) return owner;
      return this.#say([`${before} ${owner}`, `${owner}${after}`]);
    }
    return this.#say([before.replace(/ of$/, ""), after.replace(/^的/, "")]);
  }

  /** A node of a tree: the kernel has trees of epitems and of timers. */
  #node(node: number): string {
    const around = objectAround(this.#reader, node);
    if (around?.struct === "Epitem") return this.#epitem(around.address);
    return this.#timer(node - embedOffset("Hrtimer", "node"));
  }

  #timer(timer: number): string {
    const around = objectAround(this.#reader, timer);
    const func = functionName(this.#reader.get("Hrtimer", timer, "func"));
    if (around?.struct === "TaskStruct") {
      const task = this.task(around.address);
      return this.#say([`the alarm of ${task}`, `${task} 的闹钟`]);
    }
    return this.#say([`a timer (${func})`, `定时器 (${func})`]);
  }
}

function tableOf(reader: Reader, task: number): number {
  return reader.get("TaskStruct", task, "files");
}

function deviceName(reader: Reader, device: number): string {
  return text(reader.bytes(device + fieldOffset("NetDevice", "name"), 8));
}

function port(reader: Reader, peer: number): string {
  return `:${reader.get("Peer", peer, "port")}`;
}

/** The name of a task. */
export function taskName(reader: Reader, task: number): string {
  return text(reader.bytes(task + fieldOffset("TaskStruct", "comm_0"), 16));
}

/** The name of a file; empty: it was removed. */
export function inodeName(reader: Reader, inode: number): string {
  const length = reader.get("Inode", inode, "i_name_length");
  return length === 0 ? "" : text(reader.bytes(reader.get("Inode", inode, "i_name"), length));
}

/** The FileKind of a file, by name. */
export function fileKind(reader: Reader, file: number): string {
  const operations = reader.get("File", file, "f_op");
  return enumName("FileKind", reader.get("FileOperations", operations, "kind"));
}
