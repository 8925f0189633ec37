import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AvlFrame, type AvlNode, loadHeardAvlTree } from "../../lib/structures/heard.ts";
import { byHandTexts } from "../../web/i18n/pages/by-hand.ts";
import { avl } from "../../web/race/by-hand/avl/avl.ts";
import { type AvlPicture, avlStory } from "../../web/race/by-hand/avl/story.ts";
import { type Operation, readOperations } from "../../web/race/by-hand/operations.ts";
import { SearchModel, checkTree, must, textOf } from "./search-model.ts";

const newTree = await loadHeardAvlTree();
const insert = (key: number): Operation => ({ do: "insert", key });
const remove = (key: number): Operation => ({ do: "delete", key });

/** An AVL tree that can be changed by hand: what the sentences say is done to it. */
class Model extends SearchModel<AvlNode> {
  lean(key: number, to: unknown): void {
    this.node(key).difference = Number(String(to).replace("−", "-"));
  }

  /** What a sentence says. */
  apply(name: string, values: AvlPicture["sentences"][number]["values"]): void {
    const { key, parent, node, child, inner, successor } = values as Record<string, number>;
    const side = name.endsWith("left") ? "left" : "right";
    const { from, to, over, under, difference } = values;
    if (from !== undefined) expect(Number(String(from).replace("−", "-"))).toBe(this.node(node!).difference);
    switch (name.replace(/_(left|right)$/, "")) {
      case "avl_insert_root":
        this.nodes.set(key!, { key: key!, parent: null, left: null, right: null, difference: 0 });
        this.root = key!;
        return;
      case "avl_insert":
        this.nodes.set(key!, { key: key!, parent: parent!, left: null, right: null, difference: 0 });
        this.node(parent!)[side] = key!;
        return;
      case "avl_insert_higher":
      case "avl_erase_uneven":
        expect(this.node(node!).difference).toBe(0);
        return this.lean(node!, to);
      case "avl_insert_even":
      case "avl_erase_lower":
        return this.lean(node!, 0);
      case "avl_outer":
        this.rotate(node!, side);
        this.lean(node!, 0);
        return this.lean(child!, 0);
      case "avl_outer_even":
        expect(this.node(child!).difference).toBe(0);
        this.rotate(node!, side);
        this.lean(node!, side === "right" ? -1 : 1);
        return this.lean(child!, side === "right" ? 1 : -1);
      case "avl_inner":
        return this.rotate(child!, side);
      case "avl_second":
        this.rotate(node!, side);
        this.lean(inner!, 0);
        this.lean(child!, under);
        return this.lean(node!, over);
      case "delete_last":
      case "avl_delete_leaf":
        this.put(this.node(key!).parent, key!, null);
        return void this.nodes.delete(key!);
      case "avl_delete_one_child":
        this.put(this.node(key!).parent, key!, child!);
        return void this.nodes.delete(key!);
      case "avl_delete_two":
        this.replace(key!, successor!, { difference: this.node(key!).difference });
        return expect(this.node(successor!).difference).toBe(Number(String(difference).replace("−", "-")));
      default:
        expect(name).toMatch(/^(insert_there|delete_missing|avl_(delete_two_child|same|(higher|lower)_(up|root)))$/);
    }
  }
}

/** What a tree at rest must have: its memory says how much the sides of each node differ, and that is not much. */
function checkHeights({ nodes, root }: AvlFrame): number {
  const byKey = new Map(nodes.map((node) => [node.key, node]));
  const height = (key: number | null): number => {
    if (key === null) return 0;
    const { left, right, difference } = byKey.get(key)!;
    const [low, high] = [height(left), height(right)];
    must(high - low === difference && Math.abs(difference) <= 1, `${key} says ${difference}: ${low} and ${high}`);
    return 1 + Math.max(low, high);
  };
  return height(root);
}

const isRest = ({ sentences }: AvlPicture) => sentences[0]!.key.startsWith("rest");

