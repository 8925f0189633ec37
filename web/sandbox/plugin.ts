import { join } from "node:path";
import { type Plugin, build } from "vite";

const NAME = "virtual:iopath-guest";
const ENTRY = join(import.meta.dirname, "guest/main.ts");

/** Takes the words out of the table of layouts: nobody reads them in the sandbox. */
const wordless: Plugin = {
  name: "iopath-wordless",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/layout.gen.ts")) return null;
    return { code: code.replace(/ ?\b(?:doc|source): "(?:[^"\\]|\\.)*",?/g, ""), map: null };
  },
};

/** Vite plug-in: `virtual:iopath-guest` exports guest/main.ts and all that it imports as one text, for another engine. */
export function guests(): Plugin {
  let made: Promise<string> | undefined;
  return {
    name: "iopath-guests",
    enforce: "pre",
    watchChange(id) {
      if (/\/(lib|web\/sandbox)\//.test(id)) made = undefined;
    },
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    async load(id) {
      if (id !== `\0${NAME}`) return null;
      made ??= guestText();
      return { code: `export default ${JSON.stringify(await made)};`, map: null };
    },
  };
}

async function guestText(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    root: join(import.meta.dirname, "../.."),
    plugins: [wordless],
    build: {
      write: false,
      minify: true,
      target: "es2023",
      lib: { entry: ENTRY, formats: ["es"], fileName: "guest" },
    },
  });
  const [{ output } = { output: [] }] = (Array.isArray(built) ? built : [built]) as {
    output: { type: string; code?: string }[];
  }[];
  const chunk = output.find(({ type }) => type === "chunk");
  if (!chunk?.code) throw new Error(`${ENTRY} could not be bundled`);
  return chunk.code;
}
