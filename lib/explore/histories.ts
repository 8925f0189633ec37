import type { PendingCall } from "../machine/call.ts";
import type { Task } from "../machine/task.ts";
import type { Witness } from "../machine/machine.ts";

/** What a program has learnt so far, as a hash of 64 bits in two halves. */
interface Past {
  low: number;
  high: number;
}

/** A number as a word of 32 bits: its lower half; numbers beyond are told apart by what is left. */
function halves(value: number): readonly [number, number] {
  return [value | 0, Math.floor(value / 0x1_0000_0000) | 0];
}

function mix(past: Past, word: number): void {
  past.low = Math.imul(past.low ^ word, 0x9e37_79b1);
  past.low ^= past.low >>> 15;
  past.high = Math.imul((past.high + past.low) ^ word, 0x85eb_ca77);
  past.high ^= past.high >>> 13;
}

/**
 * What the programs of a machine have learnt: the results of their calls, and what they have read. A program that is
 * a function of that is at the same place, with the same variables, whenever it has learnt the same.
 *
 * That it is one is checked: two programs with the same number that have learnt the same make the same next call.
 */
export class Histories implements Witness {
  /** By number of the task. */
  readonly #pasts: (Past | undefined)[] = [];
  /** The next call of a program that has learnt so much, as a hash: of all machines that were looked at. */
  readonly #next: Map<string, number>;

  constructor(next: Map<string, number>) {
    this.#next = next;
  }

  #past(pid: number): Past {
    return (this.#pasts[pid] ??= { low: pid, high: 0x6a09_e667 });
  }

  resumes(task: Task): void {
    this.told(task.pid, task.returned);
  }

  told(pid: number, value: number): void {
    const past = this.#past(pid);
    for (const half of halves(value)) mix(past, half);
  }

  read(pid: number, bytes: Uint8Array, length: number): void {
    const past = this.#past(pid);
    mix(past, length);
    for (let i = 0; i < length; i++) mix(past, bytes[i]!);
  }

  /** @throws TypeError if the program made another call the last time that it had learnt the same. */
  asks(task: Task, call: PendingCall): void {
    const { low, high } = this.#past(task.pid);
    const key = `${task.pid} ${low} ${high}`;
    const made = callHash(call);
    const before = this.#next.get(key);
    if (before === undefined) this.#next.set(key, made);
    else if (before !== made) {
      throw new TypeError(
        `${task.name} (task ${task.pid}) makes another call, ${call.name}(), than it did after the same results: ` +
          "return from setup() what its programs share, or have it go through the machine",
      );
    }
  }

  /** Hash of all pasts, as text. */
  get key(): string {
    const all = { low: 0, high: 0 };
    for (const past of this.#pasts) {
      mix(all, past?.low ?? 0);
      mix(all, past?.high ?? 0);
    }
    return `${all.low} ${all.high}`;
  }
}

function callHash(call: PendingCall): number {
  const hash = { low: call.nr, high: 0 };
  if (call.wide) for (const value of call.wide) mix(hash, Number(BigInt.asIntN(32, value ^ (value >> 32n))));
  else for (const value of call.registers) for (const half of halves(value)) mix(hash, half);
  return hash.high;
}
