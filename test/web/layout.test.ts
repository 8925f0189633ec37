import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { treeLayout } from "../../web/layout/tree.ts";
import { pictureOf } from "../../web/layout/stage.ts";
import type { Picture, Rect, Shape } from "../../web/layout/picture.ts";
import { fit, textWidth } from "../../web/layout/measure.ts";
import { sceneOf } from "../../web/scene/build.ts";
import { translator } from "../../web/i18n/catalogue.ts";
import type { TreeItem } from "../../web/scene/scene.ts";
import type { Inspection } from "../../lib/see/inspect.ts";
import { AT, crowd, echoServer } from "./inspection.ts";

const translate = translator("en");

function draw(inspection: Inspection, width: number, expanded: readonly string[] = []): Picture {
  const options = { translate, focus: new Set<number>([AT.items[1]]), expanded: new Set(expanded) };
  return pictureOf(sceneOf(inspection, null, options), width, translate);
}

/** A random binary search tree of so many nodes, as the items of a scene. */
function randomTree(seeds: readonly number[]): { items: TreeItem[]; root: string } {
  interface Node {
    key: number;
    left: Node | null;
    right: Node | null;
  }
  let root: Node | null = null;
  for (const key of new Set(seeds)) {
    const node: Node = { key, left: null, right: null };
    if (!root) {
      root = node;
      continue;
    }
    for (let at: Node = root; ;) {
      const side: "left" | "right" = key < at.key ? "left" : "right";
      if (at[side]) at = at[side];
      else {
        at[side] = node;
        break;
      }
    }
  }
  const items: TreeItem[] = [];
  const visit = (node: Node | null) => {
    if (!node) return;
    visit(node.left);
    items.push({
      key: `n${node.key}`,
      address: node.key,
      colour: "black",
      left: node.left ? `n${node.left.key}` : "",
      right: node.right ? `n${node.right.key}` : "",
      text: String(node.key),
      note: "",
      label: "",
    });
    visit(node.right);
  };
  visit(root);
  return { items, root: root ? `n${root.key}` : "" };
}

const SEEDS = fc.uniqueArray(fc.nat(500), { maxLength: 60 });

describe("a tree", () => {
  test("has a column for every node, in the order of the keys, and parents above their children", () => {
    fc.assert(
      fc.property(SEEDS, (seeds) => {
        const { items, root } = randomTree(seeds);
        const { nodes, folded, columns } = treeLayout(items, root, 1000, new Set());
        expect(nodes.map(({ key }) => key)).toEqual(items.map(({ key }) => key));
        expect(nodes.map(({ column }) => column)).toEqual(items.map((_, i) => i));
        expect(columns).toBe(items.length);
        expect(folded).toEqual([]);
        const levels = new Map(nodes.map(({ key, level }) => [key, level]));
        for (const { level, parent } of nodes) expect(parent === "" ? level : level - levels.get(parent)! - 1).toBe(0);
      }),
    );
  });

  test("that is too large keeps what is wanted, and counts what it leaves out", () => {
    fc.assert(
      fc.property(SEEDS, fc.nat(30), fc.array(fc.nat(60), { maxLength: 3 }), (seeds, limit, wanted) => {
        const { items, root } = randomTree(seeds);
        const keys = new Set(wanted.flatMap((i) => items[i]?.key ?? []));
        const { nodes, folded } = treeLayout(items, root, limit, keys);
        const shown = new Set(nodes.map(({ key }) => key));
        for (const key of keys) expect(shown.has(key)).toBe(true);
        for (const { parent } of nodes) expect(parent === "" || shown.has(parent)).toBe(true);
        expect(nodes.length + folded.reduce((sum, { count }) => sum + count, 0)).toBe(items.length);
      }),
    );
  });

  test("whose links run in a circle is drawn all the same, every node once", () => {
    const { items, root } = randomTree([5, 3, 8, 9]);
    const broken = items.map((item) => (item.key === "n9" ? { ...item, right: root } : item));
    expect(treeLayout(broken, root, 1000, new Set()).nodes).toHaveLength(4);
  });
});

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function collisions(shapes: readonly Shape[]): string[] {
  return shapes.flatMap((a, i) =>
    shapes.slice(i + 1).flatMap((b) => (overlap(a, b) ? [`${a.key} ${a.struct} on ${b.key} ${b.struct}`] : [])),
  );
}

