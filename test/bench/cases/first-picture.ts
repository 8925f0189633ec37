import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type Page, chromium } from "playwright";
import { build } from "vite";
import { Host } from "../../elements/served.ts";
import { chromiumPath } from "../../support/chromium.mjs";
import { type Figure, median } from "../measure.ts";

/** How many times slower than this machine the CPU is made: a phone, or an old laptop. */
const SLOWER = 4;
/** How often each page is opened. */
const VISITS = 5;

/** A page, and what says that it can be seen. */
interface Visited {
  readonly name: string;
  readonly hash: string;
  /** When it could be seen, in ms since it was asked for; 0: it cannot yet. */
  readonly seen: () => number;
}

const seenPicture = () => performance.getEntriesByName("iopath:picture")[0]?.startTime ?? 0;

const PAGES: readonly Visited[] = [
  {
    name: "gallery",
    hash: "",
    seen: () => {
      const gallery = document.querySelector("iop-app")?.shadowRoot?.querySelector("iop-gallery");
      return (gallery?.shadowRoot?.querySelectorAll("li").length ?? 0) > 5 ? performance.now() : 0;
    },
  },
  { name: "run", hash: "#/run/echo?tick=200", seen: seenPicture },
  { name: "question", hash: "#/run/et-not-empty", seen: seenPicture },
];

/** How long a newcomer waits until something is drawn: the built site, nothing stored, on a slow machine. */
export async function firstPicture(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), "iopath-bench-"));
  process.env["NODE_ENV"] = "production";
  await build({ configFile: "vite.config.ts", logLevel: "error", build: { outDir: folder } });
  const index = await readFile(join(folder, "index.html"), "utf8");
  const host = await Host.start({ "/": index }, { folder, at: "/" });
  const executablePath = await chromiumPath();
  const browser = await chromium.launch({ ...(executablePath && { executablePath }) });
  try {
    const figures: Figure[] = [];
    for (const page of PAGES) figures.push(await figureOf(browser, host.origin, page));
    return figures;
  } finally {
    await browser.close();
    await host.close();
    await rm(folder, { recursive: true });
  }
}

async function figureOf(browser: Browser, origin: string, { name, hash, seen }: Visited): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < VISITS; i++) {
    const context = await browser.newContext({ serviceWorkers: "block", locale: "en-US", timezoneId: "UTC" });
    const page = await context.newPage();
    await slowDown(page);
    await page.goto(`${origin}/${hash}`, { waitUntil: "commit" });
    times.push((await (await page.waitForFunction(seen, undefined, { polling: 10 })).jsonValue()) || 0);
    await context.close();
  }
  const all = times.map((time) => time.toFixed(0)).join(", ");
  const detail = `the built site in Chromium, an empty cache, the CPU ${SLOWER} times slower; ${VISITS} visits: ${all} ms`;
  return { name: `first picture, ${name}`, value: median(times), unit: "ms", detail };
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}
