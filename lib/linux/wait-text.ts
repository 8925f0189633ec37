import type { Itimerspec, PollEntry, SelectSets } from "./program.ts";
import { maskName } from "./abi.ts";

/* How poll, select and timerfds are written down: what depends on how fast a computer is, is left out. */

/** A time as C has it, in either unit. */
interface Time {
  sec: number;
  usec?: number;
  nsec?: number;
}

/** Which argument is a time that the call stores what is left of into. */
const LIMITS: Readonly<Record<string, number>> = { ppoll: 1, select: 2, pselect6: 2 };

/** How long a call that stores what is left of its time may take. Unit: ns; null: no such call. */
export function timeLimit(call: string, args: readonly unknown[]): number | null {
  const limit = args[LIMITS[call] ?? -1];
  return typeof limit === "object" && limit !== null ? ns(limit as Time) : null;
}

function ns({ sec, usec = 0, nsec = 0 }: Time): number {
  return sec * 1e9 + usec * 1e3 + nsec;
}

/** What a call has left of its time: how much depends on the computer, whether anything does not. */
export function timeLeft(before: number | null, after: number | null): string {
  if (before === null || after === null) return "";
  if (after === before) return " as it was";
  return after === 0 ? " nothing left" : after < before ? " less left" : " more left";
}

/** An argument of these calls; undefined: it is written as any other. */
export function waitArgument(call: string, value: object, position: number): string | undefined {
  if (call === "poll" || call === "ppoll") {
    if (!Array.isArray(value)) return undefined;
    return `[${value.map(({ fd, events }: PollEntry) => `${fd} ${maskName(events)}`).join(", ")}]`;
  }
  if ((call === "select" || call === "pselect6") && position === 1) return `{${setsText(value as SelectSets)}}`;
  if (call === "timerfd_gettime" || (call === "timerfd_settime" && position === 3)) return "time";
  if (!("it_value" in value)) return undefined;
  const { it_value, it_interval } = value as Itimerspec;
  return `${ns(it_value)} ns every ${ns(it_interval)} ns`;
}

/** What these calls have stored; undefined: it is another call. */
export function waitStored(call: string, output: object): string | undefined {
  if (call === "poll" || call === "ppoll") {
    return ` [${(output as PollEntry[]).map(({ revents }) => maskName(revents ?? 0)).join(", ")}]`;
  }
  if (call === "select" || call === "pselect6") return ` {${setsText(output as SelectSets)}}`;
  if (call !== "timerfd_settime" && call !== "timerfd_gettime") return undefined;
  const { it_interval, it_value } = output as Partial<Itimerspec>;
  const state = it_value && ns(it_value) > 0 ? "runs" : "stands";
  return ` ${state}, interval ${it_interval ? ns(it_interval) : "?"} ns`;
}

function setsText(sets: SelectSets): string {
  return Object.entries(sets)
    .map(([name, fds]) => `${name} ${Array.isArray(fds) ? `[${fds.join(" ")}]` : String(fds)}`)
    .join(", ");
}
