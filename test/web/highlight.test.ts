import fc from "fast-check";
import { expect, test } from "vitest";
import { piecesOf } from "../../web/panels/highlight.ts";

test("a program's pieces are its text, line by line", () => {
  const texts = fc.array(
    fc.constantFrom("yield*", '"a', "`", "/*", "*/", "// x", "\n", "12", " EPOLLIN", "\\", "'", "x"),
  );
  fc.assert(
    fc.property(texts, (parts) => {
      const text = parts.join("");
      const lines = piecesOf(text).map((pieces) => pieces.map((piece) => piece.text).join(""));
      expect(lines.join("\n")).toBe(text);
    }),
  );
});

test("comments, strings, numbers, keywords and constants are told apart", () => {
  const kinds = piecesOf('const a = EPOLLIN; // "no"\n/* x\n 2 */ b("/*", 0x10);').map((line) =>
    line.filter(({ kind }) => kind !== "plain").map(({ kind, text }) => `${kind}:${text}`),
  );
  expect(kinds).toEqual([
    ["keyword:const", "constant:EPOLLIN", 'comment:// "no"'],
    ["comment:/* x"],
    ["comment: 2 */", 'string:"/*"', "number:0x10"],
  ]);
});
