import type { EventName, TraceRecord } from "../../lib/index.ts";
import type { Moment } from "../model/frame.ts";
import type { ListedCall } from "../model/run.ts";
import type { Session } from "../model/session.ts";

/** Which of several: the first, unless it says otherwise; counted from 1. */
type Nth = number;

/** Where an event is looked for. */
export interface Search {
  /** Which of those that fit; -1: the last one. Default: the first. */
  readonly nth?: Nth;
  /** It happens after this place. Default: the beginning. */
  readonly after?: Place;
  /** It happens before this place. Default: the end. */
  readonly before?: Place;
  /** What else must be so. */
  readonly where?: (record: TraceRecord, seen: Seen) => boolean;
}

/** A place in a run, by what happens there: the function that finds its tick. It cannot get stale as a number would. */
export type Place = (seen: Seen) => number;

/** A run as a chapter looks at it: what happened, and how the machine was at any tick. */
export class Seen {
  readonly session: Session;
  readonly #records: readonly TraceRecord[];

  /** @param session  a run that is over. */
  constructor(session: Session) {
    this.session = session;
    this.#records = [...session.run.kernel.trace];
  }

  /** The n-th system call of a name. @throws RangeError if there are not so many. */
  call(name: string, nth: Nth = 1): ListedCall {
    const found = this.calls(name)[nth - 1];
    if (!found) throw new RangeError(`the run has no ${name}() number ${nth}`);
    return found;
  }

  /** All system calls of a name, in the order in which they began. */
  calls(name: string): readonly ListedCall[] {
    return this.session.run.calls.filter(({ text }) => text.startsWith(`${name}(`));
  }

  /** What happened, as far as it fits, in order. */
  records(event: EventName, { after, before, where }: Omit<Search, "nth"> = {}): readonly TraceRecord[] {
    const from = after ? after(this) : 0;
    const to = before ? before(this) : Infinity;
    return this.#records.filter(
      (record) =>
        record.event === event && record.tick > from && record.tick < to && (where ? where(record, this) : true),
    );
  }

  /** The machine at a place. */
  at(place: Place): Moment {
    return this.session.moment(place(this));
  }

  /** What happened at a place. @throws RangeError at the beginning, where nothing did. */
  record(place: Place): TraceRecord {
    const tick = place(this);
    const found = this.#records[tick - 1];
    if (!found) throw new RangeError(`nothing has happened at tick ${tick}`);
    return found;
  }
}

/** Where the n-th system call of a name enters the kernel. */
export function begins(name: string, nth: Nth = 1): Place {
  return (seen) => seen.call(name, nth).enter;
}

/** Where the n-th system call of a name has returned. */
export function ends(name: string, nth: Nth = 1): Place {
  return (seen) => {
    const { exit, text } = seen.call(name, nth);
    if (exit === null) throw new RangeError(`${text} never returns`);
    return exit;
  };
}

/** Where something happens in the kernel. */
export function happens(event: EventName, search: Search = {}): Place {
  return (seen) => {
    const { nth = 1, ...rest } = search;
    const found = seen.records(event, rest).at(nth < 0 ? nth : nth - 1);
    if (!found) throw new RangeError(`the run has no ${event} number ${nth} where it is looked for`);
    return found.tick;
  };
}

/** Where something happens between the beginning and the end of the n-th system call of a name. */
export function during(name: string, event: EventName, search: Search & { readonly call?: Nth } = {}): Place {
  const { call = 1, ...rest } = search;
  const open: Place = (seen) => seen.call(name, call).exit ?? Infinity;
  return happens(event, { after: begins(name, call), before: open, ...rest });
}

/** The first place, from another one on, where the machine is in a certain state. */
export function once(holds: (moment: Moment) => boolean, from: Place): Place {
  return (seen) => {
    for (let tick = from(seen); tick <= seen.session.run.ticks; tick++) {
      if (holds(seen.session.moment(tick))) return tick;
    }
    throw new RangeError("the machine never comes to the state that is looked for");
  };
}

/** The tick before a place: how it was just then. */
export function just(place: Place): Place {
  return (seen) => Math.max(0, place(seen) - 1);
}
