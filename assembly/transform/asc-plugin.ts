import { extname, relative, resolve } from "node:path";
import type { Plugin } from "vite";
import { compile } from "./asc.mjs";
import { MODULES } from "./modules.mjs";

/**
 * Vite plug-in that compiles the kernel, and the structures: at the start, and again whenever one of its sources changes. The page then
 * reloads; what the compiler says against a source is shown over the page.
 */
export function kernel(): Plugin {
  const sources = resolve(import.meta.dirname, "..");
  let serving = false;
  return {
    name: "iopath-kernel",
    configResolved(config) {
      serving = config.command === "serve";
    },
    async buildStart() {
      // A server starts all the same: the page says what is wrong, and comes to life when it is put right.
      await compileAll().catch((error: unknown) => {
        if (!serving) throw error;
        this.warn((error as Error).message);
      });
    },
    configureServer(server) {
      server.watcher.add(sources);
      server.watcher.on("all", async (_event, file) => {
        if (relative(sources, file).startsWith("..") || extname(file) !== ".ts") return;
        try {
          const begin = performance.now();
          if (!(await compileAll())) return;
          server.config.logger.info(`kernel compiled in ${(performance.now() - begin).toFixed(0)} ms`, {
            timestamp: true,
          });
          server.ws.send({ type: "full-reload" });
        } catch (error) {
          const { message } = error as Error;
          server.config.logger.error(message, { timestamp: true });
          server.ws.send({ type: "error", err: { message, stack: "", plugin: "iopath-kernel" } });
        }
      });
    },
  };
}

/** Compiles what is not up to date. Returns whether there was anything. */
async function compileAll(): Promise<boolean> {
  const compiled = await Promise.all(MODULES.map(compile));
  return compiled.includes(true);
}
