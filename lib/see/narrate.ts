import type { Facts, Sentence, Wording } from "./catalogue/message.ts";
import { type MemoryImage, Reader } from "./reader.ts";
import { callName, callText, renderResult, renderTraced } from "./calls.ts";
import { signalName } from "./signal-sets.ts";
import { enumName, epollMask, flagNames } from "./names.ts";
import { errnoName } from "../machine/errno.ts";
import type { EventName, Language } from "../machine/records.ts";
import { Labels } from "./label.ts";
import { hex } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";
import { taskByPid } from "./find.ts";
import { userMemory } from "./user-memory.ts";

/** What a sentence is made from: a record of the trace. */
export interface Narratable {
  /** Name of the event. */
  readonly event: EventName;
  /** Number of the task that ran; 0: none. */
  readonly pid: number;
  /** Number of the CPU. */
  readonly cpu: number;
  /** The numbers of the record, in the order of the event's `@args`. */
  readonly args: readonly number[];
}

/** What is said of every event, in one language or in all. */
export type Sentences = Readonly<Record<EventName, Readonly<Partial<Record<Language, Wording>>>>>;

/** How to tell it. */
export interface NarrateOptions {
  readonly locale: Language;
  /** The machine at that tick: with it, objects have names ("the epitem of fd 5") instead of addresses. */
  readonly memory?: MemoryImage;
}

interface Argument {
  readonly name: string;
  readonly type: string;
}

const members: Readonly<Record<string, { readonly doc?: string; readonly args?: readonly Argument[] }>> =
  layout.enums.Tp.members;

/** The arguments of an event: their names, and what they are. */
export function argumentsOf(event: EventName): readonly Argument[] {
  return members[event]?.args ?? [];
}

const IO_PHASE = layout.enums.IoPhase.values;

const { LARGEFILE } = layout.enums.OpenFlags.values;

const tcpState = (value: number) => enumName("TcpState", value);

/** Flags of open(), of which one, O_RDONLY, is no bit, and another is set in every 64-bit program. */
const openFlags = (value: number) => flagNames("OpenFlags", value & ~LARGEFILE, "O_").replace(/^0$/, "O_RDONLY");

/** Numbers that mean more than their type says: `event.argument`. */
/** What an entry of a ring asks for. */
const ringOp = (value: number): string => enumName("IoringOp", value);

const SPECIAL: Readonly<Record<string, (value: number) => string>> = {
  "sys_exit.result": (value) => renderTraced(value | 0),
  "copy_process.flags": (value) => flagNames("CloneFlags", value, "CLONE_"),
  "do_exit.code": (value) => String(value | 0),
  "__do_softirq.pending": (value) => flagNames("Softirq", value),
  "signal_wake_up.signal": signalName,
  "send_signal_locked.signal": signalName,
  "signal_ignored.signal": signalName,
  "dequeue_signal.signal": signalName,
  "setup_rt_frame.signal": signalName,
  "do_signal_stop.signal": signalName,
  "do_group_exit.signal": signalName,
  "do_notify_parent.signal": signalName,
  "handle_mm_fault.page": hex,
  "do_munmap.page": hex,
  "do_mremap.page": hex,
  "do_mprotect.page": hex,
  "do_mprotect.prot": (value) => flagNames("Prot", value, "PROT_"),
  "wp_page_copy.page": hex,
  "exc_page_fault.page": hex,
  "do_fcntl.command": (value) => `F_${enumName("FcntlCommand", value)}`,
  "do_vfs_ioctl.request": (value) => enumName("Ioctl", value),
  "vfs_llseek.whence": (value) => `SEEK_${enumName("SeekWhence", value)}`,
  "vfs_llseek.offset": (value) => String(value | 0),
  "do_epoll_wait.maxevents": (value) => String(value | 0),
  "tcp_set_state.old": tcpState,
  "tcp_set_state.new": tcpState,
  "__sys_socket.family": (value) => `AF_${enumName("Af", value)}`,
  "__sys_socket.type": (value) => `SOCK_${enumName("SockType", value & 0xf)}`,
  "__sys_socketpair.family": (value) => `AF_${enumName("Af", value)}`,
  "__sys_socketpair.type": (value) => `SOCK_${enumName("SockType", value & 0xf)}`,
  "wire_receive.flags": (value) => flagNames("TcpFlags", value),
  "fifo_open.flags": openFlags,
  "do_mknodat.mode": (value) => `0${value.toString(8)}`,
  "do_prlimit.resource": (value) => (value === 7 ? "RLIMIT_NOFILE" : String(value)),
  "timerfd_create.clockid": (value) => `CLOCK_${enumName("Clock", value)}`,
  "do_sys_openat2.flags": openFlags,
  "io_submit_one.opcode": (value) => `IOCB_CMD_${enumName("IocbCmd", value)}`,
  "io_submit_sqe.opcode": ringOp,
  "io_queue_sqe.opcode": ringOp,
  "io_issue_sqe.opcode": ringOp,
  "io_uring_register.opcode": (value) => enumName("IoringRegister", value),
  "io_uring_complete.res": (value) => renderResult(value | 0),
  "aio_complete.res": (value) => renderResult(value | 0),
  "iomap_dio_complete.result": (value) => renderResult(value | 0),
};

