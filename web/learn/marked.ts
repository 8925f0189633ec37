import { type TemplateResult, html } from "lit";
import { piecesOf } from "./reading.ts";

/** A text with what stands between backticks as code. */
export function marked(text: string): TemplateResult {
  return html`${piecesOf(text).map((piece) => (piece.code ? html`<code>${piece.text}</code>` : piece.text))}`;
}
