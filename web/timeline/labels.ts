import { type TemplateResult, html, nothing } from "lit";
import type { Translate } from "../i18n/catalogue.ts";
import { HEADER } from "./paint.ts";
import type { Group } from "./rows.ts";
import { groupName, rowName } from "./words.ts";

/** Room for what is said of the slice under the pointer. Unit: px. */
const HINT = { width: 260, height: 70 };

/** What is said of a slice, at the pointer. Unit: px. */
export interface Hint {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** The label of a group at the left, which folds it, and those of its rows. @param turn  folds or unfolds it. */
export function labelView(group: Group, turn: () => void, t: Translate): TemplateResult {
  const { folded, y, rows } = group;
  const name = groupName(group, t);
  const style = `top: ${HEADER + y}px`;
  const label =
    folded === null
      ? html`<span class="group" style=${style}>${name}</span>`
      : html`<button
          class="group plain"
          style=${style}
          aria-expanded=${!folded}
          title=${t(folded ? "unfold" : "fold", { name })}
          @click=${turn}
        >
          <span aria-hidden="true">${folded ? "▸" : "▾"}</span> ${name}
        </button>`;
  const more = rows.map((row) => {
    const text = folded ? "" : rowName(row, t);
    return text ? html`<span class="row quiet" title=${text} style="top: ${HEADER + row.y}px">${text}</span>` : nothing;
  });
  return html`${label}${more}`;
}

/** What is under the pointer, below it, or above it where there is no room. @param size  of the picture. */
export function hintView({ x, y, text }: Hint, size: { width: number; height: number }): TemplateResult {
  const left = Math.min(x, Math.max(0, size.width - HINT.width));
  const place = y + HINT.height > size.height ? `bottom: ${size.height - y + 8}px` : `top: ${y + 16}px`;
  return html`<p class="hint" style="left: ${left}px; ${place}">${text}</p>`;
}
