import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

/** What is kept: everything that the page could ask for. */
const KEPT = /\.(?:html|css|js|wasm|svg)$/;

/**
 * Vite plug-in that puts a service worker beside the built page, which keeps all of its files: after the first visit
 * the page needs no network. A build with other files is another version; its worker takes over when no page of the
 * old version is open any more, so that a page never meets files of two versions.
 */
export function offline(): Plugin {
  return {
    name: "iopath-offline",
    apply: "build",
    enforce: "post",
    async generateBundle(_, bundle) {
      const files = Object.keys(bundle).filter((name) => KEPT.test(name));
      // Names hold hashes of what is inside; only that of the page itself does not.
      const page = bundle["index.html"];
      const text = page?.type === "asset" ? String(page.source) : "";
      const version = createHash("sha256").update(files.toSorted().join("\n")).update(text).digest("hex").slice(0, 16);
      const worker = await readFile(join(import.meta.dirname, "service-worker.js"), "utf8");
      const paths = ["./", ...files.toSorted().map((name) => `./${name}`)];
      const source = worker.replace('"VERSION"', JSON.stringify(version)).replace("[]", JSON.stringify(paths));
      this.emitFile({ type: "asset", fileName: "service-worker.js", source });
    },
  };
}
