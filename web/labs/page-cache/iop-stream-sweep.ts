import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { SweepRow, SweptSetting } from "../../../lib/cache/sweep.ts";
import { shared } from "../../app/styles.ts";
import "../../charts/iop-chart.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type TextKey, texts } from "../../i18n/pages/page-cache.ts";
import { Computation } from "../computation.ts";
import { sweepChart } from "./charts.ts";
import { field } from "./field.ts";
import { type LabSettings, WAYS } from "./settings.ts";
import { partStyles } from "./styles.ts";

/** The values that are tried of each setting. */
const VALUES: Readonly<Record<SweptSetting, readonly number[]>> = {
  memory: [4, 6, 8, 12, 16, 24, 32, 64],
  stream: [1, 2, 4, 8, 16, 32, 64, 128],
  hot: [64, 128, 256, 512, 768, 1024, 1536, 2048],
};

/** The hit rate of the hot files by the size of one thing, for every way: computed when somebody asks for it. */
@customElement("iop-stream-sweep")
export class IopStreamSweep extends LitElement {
  static override styles = [shared, partStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings!: LabSettings;
  @state() private rows: readonly SweepRow[] = [];
  readonly #computation = new Computation(this, "sweepStreams");

  readonly #t: Translate<TextKey> = (key, values) => translatorOf(texts, this.locale)(key, values);

  protected override willUpdate(changes: PropertyValues): void {
    const before = changes.get("settings") as LabSettings | undefined;
    if (!before || (before.stream === this.settings.stream && before.by === this.settings.by)) return;
    this.#computation.stop();
    this.rows = [];
  }

  #compute(): void {
    const { stream, by } = this.settings;
    this.rows = [];
    void this.#computation.start({ by, values: VALUES[by], ways: WAYS, settings: stream }, (row) => {
      this.rows = [...this.rows, row];
    });
  }

  override render(): TemplateResult {
    const t = this.#t;
    const { rows, settings } = this;
    const { state: how, done, reason } = this.#computation;
    const all = VALUES[settings.by].length * WAYS.length;
    return html`<h2>${t("sweep_title")}</h2>
      <p>${t("sweep_lead")}</p>
      <div class="fields">
        ${field("by", t("sweep_by"), settings.by, [
          ["memory", t("sweep_memory")],
          ["stream", t("sweep_stream")],
          ["hot", t("sweep_hot")],
        ])}
        ${
          how === "running"
            ? html`<button @click=${() => this.#computation.cancel()}>${t("cancel")}</button>`
            : html`<button class="compute" @click=${() => this.#compute()}>${t("sweep_run")}</button>`
        }
        <span class="row" role="status">
          ${
            how === "running"
              ? html`<progress max="1" .value=${done} aria-label=${t("sweep_title")}></progress>
                  ${t("sweep_progress", { done: rows.length, all })}`
              : how === "failed"
                ? html`<span class="bad">${t("failed", { reason })}</span>`
                : how === "cancelled" && rows.length > 0
                  ? t("cancelled")
                  : ""
          }
        </span>
      </div>
      ${
        rows.length === 0
          ? nothing
          : html`<iop-chart .locale=${this.locale} .chart=${sweepChart(rows, settings.by, t)}></iop-chart>`
      }`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-stream-sweep": IopStreamSweep;
  }
}
