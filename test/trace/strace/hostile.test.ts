import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../../lib/errors.ts";
import { parseStrace } from "../../../lib/trace/strace/strace.ts";

/** Reads, or refuses in the one way there is. */
function readOrRefuse(text: string): InputError | undefined {
  try {
    parseStrace(text, { name: "a.strace" });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return error as InputError;
  }
}

const recorded = readFileSync(new URL("../../traces/threads-and-signals.strace", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => !line.includes("LC_"));

const MANY = 200_000;

describe("brackets 200,000 deep are refused, not followed", () => {
  test.each(["[", "{", "(", "f(", "{a=", "{a={b=[", "~[", "[[1]=", "1*2<<", "a or b && (", "- "])("%s", (opening) => {
    expect(readOrRefuse(`1 call(${opening.repeat(MANY)}) = 0\n`)).toBeDefined();
  });

  test("and the error says how deep is too deep", () => {
    expect(readOrRefuse(`1 call(${"[".repeat(MANY)}\n`)?.message).toBe(
      `a.strace:1:73: expected at most 64 values inside each other, found "[[[[[[[[[[[[[[[[[[[[[[[["`,
    );
  });

  test("but 60 deep are read", () => {
    expect(readOrRefuse(`1 call(${"[".repeat(60)}${"]".repeat(60)}) = 0\n`)).toBeUndefined();
  });
});

describe("long lines and files of one thing are read or refused in one pass", () => {
  test.each<[string, string]>([
    ["a million arguments", `1 call(${"1, ".repeat(1_000_000)}1) = 0\n`],
    ["a million flags", `1 call(${"A|".repeat(1_000_000)}B) = 0\n`],
    ["a million digits", `1 call(${"7".repeat(1_000_000)}) = 0\n`],
    ["a million hexadecimal digits", `1 call(0x${"f".repeat(1_000_000)}) = 0\n`],
    ["a million quotes", `1 call(${'"'.repeat(1_000_000)}) = 0\n`],
    ["a million backslashes", `1 call("${"\\".repeat(1_000_000)}") = 0\n`],
    ["a million angle brackets", `1 call(3${"<".repeat(1_000_000)}) = 0\n`],
    ["a million arrows", `1 call(3<a:[${"->".repeat(1_000_000)}) = 0\n`],
    ["a million nested parentheses in a text", `1 call() = 0 ${"(".repeat(1_000_000)}\n`],
    ["a million comments", `1 call(${"/* */".repeat(200_000)}) = 0\n`],
    ["a million blanks", `${" ".repeat(1_000_000)}1${" ".repeat(1_000_000)}call() = 0\n`],
    ["a long annotation of digits", `1 call(3<TCP:[${"1:".repeat(500_000)}]>) = 0\n`],
    ["a long device name", `1 call(3</${"<char ".repeat(200_000)}${">".repeat(200_000)}>) = 0\n`],
    ["notices that hold a line back", "call(strace: Process 1 attached\n".repeat(50_000)],
    [
      "tasks that never come back",
      Array.from({ length: 50_000 }, (_, i) => `${i} read(3,  <unfinished ...>\n`).join(""),
    ],
    ["one task that never comes back", "1 read(3,  <unfinished ...>\n".repeat(50_000)],
    ["empty lines", "\n".repeat(1_000_000)],
  ])("%s", (_, text) => {
    readOrRefuse(text);
  });
});

test("any text is read or refused", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => void readOrRefuse(text)));
});

test("text made of strace's own pieces is read or refused", () => {
  const piece = fc.constantFrom(
    ..."1 2 [pid 3] 1795378858.1 12:34:56 close( ) , [ ] { } = => ? <... resumed> <unfinished ...> <detached ...> +++ --- "
      .concat(
        'exited with killed by SIGKILL strace: Process 4 attached NULL 0x1f 022 "a" ... /* */ | << && a= 3<pipe:[4]> \n',
      )
      .split(" ")
      .flatMap((word) => [word, `${word} `, " "]),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void readOrRefuse(pieces.join(""))),
    { numRuns: 5000 },
  );
});

test("a recording with pieces changed, cut out, doubled or moved is read or refused", () => {
  const line = fc.nat(recorded.length - 1).map((index) => recorded[index] ?? "");
  const mutation = fc.record({
    at: fc.nat(400),
    remove: fc.nat(6),
    insert: fc.oneof(
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.stringMatching(/^[()[\]{}<>",=|\\/*+.? 0-9a-zA-Z-]{0,4}$/),
      line.chain((other) =>
        fc.tuple(fc.nat(200), fc.nat(40)).map(([from, length]) => other.slice(from, from + length)),
      ),
    ),
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, fc.array(mutation, { maxLength: 3 })), { minLength: 1, maxLength: 8 }),
      (lines) => {
        const texts = lines.map(([original, mutations]) =>
          mutations.reduce((text, { at, remove, insert }) => {
            const start = at % (text.length + 1);
            return text.slice(0, start) + insert + text.slice(start + remove);
          }, original),
        );
        const error = readOrRefuse(texts.map((text) => `${text}\n`).join(""));
        if (!error) return;
        const all = texts.join("\n").split("\n");
        expect(error.line).toBeLessThanOrEqual(all.length);
        expect(error.column).toBeLessThanOrEqual((all[error.line - 1]?.length ?? 0) + 1);
      },
    ),
    { numRuns: 3000 },
  );
});

test("a recording cut anywhere is read up to its last line", () => {
  const text = recorded.slice(-120).join("\n");
  fc.assert(
    fc.property(fc.nat(text.length - 400), (cut) => {
      const from = 400 + cut;
      expect(readOrRefuse(text.slice(0, from))).toBeUndefined();
    }),
  );
});
