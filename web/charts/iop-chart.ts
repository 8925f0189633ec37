import { LitElement, type SVGTemplateResult, type TemplateResult, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { shared } from "../app/styles.ts";
import { tableStyles } from "../app/table-styles.ts";
import { WidthObserver } from "../app/width-observer.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { type Chart, type DrawnPoint, type Scale, pointsOf, rowsOf, scaleOf, valuesOf } from "./chart.ts";
import { chartStyles } from "./chart-styles.ts";
import { type Mark, markOf } from "./marks.ts";

/** Room for the labels around the drawing. Unit: px. */
const ROOM = { top: 12, right: 16, bottom: 44, left: 64 } as const;
/** Unit: px. */
const HEIGHT = 300;
/** More points than these are drawn without their shapes. */
const FEW = 60;

/** A line chart with its table: series told apart by colour, shape and dashes; one reads values by pointer or keys. */
@customElement("iop-chart")
export class IopChart extends LitElement {
  static override styles = [shared, tableStyles, chartStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) chart: Chart | null = null;
  @state() private width = 0;
  /** Where somebody looks: a value of x; null: nowhere. */
  @state() private at: number | null = null;

  constructor() {
    super();
    new WidthObserver(this, (width) => (this.width = width));
  }

  override render(): TemplateResult | typeof nothing {
    const { chart, width, locale } = this;
    if (!chart || width === 0) return nothing;
    const t = translator(locale);
    const across = scaleOf(chart.x, valuesOf(chart, "x"), ROOM.left, width - ROOM.right);
    const up = scaleOf(chart.y, valuesOf(chart, "y"), HEIGHT - ROOM.bottom, ROOM.top);
    const lines = chart.series.map((one) => pointsOf(one, chart, across, up));
    return html`<figure>
      <figcaption>
        <h3>${chart.title}</h3>
        <ul class="legend">
          ${chart.series.map(({ name }, i) => html`<li>${sample(markOf(i))} ${name}</li>`)}
        </ul>
      </figcaption>
      <div
        class="drawing"
        role="img"
        tabindex="0"
        aria-label="${chart.title}. ${t("chart_keys")}"
        @keydown=${this.#pressed}
        @pointermove=${(event: PointerEvent) => this.#point(event, lines)}
        @pointerleave=${() => (this.at = null)}
        @blur=${() => (this.at = null)}
      >
        <svg viewBox="0 0 ${width} ${HEIGHT}" width=${width} height=${HEIGHT} aria-hidden="true">
          ${axes(chart, across, up, width)} ${lines.map((points, i) => line(points, markOf(i), up))}
          ${this.at === null ? nothing : cursor(across.at(this.at))}
        </svg>
        ${this.#reading(chart, across)}
      </div>
      <details>
        <summary>${t("chart_table", { title: chart.title })}</summary>
        <div class="scroll" tabindex="0" role="group" aria-label=${chart.title}>${table(chart)}</div>
      </details>
    </figure>`;
  }

  /** What is to be read where somebody looks. */
  #reading(chart: Chart, across: Scale): TemplateResult {
    const row = this.at === null ? undefined : rowsOf(chart).find(({ x }) => x === this.at);
    const said = row?.values.flatMap((point, i) =>
      point ? [html`<li>${sample(markOf(i))} ${chart.series[i]!.name}: <b>${chart.y.format(point.y)}</b></li>`] : [],
    );
    const isRight = row !== undefined && across.at(row.x) > this.width / 2;
    return html`<div class="reading ${isRight ? "left" : "right"}" role="status" ?hidden=${!row}>
      ${
        row
          ? html`<b>${chart.x.format(row.x)}</b>
              <ul>
                ${said}
              </ul>`
          : nothing
      }
    </div>`;
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const all = this.chart ? rowsOf(this.chart).map(({ x }) => x) : [];
    const to = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === "Escape" && this.at !== null) this.at = null;
    else if (to === undefined || all.length === 0) return;
    else {
      const from = this.at === null ? (to > 0 ? -1 : all.length) : all.indexOf(this.at);
      this.at = all[Math.max(0, Math.min(all.length - 1, from + to))]!;
    }
    // Elsewhere in the page the same keys go through time.
    event.preventDefault();
    event.stopPropagation();
  };

  /** Looks at the point that is next to the pointer, from left to right. */
  #point({ currentTarget, clientX }: PointerEvent, lines: readonly (readonly DrawnPoint[])[]): void {
    const x = clientX - (currentTarget as HTMLElement).getBoundingClientRect().left;
    let nearest: DrawnPoint | null = null;
    for (const point of lines.flat()) {
      if (!nearest || Math.abs(point.x - x) < Math.abs(nearest.x - x)) nearest = point;
    }
    this.at = nearest?.point.x ?? null;
  }
}

