import type { Plugin } from "vite";

/** What asks for JSON in an import. */
const ASKED = /, \{ with: \{ type: "json" \} \}/g;

/**
 * Contenders read versions out of packages' JSON. Vite makes a script of each, which a browser refuses where JSON was asked
 * for: so in the page it is not asked for.
 */
export function versions(): Plugin {
  return {
    name: "iopath-versions",
    enforce: "pre",
    transform: {
      filter: { id: /\/lib\/race\/contenders\/[\w-]+\.ts$/ },
      handler: (code) => ({ code: code.replace(ASKED, (found) => " ".repeat(found.length)), map: null }),
    },
  };
}

/** What loads a contender's code. */
const LOADED = /\bimport\("[^"]+"\)/g;

/** The built page needs contenders' names alone: their code is in its Workers, and not there a second time. */
export function names(): Plugin {
  return {
    name: "iopath-names",
    enforce: "pre",
    apply: "build",
    transform: {
      filter: { id: /\/lib\/race\/contenders\/[\w-]+\.ts$/ },
      handler: (code) => ({
        code: code.replace(LOADED, 'Promise.reject(new Error("it runs in a Worker"))'),
        map: null,
      }),
    },
  };
}
