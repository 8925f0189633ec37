import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildPuppet } from "../../lib/linux/oracle/build.ts";
import { oracleUsable } from "../../lib/linux/oracle/usable.ts";
import { record, recordedAnswers, recording, sameKernel } from "./recorded.ts";
import { describeDifference } from "../../lib/linux/difference.ts";
import { digest, recorded, type Log } from "../../lib/linux/recorder.ts";
import { programOf, streams, type Stream } from "../../lib/linux/random/stream.ts";

/** How many system calls to compare, and where the random numbers begin. */
const CALLS = Number(process.env["IOPATH_CALLS"] ?? 10_000);
const SEED = Number(process.env["IOPATH_SEED"] ?? 1);
/** The most commands in a program: long ones fill tables and buffers, short ones shrink quickly. */
const LENGTH = Number(process.env["IOPATH_LENGTH"] ?? 120);
const HOUR_ms = 3_600_000;

const usable = await oracleUsable();
/** Tasks of the real kernel are made by a C program. */
const hasTasks = usable && (await buildPuppet()) !== null;
const kept = recordedAnswers("random");

async function simulated(stream: Stream): Promise<string[]> {
  const log: Log = {};
  const { runSimulated } = await import("../../lib/linux/simulated.ts");
  const kernel = await runSimulated(recorded(programOf(stream), log));
  expect(kernel.check()).toEqual([]);
  return log["main"] ?? [];
}

/** The recorded programs: the same on every computer. */
const sample = (): Stream[] => fc.sample(streams(120), { numRuns: 100, seed: 1 });
const summary = (lines: readonly string[]) => `${lines.length} ${digest(new TextEncoder().encode(lines.join("\n")))}`;

describe.runIf(recording || (kept && usable && sameKernel(kept)))("beside the kernel of this computer", () => {
  const compare = async (which: { calls: number; tasks?: boolean; files?: boolean }) => {
    const { compareRandom } = await import("../../lib/linux/random/compare.ts");
    const { calls, differences, askedAgain } = await compareRandom({ seed: SEED, length: LENGTH, ...which });
    // Not by expect(), which would draw a picture of the logs.
    if (differences.length > 0) throw new Error(differences.map(describeDifference).join("\n\n"));
    console.info(`${calls} random calls compared, seeds from ${SEED} on; Linux was asked again ${askedAgain} times`);
  };

  test.skipIf(recording)(
    `${CALLS} random system calls are answered alike by both kernels (seed ${SEED})`,
    { timeout: HOUR_ms },
    () => compare({ calls: CALLS, tasks: false }),
  );

  test.skipIf(recording || !hasTasks)(
    `${CALLS / 10} random calls of tasks that sleep and wake each other are answered alike (seed ${SEED})`,
    { timeout: HOUR_ms },
    () => compare({ calls: CALLS / 10, tasks: true }),
  );

  test.skipIf(recording)(
    `${CALLS * 2} random calls about files and their pages are answered alike (seed ${SEED})`,
    { timeout: HOUR_ms },
    () => compare({ calls: CALLS * 2, files: true }),
  );

  test.runIf(recording)("random programs are recorded", async () => {
    const { LinuxMachine } = await import("../../lib/linux/oracle/machine.ts");
    const { PuppetMachine } = await import("../../lib/linux/oracle/puppet-machine.ts");
    using linux = new LinuxMachine();
    const apart = await PuppetMachine.start();
    if (apart === null) throw new Error("programs with signals are recorded where there is a C compiler");
    const real = (stream: Stream): string[] => {
      const log: Log = {};
      (stream.hasSignals ? apart : linux).run(recorded(programOf(stream), log));
      return log["main"] ?? [];
    };
    record("random", { "seed 1": Object.fromEntries(sample().map((stream, i) => [i, [summary(real(stream))]])) });
  });
});

describe.skipIf(recording)(`compared with what Linux ${kept?.kernel} answered`, () => {
  for (const [i, stream] of sample().entries()) {
    test(`random program ${i} is answered alike`, async () => {
      expect([summary(await simulated(stream))]).toEqual(kept?.answers["seed 1"]?.[i]);
    });
  }
});
