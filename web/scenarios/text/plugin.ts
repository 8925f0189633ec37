import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";
import { javascriptOf, noted } from "./javascript.ts";
import { questionText } from "./question.ts";

const QUERY = "?program";
const ROOT = join(import.meta.dirname, "../../..");

/** The text of a program as it is shown. @param file  its module: of a program, or of a question. */
async function shownText(file: string): Promise<string> {
  const text = await readFile(file, "utf8");
  const isQuestion = dirname(file).endsWith("questions");
  return javascriptOf(isQuestion ? questionText(text, await readFile(sharedBy(file), "utf8")) : text);
}

/** The module of what questions have in common. */
function sharedBy(file: string): string {
  return join(dirname(file), "question.ts");
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
      this.addWatchFile(file);
      this.addWatchFile(sharedBy(file));
      const source = await shownText(file);
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
