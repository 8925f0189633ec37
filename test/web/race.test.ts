import { describe, expect, test } from "vitest";
import type { Machine, RaceResult, RaceRow } from "../../lib/race/types.ts";
import { InputError } from "../../lib/errors.ts";
import { type RaceKey, raceTexts } from "../../web/i18n/pages/race.ts";
import { runtimeOf } from "../../web/race/browser.ts";
import { embedRace } from "../../web/race/embed.ts";
import {
  axisOf,
  chartOf,
  entriesOf,
  firstEntries,
  heatsIn,
  intervalsOf,
  nearestHeat,
} from "../../web/race/pictures.ts";
import { packResult, readFile, unpackResult } from "../../web/race/saved.ts";
import { DEFAULTS, PRESETS, heatsOf, presetOf, readSettings, writeSettings } from "../../web/race/settings.ts";
import { disqualifiedOf, groupsOf, lostHeats } from "../../web/race/verdict-groups.ts";
import { panelsOf, sizeOfWhy } from "../../web/race/why.ts";
import { Words, formatNs, formatSpan, formatThroughput } from "../../web/race/words.ts";

const MACHINE: Machine = {
  processor: "a processor",
  cores: 2,
  memory: 2 ** 34,
  system: "Linux",
  runtime: "Node 20.20.0",
  clockResolution_ns: 30,
  versions: { bintrees: "1.0.2" },
  flags: {},
};

/** A row with a median, and an interval of a tenth to both sides. */
function row(contender: string, median_ns: number | null, more: Partial<RaceRow> = {}): RaceRow {
  const [low_ns, high_ns] = median_ns === null ? [null, null] : [median_ns * 0.9, median_ns * 1.1];
  return {
    case: "insert",
    size: 1000,
    order: "random",
    contender,
    mode: "call",
    median_ns,
    low_ns,
    high_ns,
    samples: median_ns === null ? [] : Array<number>(6).fill(median_ns),
    operations: 1000,
    worst_ns: null,
    bytes: null,
    disqualified: null,
    ...more,
  };
}

function resultOf(rows: readonly RaceRow[], more: Partial<RaceResult> = {}): RaceResult {
  return {
    format: "iopath-race",
    version: 1,
    date: "2026-11-23T12:00:00.000Z",
    machine: MACHINE,
    seed: 1,
    isComplete: true,
    rows,
    verdicts: [],
    absent: [],
    ...more,
  };
}

const en = new Words("en");

describe("settings", () => {
  test("stand in the address, and come back from it", () => {
    const settings = {
      plan: {
        ...PRESETS.thorough,
        sizes: [100, 1_000_000],
        orders: ["sequential", "clustered"],
        contenders: ["red-black-tree", "bintrees"],
        samples: 7,
        seconds: 3,
        seed: 4_294_967_295,
      },
      look: { case: "iterate", size: 100, order: "clustered" },
      result: "1.abc",
    } as const;
    expect(readSettings(writeSettings(settings))).toEqual(settings);
    expect(writeSettings(DEFAULTS)).toEqual({});
    expect(readSettings({})).toEqual(DEFAULTS);
  });

  test("know a preset by what it is, whatever its seed", () => {
    expect(presetOf({ ...PRESETS.thorough, seed: 7 })).toBe("thorough");
    expect(presetOf({ ...PRESETS.quick, samples: 6 })).toBeNull();
    expect(writeSettings({ ...DEFAULTS, plan: { ...PRESETS.thorough, seed: 7 } })).toEqual({
      plan: "thorough",
      seed: "7",
    });
  });

  test.each([
    { plan: "__proto__", cases: "<script>~nothing", sizes: "1e99", messages: "-1", orders: "constructor" },
    { samples: "NaN", seconds: "0x10", seed: "-3", contenders: "../../etc~<b>", case: "__proto__", size: "7" },
  ])("that cannot be are left as they are at first: %o", (query) => {
    expect(readSettings(query)).toEqual(DEFAULTS);
  });

  test("beyond what can be become the nearest that can", () => {
    const { plan } = readSettings({ samples: "99999", seconds: "0", seed: "9999999999" });
    expect(plan).toMatchObject({ samples: 200, seconds: 1, seed: 0xffff_ffff });
  });

  test("make a heat of each case, size, and order that makes a difference to it", () => {
    const plan = { ...PRESETS.quick, cases: ["insert", "queue", "ring-bytes", "crossing"] as const };
    const heats = heatsOf({ ...plan, sizes: [100, 1000], messages: [64], orders: ["sequential", "random"] });
    expect(heats.filter((heat) => heat.case === "insert")).toHaveLength(4);
    expect(heats.filter((heat) => heat.case === "queue")).toHaveLength(2);
    expect(heats.filter((heat) => heat.case === "ring-bytes")).toMatchObject([{ size: 64 }]);
    expect(heats.filter((heat) => heat.case === "crossing")).toHaveLength(1);
  });
});

