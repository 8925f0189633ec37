import { cpus, totalmem } from "node:os";
import { execFileSync } from "node:child_process";
import { release } from "node:os";

/** One figure of the benchmark. */
export interface Figure {
  /** What was measured. */
  readonly name: string;
  readonly value: number;
  /** Unit of `value`, such as "ns" or "ratio". */
  readonly unit: string;
  /** What the figure should be at most; absent where there is no such aim. */
  readonly goal?: number;
  /** What the figure should be at least; absent where there is no such aim. */
  readonly least?: number;
  /** How it was measured, in a sentence. */
  readonly detail: string;
}

/** A group of figures that are measured together. */
export type Case = () => Promise<Figure[]> | Figure[];

/**
 * The least time that a piece of work takes, of several samples: what the machine can do when nothing disturbs it.
 *
 * @param operations  How many operations one call of `work` does.
 * @returns           ns an operation.
 */
export function best(samples: number, operations: number, work: () => void): number {
  let least = Infinity;
  for (let i = 0; i < samples; i++) {
    const start = process.hrtime.bigint();
    work();
    least = Math.min(least, Number(process.hrtime.bigint() - start) / operations);
  }
  return least;
}

/** The median of several numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The machine that figures were measured on, and the versions that matter, in one line. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const compiler = compilerVersion();
  return [
    `${cpus().length} x ${cpu?.model.trim() ?? "unknown CPU"}`,
    `${memory} GiB`,
    `${process.platform} ${release()}`,
    `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    ...(compiler ? [compiler] : []),
  ].join(", ");
}

/** First line of what g++ says of itself; "" where there is none. */
function compilerVersion(): string {
  try {
    return execFileSync("g++", ["--version"], { encoding: "utf8" }).split("\n")[0] ?? "";
  } catch {
    return "";
  }
}
