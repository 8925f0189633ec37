import { type LaneCosts, NO_COSTS } from "./lanes/costs.ts";
import { type Mark, markOf } from "./lanes/marks.ts";
import { type MemoryImage, Reader } from "./reader.ts";
import { CpuLane } from "./lanes/cpu.ts";
import { DeviceLanes } from "./lanes/devices.ts";
import type { Lane } from "./lanes/lane.ts";
import { TaskTrack } from "./lanes/task.ts";
import type { TraceRecord } from "../machine/records.ts";
import { cpus } from "./cpus.ts";
import { layout } from "../layout.gen.ts";

export type { Lane, LaneKind, Slice, SliceKind } from "./lanes/lane.ts";
export type { LaneCosts } from "./lanes/costs.ts";
export type { Mark, MarkKind } from "./lanes/marks.ts";

const { SYSCALL } = layout.enums.CpuContext.values;

/** What lanes are made from: a Kernel that has run, or its records with as much as is known besides. */
export interface LaneSource {
  /** All records since boot, in order. */
  readonly trace: Iterable<TraceRecord>;
  /** Names of tasks; of an adopted one, whether it is outside. Default: tasks have no names. */
  readonly tasks?: Iterable<{ readonly pid: number; readonly name: string; readonly outside?: boolean }>;
  /** What things cost on that machine. Default: nothing, so that slices begin and end with their records. */
  readonly costs?: LaneCosts;
  /** The machine's memory, which tells how many CPUs it has. Default: those that have records. */
  readonly memory?: MemoryImage;
}

/** Who did what, and when. */
export interface Lanes {
  /** CPUs by number; for each task by number its states, calls and phases; block layer, disk, DMA, network card. */
  readonly lanes: readonly Lane[];
  /** The steps that matter, by tick. */
  readonly marks: readonly Mark[];
  /** When each tick was, from 0; CPUs have clocks of their own, so it may go back a little. Unit: ns since boot. */
  readonly times: Float64Array;
  /** When the last thing was over. Unit: ns since boot. */
  readonly end: number;
  /** The last tick. */
  readonly ticks: number;
}

/** Makes lanes, record by record. */
class LaneMaker {
  readonly #costs: LaneCosts;
  readonly #names = new Map<number, { name: string; adopted: boolean }>();
  readonly #cpus: CpuLane[] = [];
  readonly #devices: DeviceLanes;
  readonly #byPid = new Map<number, TaskTrack>();
  /** Tasks by the address of their TaskStruct. */
  readonly #byAddress = new Map<number, TaskTrack>();
  readonly #marks: Mark[] = [];
  readonly #times: number[] = [0];
  /** For each CPU: data that has come to be there in the function that is at work. */
  readonly #ready: (TraceRecord | null)[] = [];
  #end = 0;

  constructor({ tasks = [], costs = NO_COSTS, memory }: LaneSource) {
    // Read once: a living machine's costs are looked up in its memory each time.
    this.#costs = Object.freeze({ ...costs });
    this.#devices = new DeviceLanes(this.#costs);
    for (const { pid, name, outside } of tasks) this.#names.set(pid, { name, adopted: outside !== undefined });
    if (memory) for (const { id } of cpus(new Reader(memory))) this.#cpu(id);
  }

