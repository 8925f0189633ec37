import { describe, expect, test } from "vitest";
import * as library from "../../lib/index.ts";
import { type Kernel, type Program, SA_RESTART, SIGUSR1, type Sys } from "../../lib/index.ts";
import { Run } from "../../web/model/run.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";
import { Lines, at } from "../../web/scenarios/lines.ts";
import type { ShownProgram } from "../../web/scenarios/running.ts";
import { javascriptOf, noted } from "../../web/scenarios/text/javascript.ts";

const SHOWN = SCENARIOS.filter(({ recorded }) => !recorded);

/** The exports of a text as it stands there, without anything that notes its lines. */
async function exportsOf(source: string): Promise<ShownProgram> {
  const body = source
    .replace(/^import \{([^}]*)\} from "iopath";/m, "const {$1} = library;")
    .replaceAll(/^export (function|const) (\w+)/gm, "const $2_ = (exports.$2 = () => $2);\n$1 $2");
  const module = `export const make = (library) => { const exports = {}; ${body}; return exports; };`;
  const { make } = (await import(`data:text/javascript,${encodeURIComponent(module)}`)) as {
    make: (names: typeof library) => Record<string, () => unknown>;
  };
  const made = Object.entries(make(library)).map(([name, value]) => [name, value()]);
  return Object.fromEntries(made) as ShownProgram;
}

describe("a program of the page", () => {
  test.each(SHOWN)("$id does the same whether its lines are noted or not", async ({ start }) => {
    const { kernel, lines, source } = await start();
    const plain = await exportsOf(source);
    const again = await library.Kernel.boot(plain.boot ?? {});
    plain.start(again);
    again.run();
    expect(kernel.digest()).toBe(again.digest());
    expect(kernel.journal).toBe(again.journal);
    const text = source.split("\n");
    for (const { pid, enter, text: call } of new Run(kernel).calls) {
      const line = lines!.lineAt(enter, pid);
      const name = /^\w+/.exec(call)![0];
      if (name === "exit" || name === "rt_sigreturn") continue; // the program's end has no line
      expect(line, call).toBeGreaterThan(0);
      // What makes the call stands there, unless something of the library makes it.
      expect(text[line - 1], `${call}, line ${line}`).toMatch(/yield\*|^\s*(sys|own|child)\./);
    }
  });

  test.each(SHOWN)("$id is shown as plain JavaScript that imports from iopath alone", async ({ start }) => {
    const { source } = await start();
    const imports = [...source.matchAll(/from "([^"]*)"/g)].map(([, name]) => name);
    expect(imports.filter((name) => name !== "iopath")).toEqual([]);
    expect(source).toContain("export function start(kernel)");
  });
});

describe("a TypeScript program", () => {
  const text = `import { AF_INET, type Kernel, type Program } from "../../../lib/index.ts";
import type { Other } from "./other.ts";

type Steps<T> = Generator<T>;

/** What it does. */
const server: Program = function* (sys) {
  const fds: number[] = []; // both
  const [a, b] = fds as [number, number];
  yield* sys.write(a!, "as: string", b satisfies number);
};

export function start(kernel: Kernel, more?: Map<string, number>): void {
  kernel.spawn("server", server);
}
`;

  test("is shown without its types, with its comments and its texts", async () => {
    expect(await javascriptOf(text)).toMatchInlineSnapshot(`
      "import { AF_INET } from "iopath";

      /** What it does. */
      function* server(sys) {
        const fds = []; // both
        const [a, b] = fds;
        yield* sys.write(a, "as: string", b);
      }

      export function start(kernel, more) {
        kernel.spawn("server", server);
      }"
    `);
  });

  test("notes the line of each call, and keeps its lines", async () => {
    const shown = await javascriptOf(text);
    const code = noted(shown);
    expect(code.split("\n").length).toBe(shown.split("\n").length);
    expect(code).toContain('yield* $at(7, sys.write(a, "as: string", b));');
  });
});

/** Runs programs that note their lines by hand. */
async function run(...programs: readonly Program[]): Promise<{ kernel: Kernel; lines: Lines }> {
  const kernel = await library.Kernel.boot();
  const lines = new Lines();
  programs.forEach((program, i) => kernel.spawn(`task ${i + 1}`, program));
  kernel.run({ onCall: lines.note });
  return { kernel, lines };
}

