import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type Difference, differencesOf } from "../../lib/race/difference.ts";
import type { RaceResult } from "../../lib/race/types.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { raceStyles } from "./race-styles.ts";
import { Words, formatNs, formatTimes } from "./words.ts";

/** A result with its name. */
export interface NamedResult {
  readonly name: string;
  readonly result: RaceResult;
}

/** Two results beside each other: what both of them have measured, and where they differ. */
@customElement("iop-race-compare")
export class IopRaceCompare extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 4px 14px;
        margin: 0 0 12px;
      }
      dt {
        font-weight: 600;
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
      }
      tbody th[colspan] {
        padding-top: 14px;
        color: var(--iop-quiet);
        text-align: start;
      }
      th[scope="row"] {
        font-weight: 400;
      }
      .faster::before {
        content: "▲ ";
        color: var(--iop-good);
      }
      .slower::before {
        content: "▼ ";
        color: var(--iop-bad);
      }
      .level {
        color: var(--iop-quiet);
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) first: NamedResult | null = null;
  @property({ attribute: false }) second: NamedResult | null = null;

  override render(): TemplateResult | typeof nothing {
    const { first, second } = this;
    if (!first || !second) return nothing;
    const words = new Words(this.locale);
    const { t } = words;
    const pairs = differencesOf(first.result, second.result);
    const count = (kind: Difference["kind"]) => pairs.filter((pair) => pair.kind === kind).length;
    const counts = { faster: count("faster"), slower: count("slower"), level: count("level") };
    return html`<section aria-label=${t("compare")}>
      <h2>${t("compare")}</h2>
      <dl>${origin(t("compare_first"), first)} ${origin(t("compare_second"), second)}</dl>
      ${
        first.result.machine.processor === second.result.machine.processor &&
        first.result.machine.runtime === second.result.machine.runtime
          ? nothing
          : html`<p>${t("compare_machines")}</p>`
      }
      ${first.result.seed === second.result.seed ? nothing : html`<p>${t("compare_seeds")}</p>`}
      <p>
        <strong>${pairs.length === 0 ? t("compare_none") : t("compare_summary", counts)}</strong>
      </p>
      ${pairs.length === 0 ? nothing : table(words, pairs)}
    </section>`;
  }
}

function origin(label: string, { name, result }: NamedResult): TemplateResult {
  const { runtime, processor } = result.machine;
  return html`<dt>${label}</dt>
    <dd>${[name, runtime, processor, result.date.slice(0, 10)].filter((part) => part !== "").join(" · ")}</dd>`;
}

function table(words: Words, pairs: readonly Difference[]): TemplateResult {
  const { t } = words;
  let heat = "";
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("compare")}>
    <table>
      <thead>
        <tr>
          <th scope="col">${t("contender")}</th>
          <th scope="col">${t("compare_first")}</th>
          <th scope="col">${t("compare_second")}</th>
          <th scope="col">${t("compare_change")}</th>
        </tr>
      </thead>
      <tbody>
        ${pairs.map((pair) => {
          const now = words.heat(pair);
          const isNew = now !== heat;
          heat = now;
          return html`${
            isNew
              ? html`<tr>
                  <th colspan="4" scope="colgroup">${now}</th>
                </tr>`
              : nothing
          }${row(words, pair)}`;
        })}
      </tbody>
    </table>
  </div>`;
}

function row(words: Words, difference: Difference): TemplateResult {
  const { before, after, kind, ratio } = difference;
  return html`<tr>
    <th scope="row">${words.entry(difference)}</th>
    <td>${formatNs(before)}</td>
    <td>${formatNs(after)}</td>
    <td class=${kind}>${words.t(`compare_${kind}`, { times: formatTimes(ratio) })}</td>
  </tr>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-compare": IopRaceCompare;
  }
}
