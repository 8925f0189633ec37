import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { figuresOf } from "../../../lib/cache/figures.ts";
import { type StreamSettings, rangeOf } from "../../../lib/cache/settings.ts";
import type { StreamRun } from "../../../lib/cache/stream.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import type { Chart } from "../../charts/chart.ts";
import "../../charts/iop-chart.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { formatCount, formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import { type NamedRun, hitRateChart, percent, wayText } from "./charts.ts";
import { type LabSettings, MORE_MEMORY, WAYS } from "./settings.ts";
import { partStyles } from "./styles.ts";

/** The same stream read in every way, and once more with twice the memory: hit rates over time, and in a table. */
@customElement("iop-stream-compare")
export class IopStreamCompare extends LitElement {
  static override styles = [
    shared,
    partStyles,
    css`
      .chips {
        margin: 14px 0 10px;
      }
      td {
        white-space: nowrap;
      }
      thead th {
        max-width: 16ch;
      }
      .note {
        margin-top: 12px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings!: LabSettings;
  /** What has been run, in the order of `#plan()`. */
  @state() private runs: readonly StreamRun[] = [];
  readonly #computation = new Computation(this, "streams");
  #chart: Chart | null = null;

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  /** What is run: every way, and reading with more memory. */
  #plan(stream: Required<StreamSettings>): StreamSettings[] {
    const memory = Math.min(2 * stream.memory, rangeOf("memory")[1]);
    return [...WAYS.map((way) => ({ ...stream, way })), { ...stream, way: "read", memory }];
  }

  protected override willUpdate(changes: PropertyValues): void {
    this.#begin(changes);
    // Progress alone draws nothing anew.
    if (changes.size > 0) this.#chart = hitRateChart(this.#shown, this.#t);
  }

  /** Runs everything if the machine is another one. */
  #begin(changes: PropertyValues): void {
    const before = changes.get("settings") as LabSettings | undefined;
    if (!changes.has("settings") || before?.stream === this.settings.stream) return;
    const runs: StreamRun[] = [];
    this.runs = runs;
    void this.#computation.start({ runs: this.#plan(this.settings.stream), details: false }, (run) => {
      if (!run) return;
      runs.push(run);
      this.runs = [...runs];
    });
  }

  /** The run of that place in the plan, with its name; `key` is how an address calls it. */
  #named(i: number): NamedRun & { readonly key: string } {
    const t = this.#t;
    const run = this.runs[i]!;
    const isMore = i >= WAYS.length;
    const { memory, way } = run.settings;
    const name = isMore ? t("chart_memory", { memory }) : wayText(way, t);
    return { run, name, key: isMore ? MORE_MEMORY : way };
  }

  /** The runs that the chart shows. */
  get #shown(): NamedRun[] {
    return this.runs.map((_, i) => this.#named(i)).filter(({ key }) => this.settings.shown.includes(key));
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { state: how, done, reason } = this.#computation;
    const all = this.runs.map((_, i) => this.#named(i));
    const { shown } = this.settings;
    return html`<h2>${t("compare")}</h2>
      <p>${t("compare_lead")}</p>
      <div role="status">
        ${
          how === "running"
            ? html`<p class="row">
                ${t("compare_computing", { done: this.runs.length, all: WAYS.length + 1 })}
                <progress max="1" .value=${done} aria-label=${t("compare")}></progress>
                <button @click=${() => this.#computation.cancel()}>${t("cancel")}</button>
              </p>`
            : how === "failed"
              ? html`<p class="bad">${t("failed", { reason })}</p>`
              : how === "cancelled"
                ? html`<p class="quiet">${t("cancelled")}</p>`
                : nothing
        }
      </div>
      <div class="row chips" role="group" aria-label=${t("way")}>
        ${all.map(
          ({ key, name }) =>
            html`<button aria-pressed=${shown.includes(key)} @click=${() => this.#toggle(key)}>${name}</button>`,
        )}
      </div>
      ${
        all.length === 0
          ? nothing
          : html`<iop-chart .locale=${this.locale} .chart=${this.#chart}></iop-chart> ${this.#table(all)}
              <p class="quiet note">${t("compare_note")}</p>`
      }`;
  }

  #toggle(key: string): void {
    const { shown } = this.settings;
    const next = shown.includes(key) ? shown.filter((name) => name !== key) : [...shown, key];
    fire(this, "iop-choose", { name: "show", value: next.join("~") });
  }

  #table(all: readonly (NamedRun & { readonly key: string })[]): TemplateResult {
    const t = this.#t;
    const columns = ["way", "before", "during", "after", "kept", "time", "reclaimed"] as const;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("compare")}>
      <table>
        <thead>
          <tr>
            ${columns.map((column) => html`<th scope="col">${t(`column_${column}`)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${all.map(({ key, name, run }) => {
            const figures = figuresOf(run);
            const { cachedBefore: before, cachedAfter: after } = figures;
            return html`<tr aria-current=${key === this.settings.stream.way ? "true" : nothing}>
              <th scope="row">${name}</th>
              <td>${percent(figures.before, t)}</td>
              <td>${percent(figures.during, t)}</td>
              <td>${percent(figures.after, t)}</td>
              <td>${t("kept_of", { before, after })}</td>
              <td>${formatTime(figures.time)}</td>
              <td>${formatCount(figures.kswapd)} + ${formatCount(figures.direct)}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stream-compare": IopStreamCompare;
  }
}
