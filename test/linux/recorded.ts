import { existsSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import type { Log } from "../../lib/linux/recorder.ts";

/** What a real kernel answered to a group of scenarios. */
export interface Answers {
  /** `uname -r` of that kernel. */
  readonly kernel: string;
  /** `uname -m` of its machine. */
  readonly machine: string;
  /** The day, as YYYY-MM-DD. */
  readonly date: string;
  /** By claim: the calls of every task. */
  readonly answers: Record<string, Log>;
}

/** IOPATH_RECORD=1 asks the real kernel anew and keeps what it says. */
export const recording = process.env["IOPATH_RECORD"] === "1";

const path = (group: string) => new URL(`./recorded/${group}.json`, import.meta.url);

/** The recorded answers of a group. */
export function recordedAnswers(group: string): Answers | null {
  return existsSync(path(group)) ? (JSON.parse(readFileSync(path(group), "utf8")) as Answers) : null;
}

/** Keeps answers, with the kernel's name on them. */
export function record(group: string, answers: Record<string, Log>): void {
  const stamp = { kernel: os.release(), machine: os.machine(), date: new Date().toISOString().slice(0, 10) };
  writeFileSync(path(group), `${JSON.stringify({ ...stamp, answers }, null, 2)}\n`);
}

/** Whether this computer's kernel is of the release that the answers are from (like 6.18), on the same machine type. */
export function sameKernel({ kernel, machine }: Pick<Answers, "kernel" | "machine">): boolean {
  const series = (release: string) => release.split(".", 2).join(".");
  return process.platform === "linux" && os.machine() === machine && series(os.release()) === series(kernel);
}
