import { ASK, CHOICE, HOST, NOBODY } from "./word.ts";
import { AdoptedTask } from "./adopted_task.ts";
import type { Engine } from "./engine.ts";
import type { Machine } from "./machine.ts";
import { PendingCall, describe } from "./call.ts";
import type { RunOptions } from "./runner.ts";
import { Task } from "./task.ts";
import type { World } from "./world.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;
/** What a task ends with whose program threw something. */
const FAILED = 1;

/** What a turn has come to. */
export type Turn =
  /** There was an input. */
  | "done"
  /** Nothing can run, and time may not, or need not, pass. */
  | "idle"
  /** Several tasks could go on, and the host has to choose. */
  | "choice"
  /** A task has the word whose program is not here: the machine was made from a journal, or set back in time. */
  | "lost";

/**
 * When the next event is due, in ns since boot; -1: never. Work that can wait, such as the writing back of files, counts
 * only where time is to pass up to an end.
 */
export function nextEvent({ exports }: Engine, until: number): number {
  return until === Infinity ? exports.next_event() : exports.next_deferred();
}

/** Lets a machine go on, input by input: programs, adopted tasks, timers of the host, time. */
export class Driver {
  readonly #machine: Machine;
  readonly #world: World;
  /** What programs have thrown and nobody has been told of. */
  readonly #errors: { error: unknown }[] = [];
  /** Who is told of the calls that programs prepare; see RunOptions. */
  onCall: RunOptions["onCall"] | null = null;

  constructor(machine: Machine, world: World) {
    this.#machine = machine;
    this.#world = world;
  }

  /**
   * Lets the machine take its next input.
   *
   * @param until  time, in ns since boot, up to which time may pass by itself.
   */
  turn(until: number): Turn {
    const machine = this.#machine;
    const { word } = machine;
    if (machine.calling.size > 0 && this.#report()) return "done";
    if (machine.fired.length > 0) this.#timer();
    else if (word > 0) return this.#resume(word);
    else if (word === ASK || word === HOST) machine.schedule();
    else if (word === NOBODY) return this.#pass(until);
    else if (word === CHOICE) return "choice";
    else throw new Error(`the kernel answers ${word}, which is nobody`);
    return "done";
  }

  /** Throws what a program has thrown, if one has. */
  surface(): void {
    if (this.#errors.length > 0) throw this.#errors.shift()!.error;
  }

  #pass(until: number): Turn {
    const machine = this.#machine;
    for (const task of machine.tasks.values()) {
      if (task instanceof AdoptedTask && task.holdsClock && task.outside) return "idle";
    }
    const due = nextEvent(machine.engine, until);
    return due >= 0 && due <= until && machine.elapse() ? "done" : "idle";
  }

  /** Reports a call of an adopted task that is done. @returns whether there was one. */
  #report(): boolean {
    for (const task of this.#machine.calling) {
      if (!task.outside) continue;
      task.report();
      return true;
    }
    return false;
  }

  #timer(): void {
    const machine = this.#machine;
    const timer = machine.fired.shift()!;
    machine.handled.set(timer, machine.journal.length);
    machine.timers.get(timer)?.(this.#world);
  }

  #resume(pid: number): Turn {
    const machine = this.#machine;
    const task = machine.tasks.find(pid);
    if (task instanceof AdoptedTask) {
      machine.word = ASK;
      // What it has returned was reported before; a signal may have come to it outside.
      task.interrupted();
      return "done";
    }
    if (task.program === null || task.lost) return "lost";
    this.program(task);
    return "done";
  }

  /** The program of a task that has the word goes on, up to and with its next system call. */
  program(task: Task): void {
    const machine = this.#machine;
    task.interrupted();
    let call = task.parked;
    task.parked = null;
    call ??= this.#next(task);
    machine.witness?.asks(task, call);
    if (machine.word === ASK) {
      // The world has acted in the program's turn: others may have to come first.
      machine.schedule();
      if (machine.word !== task.pid || task.isInterrupted) {
        task.parked = call;
        return;
      }
    }
    machine.make(task, call);
  }

  /** Runs a program up to its next system call; its end is one too. */
  #next(task: Task): PendingCall {
    const machine = this.#machine;
    machine.running = task;
    machine.witness?.resumes(task);
    try {
      const step = task.resume();
      if (step.done !== true) {
        if (step.value === task.call) {
          this.onCall?.(task.pid, machine.ticks, task.handlers);
          return step.value as PendingCall;
        }
        throw new TypeError(
          `a program yields system calls of its own sys, with yield*; this one yielded ${describe(step.value)}`,
        );
      }
      task.call?.check();
      if (task.returns()) {
        this.onCall?.(task.pid, machine.ticks, task.handlers);
        return new PendingCall().begin(NR.rt_sigreturn).with();
      }
      task.result = step.value;
      return new PendingCall().begin(NR.exit).with(0);
    } catch (error) {
      if (machine.engine.panic === error) throw error;
      task.error = error;
      this.#errors.push({ error });
      return new PendingCall().begin(NR.exit).with(FAILED);
    } finally {
      machine.running = null;
    }
  }
}
