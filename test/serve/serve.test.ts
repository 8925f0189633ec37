import { type ChildProcess, spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Client, sigaction, timespec } from "./client.mjs";
import { mkdtemp, rm } from "node:fs/promises";
import type { Kernel } from "../../lib/index.ts";
import { MachineServer, type ServeOptions } from "../../lib/serve/server.ts";
import { boot } from "../support/boot.ts";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { tmpdir } from "node:os";

const EINTR = 4;

let folder = "";
let path = "";
let server: MachineServer | null = null;
const scripts: Script[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "iopath-serve-"));
  path = join(folder, "socket");
});
afterEach(async () => {
  for (const script of scripts.splice(0)) script.process.kill("SIGKILL");
  await server?.close();
  server = null;
  await rm(folder, { recursive: true });
});

/** A machine that is served. */
async function serve(options: ServeOptions = {}): Promise<Kernel> {
  const kernel = await boot();
  server = new MachineServer(kernel, options);
  await server.listen(path);
  return kernel;
}

/** A script that runs as a process of its own, and the lines that it tells. */
class Script {
  readonly process: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly ended: Promise<number | null>;
  #errors = "";

  constructor(name: string, ...args: string[]) {
    const file = fileURLToPath(new URL(`scripts/${name}.mjs`, import.meta.url));
    const env = { ...process.env, SOCKET: path };
    this.process = spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.process.stderr!.on("data", (text: Buffer) => (this.#errors += text.toString()));
    this.#lines = createInterface({ input: this.process.stdout! })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => this.process.once("exit", (code) => resolve(code)));
    scripts.push(this);
  }

  /** The next thing that it tells. */
  async next(): Promise<unknown> {
    const { done, value } = await this.#lines.next();
    if (done) throw new Error(`the script ended: ${this.#errors}`);
    return JSON.parse(value) as unknown;
  }
}

test("two processes talk through a TCP connection and an epoll of the machine", async () => {
  const kernel = await serve();
  const echo = new Script("server");
  expect(await echo.next()).toBe("listening");
  const client = new Script("client");
  expect(await client.next()).toEqual(["HELLO", "WORLD"]);
  expect(await echo.next()).toEqual(["hello", "world", ""]);
  expect(await Promise.all([echo.ended, client.ended])).toEqual([0, 0]);
  await server!.ended;
  expect(kernel.check()).toEqual([]);
  expect(kernel.tasks.map(({ name, state }) => [name, state])).toEqual([
    ["server", "zombie"],
    ["client", "zombie"],
  ]);
});

test("a process that is killed in the middle of a call closes its descriptors: its peer sees the end", async () => {
  const kernel = await serve();
  const echo = new Script("server");
  expect(await echo.next()).toBe("listening");
  const client = new Script("client", "wait");
  expect(await client.next()).toEqual(["HELLO", "WORLD"]);
  expect(await client.next()).toBe("asleep");
  client.process.kill("SIGKILL");
  expect(await echo.next()).toEqual(["hello", "world", ""]);
  await server!.ended;
  expect(kernel.check()).toEqual([]);
});

test("a child shares the open files of its parent, under descriptors of its own", async () => {
  const kernel = await serve();
  const parent = new Script("parent");
  const told = [await parent.next(), await parent.next()];
  expect(told).toContainEqual({ child: 2 });
  expect(told).toContainEqual({ parent: ["first ", "second"] });
  await server!.ended;
  // The child slept for three seconds while the parent slept in read(): nobody waited for that.
  expect(kernel.now).toBeGreaterThanOrEqual(3e9);
  expect(kernel.check()).toEqual([]);
});

test("time jumps once every task sleeps in a call, and not before", async () => {
  const kernel = await serve();
  const busy = await Client.connect({ name: "busy" }, path);
  const sleeper = new Script("sleeper");
  expect(await sleeper.next()).toEqual({ asleep: 2 });
  await busy.call("getpid");
  expect(kernel.now).toBeLessThan(1e9);
  // Half an hour is over before an hour is.
  const slept = busy.call("nanosleep", timespec(1_800_000), 0);
  expect((await slept).value).toBe(0);
  expect(Math.floor(kernel.now / 1.8e12)).toBe(1);
  busy.close();
  expect(await sleeper.next()).toEqual({ value: 0, hours: 1, signals: [] });
});

test("a task that is busy outside for long may let time pass", async () => {
  await serve();
  const busy = await Client.connect({ name: "busy" }, path);
  const sleeper = new Script("sleeper");
  expect(await sleeper.next()).toEqual({ asleep: 2 });
  await busy.request({ op: "clock", holds: false });
  expect(await sleeper.next()).toEqual({ value: 0, hours: 1, signals: [] });
  busy.close();
});

test("time waits for as many tasks as are said to come", async () => {
  const kernel = await serve({ tasks: 2 });
  const sleeper = new Script("sleeper");
  expect(await sleeper.next()).toEqual({ asleep: 1 });
  expect(kernel.now).toBeLessThan(1e9);
  const other = await Client.connect({ name: "other" }, path);
  await other.request({ op: "exit" });
  expect(await sleeper.next()).toEqual({ value: 0, hours: 1, signals: [] });
});

test("a handler interrupts a call in which a task sleeps, and runs in the client", async () => {
  await serve();
  const other = await Client.connect({ name: "other" }, path);
  const sleeper = new Script("sleeper");
  expect(await sleeper.next()).toEqual({ asleep: 2 });
  const SIGUSR1 = 10;
  await other.request({ op: "signal", task: 2, signo: SIGUSR1 });
  expect(await sleeper.next()).toEqual({ value: -EINTR, hours: 0, signals: [10] });
  other.close();
});

test("a handler with SA_RESTART lets the call go on, with what it makes in between", async () => {
  await serve();
  const SA_RESTART = 0x1000_0000;
  const main = await Client.connect({ name: "main" }, path);
  const made = await main.call("pipe2", { out: 8 }, 0);
  const [reader, writer] = [0, 4].map((at) => made.out[0]!.readInt32LE(at));
  const other = await Client.connect({ name: "other", parent: main.task }, path);
  await main.call("rt_sigaction", 10, sigaction(SA_RESTART), 0, 8);
  const heard = main.read(reader!);
  await other.request({ op: "signal", task: main.task, signo: 10 });
  await other.request({ op: "signal", task: main.task, signo: 10 });
  await other.write(writer!, "late");
  expect(await heard).toBe("late");
  expect(main.signals).toEqual([10, 10]);
  main.close();
  other.close();
});

test("a signal that nobody handles ends the task, and its client is told", async () => {
  const kernel = await serve();
  const SIGTERM = 15;
  const other = await Client.connect({ name: "other" }, path);
  const sleeper = new Script("sleeper");
  expect(await sleeper.next()).toEqual({ asleep: 2 });
  await other.request({ op: "signal", task: 2, signo: SIGTERM });
  await sleeper.ended;
  expect(kernel.task(2).state).toBe("zombie");
  other.close();
  await server!.ended;
  expect(kernel.check()).toEqual([]);
});

test("a thread shares its process's descriptors", async () => {
  const kernel = await serve();
  const main = await Client.connect({ name: "main" }, path);
  const thread = await Client.connect({ name: "thread", parent: main.task, files: "shared" }, path);
  expect(await main.request({ op: "reserve", fd: 0 })).toMatchObject({ value: 0 });
  const { value: fd } = await thread.call("eventfd2", 5, 0);
  expect(fd).toBe(1);
  expect((await main.call("read", fd, { out: 8 }, 8)).out[0]!.readBigUInt64LE()).toBe(5n);
  main.close();
  thread.close();
  await server!.ended;
  expect(kernel.check()).toEqual([]);
});

test("a child whose process never comes is given up after a while", async () => {
  const kernel = await serve({ patience: 20 });
  const parent = await Client.connect({ name: "parent" }, path);
  expect((await parent.call("fork")).value).toBe(2);
  parent.close();
  await server!.ended;
  expect(kernel.task(2).state).toBe("gone");
});
