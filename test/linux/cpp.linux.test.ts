import { describe, expect, test } from "vitest";
import { compareCpp, gccLogs, gccObstacle, machineLog, randomGroups } from "../../lib/linux/cpp.ts";
import { record, recordedAnswers, recording } from "./recorded.ts";
import { cpp } from "../../lib/cpp/notation.ts";
import { leaksOf } from "../../lib/cpp/log.ts";
import { boot } from "../support/boot.ts";
import { checkHeap } from "../../lib/see/heap/check.ts";
import { digest } from "../../lib/linux/recorder.ts";
import { machineProgram } from "../../lib/cpp/run.ts";
import { sourceOf } from "../../lib/cpp/print.ts";

/** How many programs to compare, and where the seeds begin: with a million calls, 2,000. */
const PROGRAMS = Math.max(20, Math.ceil(Number(process.env["IOPATH_CALLS"] ?? 10_000) / 500));
const SEED = Number(process.env["IOPATH_SEED"] ?? 1);
const HOUR_ms = 3_600_000;
/** The programs whose answers are recorded. */
const RECORDED = 100;

const usable = (await gccObstacle()) === null;
const kept = recordedAnswers("cpp");
const summary = (lines: readonly string[]) => `${lines.length} ${digest(new TextEncoder().encode(lines.join("\n")))}`;

describe.runIf(usable)("beside g++ of this computer", () => {
  test(
    `${PROGRAMS} random programs allocate, construct, destroy and count alike (seed ${SEED})`,
    { timeout: HOUR_ms },
    async () => {
      const { programs, differences } = await compareCpp({ seed: SEED, programs: PROGRAMS });
      const [first] = differences;
      if (first)
        throw new Error(`seed ${first.seed}: ${first.here} here, ${first.gcc} by g++\n${sourceOf(first.program)}`);
      expect(programs).toBe(PROGRAMS);
    },
  );

  test("what owns, writes and is deleted by hand does so alike", { timeout: HOUR_ms }, async () => {
    const T = cpp.struct("T", { bytes: 32, sharedFromThis: true });
    const program = cpp.program(
      [T],
      [
        cpp.pointer("raw", "T", cpp.new_("T")),
        cpp.write("raw"),
        cpp.shared_ptr("p", "T", cpp.own("raw")),
        cpp.shared_ptr("again", "T", cpp.shared_from_this("p")),
        cpp.use_count("p"),
        cpp.pointer("other", "T", cpp.new_("T")),
        cpp.unique_ptr("u", "T", cpp.own("other")),
        cpp.pointer("all", "T[]", cpp.new_array("T", 3)),
        cpp.delete_array("all"),
        cpp.pointer("left", "T", cpp.new_("T")),
        cpp.pointer("gone", "T", cpp.new_("T")),
        cpp.delete_("gone"),
      ],
    );
    const [theirs] = await gccLogs([program]);
    expect(await machineLog(program)).toEqual(theirs);
    expect(leaksOf(theirs!).map(({ bytes }) => bytes)).toEqual([48]);
  });

  test("arrays that members own die alike", { timeout: HOUR_ms }, async () => {
    const N = cpp.struct("N", { bytes: 8, members: [cpp.member("all", "unique_ptr", "N[]")] });
    const program = cpp.program(
      [N],
      [
        cpp.unique_ptr("n", "N", cpp.make_unique("N")),
        cpp.reset("n->all", cpp.new_array("N", 3)),
        cpp.shared_ptr("s", "N", cpp.move("n")),
      ],
    );
    const [theirs] = await gccLogs([program]);
    expect(await machineLog(program)).toEqual(theirs);
  });

  test("arrays that shared_ptrs get from unique_ptrs and plain pointers die alike", { timeout: HOUR_ms }, async () => {
    const program = cpp.program(
      [cpp.struct("T", { bytes: 32, sharedFromThis: true })],
      [
        cpp.unique_ptr("u", "T[]", cpp.new_array("T", 3)),
        cpp.shared_ptr("p", "T[]", cpp.move("u")),
        cpp.shared_ptr("q", "T[]", cpp.move("u")),
        cpp.use_count("q"),
        cpp.pointer("raw", "T[]", cpp.new_array("T", 2)),
        cpp.assign("p", cpp.copy("q")),
        cpp.shared_ptr("r", "T[]", cpp.own("raw")),
        cpp.use_count("r"),
      ],
    );
    const [theirs] = await gccLogs([program]);
    expect(await machineLog(program)).toEqual(theirs);
  });

  test.runIf(recording)("the answers are recorded", { timeout: HOUR_ms }, async () => {
    const [group] = randomGroups(1, RECORDED);
    const logs = await gccLogs(group!.programs);
    record("cpp", Object.fromEntries(logs.map((lines, i) => [`seed ${i + 1}`, { main: [summary(lines)] }])));
  });
});

test.runIf(kept !== null)("recorded programs do what g++ has made of them", { timeout: HOUR_ms }, async () => {
  const [group] = randomGroups(1, RECORDED);
  for (const [i, program] of group!.programs.entries()) {
    expect([i + 1, summary(await machineLog(program))]).toEqual([i + 1, kept!.answers[`seed ${i + 1}`]!["main"]![0]]);
  }
});

test("the heap keeps its rules after every step of random programs", { timeout: HOUR_ms }, async () => {
  for (const [i, program] of randomGroups(SEED, 20)[0]!.programs.entries()) {
    const kernel = await boot();
    kernel.spawn("main", machineProgram(program));
    for (let inputs = 0; kernel.run({ maxInputs: 1 }).reason === "budget"; inputs++) {
      const violations = checkHeap(kernel.memory, 1);
      if (violations.length > 0) throw new Error(`seed ${SEED + i}, input ${inputs}: ${JSON.stringify(violations[0])}`);
    }
    expect(kernel.check()).toEqual([]);
  }
});
