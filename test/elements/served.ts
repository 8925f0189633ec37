import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** A plain host of files, as there are many: files below a folder at a path, and pages that are given as texts. */
export class Host {
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param pages  texts by path. @param files  a folder, and the path at which it is found; for pages of all hosts. */
  static async start(
    pages: Readonly<Record<string, string>>,
    files?: { readonly folder: string; readonly at: string },
  ): Promise<Host> {
    const answer = async ({ url = "/" }: IncomingMessage, response: ServerResponse): Promise<void> => {
      const path = new URL(url, "http://host").pathname;
      host.asked.push(path);
      try {
        const body =
          pages[path] ??
          (files && path.startsWith(files.at)
            ? await readFile(join(files.folder, normalize(path.slice(files.at.length))))
            : null);
        if (body === null) throw new Error("not found");
        const type = TYPES[extname(path)] ?? TYPES[".html"]!;
        response.writeHead(200, { "content-type": type, ...(files && { "access-control-allow-origin": "*" }) });
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    };
    const server = createServer((request, response) => void answer(request, response));
    const host = new Host(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return host;
  }

  /** Where it is, without a slash at the end. */
  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
