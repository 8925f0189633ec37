import { InputKind } from "../machine/journal.ts";
import { InputWriter } from "./tape.ts";
import { KERNEL_BASE } from "../machine/memory.ts";
import type { Rig } from "./rig.ts";
import { layout } from "../layout.gen.ts";
import { timeOf } from "../machine/clock.ts";

const { exit, socket, listen } = layout.enums.Nr.values;
const { INET, UNIX } = layout.enums.Af.values;
const { STREAM } = layout.enums.SockType.values;
const { failslab, fail_page_alloc } = layout.enums.FaultKind.values;
const SIGKILL = 9;
/** How often everybody is asked to end, and how often the clock may jump, before it is clear that it has no end. */
const MOST_ROUNDS = 50;
const MOST_EVENTS = 20_000;
/** Longer than late ends of connections are kept. Unit: ns. */
const LATE_END = 100e9;
const MOST_TURNS = 10_000;

/** A task that will not end, or time that will not. */
export class Endless extends Error {}

/** Brings a machine to its end: every task exits, everybody outside hangs up, and what is under way comes through. */
export function end(rig: Rig): void {
  const writer = new InputWriter();
  const take = (kind: number, pid = 0, nr = 0, ...args: readonly number[]) => {
    writer.begin(kind, pid, nr);
    args.forEach((value, i) => writer.argument(i, value));
    return rig.take(writer);
  };
  const settle = () => {
    for (let turn = 0; take(InputKind.SCHEDULE) !== 0; turn++) {
      if (turn > MOST_TURNS) throw new Endless("the machine never comes to rest, though no time passes");
    }
  };
  take(InputKind.FAIL_ALLOCATION, 0, 0, failslab, 0, 0);
  take(InputKind.FAIL_ALLOCATION, 0, 0, fail_page_alloc, 0, 0);
  settle();
  const { memory } = rig.engine;
  const last = memory.get("SchedState", memory.get("Kernel", KERNEL_BASE, "sched"), "last_pid");
  const pids = Array.from({ length: last }, (_, i) => i + 1);
  for (let round = 0; ; round++) {
    const living = pids.filter((pid) => rig.lives(pid));
    if (living.length === 0) break;
    if (round > MOST_ROUNDS) throw new Endless(`task ${living.join(", ")} does not end`);
    for (const pid of living) {
      if (take(InputKind.SUBMIT, pid, exit, 0) < 0) take(InputKind.SIGNAL, pid, 0, SIGKILL);
      settle();
    }
    // Who waits for the disk ends when that is done.
    if (living.some((pid) => rig.waits(pid)) && rig.engine.exports.next_event() >= 0) take(InputKind.ELAPSE);
    settle();
  }
  const peers = memory.get("Wire", memory.get("Kernel", KERNEL_BASE, "wire"), "last_handle");
  for (let handle = 1; handle <= peers; handle++) take(InputKind.WIRE_RESET, 0, 0, handle);
  for (let count = 0; rig.engine.exports.next_event() >= 0; count++) {
    if (count > MOST_EVENTS) throw new Endless("there is always another event, though nobody is left");
    take(InputKind.ELAPSE);
    settle();
  }
  // Late ends of connections are kept for a minute, and go when the next one looks for a port.
  const late = timeOf(memory) + LATE_END;
  take(InputKind.WIRE_TIMER, 0, 0, late, 0);
  // The kernel's own threads, which nobody waits for, may have something to do before.
  while (timeOf(memory) < late) {
    take(InputKind.ELAPSE);
    settle();
  }
  writer.begin(InputKind.SPAWN, 0, 0, 16);
  writer.argument(1, 1);
  writer.payload.fill(0, 0, 16);
  const pid = rig.take(writer);
  take(InputKind.SUBMIT, pid, socket, INET, STREAM, 0);
  take(InputKind.SUBMIT, pid, listen, rig.result, 1);
  // And sockets that only wait in each other's queues are looked for when a UNIX socket goes.
  take(InputKind.SUBMIT, pid, socket, UNIX, STREAM, 0);
  take(InputKind.SUBMIT, pid, exit, 0);
  settle();
}
