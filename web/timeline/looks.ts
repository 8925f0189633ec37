import type { MarkKind, SliceKind } from "../../lib/see/lanes.ts";

/** What fills a slice, besides its colour: no meaning hangs on colour alone. */
export type Pattern = "solid" | "rising" | "falling" | "upright" | "dots" | "cross" | "outline" | "line";

/** How slices of a kind look. */
export interface Look {
  /** Name of the custom property of tokens.css that has its colour. */
  readonly colour: string;
  readonly pattern: Pattern;
  /** Stands in a slice that has room for no more; empty: none. */
  readonly letter: string;
}

const look = (colour: string, pattern: Pattern, letter: string): Look => ({ colour, pattern, letter });

/** How each kind of slice looks. */
export const LOOKS: Readonly<Record<SliceKind, Look>> = {
  idle: look("--iop-rule", "line", ""),
  switch: look("--iop-quiet", "cross", "×"),
  task: look("--iop-task", "solid", "u"),
  kthread: look("--iop-page", "solid", "t"),
  syscall: look("--iop-file", "solid", "k"),
  exception: look("--iop-file", "dots", "!"),
  hardirq: look("--iop-bad", "upright", "H"),
  softirq: look("--iop-eventpoll", "falling", "S"),
  running: look("--iop-socket", "solid", "R"),
  runnable: look("--iop-file", "rising", "r"),
  sleeping: look("--iop-quiet", "line", ""),
  stopped: look("--iop-bad", "cross", "T"),
  ended: look("--iop-rule", "dots", ""),
  outside: look("--iop-task", "outline", ""),
  call: look("--iop-file", "outline", ""),
  waiting: look("--iop-page", "rising", "1"),
  copying: look("--iop-copy", "solid", "2"),
  read: look("--iop-dma", "solid", "R"),
  write: look("--iop-dma", "rising", "W"),
  flush: look("--iop-dma", "cross", "F"),
  transmit: look("--iop-dma", "rising", "↑"),
  receive: look("--iop-dma", "solid", "↓"),
  to_memory: look("--iop-dma", "solid", "↓"),
  from_memory: look("--iop-dma", "rising", "↑"),
};

/** What a mark may be: a step that matters, or a place where a breakpoint hits. */
export type SignKind = MarkKind | "breakpoint";

/** How marks look: a sign, and a colour. Those that come first are drawn where there is no room for all. */
export const SIGNS: Readonly<Record<SignKind, { readonly colour: string; readonly sign: string }>> = {
  breakpoint: { colour: "--iop-bad", sign: "●" },
  error: { colour: "--iop-bad", sign: "✕" },
  answer: { colour: "--iop-eventpoll", sign: "◆" },
  signal: { colour: "--iop-copy", sign: "!" },
  ready: { colour: "--iop-page", sign: "1" },
  copied: { colour: "--iop-copy", sign: "2" },
  wakeup: { colour: "--iop-socket", sign: "▲" },
};

/** Kinds of slices as the legend groups them: what is drawn on a CPU, for a task, for a device. */
export const LEGEND: readonly (readonly SliceKind[])[] = [
  ["task", "syscall", "exception", "hardirq", "softirq", "kthread", "switch"],
  ["running", "runnable", "sleeping", "stopped", "outside", "call", "waiting", "copying"],
  ["read", "write", "flush", "receive", "transmit"],
];
