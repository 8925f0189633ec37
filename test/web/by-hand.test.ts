import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { type TreeFrame, type TreeNode, loadHeardTree } from "../../lib/structures/heard.ts";
import { WatchedList, WatchedRing } from "../../lib/structures/watched.ts";
import { byHandTexts } from "../../web/i18n/pages/by-hand.ts";
import {
  MOST_KEYS,
  type Operation,
  keysIn,
  randomKey,
  readOperations,
  writeOperations,
} from "../../web/race/by-hand/operations.ts";
import { type Step, blackHeight, storyOf } from "../../web/race/by-hand/tree/story.ts";
import { listStory } from "../../web/race/by-hand/list/story.ts";
import { type Sentence, placeOfNews } from "../../web/race/by-hand/plaything.ts";
import { ringStory } from "../../web/race/by-hand/ring/story.ts";
import { SearchModel, checkTree, must, textOf } from "./search-model.ts";
import { tree } from "../../web/race/by-hand/tree/tree.ts";

const newTree = await loadHeardTree();
const newList = await WatchedList.load();
const newRing = await WatchedRing.load();
const insert = (key: number): Operation => ({ do: "insert", key });
const remove = (key: number): Operation => ({ do: "delete", key });

/** A red-black tree that can be changed by hand: what the sentences say is done to it. */
class Model extends SearchModel<TreeNode> {
  colour(red: boolean, ...keys: readonly number[]): void {
    for (const key of keys) this.node(key).red = red;
  }

  /** What a sentence says. @returns false: it says that nothing changes. */
  apply(name: string, values: Step["sentences"][number]["values"]): void {
    const { key, parent, node, uncle, grandparent, sibling, inner, outer, successor, child } = values as Record<
      string,
      number
    >;
    const side = name.endsWith("left") ? "left" : "right";
    switch (name.replace(/_(left|right)$/, "")) {
      case "insert_root":
        this.nodes.set(key!, { key: key!, red: false, parent: null, left: null, right: null });
        this.root = key!;
        return;
      case "insert":
        this.nodes.set(key!, { key: key!, red: true, parent: parent!, left: null, right: null });
        this.node(parent!)[side] = key!;
        return;
      case "insert_1":
        this.colour(true, grandparent!);
        return this.colour(false, parent!, uncle!);
      case "insert_1_root":
        return this.colour(false, parent!, uncle!);
      case "insert_2":
        expect(this.node(node!).parent).toBe(parent);
        return this.rotate(parent!, side);
      case "insert_3":
        this.rotate(grandparent!, side);
        this.colour(false, parent!);
        return this.colour(true, grandparent!);
      case "delete_last":
      case "delete_red_leaf":
      case "delete_black_leaf":
        this.put(this.node(key!).parent, key!, null);
        return void this.nodes.delete(key!);
      case "delete_one_child":
        this.put(this.node(key!).parent, key!, child!);
        this.colour(false, child!);
        return void this.nodes.delete(key!);
      case "delete_two":
        return this.replace(key!, successor!, { red: this.node(key!).red });
      case "delete_two_child":
        return this.colour(false, child!);
      case "erase_1":
        this.rotate(parent!, side);
        this.colour(false, sibling!);
        return this.colour(true, parent!);
      case "erase_2":
        return this.colour(true, sibling!);
      case "erase_2_red":
        return this.colour(false, parent!);
      case "erase_3":
        this.rotate(sibling!, side);
        this.colour(false, inner!);
        return this.colour(true, sibling!);
      case "erase_4":
        this.rotate(parent!, side);
        this.node(sibling!).red = this.node(parent!).red;
        return this.colour(false, parent!, outer!);
      default:
        expect(name).toMatch(/^(insert_(there|under_\w+)|delete_(missing|two_red|two_black)|erase_2_(root|up))$/);
    }
  }
}

/** What a tree at rest must have besides: the rules of red-black trees. */
function checkRules({ nodes, root }: TreeFrame): void {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const blacks = (key: number | null): number => {
    if (key === null) return 0;
    const { left, right, red } = byKey.get(key)!;
    for (const child of [left, right])
      must(!red || child === null || !byKey.get(child)!.red, `${key} and its child are red`);
    const below = blacks(left);
    must(below === blacks(right), `one side of ${key} has more black nodes`);
    return below + (red ? 0 : 1);
  };
  must(root === null || !byKey.get(root)!.red, "the root is red");
  must(
    blackHeight({ nodes, root, rule: null, names: [] }) === blacks(root),
    "the paths have another number of black nodes",
  );
}

const isRest = ({ sentences }: Step) => sentences[0]!.key.startsWith("rest");

