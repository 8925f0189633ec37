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
