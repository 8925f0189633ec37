import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { chromiumPath } from "./test/support/chromium.mjs";
import { ownedInNode, servedInNode, walkedInNode } from "./test/support/in-node.ts";
import { Tally } from "./test/support/tally.ts";
import { isolation } from "./vite.config.ts";
import { guests } from "./web/sandbox/plugin.ts";
import { languages } from "./web/later/plugin.ts";
import { versions } from "./web/race/plugin.ts";
import { programs } from "./web/scenarios/text/plugin.ts";

const directives = ["class-map", "guard", "if-defined", "keyed", "live", "ref", "repeat", "style-map"].map(
  (name) => `lit/directives/${name}.js`,
);
const executablePath = await chromiumPath();

export default defineConfig({
  test: {
    reporters: ["default", new Tally()],
    projects: [
      {
        plugins: [programs(), guests(), languages()],
        test: {
          name: "node",
          environment: "node",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", "test/scratch/**"],
          benchmark: { include: ["test/**/*.bench.ts"] },
          globalSetup: "test/support/compile-kernel.ts",
          setupFiles: "test/support/seed.ts",
        },
      },
      {
        plugins: [programs(), guests(), languages(), versions()],
        worker: { format: "es", plugins: () => [guests(), versions()] },
        server: { headers: isolation }, // the test page may share memory between threads
        // Known from the start: a dependency that Vite only meets on the way makes it load the test page again.
        optimizeDeps: {
          include: [
            "@assemblyscript/loader",
            "@codemirror/commands",
            "@codemirror/lang-javascript",
            "@codemirror/language",
            "@codemirror/state",
            "@codemirror/view",
            "@jitl/quickjs-wasmfile-release-sync",
            "@lezer/highlight",
            "@js-sdsl/ordered-map",
            "axe-core",
            "bintrees",
            "data-structure-typed",
            "denque",
            "fast-check",
            "functional-red-black-tree",
            "lit",
            "lit/decorators.js",
            "mnemonist",
            "pbf",
            "quickjs-emscripten-core",
            "ringbufferjs",
            "sorted-btree",
            "valibot",
            "yallist",
            ...directives,
          ],
        },
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/support/compile-kernel.ts",
          browser: {
            enabled: true,
            headless: true,
            commands: { ownedInNode, servedInNode, walkedInNode },
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
