import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Heat, RaceResult } from "../../lib/race/types.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import "./iop-race-heat.ts";
import "./iop-race-verdicts.ts";
import "./iop-race-why.ts";

/** All of a result: what came out in words, a heat as a picture, why the kernel has a red-black tree. */
@customElement("iop-race-result")
export class IopRaceResult extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 26px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) result: RaceResult | null = null;
  /** The heat that is looked at. */
  @property({ attribute: false }) heat: Heat | null = null;

  override render(): TemplateResult | typeof nothing {
    const { locale, result, heat } = this;
    if (!result) return nothing;
    return html`<iop-race-verdicts .locale=${locale} .result=${result}></iop-race-verdicts>
      <iop-race-heat .locale=${locale} .result=${result} .heat=${heat}></iop-race-heat>
      <iop-race-why .locale=${locale} .result=${result}></iop-race-why>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-result": IopRaceResult;
  }
}
