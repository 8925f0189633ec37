import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkHeap, cppLog, leaksOf } from "../../lib/index.ts";
import type { Locale } from "../../web/i18n/catalogue.ts";
import { figuresOf } from "../../web/labs/ownership/figures.ts";
import { type Box, type Picture, pictureOf, roomOf } from "../../web/labs/ownership/picture.ts";
import { PAIRS, PROGRAMS, type ProgramId, programOf } from "../../web/labs/ownership/programs.ts";
import { type Ran, momentOfStatement, nextMoment, ranOf } from "../../web/labs/ownership/ran.ts";
import {
  MOST_BYTES,
  STRIDES,
  programsOf,
  readSettings,
  wholeBetween,
  writeSettings,
} from "../../web/labs/ownership/settings.ts";
import { cppPieces, rangesOf } from "../../web/labs/ownership/source.ts";
import { type View, changedBetween } from "../../web/labs/ownership/view.ts";
import { Views } from "../../web/labs/ownership/views.ts";
import { momentText, texts } from "../../web/labs/ownership/words.ts";

const PLAIN = { bytes: 1000, atomic: false } as const;
const LOCALES: readonly Locale[] = ["en", "zh-CN"];

async function viewsOf(id: ProgramId, choice: Parameters<typeof programOf>[1] = PLAIN): Promise<Views> {
  return new Views(await ranOf(programOf(id, choice)));
}

/** The moment at which a line has run, by its text; of an end of a block, by the variable that goes. */
function after({ moments, lines }: Ran, wanted: string): number {
  const at = moments.findIndex(
    ({ kind, line, leaves }) =>
      kind === "done" && (leaves === wanted || (leaves === "" && lines[line - 1]!.text.trim() === wanted)),
  );
  if (at < 0) throw new Error(`no statement is ${wanted}`);
  return at;
}

const partsOf = ({ chunks }: View) => chunks.flatMap(({ parts }) => parts);
const kindsOf = ({ edges }: View) => edges.map(({ kind }) => kind).sort();

describe("settings", () => {
  test("whatever stands in an address, there are settings that can be shown, and they are written as they are read", () => {
    const names = ["show", "bytes", "counts", "stride", "at"];
    const hostile = fc.dictionary(fc.constantFrom(...names), fc.oneof(fc.string(), fc.integer().map(String)));
    fc.assert(
      fc.property(hostile, (query) => {
        const settings = readSettings(query);
        expect(programsOf(settings).every((id) => PROGRAMS.includes(id))).toBe(true);
        expect(settings.bytes).toBeGreaterThanOrEqual(1);
        expect(settings.bytes).toBeLessThanOrEqual(MOST_BYTES);
        expect(STRIDES).toContain(settings.stride);
        expect(readSettings(writeSettings(settings))).toEqual(settings);
      }),
    );
  });

  test("two programs go on by statements alone", () => {
    expect(readSettings({ show: "cycle~weak", stride: "action" }).stride).toBe("statement");
    expect(readSettings({ show: "cycle", stride: "action" }).stride).toBe("action");
  });

  test("a size is a whole number in its range, and nothing else", () => {
    for (const text of ["", "-1", "1e3", "0x10", "12.5", "99999999999", "ten", undefined]) {
      expect(wholeBetween(text, 1, MOST_BYTES), String(text)).toBeUndefined();
    }
    expect(wholeBetween(" 24 ", 1, MOST_BYTES)).toBe(24);
  });
});

