import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LinuxMachine } from "./oracle/machine.ts";
import { oracleUsable } from "./oracle/usable.ts";
import { record, recordedAnswers, recording, sameKernel } from "./recorded.ts";
import { recorded, type Log } from "./recorder.ts";
import { groups } from "./scenarios/all.ts";

const usable = await oracleUsable();

/** The most tasks that a scenario has. */
const TASKS = 4;

for (const [group, scenarios] of Object.entries(groups)) {
  const kept = recordedAnswers(group);

  describe.runIf(recording || (kept && usable && sameKernel(kept)))(`the kernel of this computer: ${group}`, () => {
    const answers: Record<string, Log> = {};
    let linux: LinuxMachine;
    beforeAll(async () => {
      const { LinuxMachine: Machine } = await import("./oracle/machine.ts");
      linux = await Machine.start({ threads: TASKS });
    });
    afterAll(() => {
      linux[Symbol.dispose]();
      if (recording) record(group, answers);
    });

    for (const { claim, program } of scenarios) {
      test(claim, () => {
        const log: Log = {};
        linux.run(recorded(program, log));
        answers[claim] = log;
        if (!recording) expect(log).toEqual(kept?.answers[claim]);
      });
    }
  });

  describe.skipIf(recording)(`the simulated kernel, compared with Linux ${kept?.kernel}: ${group}`, () => {
    for (const { claim, program } of scenarios) {
      test(claim, async () => {
        const log: Log = {};
        const { runSimulated } = await import("./simulated.ts");
        const kernel = await runSimulated(recorded(program, log));
        expect(log).toEqual(kept?.answers[claim]);
        expect(kernel.check()).toEqual([]);
      });
    }
  });
}
