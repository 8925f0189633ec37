import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { shared } from "../app/styles.ts";
import type { Standing } from "../model/standing.ts";
import "./iop-code.ts";

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
  ];

  @property() locale: Locale = "en";
  /** The text; empty: there is none. */
  @property() source = "";
  /** The lines that make calls in this run. */
  @property({ attribute: false }) calling: ReadonlySet<number> = new Set();
  /** Where tasks stand; the one that the step is about comes first. */
  @property({ attribute: false }) standings: readonly Standing[] = [];

  override render(): TemplateResult {
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