describe("a tree by hand", () => {
  const keys = Array.from({ length: 40 }, (_, i) => i - 20);
  /** Keys in any order, of which some are put in twice, and taken out, of which some are not there any more. */
  const operations = fc
    .tuple(fc.shuffledSubarray(keys, { minLength: 10 }), fc.shuffledSubarray(keys), fc.shuffledSubarray(keys))
    .map(([first, out, more]) => [...first.map(insert), ...out.map(remove), ...more.map(insert), ...first.map(remove)]);

  test("is a search tree in every picture, and a red-black tree after every operation; each sentence names the change to the next picture", () => {
    const seen = new Set<string>();
    const holds = (done: readonly Operation[]) => {
      const story = storyOf(newTree(), done);
      story.forEach((step, i) => {
        checkTree(step.frame);
        for (const { key } of step.sentences) seen.add(key);
        if (step.operation !== story[i - 1]?.operation || isRest(step)) checkRules(step.frame);
        if (isRest(step)) return expect(i).toBe(story.length - 1);
        const model = new Model(step.frame);
        for (const { key, values } of step.sentences) model.apply(key, values);
        const [made, found] = [textOf(model.frame), textOf(story[i + 1]!.frame)];
        must(made === found, `${step.sentences.map(({ key }) => key).join()}: ${made} became ${found}`);
      });
      const present = new Set<number>();
      for (const { do: what, key } of done) present[what === "insert" ? "add" : "delete"](key);
      expect(story.at(-1)!.frame.nodes.map(({ key }) => key)).toEqual([...present].toSorted((a, b) => a - b));
    };
    fc.assert(fc.property(operations, holds), { numRuns: 20 });
    const changes = Object.keys(byHandTexts.en).filter((key) => /^(insert|delete|erase)_/.test(key));
    expect(changes.filter((key) => !seen.has(key))).toEqual([]);
  });

  test("shows a rotation before it is made: which node, and where to", () => {
    const story = storyOf(newTree(), [insert(1), insert(2), insert(3)]);
    const [step] = story.slice(-2);
    expect(step!.sentences).toEqual([{ key: "insert_3_left", values: { node: 3, parent: 2, grandparent: 1 } }]);
    expect(step!.rotation).toEqual({ key: 1, side: "left" });
    expect([...step!.parts]).toEqual([
      [3, "node"],
      [2, "parent"],
      [1, "grandparent"],
    ]);
    expect(step!.frame.root).toBe(1);
    expect(story.at(-1)!.frame.root).toBe(2);
  });

  test("is left as it is by a key that is there, and by one that is not", async () => {
    const story = storyOf(newTree(), [insert(1), insert(1), remove(2)]);
    expect(story.map(({ sentences }) => sentences[0]!.key)).toEqual([
      "insert_root",
      "insert_there",
      "delete_missing",
      "rest_one",
    ]);
    const pictures = (await tree.load())([insert(1), insert(1), remove(2)]);
    expect([0, 1, 2].map((operation) => placeOfNews(pictures, operation))).toEqual([1, 1, 2]);
    expect(storyOf(newTree(), []).map(({ sentences }) => sentences[0]!.key)).toEqual(["rest_empty"]);
  });

  test("takes no more keys than fit on the page", () => {
    const many = Array.from({ length: MOST_KEYS + 5 }, (_, key) => insert(key));
    expect(tree.bearable(many).length).toBe(MOST_KEYS);
    expect(tree.bearable([...many.slice(0, MOST_KEYS), insert(0), remove(1), insert(70)]).length).toBe(MOST_KEYS + 3);
  });
});

