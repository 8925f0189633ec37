import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Locator, type Page, chromium } from "playwright";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { readLink, writeLink } from "../../web/share/link.ts";
import { chromiumPath } from "../support/chromium.mjs";
import type { IopathStageElement } from "../../web/elements/types.ts";
import { Host } from "./served.ts";

/** The styles of a page that likes itself: none of them may reach the element. */
const STYLES = `* { color: rgb(255, 0, 0) !important; letter-spacing: 3px; }
  svg, button, p { display: none !important; } body { font: 40px serif; direction: ltr; }`;

const page = (origin: string, body: string) => `<!doctype html><html lang="en"><title>A foreign page</title>
  <style>${STYLES}</style><script type="module" src="${origin}/packages/iopath/elements.js"></script>
  <body><h1>About epoll</h1>${body}</body></html>`;

/** A program that a page has written itself. It looks for what it must not find. */
const PROGRAM = `export function start(kernel) {
  kernel.spawn("visitor", function* (sys) {
    const fds = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.write(fds[1], typeof document + " " + typeof fetch);
    yield* sys.read(fds[0], sys.buffer(32));
  });
}`;
const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");

const STAGE = `<iopath-stage scenario="et-hang" tick="120" playground="/tools/iopath/"></iopath-stage>`;

/** How long building, and starting a browser, may take. Unit: ms. */
const PATIENCE = 120_000;

let folder = "";
let files!: Host;
let blog!: Host;
let browser!: Browser;
let open: Page | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "iopath-elements-"));
  await build({ configFile: "vite.elements.config.ts", logLevel: "error", build: { outDir: folder } });
  files = await Host.start({}, { folder, at: "/packages/iopath/" });
  blog = await Host.start({
    "/blog/2026/one.html": page(files.origin, STAGE),
    "/blog/2026/chinese.html": page(
      files.origin,
      `<section lang="zh-CN">${STAGE.replace(" playground", ' theme="dark" playground')}</section>`,
    ),
    "/blog/2026/several.html": page(
      files.origin,
      `${STAGE}<iopath-stage scenario="no-such-thing"></iopath-stage><div style="height: 4000px"></div>
       <iopath-stage id="far" scenario="pipe"></iopath-stage>`,
    ),
    "/blog/2026/program.html": page(
      files.origin,
      `<iopath-stage program="${attribute(PROGRAM)}" playground="/tools/iopath/"></iopath-stage>
       <iopath-stage id="linked" program="${attribute(await writeLink({ v: 1, run: { program: PROGRAM, cpus: 2, seed: 1 }, tick: null, grain: null }))}"></iopath-stage>
       <iopath-stage id="broken" program="const a = ;"></iopath-stage>
       <iopath-stage id="cut" program="#/p/1.AAAA"></iopath-stage>`,
    ),
    "/blog/2026/hostile.html": page(
      files.origin,
      `<iopath-stage scenario="pipe" tick="99999999" grain="tick" playground="javascript:alert(1)"></iopath-stage>
       <iopath-stage scenario="&lt;img src=x onerror=alert(1)&gt;" tick="many"></iopath-stage>`,
    ),
  });
  const executablePath = await chromiumPath();
  browser = await chromium.launch({ ...(executablePath && { executablePath }) });
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await Promise.all([files?.close(), blog?.close()]);
  await rm(folder, { recursive: true });
});

afterEach(async () => {
  await open?.close();
  open = undefined;
});

/** Opens a page, and notes what the elements say. */
async function visit(path: string): Promise<Page> {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "UTC",
    viewport: { width: 900, height: 700 },
  });
  open = await context.newPage();
  await open.addInitScript(() => {
    const told: unknown[] = [];
    Object.assign(globalThis, { told });
    for (const name of ["iopath-ready", "iopath-step", "iopath-error"]) {
      addEventListener(name, (event) => told.push([name, (event as CustomEvent).detail]));
    }
  });
  await open.goto(`${blog.origin}/blog/2026/${path}`);
  return open;
}

/** What runs in the page with the element. */
const ask = <T>(stage: Locator, question: (element: IopathStageElement) => T): Promise<T> =>
  stage.evaluate(question as (element: HTMLElement | SVGElement) => T);

const told = (from: Page) => from.evaluate(() => (globalThis as unknown as { told: [string, object][] }).told);

