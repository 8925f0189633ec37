import { type Checkpoint, takeCheckpoint } from "./checkpoints.ts";
import type { History } from "./history.ts";
import type { Machine } from "./machine.ts";
import type { PendingCall } from "./call.ts";
import { Task } from "./task.ts";

/** A state that a machine can be set back to, with the past that has led there. */
export class Snapshot {
  readonly #checkpoint: Checkpoint;
  readonly #history: History;
  readonly #options: string;
  readonly #word: number;
  readonly #fired: readonly number[];
  /** For each task whose program could go on: how often it had, and the call that it had made and not handed over. */
  readonly #programs = new Map<Task, { readonly resumed: number; readonly parked: PendingCall | null }>();

  /** @throws Error if the machine stands in the past. */
  constructor(machine: Machine) {
    machine.writable();
    const { length } = machine.journal;
    this.#checkpoint = takeCheckpoint(machine.memory, length, machine.engine.tick);
    this.#history = machine.history.head(length);
    this.#options = JSON.stringify(machine.engine.options);
    this.#word = machine.word;
    this.#fired = [...machine.fired];
    for (const task of machine.tasks.values()) {
      // A lost program stands somewhere else than its task, and always will.
      if (!(task instanceof Task) || task.lost) continue;
      this.#programs.set(task, { resumed: task.resumed, parked: task.parked });
    }
  }

  /** Number of inputs that have led there. */
  get inputs(): number {
    return this.#checkpoint.inputs;
  }

  /** The tick of the state. */
  get tick(): number {
    return this.#checkpoint.tick;
  }

  /** Memory of the state. Unit: bytes. */
  get bytes(): number {
    return this.#checkpoint.end;
  }

  /** Sets a machine to this state. Programs that have gone on since then do not run any more. @internal */
  restore(machine: Machine): void {
    if (JSON.stringify(machine.engine.options) !== this.#options) {
      throw new TypeError("the snapshot is of a machine that was booted with other options");
    }
    machine.engine.restore(this.#checkpoint);
    machine.replaced(this.#history.head(this.inputs), this.#word, this.#fired);
    machine.tasks.prune();
    machine.calling.clear();
    for (const task of machine.tasks.values()) {
      if (task instanceof Task) {
        const program = this.#programs.get(task);
        task.lost = task.resumed !== program?.resumed;
        task.parked = program?.parked ?? null;
      } else {
        task.restored();
      }
    }
  }
}
