import { type TemplateResult, html } from "lit";
import type { TreeFrame } from "../../../../lib/structures/heard.ts";
import { type T, minus } from "../texts.ts";

/** A tree as a table: what the drawing shows, for who does not see it. */
export function treeTable({ nodes }: TreeFrame, t: T): TemplateResult {
  const named = (key: number | null) => (key === null ? t("none") : minus(key));
  return html`<table>
    <thead>
      <tr>
        ${(["key", "colour", "parent", "left", "right"] as const).map((name) => html`<th scope="col">${t(name)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${nodes.map(
        ({ key, red, parent, left, right }) =>
          html`<tr>
            <th scope="row">${named(key)}</th>
            <td>${t(red ? "red" : "black")}</td>
            <td>${named(parent)}</td>
            <td>${named(left)}</td>
            <td>${named(right)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
