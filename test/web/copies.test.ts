import { expect, test } from "vitest";
import type { CounterValues } from "../../lib/index.ts";
import { callsOf } from "../../lib/trace/calls.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

/** The calls of each road, in the order in which the question's program walks them. */
const ROADS: Readonly<Record<string, readonly string[]>> = {
  "read + write": ["read", "write"],
  "mmap + write": ["mmap", "write"],
  sendfile: ["sendfile"],
  splice: ["splice", "splice"],
};

test("question 20: its verdict is what the counters of its run show, road by road", async () => {
  const { question, start } = SCENARIOS.find(({ id }) => id === "copies")!;
  const { kernel } = await start();
  const calls = callsOf(kernel, [...kernel.trace]);
  const counters = (tick: number): CounterValues => (kernel.seek(tick), kernel.counters);
  const sleeps = calls.filter(({ text }) => text.startsWith("nanosleep"));
  const said: string[] = [];
  for (const [i, [road, names]] of Object.entries(ROADS).entries()) {
    // The road begins when the file has been forgotten, and is over when the next sleep is, in which the card fetches it.
    const walked = calls.filter(({ enter }) => enter > sleeps[i]!.exit! && enter < sleeps[i + 1]!.enter);
    const [first, ...rest] = walked.slice(walked.findIndex(({ text }) => text.startsWith("fadvise64")) + 1);
    const own = [first!, ...rest].slice(0, names.length);
    expect(own.map(({ text }) => text.split("(")[0])).toEqual(names);
    const begin = counters(first!.enter - 1);
    const end = counters(own.at(-1)!.exit!);
    const arrived = counters(sleeps[i + 1]!.exit!);
    const copies = (arrived.cpuCopiedBytes - begin.cpuCopiedBytes) / 4096;
    const transfers = (arrived.dmaBytes - begin.dmaBytes) / 4096;
    said.push(`${road}: ${end.modeSwitches - begin.modeSwitches}, ${Math.floor(copies)}, ${transfers}`);
  }
  expect(said).toEqual(["read + write: 4, 2, 2", "mmap + write: 4, 1, 2", "sendfile: 2, 0, 2", "splice: 4, 0, 2"]);
  const verdict = question!.verdict.en.replaceAll(
    / (switches|copies by the CPU|transfers by DMA|\(and a page fault\))/g,
    "",
  );
  for (const one of said) expect(verdict).toContain(one);
});

test("question 21: TLS takes sendfile's gain away only where the program does it", () => {
  const verdict = SCENARIOS.find(({ question }) => question?.number === 21)!.question!.verdict;
  expect(verdict.en).toContain("kTLS");
  expect(verdict["zh-CN"]).toContain("kTLS");
});
