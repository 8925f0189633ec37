import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Road, RoadFigures } from "../../../lib/index.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { formatSize } from "../../model/format.ts";
import { CLASSIC, inShort } from "./counting.ts";
import { roadStyles } from "./road-styles.ts";

/**
 * The roads, each with what it takes, as a table to choose from.
 *
 * @fires iop-set  another road was chosen
 */
@customElement("iop-road-list")
export class IopRoadList extends LitElement {
  static override styles = [
    shared,
    roadStyles,
    css`
      table {
        width: 100%;
      }
      th,
      td {
        padding: 0 8px 0 0;
      }
      thead th {
        padding-bottom: 4px;
        white-space: normal;
      }
      label {
        display: flex;
        gap: 7px;
        align-items: center;
        min-height: 34px;
        cursor: pointer;
      }
      tr.current {
        background: var(--iop-changed-fill);
      }
      tr.current label {
        font-weight: 650;
      }
      td:last-child {
        padding-right: 6px;
      }
      .short {
        display: inline-block;
        min-width: 3.4em;
        padding: 1px 7px;
        border: 1px solid transparent;
        border-radius: 10px;
        text-align: center;
        font-family: var(--iop-mono);
      }
      .classic .short {
        border-color: var(--iop-line);
        font-weight: 700;
      }
      @media (max-width: 420px) {
        table {
          font-size: 12px;
        }
        th,
        td {
          padding-right: 5px;
        }
        label {
          gap: 3px;
        }
        .short {
          min-width: 0;
          padding: 1px 4px;
        }
      }
      .key {
        display: flex;
        gap: 8px;
        margin: 10px 0 0;
        font-size: 12px;
        color: var(--iop-quiet);
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) road: Road = ROADS[0]!;
  /** What each takes, by its name; those that are not there yet are counted still. */
  @property({ attribute: false }) figures: ReadonlyMap<string, RoadFigures> = new Map();
  /** Length of the file. Unit: bytes. */
  @property({ type: Number }) size = 0;
  /** Whether the file's pages are in the page cache already. */
  @property({ type: Boolean }) warm = false;

  override render(): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    return html`<h2>${t("roads")}</h2>
      <p class="hint">${t("roads_hint", { size: formatSize(this.size) })}</p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">${t("road")}</th>
              <th scope="col">${t("head_switches")}</th>
              <th scope="col">${t("by_cpu")}</th>
              <th scope="col">${t("by_dma")}</th>
              <th scope="col">${t("head_sum")}</th>
            </tr>
          </thead>
          <tbody>
            ${ROADS.map((road) => this.#row(road))}
          </tbody>
        </table>
      </div>
      <p class="key classic">
        <span class="short">n/n</span> ${this.warm ? t("classic_warm") : t("classic", { sum: this.#classic() })}
      </p>`;
  }

  /** What the roads of the books come to. */
  #classic(): string {
    const sums = ROADS.filter(({ name }) => CLASSIC.has(name)).map(({ name }) => this.figures.get(name));
    return sums.map((figures) => (figures ? inShort(figures) : "…")).join(", ");
  }

  #row(road: Road): TemplateResult {
    const figures = this.figures.get(road.name);
    const isCurrent = road === this.road;
    return html`<tr class="${isCurrent ? "current" : ""} ${CLASSIC.has(road.name) ? "classic" : ""}">
      <th scope="row">
        <label>
          <input
            type="radio"
            name="road"
            .checked=${isCurrent}
            @change=${() => fire(this, "iop-set", { road, tick: null })}
          />
          ${road.name}
        </label>
      </th>
      ${
        figures
          ? html`<td>${figures.modeSwitches}</td>
              <td>${figures.cpuCopies}</td>
              <td>${figures.dmaTransfers}</td>
              <td><span class="short">${inShort(figures)}</span></td>`
          : html`<td colspan="4" class="quiet">…</td>`
      }
    </tr>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-road-list": IopRoadList;
  }
}
