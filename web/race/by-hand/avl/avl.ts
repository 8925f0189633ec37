import { type AvlNode, loadHeardAvlTree } from "../../../../lib/structures/heard.ts";
import { MOST_KEYS } from "../operations.ts";
import { type Plaything, bearing, presentIn } from "../plaything.ts";
import { type Look, drawing } from "../tree/drawing.ts";
import { RADIUS } from "../tree/picture.ts";
import { treeTable } from "../tree/table.ts";
import { avlStory, signed } from "./story.ts";

/** The difference of heights stands below the key. */
const LEANING: Look<AvlNode> = {
  label: "drawing_avl",
  kind: ({ difference }) => (difference === 0 ? "even" : "uneven"),
  corner: () => RADIUS,
  below: ({ difference }) => signed(difference),
};

/** The AVL tree of the race. */
export const avl: Plaything = {
  id: "avl",
  title: "title_avl",
  short: "title_avl_short",
  lead: "lead_avl",
  keys: "keys",
  hint: "keys_hint",
  actions: [
    { do: "insert", label: "insert" },
    { do: "delete", label: "delete" },
  ],
  examples: [
    ["example_rising", "1.2.3.4.5.6.7.8.9.10"],
    ["example_four", "50.40.30.60.70.20.25.80.75"],
    ["example_fibonacci", "8.5.11.3.7.10.12.2.4.6.9.1.x12"],
  ],
  hasRules: true,
  legend: "legend_avl",
  bearable: bearing(MOST_KEYS, new Set(["insert", "delete"])),
  present: presentIn,
  below: 100,
  load: async () => {
    const newTree = await loadHeardAvlTree();
    return (operations) =>
      avlStory(newTree(), operations).map((step) => {
        const { frame, operation, sentences } = step;
        const { nodes, root, rule } = frame;
        return {
          operation,
          sentences,
          rule,
          data: { keys: nodes.map(({ key }) => key), root, nodes },
          draw: (t) => drawing(step, LEANING, t),
          table: (t) => treeTable(frame, "difference", ({ difference }) => signed(difference), t),
        };
      });
  },
};
