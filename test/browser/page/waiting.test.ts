import axe from "axe-core";
import { afterEach, describe, expect, test, vi } from "vitest";
import { commands, page as browser, userEvent } from "vitest/browser";
import "../../../web/tokens.css";
import type { IopApp } from "../../../web/app/iop-app.ts";
import type { ServedFigures } from "../../../web/labs/waiting/jobs.ts";
import { IDS } from "../../../web/labs/waiting/settings.ts";
import { work } from "../../../web/labs/work.ts";
import { LAB_PATIENCE as PATIENCE, closeLab, openLab, until } from "./open.ts";

vi.setConfig({ testTimeout: PATIENCE });

let app: IopApp | null = null;

afterEach(() => closeLab(app));

/** The lab, opened at an address. */
async function open(query: string): Promise<ShadowRoot> {
  const opened = await openLab(`#/labs/waiting${query}`, "iop-waiting-lab");
  app = opened.app;
  await opened.lab.updateComplete;
  return opened.lab.shadowRoot!;
}

/** What matches within a part of the lab. */
function inside(lab: ShadowRoot, part: string, selector: string): HTMLElement[] {
  return [...(lab.querySelector(`iop-way-${part}`)?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

const text = (element: Element) => element.textContent!.replace(/\s+/g, " ").trim();

/** A button by what it says. */
function button(lab: ShadowRoot, part: string, label: RegExp): HTMLElement | undefined {
  return inside(lab, part, "button").find((one) => label.test(text(one)));
}

const looks = [
  { theme: "light", locale: "en", width: 360 },
  { theme: "dark", locale: "zh-CN", width: 1280 },
  { theme: "dark", locale: "en", width: 1280 },
  { theme: "light", locale: "zh-CN", width: 360 },
] as const;

/** What says that a part has all that it shows. */
const READY: Readonly<Record<string, (lab: ShadowRoot) => unknown>> = {
  phases: (lab) => inside(lab, "phases", "section").length === 6,
  square: (lab) => inside(lab, "square", "button.stone").length === 14,
  figures: (lab) =>
    inside(lab, "figures", "tbody tr").length === 12 && !/…/.test(text(inside(lab, "figures", "table")[0]!)),
  curves: (lab) => inside(lab, "curves", "button.primary").length === 1,
};

describe.each(Object.keys(READY))("%s", (view) => {
  test.each(looks)("is shown without a flaw: $theme, $locale, $width px", async ({ theme, locale, width }) => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.theme", theme);
    localStorage.setItem("iopath.locale", locale);
    const lab = await open(`?view=${view}&way=epoll-lt`);
    await until(`${view} has something to show`, () => READY[view]!(lab), PATIENCE);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(lab.host.scrollWidth).toBeLessThanOrEqual(width);
    const { violations } = await axe.run(app!, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    if (locale === "zh-CN") expect(text(lab.querySelector("h1")!)).toBe("等待的方式");
  });
});

test("what is computed in the page is what Node computes", async () => {
  const served = IDS.map((way) => ({ way, load: { connections: 300, active: 4, rounds: 2 } }));
  const pieces: ServedFigures[] = [];
  await work("waiting", served, { signal: new AbortController().signal, take: (piece) => pieces.push(piece) });
  for (const [i, { way, load }] of served.entries()) {
    expect(pieces[i], way).toEqual({ way, load, figures: await commands.servedInNode(way, load) });
  }
});

test("a way in the square shows its evidence, by keyboard too, and the ticks lead to its program", async () => {
  const lab = await open("?view=square");
  const stones = await until("all ways stand in the square", () => {
    const found = inside(lab, "square", "button.stone");
    return found.length === 14 ? found : null;
  });
  stones.find((stone) => text(stone) === "epoll LT")!.focus();
  await userEvent.keyboard("{Enter}");
  await until("the evidence is there", () => inside(lab, "square", ".evidence li").length === 3);
  expect(text(inside(lab, "square", ".evidence h2")[0]!)).toBe("epoll LT: blocking, synchronous");
  expect(text(inside(lab, "square", ".evidence li")[0]!)).toMatch(
    /^Ready at tick \d+: the task was asleep in epoll_wait\. Copied at tick \d+, inside read, which returned these 5 bytes\./,
  );
  const [link] = inside(lab, "square", ".evidence a") as HTMLAnchorElement[];
  const tick = Number(/\d+/.exec(text(link!))![0]);
  expect(link!.getAttribute("href")).toBe(`#/run/waiting-epoll-lt?tick=${tick}`);
  await until("the address says which", () => location.hash.includes("way=epoll-lt"));
  link!.click();
  await until(
    "the run stands there",
    () => app!.run?.shadowRoot?.querySelector("iop-transport")?.tick === tick,
    PATIENCE,
  );
});

test("ways are chosen by keyboard, one stays, and the address says which", async () => {
  const lab = await open("?ways=epoll-lt");
  await until("it is watched", () => inside(lab, "phases", "section").length === 1);
  const chip = (name: string) =>
    [...lab.querySelectorAll<HTMLElement>(".ways button")].find((one) => text(one) === name)!;
  chip("epoll LT").click();
  expect(chip("epoll LT").getAttribute("aria-pressed")).toBe("true");
  chip("poll").focus();
  await userEvent.keyboard(" ");
  await until(
    "both are watched",
    () =>
      inside(lab, "phases", "section h2")
        .map((one) => text(one))
        .join() === "poll,epoll LT",
  );
  await until("the address says which", () => decodeURIComponent(location.hash).includes("ways=poll~epoll-lt"));
});

test("a way that cannot have so many connections says why, and the others are served", async () => {
  const lab = await open("?view=figures&ways=select~epoll-lt&connections=2000&rounds=1");
  await until("epoll is served", () => inside(lab, "figures", "tbody tr:nth-child(2) td").length > 4, PATIENCE);
  expect(text(inside(lab, "figures", "tbody tr:first-child td.limit")[0]!)).toContain("at most 1 020 connections");
  expect(inside(lab, "figures", "td.limit a")[0]!.getAttribute("href")).toBe("#/run/select-1024");
});

test("curves are drawn point by point, can be cancelled, and what was computed stays", async () => {
  const lab = await open("?view=curves&ways=non-blocking~poll~epoll-lt");
  (await until("it can be begun", () => button(lab, "curves", /^Compute$/))).click();
  const chart = () => inside(lab, "curves", "iop-chart")[0]?.shadowRoot;
  const points = () => chart()?.querySelectorAll("path.point").length ?? 0;
  await until("the first points are there", () => points() > 3, PATIENCE);
  button(lab, "curves", /^Cancel$/)!.click();
  await until("it is cancelled", () => button(lab, "curves", /^Compute the rest$/));
  const kept = points();
  expect(kept).toBeGreaterThan(3);
  expect(kept).toBeLessThan(27);
  expect(text(inside(lab, "curves", "[role=status]")[0]!)).toMatch(/^Cancelled/);
  expect(chart()!.querySelectorAll("table tbody tr").length).toBeGreaterThan(1);
  const choice = inside(lab, "curves", "select")[0] as HTMLSelectElement;
  choice.selectedIndex = 4;
  choice.dispatchEvent(new Event("change"));
  await until("another figure is shown", () =>
    text(chart()!.querySelector("h3")!).startsWith("Files asked for a message"),
  );
  expect(points()).toBeGreaterThan(0);
  const chip = [...lab.querySelectorAll<HTMLElement>(".ways button")].find((one) => text(one) === "non-blocking")!;
  chip.click();
  await until("its curve is gone", () => !text(chart()!.querySelector(".legend")!).includes("non-blocking"));
  chip.click();
  await until("its curve is there again", () => text(chart()!.querySelector(".legend")!).includes("non-blocking"));
});

test(
  "the two phases say that they draw no more than there is room for, and only then",
  { timeout: PATIENCE },
  async () => {
    const lab = await open("?ways=epoll-lt&connections=100&active=5");
    await until("it is watched", () => inside(lab, "phases", "section").length === 1);
    expect(text(inside(lab, "phases", ".most")[0]!)).toMatch(/at most 16 connections, 4 with a message/);
    app!.remove();
    const small = await open("?ways=epoll-lt&connections=16&active=4");
    await until("it is watched", () => inside(small, "phases", "section").length === 1);
    expect(inside(small, "phases", ".most")).toEqual([]);
  },
);

test("an address that says nothing that can be shows the lab as it is at first", async () => {
  const hostile =
    "?view=<script>&ways=..%2F..~__proto__&connections=1e99&active=-1&rounds=NaN&curve=constructor&way=%00";
  const lab = await open(hostile);
  await until("it is watched", () => READY["phases"]!(lab), PATIENCE);
  expect(text(lab.querySelector("nav a[aria-current]")!)).toBe("Two phases");
  expect(lab.querySelector<HTMLInputElement>("input[name=connections]")!.value).toBe("100");
});

test("a number beyond what can be becomes the nearest that can", async () => {
  const lab = await open("?view=curves");
  const input = lab.querySelector<HTMLInputElement>("input[name=active]")!;
  input.value = "99999";
  input.dispatchEvent(new Event("change"));
  await until("the address says it", () => location.hash.includes("active=1000"));
  expect(input.value).toBe("1000");
});
