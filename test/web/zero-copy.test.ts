import { describe, expect, test } from "vitest";
import { Kernel } from "../../lib/index.ts";
import { ROADS } from "../../lib/roads/all.ts";
import { walkRoad } from "../../lib/roads/measure.ts";
import { JOBS } from "../../web/labs/jobs.ts";
import type { RacedRoad, ReceivedChange, WalkedRoad } from "../../web/labs/zero-copy/jobs.ts";
import { programText } from "../../web/labs/zero-copy/program.ts";
import { DEFAULTS, bootOf, pieceOf, readSettings, slugOf, writeSettings } from "../../web/labs/zero-copy/settings.ts";
import { sandboxed } from "./sandbox/support.ts";

const programs = ROADS.flatMap((road) =>
  [4096, 12_288].flatMap((size) => (["cold", "warm"] as const).map((cache) => [road.name, size, cache, road] as const)),
);

describe("the program of a road that the lab shows", () => {
  test.each(programs)("%s, %i bytes, %s: does what is watched, tick by tick", async (_name, size, cache, road) => {
    const settings = { ...DEFAULTS, size, cache, disk: "flash", card: 10 } as const;
    const { kernel, ticks } = await walkRoad(road, { size, cache, boot: { ...bootOf(settings), trace: true } });
    const { journal, error } = await sandboxed(programText(road, settings));
    expect(error).toBeNull();
    const shown = await Kernel.replay(journal);
    const events = (of: Kernel) => [...of.trace.range(ticks.begin, ticks.arrived)].map((record) => record.event);
    expect(events(shown)).toEqual(events(kernel));
  });
});

describe("the settings of the lab", () => {
  test("come back from an address as they were", () => {
    for (const road of ROADS) {
      for (const view of ["watch", "sizes", "race", "change"] as const) {
        const settings = {
          ...DEFAULTS,
          view,
          road,
          size: 12_288,
          cache: "warm",
          disk: "rotating",
          card: 100,
          tick: 42,
          figure: "wallTime",
          bars: 4096,
          racers: ROADS.slice(2, 5),
          length: 65_536,
          change: "buffer",
        } as const;
        expect(readSettings(writeSettings(settings))).toEqual(settings);
      }
    }
    expect(writeSettings(DEFAULTS)).toEqual({});
    expect(readSettings({})).toEqual(DEFAULTS);
    expect(readSettings(writeSettings({ ...DEFAULTS, racers: [] })).racers).toEqual([]);
  });

  test("of an address that says nothing that can be are those at first", () => {
    const hostile = {
      view: "<b>",
      road: "by-air",
      size: "1e9",
      cache: "hot",
      disk: "tape",
      card: "-1",
      tick: "NaN",
      figure: "constructor",
      bars: "__proto__",
      length: "99999999999",
      change: "toString",
    };
    expect(readSettings(hostile)).toEqual(DEFAULTS);
    expect(readSettings({ roads: "x.y.sendfile" }).racers.map(slugOf)).toEqual(["sendfile"]);
  });

  test("every road has a name of its own there", () => {
    expect(new Set(ROADS.map(slugOf)).size).toBe(ROADS.length);
  });
});

/** What a job tells, when it runs here. */
async function told<N extends keyof typeof JOBS, Piece>(job: N, parameters: Parameters<(typeof JOBS)[N]>[0]) {
  const pieces: Piece[] = [];
  const run = JOBS[job] as (parameters: unknown, tell: (piece: unknown) => void) => Promise<void>;
  await run(parameters, (piece) => pieces.push(piece as Piece));
  return pieces;
}

describe("what the lab computes", () => {
  const boot = bootOf({ cache: "cold", disk: "rotating", card: 1 });
  const size = 300_000;
  const walks = ROADS.map(
    (road) => ({ road: road.name, size, cache: "cold", chunk: pieceOf(road, size), boot }) as const,
  );

  test("are the figures of the library, on the machine that was chosen", async () => {
    const pieces = await told<"roads", WalkedRoad>("roads", walks);
    for (const [i, { road: _, ...walk }] of walks.entries()) {
      expect(pieces[i]).toEqual((await walkRoad(ROADS[i]!, walk)).figures);
    }
    const raced = await told<"race", RacedRoad>("race", walks.slice(0, 3));
    expect(raced.map((one) => "figures" in one && one.figures)).toEqual(pieces.slice(0, 3));
    expect(raced.every((one) => "progress" in one && one.progress.at(-1)!.bytes === size)).toBe(true);
  });

  test("a road that cannot be walked says why, and the others are walked", async () => {
    const pieces = await told<"roads", WalkedRoad>("roads", [
      { ...walks[1]!, chunk: 1 << 29, size: 1 << 29 },
      { ...walks[4]!, size: 4096 },
    ]);
    expect(pieces[0]).toMatchObject({
      road: "read + write",
      error: expect.stringContaining("could be stored") as string,
    });
    expect(pieces[1]).toMatchObject({ road: "sendfile", modeSwitches: 2 });
  });

  test("a change on the way is told without its machine", async () => {
    const pieces = await told<"changes", ReceivedChange>("changes", [
      { road: "splice", what: "file", size: 4096, boot },
    ]);
    expect(pieces).toEqual([
      expect.objectContaining({ road: "splice", what: "file", left: 1, text: "oEW+NEW+NEW+NEW+" }),
    ]);
    expect(JSON.parse(JSON.stringify(pieces))).toEqual(pieces);
  });
});
