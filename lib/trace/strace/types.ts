/** A number as printed: decimal, hexadecimal (also every pointer and unknown flag bit) or octal (modes). */
export interface StraceInteger {
  kind: "integer";
  /** A bigint beyond 2^53. */
  value: number | bigint;
  base: 8 | 10 | 16;
  /** What strace says about it between slash and star. */
  comment?: string;
}

/** One constant or variable: `EPOLL_CTL_ADD`, `SIGTERM`, the `s` of `WIFEXITED(s)`. */
export interface StraceName {
  kind: "name";
  name: string;
  comment?: string;
}

/** The null pointer. */
export interface StraceNull {
  kind: "null";
  comment?: string;
}

/** Terms joined by `|`, in the printed order: names, unknown bits as integers, shifts, a signal in clone's flags. */
export interface StraceFlags {
  kind: "flags";
  terms: StraceValue[];
  comment?: string;
}

/** A descriptor with what stood behind it when the line was printed (`-y`, `-yy`). Without them it is an integer. */
export interface StraceDescriptor {
  kind: "fd";
  /** -100 for AT_FDCWD. */
  fd: number;
  annotation: StraceAnnotation;
  /** The constant printed instead of a number, such as AT_FDCWD. */
  name?: string;
  comment?: string;
}

/** A quoted string; each code unit of `text` is one byte. */
export interface StraceString {
  kind: "string";
  text: string;
  /** True if strace cut it (`"abc"...`): with `-s 0` always, unless it is empty. */
  truncated: boolean;
  /** Present for the abstract UNIX address `@"..."`. */
  abstract?: true;
  comment?: string;
}

/** `[a, b]`, and the sets `[USR1 TERM]`, `[3 4]` and `~[]`. */
export interface StraceArray {
  kind: "array";
  elements: StraceValue[];
  /** True if elements were left out: `[...]` or `[a, ...]`. */
  abbreviated: boolean;
  /** True for `~[...]`: everything but the elements. */
  complement: boolean;
  /** True if blanks separate the elements instead of commas. */
  spaced: boolean;
  comment?: string;
}

/** One member of a struct; `name` is empty for a member that is only a value. */
export interface StraceField {
  name: string;
  value: StraceValue;
}

/** `{a=1, b={...}}`. */
export interface StraceStruct {
  kind: "struct";
  fields: StraceField[];
  /** True if members were left out: `{a=1, ...}`. */
  abbreviated: boolean;
  /** True if blanks separate the members instead of commas (terminal settings). */
  spaced: boolean;
  comment?: string;
}

/** A macro applied: `htons(80)`, `inet_addr("127.0.0.1")`, `makedev(0xfe, 0)`. */
export interface StraceMacro {
  kind: "macro";
  name: string;
  args: StraceValue[];
  comment?: string;
}

/** What the program passed in and what the call left there: `[112 => 16]`. */
export interface StraceChange {
  kind: "change";
  before: StraceValue;
  after: StraceValue;
  comment?: string;
}

/** Terms joined by any other operator: `8192*1024`, `1<<CAP_KILL`, `WIFEXITED(s) && WEXITSTATUS(s) == 0`. */
export interface StraceOperation {
  kind: "operation";
  operator: string;
  operands: StraceValue[];
  comment?: string;
}

/** An argument or element with a name: `child_stack=NULL`. */
export interface StraceNamed {
  kind: "named";
  name: string;
  value: StraceValue;
  comment?: string;
}

/** Text that has no structure: `???`, a date of an older strace, `<... resuming interrupted poll ...>`. */
export interface StraceOpaque {
  kind: "opaque";
  text: string;
  comment?: string;
}

/** One printed argument, element or member. */
export type StraceValue =
  | StraceInteger
  | StraceName
  | StraceNull
  | StraceFlags
  | StraceDescriptor
  | StraceString
  | StraceArray
  | StraceStruct
  | StraceMacro
  | StraceChange
  | StraceOperation
  | StraceNamed
  | StraceOpaque;

/** One end of an internet connection, as printed. */
export interface StraceEndpoint {
  /** Without the brackets of IPv6. */
  host: string;
  port: number;
}

