import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPuppet } from "../../lib/linux/oracle/build.ts";
import type { PuppetMachine } from "../../lib/linux/oracle/puppet-machine.ts";
import { oracleUsable } from "../../lib/linux/oracle/usable.ts";
import { record, recordedAnswers, recording, sameKernel } from "./recorded.ts";
import { recorded, type Log } from "../../lib/linux/recorder.ts";
import { type Scenario, comparable } from "./scenario.ts";
import { groups } from "./scenarios/all.ts";

/** Tasks of the real kernel are made by a C program. */
const usable = (await oracleUsable()) && (await buildPuppet()) !== null;

/** Whether the real kernel is asked, to be compared with the recordings or to make them anew. */
const stamp = recordedAnswers("pipes");
const asking = usable && (recording || (stamp !== null && sameKernel(stamp)));

let linux: PuppetMachine | null = null;
beforeAll(async () => {
  if (!asking) return;
  const { PuppetMachine: Machine } = await import("../../lib/linux/oracle/puppet-machine.ts");
  linux = await Machine.start();
});
afterAll(() => linux?.[Symbol.dispose]());

/** How often a busy computer is asked at most: what its kernel leaves to other threads may then come a step later. */
const TIMES = 3;

/** What the real kernel answers: as `wanted`, if it does so in one of a few runs. */
function asked(scenario: Scenario, wanted: Log | undefined): Log {
  let answers: Log = {};
  for (let times = 0; times < TIMES; times++) {
    const log: Log = {};
    linux?.run(recorded(scenario.program, log));
    answers = comparable(scenario, log);
    if (recording || isDeepStrictEqual(answers, wanted)) break;
  }
  return answers;
}

for (const [group, scenarios] of Object.entries(groups)) {
  const kept = recordedAnswers(group);

  describe.runIf(asking)(`the kernel of this computer: ${group}`, () => {
    const answers: Record<string, Log> = {};
    afterAll(() => {
      if (recording) record(group, answers);
    });

    for (const scenario of scenarios) {
      const { claim } = scenario;
      test(claim, () => {
        answers[claim] = asked(scenario, kept?.answers[claim]);
        if (!recording) expect(answers[claim]).toEqual(kept?.answers[claim]);
      });
    }
  });

  describe.skipIf(recording)(`the simulated kernel, compared with Linux ${kept?.kernel}: ${group}`, () => {
    for (const scenario of scenarios) {
      const { claim, program } = scenario;
      test(claim, async () => {
        const log: Log = {};
        const { runSimulated } = await import("../../lib/linux/simulated.ts");
        const kernel = await runSimulated(recorded(program, log));
        expect(comparable(scenario, log)).toEqual(kept?.answers[claim]);
        expect(kernel.check()).toEqual([]);
      });
    }
  });
}
