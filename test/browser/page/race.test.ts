import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { page as browser, userEvent } from "vitest/browser";
import { readResult } from "../../../lib/race/saved.ts";
import type { RaceResult } from "../../../lib/race/types.ts";
import "../../../web/tokens.css";
import type { IopApp } from "../../../web/app/iop-app.ts";
import { packResult } from "../../../web/race/saved.ts";
import { LAB_PATIENCE as PATIENCE, closeLab, openLab, until } from "./open.ts";

// A race takes longer the more the machine has to do besides.
vi.setConfig({ testTimeout: 4 * PATIENCE });

let app: IopApp | null = null;

afterEach(() => closeLab(app));

/** The page of the race, opened at an address. */
async function open(query: string): Promise<ShadowRoot> {
  const opened = await openLab(`#/race${query}`, "iop-race");
  app = opened.app;
  await opened.lab.updateComplete;
  return opened.lab.shadowRoot!;
}

/** What matches within a part of the page, however deep its part is. */
function inside(from: ShadowRoot, path: string, selector: string): HTMLElement[] {
  let roots = [from];
  for (const name of path.split(" ")) {
    roots = roots.flatMap((root) =>
      [...root.querySelectorAll(name)].flatMap(({ shadowRoot }) => (shadowRoot ? [shadowRoot] : [])),
    );
  }
  return roots.flatMap((root) => [...root.querySelectorAll<HTMLElement>(selector)]);
}

const text = (element: Element | undefined) => element?.textContent!.replace(/\s+/g, " ").trim() ?? "";

function button(root: ShadowRoot, label: RegExp): HTMLElement | undefined {
  return [...root.querySelectorAll("button")].find((one) => label.test(text(one)));
}

/** What is said above the page. */
const notice = () => text(app!.shadowRoot!.querySelector("iop-notice")!.shadowRoot!.querySelector("section")!);

/** Two contenders, one case, two sizes: done in seconds. */
const SMALL = "?cases=insert~find-hit&sizes=100~1000&samples=6&seconds=1&contenders=red-black-tree~js-map";

/** Whether a race of this page's own is shown. */
const isOwn = (root: ShadowRoot) =>
  text(root.querySelector(".origin") ?? undefined).startsWith("Raced in this browser");

