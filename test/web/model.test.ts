import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { objectsOf } from "../../lib/see/inspect.ts";
import { preferredLocale } from "../../web/i18n/catalogue.ts";
import { en } from "../../web/i18n/en.ts";
import { zh } from "../../web/i18n/zh-cn.ts";
import { formatCount, formatTime, withArrows } from "../../web/model/format.ts";
import { type LabRoute, formatRoute, parseRoute } from "../../web/model/route.ts";
import { search } from "../../web/model/search.ts";
import { Run } from "../../web/model/run.ts";
import { Session } from "../../web/model/session.ts";
import { ZOOMS, zoomed } from "../../web/model/zoom.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { AT, echoServer } from "./inspection.ts";

describe("a link", () => {
  test("is read as it was written", () => {
    const routes = fc.record({
      page: fc.constant("run" as const),
      scenario: fc.stringMatching(/^[\w-]{1,20}$/),
      tick: fc.option(fc.nat(), { nil: null }),
      grain: fc.option(fc.constantFrom("syscall", "function", "tick"), { nil: null }),
    });
    fc.assert(
      fc.property(routes, (route) => {
        expect(parseRoute(formatRoute(route))).toEqual(route);
      }),
    );
  });

  test.each(["", "#", "#/"])("%j leads to the first page", (hash) => {
    expect(parseRoute(hash)).toEqual({ page: "gallery" });
  });

  test("to a lab holds its settings as they were", () => {
    const query = fc.dictionary(fc.stringMatching(/^[a-z-]{1,12}$/), fc.string({ maxLength: 20 }), { maxKeys: 5 });
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{1,20}$/), query, (lab, settings) => {
        expect(parseRoute(formatRoute({ page: "lab", lab, query: settings }))).toEqual({
          page: "lab",
          lab,
          query: { ...settings },
        });
      }),
    );
  });

  test("to a lab leaves out settings beyond the fiftieth, and those with odd names", () => {
    const many = Array.from({ length: 80 }, (_, i) => `s${i}=1`).join("&");
    const route = parseRoute(`#/labs/zero-copy?<b>=1&__proto__=2&${many}`);
    const { query } = route as LabRoute;
    expect(Object.keys(query)).toHaveLength(49);
    expect(Object.getPrototypeOf(query)).toBe(Object.prototype);
    expect(query).not.toHaveProperty("<b>");
  });

  test("to the chapters name chapter and passage", () => {
    for (const hash of ["#/learn", "#/learn/mmap", "#/learn/mmap/major"])
      expect(formatRoute(parseRoute(hash))).toBe(hash);
    expect(parseRoute("#/learn/mmap/major")).toEqual({ page: "learn", chapter: "mmap", passage: "major" });
  });

  test("to the race hold its settings, and what is done by hand has a page of its own", () => {
    expect(parseRoute("#/race?seed=7&sizes=100~1000")).toEqual({
      page: "race",
      query: { seed: "7", sizes: "100~1000" },
    });
    for (const hash of ["#/race", "#/race?seed=7", "#/race/by-hand", "#/race/by-hand?keys=1"])
      expect(formatRoute(parseRoute(hash))).toBe(hash);
    expect(parseRoute("#/race/by-hand?keys=1")).toEqual({ page: "by-hand", query: { keys: "1" } });
  });

  test.each([
    "#/race/",
    "#/race/of-rats",
    "#/run/",
    "#/run/a b",
    "#/nowhere",
    "#/labs/",
    "#/labs/a/b",
    "#/learn/",
    "#/learn/a/b/c",
  ])("%j leads nowhere", (hash) => {
    expect(parseRoute(hash)).toEqual({ page: "unknown", hash });
  });

  test("with a tick that is no number holds the scenario only", () => {
    expect(parseRoute("#/run/echo?tick=-1")).toEqual({ page: "run", scenario: "echo", tick: null, grain: null });
    expect(parseRoute("#/run/echo?tick=1e3")).toEqual({ page: "run", scenario: "echo", tick: null, grain: null });
  });
});

describe("the languages", () => {
  test("have the same texts, with the same placeholders", () => {
    const placeholders = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    for (const key of Object.keys(en) as (keyof typeof en)[]) {
      expect(placeholders(zh[key]), key).toEqual(placeholders(en[key]));
      expect(zh[key], key).not.toBe("");
    }
  });

  test("are chosen by what the browser asks for first", () => {
    expect(preferredLocale(["zh-TW", "en"])).toBe("zh-CN");
    expect(preferredLocale(["fr", "zh"])).toBe("zh-CN");
    expect(preferredLocale(["en-US", "zh"])).toBe("en");
    expect(preferredLocale(["fr"])).toBe("en");
    expect(preferredLocale([])).toBe("en");
  });
});

test("times are shown in the unit that suits them", () => {
  expect([0, 850, 41_200, 3_050_000, 2e9].map(formatTime)).toEqual(["0 ns", "850 ns", "41.2 µs", "3.05 ms", "2.00 s"]);
  expect(formatCount(1_234_567)).toBe("1\u202f234\u202f567");
});

