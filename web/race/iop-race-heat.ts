import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CaseName, Entry, Heat, Kind, RaceResult } from "../../lib/race/types.ts";
import { hasOrder } from "../../lib/race/work.ts";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import "../charts/iop-chart.ts";
import "../charts/iop-intervals.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { axisOf, chartOf, entriesOf, firstEntries, heatsIn, intervalsOf, rowsOfHeat, signOf } from "./pictures.ts";
import { raceStyles } from "./race-styles.ts";
import { Words } from "./words.ts";

/**
 * All who took part in a heat, the fastest first; and their case over all sizes that were raced.
 *
 * @fires iop-set  another heat is to be looked at: `{ look }`
 */
@customElement("iop-race-heat")
export class IopRaceHeat extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      :host {
        display: grid;
        gap: 14px;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        margin: 0 0 4px;
        padding: 0;
        color: var(--iop-quiet);
        font-size: 12px;
        list-style: none;
      }
      .legend svg {
        width: 14px;
        height: 14px;
        vertical-align: -2px;
      }
      .over {
        margin-top: 10px;
      }
      .chips {
        margin-top: 8px;
      }
      .chips button {
        min-height: 28px;
        padding: 2px 9px;
        font-size: 12.5px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) result: RaceResult | null = null;
  /** The heat that is looked at: one of the result's. */
  @property({ attribute: false }) heat: Heat | null = null;
  /** The lines that a person has chosen; null: those with which the chart begins. */
  @state() private lines: ReadonlySet<string> | null = null;

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get("heat") as Heat | undefined;
    if (before && before.case !== this.heat?.case) this.lines = null;
  }

  override render(): TemplateResult | typeof nothing {
    const { result, heat, locale } = this;
    if (!result || !heat) return nothing;
    const words = new Words(locale);
    const rows = intervalsOf(words, result, heat);
    return html`${this.#picker(words, result, heat)}
      <div class="card">
        ${this.#legend(words, result, heat)}
        <iop-intervals
          .title=${words.heat(heat)}
          .things=${words.t("contender")}
          .axis=${axisOf(words, heat, rows)}
          .rows=${rows}
        ></iop-intervals>
      </div>
      ${this.#overSizes(words, result, heat)}`;
  }

  #picker(words: Words, result: RaceResult, heat: Heat): TemplateResult {
    const { t } = words;
    const heats = heatsIn(result);
    const cases = [...new Set(heats.map(({ case: name }) => name))];
    const ofCase = heats.filter(({ case: name }) => name === heat.case);
    const sizes = [...new Set(ofCase.map(({ size }) => size))];
    const orders = [...new Set(ofCase.map(({ order }) => order))];
    return html`<div class="line" role="group" aria-label=${t("heat")}>
      ${this.#select("case", t("case"), cases, heat, (name) => words.case(name))}
      ${sizes.length < 2 ? nothing : this.#select("size", t("size"), sizes, heat, (size) => words.size({ ...heat, size }))}
      ${orders.length < 2 || !hasOrder(heat.case) ? nothing : this.#select("order", t("order"), orders, heat, (order) => words.order(order))}
    </div>`;
  }

  #select<N extends "case" | "size" | "order">(
    name: N,
    label: string,
    values: readonly Heat[N][],
    heat: Heat,
    format: (value: Heat[N]) => string,
  ): TemplateResult {
    const changed = ({ target }: Event) =>
      fire(this, "iop-set", { look: { ...heat, [name]: values[(target as HTMLSelectElement).selectedIndex]! } });
    return html`<label class="field"
      >${label}
      <select name=${name} @change=${changed}>
        ${values.map((value) => html`<option .selected=${value === heat[name]}>${format(value)}</option>`)}
      </select>
    </label>`;
  }

  /** What the signs mean: of those kinds that are there. */
  #legend(words: Words, result: RaceResult, heat: Heat): TemplateResult {
    const kinds = [...new Set(rowsOfHeat(result, heat).map(({ contender }) => words.contender(contender).kind))];
    return html`<ul class="legend">
      ${kinds.map((kind) => html`<li>${sign(kind)} ${words.t(`kind_${kind}`)}</li>`)}
    </ul>`;
  }

  #overSizes(words: Words, result: RaceResult, { case: name, order }: Heat): TemplateResult | typeof nothing {
    const sizes = new Set(
      result.rows.filter((row) => row.case === name && row.order === order).map(({ size }) => size),
    );
    if (sizes.size < 2) return nothing;
    const entries = entriesOf(result, name, order);
    const lines = this.lines ?? new Set(firstEntries(words, entries).map(keyOf));
    const shown = entries.filter((entry) => lines.has(keyOf(entry)));
    return html`<div class="over">
      <iop-chart .locale=${this.locale} .chart=${chartOf(words, result, { name, order }, shown)}></iop-chart>
      ${this.#lines(words, name, entries, lines)}
    </div>`;
  }

  #lines(words: Words, name: CaseName, entries: readonly Entry[], lines: ReadonlySet<string>): TemplateResult {
    return html`<details>
      <summary>${words.t("lines", { shown: lines.size, all: entries.length })}</summary>
      <div class="chips" role="group" aria-label=${words.t("lines_of", { case: words.case(name) })}>
        ${entries.map(
          (entry) =>
            html`<button aria-pressed=${lines.has(keyOf(entry))} @click=${() => this.#toggle(lines, keyOf(entry))}>
              ${words.entry(entry)}
            </button>`,
        )}
      </div>
    </details>`;
  }

  /** Shows a line, or hides it; one stays. */
  #toggle(lines: ReadonlySet<string>, key: string): void {
    const next = new Set(lines);
    if (!next.delete(key)) next.add(key);
    if (next.size > 0) this.lines = next;
  }
}

function keyOf({ contender, mode }: Entry): string {
  return `${contender} ${mode}`;
}

function sign(kind: Kind): TemplateResult {
  const { colour, shape } = signOf(kind);
  return html`<svg viewBox="-7 -7 14 14" aria-hidden="true">${svg`<path d=${shape} fill=${colour}></path>`}</svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-heat": IopRaceHeat;
  }
}
