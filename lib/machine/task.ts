import { type CounterValues, readCounters } from "./counters.ts";
import { type PendingCall, checkInteger, syscallName } from "./call.ts";
import { type Context, HandlerCalls } from "./context.ts";
import { CPUS_BASE, CPU_STRIDE } from "./memory_map.ts";
import { InputKind } from "./journal.ts";
import { KERNEL_BASE, type Ptr, fieldOffset } from "./memory.ts";
import { framesOf, infoOf } from "./signals.ts";
import { layout } from "../layout.gen.ts";
import type { Machine } from "./machine.ts";
import { type Started, start } from "./start.ts";
import type { Program } from "./program.ts";
import { AddressSpace } from "./address_space.ts";

const AX = fieldOffset("TaskStruct", "ax");
const FRAME_DEPTH = fieldOffset("TaskStruct", "frame_depth");
const STATES = new Map<number, string>(
  Object.entries(layout.enums.TaskState.values).map(([name, value]) => [value, name.toLowerCase()]),
);

/**
 * What a task is doing; "gone": it has ended, and nobody waits for its result any more; "absent": the machine stands at
 * a time at which it was not born yet.
 */
export type TaskStateName =
  "running" | "interruptible" | "uninterruptible" | "stopped" | "zombie" | "dead" | "gone" | "absent";

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
    if (at === 0) return this.#hasLived ? "gone" : "absent";
    return STATES.get(this.machine.memory.get("TaskStruct", at, "state")) as TaskStateName;
  }

  /** Whether it was born before the time at which the machine stands. */
  get #hasLived(): boolean {
    const { memory } = this.machine;
    return this.pid <= memory.get("SchedState", memory.get("Kernel", KERNEL_BASE, "sched"), "last_pid");
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

  /** Time that it has spent on CPUs, in its program and in the kernel; 0 once it is gone. Unit: ns of virtual time. */
  get cpuTime(): number {
    const at = this.machine.engine.task(this.pid);
    if (at === 0) return 0;
    const { memory } = this.machine;
    const counted = Number(memory.get("TaskStruct", at, "utime")) + Number(memory.get("TaskStruct", at, "stime"));
    // What has passed since it was last looked at, if it has a CPU.
    const cpu = (CPUS_BASE + memory.get("TaskStruct", at, "cpu") * CPU_STRIDE) as Ptr<"Cpu">;
    if (memory.get("Cpu", cpu, "curr") !== at) return counted;
    return counted + Number(memory.get("Cpu", cpu, "clock") - memory.get("TaskStruct", at, "accounted"));
  }

  /**
   * A signal comes from outside to the task's process, as by kill(2): this task takes it if it does not block it.
   *
   * @returns  0, -ESRCH if it has ended, -EINVAL for a signal that there is not.
   * @throws   TypeError, RangeError for what is no number of a signal at all.
   */
  signal(signo: number): number {
    checkInteger("a signal", signo);
    return this.machine.input(InputKind.SIGNAL, this.pid, 0, [signo], undefined, false);
  }

  /** The signal that has ended it; null: it lives, or has ended by itself. */
  get termSignal(): number | null {
    if (this.state !== "zombie") return null;
    return this.machine.memory.get("TaskStruct", this.machine.engine.task(this.pid), "term_signal") || null;
  }

  /** What it ended with, 128 and the signal's number if a signal has ended it; undefined while it lives. */
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
  /** True if the machine was set back to a time before the program's last steps, which it cannot take back. @internal */
  lost = false;
  /** The program, and on it the handlers that run, the innermost last. */
  readonly #contexts: Context[];
  /** The last of them: looked at several times for each call. */
  #context: Context;
  readonly #handlers: HandlerCalls;
  #address = 0 as Ptr<"TaskStruct">;

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
    this.#context = { call: started?.call ?? null, generator: started?.generator ?? null, parked: null };
    this.#contexts = [this.#context];
    this.#handlers = new HandlerCalls(space);
  }

  /** The calls of the program, or of its innermost handler. @internal */
  get call(): PendingCall | null {
    return this.#context.call;
  }

  /** A call that it has made while the host had the word. @internal */
  get parked(): PendingCall | null {
    return this.#context.parked;
  }

  set parked(call: PendingCall | null) {
    this.#context.parked = call;
  }

  /** Address of its TaskStruct, which is looked up once. */
  get #struct(): Ptr<"TaskStruct"> {
    if (this.#address === 0) this.#address = this.machine.engine.task(this.pid);
    return this.#address;
  }

  /** Number of handlers that run, by the kernel's account. */
  get #depth(): number {
    return this.machine.memory.view.getUint32(this.#struct + FRAME_DEPTH, true);
  }

  /** Number of handlers that run in this host. @internal */
  get handlers(): number {
    return this.#contexts.length - 1;
  }

  /** Whether handlers are to run before what runs now goes on. @internal */
  get isInterrupted(): boolean {
    return this.#contexts.length <= this.#depth;
  }

  /** Handlers that the kernel has set up are to run first. @internal */
  interrupted(): void {
    const depth = this.#depth;
    // Asked at every call, so that nearly always this is all.
    if (this.#contexts.length !== depth + 1) this.#follow(depth);
  }

  /** Leaves the handlers that the kernel has left, and begins those that it has set up. */
  #follow(depth: number): void {
    const contexts = this.#contexts;
    contexts.splice(depth + 1);
    for (const frame of framesOf(this.machine.memory, this.#address, contexts.length - 1)) {
      const handler = this.space.handlers.at(Number(frame.handler));
      contexts.push(this.#handlers.begin(contexts.length - 1, handler, infoOf(frame)));
    }
    this.#context = contexts.at(-1)!;
  }

  /** The innermost handler, or the program itself, has come to its end. @returns whether it was a handler. @internal */
  returns(): boolean {
    if (this.#contexts.length === 1) return false;
    this.#contexts.pop();
    this.#context = this.#contexts.at(-1)!;
    return true;
  }

  /** Lets the program, or its innermost handler, go on with the result of its last call. @internal */
  resume(): IteratorResult<unknown, unknown> {
    this.resumed++;
    const { view } = this.machine.memory;
    const at = this.#struct + AX;
    const result = view.getUint32(at, true) + view.getInt32(at + 4, true) * 0x1_0000_0000;
    return this.#context.generator!.next(result);
  }
}
