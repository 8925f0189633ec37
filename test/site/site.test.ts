import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Browser, type Page, chromium } from "playwright";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Host } from "../elements/served.ts";
import { chromiumPath } from "../support/chromium.mjs";

/** How long building, and starting a browser, may take. Unit: ms. */
const PATIENCE = 120_000;
/** A sub-folder of a host that knows nothing of the page. */
const AT = "/tools/iopath/";
/** Most JavaScript that is asked for before something is shown. Unit: bytes, by gzip. */
const MOST = { gallery: 120_000, run: 215_000 };

let folder = "";
let host!: Host;
let browser!: Browser;
let open: Page | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "iopath-site-"));
  // As `npm run build` does it: Vitest says that this is a test.
  vi.stubEnv("NODE_ENV", "production");
  await build({ configFile: "vite.config.ts", logLevel: "error", build: { outDir: folder } });
  vi.unstubAllEnvs();
  const index = await readFile(join(folder, "index.html"), "utf8");
  host = await Host.start({ [AT]: index }, { folder, at: AT });
  const executablePath = await chromiumPath();
  browser = await chromium.launch({ ...(executablePath && { executablePath }) });
}, PATIENCE);

afterAll(async () => {
  await browser?.close();
  await host?.close();
  await rm(folder, { recursive: true });
});

afterEach(async () => {
  await open?.context().close();
});

/** A page of a new profile, with all that it has asked for. */
async function visit(hash: string): Promise<{ page: Page; asked: string[]; errors: string[] }> {
  const context = await browser.newContext({ locale: "en-US", timezoneId: "UTC", reducedMotion: "reduce" });
  const page = (open = await context.newPage());
  const asked: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${host.origin}${AT}${hash}`);
  return { page, asked, errors };
}

test(
  "the first page is shown from a sub-folder, with little JavaScript, and asks no other host for anything",
  async () => {
    const { page, asked, errors } = await visit("");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.getByRole("link", { name: /buffer goes from empty to non-empty/ }).waitFor();
    expect(asked.filter((url) => !url.startsWith(`${host.origin}${AT}`))).toEqual([]);
    expect(await loadedUntil(page, Infinity)).toBeLessThanOrEqual(MOST.gallery);
    expect(errors).toEqual([]);
  },
  PATIENCE,
);

test(
  "the first picture of a run stands before sentences, rules, editor, and all else that it does not need is asked for",
  async () => {
    const { page, errors } = await visit("#/run/echo?tick=200");
    const at = await page.waitForFunction(() => performance.getEntriesByName("iopath:picture")[0]?.startTime);
    const before = await loadedUntil(page, (await at.jsonValue())!);
    expect(before).toBeLessThanOrEqual(MOST.run);
    // They come then, by themselves.
    await page.locator("iop-transport .sentence:not(:empty)", { hasText: /\w/ }).waitFor();
    await page.getByText("All invariants hold").waitFor();
    expect(await loadedUntil(page, Infinity)).toBeGreaterThan(before);
    expect(errors).toEqual([]);
  },
  PATIENCE,
);

test(
  "after the first visit everything works without a network, also what was not looked at",
  async () => {
    const { page, errors } = await visit("");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.waitForFunction(
      async () => (await navigator.serviceWorker.getRegistration())?.active?.state === "activated",
    );
    // The worker takes over from the next load on.
    await page.reload();
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.context().setOffline(true);
    await page.reload();
    await page.getByRole("link", { name: /buffer goes from empty to non-empty/ }).click();
    await page.getByRole("button", { name: "Step forward" }).click();
    await expect.poll(() => tickOf(page)).toBeGreaterThan(0);
    await page.goto(`${host.origin}${AT}#/run/recorded?tick=40`);
    await page.getByText("tick 40 /").waitFor();
    expect(errors).toEqual([]);
  },
  PATIENCE,
);

test(
  "a newcomer's walk: gallery, question, guess, answer, one step back, a link, Chinese on a phone",
  async () => {
    const { page, errors } = await visit("");
    await page.getByRole("searchbox").fill("empty non-empty");
    await page.getByRole("link", { name: /buffer goes from empty to non-empty/ }).click();
    await page.getByRole("button", { name: /No: new data makes an event/ }).click();
    await page.getByRole("button", { name: "Go to the answer" }).click();
    await page.getByText("Your guess was right.").waitFor();
    const answered = await tickOf(page);
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => tickOf(page)).toBeLessThan(answered);
    const tick = await tickOf(page);
    await expect.poll(() => page.url()).toContain(`#/run/et-not-empty?tick=${tick}`);
    const link = page.url();
    await page.context().close();

    const context = await browser.newContext({
      locale: "zh-CN",
      timezoneId: "UTC",
      viewport: { width: 360, height: 740 },
      reducedMotion: "reduce",
    });
    const phone = (open = await context.newPage());
    await phone.goto(link);
    await phone.getByRole("heading", { name: "边缘触发（ET）只在缓冲区从空变为非空时触发吗？" }).waitFor();
    expect(await tickOf(phone)).toBe(tick);
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(errors).toEqual([]);
  },
  PATIENCE,
);

/** How much JavaScript a page has asked for up to a time. Unit: bytes, by gzip. */
async function loadedUntil(page: Page, time: number): Promise<number> {
  const scripts = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType("resource")
        .flatMap(({ name, startTime }) => (/assets\/.*\.js$/.test(name) && startTime < until ? [name] : [])),
    time,
  );
  expect(scripts.length).toBeGreaterThan(1);
  const sizes = await Promise.all(
    scripts.map(async (url) => gzipSync(await readFile(join(folder, new URL(url).pathname.slice(AT.length)))).length),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function tickOf(page: Page): Promise<number> {
  return Number(await page.locator("iop-transport input[type=range]").inputValue());
}
