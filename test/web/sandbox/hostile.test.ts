import { describe, expect, test } from "vitest";
import { Kernel } from "../../../lib/index.ts";
import { Lines } from "../../../web/scenarios/lines.ts";
import { sandboxed, task } from "./support.ts";

/** Soon over: these programs use up whatever they get. */
const SHORT = { time: 400 };

describe("a program that does not end", () => {
  test.each([
    ["outside a generator", "for (;;);", 0],
    ["in start()", "export function start(kernel) { for (;;); }", 0],
    ["in a generator, between two calls", task("yield* sys.getpid(); for (;;);"), 1],
    ["in a timer", "export function start(kernel) { kernel.world.at(1, () => { for (;;); }); }", 0],
    ["in a signal handler", task("yield* sys.sigaction(10, function* () { for (;;); }); yield* sys.kill(1, 10);"), 2],
    ["in a getter of what it throws", task("throw { get message() { for (;;); } };"), 0],
    ["in toString of what it throws", task("throw { toString() { for (;;); } };"), 0],
    ["in toJSON of its result", task("return { toJSON() { for (;;); } };"), 0],
    ["in a regular expression", task('yield* sys.getpid(); /^(a+)+$/.test("a".repeat(40) + "b");'), 1],
    ["and catches whatever ends it", task("for (;;) { try { for (;;); } catch {} finally { for (;;); } }"), 0],
  ])("%s is cut off in time, and its machine stays as it was", async (_, text, calls) => {
    const run = await sandboxed(text, SHORT);
    expect(run.cut).toBe("time");
    expect(run.error).toBeNull();
    if (run.journal === "") return;
    const kernel = await Kernel.replay(run.journal);
    expect(kernel.check()).toEqual([]);
    expect(kernel.counters.syscalls).toBe(calls);
  });

  test("but makes calls is cut off by their number, and can be stepped up to there", async () => {
    const run = await sandboxed(task("for (;;) yield* sys.getpid();"), { inputs: 1000 });
    expect(run.cut).toBe("inputs");
    const kernel = await Kernel.replay(run.journal);
    expect(kernel.inputs).toBeLessThanOrEqual(1000);
    expect(kernel.counters.syscalls).toBeGreaterThan(900);
    expect(Lines.of(run.lines).lineAt(kernel.ticks, 1)).toBe(4);
  });

  test.each([
    ["maps memory", task("for (;;) try { sys.buffer(4096); } catch {}")],
    ["connects clients", "export function start(kernel) { for (;;) try { kernel.world.connect(1); } catch {} }"],
    ["connects very many clients", "export function start(kernel) { kernel.world.connectMany(1, 1e9); }"],
    ["makes tasks", 'export function start(kernel) { for (;;) kernel.spawn("x", function* () {}); }'],
    [
      "sets timers",
      "export function start(kernel) { const again = (world) => world.at(0, again); for (;;) again(kernel.world); }",
    ],
  ])("but %s is cut off by the inputs of the machine", async (_, text) => {
    const run = await sandboxed(text, { inputs: 2000, time: 20_000 });
    expect(run.cut).toBe("inputs");
    expect((await Kernel.replay(run.journal)).inputs).toBeLessThanOrEqual(2100);
  });

  test("but moves bytes is cut off by their number", async () => {
    const run = await sandboxed(task("const buf = sys.buffer(60000); for (;;) buf.set(new Uint8Array(60000));"), {
      bytes: 2 ** 20,
    });
    expect(run.cut).toBe("bytes");
    expect(run.journal.length).toBeLessThan(8 * 2 ** 20);
  });
});

describe("a program that wants everything", () => {
  test.each([
    ["memory, in arrays", "const all = []; for (;;) all.push('x'.repeat(1000) + all.length);"],
    ["memory, in texts", 'let text = "x"; for (;;) text += text;'],
    ["memory, in buffers", "new ArrayBuffer(2 ** 31 - 1);"],
    ["stack", "const deeper = () => deeper() + 1; deeper();"],
    ["stack, by JSON", 'JSON.parse("[".repeat(1e6));'],
    ["stack, by generators", "function* deeper() { yield* deeper(); } yield* deeper();"],
    ["stack, by way of the machine", 'const more = () => kernel.spawn("x", () => more()); more();'],
    [
      "stack, in a getter of what the machine is asked for",
      "kernel.world.connect(1, { get window() { return kernel.world.connect(1, this); } });",
    ],
  ])("is told that there is no more: %s", async (_, body) => {
    const text = `export function start(kernel) { kernel.spawn("task", function* (sys) { ${body} }); }`;
    const run = await sandboxed(text);
    expect(run.cut).toBeNull();
    expect(run.error!.message).toMatch(
      /out of memory|stack overflow|Maximum call stack|invalid array buffer length|string too long/i,
    );
  });

  test("of the console gets some lines of it", async () => {
    const run = await sandboxed(task('for (let i = 0; i < 1e4; i++) console.log("x".repeat(1e4));'));
    expect(run.console.join("").length).toBeLessThanOrEqual(64 * 1024);
    const short = await sandboxed(task("for (let i = 0; i < 1e4; i++) console.log(i);"));
    expect(short.console.length).toBe(500);
  });

  test("of the disk cannot look at all of it at once", async () => {
    const text =
      'export function start({ world }) { world.file("/f", { size: 2 ** 40 }); world.disk.read("/f", 0, 2 ** 40); }';
    expect((await sandboxed(text)).error!.message).toContain("can look at 1048576 bytes at once");
  });
});

