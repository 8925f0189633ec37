import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oracleUsable } from "../../lib/linux/oracle/usable.ts";
import { record, recordedAnswers, recording, sameKernel } from "./recorded.ts";
import { digest, recorded, type Log } from "../../lib/linux/recorder.ts";
import { programOf, streams, type Stream } from "../../lib/linux/random/stream.ts";

/** How many system calls to compare, and where the random numbers begin. */
const CALLS = Number(process.env["IOPATH_CALLS"] ?? 10_000);
const SEED = Number(process.env["IOPATH_SEED"] ?? 1);
/** The most commands in a program: long ones fill tables and buffers, short ones shrink quickly. */
const LENGTH = Number(process.env["IOPATH_LENGTH"] ?? 120);
const PROGRAMS_AT_ONCE = 50;
/** How often the real kernel may change its mind. */
const ASK_AGAIN = 3;
const HOUR_ms = 3_600_000;

const usable = await oracleUsable();
const kept = recordedAnswers("random");

async function simulated(stream: Stream): Promise<string[]> {
  const log: Log = {};
  const { runSimulated } = await import("../../lib/linux/simulated.ts");
  const kernel = await runSimulated(recorded(programOf(stream), log));
  expect(kernel.check()).toEqual([]);
  return log["main"] ?? [];
}

/** The calls up to the first one that was answered differently, and both answers. */
function difference(real: readonly string[], answers: readonly string[]): string | null {
  const at = real.findIndex((line, i) => line !== answers[i]);
  if (at < 0 && real.length === answers.length) return null;
  const last = at < 0 ? real.length : at;
  const both = [`Linux:     ${real[last] ?? "ends"}`, `simulated: ${answers[last] ?? "ends"}`];
  return [...real.slice(0, last), ...both].join("\n");
}

/** The recorded programs: the same on every computer. */
const sample = (): Stream[] => fc.sample(streams(120), { numRuns: 100, seed: 1 });
const summary = (lines: readonly string[]) => `${lines.length} ${digest(new TextEncoder().encode(lines.join("\n")))}`;

describe.runIf(recording || (kept && usable && sameKernel(kept)))("beside the kernel of this computer", () => {
  test(
    `${CALLS} random system calls are answered alike by both kernels (seed ${SEED})`,
    { timeout: HOUR_ms },
    async () => {
      const { LinuxMachine } = await import("../../lib/linux/oracle/machine.ts");
      using linux = await LinuxMachine.start();
      const real = (stream: Stream): string[] => {
        const log: Log = {};
        linux.run(recorded(programOf(stream), log));
        return log["main"] ?? [];
      };
      if (recording) {
        record("random", { "seed 1": Object.fromEntries(sample().map((stream, i) => [i, [summary(real(stream))]])) });
        return;
      }

      let calls = 0;
      let askedAgain = 0;
      for (let seed = SEED; calls < CALLS; seed++) {
        const alike = fc.asyncProperty(streams(LENGTH), async (stream) => {
          const answers = await simulated(stream);
          calls += answers.length;
          let found = difference(real(stream), answers);
          // A program that is held up for 40 ms sees a delayed acknowledgement arrive; asked again, it is quicker.
          for (let again = 0; found !== null && again < ASK_AGAIN; again++) {
            askedAgain++;
            found = difference(real(stream), answers);
          }
          // Not by expect(), which would draw a picture of every difference on the way to the smallest.
          if (found !== null) throw new Error(`different answers:\n${found}`);
        });
        await fc.assert(alike, { seed, numRuns: PROGRAMS_AT_ONCE });
      }
      console.info(
        `${calls} random system calls compared, seeds from ${SEED} on; Linux was asked again ${askedAgain} times`,
      );
    },
  );
});

describe.skipIf(recording)(`compared with what Linux ${kept?.kernel} answered`, () => {
  for (const [i, stream] of sample().entries()) {
    test(`random program ${i} is answered alike`, async () => {
      expect([summary(await simulated(stream))]).toEqual(kept?.answers["seed 1"]?.[i]);
    });
  }
});
