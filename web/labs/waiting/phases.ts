import type { Doing, Span, Watched, WatchedMessage } from "../../../lib/waiting/watch.ts";

/** Where something lies in the drawing. Unit: px. */
export interface Extent {
  readonly x: number;
  readonly width: number;
}

/** What a task does, as it is drawn. */
export interface DrawnSpan extends Extent {
  readonly doing: Doing;
  readonly call: string;
}

/** A task's row. */
export interface TaskRow {
  readonly pid: number;
  readonly spans: readonly DrawnSpan[];
}

/** A message's row: where its phases end. Unit: px. */
export interface MessageRow {
  readonly message: WatchedMessage;
  readonly ready: number;
  readonly copied: number;
  readonly answered: number;
}

/** A way, as it is drawn. */
export interface DrawnWay {
  readonly way: string;
  readonly tasks: readonly TaskRow[];
  /** Tasks that have no room. */
  readonly more: number;
  readonly interrupts: readonly Extent[];
  readonly messages: readonly MessageRow[];
  /** When its last answer is handed over, if that is behind the end of the drawing; else null. Unit: ns from the start. */
  readonly beyond: number | null;
}

/** All ways on one clock. */
export interface Phases {
  /** What is shown, from when the messages leave their clients. Unit: ns. */
  readonly window: Span;
  readonly ways: readonly DrawnWay[];
}

/** What is shown before the first message is there, and behind the last answer. Unit: ns. */
const BEFORE = 2500;
const BEHIND = 2500;
/** A way whose answers take so many times longer than those of most is cut off. */
const TOO_LONG = 5;
/** Rows for tasks, at most. */
const TASKS = 4;

/** The last round of a server, from when its messages left. */
interface Round {
  readonly watched: Watched;
  readonly sent: number;
  readonly messages: readonly WatchedMessage[];
}

function lastRound(watched: Watched): Round {
  const last = watched.messages.at(-1);
  const messages = watched.messages.filter(({ round }) => round === last?.round);
  return { watched, sent: last?.sent ?? watched.span.start, messages };
}

/** The window in which all rounds are seen, without those that take far longer than most. */
function windowOf(rounds: readonly Round[]): Span {
  const since = ({ messages, sent }: Round, at: (message: WatchedMessage) => number) =>
    messages.map((message) => at(message) - sent);
  const starts = rounds.flatMap((round) => since(round, ({ ready }) => ready.time));
  const start = Math.max(0, Math.min(...starts) - BEFORE);
  const lengths = rounds
    .map((round) => Math.max(...since(round, ({ answered }) => answered.time)) - start)
    .sort((a, b) => a - b);
  const most = (lengths[(lengths.length - 1) >> 1] ?? 0) * TOO_LONG;
  return { start, end: start + (lengths.findLast((length) => length <= most) ?? 0) + BEHIND };
}

/** Puts the last round of each server on one clock. @param width  Unit: px. */
export function phasesOf(all: readonly Watched[], width: number): Phases | null {
  const rounds = all.map(lastRound).filter(({ messages }) => messages.length > 0);
  if (rounds.length === 0) return null;
  const window = windowOf(rounds);
  return { window, ways: rounds.map((round) => drawn(round, window, width)) };
}

function drawn({ watched, sent, messages }: Round, window: Span, width: number): DrawnWay {
  const scale = width / (window.end - window.start);
  const at = (time: number) => Math.max(0, Math.min(width, (time - sent - window.start) * scale));
  const extent = ({ start, end }: Span) => ({ x: at(start), width: at(end) - at(start) });
  const rows = watched.tasks.map(({ pid, spans }) => ({
    pid,
    spans: spans
      .map((span) => ({ ...extent(span), doing: span.doing, call: span.call }))
      .filter((span) => span.width > 0),
  }));
  const seen = rows.filter(({ spans }) => spans.some(({ doing }) => doing === "program" || doing === "kernel"));
  const last = Math.max(...messages.map(({ answered }) => answered.time)) - sent;
  return {
    way: watched.way,
    tasks: seen.slice(0, TASKS),
    more: Math.max(0, seen.length - TASKS),
    interrupts: watched.interrupts.map(extent).filter((one) => one.width > 0),
    messages: messages.map((message) => ({
      message,
      ready: at(message.ready.time),
      copied: at(message.copied.time),
      answered: at(message.answered.time),
    })),
    beyond: last > window.end ? last : null,
  };
}
