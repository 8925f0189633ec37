import { describe, expect, test } from "vitest";
import { runProgram } from "../../../web/sandbox/run-program.ts";

const never = new AbortController().signal;

describe("a program in a thread of its own", () => {
  test("comes back as a machine that can be gone through, with its lines and what it wrote", async () => {
    const text = `export function start(kernel) {
      kernel.spawn("one", function* (sys) {
        console.log("hello");
        return yield* sys.getpid();
      });
    }`;
    const { kernel, lines, console, error, cut, result } = await runProgram(text, never);
    expect([error, cut, result, console]).toEqual([null, null, 1, ["hello"]]);
    expect(kernel!.tasks.map(({ name }) => name)).toEqual(["one"]);
    expect(lines.lineAt(kernel!.ticks, 1)).toBe(4);
    kernel!.seek(3);
    expect(kernel!.check()).toEqual([]);
  });

  test("is ended at once when nobody waits for it any more, and the page has been alive meanwhile", async () => {
    const controller = new AbortController();
    let beats = 0;
    const heart = setInterval(() => beats++, 10);
    const run = runProgram("for (;;);", controller.signal);
    setTimeout(() => controller.abort(new Error("enough")), 500);
    await expect(run).rejects.toThrow("enough");
    clearInterval(heart);
    expect(beats).toBeGreaterThan(10);
  });

  test("that never ends is cut off by itself", { timeout: 30_000 }, async () => {
    const { kernel, cut } = await runProgram(
      'export function start(kernel) { kernel.spawn("x", function* (sys) { yield* sys.getpid(); for (;;); }); }',
      never,
    );
    expect(cut).toBe("time");
    expect(kernel!.counters.syscalls).toBe(1);
  });

  test("that is none is told so, with the place", async () => {
    const { kernel, error } = await runProgram("const a = 1;\nconst b = ;", never);
    expect(kernel).toBeNull();
    expect(error).toMatchObject({ name: "SyntaxError", line: 2 });
  });
});
