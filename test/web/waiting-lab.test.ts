import { describe, expect, test } from "vitest";
import { WAYS_OF_WAITING, serveClients, watchClients } from "../../lib/index.ts";
import { waitingTexts } from "../../web/i18n/pages/waiting.ts";
import { CONNECTIONS, chartOf, growthOf, pointsToServe } from "../../web/labs/waiting/curves.ts";
import {
  type ServedFigures,
  type WayEvidence,
  placing,
  sortedOut,
  waiting,
  watching,
} from "../../web/labs/waiting/jobs.ts";
import { phasesOf } from "../../web/labs/waiting/phases.ts";
import { CURVES, DEFAULTS, IDS, readSettings, writeSettings } from "../../web/labs/waiting/settings.ts";
import { formatSize } from "../../web/model/format.ts";
import { formatRatio, limitOf, texts, wayAbout, wayName } from "../../web/labs/waiting/words.ts";
import { stonesOf } from "../../web/labs/waiting/stones.ts";

const LOAD = { connections: 12, active: 3, rounds: 2 };

/** All pieces that a job tells, and how much was done at each. */
async function told<P, Piece>(
  job: (parameters: P, tell: (piece: Piece, done: number) => void) => Promise<void>,
  all: P,
) {
  const pieces: Piece[] = [];
  const shares: number[] = [];
  await job(all, (piece, done) => void (pieces.push(piece), shares.push(done)));
  return { pieces, shares };
}

describe("settings", () => {
  test("stand in the address, and come back from it", () => {
    const settings = {
      view: "curves",
      ways: ["select", "epoll-et", "io_uring"],
      connections: 5000,
      active: 20,
      rounds: 2,
      works: true,
      curve: "memory",
      way: "poll",
    } as const;
    expect(readSettings(writeSettings(settings))).toEqual(settings);
    expect(writeSettings(DEFAULTS)).toEqual({});
    expect(readSettings({})).toEqual(DEFAULTS);
  });

  test.each([
    [{ ways: "<script>~nothing", view: "__proto__", curve: "constructor" }, {}],
    [{ connections: "1e9", active: "-3", rounds: "0x10", works: "yes" }, {}],
    [
      { connections: "999999999", active: "999999999", rounds: "999999999" },
      { connections: 100_000, active: 1000, rounds: 50 },
    ],
    [
      { connections: "0", active: "0" },
      { connections: 1, active: 1 },
    ],
    [{ ways: "io_uring~blocking~io_uring", way: "../../etc" }, { ways: ["blocking", "io_uring"] }],
  ])("of a hostile address %o are what can be", (query, expected) => {
    expect(readSettings(query as Record<string, string>)).toEqual({ ...DEFAULTS, ...expected });
  });
});

describe("words", () => {
  test("name and explain each way in both languages, with the same placeholders", () => {
    const { en, "zh-CN": zh } = waitingTexts;
    for (const locale of ["en", "zh-CN"] as const) {
      for (const id of IDS) {
        expect(wayName(texts(locale), id)).toBeTruthy();
        expect(wayAbout(texts(locale), id)).toBeTruthy();
      }
    }
    const holes = (text: string) => [...new Set([...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole))].sort();
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect(holes(zh[key]), key).toEqual(holes(en[key]));
  });

  test("say why a way has no more connections, and only then", () => {
    const t = texts("en");
    expect(limitOf(t, "select", 1020)).toBeNull();
    expect(limitOf(t, "select", 1021)).toContain("descriptor 1,023");
    expect(limitOf(t, "epoll-lt", 100_000)).toBeNull();
    for (const { id, most } of WAYS_OF_WAITING) if (most !== null) expect(limitOf(t, id, most + 1), id).not.toBeNull();
  });

  test("numbers are short", () => {
    expect([0, 512, 2048, 20_500, 5_300_000].map(formatSize)).toEqual([
      "0 B",
      "512 B",
      "2 KiB",
      "20.0 KiB",
      "5.05 MiB",
    ]);
    expect([0, 0.2, 2.2, 564.72, 12_345.6].map(formatRatio)).toEqual(["0", "0.200", "2.20", "565", "12\u202f346"]);
  });
});

describe("what the page computes", () => {
  test("are the figures of the library for the same load", async () => {
    const { pieces, shares } = await told(
      waiting,
      IDS.map((way) => ({ way, load: LOAD })),
    );
    const here = [];
    for (const way of WAYS_OF_WAITING)
      here.push({ way: way.id, load: LOAD, figures: (await serveClients(way, LOAD)).figures });
    expect(pieces).toEqual(here);
    expect(shares.at(-1)).toBe(1);
  });

  test("says why a way could not be served, and goes on with the next", async () => {
    const load = { ...LOAD, connections: 2000 };
    const { pieces } = await told(waiting, [
      { way: "select", load },
      { way: "poll", load },
    ]);
    expect(pieces[0]).toMatchObject({ error: "select: at most 1020 connections, not 2000" });
    expect(pieces[1]).toHaveProperty("figures");
  });

  test("can be sent from one thread to another", async () => {
    const { pieces } = await told(watching, [{ way: "epoll-et", load: LOAD }]);
    const { watched } = await watchClients(
      WAYS_OF_WAITING.find(({ id }) => id === "epoll-et")!,
      LOAD,
    );
    expect(structuredClone(pieces)).toEqual([{ way: "epoll-et", load: LOAD, watched }]);
  });
});

