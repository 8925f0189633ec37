/** What every object of the machine has. All of it is JSON. */
export interface KernelObjectOf<S extends string> {
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