describe("a program that wants out", () => {
  /** What the host has and the engine has not. */
  const OUTSIDE = [
    "process",
    "require",
    "fetch",
    "Worker",
    "postMessage",
    "navigator",
    "setTimeout",
    "WebAssembly",
    "importScripts",
    "$host",
    "$guest",
  ];

  test("finds nothing of the host, by any name or any constructor", async () => {
    const run = await sandboxed(
      task(`
        const names = ${JSON.stringify(OUTSIDE)};
        const found = new Set();
        const look = (of) => { for (const name of names) try { if (name in Object(of) || Object(of)[name]) found.add(name); } catch {} };
        const seen = new Set();
        const walk = (of, depth) => {
          if (of === null || !["object", "function"].includes(typeof of) || seen.has(of) || depth > 6) return;
          seen.add(of);
          look(of);
          try { const make = of.constructor; look(make("return globalThis")()); } catch {}
          for (const key of Reflect.ownKeys(of)) { let part; try { part = of[key]; } catch { continue; } walk(part, depth + 1); }
          walk(Object.getPrototypeOf(of), depth + 1);
        };
        for (const root of [globalThis, sys, kernel, iopath, sys.buffer(8), sys.epoll_events(1), kernel.world.connect(1)]) walk(root, 0);
        look(globalThis);
        look((() => {}).constructor("return this")());
        look(function* () {}.constructor("return this")().next().value);
        look((async () => {}).constructor.constructor("return this")());
        return [seen.size > 300, [...found]];
      `),
    );
    expect(run.error).toBeNull();
    expect(JSON.parse(run.result)).toEqual([true, []]);
  });

  test("changes its own prototypes alone", async () => {
    const text = task(`
      Object.prototype.polluted = "yes";
      Array.prototype.polluted = "yes";
      Function.prototype.polluted = "yes";
      const tricks = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": {"prototype": {"polluted": "yes"}}, "port": 1}');
      try { kernel.world.connect(1, tricks); } catch (error) { console.log(error.message); }
      try { kernel.world.nic.drop(tricks); } catch (error) { console.log(error.message); }
      try { kernel.spawn("__proto__", function* () {}, tricks); } catch (error) { console.log(error.message); }
      yield* sys.getpid();
    `);
    const run = await sandboxed(text);
    expect(run.error).toBeNull();
    expect(run.console.length).toBe(3);
    for (const made of [{}, [], () => {}, run, run.lines]) expect("polluted" in made).toBe(false);
  });

  test.each([
    ["its own JSON", "JSON.stringify = () => '{'; JSON.parse = () => ({}); "],
    ["its own Error", "Error = class { get stack() { throw 1; } }; Error.prototype = null; "],
    ["its own iterators", "Array.prototype[Symbol.iterator] = function* () { yield 1; }; "],
    ["its own maps", "Map.prototype.get = () => undefined; Map.prototype.set = () => undefined; "],
    ["its own arrays", "Array.from = () => [NaN, {}, null]; Array.prototype.push = () => 0; "],
    ["its own numbers", "Number.isSafeInteger = () => true; "],
    ["its own buffers", "Uint8Array.prototype.set = () => 0; ArrayBuffer = null; "],
  ])("with %s breaks itself at most", async (_, change) => {
    const run = await sandboxed(
      task(`${change} yield* sys.getpid(); yield* sys.write(1, "x"); sys.buffer(8).set("y");`),
      SHORT,
    );
    const kernel = run.journal === "" ? null : await Kernel.replay(run.journal);
    expect(kernel?.check() ?? []).toEqual([]);
  });

  test.each([
    ["a number that is none", "sys.call.begin(0).with(0); sys.call.registers[1] = NaN; yield* sys.call;"],
    [
      "a store that is longer than it says",
      "yield* sys.store(0, 'x'); sys.call.begin(-2).with(0, 1e9); sys.call.bytes = new Uint8Array(8); yield* sys.call;",
    ],
    ["a load without end", "sys.call.begin(-2).with(0, 2 ** 50); yield* sys.call;"],
    ["a number of a call that is none", "sys.call.begin(0).with(0); sys.call.nr = 1.5; yield* sys.call;"],
    ["another kind of work", "sys.call.begin(-7).with(1, 2); yield* sys.call;"],
    ["time that runs backwards", "sys.call.begin(-1).with(-5); yield* sys.call;"],
    ["memory by a wrong address", "sys.space.load(NaN, 5);"],
    ["memory of no program", "sys.space.constructor; new sys.space.constructor(99).allocate(5);"],
    ["negative lengths", "sys.space.load(0, -1);"],
    [
      "a handler that is none",
      "sys.space.handlers.addressOf(5); yield* sys.sigaction(10, 0x401000); yield* sys.kill(1, 10);",
    ],
    ["a call of another task", "const other = sys; yield* sys.fork(function* () { yield* other.getpid(); });"],
    ["something else than a call", "yield 5;"],
    ["itself", "yield* { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: sys.call }) }) };"],
  ])("that hands over %s is refused, and the machine keeps its rules", async (_, body) => {
    const run = await sandboxed(task(body), { ...SHORT, inputs: 500 });
    const kernel = await Kernel.replay(run.journal);
    expect(kernel.check()).toEqual([]);
  });

  test.each([
    ["null", "throw null;", "null"],
    ["a symbol", "throw Symbol('s');", "Symbol(s)"],
    [
      "an object whose message throws",
      "throw { get message() { throw 1; } };",
      "something was thrown that cannot be shown",
    ],
    ["an object that is no text", "throw Object.create(null);", "something was thrown that cannot be shown"],
    [
      "a proxy that throws at everything",
      "throw new Proxy({}, { get() { throw 1; }, has() { throw 1; } });",
      "something was thrown that cannot be shown",
    ],
    ["an error with a long message", "throw new Error('x'.repeat(1e5));", "x".repeat(2000)],
  ])("that throws %s is told so in plain words", async (_, body, message) => {
    expect((await sandboxed(task(body))).error).toMatchObject({ message });
  });

  test.each([
    ["in its first line", "const a = ;", 1],
    ["in a task", task("yield* sys.getpid();\nnot.there();"), 5],
    ["in start()", "export function start(kernel) {\n  kernel.nothing();\n}", 2],
    ["in a helper", "function help() {\n  null.x;\n}\nexport function start() {\n  help();\n}", 2],
    ["by what the library says", task('yield* sys.read(3, "text");'), 4],
    ["by a call without yield*", task("sys.getpid();\nyield* sys.getpid();"), 5],
    ["by the library's answer to the world", 'export function start(kernel) {\n  kernel.world.connect("80");\n}', 2],
  ])("that fails %s is told where", async (_, text, line) => {
    const { error } = await sandboxed(text);
    expect([error!.message, error!.line]).toEqual([expect.any(String), line]);
  });

  test.each([
    ["another module", 'import "node:fs";', 'there is no module "node:fs" here'],
    ["another module, later", task('yield* sys.getpid(); const fs = await import("node:fs");'), ""],
    ["a name that the library has not", 'import { Kernel } from "iopath";', "Kernel"],
    ["to wait", "await new Promise(() => {});", "does not await"],
    ["to run the machine itself", "export function start(kernel) { kernel.run(); }", "the page runs the machine"],
    ["nothing", "", "a program exports a function start(kernel)"],
    [
      "options that there are not",
      "export const boot = { wasm: 'x' }; export function start() {}",
      "boot has no option wasm",
    ],
    [
      "to choose by hand",
      "export const boot = { scheduling: 'hand' }; export function start() {}",
      "nobody chooses by hand",
    ],
  ])("that wants %s is told what it can have", async (_, text, message) => {
    const { error } = await sandboxed(text);
    expect(error!.message).toContain(message);
  });
});

