import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import "../../../web/tokens.css";
import { IopApp } from "../../../web/app/iop-app.ts";
import "../../../web/charts/iop-bars.ts";
import { IopChart } from "../../../web/charts/iop-chart.ts";
import { work } from "../../../web/labs/work.ts";
import type { WalkedRoad } from "../../../web/labs/zero-copy/jobs.ts";
import { Session } from "../../../web/model/session.ts";
import { SCENARIOS } from "../../../web/scenarios/all.ts";
import { IopWatch } from "../../../web/watch/iop-watch.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import { walkRoad } from "../../../lib/roads/measure.ts";
import { until } from "./open.ts";

let element: HTMLElement | null = null;

beforeEach(() => {
  document.documentElement.style.height = "100%";
});

afterEach(async () => {
  element?.remove();
  localStorage.clear();
  history.replaceState(null, "", "#");
  await browser.viewport(1280, 800);
});

async function open(hash: string): Promise<IopApp> {
  history.replaceState(null, "", hash);
  const app = new IopApp();
  element = document.body.appendChild(app);
  await until("the page is there", () => app.shadowRoot?.querySelector(".page > *"));
  await app.updateComplete;
  return app;
}

test.each([
  { theme: "light", width: 360 },
  { theme: "dark", width: 1280 },
])("the list of the labs leads to each of them: $theme, $width px", async ({ theme, width }) => {
  await browser.viewport(width, 800);
  localStorage.setItem("iopath.theme", theme);
  const app = await open("#/labs");
  const links = [...app.shadowRoot!.querySelector("iop-labs")!.shadowRoot!.querySelectorAll("a")];
  expect(links.map((link) => link.getAttribute("href"))).toContain("#/run/echo");
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  const { violations } = await axe.run(app, { resultTypes: ["violations"] });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("an address of a lab that there is not leads to the first page, and says so", async () => {
  const app = await open("#/labs/nowhere");
  expect(app.shadowRoot!.querySelector("iop-gallery")).not.toBeNull();
  await until("the notice is there", () =>
    app.shadowRoot!.querySelector("iop-notice")!.shadowRoot!.textContent!.includes("#/labs/nowhere"),
  );
});

test("work in a thread of its own comes to what it comes to here, piece by piece", async () => {
  const walks = ["read + write", "sendfile"].map((road) => ({ road, size: 4096, cache: "cold" as const }));
  const pieces: WalkedRoad[] = [];
  const shares: number[] = [];
  const take = (piece: WalkedRoad, done: number) => void (pieces.push(piece), shares.push(done));
  await work("roads", walks, { signal: new AbortController().signal, take });
  const here = await Promise.all(
    walks.map(async ({ road, ...walk }) => {
      return (
        await walkRoad(
          ROADS.find(({ name }) => name === road)!,
          walk,
        )
      ).figures;
    }),
  );
  expect(pieces).toEqual(here);
  expect(shares).toEqual([0.5, 1]);
});

test("work that is ended tells nothing more, and what cannot be done says why", async () => {
  const controller = new AbortController();
  const walks = Array.from({ length: 50 }, () => ({ road: "sendfile", size: 65536, cache: "cold" as const }));
  let pieces = 0;
  const ended = work("roads", walks, {
    signal: controller.signal,
    take: () => {
      pieces += 1;
      controller.abort(new Error("enough"));
    },
  });
  await expect(ended).rejects.toThrow("enough");
  const told = pieces;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pieces).toBe(told);
  const nowhere = work("roads", [{ road: "by air", size: 1, cache: "cold" }], {
    signal: new AbortController().signal,
    take: () => {},
  });
  await expect(nowhere).rejects.toThrow("by air");
});

test("a chart is read by keys, has a table, and axe finds nothing", async () => {
  const chart = new IopChart();
  chart.chart = {
    title: "Time by length",
    x: { title: "length, B", scale: "log", format: String },
    y: { title: "time, ns", scale: "log", format: String },
    series: [
      {
        name: "slow",
        points: [
          { x: 10, y: 100 },
          { x: 100, y: 1000, low: 800, high: 1200 },
        ],
      },
      { name: "fast", points: [{ x: 10, y: 10 }] },
    ],
  };
  element = document.body.appendChild(chart);
  await until("it is drawn", () => chart.shadowRoot!.querySelector(".line"));
  const drawing = chart.shadowRoot!.querySelector<HTMLElement>(".drawing")!;
  const press = async (key: string) => {
    drawing.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
    await chart.updateComplete;
    return chart.shadowRoot!.querySelector(".reading")!.textContent!.replace(/\s+/g, " ").trim();
  };
  expect(await press("ArrowRight")).toBe("10 slow: 100 fast: 10");
  expect(await press("End")).toBe("100 slow: 1000");
  const cells = [...chart.shadowRoot!.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  expect(cells).toEqual([
    ["10", "100", "10"],
    ["100", "1000", "–"],
  ]);
  const { violations } = await axe.run(chart, { resultTypes: ["violations"] });
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("a run that is part of a page is gone through by keys, and tells where it stands", async () => {
  const { kernel, calls, lines } = await SCENARIOS.find(({ id }) => id === "echo")!.start();
  const watch = new IopWatch();
  watch.session = new Session(kernel, calls, lines);
  element = document.body.appendChild(watch);
  await until("it is drawn", () => watch.shadowRoot!.querySelector("iop-stage")?.shadowRoot?.querySelector("g.shape"));
  const told: number[] = [];
  watch.addEventListener("iop-tick", (event) => told.push((event as CustomEvent<{ tick: number }>).detail.tick));
  const press = (key: string) =>
    watch.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
  press("ArrowRight");
  press("ArrowRight");
  press("ArrowLeft");
  press("End");
  const { run } = watch.session;
  const first = run.next("function", 0);
  expect(told).toEqual([first, run.next("function", first), first, run.ticks]);
  await watch.updateComplete;
  const { violations } = await axe.run(watch, { resultTypes: ["violations"] });
  expect(violations.map(({ id }) => id)).toEqual([]);
});
