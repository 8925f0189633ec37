import { afterAll, beforeAll, expect, test } from "vitest";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Client } from "./client.mjs";
import { Kernel } from "../../lib/index.ts";
import { join } from "node:path";
import { main } from "../../lib/cli/cli.ts";
import { tmpdir } from "node:os";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "iopath-serve-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A command line that runs: what it prints, and its exit code. */
function iopath(args: readonly string[]) {
  const stop = new AbortController();
  const printed = { out: "", err: "" };
  let begun = () => {};
  const listening = new Promise<void>((resolve) => (begun = resolve));
  const code = main(args, {
    out: (text) => {
      printed.out += text;
      begun();
    },
    err: (text) => void (printed.err += text),
    isInteractive: false,
    signal: stop.signal,
  });
  return { printed, code, listening, stop };
}

test("iopath serve --once ends with the last client, and leaves a journal that can be lived through again", async () => {
  const [path, journal] = [join(folder, "socket"), join(folder, "journal")];
  const command = iopath(["serve", "--socket", path, "--once", "--json", "--journal", journal]);
  await command.listening;
  const client = await Client.connect({ name: "client" }, path);
  await client.call("pipe2", { out: 8 }, 0);
  client.close();
  expect(await command.code).toBe(0);
  const lines = command.printed.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { listening: path },
    { came: 1, name: "client" },
    { went: 1, name: "client" },
    { ended: true, tasks: 1, violations: [] },
  ]);
  using again = await Kernel.replay(await readFile(journal, "utf8"));
  expect(again.task(1).name).toBe("client");
  expect(again.check()).toEqual([]);
});

test("iopath serve goes on until it is stopped", async () => {
  const path = join(folder, "stopped");
  const command = iopath(["serve", "--socket", path, "--cpus", "2"]);
  await command.listening;
  const client = await Client.connect({ name: "client" }, path);
  expect((await client.call("getpid")).value).toBe(1);
  command.stop.abort();
  expect(await command.code).toBe(0);
  expect(command.printed.out).toMatch(/1 task, .* of virtual time\n$/);
});

test.each([
  [["serve"], "iopath: serve wants --socket PATH"],
  [["serve", "--socket", "x", "--cpus", "65"], "iopath: --cpus wants a number from 1 to 64, not 65"],
  [["serve", "--socket", "/nowhere/at/all"], "nobody can listen at /nowhere/at/all: "],
])("%j is answered with what is wrong, exit code 2", async (args, message) => {
  const { printed, code } = iopath(args);
  expect(await code).toBe(2);
  expect(printed.err).toContain(message);
});
