import { CHOICE } from "../machine/word.ts";
import { CPUS_BASE } from "../machine/memory_map.ts";
import type { Driver } from "../machine/driver.ts";
import { Histories } from "./histories.ts";
import { KernelPanic } from "../machine/panic.ts";
import type { Machine } from "../machine/machine.ts";
import { Task } from "../machine/task.ts";
import { fieldOffset } from "../machine/memory.ts";
import { layout } from "../layout.gen.ts";

const { USER } = layout.enums.TaskMode.values;
const PID = fieldOffset("TaskStruct", "pid");
const CURRENT = CPUS_BASE + fieldOffset("Cpu", "curr");

const NONE: readonly number[] = [];

/** Stands among the choices for: no task goes on, but time, to the next due event. */
export const TIME = 0;

/** A machine that was just booted, and what it is driven with. */
export interface Fresh<K> {
  readonly kernel: K;
  readonly machine: Machine;
  readonly driver: Driver;
}

/** What has become of a step. */
export type StepResult = "done" | "end";

/** A program, or the kernel, has thrown something: that breaks any property. */
export class Thrown extends Error {}

/** One run of the programs, step by step: a step is a system call, up to its end or until it sleeps. */
export class Run<K> {
  readonly kernel: K;
  readonly machine: Machine;
  readonly histories: Histories;
  /** What setup() has returned. */
  readonly shared: unknown;
  readonly #driver: Driver;
  readonly #early: boolean;

  constructor(
    { kernel, machine, driver }: Fresh<K>,
    setup: (kernel: K) => unknown,
    early: boolean,
    next: Map<string, number>,
  ) {
    this.kernel = kernel;
    this.machine = machine;
    this.#driver = driver;
    this.#early = early;
    this.histories = new Histories(next);
    machine.witness = this.histories;
    this.shared = setup(kernel);
  }

  /**
   * What could happen next, if there is a choice: numbers of tasks, and TIME. The first one is what happens without a
   * forced switch.
   */
  get choices(): readonly number[] {
    const { machine } = this;
    if (machine.word !== CHOICE || machine.fired.length > 0 || machine.calling.size > 0) return NONE;
    const tasks = machine.choices;
    if (this.#early && machine.engine.exports.next_event() >= 0) tasks.push(TIME);
    return tasks.length > 1 ? tasks : NONE;
  }

  /** The task that has gone on last, if it still can: another one would be a forced switch. 0: nobody has to stop. */
  get current(): number {
    const { memory } = this.machine;
    const task = memory.view.getUint32(CURRENT, true);
    return task === 0 ? 0 : memory.view.getUint32(task + PID, true);
  }

  /** Chooses, and lets the machine go on up to the end of the step. */
  choose(choice: number): StepResult {
    const { machine } = this;
    if (choice === TIME) {
      machine.elapse();
      return "done";
    }
    const inProgram = this.#mode(choice) === USER;
    this.#guard(() => machine.choose(choice));
    // Otherwise its call was tried again: that was the step.
    return inProgram && machine.word === choice ? this.#turn() : "done";
  }

  #mode(pid: number): number {
    const { engine, memory } = this.machine;
    return memory.get("TaskStruct", engine.task(pid), "mode");
  }

  /** Lets the machine go on where there is nothing to choose. */
  step(): StepResult {
    const { machine } = this;
    return machine.word === CHOICE && machine.fired.length === 0 ? this.choose(machine.choices[0]!) : this.#turn();
  }

  #turn(): StepResult {
    return this.#guard(() => {
      const turn = this.#driver.turn(Infinity);
      this.#driver.surface();
      return turn === "done" ? "done" : "end";
    });
  }

  #guard<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      const isOfProgram = [...this.machine.tasks.values()].some((task) => task instanceof Task && task.error === error);
      if (!isOfProgram && !(error instanceof KernelPanic)) throw error;
      throw new Thrown(error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /** What the state is, as text: equal states have the same. Not before the machine has been asked who goes on. */
  get key(): string {
    const { machine } = this;
    const { engine } = machine;
    const [low, high] = engine.fingerprint();
    // Too many objects for a fingerprint: then the whole memory is compared, and less is found to be the same.
    const memory = low === 0 && high === 0 ? engine.digest() : `${low} ${high}`;
    const shared = this.shared === undefined ? "" : JSON.stringify(this.shared);
    return `${memory} ${this.histories.key} ${shared}`;
  }
}