describe("results of others", () => {
  const good = resultOf([row("red-black-tree", 100)]);

  test("are read as they were written", async () => {
    expect(await readFile(new File([JSON.stringify(good)], "a.json"))).toEqual(good);
  });

  test("in a file that is none are refused, with what was expected", async () => {
    const bad = { ...good, rows: [{ ...row("a", 1), low_ns: -1 }] };
    await expect(readFile(new File([JSON.stringify(bad)], "a.json"))).rejects.toThrow(/a\.json:1:1: .*low_ns/);
  });

  test("in a link with verdicts that say nothing are refused", async () => {
    const verdicts = [{ ...good.rows[0]!, kind: "beaten", ratio: 0 }] as unknown as RaceResult["verdicts"];
    await expect(unpackResult(await packResult({ ...good, verdicts }))).rejects.toThrow(
      /verdicts of a race, found 0\./,
    );
  });

  test("are not read at all if they are too large", async () => {
    const file = { name: "big.json", size: 1e9, text: () => Promise.reject(new Error("it was read")) };
    await expect(readFile(file as unknown as File)).rejects.toThrow(/big\.json:1:1: expected at most/);
  });

  test("travel in a link without their samples, to four digits", async () => {
    const rows = [row("red-black-tree", 123.456789, { worst_ns: 98765.4 }), row("bintrees", null)];
    const verdict = { kind: "beaten", ratio: 1.23456, subject: rows[0]!, other: rows[1]! } as const;
    const { contender, mode } = rows[0]!;
    const told = { ...verdict, ...rows[0]!, subject: { contender, mode }, other: { contender, mode } };
    const packed = await packResult(resultOf(rows, { verdicts: [told] }));
    expect(packed).toMatch(/^1\.[\w-]+$/);
    const back = await unpackResult(packed);
    expect(back.rows[0]).toMatchObject({ median_ns: 123.5, worst_ns: 98770, samples: [] });
    expect(back.verdicts[0]!.ratio).toBe(1.235);
    expect(back.machine).toEqual(MACHINE);
  });

  test.each(["", "2.abc", "1.", "1.!!!", "1.AAAA", `1.${"A".repeat(300_000)}`])(
    "in a link that is broken are refused: %.12s",
    async (letters) => {
      await expect(unpackResult(letters)).rejects.toThrow(InputError);
    },
  );
});

