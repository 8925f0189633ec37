import type { EventName, Kernel, TraceRecord } from "../../lib/index.ts";
import { layout } from "../../lib/layout.gen.ts";
import { structs } from "../../lib/see/reader.ts";
import { ConditionError, parseCondition } from "./condition.ts";
import type { Selection } from "./selection.ts";

/** Where the machine is to stop: at a kernel function or happening, at an object, or where a condition is true. */
type BreakpointPlace =
  | { readonly kind: "event"; readonly event: EventName }
  /** At every record that names the object or a part of it, and at every tick at which its bytes have changed. */
  | { readonly kind: "object"; readonly address: number; readonly size: number }
  | { readonly kind: "condition"; readonly holds: (record: TraceRecord) => boolean };

/** A place to stop, as a person has set it. */
export interface Breakpoint {
  /** As it was written: no two have the same. */
  readonly text: string;
  readonly place: BreakpointPlace;
  readonly enabled: boolean;
}

/** The part of a run that breakpoints look at. */
interface Stoppable {
  readonly kernel: Pick<Kernel, "trace">;
  readonly ticks: number;
}

const EVENTS: Readonly<Record<string, number>> = layout.enums.Tp.values;
/** Size of what is watched at an address whose struct is not said. Unit: bytes. */
const WORD = 4;
const OBJECT = /^(?:([A-Z]\w*)\s+(?:at\s+)?)?(0x[\da-f]{1,8})$/i;

interface Member {
  readonly args?: readonly { readonly type: string }[];
}
/** Which numbers of an event's records are addresses of objects, or in them. */
const POINTERS: Readonly<Record<string, readonly number[]>> = Object.fromEntries(
  Object.entries(layout.enums.Tp.members as Readonly<Record<string, Member>>).map(([event, { args = [] }]) => [
    event,
    args.flatMap(({ type }, at) => (/^([A-Z]|object$|address$)/.test(type) ? [at] : [])),
  ]),
);

/** Names of all kernel functions and happenings, in the order of the alphabet. */
export const EVENT_NAMES: readonly string[] = Object.keys(EVENTS)
  .filter((name) => name !== "none")
  .sort();

/**
 * Reads where to stop: the name of an event (`ep_poll_callback`), an object (`Epitem 0x14f000`, or an address alone), or a
 * condition.
 *
 * @throws ConditionError  for what is none of these.
 */
export function parseBreakpoint(text: string): Breakpoint {
  const written = text.trim();
  return { text: written, place: placeOf(written), enabled: true };
}

function placeOf(text: string): BreakpointPlace {
  if (Object.hasOwn(EVENTS, text) && text !== "none") return { kind: "event", event: text as EventName };
  const [, struct, address] = OBJECT.exec(text) ?? [];
  if (address !== undefined && (struct === undefined || Object.hasOwn(structs, struct))) {
    return { kind: "object", address: Number(address), size: struct ? structs[struct]!.size : WORD };
  }
  // A word alone is true or false for no record: the name of an event was meant.
  if (/^\w*$/.test(text)) throw new ConditionError(1, "value", text);
  return { kind: "condition", holds: parseCondition(text) };
}

/** The breakpoint at an object, as its text. */
export function objectText({ struct, address }: Selection): string {
  return `${struct} 0x${address.toString(16)}`;
}

/** For each run: the ticks at which a breakpoint hits, by its text. */
const known = new WeakMap<Stoppable, Map<string, readonly number[]>>();

/** The ticks at which a breakpoint hits in a run, ascending, whether it is enabled or not. */
export function hitsOf(run: Stoppable, { text, place }: Breakpoint): readonly number[] {
  let hits = known.get(run);
  if (!hits) known.set(run, (hits = new Map()));
  let found = hits.get(text);
  if (!found) hits.set(text, (found = find(run, place)));
  return found;
}

function find({ kernel: { trace } }: Stoppable, place: BreakpointPlace): number[] {
  if (place.kind === "event") return Array.from(trace.filter({ event: place.event }), ({ tick }) => tick);
  if (place.kind === "condition") return Array.from(trace.filter(place.holds), ({ tick }) => tick);
  const { address, size } = place;
  const isPart = (value: number) => value >= address && value < address + size;
  const named = Array.from(
    trace.filter(({ event, args }) => POINTERS[event]?.some((at) => isPart(args[at]!)) ?? false),
    ({ tick }) => tick,
  );
  return [...new Set([...named, ...trace.changes(address, size)])].sort((a, b) => a - b);
}

/** For each list of breakpoints, the run that it was asked of last, and all its hits there. */
const together = new WeakMap<readonly Breakpoint[], { readonly run: Stoppable; readonly hits: readonly number[] }>();

/** The ticks at which any enabled breakpoint hits, ascending. */
export function allHits(run: Stoppable, breakpoints: readonly Breakpoint[]): readonly number[] {
  const last = together.get(breakpoints);
  if (last?.run === run) return last.hits;
  const enabled = breakpoints.filter((breakpoint) => breakpoint.enabled);
  const hits = [...new Set(enabled.flatMap((breakpoint) => hitsOf(run, breakpoint)))].sort((a, b) => a - b);
  together.set(breakpoints, { run, hits });
  return hits;
}

/** The next tick (1), or the last one before (-1), at which an enabled breakpoint hits; null: none does. */
export function nextHit(
  run: Stoppable,
  breakpoints: readonly Breakpoint[],
  from: number,
  direction: 1 | -1,
): number | null {
  const hits = allHits(run, breakpoints);
  const found = direction === 1 ? hits.find((tick) => tick > from) : hits.findLast((tick) => tick < from);
  return found ?? null;
}