test("arrows of the library's texts are those of the stage, and its operators stay", () => {
  expect(withArrows("sock :80 <- :4000, peer :4000 -> :80")).toBe("sock :80 ← :4000, peer :4000 → :80");
  expect(withArrows("x<-1, p->next")).toBe("x<-1, p->next");
});

describe("a search", () => {
  const titles = (text: string) => search(echoServer(), text).found.map(({ title }) => title);

  test("finds structs by any way of writing them, addresses, and what is behind descriptors", () => {
    expect(titles("files_struct")).toEqual(["descriptor table"]);
    expect(titles("FilesStruct")).toEqual(["descriptor table"]);
    expect(titles(`0x${AT.ep.toString(16)}`)).toEqual(["eventpoll fd 4"]);
    expect(titles("fd 5")).toEqual(["file socket fd 5", "socket fd 5", "sock :8080 <- :40001", "epitem fd 5"]);
    expect(titles("40002")).toEqual([]);
    expect(titles(":40002")).toEqual(["sock :8080 <- :40002", "peer :40002 -> :8080"]);
    expect(search(echoServer(), " ")).toEqual({ found: [], count: 0 });
  });
});

describe("the scenarios", () => {
  test("have names of their own, texts in both languages, and say whether they are recordings", () => {
    expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
    expect(SCENARIOS.length).toBeGreaterThanOrEqual(9);
    for (const { id, title, summary, recorded } of SCENARIOS) {
      expect(parseRoute(formatRoute({ page: "run", scenario: id, tick: 1 }))).toMatchObject({ scenario: id });
      for (const text of [title.en, title["zh-CN"], summary.en, summary["zh-CN"]]) expect(text, id).not.toBe("");
      expect(recorded, id).toBe(id === "recorded");
    }
  });
});

describe("a question", () => {
  const questions = SCENARIOS.filter(({ question }) => question);

  test.each(questions)("$id is answered by its program, whose text has nothing of the words", async (question) => {
    const { facts, kernel, cut, source } = await question.start();
    expect(cut).toBe(false);
    expect(kernel.check()).toEqual([]);
    expect(Object.keys(facts!).length).toBeGreaterThan(0);
    expect(source).not.toContain("expected");
  });
});

test.each(SCENARIOS.filter(({ question }) => question))(
  "the answer of $id is there before its objects are gone",
  async (one) => {
    const { kernel } = await one.start();
    const { answered } = new Run(kernel);
    expect(answered).toBeGreaterThan(0);
    kernel.seek(answered);
    const states = objectsOf(kernel.inspect(), "TaskStruct").map(({ state }) => state);
    expect(states.some((state) => state !== "ZOMBIE")).toBe(true);
    expect(objectsOf(kernel.inspect(), "File").length).toBeGreaterThan(0);
  },
);

describe("a step", () => {
  test("tells which phases of an input have ended in it", async () => {
    const { kernel } = await SCENARIOS.find(({ id }) => id === "phases")!.start();
    const run = new Run(kernel);
    const ticks = Array.from({ length: run.ticks }, (_, i) => i + 1);
    const ready = ticks.filter((tick) => run.eventAt(tick) === "data_ready");
    const copied = ticks.filter((tick) => run.eventAt(tick) === "data_copied");
    expect([ready.length, copied.length]).toEqual([3, 3]);
    expect(run.phases(ready[0]! - 1, ready[0]!)).toEqual(["ready"]);
    expect(run.phases(copied[0]! - 1, copied[0]!)).toEqual(["copied"]);
    expect(run.phases(0, run.ticks)).toEqual(["ready", "copied"]);
    expect(run.phases(copied[0]!, ready[1]! - 1)).toEqual([]);
  });
});

test("a balancing of a tree is told before it is done, with the nodes that it is about", async () => {
  const { kernel } = await SCENARIOS.find(({ id }) => id === "echo")!.start();
  const session = new Session(kernel);
  const ticks = Array.from({ length: session.run.ticks }, (_, i) => i + 1);
  const balanced = ticks.map((tick) => session.frame(tick - 1, "tick")).filter(({ upcoming }) => upcoming);
  expect(balanced.length).toBeGreaterThan(0);
  for (const { upcoming, concerned, inspection, tick } of balanced) {
    expect(upcoming!.event).toMatch(/^rb_insert_case_[123]$/);
    expect(upcoming!.event).toBe(session.run.eventAt(tick + 1));
    const items = objectsOf(inspection, "Epitem").map(({ address }) => address);
    expect([...concerned].filter((address) => !items.includes(address))).toEqual([]);
  }
});

test("sizes of the stage go from the smallest to the largest, step by step, and no further", () => {
  expect(zoomed(1, 1)).toBe(1.25);
  expect(zoomed(1, -1)).toBe(0.75);
  expect(zoomed(ZOOMS.at(-1)!, 1)).toBe(ZOOMS.at(-1));
  expect(zoomed(ZOOMS[0]!, -1)).toBe(ZOOMS[0]);
});
