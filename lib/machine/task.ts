import { type CounterValues, readCounters } from "./counters.ts";
import { type PendingCall, syscallName } from "./call.ts";
import { fieldOffset } from "./memory.ts";
import { layout } from "../layout.gen.ts";
import type { Machine } from "./machine.ts";
import { type Started, start } from "./start.ts";
import type { Program } from "./program.ts";
import { AddressSpace } from "./address_space.ts";

const AX = fieldOffset("TaskStruct", "ax");
const STATES = new Map<number, string>(
  Object.entries(layout.enums.TaskState.values).map(([name, value]) => [value, name.toLowerCase()]),
);

/** What a task is doing; "absent" where the machine stands at a time at which it was not born yet. */
export type TaskStateName = "running" | "interruptible" | "uninterruptible" | "zombie" | "absent";

/** Where a sleeping task sleeps. */
export interface SleepingTask {
  readonly pid: number;
  readonly name: string;
  /** Name of the system call that it is in. */
  readonly call: string;
  /** The arguments of that call, as raw numbers; one beyond 2^53 as hexadecimal text. */
  readonly args: readonly (number | string)[];
  /** Address of the WaitQueueHead that it waits in; 0: none. */
  readonly queue: number;
  /** When its alarm goes off, in ns since boot; null: it has none. */
  readonly until: number | null;
}

/** A register as JSON can have it. */
function plainNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : `0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** What every task has, whoever runs its program. */
export class TaskHandle {
  /** Number of the task. */
  readonly pid: number;
  /** Its name, as it was given. */
  readonly name: string;
  /** Its memory. @internal */
  readonly space: AddressSpace;
  protected readonly machine: Machine;

  constructor(machine: Machine, pid: number, name: string, space: AddressSpace) {
    this.machine = machine;
    this.pid = pid;
    this.name = name;
    this.space = space;
    space.join(pid);
  }

  /** What it is doing. */
  get state(): TaskStateName {
    const at = this.machine.engine.task(this.pid);
    if (at === 0) return "absent";
    return STATES.get(this.machine.memory.get("TaskStruct", at, "state")) as TaskStateName;
  }

  /** Number of system calls that it has made. */
  get syscalls(): number {
    return this.counters.syscalls;
  }

  /** What it did, counted. */
  get counters(): CounterValues {
    const at = this.machine.engine.task(this.pid);
    return readCounters(this.machine.memory, at === 0 ? 0 : this.machine.memory.get("TaskStruct", at, "counters"));
  }

  /** What it ended with; undefined while it lives. */
  get exitCode(): number | undefined {
    if (this.state !== "zombie") return undefined;
    return this.machine.memory.get("TaskStruct", this.machine.engine.task(this.pid), "exit_code");
  }

  /** What its last system call returned. */
  get returned(): number {
    const at = this.machine.engine.task(this.pid) + AX;
    const { view } = this.machine.memory;
    return view.getUint32(at, true) + view.getInt32(at + 4, true) * 0x1_0000_0000;
  }

  /** Where it sleeps; undefined if it does not. */
  get sleeping(): SleepingTask | undefined {
    if (this.state !== "interruptible" && this.state !== "uninterruptible") return undefined;
    const task = this.machine.memory.read("TaskStruct", this.machine.engine.task(this.pid));
    return {
      pid: this.pid,
      name: this.name,
      call: syscallName(Number(task.orig_ax)),
      args: [task.di, task.si, task.dx, task.r10, task.r8, task.r9].map(plainNumber),
      queue: task.wait_head,
      until: task.timer_queued ? Number(task.timer_expires) : null,
    };
  }
}

/** A task whose program runs in this host. */
export class Task extends TaskHandle {
  /** What the program returned; undefined while it runs. */
  result: unknown;
  /** What the program threw, if it did. */
  error: unknown;
  /** What it runs; null if the task is known from a journal only. @internal */
  readonly program: Program | null;
  /** How often the program was let go on. @internal */
  resumed = 0;
  /** A call that the program has made while the host had the word. @internal */
  parked: PendingCall | null = null;
  /** True if the machine was set back to a time before the program's last steps, which it cannot take back. @internal */
  lost = false;
  /** Its calls. @internal */
  readonly call: PendingCall | null;
  readonly #generator: Generator<PendingCall, unknown, number> | null;
  #address = 0;

  constructor(
    machine: Machine,
    pid: number,
    name: string,
    space: AddressSpace,
    program: Program | null,
    started: Started | null = program && start(program, space),
  ) {
    super(machine, pid, name, space);
    this.program = program;
    this.call = started?.call ?? null;
    this.#generator = started?.generator ?? null;
  }

  /** Lets the program go on with the result of its last call. @internal */
  resume(): IteratorResult<unknown, unknown> {
    this.resumed++;
    const { view } = this.machine.memory;
    if (this.#address === 0) this.#address = this.machine.engine.task(this.pid);
    const at = this.#address + AX;
    return this.#generator!.next(view.getUint32(at, true) + view.getInt32(at + 4, true) * 0x1_0000_0000);
  }
}
