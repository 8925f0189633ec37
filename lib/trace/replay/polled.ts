import { EPOLL_EVENTS, POLL_EVENTS } from "./constants.ts";
import { bitsOf, descriptorOf, elementsOf, fieldOf, numberOf } from "../strace/access.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";

/** A descriptor that poll or select has found ready. */
export interface Polled {
  readonly fd: number;
  /** What is true of it: poll's bits; for select, reading or writing. */
  readonly mask: number;
}

const { EPOLLIN, EPOLLOUT, EPOLLPRI } = EPOLL_EVENTS as Record<string, number>;
/** The sets of select, as strace names them, with the bit that stands for each. */
const SETS: Readonly<Record<string, number>> = { in: EPOLLIN!, out: EPOLLOUT!, except: EPOLLPRI! };

/** Whether a call asks about descriptors that it is given in an array. */
export function isPoll({ name }: StraceCall): boolean {
  return name === "poll" || name === "ppoll";
}

/** Whether a call asks about descriptors that it is given in sets. */
export function isSelect({ name }: StraceCall): boolean {
  return name === "select" || name === "pselect6";
}

/** What poll or select has found ready, in the order of the recording. */
export function polledOf(call: StraceCall): Polled[] {
  const details = call.resultDetails ?? [];
  if (isPoll(call)) {
    return elementsOf(details.find(({ name }) => name === "")?.value).map((entry) => ({
      fd: descriptorOf(fieldOf(entry, "fd")) ?? -1,
      mask: bitsOf(fieldOf(entry, "revents"), POLL_EVENTS) ?? 0,
    }));
  }
  if (!isSelect(call)) return [];
  return details.flatMap(({ name, value }) =>
    name in SETS ? elementsOf(value).map((fd) => ({ fd: descriptorOf(fd) ?? -1, mask: SETS[name]! })) : [],
  );
}

/** How long poll or select may take. Unit: ns; Infinity: for ever. */
export function pollTimeout(call: StraceCall): number {
  const value = call.args[isPoll(call) ? 2 : 4];
  if (call.name === "poll") {
    const ms = numberOf(value) ?? 0;
    return ms < 0 ? Number.POSITIVE_INFINITY : ms * 1e6;
  }
  if (value?.kind === "null") return Number.POSITIVE_INFINITY;
  const [seconds, rest, unit] = timeOf(value);
  return seconds * 1e9 + rest * unit;
}

/** Seconds, what is beyond them, and how many ns that counts in: struct timeval or timespec. */
export function timeOf(value: StraceValue | undefined): [seconds: number, rest: number, unit: number] {
  const microseconds = numberOf(fieldOf(value, "tv_usec"));
  const seconds = numberOf(fieldOf(value, "tv_sec")) ?? 0;
  return microseconds === undefined
    ? [seconds, numberOf(fieldOf(value, "tv_nsec")) ?? 0, 1]
    : [seconds, microseconds, 1000];
}
