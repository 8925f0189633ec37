/*
 * Takes the pictures of the README: npm run pictures.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build } from "vite";
import { Host } from "../elements/served.ts";
import { chromiumPath } from "./chromium.mjs";

/** What is taken: where, in which theme, how large, and what must be seen before. Unit: px. */
const PICTURES = [
  { file: "web/picture.png", hash: "#/run/echo?tick=200", theme: "dark", width: 1440, height: 1080, seen: "ep_ready" },
] as const;

const folder = await mkdtemp(join(tmpdir(), "iopath-pictures-"));
await build({ configFile: "vite.config.ts", logLevel: "error", build: { outDir: folder } });
const host = await Host.start({ "/": await readFile(join(folder, "index.html"), "utf8") }, { folder, at: "/" });
const executablePath = await chromiumPath();
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: ["--font-render-hinting=none", "--disable-lcd-text"],
});
for (const { file, hash, theme, width, height, seen } of PICTURES) {
  const context = await browser.newContext({
    locale: "en-US",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    colorScheme: theme,
    viewport: { width, height },
  });
  const page = await context.newPage();
  await page.goto(`${host.origin}/${hash}`);
  await page.getByText(seen).first().waitFor();
  await page.waitForTimeout(1000); // what is loaded late: lanes, fonts
  await page.screenshot({ path: file });
  await context.close();
  console.log(file);
}
await browser.close();
await host.close();
await rm(folder, { recursive: true });
