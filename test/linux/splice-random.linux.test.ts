import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SpliceStream, spliceProgramOf, spliceStreams } from "../../lib/linux/random/splice-commands.ts";
import { describeDifference, differenceOf } from "../../lib/linux/difference.ts";
import { type Log, recorded } from "../../lib/linux/recorder.ts";
import { recordedAnswers, sameKernel } from "./recorded.ts";
import { oracleUsable } from "../../lib/linux/oracle/usable.ts";
import { runSimulated } from "../../lib/linux/simulated.ts";

/** How many programs to compare, and where the random numbers begin. */
const PROGRAMS = Number(process.env["IOPATH_PROGRAMS"] ?? 200);
const SEED = Number(process.env["IOPATH_SEED"] ?? 1);
const LENGTH = Number(process.env["IOPATH_LENGTH"] ?? 60);
const HOUR_ms = 3_600_000;

const kept = recordedAnswers("splice-pipes");
const usable = (await oracleUsable()) && kept !== null && sameKernel(kept);

async function simulated(stream: SpliceStream): Promise<Log> {
  const log: Log = {};
  const kernel = await runSimulated(recorded(spliceProgramOf(stream), log), { trace: false });
  return { ...log, "broken rules": kernel.check().map(({ rule, message }) => `${rule}: ${message}`) };
}

describe("programs that move pages", () => {
  test.skipIf(!usable)(
    `${PROGRAMS} random ones are answered alike by both kernels (seed ${SEED})`,
    { timeout: HOUR_ms },
    async () => {
      const { LinuxMachine } = await import("../../lib/linux/oracle/machine.ts");
      using linux = new LinuxMachine();
      const alike = fc.asyncProperty(spliceStreams(LENGTH), async (stream) => {
        const ours = await simulated(stream);
        const log: Log = {};
        linux.run(recorded(spliceProgramOf(stream), log));
        const difference = differenceOf({ ...log, "broken rules": [] }, ours);
        if (difference) throw new Error(describeDifference(difference));
      });
      await fc.assert(alike, { seed: SEED, numRuns: PROGRAMS });
    },
  );

  test("each keeps the machine's rules (seed 2)", async () => {
    for (const stream of fc.sample(spliceStreams(60), { seed: 2, numRuns: 20 })) {
      expect((await simulated(stream))["broken rules"]).toEqual([]);
    }
  });
});