/** What a disk is asked to do, in Chinese. */
const REQUEST_OPERATIONS: readonly string[] = ["读取", "写入", "刷新"];

/** Arguments that mean the same in every event in which they have this name. */
const BY_NAME: Readonly<Record<string, (value: number) => string>> = {
  state: tcpState,
  how: (value) => `SHUT_${enumName("Shut", value)}`,
};

/** Turns a record into one sentence in a language. */
class Teller {
  readonly #record: Narratable;
  readonly #sentences: Sentences;
  readonly #locale: Language;
  readonly #reader: Reader | undefined;
  readonly #labels: Labels | undefined;
  readonly #args: Readonly<Record<string, number>>;

  constructor(record: Narratable, sentences: Sentences, { locale, memory }: NarrateOptions) {
    this.#record = record;
    this.#sentences = sentences;
    this.#locale = locale;
    this.#reader = memory && new Reader(memory);
    this.#labels = this.#reader && new Labels(this.#reader, locale, record.pid);
    this.#args = Object.fromEntries(argumentsOf(record.event).map(({ name }, i) => [name, record.args[i] ?? 0]));
  }

  sentence(): string {
    const happens: Sentence = this.#sentences[this.#record.event][this.#locale]![1];
    const facts: Facts = { args: this.#args };
    const template = typeof happens === "string" ? happens : happens(facts);
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => this.#value(name));
    return this.#locale === "zh-CN" ? spaced(filled) : capitalised(filled, template);
  }

  /** What stands for `{name}`. */
  #value(name: string): string {
    const { event, cpu, pid, args } = this.#record;
    if (name === "cpu") return String(cpu);
    if (name === "current") return this.#task(pid);
    if (name === "call") return this.#call();
    if (name === "file_kind") return this.#labels?.kind(this.#args["file"] ?? 0) ?? this.#either("a file", "一个文件");
    const index = argumentsOf(event).findIndex((argument) => argument.name === name);
    if (index < 0) throw new TypeError(`the sentence for ${event} speaks of {${name}}, which is none of its arguments`);
    const value = args[index] ?? 0;
    const { type } = argumentsOf(event)[index]!;
    const special = SPECIAL[`${event}.${name}`] ?? (type === "number" ? BY_NAME[name] : undefined);
    return special ? special(value) : this.#typed(type, value);
  }

  #typed(type: string, value: number): string {
    switch (type) {
      case "number":
      case "count":
        return String(value);
      case "fd":
        return `fd ${value | 0}`;
      case "bytes":
        return this.#either(value === 1 ? "1 byte" : `${value} bytes`, `${value} 字节`);
      case "poll":
        return epollMask(value);
      case "epollop":
        return `EPOLL_CTL_${enumName("EpollCtl", value)}`;
      case "reqop":
        return this.#either(enumName("ReqOp", value).toLowerCase(), REQUEST_OPERATIONS[value] ?? String(value));
      case "errno":
        return errnoName(-Math.abs(value | 0)) ?? String(value | 0);
      case "port":
        return `:${value}`;
      case "address":
        return hex(value >>> 0);
      case "object":
        return this.#labels?.any(value) ?? hex(value >>> 0);
      case "phase":
        return value === IO_PHASE.READY
          ? this.#either("phase 1, data ready", "第一阶段“数据就绪”")
          : this.#either("phase 2, data copied", "第二阶段“数据复制”");
      case "syscall":
        return callName(value);
      case "event":
        return enumName("Tp", value);
      default:
        return this.#labels?.of(type, value) ?? `${type} ${hex(value >>> 0)}`;
    }
  }

  /** The system call with all its arguments, as far as they are known. */
  #call(): string {
    const task = this.#reader ? taskByPid(this.#reader, this.#record.pid) : 0;
    if (!this.#reader || task === 0) return callName(this.#args["nr"] ?? 0);
    const registers = (["di", "si", "dx", "r10", "r8", "r9"] as const).map((register) =>
      this.#reader!.get64("TaskStruct", task, register),
    );
    return callText(this.#args["nr"] ?? 0, registers, userMemory(this.#reader, task));
  }

  #task(pid: number): string {
    if (this.#labels) return this.#labels.taskByPid(pid);
    return pid === 0 ? this.#either("nobody", "无任务") : this.#either(`task ${pid}`, `任务 ${pid}`);
  }

  #either(en: string, zh: string): string {
    return this.#locale === "zh-CN" ? zh : en;
  }
}

/** An English sentence begins with a capital; names of functions, calls and descriptors stay as they are. */
function capitalised(sentence: string, template: string): string {
  if (template.startsWith("{nr}")) return sentence;
  return sentence.replace(
    /^(task|the|an?|nobody|one|phase|socket)(?= )/,
    (word) => word.charAt(0).toUpperCase() + word.slice(1),
  );
}

/** Chinese with a space between characters and Latin words, as good typesetting has it. */
function spaced(sentence: string): string {
  return sentence
    .replace(/([\u4e00-\u9fff])([A-Za-z0-9(])/g, "$1 $2")
    .replace(/([A-Za-z0-9)|])([\u4e00-\u9fff])/g, "$1 $2");
}

/** One sentence that says what a record of the trace means, and why it matters; the sentences have the language. */
export function tell(record: Narratable, sentences: Sentences, options: NarrateOptions): string {
  return new Teller(record, sentences, options).sentence();
}
