import axe from "axe-core";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { IopBreakpoints } from "../../../web/panels/iop-breakpoints.ts";
import { Page, until } from "./open.ts";

let page: Page;

beforeEach(async () => {
  localStorage.setItem("iopath.timeline", "folded 240");
  page = await Page.open("#/run/echo?tick=0");
});

afterEach(() => page.close());

const panel = () => page.all("iop-timeline-panel", "iop-breakpoints")[0] as IopBreakpoints;
const inside = <E extends HTMLElement>(selector: string) => [...panel().shadowRoot!.querySelectorAll<E>(selector)];

async function settled(): Promise<void> {
  await page.app.updateComplete;
  await page.element("iop-timeline-panel").updateComplete;
  await panel().updateComplete;
}

/** Writes a breakpoint and adds it, as a person does. */
async function add(text: string): Promise<void> {
  inside<HTMLInputElement>("input[type=text]")[0]!.value = text;
  inside<HTMLFormElement>("form")[0]!.requestSubmit();
  await settled();
}

const event = () => page.all("iop-transport", ".event")[0]!.textContent;
const items = () => inside("li").map((item) => item.textContent!.replace(/\s+/g, " ").trim());

test("a breakpoint at a function is run to and back to, by keys and by buttons", async () => {
  await add("ep_poll_callback");
  expect(items()).toEqual([expect.stringMatching(/^ep_poll_callback hits: [1-9]\d* ✕$/)]);
  await page.press("n");
  const first = page.tick;
  expect(event()).toBe("ep_poll_callback");
  inside(`[aria-label="Run to the next hit"]`)[0]!.click();
  await settled();
  expect(page.tick).toBeGreaterThan(first);
  expect(event()).toBe("ep_poll_callback");
  await page.press("N", { shiftKey: true });
  expect(page.tick).toBe(first);
  await page.press("N", { shiftKey: true });
  expect(page.tick).toBe(first);
  expect(page.all("iop-transport", ".sentence")).toHaveLength(1);
});

test("functions are completed while one writes", async () => {
  inside<HTMLElement>("[popover]")[0]!.showPopover();
  await until("the list is open", () => inside("datalist option").length > 0);
  const names = inside<HTMLOptionElement>("datalist option").map(({ value }) => value);
  expect(names).toContain("tcp_v4_rcv");
  expect(inside<HTMLInputElement>("input[type=text]")[0]!.getAttribute("list")).toBe("events");
});

test("what cannot be read is said with its column, and not added; in both languages", async () => {
  await add("pid = 1");
  expect(inside(".error")[0]!.textContent).toBe("Column 5: expected &&, ||, a comparison, or the end, found “=”");
  expect(items()).toEqual([]);
  page.app.dispatchEvent(new CustomEvent("iop-locale"));
  await settled();
  await add("pid ==");
  expect(inside(".error")[0]!.textContent).toContain("第 7 列");
  await add("pid == 1");
  expect(inside(".error")).toEqual([]);
  expect(items()).toHaveLength(1);
});

test("a breakpoint that is switched off or removed is passed", async () => {
  await add('event == "sys_exit" && result == 5');
  const [box] = inside<HTMLInputElement>("input[type=checkbox]");
  box!.click();
  await settled();
  expect(inside<HTMLButtonElement>(`[aria-label="Run to the next hit"]`)[0]!.disabled).toBe(true);
  await page.press("n");
  expect(page.tick).toBe(0);
  inside<HTMLInputElement>("input[type=checkbox]")[0]!.click();
  await settled();
  await page.press("n");
  expect(event()).toBe("sys_exit");
  inside(`[aria-label^="Remove"]`)[0]!.click();
  await settled();
  expect(items()).toEqual([]);
});

test("an object that is selected on the stage can be watched", async () => {
  await page.seek(200);
  await page.choose("task server");
  await settled();
  const offer = inside("button").find((button) => button.textContent!.includes("Stop at TaskStruct"))!;
  offer.click();
  await settled();
  expect(items()[0]).toMatch(/^TaskStruct 0x[\da-f]+ hits: \d+/);
});

test("playing stops at a hit", async () => {
  await add("try_to_wake_up");
  page
    .element("iop-transport")
    .dispatchEvent(new CustomEvent("iop-speed", { detail: { speed: 200 }, bubbles: true, composed: true }));
  await page.press(" ");
  await until("playing has stopped", () => page.tick > 0 && !page.element("iop-transport").playing);
  expect(event()).toBe("try_to_wake_up");
});

test.each(["light", "dark"])("axe finds nothing serious in the list of breakpoints: %s", async (theme) => {
  if (theme === "dark") page.app.dispatchEvent(new CustomEvent("iop-theme"));
  await add("ep_poll_callback");
  await add("pid =");
  inside<HTMLElement>("[popover]")[0]!.showPopover();
  await settled();
  const { violations } = await axe.run(panel(), { resultTypes: ["violations"] });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)).toEqual(
    [],
  );
});
