import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import type { IopTimeline } from "../../../web/timeline/iop-timeline.ts";
import { Page, until } from "./open.ts";

let page: Page;

beforeEach(() => localStorage.setItem("iopath.timeline", "open 240"));

afterEach(async () => {
  page.close();
  delete document.documentElement.dataset["theme"];
  await browser.viewport(1280, 800);
});

/** The timeline, once it is drawn. */
async function timeline(): Promise<IopTimeline> {
  const found = await until("the timeline is drawn", () => {
    const element = page.all("iop-timeline-panel", "iop-timeline")[0] as IopTimeline | undefined;
    return element?.shadowRoot?.querySelector("canvas") && inked(element) > 1000 ? element : null;
  });
  await found.updateComplete;
  return found;
}

const inside = (element: IopTimeline, selector: string) => [
  ...element.shadowRoot!.querySelectorAll<HTMLElement>(selector),
];
const plot = (element: IopTimeline) => inside(element, ".plot")[0]!;

function point(element: HTMLElement, type: string, share: number, y = 60, more: PointerEventInit = {}): void {
  const { left, top, width } = element.getBoundingClientRect();
  const at = { clientX: left + share * width, clientY: top + y, pointerId: 1, bubbles: true, composed: true };
  element.setPointerCapture = () => {};
  element.dispatchEvent(new PointerEvent(type, { ...at, ...more }));
}

async function press(element: IopTimeline, key: string, more: KeyboardEventInit = {}): Promise<void> {
  plot(element).dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...more }),
  );
  await settled(element);
}

/** Resolves when the timeline shows the tick at which the machine stands. */
async function settled(element: IopTimeline): Promise<void> {
  await page.app.updateComplete;
  await until("the timeline has followed", () => element.tick === page.tick);
  await element.updateComplete;
}

/** How many pixels of the picture are not empty. */
function inked(element: IopTimeline): number {
  const canvas = element.shadowRoot!.querySelector("canvas")!;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, i) => i % 4 === 3 && value > 0).length;
}

test("the timeline shows CPUs, tasks and devices, and a click goes to that place in time", async () => {
  page = await Page.open("#/run/echo?tick=0");
  const element = await timeline();
  expect(inside(element, ".group").map((label) => label.textContent!.replace(/[▸▾]/, "").trim())).toEqual([
    "CPU 0",
    "server 1",
    "DMA",
    "Network card",
  ]);
  expect(inked(element)).toBeGreaterThan(5000);
  point(plot(element), "pointerdown", 0.5);
  point(plot(element), "pointerup", 0.5);
  await settled(element);
  expect(page.tick).toBeGreaterThan(100);
  expect(page.tick).toBeLessThan(page.ticks - 100);
  const clicked = page.tick;
  point(plot(element), "pointerdown", 0.5);
  point(plot(element), "pointermove", 0.9);
  point(plot(element), "pointerup", 0.9);
  await settled(element);
  expect(page.tick).toBeGreaterThan(clicked);
});

test("keys on the timeline go by ticks and by steps that matter, and enlarge", async () => {
  page = await Page.open("#/run/echo?tick=10");
  const element = await timeline();
  await press(element, "ArrowRight");
  expect(page.tick).toBe(11);
  await press(element, "ArrowLeft");
  await press(element, "ArrowLeft");
  expect(page.tick).toBe(9);
  await press(element, "ArrowRight", { shiftKey: true });
  expect(page.sentence).toContain("becomes runnable");
  await press(element, "End");
  expect(page.tick).toBe(page.ticks);
  expect(plot(element).getAttribute("aria-valuenow")).toBe(String(page.ticks));
  await press(element, "Home");
  expect(page.tick).toBe(0);
  await press(element, "+");
  await press(element, "+");
  point(plot(element), "pointerdown", 0.99);
  point(plot(element), "pointerup", 0.99);
  await settled(element);
  const enlarged = page.tick;
  await press(element, "0");
  point(plot(element), "pointerdown", 0.99);
  point(plot(element), "pointerup", 0.99);
  await settled(element);
  expect(page.tick).toBeGreaterThan(enlarged);
});