test("what a program throws ends its task alone", async () => {
  const run = await sandboxed(`export function start(kernel) {
    kernel.spawn("bad", function* (sys) { yield* sys.getpid(); throw new Error("no"); });
    kernel.spawn("good", function* (sys) { yield* sys.nanosleep({ sec: 0, nsec: 1000 }); console.log("done"); });
  }`);
  expect(run.error).toMatchObject({ name: "Error", message: "no", line: 2 });
  expect(run.console).toEqual(["done"]);
});

test("a name that the library does not have is told with its line", async () => {
  const run = await sandboxed('import {\n  EPOLLIN,\n  EPOLLIM,\n} from "iopath";\nexport function start() {}');
  expect(run.error).toMatchObject({ name: "SyntaxError", line: 3, column: 3 });
  expect(run.error!.message).toContain("'EPOLLIM'");
});

test("chance and time are the machine's own: every run is the same", async () => {
  const text = task(
    "console.log(Math.random(), Math.random(), typeof Date); yield* sys.compute(Math.floor(Math.random() * 1e6));",
  );
  const [first, second] = [await sandboxed(text), await sandboxed(text)];
  expect(first.journal).toBe(second.journal);
  expect(first.console).toEqual(second.console);
  expect(first.console[0]).toContain("undefined");
});

test("a text that is too long is not looked at", async () => {
  expect((await sandboxed("x".repeat(300_000))).error!.message).toContain("at most");
});
