import { expect, test } from "vitest";
import { checksumOf } from "../../lib/race/checksum.ts";
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import { workOf } from "../../lib/race/work.ts";

/** Who can be had in a browser: everybody but compiled C++. */
const HERE = CONTENDERS.filter(({ kind }) => kind !== "native");

test.each(HERE)("$id can be had in a browser, and answers as all do", async (contender) => {
  const { cases, modes } = contender;
  const loaded = await contender.load();
  expect(loaded).not.toBeNull();
  for (const name of cases) {
    // Others need a second thread, which the tests of the page give them.
    if (name === "ring-threads") continue;
    const work = workOf({ case: name, size: 64, order: "clustered" }, 9);
    for (const mode of modes) {
      const runner = loaded!.runner(name, mode, work.size);
      if (!runner) continue;
      await runner.prepare(work, 1);
      const answer = await runner.run(0);
      await runner.end();
      expect(typeof answer === "number" ? answer : answer.checksum, `${name}, ${mode}`).toBe(checksumOf(work));
    }
  }
});

test("compiled C++ is not there, and says so", async () => {
  const native = CONTENDERS.filter(({ kind }) => kind === "native");
  expect(native.length).toBeGreaterThan(0);
  expect(await Promise.all(native.map((contender) => contender.load()))).toEqual(native.map(() => null));
});
