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
  sessionStorage.clear();
  history.replaceState(null, "", "#");
  await browser.viewport(1280, 800);
});

/** How long two sandboxes may take to be loaded, module by module, on a busy machine. Unit: ms. */
const PATIENCE = 40_000;

async function shown(): Promise<IopCompare> {
  const isThere = () => {
    const found = app.shadowRoot!.querySelector<IopCompare>("iop-compare");
    return found?.shadowRoot!.querySelector("table") ? found : null;
  };
  const compare = await until("two machines are shown", isThere, PATIENCE);
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
  buttons.find((button) => button.textContent!.includes("the next packet that the machine sends is lost"))!.click();
  const compare = await shown();
  expect(location.hash).toMatch(/^#\/compare\/echo\/echo\?changes=drop-packet\.200\.out/);
  expect(compare.position.step).toBeGreaterThan(0);
  expect(compare.shadowRoot!.querySelector(".fork")!.textContent).toContain("From here on");
  history.back();
  await until("the run is back", () => app.run?.shown);
});

/** A button of an element, by its text. */
function buttonOf(element: Element, text: string): HTMLButtonElement {
  const buttons = [...element.shadowRoot!.querySelectorAll<HTMLButtonElement>("button")];
  const found = buttons.find((button) => button.textContent!.trim() === text);
  if (!found) throw new Error(`there is no button ${text}`);
  return found;
}

const titles = (compare: IopCompare) =>
  [...compare.shadowRoot!.querySelectorAll("h2 a")].map((link) => link.textContent!.trim());

test(
  "what if, in a program of one's own: both futures, in a link that leads there again",
  { timeout: 3 * PATIENCE },
  async () => {
    const page = await Page.open("#/program?tick=60");
    app = page.app;
    await page.press("w");
    const dialog = page.run.shadowRoot!.querySelector("iop-what-if")!;
    await dialog.updateComplete;
    buttonOf(
      dialog,
      "the next packet that is sent to the machine is lost (not one that is already on its way)",
    ).click();
    const compare = await shown();
    expect(titles(compare)).toEqual(["Your program", "a packet to the machine is lost after tick 60"]);
    expect(compare.shadowRoot!.querySelector(".fork")!.textContent).toContain("From here on");
    await until("the address holds the program", () => location.hash.startsWith("#/p/1."));
    const { step, ticks } = compare.position;
    app.remove();
    sessionStorage.clear();
    const again = await open(location.hash);
    await until("it stands where it stood", () => again.position.step === step);
    expect(again.position.ticks).toEqual(ticks);
    app.dispatchEvent(new KeyboardEvent("keydown", { key: "s", bubbles: true, composed: true }));
    const dialogOf = () => again.shadowRoot!.querySelector("iop-share")?.shadowRoot?.querySelector("input");
    await until("the link is offered", () => dialogOf()?.value.includes("#/p/1."));
  },
);

test("another task goes first, in a program of one's own", { timeout: 3 * PATIENCE }, async () => {
  const text = `export function start(kernel) {
    for (const name of ["first", "second"]) {
      kernel.spawn(name, function* (sys) { for (let i = 0; i < 3; i++) yield* sys.getpid(); });
    }
  }`;
  const page = await Page.open("#/program");
  app = page.app;
  await page.run.run(text);
  await page.app.updateComplete;
  await page.press("w");
  const dialog = page.run.shadowRoot!.querySelector("iop-what-if")!;
  const choice = () =>
    [...dialog.shadowRoot!.querySelectorAll("button")].find((one) => one.textContent!.includes("goes first"));
  const button = await until("there is a choice", choice, PATIENCE);
  button.click();
  const compare = await shown();
  const [left, right] = compare.shown!.map(({ run }) => run);
  expect(left!.ticks).toBeGreaterThan(0);
  const pids = [left!, right!].map((run) => run.calls.map(({ pid }) => pid));
  expect(pids[0]).not.toEqual(pids[1]);
});

test(
  "a scenario that was edited stands beside what it was, from where they part",
  { timeout: 3 * PATIENCE },
  async () => {
    const page = await Page.open("#/run/pipe");
    app = page.app;
    const source = page.element("iop-program").source;
    expect(() => buttonOf(page.element("iop-program"), "Compare with the original")).toThrow();
    await page.run.run(source.replace(/(function\* ?\w*\(sys\) \{)/, "$1 yield* sys.getpid();"));
    await page.app.updateComplete;
    await page.element("iop-program").updateComplete;
    buttonOf(page.element("iop-program"), "Compare with the original").click();
    const compare = await shown();
    expect(titles(compare)[1]).toBe("Edited");
    const [left, right] = compare.shown!.map(({ run }) => run.calls.map(({ text }) => text));
    expect(right!.length).toBe(left!.length + 1);
    expect(compare.shadowRoot!.querySelector(".fork")!.textContent).toContain("From here on");
    await until("the address holds both", () => location.hash.startsWith("#/p/1."));
    const link = compare.shadowRoot!.querySelectorAll<HTMLAnchorElement>("h2 a")[1]!;
    link.click();
    const calls = () => app.run?.shown?.run.calls.map(({ text }) => text) ?? [];
    await until("the edited program is shown alone", () => calls().includes("getpid()"), PATIENCE);
  },
);

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
