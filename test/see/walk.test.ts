import { type Break, hlistNodes, listNodes, treeNodes } from "../../lib/see/walk.ts";
import { describe, expect, test } from "vitest";
import { Image } from "./image.ts";
import { Reader } from "../../lib/see/reader.ts";

/** What a walk finds, and the rules that it finds broken. */
function walked<T>(image: Image, walk: (reader: Reader, onBreak: (found: Break) => void) => T): [T, string[]] {
  const rules: string[] = [];
  const found = walk(new Reader(image), ({ rule }) => rules.push(rule));
  return [found, rules];
}

describe("a walk over a list", () => {
  test("comes by every node in order", () => {
    const image = new Image();
    const { head, nodes } = image.list(5);
    expect(walked(image, (reader, onBreak) => listNodes(reader, head, onBreak))).toEqual([nodes, []]);
    const empty = image.list(0);
    expect(walked(image, (reader, onBreak) => listNodes(reader, empty.head, onBreak))).toEqual([[], []]);
  });

  test("ends where a link leads nowhere, and says so", () => {
    const image = new Image();
    const { head, nodes } = image.list(4);
    image.words(nodes[1]!, 0);
    expect(walked(image, (reader, onBreak) => listNodes(reader, head, onBreak))).toEqual([
      nodes.slice(0, 2),
      ["list-next"],
    ]);
    image.words(nodes[1]!, 0xffff_fffc);
    expect(walked(image, (reader, onBreak) => listNodes(reader, head, onBreak))).toEqual([
      nodes.slice(0, 2),
      ["list-next"],
    ]);
  });

  test("notices a prev that does not lead back, at a node and at the head", () => {
    const image = new Image();
    const { head, nodes } = image.list(3);
    image.words(nodes[1]! + 4, head);
    expect(walked(image, (reader, onBreak) => listNodes(reader, head, onBreak))).toEqual([nodes, ["list-prev"]]);
    const other = image.list(2);
    image.words(other.head + 4, other.nodes[0]!);
    expect(walked(image, (reader, onBreak) => listNodes(reader, other.head, onBreak))).toEqual([
      other.nodes,
      ["list-prev"],
    ]);
    const empty = image.list(0);
    image.words(empty.head + 4, head);
    expect(walked(image, (reader, onBreak) => listNodes(reader, empty.head, onBreak))).toEqual([[], ["list-prev"]]);
  });

  test("does not run round for ever in a list that misses its head", () => {
    const image = new Image();
    const { head, nodes } = image.list(4);
    image.words(nodes[3]!, nodes[1]!);
    const [found, rules] = walked(image, (reader, onBreak) => listNodes(reader, head, onBreak));
    expect(found).toEqual(nodes);
    expect(rules).toEqual(["list-prev", "list-loop"]);
  });
});

describe("a walk over a hash bucket", () => {
  test("comes by every node, notices a wrong pprev and ends in a loop", () => {
    const image = new Image();
    const [head, first, second] = [image.place(4), image.place(8), image.place(8)] as const;
    image.words(head, first);
    image.words(first, second, head);
    image.words(second, 0, first);
    const walk = () => walked(image, (reader, onBreak) => hlistNodes(reader, head, onBreak));
    expect(walk()).toEqual([[first, second], []]);
    image.words(second + 4, head);
    expect(walk()).toEqual([[first, second], ["hlist-pprev"]]);
    image.words(second, first, first);
    expect(walk()).toEqual([[first, second], ["hlist-loop"]]);
  });
});

describe("a walk over a red-black tree", () => {
  const RED = 0;
  const BLACK = 1;

  /** Root with two children. */
  function small(): { image: Image; root: number; left: number; right: number } {
    const image = new Image();
    const [root, left, right] = [image.place(12), image.place(12), image.place(12)] as const;
    image.words(root, BLACK, right, left);
    image.words(left, root | RED, 0, 0);
    image.words(right, root | RED, 0, 0);
    return { image, root, left, right };
  }

  test("comes by the nodes in the order of their keys, with colours, depths and black nodes on the way", () => {
    const { image, root, left, right } = small();
    const [nodes, rules] = walked(image, (reader, onBreak) => treeNodes(reader, root, onBreak));
    expect(nodes.map(({ node, colour, depth, blacks, parent }) => [node, colour, depth, blacks, parent])).toEqual([
      [left, "red", 1, 1, root],
      [root, "black", 0, 1, 0],
      [right, "red", 1, 1, root],
    ]);
    expect(rules).toEqual([]);
  });

  test("notices a child that names another parent, and one that is met twice", () => {
    const { image, root, left, right } = small();
    image.words(left, right);
    expect(walked(image, (reader, onBreak) => treeNodes(reader, root, onBreak))[1]).toEqual(["rb-parent"]);
    const twice = small();
    twice.image.words(twice.root, BLACK, twice.left, twice.left);
    const [nodes, rules] = walked(twice.image, (reader, onBreak) => treeNodes(reader, twice.root, onBreak));
    expect(nodes).toHaveLength(2);
    expect(rules).toEqual(["rb-link"]);
  });

  test("does not go down for ever in a tree whose leaf leads back to its root", () => {
    const { image, root, left } = small();
    image.words(left + 8, root);
    const [nodes, rules] = walked(image, (reader, onBreak) => treeNodes(reader, root, onBreak));
    expect(nodes).toHaveLength(3);
    expect(rules).toEqual(["rb-link"]);
  });
});
