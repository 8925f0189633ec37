import { join } from "node:path";
import { type Plugin, build } from "vite";

const QUERY = "?guest";

/** Takes the words out of the table of layouts: nobody reads them in the sandbox. */
const wordless: Plugin = {
  name: "iopath-wordless",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/layout.gen.ts")) return null;
    return { code: code.replace(/ ?\b(?:doc|source): "(?:[^"\\]|\\.)*",?/g, ""), map: null };
  },
};

/** Vite plug-in: `X.ts?guest` exports the module and all that it imports as one text, to be run in another engine. */
export function guests(): Plugin {
  let made: Promise<string> | undefined;
  return {
    name: "iopath-guests",
    enforce: "pre",
    watchChange(id) {
      if (/\/(lib|web\/sandbox)\//.test(id)) made = undefined;
    },
    async load(id) {
      if (!id.endsWith(QUERY)) return null;
      made ??= textOf(id.slice(0, -QUERY.length));
      return { code: `export default ${JSON.stringify(await made)};`, map: null };
    },
  };
}

async function textOf(entry: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    root: join(import.meta.dirname, "../.."),
    plugins: [wordless],
    build: {
      write: false,
      minify: true,
      target: "es2023",
      lib: { entry, formats: ["es"], fileName: "guest" },
    },
  });
  const [{ output } = { output: [] }] = (Array.isArray(built) ? built : [built]) as {
    output: { type: string; code?: string }[];
  }[];
  const chunk = output.find(({ type }) => type === "chunk");
  if (!chunk?.code) throw new Error(`${entry} could not be bundled`);
  return chunk.code;
}