/** The first element of a page, once it shows something. */
async function stageOf(from: Page) {
  const stage = from.locator("iopath-stage").first();
  await stage.locator("g.shape").first().waitFor({ state: "attached" });
  return stage;
}

describe("an <iopath-stage> of the built files, in a page of another host", { timeout: PATIENCE }, () => {
  test("shows its scenario at its tick, and tells the page", async () => {
    const stage = await stageOf(await visit("one.html"));
    expect(await stage.locator("g.shape").count()).toBeGreaterThan(5);
    expect(await stage.locator(".position").textContent()).toMatch(/^tick 120 \/ \d+$/);
    const [ready, step] = await told(open!);
    expect(ready).toEqual(["iopath-ready", { scenario: "et-hang", ticks: expect.any(Number) as number }]);
    expect(step).toEqual([
      "iopath-step",
      { tick: 120, ticks: expect.any(Number) as number, sentence: await stage.locator(".sentence").textContent() },
    ]);
  });

  test("steps on and back, with its buttons, its slider and its methods", async () => {
    const stage = await stageOf(await visit("one.html"));
    const tick = () => ask(stage, (element) => element.tick);
    await stage.getByRole("button", { name: "Step forward" }).click();
    const next = await tick();
    expect(next).toBeGreaterThan(120);
    await stage.getByRole("button", { name: "Step back" }).click();
    expect(await tick()).toBe(120);
    await stage.getByRole("slider").focus();
    await open!.keyboard.press("End");
    expect(await tick()).toBe(await ask(stage, (element) => element.ticks));
    expect(await stage.getByRole("button", { name: "Step forward" }).isDisabled()).toBe(true);
    await stage.getByRole("button", { name: "To the beginning" }).click();
    expect(await tick()).toBe(0);
    expect(await ask(stage, (element) => (element.step(), element.tick))).toBeGreaterThan(0);
    const steps = (await told(open!)).filter(([name]) => name === "iopath-step");
    expect(steps.length).toBeGreaterThanOrEqual(5);
  });

  test("shows another scenario when it is told to", async () => {
    const stage = await stageOf(await visit("one.html"));
    await stage.evaluate((element) => element.setAttribute("scenario", "pipe"));
    await open!.waitForFunction(() => (globalThis as unknown as { told: unknown[][] }).told.length >= 4);
    const ready = (await told(open!)).filter(([name]) => name === "iopath-ready");
    expect(ready.map(([, detail]) => detail)).toMatchObject([{ scenario: "et-hang" }, { scenario: "pipe" }]);
    expect(await stage.locator(".hit").first().getAttribute("aria-label")).toContain("reader");
  });

  test("runs a program of the page in a sandbox, or one that a link holds", async () => {
    const stage = await stageOf(await visit("program.html"));
    await open!.waitForFunction(() => (globalThis as unknown as { told: unknown[][] }).told.length >= 4);
    expect(await stage.locator(".hit").first().getAttribute("aria-label")).toBeTruthy();
    await stage.getByRole("slider").focus();
    const sentences: string[] = [];
    for (let i = 0; i < 40; i++) {
      await open!.keyboard.press("ArrowRight");
      sentences.push((await stage.locator(".sentence").textContent()) ?? "");
    }
    expect(sentences.join("\n")).toContain("visitor");
    const linked = open!.locator("#linked");
    await linked.locator("g.shape").first().waitFor({ state: "attached" });
    expect(await linked.locator('[aria-label^="CPU"]').count()).toBe(2);
    for (const [id, reason] of [
      ["broken", "SyntaxError"],
      ["cut", "link"],
    ] as const) {
      const error = open!.locator(`#${id} .error`);
      await error.waitFor();
      expect(await error.textContent()).toContain("The program cannot be shown.");
      expect(await error.textContent()).toContain(reason);
    }
    const href = await stage.locator("a").getAttribute("href");
    const share = await readLink(new URL(href!).hash, new Set());
    expect(share.run).toEqual({ program: PROGRAM, cpus: 1, seed: 1 });
  });

  test("loads no sandbox where no program runs", async () => {
    await stageOf(await visit("one.html"));
    const asked = await open!.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    expect(asked.filter((name) => /worker|quickjs|emscripten/.test(name))).toEqual([]);
  });

  test("plays until it is stopped", async () => {
    const stage = await stageOf(await visit("one.html"));
    await stage.getByRole("button", { name: "Play" }).click();
    await stage.getByRole("button", { name: "Pause" }).waitFor();
    await open!.waitForFunction(() => document.querySelector("iopath-stage")!.tick > 122);
    await stage.getByRole("button", { name: "Pause" }).click();
    expect(await ask(stage, (element) => element.playing)).toBe(false);
  });

  test("looks as it should, whatever the styles of the page are", async () => {
    const stage = await stageOf(await visit("one.html"));
    const [display, colour, spacing] = await stage.locator(".sentence").evaluate((sentence) => {
      const { display, color, letterSpacing } = getComputedStyle(sentence);
      return [display, color, letterSpacing];
    });
    expect([display, spacing]).toEqual(["block", "normal"]);
    expect(colour).not.toBe("rgb(255, 0, 0)");
    expect(await open!.locator("h1").evaluate((heading) => getComputedStyle(heading).color)).toBe("rgb(255, 0, 0)");
  });

  test("leads to the same place in the playground", async () => {
    const stage = await stageOf(await visit("one.html"));
    const href = (await stage.getByRole("link", { name: "Open in the playground" }).getAttribute("href"))!;
    expect(href.startsWith(`${blog.origin}/tools/iopath/#/run/`)).toBe(true);
    const share = await readLink(new URL(href).hash, new Set(SCENARIOS.map(({ id }) => id)));
    expect(share).toEqual({ v: 1, run: { scenario: "et-hang" }, tick: 120, grain: "function" });
  });

  test("speaks the language of the page around it, and wears its own theme", async () => {
    const stage = await stageOf(await visit("chinese.html"));
    expect(await stage.locator(".sentence").textContent()).toMatch(/[\u4e00-\u9fff]{4}/);
    expect(await stage.evaluate((element) => getComputedStyle(element).colorScheme)).toBe("dark");
  });

  test("is loaded when it comes near to the window, and its kernel once for all", async () => {
    files.asked.length = 0;
    await stageOf(await visit("several.html"));
    const far = open!.locator("#far");
    expect(await far.locator("g.shape").count()).toBe(0);
    await far.scrollIntoViewIfNeeded();
    await far.locator("g.shape").first().waitFor({ state: "attached" });
    expect(files.asked.filter((path) => path.endsWith(".wasm"))).toHaveLength(1);
  });

  test("says inside of itself what is wrong, and leaves others alone", async () => {
    await stageOf(await visit("several.html"));
    const wrong = open!.locator("iopath-stage[scenario=no-such-thing]");
    const alert = wrong.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain('expected the name of a scenario, found "no-such-thing"');
    expect((await told(open!)).filter(([name]) => name === "iopath-error")).toHaveLength(1);
  });

  test("takes hostile attributes for what they are", async () => {
    let alerted = false;
    const stage = await stageOf(await visit("hostile.html"));
    open!.on("dialog", () => (alerted = true));
    expect(await stage.locator(".position").textContent()).toMatch(/^tick (\d+) \/ \1$/);
    expect(await stage.getByRole("link").count()).toBe(0);
    const second = open!.locator("iopath-stage").nth(1);
    await second.getByRole("alert").waitFor();
    expect(await second.locator("img").count()).toBe(0);
    expect(alerted).toBe(false);
  });

  test("asks no host but the one that it comes from", async () => {
    const hosts = new Set<string>();
    const context = await browser.newContext();
    open = await context.newPage();
    open.on("request", (request) => hosts.add(new URL(request.url()).origin));
    await open.goto(`${blog.origin}/blog/2026/one.html`);
    await stageOf(open);
    expect(hosts).toEqual(new Set([blog.origin, files.origin]));
  });

  test("has nothing that axe-core finds fault with", async () => {
    await stageOf(await visit("one.html"));
    await open!.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core") });
    const violations = await open!.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(on: string): Promise<{ violations: { id: string }[] }> } };
      return (await axe.run("iopath-stage")).violations.map(({ id }) => id);
    });
    expect(violations).toEqual([]);
  });
});

test("the files are found beside each other, and the types need nothing", async () => {
  const names = await readdir(folder);
  expect(names).toEqual(expect.arrayContaining(["elements.js", "elements.d.ts"]));
  expect(names.filter((name) => name.endsWith(".wasm"))).toHaveLength(1);
  expect(await readFile(join(folder, "elements.d.ts"), "utf8")).not.toMatch(/^import|from "/m);
});
