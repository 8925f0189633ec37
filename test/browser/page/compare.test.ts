import axe from "axe-core";
import { afterEach, expect, test } from "vitest";
import { page as browser } from "vitest/browser";
import { IopApp } from "../../../web/app/iop-app.ts";
import type { IopCompare } from "../../../web/compare/iop-compare.ts";
import { Page, until } from "./open.ts";

let app: IopApp;

afterEach(async () => {
  app.remove();
  localStorage.clear();
  delete document.documentElement.dataset["theme"];
  history.replaceState(null, "", "#");
  await browser.viewport(1280, 800);
});

async function shown(): Promise<IopCompare> {
  const compare = await until("two machines are shown", () => {
    const found = app.shadowRoot!.querySelector<IopCompare>("iop-compare");
    return found?.shadowRoot!.querySelector("table") ? found : null;
  });
  await compare.updateComplete;
  return compare;
}

async function open(hash: string): Promise<IopCompare> {
  history.replaceState(null, "", hash);
  app = document.body.appendChild(new IopApp());
  return shown();
}

function press(key: string): void {
  app.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true }));
}

test("two machines go on by one clock, step by step, to the end of both and back", async () => {
  const compare = await open("#/compare/echo-et/et-hang");
  expect(compare.position.step).toBe(0);
  press("ArrowRight");
  expect(compare.position.step).toBe(1);
  press("End");
  await compare.updateComplete;
  expect(compare.position.step).toBe(compare.position.steps);
  expect(compare.position.ticks).toEqual(compare.shown!.map(({ run }) => run.ticks));
  press("Home");
  await compare.updateComplete;
  expect(compare.position.ticks).toEqual([0, 0]);
  await until("the address is written", () => location.hash === "#/compare/echo-et/et-hang?step=0");
});

test("what if: a lost packet is chosen in the dialog, and both futures are shown from where they part", async () => {
  const page = await Page.open("#/run/echo?tick=200");
  app = page.app;
  await page.press("w");
  const dialog = page.run.shadowRoot!.querySelector("iop-what-if")!;
  await dialog.updateComplete;
  const buttons = [...dialog.shadowRoot!.querySelectorAll<HTMLButtonElement>("button")];
  buttons.find((button) => button.textContent!.trim() === "the next packet from the machine is lost")!.click();
  const compare = await shown();
  expect(location.hash).toMatch(/^#\/compare\/echo\/echo\?changes=drop-packet\.200\.out/);
  expect(compare.position.step).toBeGreaterThan(0);
  expect(compare.shadowRoot!.querySelector(".fork")!.textContent).toContain("From here on");
  history.back();
  await until("the run is back", () => app.run?.shown);
});

test("names that lead nowhere are refused with a message", async () => {
  history.replaceState(null, "", "#/compare/echo/%3Cb%3E");
  app = document.body.appendChild(new IopApp());
  const notice = await until("there is a message", () =>
    app.shadowRoot!.querySelector("iop-notice")?.shadowRoot?.querySelector("p"),
  );
  expect(notice.textContent).toContain("leads nowhere");
});

test.each([
  { width: 360, theme: "dark", locale: "zh-CN" },
  { width: 1440, theme: "light", locale: "en" },
])("axe finds nothing, and nothing sticks out: $width px, $theme", async ({ width, theme, locale }) => {
  await browser.viewport(width, 800);
  localStorage.setItem("iopath.theme", theme);
  localStorage.setItem("iopath.locale", locale);
  await open("#/compare/echo/echo-et?step=200");
  await new Promise((resolve) => requestAnimationFrame(resolve));
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
  const { violations } = await axe.run(app, { resultTypes: ["violations"] });
  expect(
    violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`),
  ).toEqual([]);
});
