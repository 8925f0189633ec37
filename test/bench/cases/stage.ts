import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build, preview } from "vite";
import { chromiumPath } from "../../support/chromium.mjs";
import { guests } from "../../../web/sandbox/plugin.ts";
import { programs } from "../../../web/scenarios/text/plugin.ts";
import { type Figure, median } from "../measure.ts";
import type { Asked, Measured } from "../stage/page.ts";

const ROOT = join(import.meta.dirname, "../stage");
const STEPS = 200;

/** How long the page takes for a step: from the key to a stage that is laid out, in Chromium. */
export async function stage(): Promise<Figure[]> {
  // Otherwise the page would be built with the parts of Lit that look for errors.
  process.env["NODE_ENV"] = "production";
  const outDir = mkdtempSync(join(tmpdir(), "iopath-stage-"));
  const shared = { root: ROOT, configFile: false, logLevel: "error" } as const;
  await build({
    ...shared,
    base: "./",
    plugins: [programs(), guests()],
    worker: { format: "es", plugins: () => [guests()] },
    build: { target: "es2023", outDir, emptyOutDir: true },
  });
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0, strictPort: false } });
  const executablePath = await chromiumPath();
  const browser = await chromium.launch({ ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: "en-US", timezoneId: "UTC" });
    await page.goto(server.resolvedUrls!.local[0]!);
    await page.waitForFunction("window.measure");
    const measure = (asked: Asked) => page.evaluate(`window.measure(${JSON.stringify(asked)})`) as Promise<Measured>;
    const many = await measure({ files: 10_000, expanded: [], steps: STEPS });
    const drawn = await measure({ files: 500, expanded: ["objects", "objects#1"], steps: STEPS });
    return [
      ...figures("10,000 items in one epoll instance", many),
      ...figures(`${drawn.shapes} things on the stage`, drawn),
    ];
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true });
  }
}

/** The value that so large a part of some numbers does not exceed. */
function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function figures(what: string, { times, layouts, intervals, shapes }: Measured): Figure[] {
  const most = quantile(times, 0.95);
  return [
    {
      name: `a step of the page, ${what}`,
      value: median(times),
      unit: "ms",
      goal: 16,
      detail:
        `median of ${times.length} steps, from the key to a page that is laid out; 95 %: ${most.toFixed(1)} ms, the quickest: ${Math.min(...times).toFixed(1)} ms; ` +
        `styles and layout alone: ${median(layouts).toFixed(1)} ms; ` +
        `a step in every frame: ${median(intervals).toFixed(1)} ms from frame to frame; ${shapes} things drawn`,
    },
  ];
}