  take(record: TraceRecord): void {
    const { event, pid, tick, time } = record;
    this.#times[tick] = time;
    if (time > this.#end) this.#end = time;
    this.#run(record);
    this.#devices.take(record);
    if (event === "copy_process" || event === "kthread_run") this.#born(record);
    else if (event === "try_to_wake_up") this.#wake(record);
    else this.#noteReady(record);
    const mark = markOf(record);
    if (mark) this.#marks.push(mark);
    if (pid !== 0 && event !== "sched_switch") this.#track(pid).take(record, record.context === SYSCALL);
  }

  finish(): Lanes {
    const ticks = this.#times.length - 1;
    for (const cpu of this.#cpus) this.#end = Math.max(this.#end, cpu.time);
    const end = this.#end;
    for (const track of this.#byPid.values()) {
      const cpu = this.#cpus.find(({ pid }) => pid === track.pid);
      track.finish(end, ticks + 1, { time: cpu?.time ?? end, tick: (cpu?.tick ?? ticks) + 1 });
    }
    for (const cpu of this.#cpus) cpu.finish(end, ticks + 1);
    this.#devices.finish(end, ticks + 1);
    const lanes = [
      ...this.#cpus.map(({ lane }) => lane),
      ...[...this.#byPid.values()].sort((a, b) => a.pid - b.pid).flatMap((track) => track.lanes),
      ...this.#devices.lanes,
    ];
    return {
      lanes: lanes.filter(({ slices }) => slices.length > 0),
      marks: this.#marks,
      times: Float64Array.from(this.#times),
      end,
      ticks,
    };
  }

  /** What the record says of its CPU, and of the tasks that get and leave it. */
  #run(record: TraceRecord): void {
    const { event, cpu: id, pid, args, tick, time } = record;
    const cpu = this.#cpu(id);
    const before = cpu.pid;
    const next = event === "sched_switch" ? this.#scheduled(args[1], pid) : null;
    const left = cpu.time;
    const leftTick = cpu.tick + 1;
    cpu.take(record);
    if (before !== 0 && before !== pid) {
      const track = this.#track(before);
      if (track.off) track.leaves(left, leftTick);
      else track.leaves(next ? cpu.switched : left, next ? tick : leftTick);
    }
    next?.runs(time, tick, cpu.switched);
  }

  /** The task at an address gets a CPU: from now on its number is known. */
  #scheduled(address: number, pid: number): TaskTrack {
    const track = this.#at(address);
    if (track.pid === 0) {
      const { name, adopted } = this.#names.get(pid) ?? { name: "", adopted: false };
      track.known(pid, name, adopted);
      this.#byPid.set(pid, track);
    }
    return track;
  }

  #born(record: TraceRecord): void {
    const track = new TaskTrack(this.#costs.modeSwitch);
    this.#byAddress.set(record.args[0], track);
    track.born(record);
  }

  #wake(record: TraceRecord): void {
    const { args, cpu, tick, time } = record;
    const track = this.#at(args[0]);
    const ready = this.#ready[cpu];
    if (ready) track.ready(ready);
    track.woken(record);
    this.#marks.push({ kind: "wakeup", tick, time, pid: track.pid, value: 0 });
  }

  /** A wake-up is for data that has come if the function that has noticed it is still at work. */
  #noteReady(record: TraceRecord): void {
    const known = this.#ready[record.cpu];
    if (record.event === "data_ready") this.#ready[record.cpu] = record;
    else if (known && (record.depth < known.depth || record.context !== known.context)) this.#ready[record.cpu] = null;
  }

  #at(address: number): TaskTrack {
    let track = this.#byAddress.get(address);
    if (!track) this.#byAddress.set(address, (track = new TaskTrack(this.#costs.modeSwitch)));
    return track;
  }

  #track(pid: number): TaskTrack {
    let track = this.#byPid.get(pid);
    if (!track) {
      track = new TaskTrack(this.#costs.modeSwitch);
      track.known(pid, this.#names.get(pid)?.name ?? "", false);
      this.#byPid.set(pid, track);
    }
    return track;
  }

  #cpu(id: number): CpuLane {
    return (this.#cpus[id] ??= new CpuLane(id, this.#costs, (pid) => this.#track(pid)));
  }
}

/**
 * Who did what, and when, on a machine that has run: CPUs, tasks, devices. The same records give the same lanes.
 *
 * Kernel functions say when they begin, not when they end: an interrupt ends with its last record and what was charged
 * after that. A task that never had a CPU is not told of.
 */
export function lanesOf(source: LaneSource): Lanes {
  const maker = new LaneMaker(source);
  for (const record of source.trace) maker.take(record);
  return maker.finish();
}
