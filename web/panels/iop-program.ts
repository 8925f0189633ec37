import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { shared } from "../app/styles.ts";
import type { Standing } from "../model/standing.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import "./iop-code.ts";
import { questionStyles, questionView } from "./question-view.ts";

/** The source text of what runs, and where its tasks stand in it. */
@customElement("iop-program")
export class IopProgram extends LitElement {
  static override styles = [
    shared,
    css`
      iop-code {
        margin-top: 8px;
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
  /** The lines that make calls in this run. */
  @property({ attribute: false }) calling: ReadonlySet<number> = new Set();
  /** Where tasks stand; the one that the step is about comes first. */
  @property({ attribute: false }) standings: readonly Standing[] = [];

  override render(): TemplateResult {
    return html`${questionView(this, translator(this.locale))}${this.#text()}`;
  }

  #text(): TemplateResult {
    const translate = translator(this.locale);
    if (this.source === "")
      return html`<h2>${translate("program")}</h2>
        <p class="quiet">${translate("program_none")}</p>`;
    return html`<h2>${translate("program")}</h2>
      <iop-code
        .locale=${this.locale}
        .source=${this.source}
        .calling=${this.calling}
        .standings=${this.standings}
      ></iop-code>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-program": IopProgram;
  }
}