describe("the lines of a run", () => {
  test("tell where each task stands, also while another one runs", async () => {
    const { kernel, lines } = await run(
      function* (sys) {
        yield* at(10, sys.nanosleep({ sec: 0, nsec: 100_000 }));
        yield* at(11, sys.getpid());
      },
      function* (sys) {
        yield* at(20, sys.getpid());
        yield* at(21, sys.getpid());
      },
    );
    const { calls } = new Run(kernel);
    const [sleep, first, second] = calls;
    expect([sleep!.text, first!.pid, second!.pid]).toEqual([expect.stringContaining("nanosleep"), 2, 2]);
    expect(lines.lineAt(0, 1)).toBe(0);
    expect(lines.lineAt(second!.enter, 1)).toBe(10);
    expect(lines.lineAt(second!.enter, 2)).toBe(21);
    expect(lines.lineAt(kernel.ticks, 1)).toBe(11);
  });

  test("a call that a task makes without a note of its own has the line of its last one", async () => {
    const { kernel, lines } = await run(function* (sys) {
      yield* at(10, sys.getpid());
      yield* sys.gettid();
    });
    expect(lines.lineAt(kernel.ticks, 1)).toBe(10);
    expect(lines.nextAt(10, 0)).not.toBe(lines.nextAt(10, lines.nextAt(10, 0)!));
  });

  test("say when a line is reached next, and after the last time the first one", async () => {
    const { kernel, lines } = await run(function* (sys) {
      for (let i = 0; i < 3; i++) yield* at(10, sys.getpid());
    });
    const enters = new Run(kernel).calls.filter(({ text }) => text.startsWith("getpid")).map(({ enter }) => enter);
    const reached = [0, ...enters].map((from) => lines.nextAt(10, from));
    expect(reached).toEqual([...enters, enters[0]]);
    expect(lines.nextAt(11, 0)).toBeNull();
    expect([...lines.calling]).toEqual([10]);
  });

  test("of a handler are its own", async () => {
    const { kernel, lines } = await run(function* (sys) {
      yield* at(
        5,
        sys.sigaction(SIGUSR1, function* (own) {
          yield* at(6, own.gettid());
        }),
      );
      yield* at(8, sys.kill(yield* at(7, sys.getpid()), SIGUSR1));
      yield* at(9, sys.getppid());
    });
    const lineOf = (name: string) => {
      const { enter } = new Run(kernel).calls.find(({ text }) => text.startsWith(name))!;
      return lines.lineAt(enter, 1);
    };
    expect(["rt_sigaction", "getpid", "kill", "gettid", "getppid"].map(lineOf)).toEqual([5, 7, 8, 6, 9]);
  });

  test("are those of the interrupted call again, once a handler has ended", async () => {
    const { kernel, lines } = await run(function* (sys) {
      const fds: number[] = [];
      yield* at(3, sys.pipe2(fds));
      yield* at(4, sys.sigaction(SIGUSR1, { handler: handles, flags: SA_RESTART }));
      const parent = yield* at(5, sys.getpid());
      yield* at(
        6,
        sys.fork(function* (child) {
          yield* at(20, child.nanosleep({ sec: 0, nsec: 100_000 }));
          yield* at(21, child.kill(parent, SIGUSR1));
          yield* at(22, child.nanosleep({ sec: 0, nsec: 100_000 }));
          yield* at(23, child.write(fds[1]!, "x"));
        }),
      );
      yield* at(8, sys.read(fds[0]!, sys.buffer(1)));
    });
    function* handles(own: Sys) {
      yield* at(12, own.gettid());
    }
    const { calls } = new Run(kernel);
    const handled = calls.find(({ text }) => text.startsWith("gettid"))!;
    const written = calls.find(({ text }) => text.startsWith("write"))!;
    expect([handled.enter, written.enter].map((tick) => lines.lineAt(tick, 1))).toEqual([12, 8]);
  });

  test("survive being sent as numbers", async () => {
    const { kernel, lines } = await run(function* (sys) {
      for (let i = 0; i < 3; i++) yield* at(10 + i, sys.getpid());
    });
    const sent = Lines.of(lines.packed);
    for (let tick = 0; tick <= kernel.ticks; tick++) expect(sent.lineAt(tick, 1)).toBe(lines.lineAt(tick, 1));
  });
});

test("who watches the calls of a run watches that run alone", async () => {
  const kernel = await library.Kernel.boot();
  kernel.spawn("two", function* (sys) {
    yield* sys.nanosleep({ sec: 0, nsec: 100_000 });
    yield* sys.getpid();
  });
  const seen: number[] = [];
  kernel.run({ until: () => seen.length > 0, onCall: (pid) => seen.push(pid) });
  kernel.run();
  expect(seen).toEqual([1]);
});
