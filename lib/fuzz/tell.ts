import { type Recorded, callOf, isCall, kindOf, taskOf } from "./tape.ts";
import { HEADER_SIZE, InputKind } from "../machine/journal.ts";
import { callText, renderResult } from "../see/calls.ts";
import type { Rig } from "./rig.ts";
import { attempt } from "./verdict.ts";
import { fieldOffset } from "../machine/memory.ts";

const KINDS = new Map<number, string>(Object.entries(InputKind).map(([name, value]) => [value, name]));
const FIRST = fieldOffset("InputRecord", "a0");

/** The six arguments of an input. */
function argumentsOf(record: Recorded): bigint[] {
  const view = new DataView(record.buffer, record.byteOffset, HEADER_SIZE);
  return Array.from({ length: 6 }, (_, i) => view.getBigInt64(FIRST + 8 * i, true));
}

/** What an input that is no system call does. */
function happening(record: Recorded): string {
  const args = argumentsOf(record);
  const last = args.findLastIndex((value) => value !== 0n);
  const task = taskOf(record) === 0 ? "" : `task ${taskOf(record)}: `;
  const name = (KINDS.get(kindOf(record)) ?? String(kindOf(record))).toLowerCase();
  return `${task}[${[name, ...args.slice(0, last + 1)].join(" ")}]`;
}

/** Runs a program, and tells it: system calls as strace writes them, and all else that happens. */
export function tell(rig: Rig, records: readonly Recorded[]): string[] {
  return records.map((record) => {
    if (!isCall(record)) {
      attempt(() => void rig.repeat(record));
      return happening(record);
    }
    const pid = taskOf(record);
    const user = {
      load: (address: bigint, length: number) => {
        const bytes = rig.engine.loadUser(pid, Number(address), length);
        return bytes.length < length ? null : bytes;
      },
    };
    // Before the call: what it is given. Afterwards the memory may be gone.
    const text = callText(callOf(record), argumentsOf(record), user);
    let answer = 0;
    const failed = attempt(() => void (answer = rig.repeat(record)));
    if (failed) return `task ${pid}: ${text} <${failed.kind}>`;
    return `task ${pid}: ${text} = ${answer === pid ? renderResult(rig.result) : "?"}`;
  });
}
