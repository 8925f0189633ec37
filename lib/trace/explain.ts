import {
  annotationOf,
  bigintOf,
  descriptorOf,
  elementsOf,
  fieldOf,
  flagNames,
  nameOf,
  numberOf,
  returned,
  textOf,
} from "./strace/access.ts";
import type { StraceAnnotation, StraceCall, StraceValue } from "./strace/types.ts";
import { addressOf, formatAddress } from "./replay/address.ts";
import { isEpollWait } from "./replay/call_facts.ts";
import { type StraceGroup, classifyCall } from "./strace/classify.ts";
import { printValue } from "./strace/print.ts";

/**
 * What a recorded call did, in one English sentence without its end.
 *
 * @param watched  for each event that a wait reported, the descriptor that was registered with the event's data;
 *                 undefined where that is not known: then the sentence has the data.
 */
export function explainCall(call: StraceCall, watched: readonly (number | undefined)[] = []): string {
  const { result } = call;
  const explain = SENTENCES[call.name];
  const what = explain ? explain(call) : GROUPS[classifyCall(call.name)];
  if (result.kind === "error") return `${what}: ${failure(call, result.errno)}`;
  if (result.kind === "restart") return `${what}: interrupted by a signal, to be made again`;
  if (call.unfinished === "died") return `${what}: the task ended inside it`;
  if (isEpollWait(call) && result.kind === "value") return `${what}: ${reported(call, watched)}`;
  const outcome = OUTCOMES[call.name];
  return outcome && result.kind === "value" ? `${what}: ${outcome(call)}` : what;
}

const GROUPS: Readonly<Record<StraceGroup, string>> = {
  multiplexing: "waits for several descriptors",
  sockets: "concerns a socket",
  transfer: "moves bytes",
  creation: "makes a descriptor",
  descriptors: "concerns a descriptor",
  asynchronous: "asks for input or output to be done later",
  tasks: "concerns tasks",
  time: "concerns time, or waits without a descriptor",
  signals: "concerns signals",
  files: "asks about a file by its name",
  memory: "concerns memory",
  other: "concerns neither files nor sockets",
  unknown: "is a call that is not known here",
};

const FAILURES: Readonly<Record<string, string>> = {
  EAGAIN: "it would have to wait (EAGAIN)",
  EBADF: "there is no such descriptor (EBADF)",
  ECONNRESET: "the other side has broken the connection off (ECONNRESET)",
  ECONNREFUSED: "nobody listens there (ECONNREFUSED)",
  EEXIST: "it is there already (EEXIST)",
  EFAULT: "the address is bad (EFAULT)",
  EINPROGRESS: "the connection is being made (EINPROGRESS)",
  EINTR: "a signal interrupted it (EINTR)",
  EINVAL: "an argument makes no sense (EINVAL)",
  ENOENT: "there is no such thing (ENOENT)",
  ENOTCONN: "it is not connected (ENOTCONN)",
  ENOTTY: "it does not know this request (ENOTTY)",
  EPIPE: "nobody will read it any more (EPIPE)",
};

function failure(call: StraceCall, errno: string): string {
  return FAILURES[errno] ?? `${call.resultText ?? "failed"} (${errno})`;
}

type Say = (call: StraceCall) => string;

/** A descriptor with what it stands for: `the connection 7 (127.0.0.1:80 to 127.0.0.1:4711)`. */
function subject(value: StraceValue | undefined): string {
  const fd = descriptorOf(value);
  const annotation = annotationOf(value);
  return fd === undefined ? "a descriptor" : `${kindOf(annotation)} ${fd}${detail(annotation)}`;
}

function kindOf(annotation: StraceAnnotation | undefined): string {
  switch (annotation?.kind) {
    case "anonymous":
      return annotation.name.replace(/^\[|\]$/g, "");
    case "pipe":
      return "pipe";
    case "unix":
      return "UNIX socket";
    case "inet":
      return annotation.remote ? "connection" : annotation.local ? "listening socket" : `${annotation.protocol} socket`;
    case "file":
      return "file";
    case "device":
      return "device";
    default:
      return "descriptor";
  }
}

