import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { shared } from "../app/styles.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import { questionStyles, questionView } from "./question-view.ts";

/** The source text of what runs, with line numbers. */
@customElement("iop-program")
export class IopProgram extends LitElement {
  static override styles = [
    shared,
    css`
      .code {
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
        counter-reset: line;
        overflow: auto;
        font: 12px/1.55 var(--iop-mono);
        tab-size: 2;
      }
      .code > span {
        position: relative;
        display: block;
        min-height: 1lh;
        padding-left: calc(2.6em + var(--indent) * 1ch + 2ch);
        text-indent: calc(var(--indent) * -1ch - 2ch);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        counter-increment: line;
      }
      .code > span::before {
        content: counter(line);
        position: absolute;
        left: 0;
        width: 2em;
        text-align: right;
        text-indent: 0;
        color: var(--iop-quiet);
      }
      .comment {
        color: var(--iop-quiet);
        font-style: italic;
      }
    `,
    questionStyles,
  ];

  @property() locale: Locale = "en";
  /** The text; empty: there is none. */
  @property() source = "";
  /** What it asks; empty: it is no question. */
  @property() question = "";
  /** What many expect. */
  @property() prediction = "";
  /** What is true. */
  @property() verdict = "";
  /** What the program has found out; null: nothing. */
  @property({ attribute: false }) facts: Facts | null = null;
  /** Whether the run is at its end: then the verdict is shown. */
  @property({ type: Boolean }) over = false;

  override render(): TemplateResult {
    return html`${questionView(this, translator(this.locale))}${this.#text()}`;
  }

  #text(): TemplateResult {
    const translate = translator(this.locale);
    if (this.source === "")
      return html`<h2>${translate("program")}</h2>
        <p class="quiet">${translate("program_none")}</p>`;
    const lines = this.source.split("\n").map((line) => {
      const at = line.search(/(^|\s)\/[/*]|^ \*/);
      const code = at < 0 ? line : line.slice(0, at);
      const indent = line.length - line.trimStart().length;
      return html`<span style="--indent: ${indent}"
        >${code}${at < 0 ? "" : html`<span class="comment">${line.slice(at)}</span>`}</span
      >`;
    });
    return html`<h2>${translate("program")}</h2>
      <div class="code" role="region" tabindex="0" aria-label=${translate("program")}>${lines}</div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-program": IopProgram;
  }
}
