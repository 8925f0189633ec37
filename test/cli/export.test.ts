import { describe, expect, test } from "vitest";
import { file, inFolder, iopath, withFolder } from "../support/command-line.ts";
import { readFile } from "node:fs/promises";

withFolder();

const PIPE = `export default function* main(sys) {
  const fds = [];
  yield* sys.pipe2(fds, 0);
  yield* sys.write(fds[1], "hello");
  yield* sys.read(fds[0], sys.buffer(16));
}`;

describe("iopath export", () => {
  test("writes a program in C to the standard output", async () => {
    const { code, out, err } = await iopath(["export", await file("pipe.mjs", PIPE), "--c"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain('GIVES(5, write(4, "hello", 5));');
  });

  test("writes a journal to a file, and reads it again as a run", async () => {
    const program = await file("journal.mjs", PIPE);
    const journal = inFolder("run.jsonl");
    expect(await iopath(["export", program, "--journal", "-o", journal])).toEqual({ code: 0, out: "", err: "" });
    expect(await readFile(journal, "utf8")).toMatch(/^\{"iopath":"journal","version":1,/);
    const again = await iopath(["export", journal, "--journal"]);
    expect(again.out).toBe(await readFile(journal, "utf8"));
  });

  test("writes traces for Perfetto and in Chrome's format", async () => {
    const program = await file("traces.mjs", PIPE);
    const { out: chrome } = await iopath(["export", program, "--chrome"]);
    const { traceEvents } = JSON.parse(chrome) as { traceEvents: { name: string }[] };
    expect(traceEvents.map(({ name }) => name)).toContain("pipe2");
    const trace = inFolder("run.perfetto-trace");
    expect(await iopath(["export", program, "--perfetto", "--output", trace])).toMatchObject({ code: 0, out: "" });
    const bytes = await readFile(trace);
    expect(bytes[0]).toBe(0x0a); // the first packet
    expect(bytes.includes("pipe2")).toBe(true);
  });

  test.each([[[]], [["--c", "--chrome"]]])("with the forms %j is answered with how it is right", async (forms) => {
    const { code, err } = await iopath(["export", await file("form.mjs", PIPE), ...forms]);
    expect(code).toBe(2);
    expect(err).toContain(`export wants one of --perfetto, --chrome, --c, --journal, not ${forms.length}`);
  });

  test("of a run that C cannot repeat says which call is in the way, exit code 1", async () => {
    const program = await file("map.mjs", "export default function* (sys) { yield* sys.mmap(0, 4096, 3, 34, -1, 0); }");
    const { code, out, err } = await iopath(["export", program, "--c"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^mmap\(\) cannot be written in C: it is about the addresses of mapped memory/);
  });

  test("of what is no journal says where and what was expected, exit code 2", async () => {
    const { code, err } = await iopath(["export", await file("bad.jsonl", "{}"), "--chrome"]);
    expect(code).toBe(2);
    expect(err).toContain("journal:1:1: expected the first line of a journal");
  });

  test("to a place that cannot be written says so, exit code 2", async () => {
    const out = inFolder("nowhere/at/all");
    const { code, err } = await iopath(["export", await file("out.mjs", PIPE), "--chrome", "-o", out]);
    expect(code).toBe(2);
    expect(err).toContain(`${out} cannot be written: ENOENT`);
  });

  test("--help names its options and exit codes", async () => {
    const { out } = await iopath(["export", "--help"]);
    expect(out).toContain("Usage: iopath export FILE --perfetto|--chrome|--c|--journal");
    expect(out).toMatch(/^ {2}-o, --output OUT {2}/m);
    expect(out).toContain("Exit code: 0");
  });
});
