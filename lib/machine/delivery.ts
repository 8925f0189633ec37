import type { Decoded } from "./memory.ts";
import { type SignalInfo, infoOf } from "./signals.ts";
import { layout } from "../layout.gen.ts";

/** A handler that is to run. */
export interface SignalDelivery {
  readonly signo: number;
  /** The address that rt_sigaction() was given; null: it was never called for this signal, the host knows what to do. */
  readonly handler: number | null;
  /** The flags that rt_sigaction() was given: SA_RESTART, ... */
  readonly flags: number;
  /** Whether the interrupted call is made again when the handler ends; else it answers -EINTR, or what it has come to. */
  readonly restarts: boolean;
  /** What the interrupted call has returned inside the kernel; null: no call was cut short so. */
  readonly error: RestartError | null;
  readonly siginfo: SignalInfo;
}

/** What becomes of an interrupted call: see the signal(7) of Linux. */
export type RestartError = "ERESTARTSYS" | "ERESTARTNOINTR" | "ERESTARTNOHAND" | "ERESTART_RESTARTBLOCK";

/** What stands in place of a handler that only the host knows. */
const SIG_OUTSIDE = 2n;

const RESTART_ERRORS = new Map<number, RestartError>(
  (["ERESTARTSYS", "ERESTARTNOINTR", "ERESTARTNOHAND", "ERESTART_RESTARTBLOCK"] as const).map((name) => [
    layout.enums.Errno.values[name],
    name,
  ]),
);

/** What the host is told of a handler that is to run. */
export function deliveryOf(frame: Decoded<"SigFrame">): SignalDelivery {
  return {
    signo: frame.info_signo,
    handler: frame.handler === SIG_OUTSIDE ? null : Number(frame.handler),
    flags: Number(frame.flags),
    restarts: frame.redo !== 0,
    error: RESTART_ERRORS.get(frame.error) ?? null,
    siginfo: infoOf(frame),
  };
}
