import { LitElement, type PropertyValues, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { RoadFigures } from "../../../lib/index.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import { fire } from "../../app/events.ts";
import { shared } from "../../app/styles.ts";
import "../../charts/iop-bars.ts";
import "../../charts/iop-chart.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { zeroCopyTexts } from "../../i18n/pages/zero-copy.ts";
import { formatCount, formatSize, formatTime } from "../../model/format.ts";
import { Computation } from "../computation.ts";
import type { WalkedRoad } from "./jobs.ts";
import { roadStyles } from "./road-styles.ts";
import { progressView } from "../progress-view.ts";
import { BUFFER, DEFAULTS, FIGURES, MEMORY, SIZES, SOON, type ZeroCopySettings, bootOf, pieceOf } from "./settings.ts";
import { SLOWEST, sizeBars, sizeChart, withoutSlowest } from "./size-charts.ts";

const MOST = SIZES.at(-1)!;

/** What the introduction says of the machines. */
const LEAD = {
  least: formatSize(SIZES[0]!),
  most: formatSize(MOST),
  memory: formatSize(MEMORY),
  buffer: formatSize(BUFFER),
};

/**
 * All roads by the size of the file: a chart, bars for one size, a table; computed in a thread of its own.
 *
 * @fires iop-set  another figure, or another size, is to be shown
 */
@customElement("iop-road-sizes")
export class IopRoadSizes extends LitElement {
  static override styles = [
    shared,
    roadStyles,
    css`
      .charts {
        display: grid;
        grid-template-columns: minmax(0, 1.7fr) minmax(0, 1fr);
        gap: 16px;
        align-items: start;
        margin-bottom: 16px;
      }
      tbody th {
        position: sticky;
        left: 0;
        background: var(--iop-raised);
      }
      tr.first td,
      tr.first th {
        border-top: 2px solid var(--iop-line);
      }
      td.failed {
        text-align: start;
        color: var(--iop-bad);
        white-space: normal;
      }
      @media (max-width: 980px) {
        .charts {
          grid-template-columns: minmax(0, 1fr);
        }
        .card {
          padding: 10px 12px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) settings: ZeroCopySettings = DEFAULTS;
  @state() private rows: readonly WalkedRoad[] = [];
  readonly #computation = new Computation(this, "roads");
  /** What the rows were computed for. */
  #machine = "";

  protected override willUpdate(changes: PropertyValues): void {
    if (!changes.has("settings") || this.settings.view !== "sizes") return;
    const { cache, disk, card } = this.settings;
    const machine = [cache, disk, card].join();
    if (machine === this.#machine) return;
    this.#machine = machine;
    this.rows = [];
    this.#compute(SOON);
  }

  /** Walks what was not walked yet. @param upTo  the largest file. Unit: bytes. */
  #compute(upTo: number): void {
    const { cache } = this.settings;
    const boot = bootOf(this.settings);
    const has = (road: string, size: number) => this.rows.some((row) => row.road === road && row.size === size);
    const walks = SIZES.filter((size) => size <= upTo).flatMap((size) =>
      ROADS.filter(({ name }) => !has(name, size)).map((road) => ({
        road: road.name,
        size,
        cache,
        chunk: pieceOf(road, size),
        boot,
      })),
    );
    void this.#computation.start(walks, (row) => (this.rows = [...this.rows, row]));
  }

  override render(): TemplateResult {
    const { locale, settings } = this;
    const t = translatorOf(zeroCopyTexts, locale);
    const { figure, bars } = settings;
    const found = this.rows.filter((row): row is RoadFigures => !("error" in row));
    const computed = SIZES.filter((size) => ROADS.every(({ name }) => this.#has(name, size)));
    const next = computed.includes(SOON) ? MOST : SOON;
    const { isRunning } = this.#computation;
    return html`<h2 class="hidden-text">${t("view_sizes")}</h2>
      <p>${t("sizes_lead", LEAD)}</p>
      <div class="controls">
        <label
          >${t("figure")}
          <select @change=${(event: Event) => this.#set("figure", FIGURES[index(event)]!)}>
            ${FIGURES.map((name) => html`<option ?selected=${name === figure}>${t(`figure_${name}`)}</option>`)}
          </select></label
        >
        <label
          >${t("bars_size")}
          <select @change=${(event: Event) => this.#set("bars", SIZES[index(event)]!)}>
            ${SIZES.map((size) => html`<option ?selected=${size === bars}>${formatSize(size)}</option>`)}
          </select></label
        >
        ${
          isRunning || computed.includes(MOST)
            ? nothing
            : html`<button class="primary" @click=${() => this.#compute(next)}>
                ${t("compute", { size: formatSize(next) })}
              </button>`
        }
        ${progressView(this.#computation, locale)}
      </div>
      <div class="charts">
        <section class="card" aria-label=${t("chart_title", { figure: t(`figure_${figure}`) })}>
          <iop-chart .locale=${locale} .chart=${found.length > 0 ? sizeChart(found, figure, t) : null}></iop-chart>
        </section>
        <section class="card" aria-label=${t("bars_size")}>
          <iop-bars
            .title=${t("bars_title", { figure: t(`figure_${figure}`), size: formatSize(bars) })}
            .bars=${sizeBars(found, figure, bars)}
          ></iop-bars>
          ${withoutSlowest(figure) ? html`<p class="hint">${t("bars_without", { road: SLOWEST.name })}</p>` : nothing}
        </section>
      </div>
      <section class="card">${this.#table()}</section>`;
  }

  #has(road: string, size: number): boolean {
    return this.rows.some((row) => row.road === road && row.size === size);
  }

  #set(name: "figure" | "bars", value: string | number): void {
    fire(this, "iop-set", { [name]: value });
  }

  #table(): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    const heads = [
      "column_size",
      "column_wall",
      "column_cpu_time",
      "column_switches",
      "column_syscalls",
      "column_cpu",
      "column_dma",
      "column_faults",
      "column_tasks",
      "column_interrupts",
    ] as const;
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t("table_title")}>
      <table>
        <caption>
          ${t("table_title")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("road")}</th>
            ${heads.map((head) => html`<th scope="col">${t(head)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.rows.map((row, i) => this.#row(row, row.size !== this.rows[i - 1]?.size))}
        </tbody>
      </table>
    </div>`;
  }

  #row(row: WalkedRoad, isFirst: boolean): TemplateResult {
    const t = translatorOf(zeroCopyTexts, this.locale);
    const head = html`<th scope="row">${row.road}</th>
      <td>${formatSize(row.size)}</td>`;
    if ("error" in row) {
      return html`<tr class=${isFirst ? "first" : ""}>
        ${head}
        <td class="failed" colspan="9">${t("row_failed", { message: row.error })}</td>
      </tr>`;
    }
    const counts = [
      row.modeSwitches,
      row.syscalls,
      row.cpuCopies,
      row.dmaTransfers,
      row.faults,
      row.contextSwitches,
      row.interrupts,
    ];
    return html`<tr class=${isFirst ? "first" : ""}>
      ${head}
      <td>${formatTime(row.wallTime)}</td>
      <td>${formatTime(row.cpuTime)}</td>
      ${counts.map((count) => html`<td>${formatCount(count)}</td>`)}
    </tr>`;
  }
}

function index({ target }: Event): number {
  return (target as HTMLSelectElement).selectedIndex;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-road-sizes": IopRoadSizes;
  }
}
