import type { CounterValues, EventName, KernelObject } from "../../lib/index.ts";
import { objectBy } from "../../lib/see/inspect.ts";
import type { Moment } from "../model/frame.ts";
import type { Selection } from "../model/selection.ts";
import type { Texts } from "../scenarios/scenario.ts";
import type { Claim } from "./chapter.ts";
import type { Place, Seen } from "./seen.ts";

type Struct = KernelObject["struct"];
type ObjectOf<S extends Struct> = Extract<KernelObject, { struct: S }>;

/** A claim: its label in both languages, how it is looked up, and what must come out. */
export function claim(en: string, zh: string, found: Claim["found"], expected: Claim["expected"]): Claim {
  return { says: texts(en, zh), found, expected };
}

/** A text in both languages. */
export function texts(en: string, zh: string): Texts {
  return { en, "zh-CN": zh };
}

/** How much a counter has grown from before one place to another one. */
export function counted(counter: keyof CounterValues, from: Place, to: Place): (seen: Seen) => number {
  return (seen) => {
    const before = seen.session.moment(Math.max(0, from(seen) - 1));
    return seen.at(to).counters[counter] - before.counters[counter];
  };
}

/** How often something happens between two places. */
export function times(event: EventName, after: Place, before: Place): (seen: Seen) => number {
  return (seen) => seen.records(event, { after, before }).length;
}

/** What the n-th call of a name has returned, as text. */
export function result(name: string, nth = 1): (seen: Seen) => string {
  return (seen) => seen.call(name, nth).result ?? "";
}

/** All objects of a struct. */
export function objects<S extends Struct>({ inspection }: Moment, struct: S): ObjectOf<S>[] {
  return inspection.objects.filter((object): object is ObjectOf<S> => object.struct === struct);
}

/** The first object of a struct that fits. @throws RangeError if there is none. */
export function object<S extends Struct>(
  moment: Moment,
  struct: S,
  fits: (object: ObjectOf<S>) => boolean = () => true,
): ObjectOf<S> {
  const found = objects(moment, struct).find(fits);
  if (!found) throw new RangeError(`there is no such ${struct} at tick ${moment.tick}`);
  return found;
}

/** Finds the first object of a struct that fits, to be outlined. */
export function the<S extends Struct>(
  struct: S,
  fits: (object: ObjectOf<S>) => boolean = () => true,
): (moment: Moment) => Selection {
  return (moment) => object(moment, struct, fits);
}

/** The open file of a descriptor. */
export function fileOf(moment: Moment, fd: number): ObjectOf<"File"> {
  return object(moment, "File", ({ fds }) => fds.some((one) => one.fd === fd));
}

/** The socket of a descriptor. */
export function socketOf(moment: Moment, fd: number): ObjectOf<"Socket"> {
  const { private_data: address } = fileOf(moment, fd);
  return object(moment, "Socket", (socket) => socket.address === address);
}

/** The core of a descriptor's socket. */
export function sockOf(moment: Moment, fd: number): ObjectOf<"Sock"> {
  const { sk } = socketOf(moment, fd);
  return object(moment, "Sock", ({ address }) => address === sk);
}

/** The epitem of a descriptor. */
export function itemOf(moment: Moment, fd: number): ObjectOf<"Epitem"> {
  return object(moment, "Epitem", (item) => item.fd === fd);
}

/** The only eventpoll, or the first one. */
export function eventpollOf(moment: Moment): ObjectOf<"Eventpoll"> {
  return object(moment, "Eventpoll");
}

/** A wait queue of an object, by its name there. @throws RangeError if it has none of that name. */
export function queueOf({ inspection }: Moment, address: number, name: string) {
  const owner = objectBy(inspection, address);
  const found = owner && "waitQueues" in owner ? owner.waitQueues.find((queue) => queue.name === name) : undefined;
  if (!found) throw new RangeError(`there is no wait queue ${name} at 0x${address.toString(16)}`);
  return found;
}

/** The task of a name. */
export function taskOf(moment: Moment, comm: string): ObjectOf<"TaskStruct"> {
  return object(moment, "TaskStruct", (task) => task.comm === comm);
}
