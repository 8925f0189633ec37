import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recording, written } from "../../support/recordings.ts";
import { InputError, replayStrace } from "../../../lib/index.ts";

describe("a text that strace did not write", () => {
  test.each([
    ["#!/bin/sh\n", 1, 1, "the name of a system call"],
    ["1 1.000000 read(3, , 5) = 0\n", 1, 20, "a value"],
    ["1 1.000000 close(3) = 0\n1 1.000001 close(3 = 0\n", 2, 20, '"," or ")"'],
  ])("is refused with its place: %j", async (text, line, column, expected) => {
    const refused = await replayStrace(text, { name: "server.strace" }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(InputError);
    expect(refused).toMatchObject({ source: "server.strace", line, expected });
    expect((refused as InputError).column).toBeGreaterThanOrEqual(column);
    expect((refused as InputError).message).toContain(`server.strace:${line}:`);
  });
});

test("a recording of nothing is a replay of nothing", async () => {
  const replay = await replayStrace("");
  expect(replay.io).toBe(0);
  expect(replay.firstMismatch).toBeNull();
});

describe("numbers beyond belief", () => {
  test.each([
    'read(3, ""..., 99999999999) = 9007199254740991',
    'write(3, ""..., 9007199254740991) = 9007199254740991',
    "epoll_wait(3, [], 2147483647, 2147483647) = 0",
    "dup2(0, 2147483647) = 2147483647",
    "dup(0) = 2147483646",
    `bind(3, {sa_family=AF_INET, sin_port=htons(99999), sin_addr=inet_addr("999.1.1.1")}, 16) = 0`,
    `connect(3, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("999.1.1.1")}, 16) = 0`,
    "fcntl(0, F_DUPFD, 99999999999999999999) = 5",
    'pread64(0</x>, "", 9007199254740991, 9007199254740991) = 0',
    "lseek(0</x>, 9007199254740991, SEEK_END) = 9007199254740991",
    "epoll_pwait2(3, [], 8, {tv_sec=9007199254740991, tv_nsec=999999999}, NULL, 8) = 0 <9007199.254740>",
    "socket(AF_INET, 99999999999, 18446744073709551615) = 0",
    "accept4(4<TCP:[127.0.0.1:65536]>, NULL, NULL, 0) = 5<TCP:[127.0.0.1:99999->127.0.0.1:99999]>",
    "clone(child_stack=NULL, flags=CLONE_FILES) = 2147483647",
  ])("are no reason to stop: %s", async (line) => {
    const replay = await replayStrace(written(line), { name: "written" });
    expect(replay.calls.length).toBe(1);
    expect(replay.kernel.check()).toEqual([]);
  });
});

/** Parts of the recordings with much going on, so that each takes little time. */
const parts = [
  recording("threads-and-signals").split("\n"),
  [
    ...recording("python-selectors").split("\n").slice(1288, 1400),
    ...recording("python-selectors").split("\n").slice(3740),
  ],
  recording("node-http").split("\n").slice(295, 460),
];
const numbers = ["-1", "0", "1", "5", "17", "1024", "2147483647", "9007199254740993"];
const change = fc.record({
  kind: fc.constantFrom("drop", "repeat", "swap", "number", "cut"),
  at: fc.nat(),
  other: fc.nat(),
  value: fc.constantFrom(...numbers),
});

function apply(
  lines: string[],
  { kind, at, other, value }: { kind: string; at: number; other: number; value: string },
): void {
  const [i, j] = [at % lines.length, other % lines.length];
  const line = lines[i]!;
  if (kind === "drop") lines.splice(i, 1);
  else if (kind === "repeat") lines.splice(i, 0, lines[j]!);
  else if (kind === "swap") [lines[i], lines[j]] = [lines[j]!, line];
  else if (kind === "cut") lines[i] = line.slice(0, other % (line.length + 1));
  else {
    const found = [...line.matchAll(/(?<![\w.])-?\d+(?![\w.])/g)].slice(1);
    const match = found[other % (found.length || 1)];
    if (match) lines[i] = line.slice(0, match.index) + value + line.slice(match.index + match[0].length);
  }
}

test("whatever becomes of a recording, it is refused with its place or replayed, and the machine stays sound", async () => {
  const outcomes = { refused: 0, replayed: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.nat(parts.length - 1),
      fc.array(change, { minLength: 1, maxLength: 5 }),
      async (part, changes) => {
        const lines = [...parts[part]!];
        for (const one of changes) apply(lines, one);
        const replay = await replayStrace(lines.join("\n")).catch((error: unknown) => error);
        if (replay instanceof Error) {
          expect(replay).toBeInstanceOf(InputError);
          outcomes.refused++;
        } else {
          expect((replay as Awaited<ReturnType<typeof replayStrace>>).kernel.check()).toEqual([]);
          outcomes.replayed++;
        }
      },
    ),
    { numRuns: 60 },
  );
  expect(outcomes.replayed).toBeGreaterThan(0);
});
