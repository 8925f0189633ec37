import { describe, expect, test } from "vitest";
import { InputError } from "../../../lib/errors.ts";
import { parseStrace } from "../../../lib/trace/strace/strace.ts";

function errorOf(text: string): InputError {
  try {
    parseStrace(text, { name: "a.strace" });
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("expected an InputError, but the text was read");
}

describe("what strace does not write is refused with its place", () => {
  test.each([
    ["hello world\n", 1, 6, '"(" behind the name of a system call', '" world"'],
    ["=\n", 1, 1, "the name of a system call", '"="'],
    ["1 close(3) = 0\n1 close 3\n", 2, 8, '"(" behind the name of a system call', '" 3"'],
    ["1 close(3\n", 1, 10, '"," or ")"', "the end of the line"],
    ["1 close(3] = 0\n", 1, 10, '"," or ")"', '"] = 0"'],
    ["1 close(, 3) = 0\n", 1, 9, "a value", '", 3) = 0"'],
    ["1 close(3)\n", 1, 11, '"=" and the result', "the end of the line"],
    ["1 close(3) = x\n", 1, 14, 'a number or "?"', '"x"'],
    ["1 close(3) = -\n", 1, 15, 'a number or "?"', "the end of the line"],
    ["1 close(3) = 0 later\n", 1, 16, "the end of the line", '"later"'],
    ["1 close(3) = 0 <1>\n", 1, 18, '"."', '">"'],
    ["1 close(3) = 0 (open\n", 1, 21, '")"', "the end of the line"],
    ['1 write(3, "abc, 3) = 3\n', 1, 24, "the closing quote", "the end of the line"],
    ["1 f({a=1, b=[2, 3}, 4) = 0\n", 1, 18, '"," or "]"', '"}, 4) = 0"'],
    ["1 f(3<pipe:[4]) = 0\n", 1, 20, '">" behind the descriptor', "the end of the line"],
    ["1 f(0x) = 0\n", 1, 7, "a hexadecimal digit", '") = 0"'],
    ["1 f(09) = 0\n", 1, 5, "an octal number", '"09) = 0"'],
    ["1 f(1 /* open) = 0\n", 1, 19, '"*/"', "the end of the line"],
    ["1 +++ vanished +++\n", 1, 7, '"exited with", "killed by" or "superseded by"', '"vanished +++"'],
    ["1 --- SIGTERM {si_signo=SIGTERM}\n", 1, 33, '"---"', "the end of the line"],
    ["1 <... close resumed\n", 1, 21, '" resumed>"', "the end of the line"],
    ["1x close(3) = 0\n", 1, 2, "a blank behind the process id", '"x close(3) = 0"'],
    ["1 1795378858.1x close(3) = 0\n", 1, 15, "a blank behind the time", '"x close(3) = 0"'],
    ["[pid x] close(3) = 0\n", 1, 6, "a process id", '"x] close(3) = 0"'],
    ["\u0000\u0001\ud800\n", 1, 1, "the name of a system call", '"\\u0000\\u0001\\ud800"'],
  ])("%j", (text, line, column, expected, found) => {
    const error = errorOf(text);
    expect(error.message).toBe(`a.strace:${line}:${column}: expected ${expected}, found ${found}`);
    expect(error).toMatchObject({ name: "InputError", source: "a.strace", line, column, expected });
  });

  test("in the second half of a call, at the place in that line", () => {
    const head = "1 epoll_wait(3,  <unfinished ...>\n2 close(3) = 0\n";
    expect(errorOf(`${head}1 <... epoll_wait resumed>[{events=}], 8) = 0\n`)).toMatchObject({ line: 3, column: 36 });
    expect(errorOf(`${head}1 <... epoll_wait resumed>[], 8) = 0 !\n`)).toMatchObject({ line: 3, column: 38 });
  });

  test("in the first half of a call, at the place in that line, though it is read later", () => {
    const text = "1 epoll_wait(3, %,  <unfinished ...>\n\n1 <... epoll_wait resumed>8) = 0\n";
    expect(errorOf(text)).toMatchObject({ line: 1, column: 17 });
  });

  test("in a line that a notice has cut in two, at the place in its part", () => {
    const text = "close(3, strace: Process 4 attached\n %) = 0\n";
    expect(errorOf(text)).toMatchObject({ line: 2, column: 2 });
  });

  test("as a half of another call than the one the task is in", () => {
    const error = errorOf("1 read(3,  <unfinished ...>\n1 <... write resumed>4) = 0\n");
    expect(error).toMatchObject({ line: 2, column: 8, expected: '"read resumed>": task 1 is inside it' });
  });

  test("under the name strace, if it has no other", () => {
    expect(() => parseStrace("?")).toThrow(/^strace:1:/);
  });
});

describe("a last line without a line feed", () => {
  test("is read if it is whole", () => {
    expect(parseStrace("close(3) = 0\nclose(4) = 0").calls).toHaveLength(2);
  });

  test("is left out with a warning if it is cut, and leaves nothing behind", () => {
    const trace = parseStrace('1 read(3,  <unfinished ...>\n2 close(4) = 0\n1 <... read resumed>"ab');
    expect(trace.warnings.map(({ kind, line }) => `${kind} ${line}`)).toEqual(["cut 3", "unfinished 1"]);
    expect(trace.calls).toMatchObject([{ name: "read", unfinished: "end", args: { length: 1 } }, { name: "close" }]);
  });

  test("is refused if there is nothing else", () => {
    expect(errorOf("close(3")).toMatchObject({ line: 1, column: 8 });
  });
});