describe("the two phases", () => {
  test("lie on one clock, in their order, inside the drawing", async () => {
    const { pieces } = await told(
      watching,
      IDS.map((way) => ({ way, load: LOAD })),
    );
    const all = pieces.flatMap((piece) => ("watched" in piece ? [piece.watched] : []));
    const { ways, window } = phasesOf(all, 1000)!;
    expect(ways.map(({ way }) => way)).toEqual(IDS);
    expect(window.end).toBeGreaterThan(window.start);
    for (const { way, messages, tasks, interrupts, beyond } of ways) {
      expect(messages.length, way).toBe(LOAD.active);
      expect(tasks.length, way).toBeGreaterThan(0);
      expect(beyond, way).toBeNull();
      for (const { ready, copied, answered } of messages) {
        const places = [0, ready, copied, answered, 1000];
        expect(places, way).toEqual(places.toSorted((a, b) => a - b));
      }
      for (const { x, width } of [...interrupts, ...tasks.flatMap(({ spans }) => spans)]) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(1000.001);
      }
    }
  });

  test("of a way that takes far longer than most go on beyond the end, which is said", async () => {
    const ways = ["signal", "io_uring", "posix-aio"].map((way) => ({ way, load: { ...LOAD, works: true } }));
    const { pieces } = await told(watching, ways);
    const all = pieces.flatMap((piece) => ("watched" in piece ? [piece.watched] : []));
    const drawn = phasesOf(all, 1000)!.ways;
    expect(drawn.map(({ beyond }) => beyond !== null)).toEqual([false, false, true]);
    expect(phasesOf([], 1000)).toBeNull();
  });
});

test("in the square, four ways stand elsewhere when their programs have nothing else to do", async () => {
  const { pieces } = await told<readonly string[], WayEvidence>(placing, IDS);
  const stones = pieces.flatMap(stonesOf);
  const field = (first: string, second: string, isIdle: boolean) =>
    stones
      .filter(({ place, isIdle: idle }) => place.first === first && place.second === second && idle === isIdle)
      .map(({ way }) => way);
  expect(field("blocking", "synchronous", false)).toEqual(["blocking", "select", "poll", "epoll-lt", "epoll-et"]);
  expect(field("non-blocking", "synchronous", false)).toEqual(["non-blocking", "signal", "libaio"]);
  expect(field("non-blocking", "asynchronous", false)).toEqual(["posix-aio", "io_uring"]);
  expect(field("blocking", "asynchronous", false)).toEqual([]);
  expect(field("blocking", "synchronous", true)).toEqual(["signal", "libaio"]);
  expect(field("blocking", "asynchronous", true)).toEqual(["posix-aio", "io_uring"]);
  expect(stones.every(({ place }) => place.agree === place.of)).toBe(true);
});

test("what was served is not served again: the rest is missing, in the order in which it is wanted", () => {
  const served = (way: string, connections: number) => ({ way, load: { connections, active: 1, rounds: 1 } });
  const wanted = [served("poll", 10), served("poll", 20), served("select", 10)];
  const before = [served("select", 10), served("epoll-lt", 10), served("poll", 10)];
  expect(sortedOut(wanted, before)).toEqual({
    there: [served("poll", 10), served("select", 10)],
    missing: [served("poll", 20)],
  });
  expect(sortedOut(wanted, [])).toEqual({ there: [], missing: wanted });
});

describe("curves", () => {
  test("go up to 100,000 connections, or to the most that a way can have", () => {
    const points = pointsToServe({ ...DEFAULTS, ways: IDS, active: 20 });
    const most = (id: string) =>
      Math.max(...points.filter(({ way }) => way === id).map(({ load }) => load.connections));
    expect(CONNECTIONS.at(-1)).toBe(100_000);
    expect(Object.fromEntries(IDS.map((id) => [id, most(id)]))).toEqual({
      blocking: 10_000,
      "non-blocking": 100_000,
      select: 1000,
      poll: 100_000,
      "epoll-lt": 100_000,
      "epoll-et": 100_000,
      signal: 100_000,
      libaio: 30_000,
      "posix-aio": 10_000,
      io_uring: 100_000,
    });
    expect(points.every(({ load }) => load.active <= load.connections)).toBe(true);
    expect(points[0]!.load).toMatchObject({ connections: 10, active: 10 });
  });

  test("show poll growing with its connections, and epoll not", async () => {
    const all = [10, 300].flatMap((connections) =>
      ["poll", "epoll-lt"].map((way) => ({ way, load: { connections, active: 5, rounds: 2 } })),
    );
    const { pieces } = await told<typeof all, ServedFigures>(waiting, all);
    const figures = pieces.flatMap((piece) => ("figures" in piece ? [piece.figures] : []));
    const [poll, epoll] = growthOf("polls", figures);
    expect(poll).toMatchObject({ way: "poll", from: 10, to: 300 });
    expect(poll!.factor).toBeGreaterThan(20);
    expect(epoll!.factor).toBe(1);
    for (const curve of CURVES) {
      const { series, title } = chartOf(texts("en"), curve, figures);
      expect(title).toContain("against connections");
      expect(series.map(({ name, points }) => [name, points.map(({ x }) => x)])).toEqual([
        ["poll", [10, 300]],
        ["epoll LT", [10, 300]],
      ]);
    }
  });
});
