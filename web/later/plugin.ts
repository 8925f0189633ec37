import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Plugin, parseAst, runnerImport } from "vite";
import { type Layout, packedLayout } from "./layout-text.ts";

const QUERY = /\?language=(en|zh-CN)$/;
const LANGUAGES: readonly string[] = ["en", "zh-CN"];
const STAND_INS = join(import.meta.dirname, "stand-ins.ts");
/** What the library's kernel has at hand, and a page later. */
const LATER: ReadonlySet<string> = new Set(["./see/sentences.ts", "./see/invariants.ts"]);

/** A node of a syntax tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/** The languages that a node is an object of, if it has a part for each; else none. */
function translationsIn(node: Node): readonly { readonly language: string; readonly part: Node }[] {
  if (node.type !== "ObjectExpression") return [];
  const parts = (node["properties"] as Node[]).map((part) => {
    const key = part["key"] as { readonly name?: string; readonly value?: string } | undefined;
    return { language: key?.name ?? key?.value ?? "", part };
  });
  return LANGUAGES.every((one) => parts.some(({ language }) => language === one)) ? parts : [];
}

/** The stretches of a module that are in other languages. */
function foreign(node: unknown, language: string): Node[] {
  if (Array.isArray(node)) return node.flatMap((one) => foreign(one, language));
  if (typeof node !== "object" || node === null) return [];
  const others = translationsIn(node as Node).filter((one) => one.language !== language);
  return others.length > 0 ? others.map(({ part }) => part) : foreign(Object.values(node), language);
}

/** A module with its texts in one language alone, as are those of the modules beside it. */
export function inLanguage(text: string, language: string): string {
  let left = text;
  for (const { start, end } of foreign(parseAst(text, { lang: "ts" }), language).toSorted((a, b) => b.start - a.start))
    left = left.slice(0, start) + left.slice(end).replace(/^\s*,/, "");
  return left.replaceAll(/^(import \{[^}]*\} from "\.\/[\w-]+\.ts)"/gm, `$1?language=${language}"`);
}

/**
 * Vite plug-in with which the sentences of each language are a module of their own: `X.ts?language=en` is X.ts without
 * other languages.
 */
export function languages(): Plugin {
  return {
    name: "iopath-languages",
    enforce: "pre",
    async load(id) {
      const language = QUERY.exec(id)?.[1];
      if (language === undefined) return null;
      const file = id.replace(QUERY, "");
      this.addWatchFile(file);
      return { code: inLanguage(await readFile(file, "utf8"), language), map: null };
    },
  };
}

/**
 * Vite plug-in for what is needed before the first picture of a run: the library's kernel comes without the sentences and
 * the rules that are always at hand elsewhere. A page loads them when it has drawn.
 */
export function later(): Plugin {
  return {
    name: "iopath-later",
    enforce: "pre",
    resolveId(source, importer) {
      return LATER.has(source) && importer?.endsWith("/lib/kernel.ts") ? STAND_INS : null;
    },
  };
}

/** Vite plug-in that makes the layout of the kernel's structures a text, which is half as long; see layout-text.ts. */
export function shortLayout(): Plugin {
  return {
    name: "iopath-short-layout",
    enforce: "pre",
    apply: "build",
    async load(id) {
      if (!id.endsWith("/lib/layout.gen.ts")) return null;
      const { module } = await runnerImport<{ layout: Layout }>(id, { configFile: false, logLevel: "error" });
      const text = JSON.stringify(packedLayout(module.layout));
      const reader = JSON.stringify(join(import.meta.dirname, "layout-text.ts"));
      const code = `import { unpackedLayout } from ${reader};\nexport const layout = /* @__PURE__ */ unpackedLayout(${text});\n`;
      return { code, map: null };
    },
  };
}
