import type { KernelObjectOf, WaitQueueView } from "./base.ts";

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
  /** Parts of the tree that were left out of it: the Epitem at the top of each, and their number. Absent: it is whole. */
  readonly left?: readonly { readonly address: number; readonly count: number }[];
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
