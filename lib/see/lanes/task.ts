import type { EventName, TraceRecord } from "../../machine/records.ts";
import { LaneWriter, type OpenSlice } from "./lane.ts";
import { callName } from "../calls.ts";
import { enumName } from "../names.ts";
import type { TaskOnCpu } from "./cpu.ts";

/** A task from its birth on: its states, its system calls, and the phases of its inputs. */
export class TaskTrack implements TaskOnCpu {
  /** 0: it has not had a CPU yet, and nobody knows its number. */
  pid = 0;
  name = "";
  /** Whether its calls come from outside: in its program it has no CPU. */
  adopted = false;
  call: string | null = null;
  off = false;
  readonly states = new LaneWriter("task");
  readonly calls = new LaneWriter("calls");
  readonly phases = new LaneWriter("phases");
  readonly #modeSwitch: number;
  /** What runs it, until a record shows that it was not the last one before it left the CPU. */
  #running: OpenSlice | null = null;
  #exits = false;
  /** When the call that it is in began. Unit: ns since boot. */
  #entered = 0;
  #enteredTick = 0;
  /** Since when it has run, without a sleep, in that call. Unit: ns since boot. */
  #resumed = 0;
  #resumedTick = 0;
  /** When data came to be there while it slept. Unit: ns since boot; -1: none did. */
  #ready = -1;
  #readyTick = 0;

  /** Its lanes. */
  get lanes(): LaneWriter[] {
    return [this.states, this.calls, this.phases];
  }

  /** @param modeSwitch  what it costs to go from the kernel to the program. Unit: ns. */
  constructor(modeSwitch: number) {
    this.#modeSwitch = modeSwitch;
  }

  /** It is born, or first heard of. */
  born({ time, tick }: TraceRecord): void {
    this.#become(this.adopted ? "outside" : "runnable", time, tick);
  }

  /** It is known by its number from now on. */
  known(pid: number, name: string, adopted: boolean): void {
    this.pid = pid;
    this.name = name;
    this.adopted = adopted;
    for (const lane of this.lanes) lane.known(pid, name);
    const first = this.states.at(0);
    if (adopted && first?.kind === "runnable" && this.states.slices.length === 1) first.kind = "outside";
  }

  /** It gets a CPU. @param began  when the switch to it began. Unit: ns since boot. */
  runs(time: number, tick: number, began: number): void {
    if (this.states.level === 0) this.#become("runnable", began, tick);
    this.off = false;
    this.#running = this.#become("running", time, tick);
    this.#resumed = time;
    this.#resumedTick = tick;
  }

  /** Its CPU goes on with something else. Unit: ns since boot. */
  leaves(time: number, tick: number): void {
    if (this.#exits) this.#end(time, tick);
    else if (!this.off) this.#become("runnable", time, tick);
  }

  /** It is made runnable. */
  woken({ time, tick }: TraceRecord): void {
    const kind = this.states.top?.kind;
    if (kind === undefined) this.#become("runnable", time, tick);
    if (kind !== "sleeping" && kind !== "stopped") return;
    if (kind === "sleeping" && this.#ready >= 0 && this.call !== null) this.#waited();
    this.#become("runnable", time, tick);
  }

  /** Data came to be there, and the task is about to be woken for it. */
  ready({ time, tick }: TraceRecord): void {
    if (this.#ready >= 0) return;
    this.#ready = time;
    this.#readyTick = tick;
  }

  /** A record of its own: it has the CPU. */
  take(record: TraceRecord, inKernel: boolean): void {
    const { event, time, tick, args } = record;
    if (this.#running !== null && this.states.top !== this.#running) this.#stillRuns(time, tick, inKernel);
    if (event === "schedule") this.#sleeps(record);
    else if (event === "do_signal_stop") this.#give("stopped", time, tick);
    else if (event === "do_exit" || event === "kthread_exit") {
      this.#exits = true;
      this.off = true;
    } else if (event === "sys_enter" || event === "syscall_restart") this.#enter(record);
    else if (event === "sys_exit") this.#exit(args[1] | 0, time, tick);
    else if (event === "data_copied") this.#copied(record);
  }

  /** The records are at an end. @param left  when it left its CPU, if that is not told yet; tick behind that. */
  finish(time: number, tick: number, left: { time: number; tick: number }): void {
    if (this.#exits && this.states.top?.kind !== "ended") this.#end(left.time, left.tick);
    this.calls.end(0, time, tick, false);
    this.states.end(0, time, tick, false);
  }

  #end(time: number, tick: number): void {
    this.#become("ended", time, tick);
    this.calls.end(0, time, tick);
    this.call = null;
  }

  #become(kind: OpenSlice["kind"], time: number, tick: number): OpenSlice {
    this.states.end(0, time, tick);
    return this.states.begin(kind, "", time, tick, this.pid);
  }

  #give(kind: OpenSlice["kind"], time: number, tick: number): OpenSlice {
    this.off = true;
    return this.#become(kind, time, tick + 1);
  }

  /** It was on the way from the CPU, and is there still: a soft interrupt came first, or it does not sleep at all. */
  #stillRuns(time: number, tick: number, inKernel: boolean): void {
    const was = this.states.top!;
    const running = this.#running!;
    this.states.reopen(running);
    if (inKernel && was.kind !== "stopped") {
      this.off = false;
      return;
    }
    const next = this.#give(was.kind, time, tick);
    next.wchan = was.wchan;
    next.object = was.object;
  }

  #sleeps({ time, tick, args: [, wchan, head] }: TraceRecord): void {
    const slice = this.#give("sleeping", time, tick);
    slice.wchan = wchan === 0 ? null : (enumName("Tp", wchan) as EventName);
    slice.object = head;
    slice.name = this.call ?? "";
    this.#ready = -1;
  }

  #enter({ args, time, tick }: TraceRecord): void {
    this.call = callName(args[0] | 0);
    this.calls.end(0, time, tick);
    this.calls.begin("call", this.call, time, tick, this.pid);
    this.#entered = this.#resumed = time;
    this.#enteredTick = this.#resumedTick = tick;
  }

  #exit(result: number, time: number, tick: number): void {
    const { top } = this.calls;
    if (top) top.result = result;
    this.calls.end(0, time, tick + 1);
    this.call = null;
    if (this.adopted) this.#give("outside", time + this.#modeSwitch, tick);
  }

  /** The first phase is over: data is there for a task that has slept for it. */
  #waited(): void {
    const span = { start: this.#entered, end: this.#ready, from: this.#enteredTick, to: this.#readyTick };
    if (span.end >= this.phases.time) this.phases.add("waiting", this.call!, span, this.pid);
  }

  /** The second phase is over: the program has the data. */
  #copied({ time, tick, args }: TraceRecord): void {
    const span = { start: this.#resumed, end: time, from: this.#resumedTick, to: tick + 1 };
    const slice = this.phases.add("copying", this.call ?? "", span, this.pid);
    slice.bytes = args[1];
    slice.object = args[0];
  }
}