describe("what is seen", () => {
  test("a straggling weak_ptr keeps 24 bytes after new and 1,016 after make_shared", async () => {
    const [apart, together] = [await viewsOf("new"), await viewsOf("make_shared")];
    expect(figuresOf(apart)).toMatchObject({ allocations: 2, frees: 2, kept: 24, leaked: 0 });
    expect(figuresOf(together)).toMatchObject({ allocations: 1, frees: 1, kept: 1016, leaked: 0 });
    const at = after(together.ran, "owner");
    expect(partsOf(together.at(at)).map(({ kind, alive }) => [kind, alive])).toEqual([
      ["block", false],
      ["object", false],
    ]);
    expect(kindsOf(together.at(at))).toEqual(["observes"]);
  });

  test("counts stand as they are in memory, beside what they mean", async () => {
    const views = await viewsOf("make_shared");
    const [block] = partsOf(views.at(after(views.ran, "weak = owner;")));
    expect(block!.rows.map(({ name, value, note }) => [name, value, note])).toEqual([
      ["use_count", "2", { text: "owners", count: 2 }],
      ["weak_count", "2", { text: "shares", count: 1 }],
    ]);
  });

  test("a cycle leaks both of its nodes, and a weak_ptr back does not", async () => {
    const cycle = await viewsOf("cycle");
    expect(cycle.at(after(cycle.ran, "a")).lost.map(({ bytes }) => bytes)).toEqual([1048, 1048]);
    expect(cycle.at(after(cycle.ran, "a")).chunks.map(({ lost }) => lost)).toEqual([true, true, false]);
    expect(figuresOf(await viewsOf("weak"))).toMatchObject({ leaked: 0, frees: 2 });
  });

  test.each(PROGRAMS.filter((id) => id !== "dangling" && id !== "twice"))(
    "%s: what leaks at the end is what its log says, and the heap keeps malloc()'s rules",
    async (id) => {
      const views = await viewsOf(id);
      const { kernel, program, moments, pid } = views.ran;
      const leaks = leaksOf(cppLog(kernel.trace, program.structs)).map(({ bytes }) => bytes);
      expect(views.at(moments.length - 1).lost.map(({ bytes }) => bytes)).toEqual(leaks);
      kernel.seek(moments.at(-1)!.tick);
      expect(checkHeap(kernel.memory, pid)).toEqual([]);
    },
  );

  test("a pointer to what was given back dangles, and so does one to what another has since", async () => {
    const views = await viewsOf("dangling");
    const note = (line: string) => views.at(after(views.ran, line)).variables[0]!.rows[0]!.note?.text;
    expect(note("Image* raw = new Image;")).toBeUndefined();
    expect(note("delete raw;")).toBe("given_back");
    expect(note("std::unique_ptr<Image> first(new Image);")).toBe("used_again");
    const broken = views.at(after(views.ran, "raw->data[0] = 'x';"));
    expect(broken.lists[0]!.chunks.map(({ isChunk }) => isChunk)).toEqual([true, false]);
    expect(broken.chunks.map(({ astray }) => astray)).toEqual([false, true, false]);
    expect(views.ran.signal).toBe("SIGABRT");
  });

  test("two owners that do not know of each other delete twice, which ends the process", async () => {
    const { ran } = await viewsOf("twice");
    expect(ran.signal).toBe("SIGABRT");
    // It is the line at which the program stands that has ended it.
    expect(ran.moments.at(-1)!.line).toBe(ran.moments.at(-2)!.line);
    expect(ran.moments.at(-3)!.record?.event).toBe("malloc_printerr");
  });

  test("after a thread all counts are changed by atomic instructions", async () => {
    const { countChanges, atomicChanges } = figuresOf(await viewsOf("new", { bytes: 8, atomic: true }));
    expect(atomicChanges).toBe(countChanges);
    expect(figuresOf(await viewsOf("new")).atomicChanges).toBe(0);
  });

  test("a step marks what it has changed, and nothing else", async () => {
    const views = await viewsOf("make_shared");
    const at = after(views.ran, "weak = owner;");
    const changed = [...changedBetween(views.at(nextMoment(views.ran, at, -1, true)), views.at(at))];
    expect(changed.map((key) => key.replaceAll(/\d+/g, "N"))).toEqual([
      "variable N  ptr",
      "variable N  refcount",
      "block N weak_count",
    ]);
    expect(changedBetween(views.at(at), views.at(at)).size).toBe(0);
  });

  test("a moment looks alike whichever way one comes to it", async () => {
    const [there, back] = [await viewsOf("reuse"), await viewsOf("reuse")];
    const all = [...there.ran.moments.keys()];
    const forwards = all.map((at) => there.at(at));
    expect(all.toReversed().map((at) => back.at(at))).toEqual(forwards.toReversed());
  });
});

