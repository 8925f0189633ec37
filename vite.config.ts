import { defineConfig } from "vite";
import { kernel } from "./assembly/transform/asc-plugin.ts";
import { offline } from "./web/offline/plugin.ts";
import { guests } from "./web/sandbox/plugin.ts";
import { languages, later, shortLayout } from "./web/later/plugin.ts";
import { names, versions } from "./web/race/plugin.ts";
import { programs } from "./web/scenarios/text/plugin.ts";

/** Headers of a page that may share memory between threads. Static hosts cannot set them: nothing depends on them. */
export const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Whether there is a desktop that a browser could be opened on. */
const desktop =
  !process.env["CI"] &&
  (process.platform !== "linux" || Boolean(process.env["DISPLAY"] ?? process.env["WAYLAND_DISPLAY"]));

export default defineConfig({
  root: "web",
  base: "./", // the built site works in any folder of any host
  plugins: [kernel(), programs(), guests(), languages(), later(), shortLayout(), versions(), names(), offline()],
  worker: { format: "es", plugins: () => [guests(), versions()] },
  server: { headers: isolation, open: desktop, fs: { allow: [import.meta.dirname] } },
  preview: { headers: isolation },
  build: { target: "es2023", outDir: "../dist-web", emptyOutDir: true, sourcemap: true },
});
