import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { javascriptOf, noted } from "./javascript.ts";
import { questionText } from "./question.ts";

const QUERY = "?program";
const ROOT = join(import.meta.dirname, "../../..");

/** The modules that a program's text comes from: its own; of a question also what questions have in common. */
function sourcesOf(file: string): string[] {
  const folder = dirname(file);
  return folder.endsWith("questions") ? [file, join(folder, "question.ts")] : [file];
}

/**
 * Vite plug-in that makes the programs of the scenarios what the page shows: plain JavaScript. `X.ts?program` is a module
 * that exports that text as `source`, and what the text itself exports: it runs as it is shown, and notes its lines.
 */
export function programs(): Plugin {
  return {
    name: "iopath-programs",
    enforce: "pre",
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      const file = id.slice(0, -QUERY.length);
      const sources = sourcesOf(file);
      for (const one of sources) this.addWatchFile(one);
      const [text = "", shared] = await Promise.all(sources.map((one) => readFile(one, "utf8")));
      const source = await javascriptOf(shared === undefined ? text : questionText(text, shared));
      const library = JSON.stringify(join(ROOT, "lib/index.ts"));
      const code = noted(source).replace(/ from "iopath";/g, ` from ${library};`);
      const lines = JSON.stringify(join(ROOT, "web/scenarios/lines.ts"));
      // The note stands behind the text: lines stay where they are.
      return {
        code: `${code}\nimport { at as $at } from ${lines};\nexport const source = ${JSON.stringify(source)};\n`,
        map: null,
      };
    },
  };
}
