/** Signals, with their numbers on x86-64. Those from SIGRTMIN to 64 are real-time signals. */
export enum Signal {
  SIGHUP = 1,
  SIGINT = 2,
  SIGQUIT = 3,
  SIGILL = 4,
  SIGTRAP = 5,
  SIGABRT = 6,
  SIGBUS = 7,
  SIGFPE = 8,
  SIGKILL = 9,
  SIGUSR1 = 10,
  SIGSEGV = 11,
  SIGUSR2 = 12,
  SIGPIPE = 13,
  SIGALRM = 14,
  SIGTERM = 15,
  SIGSTKFLT = 16,
  SIGCHLD = 17,
  SIGCONT = 18,
  SIGSTOP = 19,
  SIGTSTP = 20,
  SIGTTIN = 21,
  SIGTTOU = 22,
  SIGURG = 23,
  SIGXCPU = 24,
  SIGXFSZ = 25,
  SIGVTALRM = 26,
  SIGPROF = 27,
  SIGWINCH = 28,
  SIGIO = 29,
  SIGPWR = 30,
  SIGSYS = 31,
  SIGRTMIN = 32,
}

/** Number of signals. @kernel _NSIG, arch/x86/include/uapi/asm/signal.h */
export const NSIG: u32 = 64;
/** Size of a set of signals. Unit: bytes. */
export const SIGSET_SIZE: i64 = 8;

/** The set that has one signal. @kernel sigmask(), include/linux/signal.h */
export function sigmask(signal: u32): u64 {
  return (<u64>1) << (signal - 1);
}
