import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digest } from "../../lib/linux/recorder.ts";
import { programOf, streamOf, textOf, type Step } from "./malloc.ts";
import { record, recordedAnswers, recording } from "./recorded.ts";
import { boot } from "../support/boot.ts";
import { checkHeap } from "../../lib/see/heap/check.ts";

/** How many calls to compare, and where the seeds begin. */
const CALLS = Number(process.env["IOPATH_CALLS"] ?? 10_000);
const SEED = Number(process.env["IOPATH_SEED"] ?? 1);
/** Calls of a stream. */
const LENGTH = 300;
const HOUR_ms = 3_600_000;
/** The streams whose answers are recorded. */
const RECORDED = 60;
/** The C library that the simulated malloc is held to. */
const GLIBC = "glibc 2.36";

/** Compiles the C program; null where there is no such C library, or no compiler. */
function native(): string | null {
  if (process.platform !== "linux" || os.machine() !== "x86_64") return null;
  try {
    if (execFileSync("getconf", ["GNU_LIBC_VERSION"], { encoding: "utf8" }).trim() !== GLIBC) return null;
    const folder = join(import.meta.dirname, "../../build/test");
    mkdirSync(folder, { recursive: true });
    const program = join(folder, "malloc");
    execFileSync("gcc", ["-O1", "-o", program, join(import.meta.dirname, "native/malloc.c")], { stdio: "pipe" });
    return program;
  } catch {
    return null;
  }
}

/** What the C library answers to streams, line by line. */
function glibc(program: string, streams: readonly (readonly Step[])[]): string[][] {
  const input = streams.map(textOf).join("");
  const { stdout, status } = spawnSync(program, { input, encoding: "utf8", maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`the C program has ended with ${status}`);
  return stdout
    .split("\n\n")
    .slice(0, -1)
    .map((text) => text.split("\n"));
}

async function simulated(stream: readonly Step[], look?: () => void): Promise<string[]> {
  const kernel = await boot({ trace: false });
  const task = kernel.spawn("main", programOf(stream, look));
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return task.result as string[];
}

const streamsFrom = (seed: number, count: number) =>
  Array.from({ length: count }, (_, i) => streamOf(seed + i, LENGTH));
const summary = (lines: readonly string[]) => `${lines.length} ${digest(new TextEncoder().encode(lines.join("\n")))}`;

const program = native();
const kept = recordedAnswers("malloc");

describe.runIf(program !== null)("beside the C library of this computer", () => {
  test(
    `${CALLS} random calls give the same addresses, usable sizes and ends of the heap (seed ${SEED})`,
    { timeout: HOUR_ms },
    async () => {
      const streams = streamsFrom(SEED, Math.ceil(CALLS / LENGTH));
      const answers = glibc(program!, streams);
      for (const [i, stream] of streams.entries()) {
        const ours = await simulated(stream);
        const at = stream.findIndex((_, k) => ours[k] !== answers[i]![k]);
        // Not by expect(), which would draw a picture of the whole stream.
        if (at >= 0) {
          throw new Error(
            `seed ${SEED + i}, step ${at}, ${stream[at]!.join(" ")}: here ${ours[at]}, glibc ${answers[i]![at]}`,
          );
        }
      }
    },
  );

  test.runIf(recording)("the answers are recorded", () => {
    const answers = glibc(program!, streamsFrom(1, RECORDED));
    record("malloc", Object.fromEntries(answers.map((lines, i) => [`seed ${i + 1}`, { main: [summary(lines)] }])));
  });
});

test.runIf(kept !== null)("recorded streams have the addresses that glibc 2.36 has given", async () => {
  for (const [i, stream] of streamsFrom(1, RECORDED).entries()) {
    expect([i + 1, summary(await simulated(stream))]).toEqual([i + 1, kept!.answers[`seed ${i + 1}`]!["main"]![0]]);
  }
});

test("the heap keeps its rules after every call of random streams", { timeout: HOUR_ms }, async () => {
  for (const [i, stream] of streamsFrom(SEED, Math.min(200, Math.ceil(CALLS / LENGTH))).entries()) {
    const kernel = await boot({ trace: false });
    let step = 0;
    const look = () => {
      const violations = checkHeap(kernel.memory, 1);
      if (violations.length > 0) {
        throw new Error(`seed ${SEED + i}, step ${step}: ${JSON.stringify(violations.slice(0, 3))}`);
      }
      step++;
    };
    kernel.spawn("main", programOf(stream, look));
    kernel.run();
    expect(step).toBe(LENGTH);
  }
});
