import { type Recorded, callOf, isCall, kindOf, taskOf, withArgument, withTask, argumentOf } from "./tape.ts";
import type { CallDescription } from "./calls.ts";
import { InputKind } from "../machine/journal.ts";
import type { Rig } from "./rig.ts";
import { attempt } from "./verdict.ts";

/*
 * A program cannot simply do without a call that opened something: all descriptors behind it would be other ones. So it
 * is left out and the numbers behind it are made smaller, which is tried for tasks and peers as well.
 */

/** Numbers that an input has given out: the first, and how many. */
export interface Given {
  readonly what: "fd" | "task" | "peer";
  readonly first: number;
  readonly count: number;
}

const PEER_INPUTS: ReadonlySet<number> = new Set([
  InputKind.WIRE_SEND,
  InputKind.WIRE_SHUTDOWN,
  InputKind.WIRE_CLOSE,
  InputKind.WIRE_RESET,
  InputKind.WIRE_WINDOW,
]);

/** Runs a program. @returns what each of its inputs has given out. */
export function givenBy(rig: Rig, records: readonly Recorded[], calls: ReadonlyMap<number, CallDescription>) {
  const all: (Given | null)[] = [];
  attempt(() => {
    for (const record of records) {
      const answer = rig.repeat(record);
      if (kindOf(record) === InputKind.SPAWN) all.push({ what: "task", first: answer, count: 1 });
      else if (kindOf(record) === InputKind.WIRE_CONNECT) all.push({ what: "peer", first: answer, count: 1 });
      else all.push(isCall(record) && answer === taskOf(record) ? givenByCall(rig, record, calls) : null);
    }
  });
  return all;
}

function givenByCall(rig: Rig, record: Recorded, calls: ReadonlyMap<number, CallDescription>): Given | null {
  const call = calls.get(callOf(record));
  const { result } = rig;
  if (!call || result < 0) return null;
  if (call.name === "fork" || call.name === "clone") return { what: "task", first: result, count: 1 };
  if (call.gives === null || call.name.startsWith("dup2") || call.name === "dup3") return null;
  if (call.pair < 0) return { what: "fd", first: result, count: 1 };
  const bytes = rig.engine.loadUser(taskOf(record), argumentOf(record, call.pair), 8);
  return bytes.length < 8 ? null : { what: "fd", first: new DataView(bytes.buffer).getInt32(0, true), count: 2 };
}

/** An input after another one was left out that had given out numbers. */
function without(record: Recorded, given: Given, calls: ReadonlyMap<number, CallDescription>): Recorded {
  const { what, first, count } = given;
  if (what === "task") return taskOf(record) > first ? withTask(record, taskOf(record) - count) : record;
  if (what === "peer") {
    const handle = PEER_INPUTS.has(kindOf(record)) ? argumentOf(record, 0) : 0;
    return handle > first ? withArgument(record, 0, handle - count) : record;
  }
  if (!isCall(record)) return record;
  let changed = record;
  calls.get(callOf(record))?.roles.forEach((role, i) => {
    const fd = argumentOf(record, i);
    if ((role === "fd" || role.startsWith("fd:")) && fd > first && fd < 4096) {
      changed = withArgument(changed, i, fd - count);
    }
  });
  return changed;
}

/** A program without one of its inputs, with the numbers behind it made smaller. */
export function leaveOut(
  records: readonly Recorded[],
  index: number,
  given: Given,
  calls: ReadonlyMap<number, CallDescription>,
): Recorded[] {
  return records.flatMap((record, i) => (i < index ? [record] : i === index ? [] : [without(record, given, calls)]));
}

/**
 * A program in which the first task makes one of the inputs, so that the task that made it, and what brought that task
 * about (a worker of a ring takes a number, too), may be left out; null if the first task makes it anyway.
 */
export function byFirstTask(records: readonly Recorded[], index: number): Recorded[] | null {
  if (taskOf(records[index]!) <= 1) return null;
  return records.map((record, i) => (i === index ? withTask(record, 1) : record));
}