function sample({ colour, shape, dashes }: Mark): TemplateResult {
  return html`<svg class="sample" viewBox="-14 -7 28 14" width="28" height="14" aria-hidden="true">
    ${svg`<path d="M-14 0h28" stroke=${colour} stroke-dasharray=${dashes} stroke-width="2"></path>
      <path d=${shape} fill=${colour}></path>`}
  </svg>`;
}

function axes({ x, y }: Chart, across: Scale, up: Scale, width: number): SVGTemplateResult {
  const bottom = HEIGHT - ROOM.bottom;
  return svg`<g class="axes">
    ${up.marks.map(
      (value) => svg`<path class="grid" d="M${ROOM.left} ${up.at(value)}H${width - ROOM.right}"></path>
        <text x=${ROOM.left - 8} y=${up.at(value) + 4} text-anchor="end">${y.format(value)}</text>`,
    )}
    ${apart(across, width).map(
      (value) => svg`<path class="tick" d="M${across.at(value)} ${bottom}v5"></path>
        <text x=${across.at(value)} y=${bottom + 18} text-anchor="middle">${x.format(value)}</text>`,
    )}
    <path class="base" d="M${ROOM.left} ${bottom}H${width - ROOM.right}"></path>
    <text class="title" x=${width - ROOM.right} y=${HEIGHT - 6} text-anchor="end">${x.title}</text>
    <text class="title" x="4" y=${HEIGHT - 6}>${y.title}</text>
  </g>`;
}

/** The marks that have room for their labels. */
function apart({ marks, at }: Scale, width: number): readonly number[] {
  const nth = Math.ceil((marks.length * 62) / Math.max(1, width - ROOM.left));
  const last = marks.length - 1;
  const end = width - ROOM.right;
  return marks.filter((value, i) => (last - i) % nth === 0 && at(value) <= end + 1);
}

function line(points: readonly DrawnPoint[], { colour, shape, dashes }: Mark, up: Scale): SVGTemplateResult {
  const path = points.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  const intervals = points.filter(({ point }) => point.low !== undefined && point.high !== undefined);
  return svg`<g style="color: ${colour}">
    <path class="line" d=${path} stroke-dasharray=${dashes}></path>
    ${intervals.map(
      ({ point, x }) => svg`<path class="interval" d="M${x} ${up.at(point.low!)}V${up.at(point.high!)}"></path>`,
    )}
    ${points.length > FEW ? nothing : points.map(({ x, y }) => svg`<path class="point" d=${shape} transform="translate(${x} ${y})"></path>`)}
  </g>`;
}

function cursor(x: number): SVGTemplateResult {
  return svg`<path class="cursor" d="M${x} ${ROOM.top}V${HEIGHT - ROOM.bottom}"></path>`;
}

function table(chart: Chart): TemplateResult {
  const { x, y, series } = chart;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${x.title}</th>
        ${series.map(({ name }) => html`<th scope="col">${name}, ${y.title}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rowsOf(chart).map(
        (row) =>
          html`<tr>
            <th scope="row">${x.format(row.x)}</th>
            ${row.values.map((point) => html`<td>${point ? y.format(point.y) : "–"}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-chart": IopChart;
  }
}
