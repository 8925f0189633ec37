import type { TaskObject } from "../../lib/see/inspect.ts";
import { type Chip, type Row, keyOf } from "./scene.ts";
import type { SceneContext } from "./context.ts";

/** More blocked signals than this are only counted. */
const MANY = 3;

/** What is going on with one signal of a task. */
interface SignalState {
  /** Address of the SignalStruct, if the signal waits there for any thread; 0: it is the task's own. */
  readonly group: number;
  readonly handled: boolean;
  readonly pending: boolean;
  readonly blocked: boolean;
}

/** The signals of a task that have not come to their end: waiting, kept back, or in their handlers; null: none. */
export function signalRow(context: SceneContext, task: TaskObject): Row | null {
  const states = signalStates(context, task);
  if (states.size === 0 || task.state === "ZOMBIE") return null;
  const key = `${keyOf(task.address)}:signals`;
  const quiet = [...states.values()].filter(({ handled, pending }) => !handled && !pending);
  if (quiet.length > MANY) {
    for (const [signal, { handled, pending }] of states) if (!handled && !pending) states.delete(signal);
  }
  const chips = [...states].map(([signal, { group, handled, pending, blocked }]): Chip => {
    const words = [
      ...(handled ? [context.translate("signal_handler")] : []),
      ...(pending ? [context.translate("signal_pending")] : []),
      // While a signal is handled it is blocked: that goes without saying.
      ...(blocked && !handled ? [context.translate("signal_blocked")] : []),
    ].join(context.translate("comma"));
    const look = handled ? "handler" : pending ? "pending" : "free";
    const text = `${signal} ${words}`;
    return { key: `${key}:${signal}`, address: group, struct: "SignalStruct", hue: "task", look, text, label: text };
  });
  if (quiet.length > MANY) {
    const text = context.translate("signals_blocked", { count: quiet.length });
    chips.push({ key: `${key}:blocked`, address: 0, struct: "", hue: "task", look: "free", text, label: text });
  }
  return context.row(key, context.translate("row_signals"), chips, { tall: true });
}

function signalStates(context: SceneContext, task: TaskObject): Map<string, SignalState> {
  const shared = context.inspection.edges.find(({ from, kind }) => from === task.address && kind === "signal");
  const group = context.get("SignalStruct", shared?.to ?? 0);
  const states = new Map<string, SignalState>();
  // No program can block SIGKILL: a task that ends is marked so, which is no signal mask.
  const masked = task.blocked.includes("SIGKILL") ? [] : task.blocked;
  for (const signal of [...task.handlers, ...task.pending, ...(group?.pending ?? []), ...masked]) {
    const isShared = !task.pending.includes(signal) && (group?.pending.includes(signal) ?? false);
    states.set(signal, {
      group: isShared && group ? group.address : 0,
      handled: task.handlers.includes(signal),
      pending: isShared || task.pending.includes(signal),
      blocked: masked.includes(signal),
    });
  }
  return states;
}
