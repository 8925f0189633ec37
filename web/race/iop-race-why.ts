import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { RaceResult } from "../../lib/race/types.ts";
import { shared } from "../app/styles.ts";
import "../charts/iop-intervals.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { formatCount } from "../model/format.ts";
import { raceStyles } from "./race-styles.ts";
import { panelsOf, sizeOfWhy } from "./why.ts";
import { Words, formatNs } from "./words.ts";

/** Why a red-black tree? Looking up, inserting, memory and the worst single operation, of all structures, in one picture. */
@customElement("iop-race-why")
export class IopRaceWhy extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      .panels {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 245px), 1fr));
        gap: 18px 26px;
      }
      .panels p {
        margin: 6px 0 0;
      }
      .panels + p {
        margin-top: 8px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) result: RaceResult | null = null;

  override render(): TemplateResult | typeof nothing {
    const { result } = this;
    if (!result) return nothing;
    const words = new Words(this.locale);
    const { t } = words;
    const size = sizeOfWhy(words, result);
    return html`<section aria-label=${t("why")}>
      <h2>${t("why")}</h2>
      ${
        size === null
          ? html`<p class="hint">${t("why_missing")}</p>`
          : html`<p>${t("why_lead", { elements: t("elements", { count: formatCount(size) }) })}</p>
              <div class="card panels">
                ${panelsOf(words, result, size).map(
                  ({ measure, axis, rows, sentence }) =>
                    html`<div>
                      <iop-intervals
                        labels="2"
                        .title=${t(`why_${measure}`)}
                        .things=${t("structure")}
                        .axis=${axis}
                        .rows=${rows}
                      ></iop-intervals>
                      <p class="hint">${sentence}</p>
                    </div>`,
                )}
              </div>
              <p class="hint">${t("why_note", { step: formatNs(result.machine.clockResolution_ns) })}</p>`
      }
    </section>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-why": IopRaceWhy;
  }
}
