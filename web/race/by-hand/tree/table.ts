import { type TemplateResult, html } from "lit";
import type { SearchNode } from "../../../../lib/structures/heard-search-tree.ts";
import { type T, minus } from "../texts.ts";

/**
 * A tree as a table: what the drawing shows, for who does not see it.
 *
 * @param besides  What balancing knows of a node, which `said` tells.
 */
export function treeTable<N extends SearchNode>(
  { nodes }: { readonly nodes: readonly N[] },
  besides: "colour" | "difference",
  said: (node: N) => string,
  t: T,
): TemplateResult {
  const named = (key: number | null) => (key === null ? t("none") : minus(key));
  return html`<table>
    <thead>
      <tr>
        ${(["key", besides, "parent", "left", "right"] as const).map((name) => html`<th scope="col">${t(name)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${nodes.map(
        (node) =>
          html`<tr>
            <th scope="row">${named(node.key)}</th>
            <td>${said(node)}</td>
            <td>${named(node.parent)}</td>
            <td>${named(node.left)}</td>
            <td>${named(node.right)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