test("a stretch is selected with shift, told in its length, and enlarged", async () => {
  page = await Page.open("#/run/echo?tick=0");
  const element = await timeline();
  point(plot(element), "pointerdown", 0.4, 60, { shiftKey: true });
  point(plot(element), "pointermove", 0.6, 60, { shiftKey: true });
  point(plot(element), "pointerup", 0.6, 60, { shiftKey: true });
  await element.updateComplete;
  expect(inside(element, ".range")[0]!.textContent).toMatch(/µs · \d+ ticks/);
  expect(page.tick).toBe(0);
  await press(element, "Enter");
  expect(inside(element, ".range")).toEqual([]);
});

test("what is drawn is told as a table, and what is under the pointer in words", async () => {
  page = await Page.open("#/run/sendfile?tick=0");
  const element = await timeline();
  const [cpu] = element.lanes!.lanes;
  await page.seek(cpu!.slices.find(({ name }) => name === "disk_interrupt")!.from);
  await settled(element);
  const [now] = inside(element, "details.now") as HTMLDetailsElement[];
  now!.open = true;
  const cells = [...now!.querySelectorAll("tbody tr")].map((row) => row.textContent!.replace(/\s+/g, " ").trim());
  expect(cells[0]).toMatch(/^CPU 0 idle .*hard interrupt disk_interrupt/);
  expect(cells.some((text) => text.startsWith("server 1 sleeping sendfile in folio_wait_bit"))).toBe(true);
  point(plot(element), "pointermove", 0.35, 44);
  await element.updateComplete;
  expect(inside(element, ".hint")[0]!.textContent).toMatch(/idle|system call|user mode/);
});

test("it folds, stays folded on the next visit, and is as high as it was made", async () => {
  page = await Page.open("#/run/echo?tick=0");
  await timeline();
  const [grip] = page.all("iop-timeline-panel", ".grip");
  grip!.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true, cancelable: true }));
  await page.element("iop-timeline-panel").updateComplete;
  expect(localStorage.getItem("iopath.timeline")).toBe("open 264");
  await page.press("t");
  expect(page.all("iop-timeline-panel", "iop-timeline")).toEqual([]);
  page.app.remove();
  page = await Page.open("#/run/echo?tick=0");
  expect(page.all("iop-timeline-panel", "iop-timeline")).toEqual([]);
  await page.press("t");
  await timeline();
});

test.each(["light", "dark"])("axe finds nothing serious on the timeline: %s", async (theme) => {
  localStorage.setItem("iopath.theme", theme);
  page = await Page.open("#/run/sendfile?tick=112");
  const element = await timeline();
  for (const details of inside(element, "details") as HTMLDetailsElement[]) details.open = true;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { violations } = await axe.run(page.element("iop-timeline-panel"), { resultTypes: ["violations"] });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)).toEqual(
    [],
  );
});

test("on a phone the timeline is a tab, and nothing sticks out", async () => {
  await browser.viewport(360, 740);
  page = await Page.open("#/run/herd?tick=120");
  const tab = [...page.run.shadowRoot!.querySelectorAll<HTMLElement>(".tabs button")].find(
    (button) => button.textContent.trim() === "Timeline",
  )!;
  tab.click();
  const element = await timeline();
  await until("lanes are drawn", () => inked(element) > 3000);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360);
  expect(plot(element).getBoundingClientRect().right).toBeLessThanOrEqual(360);
});

test("a run of 57,000 ticks is drawn as well", async () => {
  page = await Page.open("#/run/recorded");
  const element = await timeline();
  await until("the trace is read", () => element.lanes !== null && element.lanes.ticks > 50_000);
  const widest = element.lanes!.lanes.map(({ slices }) => slices.length);
  expect(widest.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20_000);
  expect(inked(element)).toBeGreaterThan(5000);
});