function detail(annotation: StraceAnnotation | undefined): string {
  if (annotation?.kind === "file" || annotation?.kind === "device") return ` (${annotation.path})`;
  if (annotation?.kind !== "inet" || !annotation.local) return "";
  const local = formatAddress(annotation.local);
  return annotation.remote ? ` (${local} to ${formatAddress(annotation.remote)})` : ` (${local})`;
}

const first: Say = (call) => subject(call.args[0]);

function timeout(value: StraceValue | undefined): string {
  const ms = numberOf(value);
  if (value?.kind === "null" || (ms !== undefined && ms < 0)) return "for as long as it takes";
  if (ms === 0) return "without waiting";
  if (ms !== undefined) return `for at most ${ms} ms`;
  const ns = (numberOf(fieldOf(value, "tv_sec")) ?? 0) * 1e9 + (numberOf(fieldOf(value, "tv_nsec")) ?? 0);
  return ns === 0 ? "without waiting" : `for at most ${ns / 1e6} ms`;
}

const wait: Say = (call) => `waits ${timeout(call.args[3])} for what ${first(call)} watches`;
const read: Say = (call) => `reads from ${first(call)}`;
const write: Say = (call) => `writes to ${first(call)}`;
const accept: Say = (call) => `takes a waiting connection from ${first(call)}`;
const open: Say = (call) => `opens ${JSON.stringify(textOf(call.args.find((arg) => arg.kind === "string")) ?? "?")}`;

const SENTENCES: Readonly<Record<string, Say>> = {
  epoll_create1: () => "makes an eventpoll",
  epoll_create: () => "makes an eventpoll",
  epoll_ctl: (call) => {
    const file = subject(call.args[2]);
    const events = printEvents(fieldOf(call.args[3], "events"));
    switch (nameOf(call.args[1])) {
      case "EPOLL_CTL_ADD":
        return `lets ${first(call)} watch ${file} for ${events}`;
      case "EPOLL_CTL_MOD":
        return `lets ${first(call)} watch ${file} for ${events} from now on`;
      case "EPOLL_CTL_DEL":
        return `lets ${first(call)} watch ${file} no more`;
      default:
        return `asks ${first(call)} for something that there is not`;
    }
  },
  epoll_wait: wait,
  epoll_pwait: wait,
  epoll_pwait2: wait,
  read,
  readv: read,
  pread64: read,
  recvfrom: read,
  recvmsg: read,
  write,
  writev: write,
  pwrite64: write,
  sendto: write,
  sendmsg: write,
  accept,
  accept4: accept,
  open,
  openat: open,
  creat: open,
  close: (call) => `closes ${first(call)}`,
  socket: (call) => `makes a socket (${flagNames(call.args[0]).join()}, ${flagNames(call.args[1]).join(", ")})`,
  socketpair: () => "makes a pair of connected sockets",
  pipe: () => "makes a pipe",
  pipe2: () => "makes a pipe",
  eventfd2: () => "makes an eventfd",
  eventfd: () => "makes an eventfd",
  bind: (call) => `gives ${first(call)} the address ${address(call)}`,
  listen: (call) => `lets ${first(call)} take connections, ${numberOf(call.args[1]) ?? "some"} waiting at most`,
  connect: (call) => `connects ${first(call)} to ${address(call)}`,
  shutdown: (call) => `ends ${shut(call)} on ${first(call)}`,
  getsockname: (call) => `asks ${first(call)} for its own address`,
  getpeername: (call) => `asks ${first(call)} for the address of the other side`,
  setsockopt: (call) => `sets ${nameOf(call.args[2]) ?? "an option"} of ${first(call)}`,
  getsockopt: (call) => `asks ${first(call)} for ${nameOf(call.args[2]) ?? "an option"}`,
  fcntl: (call) => COMMANDS[nameOf(call.args[1]) ?? ""]?.(call) ?? `changes or asks something about ${first(call)}`,
  ioctl: (call) => COMMANDS[nameOf(call.args[1]) ?? ""]?.(call) ?? `makes a request to ${first(call)}`,
  lseek: (call) => `moves the position in ${first(call)}`,
  dup: (call) => `makes another descriptor for ${first(call)}`,
  dup2: (call) => `lets descriptor ${numberOf(call.args[1]) ?? "?"} stand for ${first(call)}`,
  dup3: (call) => `lets descriptor ${numberOf(call.args[1]) ?? "?"} stand for ${first(call)}`,
};

