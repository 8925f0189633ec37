import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import type { IopApp } from "../../../web/app/iop-app.ts";
import { figuresOf } from "../../../lib/cache/figures.ts";
import { runStream } from "../../../lib/cache/stream.ts";
import { runReadAhead } from "../../../lib/cache/read-ahead.ts";
import { translatorOf } from "../../../web/i18n/catalogue.ts";
import { texts } from "../../../web/i18n/pages/page-cache.ts";
import { percent } from "../../../web/labs/page-cache/charts.ts";
import type { IopPageCacheLab } from "../../../web/labs/page-cache/iop-page-cache-lab.ts";
import { formatTime } from "../../../web/model/format.ts";
import { LAB_PATIENCE as PATIENCE, closeLab, openLab, until } from "./open.ts";

/** How long a test may take: the machines, and what is looked at. Unit: ms. */
const LONGEST = 2 * PATIENCE;
const SMALL = "memory=4&hot=128&stream=4";

let app: IopApp;

afterEach(() => closeLab(app));

async function open(query: string): Promise<IopPageCacheLab> {
  const opened = await openLab(`#/labs/page-cache?${query}`, "iop-page-cache-lab");
  app = opened.app;
  return opened.lab;
}

/** What stands inside a part of the lab. */
function part(lab: IopPageCacheLab, name: string): ShadowRoot {
  return lab.shadowRoot!.querySelector(name)!.shadowRoot!;
}

async function ready(lab: IopPageCacheLab): Promise<void> {
  // The parts come one after another.
  const has = (name: string, inside: string) =>
    lab.shadowRoot!.querySelector(name)?.shadowRoot?.querySelector(inside) ?? null;
  await until("the lists are drawn", () => has("iop-stream-part", "iop-lru-lists"), PATIENCE);
  await until("all ways have been run", () => has("iop-stream-compare", "tbody") && rows(lab).length === 7, PATIENCE);
  await until("the windows are there", () => has("iop-read-ahead", "iop-steps"), PATIENCE);
  await until("dirty pages are there", () => has("iop-write-back", "iop-chart"), PATIENCE);
}

function rows(lab: IopPageCacheLab): HTMLTableRowElement[] {
  return [...part(lab, "iop-stream-compare").querySelectorAll<HTMLTableRowElement>("tbody tr")];
}

function textOf(element: Element | null): string {
  return element?.textContent.replace(/\s+/g, " ").trim() ?? "";
}

test(
  "the figures are those of the library for the same settings, and so are the windows",
  { timeout: LONGEST },
  async () => {
    const lab = await open(SMALL);
    await ready(lab);
    const t = translatorOf(texts, "en");
    for (const [i, way] of ["read", "O_DIRECT", "POSIX_FADV_DONTNEED"].entries()) {
      const { before, during, after, time } = figuresOf(await runStream({ memory: 4, hot: 128, stream: 4, way }));
      const cells = [...rows(lab)[i]!.cells].map(textOf);
      expect(cells.slice(1, 4)).toEqual([before, during, after].map((share) => percent(share, t)));
      expect(cells[5]).toBe(formatTime(time));
    }
    const opened = [...part(lab, "iop-read-ahead").querySelectorAll("tbody tr")].map((row) =>
      [...row.querySelectorAll("th, td")].slice(1, 4).map((cell) => Number(cell.textContent)),
    );
    const steps = await runReadAhead("4 KiB");
    const windows = [...new Set(steps.map(({ start, size, asyncSize }) => [start, size, asyncSize].join()))];
    expect(opened.map((window) => window.join())).toEqual(windows);
  },
);

test(
  "one goes through the run by keys, and a line of the log leads to its moment; the address says where",
  { timeout: LONGEST },
  async () => {
    const lab = await open(`${SMALL}&at=10`);
    await ready(lab);
    const stream = part(lab, "iop-stream-part");
    const steps = stream.querySelector("iop-steps")!;
    expect(steps.at).toBe(10);
    const slider = steps.shadowRoot!.querySelector("input")!;
    slider.dispatchEvent(
      new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true, composed: true, cancelable: true }),
    );
    await until("the next sample is shown", () => stream.querySelector("iop-lru-lists")!.at === 11);
    await until("the address says so", () => location.hash.includes("at=11"));
    slider.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true, composed: true, cancelable: true }));
    const log = stream.querySelector("iop-stream-log")!;
    const line = await until("the log tells of hot pages", () =>
      log.shadowRoot!.querySelector<HTMLButtonElement>("li button"),
    );
    expect(textOf(line)).toMatch(/^tick .*hot file \d+/i);
    line.click();
    await until("its moment is shown", () => steps.at < steps.last);
    expect(stream.querySelector("iop-lru-lists")!.marked).toBeGreaterThanOrEqual(0);
  },
);

