import { expect, test } from "vitest";
import { DEFAULTS, race } from "../../lib/race/index.ts";
import type { TrialRequest } from "../../lib/race/index.ts";
import { SeatClosed } from "../../lib/race/seat.ts";
import { nodeSurroundings } from "../../lib/race/node.ts";

const HEAT = { case: "insert", size: 1000, order: "random" } as const;
const CHECKSUM: TrialRequest = { type: "checksum", seed: 1, ...HEAT };

test("contenders race in processes of their own, which tell times, the worst operation and memory", async () => {
  const contenders = ["red-black-tree", "js-map"];
  const options = { ...DEFAULTS, cases: ["insert" as const], sizes: [1000], samples: 6, contenders };
  const { rows, machine, isComplete } = await race(options, nodeSurroundings({ iopath: "1" }));
  expect(isComplete).toBe(true);
  expect(rows.map(({ contender, mode }) => `${contender} ${mode}`)).toEqual([
    "red-black-tree call",
    "red-black-tree batch",
    "red-black-tree inside",
    "js-map call",
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({ ...HEAT, disqualified: null });
    expect(row.samples).toHaveLength(6);
    expect(row.bytes).toBeGreaterThan(4); // a key is that long
  }
  expect(rows[0]!.worst_ns).toBeGreaterThan(rows[0]!.median_ns!);
  expect(machine.versions["iopath"]).toBe("1");
  expect(machine.clockResolution_ns).toBeGreaterThan(0);
});

test("a seat that is closed answers no more: who waits is told so, and who asks later", async () => {
  const seat = nodeSurroundings().seat();
  const waiting = seat.ask(CHECKSUM);
  seat.close();
  await expect(waiting).rejects.toThrow(SeatClosed);
  await expect(seat.ask(CHECKSUM)).rejects.toThrow(SeatClosed);
});

test("somebody whom the list of contenders has not is not there", async () => {
  const seat = nodeSurroundings().seat();
  const answer = await seat.ask({ type: "open", contender: "nobody", seed: 1, checksums: [0], ...HEAT });
  expect(answer).toMatchObject({ type: "open", modes: null });
  seat.close();
});

test("a mode that a contender does not have puts it out, with the reason", async () => {
  const seat = nodeSurroundings().seat();
  expect(await seat.ask({ type: "warm", mode: "batch" })).toEqual({
    type: "out",
    reason: "it has thrown: it takes no part in the mode batch",
  });
  seat.close();
});