describe("pictures", () => {
  const rows = [
    row("red-black-tree", 100),
    row("red-black-tree", 30, { mode: "batch" }),
    row("bintrees", 300),
    row("stranger", null, { disqualified: "its answers make 1, and not 2" }),
    row("red-black-tree", 200, { size: 10_000 }),
    row("bintrees", 250, { size: 10_000 }),
    row("red-black-tree", 50, { case: "ring-bytes", size: 1024 }),
  ];
  const result = resultOf(rows);

  test("have the heats in the order of the cases and sizes, and the one that is nearest to what is wanted", () => {
    expect(heatsIn(result).map((heat) => `${heat.case} ${heat.size}`)).toEqual([
      "insert 1000",
      "insert 10000",
      "ring-bytes 1024",
    ]);
    expect(nearestHeat(result, { case: "insert", size: 9000, order: "clustered" })).toMatchObject({ size: 10_000 });
    expect(nearestHeat(result, { case: "lru", size: 10, order: "random" })).toMatchObject({ case: "insert" });
    expect(nearestHeat(resultOf([]), DEFAULTS.look)).toBeNull();
  });

  test("have the fastest first, our own marked, and at the end who is out", () => {
    const heat = { case: "insert", size: 1000, order: "random" } as const;
    const shown = intervalsOf(en, result, heat);
    expect(shown.map(({ name, text, current }) => [name, text, current])).toEqual([
      ["RedBlackTree", "30.0 ns", true],
      ["RedBlackTree", "100 ns", true],
      ["bintrees", "300 ns", false],
      ["stranger", "out", false],
    ]);
    expect(axisOf(en, heat, shown)).toMatchObject({ scale: "log", base: 2 });
  });

  test("of rings show what goes through, with the interval the right way round", () => {
    const [shown] = intervalsOf(en, result, { case: "ring-bytes", size: 1024, order: "random" });
    expect(shown!.text).toBe("20.5 GB/s");
    expect(shown!.low!).toBeLessThan(shown!.value!);
    expect(shown!.high!).toBeGreaterThan(shown!.value!);
  });

  test("over sizes have a line for each entry that was chosen", () => {
    const entries = entriesOf(result, "insert", "random");
    expect(entries.map((entry) => en.entry(entry))).toEqual([
      "RedBlackTree, per call",
      "bintrees, per call",
      "RedBlackTree, batched",
    ]);
    expect(firstEntries(en, entries)).toEqual(entries);
    const chart = chartOf(en, result, { name: "insert", order: "random" }, entries);
    expect(chart.series.map(({ points }) => points.map(({ x, y }) => [x, y]))).toEqual([
      [
        [1000, 100],
        [10_000, 200],
      ],
      [
        [1000, 300],
        [10_000, 250],
      ],
      [[1000, 30]],
    ]);
  });

  test("as HTML of another page hold no text that could be more than text", () => {
    const hostile = { ...MACHINE, runtime: `<img src=x onerror="alert(1)">` };
    const code = embedRace(en, resultOf(rows, { machine: hostile }), heatsIn(result)[0]!, `https://x/"><script>`);
    expect(code).not.toMatch(/<img|<script|"><s/);
    expect(code).toContain("<th>RedBlackTree, per call</th><td>100 ns</td><td>90 ns – 110 ns</td>");
    expect(code).toContain("a processor");
  });
});

test("verdicts stand by heat and by whom they are about, the greatest difference first", () => {
  const heat = { case: "insert", size: 1000, order: "random" } as const;
  const subject = { contender: "red-black-tree", mode: "call" } as const;
  const against = (contender: string, kind: "beaten" | "ahead", ratio: number) =>
    ({ ...heat, kind, subject, other: { contender, mode: "call" }, ratio }) as const;
  const result = resultOf([row("red-black-tree", 100)], {
    verdicts: [against("a", "beaten", 1.5), against("b", "beaten", 3), against("c", "ahead", 2)],
  });
  const [group, ...others] = groupsOf(result, "beaten");
  expect(others).toEqual([]);
  expect(group!.lines[0]!.verdicts.map(({ other }) => other.contender)).toEqual(["b", "a"]);
  expect(lostHeats(result)).toEqual({ lost: 1, all: 1 });
});

test("who is out is said once for each reason", () => {
  const out = (size: number) => row("a", null, { size, disqualified: "wrong" });
  expect(disqualifiedOf(resultOf([out(100), out(1000), row("b", 1)]))).toMatchObject([
    { contender: "a", reason: "wrong", rows: [{ size: 100 }, { size: 1000 }] },
  ]);
});

test("why a red-black tree: four measures at the greatest size that has several structures", () => {
  const rows = [
    row("red-black-tree", 100, { bytes: 24, worst_ns: 900 }),
    row("red-black-tree", 70, { case: "find-hit" }),
    row("red-black-tree", 100, { size: 10_000 }),
    row("bintrees", 30, { bytes: 12, worst_ns: 90_000 }),
  ];
  expect(sizeOfWhy(en, resultOf(rows))).toBeNull();
  expect(panelsOf(en, resultOf(rows), 1000).map(({ measure, sentence }) => [measure, sentence])).toEqual([
    ["find", "None can be told to be faster than RedBlackTree."],
    ["insert", "None can be told to be faster than RedBlackTree."],
    ["memory", "None needs less than RedBlackTree."],
    ["worst", "None has a shorter longest wait than RedBlackTree."],
  ]);
});

test("numbers have the unit that suits them, and three digits", () => {
  expect([0.4812, 8.515, 131.2, 1240, 2.5e6, 3e9].map(formatNs)).toEqual([
    "0.48 ns",
    "8.52 ns",
    "131 ns",
    "1.24 µs",
    "2.50 ms",
    "3.00 s",
  ]);
  expect([3.214e9, 8.5e8, 1e4].map(formatThroughput)).toEqual(["3.21 GB/s", "850 MB/s", "10.0 kB/s"]);
  expect([0.2, 40.4, 185].map(formatSpan)).toEqual(["1 s", "40 s", "3 min"]);
});

test.each([
  [
    [
      { brand: "Not/A)Brand", version: "8" },
      { brand: "Chromium", version: "153.0" },
      { brand: "Google Chrome", version: "153.0.1" },
    ],
    "",
    "Google Chrome 153.0.1",
  ],
  [[], "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox 140.0"],
  [[], "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari 18.5"],
])("a browser is called by its name and version: %#", (brands, agent, name) => {
  expect(runtimeOf(brands, agent)).toBe(name);
});

test("every text is in both languages, with the same placeholders", () => {
  const zh = new Words("zh-CN");
  const holes = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([hole]) => hole).toSorted();
  for (const [key, text] of Object.entries(raceTexts.en)) {
    expect(holes(raceTexts["zh-CN"][key as RaceKey]), key).toEqual(holes(text));
  }
  expect(zh.heat({ case: "insert", size: 1000, order: "random" })).toContain("插入");
});