test("arrows go from page to page in the lists, and say what each is", { timeout: LONGEST }, async () => {
  const lab = await open(SMALL);
  await ready(lab);
  const lists = part(lab, "iop-stream-part").querySelector("iop-lru-lists")!;
  const canvas = await until("it is drawn", () => lists.shadowRoot!.querySelector("canvas"));
  expect(canvas.getAttribute("aria-label")).toMatch(/Inactive list, in its order: stream: \d+/);
  const press = async (key: string) => {
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
    await lists.updateComplete;
    return textOf(lists.shadowRoot!.querySelector(".under"));
  };
  const first = await press("ArrowRight");
  expect(first).toMatch(/Hot file|stream/);
  expect(await press("ArrowRight")).not.toBe(first);
  expect(await press("ArrowLeft")).toBe(first);
});

test(
  "a sweep is computed when it is asked for, can be ended, and keeps what is done",
  { timeout: LONGEST },
  async () => {
    const lab = await open(`${SMALL}&by=stream`);
    await ready(lab);
    const sweep = part(lab, "iop-stream-sweep");
    expect(sweep.querySelector("iop-chart")).toBeNull();
    sweep.querySelector<HTMLButtonElement>("button.compute")!.click();
    await until("some of it is there", () => sweep.querySelector("iop-chart")?.chart?.series.length, PATIENCE);
    [...sweep.querySelectorAll("button")].find((button) => textOf(button) === "Cancel")!.click();
    await until("it has ended", () => sweep.querySelector("button.compute"));
    expect(textOf(sweep.querySelector("[role=status]"))).toContain("what was computed stays");
    expect(sweep.querySelector("iop-chart")!.chart!.series[0]!.points.length).toBeGreaterThan(0);
  },
);

test(
  "what is chosen is in the address, and a place in the run is not taken to another run",
  { timeout: LONGEST },
  async () => {
    const lab = await open(`${SMALL}&at=10`);
    await ready(lab);
    const settings = part(lab, "iop-stream-part").querySelector("iop-stream-settings")!.shadowRoot!;
    const [way] = settings.querySelectorAll("select");
    way!.value = "O_DIRECT";
    way!.dispatchEvent(new Event("change", { bubbles: true }));
    await until("the address says so", () => location.hash.includes("way=O_DIRECT"));
    expect(location.hash).not.toContain("at=");
  },
);

test("an address full of nonsense shows the lab as it is without", { timeout: LONGEST }, async () => {
  const lab = await open(
    "memory=-1&hot=1e99&way=%3Cscript%3E&at=abc&show=~~~&by=__proto__&ahead=..%2F&fsync=&rate=0x7",
  );
  await ready(lab);
  const names = [
    ...part(lab, "iop-stream-part").querySelector("iop-stream-settings")!.shadowRoot!.querySelectorAll("select"),
  ];
  expect(names.map(({ value }) => value)).toEqual(["read", "8", "512", "1", "32", "zipf", "flash", "1"]);
});

test.each([
  { width: 360, theme: "dark", locale: "zh-CN", title: "页缓存" },
  { width: 1280, theme: "light", locale: "en", title: "Page cache" },
])(
  "axe finds nothing, and nothing sticks out: $width px, $theme",
  { timeout: LONGEST },
  async ({ width, theme, locale, title }) => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.theme", theme);
    localStorage.setItem("iopath.locale", locale);
    const lab = await open(SMALL);
    await ready(lab);
    expect(textOf(lab.shadowRoot!.querySelector("h1"))).toBe(title);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(lab.scrollWidth).toBeLessThanOrEqual(width);
    const { violations } = await axe.run(app, { resultTypes: ["violations"] });
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
    ).toEqual([]);
  },
);
