/** Kinds of inputs: everything that can change the machine. */
export enum InputKind {
  /** The program that has the word makes a system call: nr, a[6]. */
  SYSCALL = 1,
  /** An adopted task makes a system call: pid, nr, a[6]. */
  SUBMIT = 2,
  /** The clock jumps to the next due event. */
  ELAPSE = 3,
  /** A new task: pid = parent, a0 = CloneFlags, a1 = 1 if adopted; 16 bytes of name follow. */
  SPAWN = 4,
  /** A program maps new memory: pid, a0 = length. */
  USER_ALLOC = 5,
  /** A program writes into its memory: pid, a0 = address, a1 = length; the bytes follow. */
  USER_STORE = 6,
  /** The program that has the word computes: a0 = duration in ns. */
  COMPUTE = 7,
  /** The host takes the word for a moment and gives it back. */
  SCHEDULE = 8,
  /** A number of a descriptor table is taken by something outside: pid, a0 = descriptor. */
  RESERVE_FD = 9,
  /** A file appears: a0 = size, a1 = seed, a2 = length of the name; the name follows. */
  CREATE_FILE = 10,
  /** A client outside connects: a0 = port, a1 = its receive window, a2 = 1: it digests what it receives. */
  WIRE_CONNECT = 11,
  /** A server outside listens: a0 = port, a1 = 1: its connections digest what they receive. */
  WIRE_LISTEN = 12,
  /** A peer outside sends: a0 = handle, a1 = length; the bytes follow. */
  WIRE_SEND = 13,
  /** A peer outside shuts down its sending side: a0 = handle. */
  WIRE_SHUTDOWN = 14,
  /** A peer outside closes: a0 = handle. */
  WIRE_CLOSE = 15,
  /** A peer outside resets: a0 = handle. */
  WIRE_RESET = 16,
  /** The host wants the word at a time: a0 = time in ns, a1 = its own number for it. */
  WIRE_TIMER = 17,
  /** A peer outside that had stopped reading reads on: a0 = handle, a1 = how much more in bytes; 0: all. */
  WIRE_WINDOW = 18,
  /** A signal comes to a task: pid, a0 = its number. It interrupts a sleep; there are no handlers. */
  SIGNAL = 19,
  /**
   * Allocations are made to fail from now on: a0 = FaultKind, a1 = which one, counted from now, 0: none; a2 = chance of
   * each one of system calls and interrupts, unit 2^-32.
   */
  FAIL_ALLOCATION = 20,
  /** The host chooses which task goes on, and the machine goes on with it: pid. */
  CHOOSE = 21,
  /** Bytes are put into a file: a0 = offset, a1 = length, a2 = length of the name; the name and the bytes follow. */
  FILL_FILE = 22,
  /** Another limit of descriptors: pid, a0 = RLIMIT_NOFILE. */
  RLIMIT_NOFILE = 23,
  /** The next packets are lost on the wire: a0 = 1 from the machine, 0 to it; a1 = so many. */
  WIRE_DROP = 24,
  /**
   * Sectors cannot be read or written: a0 = ReqOp, a1 = the first and a2 = the last one, a3 = how many bios fail, a4 = length of
   * the name of the file that the sectors are counted in, 0: the disk; the name follows.
   */
  DISK_FAULT = 25,
  /** The program that has the word loads from its memory: a0 = address, a1 = length. */
  LOAD = 40,
  /** The program that has the word stores to its memory: a0 = address, a1 = length; the bytes follow. */
  STORE = 41,
  /** The program that has the word calls a function of its library: a0 = LibraryCall, then its arguments. */
  LIBRARY = 42,
}

/** One input, as it stands in a journal: this header, then its bytes, padded to a multiple of 8. */
@unmanaged
export class InputRecord {
  /** InputKind. */
  kind: u32;
  /** Size of header, bytes and padding. Unit: bytes. */
  size: u32;
  /** The task concerned. */
  pid: i32;
  /** Number of the system call. */
  nr: i32;
  a0: i64;
  a1: i64;
  a2: i64;
  a3: i64;
  a4: i64;
  a5: i64;
}
