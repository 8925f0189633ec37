import { AddressSpace } from "./address_space.ts";
import { AdoptedTask } from "./adopted_task.ts";
import { InputKind } from "./journal.ts";
import type { Machine } from "./machine.ts";
import type { PendingCall } from "./call.ts";
import { type Program, checkProgram } from "./program.ts";
import { type Started, start } from "./start.ts";
import { Task } from "./task.ts";
import { fieldOffset } from "./memory.ts";
import { layout } from "../layout.gen.ts";

const { VM } = layout.enums.CloneFlags.values;
const { ENOMEM, ESRCH } = layout.enums.Errno.values;
const NAME_SIZE = 16;
const COMM = fieldOffset("TaskStruct", "comm_0");

/** A task, whoever runs its program. */
export type AnyTask = Task | AdoptedTask;

/** A machine's tasks by number, and how they come to be. */
export class TaskTable {
  readonly #machine: Machine;
  readonly #tasks = new Map<number, AnyTask>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The task with a number, if this host has a handle for it. */
  get(pid: number): AnyTask | undefined {
    return this.#tasks.get(pid);
  }

  /** Whether find() has something to find. */
  has(pid: number): boolean {
    return this.#tasks.has(pid) || this.#machine.engine.task(pid) !== 0;
  }

  /** All tasks that this host has a handle for. */
  values(): IterableIterator<AnyTask> {
    return this.#tasks.values();
  }

  /** Forgets the tasks that the machine, set back to another state, does not have. */
  prune(): void {
    for (const pid of this.#tasks.keys()) if (this.#machine.engine.task(pid) === 0) this.#tasks.delete(pid);
  }

  /** The task with a number; one that is known from a journal only gets a handle here. @throws RangeError. */
  find(pid: number): AnyTask {
    const known = this.#tasks.get(pid);
    if (known) return known;
    const { engine, memory } = this.#machine;
    const at = engine.task(pid);
    if (at === 0) throw new RangeError(`there is no task ${pid}`);
    const name = memory.text(at + COMM, NAME_SIZE);
    const adopted = memory.get("TaskStruct", at, "adopted") !== 0;
    return adopted ? this.#adopted(pid, name, 0, 0) : this.#program(pid, name, null, 0, 0);
  }

  /** Makes a task whose program runs here. */
  spawn(name: string, program: Program, parent: number, flags: number): Task {
    checkProgram(program);
    const space = this.#space(parent, flags);
    const started = start(program, space);
    if (started.mistake !== null) throw started.mistake.error;
    return this.#add(this.#make(name, parent, flags, false), name, program, space, started);
  }

  /** Makes a task whose calls come from outside. */
  adopt(name: string, parent: number, flags: number): AdoptedTask {
    return this.#adopted(this.#make(name, parent, flags, true), name, parent, flags);
  }

  /** After clone() or fork(): the new task gets its program. */
  born(parent: Task, call: PendingCall): void {
    const pid = parent.returned;
    if (pid > 0 && !this.#tasks.has(pid)) {
      this.#program(pid, parent.name, call.program, parent.pid, call.registers[0]!);
    }
  }

  /** After clone() or fork() of an adopted task: the new one is adopted as well. */
  adoptChild(parent: AdoptedTask, pid: number): void {
    if (this.#tasks.has(pid)) return;
    const { engine, memory } = this.#machine;
    this.#adopted(pid, parent.name, parent.pid, Number(memory.get("TaskStruct", engine.task(parent.pid), "di")));
  }

  /** After a spawn was repeated that another machine has done: the new task begins the same program. */
  repeated(pid: number, model: AnyTask | undefined, parent: number, flags: number): void {
    if (model instanceof Task) this.#program(pid, model.name, model.program, parent, flags);
    else if (model) this.#adopted(pid, model.name, parent, flags);
  }

  #make(name: string, parent: number, flags: number, adopted: boolean): number {
    const bytes = new Uint8Array(NAME_SIZE);
    bytes.set(new TextEncoder().encode(name).subarray(0, NAME_SIZE - 1));
    const pid = this.#machine.input(InputKind.SPAWN, parent, 0, [flags, adopted ? 1 : 0], bytes, false);
    if (pid === -ENOMEM) throw new RangeError(`the machine has no memory for the task ${name}`);
    if (pid === -ESRCH) throw new RangeError(`task ${parent} has ended: it cannot be the parent of ${name}`);
    return pid;
  }

  #program(pid: number, name: string, program: Program | null, parent: number, flags: number): Task {
    return this.#add(pid, name, program, this.#space(parent, flags));
  }

  #add(pid: number, name: string, program: Program | null, space: AddressSpace, started?: Started): Task {
    const task = new Task(this.#machine, pid, name, space, program, started);
    this.#tasks.set(pid, task);
    return task;
  }

  #adopted(pid: number, name: string, parent: number, flags: number): AdoptedTask {
    const task = new AdoptedTask(this.#machine, pid, name, this.#space(parent, flags));
    this.#tasks.set(pid, task);
    return task;
  }

  /** The memory of a new task: its parent's, a copy of that, or its own. */
  #space(parent: number, flags: number): AddressSpace {
    const above = this.#tasks.get(parent)?.space ?? null;
    return above !== null && flags & VM ? above : new AddressSpace(this.#machine, above);
  }
}
