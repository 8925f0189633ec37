import { closeSync, openSync, readSync } from "node:fs";
import { NR } from "../abi.ts";
import { CALL, COMMAND, DONE, type Stage } from "./stage.ts";

/** How far a task has come: its call has ended, it sleeps in it, a signal handler has begun, or it is no more. */
export type Settled = "done" | "asleep" | "signal" | "ended";

/** How long an answer is waited for before /proc is asked whether the task sleeps. */
const AT_FIRST_us = 30;
const AT_LEAST_us = 1000;
const RESTART_SYSCALL = 219;

/** A real task that makes the calls of a program's task. */
export class Puppet {
  readonly place: number;
  readonly tid: number;
  readonly #stage: Stage;
  readonly #stat: number;
  readonly #syscall: number;
  #depth = 0;
  readonly #calls = [0];

  /** Takes over the task at a place, which has been started. */
  constructor(stage: Stage, place: number) {
    this.#stage = stage;
    this.place = place;
    while (stage.tid(place) === 0) stage.wait(place, stage.event(place), AT_LEAST_us, 0, CALL);
    this.tid = stage.tid(place);
    this.#stat = openSync(`/proc/${this.tid}/task/${this.tid}/stat`, "r");
    this.#syscall = openSync(`/proc/${this.tid}/task/${this.tid}/syscall`, "r");
  }

  [Symbol.dispose](): void {
    closeSync(this.#stat);
    closeSync(this.#syscall);
  }

  /** Begins a call, in the innermost handler that it is in. */
  begin(nr: number, args: readonly number[]): void {
    this.#calls[this.#depth] = nr;
    this.#stage.command(this.place, this.#depth, nr, args);
  }

  /** The result of the call that has ended. */
  get result(): number {
    return this.#stage.result(this.place, this.#depth);
  }

  /** Whether its call has ended, also if a handler has begun since. */
  get isDone(): boolean {
    return this.#stage.state(this.place, this.#depth) === DONE;
  }

  /** Waits until it has ended its call, sleeps, or has been interrupted by a handler. */
  settle(): Settled {
    const stage = this.#stage;
    for (let timeout = AT_FIRST_us; ; timeout = Math.min(2 * timeout, AT_LEAST_us)) {
      const event = stage.event(this.place);
      if (stage.depth(this.place) > this.#depth) return "signal";
      if (stage.state(this.place, this.#depth) === DONE) return "done";
      stage.wait(this.place, event, timeout, this.#depth, DONE);
      if (stage.event(this.place) !== event) continue;
      const state = this.#state();
      if (state === "Z" || state === "X") {
        // /proc says so a moment before the parent is told.
        stage.wait(this.place, event, AT_FIRST_us, this.#depth, DONE);
        return "ended";
      }
      if (state === "T" || (state === "S" && this.#isIn(this.#calls[this.#depth] ?? -1))) return "asleep";
    }
  }

  /** Waits until a task that is in no call sleeps, or a signal has come: signals reach it between two of its calls. */
  rest(): Settled {
    const stage = this.#stage;
    for (;;) {
      if (stage.depth(this.place) > this.#depth) return "signal";
      const state = this.#state();
      if (state === "Z" || state === "X") return "ended";
      if (state === "T" || (state === "S" && this.#isIn(NR.futex))) {
        return stage.depth(this.place) > this.#depth ? "signal" : "done";
      }
    }
  }

  /** Goes into the handler that has begun. @returns what the handler was given. */
  enterHandler(): DataView {
    this.#depth++;
    return this.#stage.info(this.place, this.#depth);
  }

  /** Lets the handler return. @param jumps  whether the load or store that it has interrupted is given up. */
  leaveHandler(jumps: boolean): void {
    const stage = this.#stage;
    stage.command(this.place, this.#depth, COMMAND.RETURN, [Number(jumps)]);
    for (;;) {
      const event = stage.event(this.place);
      if (stage.state(this.place, this.#depth) !== CALL) break;
      stage.wait(this.place, event, AT_LEAST_us, this.#depth, DONE);
    }
    this.#depth--;
  }

  /** Waits a little for a call that sleeps. */
  wait(): void {
    const event = this.#stage.event(this.place);
    this.#stage.wait(this.place, event, AT_LEAST_us, this.#depth, DONE);
  }

  /** As /proc says: R runs, S sleeps, D waits for a lock, T is stopped, Z has ended. */
  #state(): string {
    const text = contents(this.#stat);
    return text.charAt(text.lastIndexOf(")") + 2) || "X";
  }

  /**
   * A task that a wake-up has reached is runnable before the waker's call returns, so this is never true of a task that
   * still has something to do.
   */
  #isIn(nr: number): boolean {
    const call = Number.parseInt(contents(this.#syscall), 10);
    return call === nr || call === RESTART_SYSCALL;
  }
}

/** What a file of /proc says; nothing if the task is gone. */
function contents(fd: number): string {
  const text = new Uint8Array(512);
  try {
    return new TextDecoder("latin1").decode(text.subarray(0, readSync(fd, text, 0, text.length, 0)));
  } catch {
    return "";
  }
}