/** Runs what the address says, to the end. */
async function race(root: ShadowRoot): Promise<void> {
  (await until("it can be begun", () => button(root, /^Race \(about/))).click();
  await until("a result is there", () => isOwn(root), 3 * PATIENCE);
}

/** The result that is shown. */
function resultOf(root: ShadowRoot): RaceResult {
  return (root.querySelector("iop-race-result") as unknown as { readonly result: RaceResult }).result;
}

test("a small race runs to its end in Workers: who was faster, intervals, a curve with its table, the machine", async () => {
  const root = await open(SMALL);
  await until("a recorded race is shown", () => root.querySelector("iop-race-result"));
  expect(text(root.querySelector(".empty")!)).toContain("Nothing has been raced in this browser yet.");
  expect(text(root.querySelector(".origin")!)).toMatch(/^Recorded with Node \S+ .* on \S/);
  await race(root);
  const result = resultOf(root);
  expect(result.isComplete).toBe(true);
  expect(result.rows.filter(({ disqualified }) => disqualified !== null)).toEqual([]);
  // The tree in three modes and Map in one, in two cases at two sizes.
  expect(result.rows).toHaveLength(16);
  expect(result.rows.every(({ samples, low_ns, high_ns }) => samples.length >= 6 && low_ns! <= high_ns!)).toBe(true);
  expect(result.machine.clockResolution_ns).toBeGreaterThan(0);
  expect(text(inside(root, "iop-race-result iop-race-verdicts", ".headline")[0])).toMatch(
    /^(In \d of 4 heats somebody was faster than RedBlackTree|Nobody was faster than RedBlackTree in any of these 4 heats)\.$/,
  );
  const rows = inside(root, "iop-race-result iop-race-heat iop-intervals", "tbody tr:not(.axis)");
  expect(rows.map((row) => text(row.querySelector("th")!)).toSorted()).toEqual([
    "Map per call",
    "RedBlackTree batched",
    "RedBlackTree loop inside",
    "RedBlackTree per call",
  ]);
  expect(text(rows[0]!.querySelector("td.text")!)).toMatch(/^[\d.]+ (ns|µs)$/);
  const cells = await until("the curve is drawn", () => {
    const found = inside(root, "iop-race-result iop-race-heat iop-chart", "tbody tr");
    return found.length > 0 ? found : null;
  });
  expect(cells.map((row) => text(row.querySelector("th")!))).toEqual(["100", "1 000"]);
  const machine = text(inside(root, "iop-race-method", "section")[0]);
  expect(machine).toMatch(/Chrom.*Step of the clock [\d.]+ (ns|µs)/);
  // The same heat of the other case, by keyboard.
  const select = inside(root, "iop-race-result iop-race-heat", "select[name=case]")[0] as HTMLSelectElement;
  await userEvent.selectOptions(select, "find what is there");
  await until("the other case is shown", () =>
    text(inside(root, "iop-race-result iop-race-heat iop-intervals", "caption")[0]).startsWith("find what is there"),
  );
  await until("the address says it", () => location.hash.includes("case=find-hit"));
  const { violations } = await axe.run(app!, { resultTypes: ["violations"] });
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});

test("the same seed gives the same work: all who answer come to the same checksums, run after run", async () => {
  const root = await open("?cases=insert&sizes=100&samples=6&seconds=1&contenders=red-black-tree~js-map&seed=7");
  await race(root);
  const first = resultOf(root);
  (await until("it can be run again", () => button(root, /^Race again/))).click();
  await until("it runs", () => button(root, /^Cancel$/));
  await until("another result is there", () => resultOf(root) !== first, 2 * PATIENCE);
  const described = ({ rows }: RaceResult) => rows.map((row) => [row.case, row.size, row.contender, row.mode]);
  expect(described(resultOf(root))).toEqual(described(first));
  expect(resultOf(root).seed).toBe(7);
});

test("a race that is cancelled keeps what was measured, and says that it was stopped", async () => {
  const root = await open(
    SMALL.replace("sizes=100~1000", "sizes=100~1000~10000~100000").replace("samples=6", "samples=100"),
  );
  (await until("it can be begun", () => button(root, /^Race \(about/))).click();
  await until(
    "the second heat is run",
    () => /heat [2-9] of 8/.test(text(root.querySelector(".racing")!)),
    3 * PATIENCE,
  );
  button(root, /^Cancel$/)!.click();
  await until("a result is there", () => isOwn(root), PATIENCE);
  expect(text(root.querySelector(".begin [role=status]")!)).toBe("Cancelled. What was measured stays.");
  expect(resultOf(root).isComplete).toBe(false);
  expect(resultOf(root).rows.some(({ samples }) => samples.length >= 6)).toBe(true);
  expect(text(root.querySelector(".origin")!)).toContain("It was stopped before its end.");
});

/** Who took part in the result below. */
const MEDIANS = [
  ["red-black-tree", 100],
  ["b-tree", 140],
  ["js-map", 60],
  ["bintrees", 220],
] as const;

/** A result of no race: what its rows say is all that matters here. */
const RESULT = readResult(
  JSON.stringify({
    format: "iopath-race",
    version: 1,
    date: "2026-11-23T12:00:00.000Z",
    machine: {
      processor: "a processor",
      cores: 4,
      memory: null,
      system: "Linux",
      runtime: "Node 20.20.0 (V8 11.3)",
      clockResolution_ns: 40,
      versions: { bintrees: "1.0.2" },
      flags: {},
    },
    seed: 3,
    isComplete: true,
    rows: ["insert", "find-hit"].flatMap((name) =>
      [1000, 10_000].flatMap((size) =>
        MEDIANS.map(([contender, median], i) => ({
          case: name,
          size,
          order: "random",
          contender,
          mode: "call",
          median_ns: median,
          low_ns: median - 5,
          high_ns: median + 5,
          samples: Array<number>(6).fill(median),
          operations: size,
          worst_ns: 1000 * (i + 1),
          bytes: 20 + i,
          disqualified: null,
        })),
      ),
    ),
    absent: [{ contender: "std-map", install: null }],
  }),
  "made.json",
);

const looks = [
  { theme: "light", locale: "en", width: 360 },
  { theme: "dark", locale: "zh-CN", width: 1280 },
  { theme: "dark", locale: "en", width: 1920 },
  { theme: "light", locale: "zh-CN", width: 360 },
] as const;

describe("a result in a link", () => {
  test.each(looks)("is shown without a flaw: $theme, $locale, $width px", async ({ theme, locale, width }) => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.theme", theme);
    localStorage.setItem("iopath.locale", locale);
    const root = await open(`?result=${await packResult(RESULT)}`);
    await until("it is shown", () => text(root.querySelector(".origin") ?? undefined).includes("a processor"));
    await until("it is drawn", () => inside(root, "iop-race-result iop-race-heat iop-chart", ".line").length > 0);
    for (const details of inside(root, "iop-race-plan", "details")) details.setAttribute("open", "");
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(root.host.scrollWidth).toBeLessThanOrEqual(width);
    const { violations } = await axe.run(app!, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    if (locale === "zh-CN") expect(text(root.querySelector("h1")!)).toBe("竞速");
  });

  test("says first who is faster, and answers why a red-black tree", async () => {
    const root = await open(`?result=${await packResult(RESULT)}`);
    await until("it is shown", () => /Measured with/.test(text(root.querySelector(".origin") ?? undefined)));
    expect(text(root.querySelector(".origin")!)).toContain("Node 20.20.0 (V8 11.3) on a processor");
    expect(text(root.querySelector(".origin")!)).toContain("Not there: ");
    expect(text(inside(root, "iop-race-result iop-race-verdicts", ".headline")[0])).toBe(
      "In 4 of 4 heats somebody was faster than RedBlackTree.",
    );
    expect(inside(root, "iop-race-result iop-race-verdicts", "details.beaten[open]")).toHaveLength(1);
    const panels = inside(root, "iop-race-result iop-race-why", "iop-intervals");
    expect(panels).toHaveLength(4);
    expect(text(panels[2]!.shadowRoot!.querySelector("tbody")!)).toContain("RedBlackTree 20.0 B");
  });
});

/** Gives files to an input of the page. */
async function choose(root: ShadowRoot, label: RegExp, files: File[]): Promise<void> {
  const found = await until("there is the input", () =>
    inside(root, "iop-race-take", "label").find((one) => label.test(text(one))),
  );
  await userEvent.upload(found.querySelector("input")!, files);
}

const fileOf = (name: string, content: unknown) =>
  new File([JSON.stringify(content)], name, { type: "application/json" });

describe("files", () => {
  test("are opened, and another one is laid beside", async () => {
    const root = await open("");
    await choose(root, /^Open a result/, [fileOf("one.json", RESULT)]);
    await until("it is shown", () => text(root.querySelector(".origin") ?? undefined).startsWith("From one.json"));
    const faster = RESULT.rows.map((row) => ({ ...row, median_ns: 10, low_ns: 9, high_ns: 11 }));
    await choose(root, /^Compare with/, [fileOf("two.json", { ...RESULT, rows: faster, seed: 4 })]);
    await until("they are compared", () => inside(root, "iop-race-compare", "tbody td").length > 0);
    const said = text(inside(root, "iop-race-compare", "section")[0]);
    expect(said).toContain("the second is faster 16 times, slower 0 times");
    expect(said).toContain("They have different seeds");
    const { violations } = await axe.run(app!, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    button(root, /^Back to one result/)!.click();
    await until("the one is there again", () => root.querySelector("iop-race-result"));
  });

  test("two that are dropped are compared, three are too many", async () => {
    const root = await open("");
    const drop = (count: number) => {
      const data = new DataTransfer();
      for (let i = 0; i < count; i++) data.items.add(fileOf(`${i}.json`, RESULT));
      document.body.dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, composed: true, cancelable: true }),
      );
    };
    drop(3);
    await until("it is said", () => notice().includes("3 files"));
    drop(2);
    await until("they are compared", () => inside(root, "iop-race-compare", "tbody td").length > 0);
    expect(notice()).toBe("");
  });

  test.each([
    ["no JSON", new File(["{"], "bad.json"), /bad\.json:1:1: expected a race that was saved, in JSON/],
    ["of another kind", fileOf("other.json", { format: "something" }), /other\.json:1:1: expected .*iopath-race/],
    [
      "with a number that is none",
      fileOf("number.json", { ...RESULT, rows: [{ ...RESULT.rows[0]!, low_ns: "fast" }] }),
      /number\.json:1:1: expected a number from 0 up at rows\[0\]\.low_ns/,
    ],
  ])("that are %s are refused with what was expected, and what is shown stays", async (_, file, message) => {
    const root = await open("");
    await choose(root, /^Open a result/, [fileOf("one.json", RESULT)]);
    await until("it is shown", () => root.querySelector("iop-race-result"));
    await choose(root, /^Open a result/, [file]);
    await until("it is said", () => message.test(notice()));
    expect(root.querySelector("iop-race-result")).not.toBeNull();
  });
});

