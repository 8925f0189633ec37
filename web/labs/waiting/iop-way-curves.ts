import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import "../../charts/iop-chart.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatCount } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import { progressView } from "../progress-view.ts";
import { type Growth, ROUNDS, chartOf, growthOf, pointsToServe } from "./curves.ts";
import { type ServedFigures, sortedOut } from "./jobs.ts";
import { wayStyles } from "./way-styles.ts";
import { CURVES, type Curve, DEFAULTS, MOST, type WaitingSettings } from "./settings.ts";
import { type T, formatRatio, limitOf, texts, wayName } from "./words.ts";

/**
 * What serving takes, against the number of connections: up to 100,000.
 *
 * @fires iop-set  another figure is to be shown
 */
@customElement("iop-way-curves")
export class IopWayCurves extends LitElement {
  static override styles = [
    shared,
    wayStyles,
    css`
      label {
        display: inline-flex;
        gap: 8px;
        align-items: center;
        color: var(--iop-quiet);
        font-size: 13px;
      }
      .grown {
        margin: 18px 0 14px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: WaitingSettings = DEFAULTS;
  @state() private pieces: readonly ServedFigures[] = [];
  readonly #computation = new Computation(this, "waiting");

  override render(): TemplateResult {
    const t = texts(this.locale);
    const { settings } = this;
    const { isRunning } = this.#computation;
    const { there, missing } = sortedOut(pointsToServe(settings), this.pieces);
    const figures = there.flatMap((piece) => ("figures" in piece ? [piece.figures] : []));
    const values = { active: settings.active, rounds: ROUNDS };
    const begin = () => void this.#computation.start(missing, (piece) => (this.pieces = [...this.pieces, piece]));
    return html`<p>${t("curves_lead", values)}</p>
      <div class="bar">
        ${
          isRunning || missing.length === 0
            ? nothing
            : html`<button class="primary" @click=${begin}>${t(there.length > 0 ? "compute_rest" : "compute")}</button>`
        }
        ${progressView(this.#computation, this.locale)} ${this.#choice(t)}
      </div>
      ${there.map((piece) =>
        "error" in piece
          ? html`<p class="hint">${t("failed_way", { way: wayName(t, piece.way), reason: piece.error })}</p>`
          : nothing,
      )}
      ${
        figures.length === 0
          ? html`<p class="hint">${t("curves_begin")}</p>`
          : html`<iop-chart .locale=${this.locale} .chart=${chartOf(t, settings.curve, figures)}></iop-chart>
              ${this.#grown(t, growthOf(settings.curve, figures))}`
      }
      <ul class="hint">
        ${settings.ways.map((way) => {
          const limit = limitOf(t, way, MOST.connections);
          if (limit === null) return nothing;
          return html`<li>
            ${t("curves_ends", { way: wayName(t, way), limit })}
            ${way === "select" ? html`<a href="#/run/select-1024">${t("limit_question")}</a>` : nothing}
          </li>`;
        })}
      </ul>`;
  }

  #choice(t: T): TemplateResult {
    return html`<label
      >${t("curves_show")}
      <select
        name="curve"
        @change=${({ target }: Event) =>
          fire(this, "iop-set", {
            curve: CURVES[(target as HTMLSelectElement).selectedIndex] satisfies Curve | undefined,
          })}
      >
        ${CURVES.map((curve) => html`<option ?selected=${curve === this.settings.curve}>${t(`curve_${curve}`)}</option>`)}
      </select></label
    >`;
  }

  #grown(t: T, all: readonly Growth[]): TemplateResult | typeof nothing {
    if (all.length === 0) return nothing;
    return html`<div class="scroll grown" tabindex="0" role="group" aria-label=${t("curves_grown")}>
      <table>
        <caption>
          ${t("curves_grown")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("column_way")}</th>
            <th scope="col">${t("connections")}</th>
            <th scope="col">${t("curves_factor")}</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ way, from, to, factor }) =>
              html`<tr>
                <th scope="row">${wayName(t, way)}</th>
                <td>${formatCount(from)} → ${formatCount(to)}</td>
                <td>× ${formatRatio(factor)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-way-curves": IopWayCurves;
  }
}
