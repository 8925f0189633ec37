import { readFile } from "node:fs/promises";
import { type Plugin, defineConfig } from "vite";
import { kernel } from "./assembly/transform/asc-plugin.ts";
import { later, languages } from "./web/later/plugin.ts";
import { guests } from "./web/sandbox/plugin.ts";
import { programs } from "./web/scenarios/text/plugin.ts";

/** The types of iopath/elements are a file without imports, which is published as it stands. */
function types(): Plugin {
  return {
    name: "iopath-element-types",
    async generateBundle() {
      const source = await readFile("web/elements/types.ts", "utf8");
      this.emitFile({ type: "asset", fileName: "elements.d.ts", source });
    },
  };
}

/**
 * Builds iopath/elements for other pages: a module with all that it needs beside it, found relatively. Not a library
 * in Vite's sense, which would put the kernel into the script.
 */
export default defineConfig({
  root: "web",
  base: "./",
  publicDir: false,
  plugins: [kernel(), programs(), guests(), languages(), later(), types()],
  // The sandbox for programs of a page: a thread of its own, loaded when one runs.
  worker: { format: "es", plugins: () => [guests()] },
  build: {
    target: "es2023",
    outDir: "../dist/elements",
    emptyOutDir: true,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: "web/elements/index.ts",
      preserveEntrySignatures: "strict",
      // A recording is not for other pages, and larger than all else.
      external: /\.strace\?raw$/,
      output: {
        entryFileNames: "elements.js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
});