describe.each([360, 480, 760, 1100, 1900])("a stage %i px wide", (width) => {
  const machines: [string, Inspection][] = [
    ["an echo server", echoServer([2, 0, 1])],
    ["a crowd", crowd(300)],
  ];

  test.each(machines)("%s: no box lies on another, and no chip on another", (_, machine) => {
    const { ground, boxes, chips } = draw(machine, width);
    expect(collisions([...ground, ...boxes])).toEqual([]);
    const solid = chips.filter(({ look }) => look !== "folded" && look !== "hook");
    expect(collisions(solid)).toEqual([]);
  });

  test.each(machines)("%s: everything is inside, and the bands are in their order", (_, machine) => {
    const { ground, boxes, chips, bands, height } = draw(machine, width);
    for (const { x, y, width: wide, height: tall, key } of [...ground, ...boxes, ...chips]) {
      expect(x, key).toBeGreaterThanOrEqual(0);
      expect(x + wide, key).toBeLessThanOrEqual(width);
      expect(y + tall, key).toBeLessThanOrEqual(height);
    }
    expect(bands.map(({ key }) => key)).toEqual(["user", "kernel", "hardware"]);
    expect(bands.every((band, i) => i === 0 || band.y >= bands[i - 1]!.y + bands[i - 1]!.height)).toBe(true);
  });

  test.each(machines)("%s: every shape and every line has a key of its own", (_, machine) => {
    const { ground, boxes, chips, links, threads } = draw(machine, width);
    for (const things of [[...ground, ...boxes, ...chips], links, threads]) {
      const keys = things.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test("a text fits into the box that it is in", () => {
    const { ground, boxes } = draw(echoServer(), width);
    for (const shape of [...ground, ...boxes]) {
      for (const { text, x, anchor } of shape.lines) {
        const wide = textWidth(text, 10);
        const [left, right] = anchor === "end" ? [x - wide, x] : [x, x + wide];
        expect(left, text).toBeGreaterThanOrEqual(0);
        expect(right, text).toBeLessThanOrEqual(shape.width);
      }
    }
  });
});

test("the rows of a descriptor table leave the frame around them free", () => {
  const { boxes, chips } = draw(echoServer(), 1100);
  const table = boxes.find(({ struct }) => struct === "FilesStruct")!;
  const rows = chips.filter(({ look }) => look === "row");
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every(({ x, width }) => x > table.x && x + width < table.x + table.width)).toBe(true);
});

test("a wide stage has room in the kernel before anything is in it, a narrow one little", () => {
  const machine = echoServer();
  const empty = { ...machine, objects: machine.objects.filter(({ struct }) => struct === "Cpu") };
  const kernel = (width: number) => draw(empty, width).bands.find(({ key }) => key === "kernel")!.height;
  expect(kernel(1100)).toBeGreaterThan(160);
  expect(kernel(360)).toBeLessThan(140);
});

test("several hundred objects are folded, and a fold shows eight times as many whenever it is opened", () => {
  const folded = draw(crowd(300), 1100);
  const more = folded.chips.filter(({ look }) => look === "more").map(({ key }) => key.replace("more:", ""));
  expect(more).toEqual(expect.arrayContaining(["objects", AT.files.toString(16)]));
  expect([...folded.boxes, ...folded.chips].length).toBeLessThan(160);
  const socks = (expanded: string[]) =>
    draw(crowd(300), 1100, expanded).boxes.filter(({ struct }) => struct === "Sock").length;
  expect(socks(more)).toBe(8 * folded.boxes.filter(({ struct }) => struct === "Sock").length);
  const again = draw(crowd(300), 1100, more).chips.map(({ key }) => key.replace("more:", ""));
  expect(again).toContain("objects#1");
  expect(socks([...more, "objects#1"])).toBeGreaterThan(300);
});

test("a text that is too long ends in an ellipsis, and fits", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.integer({ min: 12, max: 300 }), (text, width) => {
      const short = fit(text, width, 11, true);
      expect(textWidth(short, 11, true)).toBeLessThanOrEqual(width);
      if (textWidth(text, 11, true) <= width) expect(short).toBe(text);
    }),
  );
});

test("a row with more chips than there is room for has a button at its end, which shows them below each other", () => {
  const drawRow = (expanded: string[]) => {
    const machine = echoServer();
    const objects = machine.objects.map((object) =>
      object.struct === "Sock" && object.address === AT.listener
        ? { ...object, acceptQueue: Array.from({ length: 9 }, (_, i) => 0xa000 + i) }
        : object,
    );
    const options = { translate, focus: new Set<number>(), expanded: new Set(expanded) };
    return pictureOf(sceneOf({ ...machine, objects }, null, options), 1100, translate);
  };
  const key = `${AT.listener.toString(16)}:accept`;
  const waiting = (expanded: string[]) => drawRow(expanded).chips.filter(({ key: one }) => /^a00\d$/.test(one)).length;
  const more = drawRow([]).chips.find((chip) => chip.key === `more:${key}`)!;
  expect(more).toMatchObject({ look: "more", label: `+ ${9 - waiting([])} more` });
  expect(waiting([])).toBeLessThan(9);
  expect(waiting([key])).toBe(9);
});
