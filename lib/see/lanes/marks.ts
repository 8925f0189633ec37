import type { EventName, TraceRecord } from "../../machine/records.ts";
import { layout } from "../../layout.gen.ts";
import { isError } from "../calls.ts";

const { epoll_wait, epoll_pwait, epoll_pwait2 } = layout.enums.Nr.values as Readonly<Record<string, number>>;
const EPOLL_WAIT = new Set([epoll_wait, epoll_pwait, epoll_pwait2]);

/** What a step is that matters. */
export type MarkKind =
  /** A sleeping task is made runnable. */
  | "wakeup"
  /** epoll_wait has told its program of events. */
  | "answer"
  /** A system call has failed. */
  | "error"
  /** The first phase of an input is over: data is there. */
  | "ready"
  /** The second phase of an input is over: the program has the data. */
  | "copied"
  /** A handler of a signal is about to run. */
  | "signal";

/** A step that matters. */
export interface Mark {
  readonly kind: MarkKind;
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  /** The task that it concerns: of a wake-up, the one that is woken; 0: none. */
  readonly pid: number;
  /** What the call returned, how many bytes there are, or the signal's number. */
  readonly value: number;
}

const KINDS: Partial<Record<EventName, MarkKind>> = {
  data_ready: "ready",
  data_copied: "copied",
  data_placed: "copied",
  setup_rt_frame: "signal",
};

/** The mark of a record; null: it is a step like others. Wake-ups are told apart by who knows the task. */
export function markOf({ event, args, tick, time, pid }: TraceRecord): Mark | null {
  if (event === "sys_exit") {
    const value = args[1] | 0;
    if (isError(value)) return { kind: "error", tick, time, pid, value };
    return value > 0 && EPOLL_WAIT.has(args[0]) ? { kind: "answer", tick, time, pid, value } : null;
  }
  const kind = KINDS[event];
  return kind === undefined ? null : { kind, tick, time, pid, value: args[1] };
}
