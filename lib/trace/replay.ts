import { type KernelSource } from "../machine/module.ts";
import { Kernel } from "../kernel.ts";
import { Replayer } from "./replay/replayer.ts";
import type { ReplayReport } from "./replay/report.ts";
import { Slices } from "../slices.ts";
import { parseStrace } from "./strace/strace.ts";

export { drivenCalls } from "./replay/requests.ts";
export { Replayer } from "./replay/replayer.ts";
export type { ReplayReport, ReplayedCall, Tally, Verdict } from "./replay/report.ts";

/** How to replay a recording. */
export interface ReplayOptions {
  /** What the recording is called in messages: a file's name. Default: "strace". */
  readonly name?: string;
  /** Told from time to time how far it is: from 0 to 1. */
  readonly onProgress?: (part: number) => void;
  /** Ends it early: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The kernel.wasm, or where it is. Default: the one that belongs to this library. */
  readonly wasm?: KernelSource;
}

/** A recording that was replayed: what it has come to, and the machine as it was left. */
export interface Replay extends ReplayReport {
  readonly kernel: Kernel;
}

/** Reads a recording and boots a machine to play it on. @throws InputError for what strace does not write. */
export async function prepareReplay(text: string, options: ReplayOptions = {}): Promise<Replayer> {
  const trace = parseStrace(text, { name: options.name ?? "strace" });
  // The recording has the time that the wire took in its own times.
  const costs = { wireLatency: 0, wire64k: 0 };
  const kernel = await Kernel.boot({ costs, ...(options.wasm === undefined ? {} : { wasm: options.wasm }) });
  return new Replayer(kernel, trace);
}

/**
 * Replays a recording: hands its system calls to a machine, lets happen outside what they imply, and compares.
 *
 * @throws InputError for what strace does not write; the signal's reason if it was ended early.
 */
export async function replayStrace(text: string, options: ReplayOptions = {}): Promise<Replay> {
  const replayer = await prepareReplay(text, options);
  const slices = new Slices();
  while (replayer.step()) {
    if (!slices.isOver) continue;
    options.onProgress?.(replayer.position / replayer.length);
    await slices.next(options.signal);
  }
  options.onProgress?.(1);
  return { ...replayer.report(), kernel: replayer.kernel };
}