describe("an AVL tree by hand", () => {
  const keys = Array.from({ length: 40 }, (_, i) => i - 20);
  /** Keys in any order, of which some are put in twice, and taken out, of which some are not there any more. */
  const operations = fc
    .tuple(fc.shuffledSubarray(keys, { minLength: 10 }), fc.shuffledSubarray(keys), fc.shuffledSubarray(keys))
    .map(([first, out, more]) => [...first.map(insert), ...out.map(remove), ...more.map(insert), ...first.map(remove)]);

  test("is a search tree in every picture, and balanced after every operation; each sentence names the change to the next picture", () => {
    const seen = new Set<string>();
    const holds = (done: readonly Operation[]) => {
      const story = avlStory(newTree(), done);
      let levels = 0;
      story.forEach((step, i) => {
        checkTree(step.frame);
        for (const { key } of step.sentences) seen.add(key);
        if (step.operation !== story[i - 1]?.operation || isRest(step)) {
          const now = checkHeights(step.frame);
          const said = story[i - 1]?.sentences.at(-1)!.key ?? "";
          if (said === "avl_higher_root") must(now === levels + 1, `${levels} levels, and then ${now}`);
          if (said === "avl_lower_root") must(now === levels - 1, `${levels} levels, and then ${now}`);
          levels = now;
        }
        if (isRest(step)) return expect(i).toBe(story.length - 1);
        const next = story[i + 1]!;
        const last = step.sentences.at(-1)!;
        if (/avl_(same|\w+_root)/.test(last.key)) must(next.operation > step.operation || isRest(next), last.key);
        if (last.key.endsWith("_up")) expect(next.frame.names[0]).toBe(last.values["parent"]);
        const model = new Model(step.frame);
        for (const { key, values } of step.sentences) model.apply(key, values);
        const [made, found] = [textOf(model.frame), textOf(next.frame)];
        must(made === found, `${step.sentences.map(({ key }) => key).join()}: ${made} became ${found}`);
      });
      const present = new Set<number>();
      for (const { do: what, key } of done) present[what === "insert" ? "add" : "delete"](key);
      expect(story.at(-1)!.frame.nodes.map(({ key }) => key)).toEqual([...present].toSorted((a, b) => a - b));
    };
    fc.assert(fc.property(operations, holds), { numRuns: 20 });
    const changes = Object.keys(byHandTexts.en).filter((key) => key.startsWith("avl_"));
    expect(changes.filter((key) => !seen.has(key))).toEqual([]);
  });

  test.each([
    ["1.2.3", ["avl_outer_left"]],
    ["3.2.1", ["avl_outer_right"]],
    ["3.1.2", ["avl_inner_left", "avl_second_right"]],
    ["1.3.2", ["avl_inner_right", "avl_second_left"]],
  ])("shows before it is made what %s needs", (text, needed) => {
    const story = avlStory(newTree(), readOperations(text));
    const turned = story.filter(({ rotation }) => rotation !== null);
    expect(turned.map(({ sentences }) => sentences[0]!.key)).toEqual(needed);
    expect(turned.map(({ rotation }) => rotation!.side)).toEqual(needed.map((key) => key.split("_").at(-1)));
    expect(story.at(-1)!.frame.root).toBe(2);
  });

  test("has examples that show what they promise", () => {
    const turns = new Map(
      avl.examples.map(([name, text]) => [
        name,
        avlStory(newTree(), readOperations(text)).filter(({ rotation }) => rotation !== null),
      ]),
    );
    const first = turns.get("example_four")!.map(({ sentences }) => sentences[0]!.key);
    expect(new Set(first.filter((key) => !key.startsWith("avl_second"))).size).toBe(4);
    const removal = turns.get("example_fibonacci")!;
    const last = removal.at(-1)!.operation;
    const atOnce = removal.filter(({ operation }) => operation === last).map(({ frame }) => frame.names[0]);
    expect(new Set(atOnce).size).toBe(2);
  });
});
