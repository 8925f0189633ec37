import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { MachineServer } from "../../lib/serve/server.ts";
import { boot } from "../support/boot.ts";
import { execFile, execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { promisify } from "node:util";
import { tmpdir } from "node:os";

const source = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Whether C programs can be compiled here, for a Linux whose system calls have the machine's numbers. */
function hasCompiler(): boolean {
  if (process.platform !== "linux" || process.arch !== "x64") return false;
  try {
    execFileSync("cc", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!hasCompiler())(
  "a C program, whose calls a preloaded library hands in (needs cc on x86-64 Linux)",
  () => {
    let folder = "";
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "iopath-preload-"));
      const compile = (args: string[]) => promisify(execFile)("cc", ["-O1", ...args, "-lpthread", "-ldl"]);
      await compile(["-o", join(folder, "epoll"), source("epoll.c")]);
      await compile(["-shared", "-fPIC", "-o", join(folder, "preload.so"), source("preload.c")]);
    });
    afterAll(() => rm(folder, { recursive: true }));

    /** What the program prints, on the kernel of this computer or with more in its environment. */
    async function printed(environment: Record<string, string> = {}): Promise<string> {
      const env = { ...process.env, ...environment };
      return (await promisify(execFile)(join(folder, "epoll"), [], { env, timeout: 20_000 })).stdout;
    }

    test("prints on the machine what it prints on the kernel of this computer", async () => {
      const kernel = await boot();
      const server = new MachineServer(kernel);
      const path = join(folder, "socket");
      await server.listen(path);
      try {
        const simulated = await printed({ LD_PRELOAD: join(folder, "preload.so"), IOPATH_SOCKET: path });
        await server.ended;
        expect(simulated.split("\n").length).toBeGreaterThan(60);
        expect(simulated).toBe(await printed());
      } finally {
        await server.close();
      }
      // It has a thread and two children. 120 ms have passed: those that it slept in, and only there.
      expect(kernel.tasks).toHaveLength(4);
      expect(Math.round(kernel.now / 1e6)).toBe(120);
      expect(kernel.check()).toEqual([]);
    });
  },
);