describe("moments", () => {
  test.each(Object.entries(PAIRS))("of %s both programs have as many statements", async (_, [left, right]) => {
    const [one, other] = [await viewsOf(left), await viewsOf(right)];
    const ends = ({ ran }: Views) => ran.moments.filter(({ kind }) => kind !== "action").length;
    expect(ends(one)).toBe(ends(other));
    const at = momentOfStatement(other.ran, 3);
    expect(other.ran.moments[at]).toMatchObject({ statement: 3, kind: "done" });
  });

  test("every moment of every program is told in both languages, a statement with what it did", async () => {
    for (const id of PROGRAMS) {
      const views = await viewsOf(id);
      for (const at of views.ran.moments.keys()) {
        for (const locale of LOCALES) {
          const said = momentText(texts(locale), views.ran, at, views.at(at), 0, ({ event }) => event);
          expect(said, `${id} ${at}`).not.toMatch(/^$|undefined|NaN|\{\w/);
        }
      }
    }
    const views = await viewsOf("new");
    const at = after(views.ran, "weak = owner;");
    expect(momentText(texts("en"), views.ran, at, views.at(at), 0, String)).toBe("weak = owner; — weak_count 1 → 2");
  });
});

/** Everything that takes room for itself. */
function boxesOf({ variables, own, chunks, lists }: Picture): Box[] {
  return [...variables, own, ...chunks, ...lists];
}

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const holds = (outer: Box, inner: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

describe("the picture", () => {
  test.each([320, 390, 640, 780, 920, 1400])(
    "%i px: nothing lies over anything else, all is inside, and every arrow has both its ends",
    async (width) => {
      for (const id of PROGRAMS) {
        const views = await viewsOf(id, { bytes: 200, atomic: false });
        for (const at of views.ran.moments.keys()) {
          const view = views.at(at);
          const picture = pictureOf(view, width);
          const paper = { x: 0, y: 0, width, height: picture.height };
          const boxes = boxesOf(picture);
          for (const [i, box] of boxes.entries()) {
            expect(holds(paper, box), `${id} ${at}`).toBe(true);
            expect(boxes.slice(i + 1).some((other) => overlap(box, other))).toBe(false);
          }
          for (const chunk of picture.chunks) {
            expect(chunk.parts.every((part) => holds(chunk, part) && part.rows.every((row) => holds(part, row)))).toBe(
              true,
            );
          }
          expect(picture.edges).toHaveLength(view.edges.length);
        }
      }
    },
  );

  test("chunks are in the order of their addresses, without a gap between them", async () => {
    const views = await viewsOf("arrays");
    const { chunks } = pictureOf(views.at(after(views.ran, "unique.reset();")), 900);
    for (const [i, { y, chunk }] of chunks.entries()) {
      const next = chunks[i + 1];
      if (!next) continue;
      expect(next.y).toBeGreaterThan(y);
      expect(next.chunk.address).toBe(chunk.address + chunk.size);
    }
  });

  test("there are three kinds of room", () => {
    expect([320, 600, 1000].map((width) => roomOf(width))).toEqual(["narrow", "medium", "wide"]);
  });
});

describe("the source", () => {
  test("structs and main() are shown, all else is folded, and no line is left out", async () => {
    const { lines, program } = (await viewsOf("cycle")).ran;
    const ranges = rangesOf(
      lines,
      program.structs.map(({ name }) => name),
    );
    const shown = ranges.filter(({ folded }) => !folded).map(({ from }) => lines[from - 1]!.text);
    expect(shown).toEqual(["struct Node {", "int main() {"]);
    expect(ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i))).toEqual(
      lines.map((_, i) => i + 1),
    );
  });

  test("the pieces of a line are the line", async () => {
    for (const { text } of (await viewsOf("deleter")).ran.lines) {
      expect(
        cppPieces(text)
          .map((piece) => piece.text)
          .join(""),
      ).toBe(text);
    }
    expect(cppPieces("  std::weak_ptr<Image> weak; // 'x'").map(({ kind }) => kind)).toEqual([
      "plain",
      "type",
      "plain",
      "comment",
    ]);
  });
});