/** What stood behind a descriptor when strace looked, right after or before the call. `text` is the whole of it. */
export type StraceAnnotation =
  | { kind: "anonymous"; name: string; text: string }
  | { kind: "pipe"; inode: number; text: string }
  | {
      kind: "unix";
      type: string;
      inode: number;
      /** The inode of the other end, if connected. */
      peer?: number;
      /** The address bound, if any. */
      path?: string;
      abstract?: true;
      text: string;
    }
  | {
      kind: "inet";
      /** TCP, TCPv6, UDP, UDPv6, ... */
      protocol: string;
      /** Instead of addresses, while the socket is neither bound nor connected. */
      inode?: number;
      local?: StraceEndpoint;
      remote?: StraceEndpoint;
      text: string;
    }
  | { kind: "socket"; inode: number; text: string }
  | { kind: "file"; path: string; deleted: boolean; text: string }
  | {
      kind: "device";
      path: string;
      type: "char" | "block";
      major: number;
      minor: number;
      deleted: boolean;
      text: string;
    }
  | { kind: "other"; text: string };

/** What a call returned. */
export type StraceResult =
  | { kind: "value"; value: number | bigint }
  | { kind: "error"; errno: string; value: -1 }
  /** Interrupted; `name` tells under which condition the kernel restarts it: ERESTARTSYS, ERESTARTNOHAND, ... */
  | { kind: "restart"; name: string }
  /** `?`: nothing was returned, because the task ended, or strace could not see. */
  | { kind: "unknown" };

/** Why a call has no completion of its own: its task ended, strace let go of the task, or the recording ended. */
export type StraceUnfinished = "died" | "detached" | "end";

/** One system call, its halves joined. */
export interface StraceCall {
  /** 0 if the recording never names the task. */
  pid: number;
  /** Where the call was entered; 1 is the first line. */
  line: number;
  /** Where it was completed. */
  endLine: number;
  /** When it was entered, in ns since the first line; 0 if the recording has no times. */
  time: number;
  /** When it was completed, in ns since the first line, if the recording tells. */
  endTime?: number;
  /** How long it took, in ns (`-T`). Stretched by strace itself. */
  duration?: number;
  name: string;
  /** In the printed order. Empty places do not exist: what an interrupted call did not print is missing at the end. */
  args: StraceValue[];
  result: StraceResult;
  /** What stands behind a returned descriptor. */
  resultAnnotation?: StraceAnnotation;
  /** The text in parentheses behind the result: an error's message, `Timeout`, `flags O_RDWR`. */
  resultText?: string;
  /** The same in pieces where it is data: `([{fd=4, revents=POLLIN}])`, `(in [4], left {...})`, `(flags O_RDWR)`. */
  resultDetails?: StraceField[];
  /** Position of the entry among all entries, completions, signals, stops and exits of the recording. */
  entrySequence: number;
  /** Position of the completion; that of the end of the task, or of the recording, where there is none. */
  exitSequence: number;
  /** True if an array or struct of the arguments or details was left out (`[...]`, `{...}`). */
  abbreviated: boolean;
  /** True if the recording began inside the call: the first arguments are missing. */
  startMissing?: true;
  unfinished?: StraceUnfinished;
}

/** A signal that was delivered to a task. */
export interface StraceSignal {
  pid: number;
  line: number;
  /** ns since the first line. */
  time: number;
  sequence: number;
  /** `SIGTERM`. */
  signal: string;
  /** struct siginfo, if printed. */
  info?: StraceStruct;
}

/** A task stopped by a signal, until SIGCONT. */
export interface StraceStop {
  pid: number;
  line: number;
  /** ns since the first line. */
  time: number;
  sequence: number;
  signal: string;
}

/** The end of a task. */
export interface StraceExit {
  pid: number;
  line: number;
  /** ns since the first line. */
  time: number;
  sequence: number;
  end:
    | { kind: "exited"; status: number }
    | { kind: "killed"; signal: string; coreDumped: boolean }
    /** Another thread of the process has called execve and now goes by this number. */
    | { kind: "superseded"; by: number };
}

/** A line about the recording itself, such as `strace: Process 12 attached`. */
export interface StraceNotice {
  line: number;
  text: string;
}

/** Something a reader of the trace should know: what is missing, and what to do about it. */
export interface StraceWarning {
  line: number;
  kind: "abbreviated" | "start-missing" | "unfinished" | "detached" | "cut" | "time";
  message: string;
}

/** A recording, read. */
export interface StraceTrace {
  /** The name it was read under. */
  name: string;
  /** Lines read, empty ones included. */
  lines: number;
  /** What the times of the recording are: `-ttt`, `-t` or `-tt`, `-r`, or none. */
  clock: "epoch" | "day" | "relative" | "none";
  /** Time of the first line in ns since 1970, if the clock is `epoch`. */
  start?: bigint;
  /** In order of entry. */
  calls: StraceCall[];
  signals: StraceSignal[];
  stops: StraceStop[];
  exits: StraceExit[];
  notices: StraceNotice[];
  warnings: StraceWarning[];
}
