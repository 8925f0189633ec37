import { CLOCKS, OPEN_FLAGS, POLL_EVENTS, TIMERFD_FLAGS } from "./constants.ts";
import {
  type Difference,
  type Recorded,
  type Request,
  NotSimulated,
  descriptor,
  flags,
  number,
  pointer,
} from "./request.ts";
import { bitsOf, descriptorOf, elementsOf, fieldOf, numberOf } from "../strace/access.ts";
import { encodeBits, bitsOf as descriptorsIn } from "../../machine/fd_set.ts";
import { POLLFD_SIZE, encodePollfd, reventsOf } from "../../machine/pollfds.ts";
import { polledOf, timeOf } from "./polled.ts";
import type { StraceCall, StraceValue } from "../strace/types.ts";
import type { SubmitArgument } from "../../machine/submission.ts";

type Make = (recorded: Recorded) => Request;

/** poll, select and timerfds. */
export const POLLING_REQUESTS: Readonly<Record<string, Make>> = {
  poll: ({ call }) => poll(call, [number(call, 2)]),
  ppoll: ({ call }) => poll(call, [time(call.args[2]), mask(call.args[3]), 8]),
  select: ({ call }) => select(call, [time(call.args[4])]),
  pselect6: ({ call }) => select(call, [time(call.args[4]), 0]),
  timerfd_create: ({ call }) => ({
    name: "timerfd_create",
    args: [flags(call, 0, CLOCKS), flags(call, 1, { ...OPEN_FLAGS, ...TIMERFD_FLAGS })],
  }),
  timerfd_settime: ({ call }) => ({
    name: "timerfd_settime",
    args: [
      descriptor(call),
      flags(call, 1, TIMERFD_FLAGS),
      pointer(call, 2, { in: itimerspec(call.args[2]) }),
      pointer(call, 3, { out: 32 }),
    ],
  }),
  timerfd_gettime: ({ call }) => ({
    name: "timerfd_gettime",
    args: [descriptor(call), pointer(call, 1, { out: 32 })],
  }),
};

/** A call with an array of struct pollfd. The bits that it answers with are compared entry by entry. */
function poll(call: StraceCall, rest: readonly SubmitArgument[]): Request {
  const entries = elementsOf(call.args[0]);
  const view = new DataView(new ArrayBuffer(entries.length * POLLFD_SIZE));
  entries.forEach((entry, i) => {
    const events = bitsOf(fieldOf(entry, "events"), POLL_EVENTS);
    const fd = descriptorOf(fieldOf(entry, "fd")) ?? numberOf(fieldOf(entry, "fd"));
    // Of a descriptor that is passed over, strace does not print what was asked.
    if (fd === undefined || (events === undefined && fd >= 0))
      throw new NotSimulated("what it asks about is not known");
    encodePollfd(view, i, { fd, events: events ?? 0 });
  });
  if (entries.length !== number(call, 1)) throw new NotSimulated("what it asks about is not known");
  const array = pointer(call, 0, { in: new Uint8Array(view.buffer), back: true });
  return {
    name: call.name,
    args: [array, entries.length, ...rest],
    check: ([out]) => (out ? checkEntries(call, view, out) : null),
  };
}

function checkEntries(call: StraceCall, asked: DataView, out: Uint8Array<ArrayBuffer>): Difference | null {
  const answer = new DataView(out.buffer, out.byteOffset);
  const got = Array.from({ length: out.length / POLLFD_SIZE }, (_, i) => i)
    .filter((i) => reventsOf(answer, i) !== 0)
    .map((i) => show(asked.getInt32(i * POLLFD_SIZE, true), reventsOf(answer, i)));
  return compareLists(
    "entry",
    polledOf(call).map(({ fd, mask: bits }) => show(fd, bits)),
    got,
  );
}

function show(fd: number, revents: number): string {
  const names = Object.entries(POLL_EVENTS).filter(([, bit]) => (revents & bit) !== 0);
  return `fd ${fd} ${names.map(([name]) => name).join("|")}`;
}

function compareLists(what: string, expected: readonly string[], got: readonly string[]): Difference | null {
  const length = Math.max(expected.length, got.length);
  for (let i = 0; i < length; i++) {
    if (expected[i] === got[i]) continue;
    return { what: `${what} ${i + 1}`, expected: expected[i] ?? "none", got: got[i] ?? "none" };
  }
  return null;
}

/** A call with three sets of descriptors. What it leaves in them is compared. */
function select(call: StraceCall, rest: readonly SubmitArgument[]): Request {
  const nfds = number(call, 0);
  const sets = [1, 2, 3].map((index): SubmitArgument => {
    const value = call.args[index];
    if (value?.kind !== "array") return pointer(call, index, 0);
    const fds = elementsOf(value).map((fd) => descriptorOf(fd) ?? -1);
    return pointer(call, index, { in: encodeBits(fds, Math.max(nfds, 1)), back: true });
  });
  const given = [1, 2, 3].filter((index) => typeof sets[index - 1] === "object");
  return { name: call.name, args: [nfds, ...sets, ...rest], check: (out) => checkSets(call, given, out) };
}

function checkSets(
  call: StraceCall,
  given: readonly number[],
  out: readonly Uint8Array<ArrayBuffer>[],
): Difference | null {
  const left = (name: string) => {
    const value = call.resultDetails?.find((detail) => detail.name === name)?.value;
    return elementsOf(value).map((fd) => descriptorOf(fd) ?? -1);
  };
  const names = ["", "in", "out", "except"] as const;
  for (const [i, index] of given.entries()) {
    const expected = `[${left(names[index]!).join(" ")}]`;
    const got = `[${descriptorsIn(out[i]!).join(" ")}]`;
    if (expected !== got) return { what: `the set "${names[index]}"`, expected, got };
  }
  return null;
}

/** A time in memory; null waits for ever. */
function time(value: StraceValue | undefined): SubmitArgument {
  if (value?.kind === "null") return 0;
  const [seconds, rest] = timeOf(value);
  return { in: words(seconds, rest) };
}

function itimerspec(value: StraceValue | undefined): Uint8Array {
  const [interval, intervalRest] = timeOf(fieldOf(value, "it_interval"));
  const [first, firstRest] = timeOf(fieldOf(value, "it_value"));
  return words(interval, intervalRest, first, firstRest);
}

/** A set of signals, as the machine takes it: none of them comes in a replay. */
function mask(value: StraceValue | undefined): SubmitArgument {
  return value === undefined || value.kind === "null" ? 0 : { in: new Uint8Array(8) };
}

function words(...values: number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}
