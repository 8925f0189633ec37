import { describe, expect, test } from "vitest";
import { file, iopath, withFolder } from "../support/command-line.ts";
import { Kernel } from "../../lib/index.ts";

withFolder();
let wrong = 0;

/** Two tasks that look whether a pipe is empty, and then write. */
const race = (atomic: boolean) => `
const THREAD = 0x500, EFD_NONBLOCK = 0x800;
export default function setup(kernel) {
  kernel.spawn("main", function* (sys) {
    const fds = [];
    yield* sys.pipe2(fds, 0);
    const token = yield* sys.eventfd(1, EFD_NONBLOCK);
    for (let i = 0; i < 2; i++) {
      yield* sys.clone(THREAD, function* (thread) {
        if (${atomic}) return (yield* thread.read(token, thread.buffer(8))) === 8;
        const waiting = { value: 0 };
        yield* thread.ioctl(fds[0], 0x541b, waiting);
        if (waiting.value > 0) return false;
        yield* thread.write(fds[1], "x");
        return true;
      });
    }
  });
}
export function property(kernel) {
  return kernel.tasks.filter(({ result }) => result === true).length === 1 || "two have won";
}`;

describe("explore", () => {
  test("prints the order that breaks the property, exit code 1", async () => {
    const { code, out, err } = await iopath(["explore", await file("race.mjs", race(false))]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(out).toMatch(/^two have won\n\nmain \(1\): pipe2\(\[3, 4\], 0\) = 0\n/);
    expect(out.match(/ioctl\(3, 0x541b, 0x[0-9a-f]+\) = 0$/gm)).toHaveLength(2);
    expect(out).toContain("with 1 forced switch; ");
  });

  test("tells the same in Chinese", async () => {
    const { code, out } = await iopath(["explore", await file("race-zh.mjs", race(false)), "--language", "zh-CN"]);
    expect(code).toBe(1);
    expect(out).toContain("main (1)：pipe2([3, 4], 0) = 0");
  });

  test("--json has a journal that leads there", async () => {
    const { code, out } = await iopath(["explore", await file("race-json.mjs", race(false)), "--json"]);
    const report = JSON.parse(out) as { journal: string; story: string[] };
    expect(code).toBe(1);
    expect(report).toMatchObject({ broken: true, message: "two have won", switches: 1, complete: false });
    expect(report.story.length).toBeGreaterThan(6);
    const again = await Kernel.replay(report.journal);
    expect(again.counters.syscalls).toBeGreaterThan(6);
    expect(again.check()).toEqual([]);
  });

  test("says that a property holds in every order, exit code 0", async () => {
    const { code, out } = await iopath(["explore", await file("fair.mjs", race(true))]);
    expect(code).toBe(0);
    expect(out).toMatch(/^the property holds in every order; \d+ runs, \d+ states, \d+ runs cut short\n$/);
  });

  test("says so if a bound has ended the search", async () => {
    const { code, out } = await iopath(["explore", await file("short.mjs", race(true)), "--max-runs", "2"]);
    expect(code).toBe(0);
    expect(out).toContain("in all orders that were tried: a bound has ended the search; 2 runs");
    const few = await iopath(["explore", await file("few.mjs", race(false)), "--max-switches", "0"]);
    expect(few).toMatchObject({ code: 0 });
    expect(few.out).toContain("a bound has ended the search");
  });

  test.each([
    ["", "expected function setup(kernel) as the default export, found none"],
    ["export default 3", "expected function setup(kernel) as the default export, found a number"],
    ["export default () => {}", "expected an exported function property(kernel), found none"],
    [
      "export default () => {}; export const property = {}",
      "expected an exported function property(kernel), found an object",
    ],
    [
      "export default () => {}; export const property = () => 3",
      "a property returns true, false or what is wrong in words, not 3",
    ],
    [
      "export default () => {}; export const property = () => true; export const boot = { cpu: 1 }",
      "no boot option is called cpu",
    ],
  ])("a file with %j is answered with what was expected, exit code 2", async (text, message) => {
    const { code, err } = await iopath(["explore", await file(`wrong-${wrong++}.mjs`, text)]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test("help names the options and the exit codes", async () => {
    const { code, out } = await iopath(["explore", "--help"]);
    expect(code).toBe(0);
    expect(out).toContain("Usage: iopath explore FILE");
    expect(out).toContain("--max-runs N");
    expect(out).toContain("Exit code: 0");
  });
});
