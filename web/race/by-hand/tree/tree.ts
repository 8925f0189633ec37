import { type TreeNode, loadHeardTree } from "../../../../lib/structures/heard.ts";
import { MOST_KEYS } from "../operations.ts";
import { type Plaything, bearing, presentIn } from "../plaything.ts";
import { type Look, drawing } from "./drawing.ts";
import { RADIUS } from "./picture.ts";
import { storyOf } from "./story.ts";
import { treeTable } from "./table.ts";

/** Squares are red, circles black. */
const COLOURED: Look<TreeNode> = {
  label: "drawing",
  kind: ({ red }) => (red ? "red" : "black"),
  corner: ({ red }) => (red ? 5 : RADIUS),
};

/** The kernel's red-black tree. */
export const tree: Plaything = {
  id: "tree",
  title: "title",
  short: "title_short",
  lead: "lead",
  keys: "keys",
  hint: "keys_hint",
  actions: [
    { do: "insert", label: "insert" },
    { do: "delete", label: "delete" },
  ],
  // Keys in their order, and the fewest operations that need every rule.
  examples: [
    ["example_rising", "1.2.3.4.5.6.7.8.9.10"],
    ["example_all", "1.2.3.6.4.7.8.5.9.x1.x2.x3"],
  ],
  hasRules: true,
  legend: "legend",
  bearable: bearing(MOST_KEYS, new Set(["insert", "delete"])),
  present: presentIn,
  below: 100,
  load: async () => {
    const newTree = await loadHeardTree();
    return (operations) =>
      storyOf(newTree(), operations).map((step) => {
        const { frame, operation, sentences } = step;
        const { nodes, root, rule } = frame;
        return {
          operation,
          sentences,
          rule,
          data: { keys: nodes.map(({ key }) => key), root, nodes },
          draw: (t) => drawing(step, COLOURED, t),
          table: (t) => treeTable(frame, "colour", ({ red }) => t(red ? "red" : "black"), t),
        };
      });
  },
};
