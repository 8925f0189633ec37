import type { TraceRecord } from "../../machine/records.ts";
import { layout } from "../../layout.gen.ts";
import { callName } from "../calls.ts";
import { flagNames } from "../names.ts";
import { LaneWriter } from "./lane.ts";
import type { LaneCosts } from "./costs.ts";

const { USER, SYSCALL, HARDIRQ, SOFTIRQ, KTHREAD } = layout.enums.CpuContext.values;

/** What a CPU's lane wants to know of a task. */
export interface TaskOnCpu {
  readonly name: string;
  /** Name of the system call that it is in; null: it is in none. */
  readonly call: string | null;
  /** Whether it has given up the CPU with its last record. */
  readonly off: boolean;
}

/**
 * What a CPU does. A record tells what its CPU did at that moment; where something began or ended between two records is
 * known from what the kernel charges for entering and leaving it.
 */
export class CpuLane {
  readonly lane: LaneWriter;
  readonly #costs: LaneCosts;
  readonly #taskOf: (pid: number) => TaskOnCpu;
  /** The task that has the CPU; 0: none. */
  #pid = 0;
  /** When its last record was, with what was charged after that, and that record's tick. */
  #time = 0;
  #tick = 0;
  /** When its task was last in the kernel: where a call or an exception ends. */
  #inKernel = 0;
  #kernelTick = 0;
  /** When the last switch to a task began. Unit: ns since boot. */
  switched = 0;
  /** Whether the call has its result: what follows in the kernel is on the way to the program. */
  #returned = false;

  constructor(cpu: number, costs: LaneCosts, taskOf: (pid: number) => TaskOnCpu) {
    this.lane = new LaneWriter("cpu", cpu);
    this.#costs = costs;
    this.#taskOf = taskOf;
    this.lane.begin("idle", "", 0, 0);
  }

  /** The task that has the CPU, as far as its records tell; 0: none. */
  get pid(): number {
    return this.#pid;
  }

  /** When its last record was, with what was charged after that. Unit: ns since boot. */
  get time(): number {
    const back = this.#returned ? this.#inKernel + this.#costs.modeSwitch : 0;
    return Math.max(this.#time, this.lane.time, back);
  }

  /** The tick of its last record. */
  get tick(): number {
    return this.#tick;
  }

  /** Takes the next record of this CPU in. */
  take(record: TraceRecord): void {
    const { event, pid, context, tick, time } = record;
    if (event === "sched_switch") this.#switch(record);
    else if (pid !== this.#pid) this.leave();
    if (context === HARDIRQ || context === SOFTIRQ) this.#interrupt(record);
    else {
      this.#endInterrupt();
      if (pid !== 0 && event !== "sched_switch") this.#inTask(record);
    }
    this.#time = time + (event === "try_to_wake_up" ? this.#costs.wakeup : 0);
    this.#tick = tick;
    if (context === SYSCALL && this.lane.level > 1) {
      this.#inKernel = this.#time;
      this.#kernelTick = tick;
    }
  }

  /** The task has left the CPU after its last record. */
  leave(): void {
    this.#endInterrupt();
    if (this.#pid === 0) return;
    this.#endKernel();
    this.lane.end(0, this.#time, this.#tick + 1);
    this.lane.begin("idle", "", this.#time, this.#tick + 1);
    this.#pid = 0;
  }

  /** The records are at an end. */
  finish(time: number, tick: number): void {
    this.#endInterrupt();
    if (this.#returned) this.#endKernel();
    if (this.#pid !== 0 && this.#taskOf(this.#pid).off) this.leave();
    this.lane.end(0, time, tick, false);
  }

  #switch({ args, pid, tick, time }: TraceRecord): void {
    const { lane } = this;
    this.#endInterrupt();
    const began = args[0] === args[1] ? time : Math.max(this.#time, time - this.#costs.contextSwitch);
    this.switched = began;
    if (this.#pid !== 0 && this.#taskOf(this.#pid).off && began > this.#time) this.leave();
    this.#endKernel();
    lane.end(0, began, tick);
    if (began < time) {
      lane.begin("switch", "", began, tick);
      lane.end(0, time, tick);
    }
    const { name, call } = this.#taskOf(pid);
    lane.begin("task", name, time, tick, pid);
    this.#pid = pid;
    this.#returned = false;
    if (call !== null) lane.begin("syscall", call, time, tick, pid);
    this.#inKernel = time;
    this.#kernelTick = tick;
  }

  #inTask({ event, context, args, pid, tick, time }: TraceRecord): void {
    const { lane } = this;
    if (event === "sys_enter" || event === "syscall_restart") {
      this.#endKernel();
      lane.begin("syscall", callName(args[0] | 0), time - this.#costs.modeSwitch, tick, pid);
      this.#returned = false;
    } else if (context === USER) {
      this.#endKernel();
    } else if (context === KTHREAD) {
      lane.at(0)!.kind = "kthread";
    } else if (lane.level < 2 || event === "exc_page_fault") {
      this.#endKernel();
      lane.begin("exception", event, time - this.#costs.modeSwitch - this.#costs.function, tick, pid);
    } else if (event === "sys_exit") {
      this.#returned = true;
    }
  }

  #interrupt({ event, context, args, pid, depth, tick, time }: TraceRecord): void {
    const { lane } = this;
    const kind = context === HARDIRQ ? "hardirq" : "softirq";
    const begins = event === "__do_softirq" || (kind === "hardirq" && depth === 1);
    if (lane.top?.kind === kind && !begins) return;
    this.#endInterrupt();
    // A call that has its result is over before an interrupt that comes to the program.
    if (this.#returned) this.#endKernel();
    const cost = kind === "hardirq" ? this.#costs.interrupt : this.#costs.softInterrupt;
    const name = event === "__do_softirq" ? flagNames("Softirq", args[0]) : event;
    lane.begin(kind, name, time - cost - this.#costs.function, tick, pid);
  }

  #endInterrupt(): void {
    const kind = this.lane.top?.kind;
    if (kind === "hardirq" || kind === "softirq") this.lane.end(this.lane.level - 1, this.#time, this.#tick + 1);
  }

  /** The task is in its program again since its last record in the kernel. */
  #endKernel(): void {
    if (this.lane.level < 2) return;
    const wentBack = this.#returned || (this.lane.top!.kind === "exception" && !this.#taskOf(this.#pid).off);
    const out = wentBack ? this.#costs.modeSwitch : 0;
    this.lane.end(1, this.#inKernel + out, this.#kernelTick + 1);
    this.#returned = false;
  }
}
