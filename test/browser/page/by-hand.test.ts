import axe from "axe-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { page as browser, userEvent } from "vitest/browser";
import "../../../web/tokens.css";
import { IopApp } from "../../../web/app/iop-app.ts";
import { jsonOf } from "../../../web/race/by-hand/taken.ts";
import { until } from "./open.ts";

let app: IopApp;

beforeEach(() => localStorage.clear());

afterEach(async () => {
  app.remove();
  localStorage.clear();
  history.replaceState(null, "", "#");
  delete document.documentElement.dataset["theme"];
  await browser.viewport(1280, 800);
});

const page = () => app.shadowRoot!.querySelector("iop-by-hand");
const root = () => page()?.shadowRoot ?? null;
const one = <E extends Element = HTMLElement>(selector: string) => root()!.querySelector<E>(selector)!;
const text = (selector: string) => one(selector).textContent.replace(/\s+/g, " ").trim();
/** The keys that are drawn, from left to right. */
const keys = () => [...root()!.querySelectorAll("text.key")].map((key) => Number(key.textContent.replace("−", "-")));
const input = () => one<HTMLInputElement>("input[name=keys]");

async function open(hash: string): Promise<void> {
  history.replaceState(null, "", hash);
  document.documentElement.style.height = "100%";
  app = document.body.appendChild(new IopApp());
  await until("the tree is drawn", () => root()?.querySelector("svg.tree"));
  await app.updateComplete;
}

async function addressIs(hash: string): Promise<void> {
  await until(`the address is ${hash}`, () => location.hash === hash);
}

async function click(name: string): Promise<void> {
  one(`button[name=${name}]`).click();
  await page()!.updateComplete;
}

/** Types keys, and puts them in. */
async function insert(typed: string): Promise<void> {
  input().value = typed;
  one(".primary").click();
  await page()!.updateComplete;
}

async function press(key: string, held: { ctrlKey?: boolean } = {}): Promise<void> {
  app.dispatchEvent(new KeyboardEvent("keydown", { key, ...held, bubbles: true, composed: true, cancelable: true }));
  await page()!.updateComplete;
}

