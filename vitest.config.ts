import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumPath } from "./test/support/chromium.mjs";
import { Tally } from "./test/support/tally.ts";
import { isolation } from "./vite.config.ts";

const executablePath = await chromiumPath();

export default defineConfig({
  test: {
    reporters: ["default", new Tally()],
    projects: [
      {
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", "test/scratch/**"],
          benchmark: { include: ["test/**/*.bench.ts"] },
          globalSetup: "test/support/compile-kernel.ts",
        },
      },
      {
        server: { headers: isolation }, // the test page may share memory between threads
        optimizeDeps: { include: ["lit", "lit/decorators.js", "lit/directives/repeat.js", "axe-core"] },
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/support/compile-kernel.ts",
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(executablePath && { executablePath }),
                args: ["--font-render-hinting=none", "--disable-lcd-text"],
              },
              // Without a locale this Chromium says "en-US@posix", on which Intl throws.
              contextOptions: { locale: "en-US", timezoneId: "UTC", reducedMotion: "reduce" },
            }),
            instances: [{ browser: "chromium", viewport: { width: 1280, height: 800 } }],
          },
        },
      },
    ],
  },
});