test.each(["?result=1.AAAA", "?result=%3Cscript%3E", "?result=9.abc"])(
  "an address with a result that cannot be read says so: %s",
  async (query) => {
    const root = await open(query);
    await until("it is said", () => notice().includes("This is no result of a race."));
    expect(button(root, /^Race \(about/)).toBeDefined();
  },
);

test("an address that says nothing that can be shows the race as it is at first", async () => {
  const root = await open(
    "?cases=<script>~__proto__&sizes=1e99&samples=NaN&seed=-1&contenders=..%2F..&plan=constructor",
  );
  expect(text(inside(root, "iop-race-plan", "button[aria-pressed=true]")[0])).toBe("Quick");
});

test("a race in which nobody can take part says so", async () => {
  const root = await open("?cases=insert&contenders=nobody");
  (await until("it can be begun", () => button(root, /^Race \(about/))).click();
  await until("it is said", () => /None of the chosen/.test(text(root.querySelector(".begin [role=status]")!)));
});

test("what is raced is chosen by keyboard, one of each list stays, and the address says it", async () => {
  const root = await open("?cases=insert");
  inside(root, "iop-race-plan", "summary")[0]!.click();
  const chip = (label: string) => inside(root, "iop-race-plan", "button").find((one) => text(one) === label)!;
  chip("insert").click();
  expect(chip("insert").getAttribute("aria-pressed")).toBe("true");
  chip("delete").focus();
  await userEvent.keyboard(" ");
  await until("it is chosen", () => chip("delete").getAttribute("aria-pressed") === "true");
  await until("the address says it", () => decodeURIComponent(location.hash).includes("cases=insert~delete"));
});

test("the header leads to the race, and the race to what is done by hand", async () => {
  const root = await open("");
  const link = [...root.querySelectorAll("a")].find((one) => text(one) === "Try the structures by hand")!;
  expect(link.getAttribute("href")).toBe("#/race/by-hand");
  link.click();
  await until("it is there", () => app!.shadowRoot!.querySelector("iop-by-hand"), PATIENCE);
  const current = app!.shadowRoot!.querySelector("iop-header")!.shadowRoot!.querySelector("a[aria-current=page]")!;
  expect(text(current)).toBe("Race");
});