describe("a list by hand", () => {
  const keys = [1, 2, 3, 4, 5, 6];
  const done = fc.array(
    fc.record({ do: fc.constantFrom("insert", "unshift", "move", "delete"), key: fc.constantFrom(...keys) }),
    { maxLength: 40 },
  ) as fc.Arbitrary<Operation[]>;

  test("is the same forwards and backwards in every picture, and each sentence names the change to the next one", () => {
    const seen = new Set<string>();
    const holds = (operations: readonly Operation[]) => {
      const story = listStory(newList(), operations);
      story.forEach(({ frame: { head, nodes }, sentences: [sentence] }, i) => {
        const ring = [head, ...nodes];
        for (const [place, { next }] of ring.entries()) {
          const following = ring[(place + 1) % ring.length]!;
          expect([next, following.prev]).toEqual([following.address, ring[place]!.address]);
        }
        const { key: name, values } = sentence!;
        seen.add(name);
        const before = nodes.map(({ value }) => value);
        const { key, last, first, before: left, after } = values as Record<string, number | string>;
        const without = before.filter((one) => one !== key);
        const at = (place: number) => before[place] ?? "head";
        if (name.startsWith("rest")) return expect(i).toBe(story.length - 1);
        const then: Record<string, readonly unknown[]> = {
          list_there: before,
          list_missing: before,
          list_first: [key],
          list_push: [...before, key],
          list_unshift: [key, ...before],
          list_remove: without,
          list_move: [key, ...without],
          list_move_there: before,
        };
        expect(
          story[i + 1]!.frame.nodes.map(({ value }) => value),
          name,
        ).toEqual(then[name]);
        if (last !== undefined) expect(last).toBe(before.at(-1));
        if (first !== undefined) expect(first).toBe(before[0]);
        if (left !== undefined) {
          const place = before.indexOf(key as number);
          expect([left, after]).toEqual([at(place - 1), at(place + 1)]);
        }
      });
    };
    fc.assert(fc.property(done, holds), { numRuns: 100 });
    const names = Object.keys(byHandTexts.en).filter((key) => /^(list_|rest_list)/.test(key) && key !== "list_head");
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe("a ring by hand", () => {
  const done = fc.array(fc.record({ do: fc.constantFrom("insert", "delete"), key: fc.integer({ min: -1, max: 12 }) }), {
    maxLength: 40,
  }) as fc.Arbitrary<Operation[]>;

  test("holds what was written and not read, in order, and each sentence names the change to the next picture", () => {
    const seen = new Set<string>();
    const holds = (operations: readonly Operation[]) => {
      let queue: number[] = [];
      let written = 0;
      ringStory(newRing(8), operations).forEach(({ frame, operation, sentences, named }) => {
        const filled = Array.from({ length: frame.in - frame.out }, (_, i) => frame.bytes[(frame.out + i) % 8]!);
        expect(filled).toEqual(queue);
        const [{ key: name, values }, ...more] = sentences as [Sentence, ...Sentence[]];
        for (const { key } of sentences) seen.add(key);
        if (name.startsWith("rest")) return;
        const asked = operations[operation]!.key;
        const { count = 0, place, from, to } = values as Record<string, number>;
        const isWrite = operations[operation]!.do === "insert";
        expect(count).toBe(Math.max(0, Math.min(asked, isWrite ? 8 - queue.length : queue.length)));
        expect(named.size).toBe(count);
        if (count > 0) {
          expect([from, to]).toEqual(isWrite ? [frame.in, frame.in + count] : [frame.out, frame.out + count]);
          expect(place).toBe(from! % 8);
          const wraps = more.find(({ key }) => key === "ring_wraps");
          expect(wraps?.values).toEqual(
            place! + count > 8 ? { first: 8 - place!, rest: place! + count - 8 } : undefined,
          );
          const part = more.find(({ key }) => key.endsWith("_part"));
          expect(part?.values).toEqual(asked > count ? { left: asked - count } : undefined);
        }
        if (isWrite) queue = [...queue, ...Array.from({ length: count }, (_, i) => (written + i + 1) % 256)];
        else queue = queue.slice(count);
        if (isWrite) written += count;
      });
    };
    fc.assert(fc.property(done, holds), { numRuns: 100 });
    const names = Object.keys(byHandTexts.en).filter((key) => /^(ring_|rest_ring)/.test(key));
    expect(names.filter((name) => !seen.has(name))).toEqual([]);
  });
});

describe("keys that somebody types", () => {
  test.each([
    ["7", [7]],
    [" 5, 3;8 ", [5, 3, 8]],
    ["−4，3、2", [-4, 3, 2]],
    ["-0", [0]],
  ])("%j are %j", (text, keys) => expect(keysIn(text)).toEqual(keys));

  test.each([
    ["", { refused: "empty", piece: "" }],
    [" , ", { refused: "empty", piece: "" }],
    ["1 x", { refused: "number", piece: "x" }],
    ["1.5", { refused: "number", piece: "1.5" }],
    ["1e3", { refused: "number", piece: "1e3" }],
    ["<img src=x>", { refused: "number", piece: "<img" }],
    ["12345", { refused: "range", piece: "12345" }],
    ["9".repeat(400), { refused: "range", piece: "9".repeat(20) }],
    ["1 ".repeat(64), { refused: "many", piece: "64" }],
  ])("%j are refused, with the reason", (text, refusal) => expect(keysIn(text)).toEqual(refusal));

  test("by chance are the same for the same seed, and never there already", () => {
    const present = new Set(Array.from({ length: 99 }, (_, key) => key));
    expect(randomKey(present, 1, 5)).toBe(randomKey(present, 1, 5));
    expect(randomKey(present, 1, 5)).toBe(99);
    expect(randomKey(new Set([...present, 99]), 1, 5)).toBeNull();
    const keys = Array.from({ length: 40 }, (_, i) => randomKey(new Set(), 1, i));
    expect(new Set(keys).size).toBeGreaterThan(25);
  });
});

describe("an address", () => {
  test("holds what was done", () => {
    const done = [insert(5), insert(-3), remove(5), insert(0)];
    expect(writeOperations(done)).toBe("5.-3.x5.0");
    expect(readOperations("5.-3.x5.0")).toEqual(done);
    expect(readOperations("")).toEqual([]);
  });

  test.each(["x", "5.y.3", "5.1e9", "<b>", "5..3", "5.99999999999999999999"])(
    "that says %j says what comes before the error",
    (text) => expect(readOperations(text).length).toBeLessThanOrEqual(1),
  );

  test("says no more operations than a page bears", () => {
    expect(readOperations(Array.from({ length: 9999 }, () => "1").join(".")).length).toBe(300);
  });
});

test("every text of the page is there in both languages, with the same things filled in", () => {
  const blanks = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].toSorted();
  for (const [key, text] of Object.entries(byHandTexts.en)) {
    expect(blanks(byHandTexts["zh-CN"][key as keyof typeof byHandTexts.en]), key).toEqual(blanks(text));
  }
});