/** What fcntl() and ioctl() are asked for. */
const COMMANDS: Readonly<Record<string, Say>> = {
  F_GETFD: (call) => `asks whether execve() closes ${first(call)}`,
  F_SETFD: (call) => `says whether execve() closes ${first(call)}`,
  F_GETFL: (call) => `asks for the flags of ${first(call)}`,
  F_SETFL: (call) => `sets the flags of ${first(call)} to ${printEvents(call.args[2])}`,
  F_DUPFD: (call) => `makes another descriptor for ${first(call)}`,
  F_DUPFD_CLOEXEC: (call) => `makes another descriptor for ${first(call)}`,
  FIONBIO: (call) => `says whether calls on ${first(call)} wait`,
  FIONREAD: (call) => `asks how much can be read from ${first(call)}`,
  FIOCLEX: (call) => `lets execve() close ${first(call)}`,
  FIONCLEX: (call) => `lets execve() leave ${first(call)} open`,
  TCGETS: (call) => `asks whether ${first(call)} is a terminal`,
};

function address(call: StraceCall): string {
  const known = addressOf(call.args[1]);
  return known ? formatAddress(known) : "an address";
}

function shut(call: StraceCall): string {
  const how = nameOf(call.args[1]);
  return how === "SHUT_RD" ? "receiving" : how === "SHUT_WR" ? "sending" : "sending and receiving";
}

function printEvents(value: StraceValue | undefined): string {
  return value ? printValue(value) : "nothing";
}

const amount: Say = (call) => {
  const n = Number(returned(call));
  return n === 0 ? "nothing, the end" : `${n} ${n === 1 ? "byte" : "bytes"}`;
};
const written: Say = (call) => `${Number(returned(call))} bytes taken`;
const descriptor: Say = (call) => `descriptor ${returned(call)}`;

function reported(call: StraceCall, watched: readonly (number | undefined)[]): string {
  const count = Number(returned(call));
  if (count === 0) return "nothing became ready";
  const events = elementsOf(call.args[1]).map(
    (event, i) => `${printEvents(fieldOf(event, "events"))} for ${watchedBy(event, watched[i])}`,
  );
  return events.length === 0 ? `${count} ready` : events.join(", ");
}

/** A program may keep anything in an event's data: only epoll_ctl() tells which descriptor it stands for. */
function watchedBy(event: StraceValue, fd: number | undefined): string {
  const data = fieldOf(event, "data");
  const value = fieldOf(data, "u64") ?? fieldOf(data, "u32");
  if (fd === undefined) return value ? printValue(value) : printValue(event);
  const lower = BigInt.asUintN(32, bigintOf(value) ?? BigInt(fd));
  return lower === BigInt(fd) || !value ? String(fd) : `${fd} (data ${printValue(value)})`;
}

/** What a call that was successful came to. */
const OUTCOMES: Readonly<Record<string, Say>> = {
  read: amount,
  readv: amount,
  pread64: amount,
  recvfrom: amount,
  recvmsg: amount,
  write: written,
  writev: written,
  pwrite64: written,
  sendto: written,
  sendmsg: written,
  accept: descriptor,
  accept4: descriptor,
  open: descriptor,
  openat: descriptor,
  creat: descriptor,
  socket: descriptor,
  epoll_create1: descriptor,
  epoll_create: descriptor,
  eventfd2: descriptor,
  eventfd: descriptor,
  dup: descriptor,
  lseek: (call) => `now at ${returned(call)}`,
};
