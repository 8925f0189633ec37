import type { SignalfdObject, TimerfdObject, WaitQueueView, WaiterView } from "../../lib/see/inspect.ts";
import { formatTime } from "../model/format.ts";
import { type Box, keyOf } from "./scene.ts";
import { type SceneContext, filesOf, textRow } from "./context.ts";
import { fileTab } from "./sockets.ts";

/** Timers and signals behind descriptors. */
export function waitableBoxes(context: SceneContext): Box[] {
  return [
    ...context.all("TimerfdCtx").map((ctx) => timerfdBox(context, ctx)),
    ...context.all("SignalfdCtx").map((ctx) => signalfdBox(context, ctx)),
  ];
}

function timerfdBox(context: SceneContext, ctx: TimerfdObject): Box {
  const { translate } = context;
  const key = keyOf(ctx.address);
  const next = ctx.expires === null ? translate("timer_off") : formatTime(ctx.expires);
  const rows = [
    textRow(`${key}:ticks`, translate("row_ticks"), ctx.ticks),
    textRow(`${key}:next`, translate("row_next"), next),
  ];
  if (ctx.interval > 0) rows.push(textRow(`${key}:period`, translate("row_period"), formatTime(ctx.interval)));
  return {
    key,
    address: ctx.address,
    struct: "TimerfdCtx",
    place: "object",
    hue: "socket",
    word: translate("word_timerfd"),
    title: "",
    note: ctx.clock,
    tabs: filesOf(context, ctx.address).map((file) => fileTab(context, file)),
    rows: [...rows, ...ctx.waitQueues.map((queue) => context.waitRow(queue, translate("row_wait")))],
    tree: null,
    label: `${ctx.title}, ${translate("row_ticks")} ${ctx.ticks}, ${translate("row_next")} ${next}`,
  };
}

/** A signalfd has no wait queue of its own: who waits for it hangs in that of the process's signal handlers. */
function signalfdBox(context: SceneContext, ctx: SignalfdObject): Box {
  const { translate } = context;
  const key = keyOf(ctx.address);
  const files = filesOf(context, ctx.address);
  const signals = ctx.signals.join(" ");
  const queue = signalQueue(context, ctx);
  return {
    key,
    address: ctx.address,
    struct: "SignalfdCtx",
    place: "object",
    hue: "socket",
    word: translate("word_signalfd"),
    title: "",
    note: "",
    tabs: files.map((file) => fileTab(context, file)),
    rows: [
      textRow(`${key}:signals`, translate("row_signals"), signals || translate("empty")),
      ...(queue ? [context.waitRow(queue, translate("row_wait"))] : []),
    ],
    tree: null,
    label: `${ctx.title} ${signals}`,
  };
}

/** The queue in which readers of signals wait, with those who wait for this signalfd; null: no process has it. */
function signalQueue(context: SceneContext, ctx: SignalfdObject): WaitQueueView | null {
  const files = new Set(filesOf(context, ctx.address).map(({ address }) => address));
  const queues = context.all("SighandStruct").flatMap(({ waitQueues }) => waitQueues);
  const isFirst = context.all("SignalfdCtx")[0]?.address === ctx.address;
  const waitsHere = (waiter: WaiterView) => {
    const file = fileOf(context, waiter);
    return file === 0 ? isFirst : files.has(file);
  };
  const found = queues.map((queue) => ({ ...queue, waiters: queue.waiters.filter(waitsHere) }));
  const [queue] = found.toSorted((a, b) => b.waiters.length - a.waiters.length);
  return queue ? { ...queue, address: ctx.address } : null;
}

/** Address of the file about which a waiter wants to be told; 0: a task waits for any. */
function fileOf(context: SceneContext, { struct, owner }: WaiterView): number {
  if (struct === "PollTableEntry") return context.get("PollTableEntry", owner)?.file ?? 0;
  if (struct !== "EppollEntry") return 0;
  return context.get("Epitem", context.get("EppollEntry", owner)?.base ?? 0)?.file ?? 0;
}
