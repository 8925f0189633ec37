// @ts-check
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Where a Chrome or Chromium usually is on the systems that the npm package has none for. */
const INSTALLED = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: [
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
  ],
  linux: ["/usr/bin/chromium", "/usr/bin/google-chrome", "/usr/bin/chromium-browser"],
};

/**
 * The Chromium that browser tests run in: CHROMIUM_PATH if it is set; on Linux, x64, the one that the npm package
 * @sparticuz/chromium carries, unpacked into node_modules/.cache on first use; elsewhere an installed one.
 *
 * @returns {Promise<string | undefined>} Path of an executable; undefined leaves the search to Playwright.
 */
export async function chromiumPath() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  if (process.platform === "linux" && process.arch === "x64") return unpack();
  const candidates = INSTALLED[/** @type {keyof typeof INSTALLED} */ (process.platform)] ?? [];
  return candidates.find((path) => existsSync(path));
}

async function unpack() {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const entry = createRequire(import.meta.url).resolve("@sparticuz/chromium");
  const { version } = JSON.parse(readFileSync(resolve(dirname(entry), "../package.json"), "utf8"));
  const cache = join(root, "node_modules/.cache");
  const home = join(cache, `chromium-${version}`);
  const executable = join(home, "chromium");
  if (existsSync(executable)) return executable;

  mkdirSync(cache, { recursive: true });
  const draft = mkdtempSync(join(cache, "chromium-"));
  const { TMPDIR } = process.env;
  process.env.TMPDIR = draft; // the package unpacks into os.tmpdir()
  try {
    const { default: chromium } = await import("@sparticuz/chromium");
    await chromium.executablePath();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
  try {
    renameSync(draft, home);
  } catch {
    rmSync(draft, { recursive: true, force: true }); // another process was first
  }
  return executable;
}
