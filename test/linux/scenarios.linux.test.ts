import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LinuxMachine } from "./oracle/machine.ts";
import { record, recordedAnswers, sameKernel } from "./recorded.ts";
import { recorded, type Log } from "./recorder.ts";
import type { Scenario } from "./scenario.ts";
import { groups } from "./scenarios/all.ts";

/** IOPATH_RECORD=1 asks the real kernel anew and keeps what it says. */
const recording = process.env["IOPATH_RECORD"] === "1";

/** The most tasks that a scenario has. */
const TASKS = 4;

async function startLinux(): Promise<LinuxMachine> {
  const { LinuxMachine: Machine } = await import("./oracle/machine.ts");
  return Machine.start({ threads: TASKS });
}

function answersOf(machine: { run(program: Scenario["program"]): void }, { program }: Scenario): Log {
  const log: Log = {};
  machine.run(recorded(program, log));
  return log;
}

const stamp = recordedAnswers("pipes");
describe.runIf(recording || (stamp && sameKernel(stamp)))("the real kernel", () => {
  let linux: LinuxMachine;
  beforeAll(async () => {
    linux = await startLinux();
  });
  afterAll(() => linux[Symbol.dispose]());
  for (const [group, scenarios] of Object.entries(groups)) {
    const answers: Record<string, Log> = {};
    describe(group, () => {
      for (const scenario of scenarios) {
        test(scenario.claim, () => {
          answers[scenario.claim] = answersOf(linux, scenario);
          if (!recording) expect(answers[scenario.claim]).toEqual(recordedAnswers(group)?.answers[scenario.claim]);
        });
      }
    });
    if (recording) afterAll(() => record(group, answers));
  }
});
