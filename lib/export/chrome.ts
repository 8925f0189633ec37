import type { Kernel } from "../kernel.ts";
import { type Process, type Thread, type Track, processesOf } from "./tracks.ts";

/** An event of Chrome's trace format. Times are in µs. */
type ChromeEvent = Readonly<Record<string, unknown>>;

const NS_PER_US = 1000;
/** Tracks below a thread are threads as well here: their numbers lie far above those of tasks. */
const BELOW = 1_000_000;

/**
 * What a machine has done as JSON in Chrome's trace format, for chrome://tracing, Perfetto, Speedscope and others: a
 * process each for CPUs, tasks and devices, a thread for each of these, complete events, instants and counters.
 *
 * @param kernel  a machine that has run.
 * @throws TypeError if it was booted without a trace.
 */
export function chromeTrace(kernel: Kernel): string {
  const events = processesOf(kernel).flatMap(processEvents);
  const otherData = { source: "iopath", ticks: kernel.ticks };
  return `${JSON.stringify({ displayTimeUnit: "ns", otherData, traceEvents: events })}\n`;
}

function processEvents({ number: pid, name, threads, counters }: Process): ChromeEvent[] {
  return [
    { ph: "M", pid, name: "process_name", args: { name } },
    { ph: "M", pid, name: "process_sort_index", args: { sort_index: pid } },
    ...threads.flatMap((thread) => threadEvents(pid, thread)),
    ...counters.flatMap((counter) =>
      counter.points.map(({ time, value }) => ({
        ph: "C",
        pid,
        name: counter.name,
        ts: time / NS_PER_US,
        args: { [counter.unit]: value },
      })),
    ),
  ];
}

function threadEvents(pid: number, { number, track, below }: Thread): ChromeEvent[] {
  const all = [track, ...below.map((one) => ({ ...one, name: `${track.name}: ${one.name}` }))];
  return all.flatMap((one, i) => trackEvents(pid, number + i * BELOW, number * 4 + i, one));
}

function trackEvents(pid: number, tid: number, rank: number, { name, slices, instants }: Track): ChromeEvent[] {
  return [
    { ph: "M", pid, tid, name: "thread_name", args: { name } },
    { ph: "M", pid, tid, name: "thread_sort_index", args: { sort_index: rank } },
    ...slices.map((slice) => ({
      ph: "X",
      pid,
      tid,
      name: slice.name,
      cat: slice.details["kind"],
      ts: slice.start / NS_PER_US,
      dur: (slice.end - slice.start) / NS_PER_US,
      args: slice.details,
    })),
    ...instants.map((instant) => ({
      ph: "i",
      s: "t",
      pid,
      tid,
      name: instant.name,
      ts: instant.time / NS_PER_US,
      args: instant.details,
    })),
  ];
}