describe.each([
  { locale: "en", theme: "light", width: 1280 },
  { locale: "zh-CN", theme: "dark", width: 360 },
  { locale: "zh-CN", theme: "light", width: 1280 },
  { locale: "en", theme: "dark", width: 360 },
])("in $locale, $theme, $width px wide", ({ locale, theme, width }) => {
  test.each([
    ["tree", "do=1.2.3.6.4.7.8.5.9.x1.x2.x3&step=20"],
    ["tree of another kind", "what=avl&do=50.40.30.60.70.20.25&step=15"],
    ["list", "what=list&do=f1.f2.f3.f4.m2&step=4"],
    ["ring", "what=ring&do=6.x4.5&step=2"],
  ])("a %s fits, and axe finds nothing", { timeout: 60_000 }, async (_, query) => {
    await browser.viewport(width, 800);
    localStorage.setItem("iopath.locale", locale);
    localStorage.setItem("iopath.theme", theme);
    await open(`#/race/by-hand?${query}`);
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
    expect(page()!.scrollWidth).toBeLessThanOrEqual(page()!.clientWidth);
    one<HTMLDetailsElement>("details").open = true;
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const { violations } = await axe.run(app, { resultTypes: ["violations"] });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join()}`)).toEqual(
      [],
    );
  });
});

test("a key is put in by keyboard, and the rule is told before it is applied", async () => {
  await open("#/race/by-hand");
  expect(text(".says p")).toContain("The tree is empty");
  await userEvent.click(input());
  await userEvent.keyboard("1, 2 3{Enter}");
  await until("the keys are there", () => keys().length === 3);
  expect(text(".says p")).toContain("1 is rotated to the left");
  expect(text(".says code")).toBe("rb_insert_case_3");
  await addressIs("#/race/by-hand?do=1.2.3&step=3");
  await press("ArrowRight");
  expect(text(".says p")).toContain("All rules hold: 3 keys on 2 levels");
  await addressIs("#/race/by-hand?do=1.2.3");
  await press("Home");
  expect(text(".says p")).toContain("1 becomes its root");
});

test("what was done is undone and done again, cleared, and the address says it", async () => {
  await open("#/race/by-hand?do=5.3.8");
  expect(keys()).toEqual([3, 5, 8]);
  await press("z", { ctrlKey: true });
  expect(keys()).toEqual([3, 5]);
  await addressIs("#/race/by-hand?do=5.3");
  await press("y", { ctrlKey: true });
  expect(keys()).toEqual([3, 5, 8]);
  await click("clear");
  expect(keys()).toEqual([]);
  await addressIs("#/race/by-hand");
  await click("redo");
  expect(keys()).toEqual([5]);
  await click("random");
  expect(keys().length).toBe(2);
});

test("a key that is there already, or is not, is told so", async () => {
  await open("#/race/by-hand?do=5");
  await insert("5");
  expect(text(".says p")).toBe("5 is there already: nothing changes.");
  input().value = "7";
  await click("delete");
  expect(text(".says p")).toBe("7 is not there: nothing changes.");
  expect(keys()).toEqual([5]);
});

test("what is no key is refused with the reason, and changes nothing", async () => {
  await open("#/race/by-hand?do=5");
  for (const [typed, reason] of [
    ["x<b>", "“x<b>” is no whole number."],
    ["99999", "“99999” is too far from 0"],
    ["", "Which key?"],
    [Array.from({ length: 63 }, (_, key) => key + 100).join(" "), "So many keys"],
  ] as const) {
    await insert(typed);
    expect(text(".refusal")).toContain(reason);
    expect(input().getAttribute("aria-invalid")).toBe("true");
    expect(keys()).toEqual([5]);
  }
  await insert("6");
  expect([text(".refusal"), keys()]).toEqual(["", [5, 6]]);
});

test.each([
  ["markup", "do=<script>"],
  ["what is no key", "do=5.x.3&step=-1"],
  ["a picture that there is not", "step=999999999999"],
  ["very much", `do=${"1.x1.".repeat(5000)}`],
  ["other settings that cannot be", "seed=x&rules=7"],
])("an address that says %s is no reason to break", async (_, query) => {
  await open(`#/race/by-hand?${query}`);
  expect(text("h1")).toBe("A red-black tree by hand");
  if (query.length > 1000) await click("undo");
  await insert("77");
  expect(keys()).toContain(77);
});

test("an AVL tree says which case it is, and its memory what leans", async () => {
  await open("#/race/by-hand?what=avl");
  await insert("3 1 2");
  await press("End");
  await press("ArrowLeft");
  await press("ArrowLeft");
  expect(text(".says p")).toContain("Left-right: 3 is higher by two on its left");
  expect(text(".says code")).toBe("avl_inner");
  expect([...root()!.querySelectorAll("text.below")].map(({ textContent }) => textContent)).toEqual(["+1", "0", "−1"]);
  await press("End");
  const rows = [...root()!.querySelectorAll("tbody tr")].map((row) => row.textContent.replace(/\s+/g, " ").trim());
  expect(rows).toEqual(["1 0 2 – –", "2 0 – 1 3", "3 0 2 – –"]);
});

test("a list is filled at both ends, and a key moves to its front", async () => {
  await open("#/race/by-hand?what=list");
  const values = () => [...root()!.querySelectorAll("text.value")].map(({ textContent }) => textContent);
  await insert("1 2");
  input().value = "3";
  await click("unshift");
  expect(values()).toEqual(["head", "3", "1", "2"]);
  input().value = "2";
  await click("move");
  expect(values()).toEqual(["head", "2", "3", "1"]);
  await addressIs("#/race/by-hand?what=list&do=1.2.f3.m2");
  await press("ArrowLeft");
  expect(text(".says p")).toContain("2 is unhooked, so that 1 and head point to each other");
});

test("a ring takes what it has room for, and says so", async () => {
  await open("#/race/by-hand?what=ring&do=6.x4");
  await insert("9");
  await press("ArrowLeft");
  expect(text(".says p")).toContain("from place 6 on: 6 of them. Then in goes from 6 to 12.");
  expect(text(".says p")).toContain("There is no room for 3 more");
  await press("End");
  expect(text(".says p")).toContain("in − out = 12 − 4 = 8 of 8");
  expect(root()!.querySelectorAll(".cell.filled").length).toBe(8);
});

test("the tree is told as a table and as data, too", async () => {
  await open("#/race/by-hand?do=2.1.3");
  const rows = [...root()!.querySelectorAll("tbody tr")].map((row) => row.textContent.replace(/\s+/g, " ").trim());
  expect(rows).toEqual(["1 red 2 – –", "2 black – 1 3", "3 red 2 – –"]);
  const picture = { data: { keys: [7] } } as unknown as Parameters<typeof jsonOf>[0]["picture"];
  const operations = [{ do: "insert", key: 7 }] as const;
  expect(JSON.parse(jsonOf({ picture, operations }))).toEqual({ keys: [7], operations });
});
