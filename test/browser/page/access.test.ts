import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import { Page } from "./open.ts";

let page: Page;

afterEach(async () => {
  page.close();
  delete document.documentElement.dataset["theme"];
  await browser.viewport(1280, 800);
});

const CASES = [
  { theme: "light", width: 1280, height: 800 },
  { theme: "dark", width: 1280, height: 800 },
  { theme: "light", width: 390, height: 844 },
  { theme: "dark", width: 390, height: 844 },
] as const;

test.each(CASES)("axe finds nothing serious: $theme, $width px", async ({ theme, width, height }) => {
  await browser.viewport(width, height);
  localStorage.setItem("iopath.theme", theme);
  page = await Page.open("#/run/echo?tick=300");
  await page.choose("task server");
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { violations } = await axe.run(page.app, { resultTypes: ["violations"] });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)).toEqual(
    [],
  );
});

test.each(["eintr", "poll", "et-part-read"])("axe finds nothing serious on the page of %s", async (id) => {
  localStorage.setItem("iopath.theme", id === "poll" ? "dark" : "light");
  page = await Page.open(`#/run/${id}?tick=70`);
  await page.press("End");
  if (id !== "et-part-read") await page.seek(70);
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { violations } = await axe.run(page.app, { resultTypes: ["violations"] });
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(
    serious.map(({ id: rule, nodes }) => `${rule}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
  ).toEqual([]);
});

test.each([360, 390, 768, 1280, 1920])("nothing sticks out at the side of a page that is %i px wide", async (width) => {
  await browser.viewport(width, 800);
  page = await Page.open("#/run/echo?tick=300");
  await page.element("iop-stage").updateComplete;
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  const stage = page.element("iop-stage").getBoundingClientRect();
  for (const shape of page.shapes) {
    const { left, right } = shape.querySelector(".frame")!.getBoundingClientRect();
    expect(left, shape.textContent!).toBeGreaterThanOrEqual(stage.left - 1);
    expect(right, shape.textContent!).toBeLessThanOrEqual(stage.right + 1);
  }
});
