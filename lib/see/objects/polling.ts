import type { KernelObjectOf, WaitQueueView } from "./base.ts";

/** A call of poll() or select() that waits. */
export interface PollWqueuesObject extends KernelObjectOf<"PollWqueues"> {
  /** Address of the task. */
  readonly task: number;
  /** Whether one of its wait queues has been woken since the files were asked last. */
  readonly triggered: boolean;
  /** Number of descriptors that it goes through each time. */
  readonly nfds: number;
  /** Addresses of its PollTableEntries, the newest first. */
  readonly entries: readonly number[];
}

/** The place of such a call in a wait queue. */
export interface PollTableEntryObject extends KernelObjectOf<"PollTableEntry"> {
  /** Address of the file that it asks about. */
  readonly file: number;
  /** What wakes it: `EPOLLIN|EPOLLERR|EPOLLHUP`. */
  readonly key: string;
  /** Address of the wait queue. */
  readonly wait_address: number;
  /** Address of the task that it wakes. */
  readonly task: number;
}

/** A timerfd. */
export interface TimerfdObject extends KernelObjectOf<"TimerfdCtx"> {
  /** Name of the Clock that it was made for. */
  readonly clock: string;
  /** Expirations that nobody has read, in decimal. */
  readonly ticks: string;
  /** When it expires next, in ns since boot; null: it is not waiting. */
  readonly expires: number | null;
  /** Its period; 0: it expires once. Unit: ns. */
  readonly interval: number;
  readonly waitQueues: readonly WaitQueueView[];
}
