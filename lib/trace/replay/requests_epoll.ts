import {
  type Difference,
  type Recorded,
  type Request,
  NotSimulated,
  descriptor,
  flags,
  number,
  pointer,
  resultOf,
} from "./request.ts";
import { EPOLL_CREATE_FLAGS, EPOLL_EVENTS, EPOLL_OPERATIONS, formatEvents } from "./constants.ts";
import { bitsOf, elementsOf, fieldOf, numberOf } from "../strace/access.ts";
import { EPOLL_EVENT_SIZE, encodeEpollEvent } from "../../machine/user_memory.ts";
import { dataOf } from "./call_facts.ts";
import { fieldOffset } from "../../machine/memory.ts";
import { hidesArray } from "../strace/classify.ts";
import type { StraceCall } from "../strace/types.ts";

/** struct epoll_event: where its fields are. */
const EVENTS = fieldOffset("EpollEvent", "events");
const DATA = fieldOffset("EpollEvent", "data_low");
/** Room for so many events more than were recorded: a program's array may be much longer. */
const SPARE_EVENTS = 1024;

type Make = (recorded: Recorded) => Request;

/** Waiting for many files. */
export const EPOLL_REQUESTS: Readonly<Record<string, Make>> = {
  epoll_create: ({ call }) => ({ name: "epoll_create", args: [number(call, 0)] }),
  epoll_create1: ({ call }) => ({ name: "epoll_create1", args: [flags(call, 0, EPOLL_CREATE_FLAGS)] }),
  epoll_ctl: ({ call }) => ({
    name: "epoll_ctl",
    args: [
      descriptor(call),
      flags(call, 1, EPOLL_OPERATIONS),
      descriptor(call, 2),
      pointer(call, 3, { in: eventOf(call) }),
    ],
  }),
  epoll_wait: ({ call }) => waitRequest(call, [number(call, 3)]),
  epoll_pwait: ({ call }) => waitRequest(call, [number(call, 3), mask(call), 8]),
  epoll_pwait2: ({ call }) => waitRequest(call, [timespec(call), mask(call), 8]),
};

/** What epoll_ctl() is given; where strace prints an address only, it does not matter. */
function eventOf(call: StraceCall): Uint8Array {
  const event = call.args[3];
  if (event?.kind !== "struct") return new Uint8Array(EPOLL_EVENT_SIZE);
  const events = bitsOf(fieldOf(event, "events"), EPOLL_EVENTS);
  if (events === undefined) throw new NotSimulated("some of its events are not known here");
  return encodeEpollEvent({ events, data: { u64: dataOf(event) } });
}

/** A set of signals, as the machine takes it: it has none that could come. */
function mask(call: StraceCall): 0 | { in: Uint8Array } {
  return call.args[4]?.kind === "null" ? 0 : { in: new Uint8Array(8) };
}

function timespec(call: StraceCall): 0 | { in: Uint8Array } {
  const value = call.args[3];
  if (value?.kind === "null") return 0;
  const seconds = numberOf(fieldOf(value, "tv_sec"));
  const nanoseconds = numberOf(fieldOf(value, "tv_nsec"));
  if (seconds === undefined || nanoseconds === undefined) throw new NotSimulated("its timeout is not known");
  const view = new DataView(new ArrayBuffer(16));
  view.setBigInt64(0, BigInt(seconds), true);
  view.setBigInt64(8, BigInt(nanoseconds), true);
  return { in: new Uint8Array(view.buffer) };
}

function waitRequest(call: StraceCall, rest: readonly (number | { in: Uint8Array })[]): Request {
  const most = number(call, 2);
  const recorded = Math.max(0, resultOf(call)?.value ?? 0);
  const length = Math.min(Math.max(most, 1), recorded + SPARE_EVENTS) * EPOLL_EVENT_SIZE;
  return {
    name: call.name,
    args: [descriptor(call), pointer(call, 1, { out: length }), most, ...rest],
    check: ([out], value) => (out && !hidesArray(call) ? checkEvents(call, out, value) : null),
    describe: describeEvents,
  };
}

/** Compares the events one by one: their bits and their data, in order. */
function checkEvents(call: StraceCall, out: Uint8Array<ArrayBuffer>, count: number): Difference | null {
  const view = new DataView(out.buffer, out.byteOffset);
  const got = Array.from({ length: count }, (_, i) =>
    show(view.getUint32(i * EPOLL_EVENT_SIZE + EVENTS, true), view.getBigUint64(i * EPOLL_EVENT_SIZE + DATA, true)),
  );
  const expected = expectedEvents(call);
  const at = expected.findIndex((event, i) => event !== got[i]);
  if (at < 0) return null;
  return { what: `event ${at + 1} of ${expected.length}`, expected: expected[at]!, got: got[at] ?? "none" };
}

function expectedEvents(call: StraceCall): string[] {
  return elementsOf(call.args[1]).map((event) =>
    show(bitsOf(fieldOf(event, "events"), EPOLL_EVENTS) ?? 0, dataOf(event)),
  );
}

function show(events: number, data: bigint): string {
  return `${formatEvents(events)} with data ${BigInt.asUintN(64, data)}`;
}

/** What a wait has reported, for messages. */
function describeEvents(out: Uint8Array<ArrayBuffer>, count: number): string {
  const view = new DataView(out.buffer, out.byteOffset);
  const events = Array.from({ length: Math.min(count, 8) }, (_, i) =>
    show(view.getUint32(i * EPOLL_EVENT_SIZE + EVENTS, true), view.getBigUint64(i * EPOLL_EVENT_SIZE + DATA, true)),
  );
  return `[${events.join(", ")}${count > 8 ? ", ..." : ""}]`;
}
