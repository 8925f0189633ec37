import { LitElement, type TemplateResult, css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../app/styles.ts";
import { type Axis, scaleOf } from "./chart.ts";
import type { Mark } from "./marks.ts";

/** A thing with the interval in which its number lies. */
export interface Interval {
  readonly name: string;
  /** What is to be known of the thing; empty: nothing. */
  readonly note: string;
  /** null: there is no number, and `text` says why. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The number as it is written, with its unit. */
  readonly text: string;
  readonly mark: Pick<Mark, "colour" | "shape">;
  /** Whether it is one of those that the others are compared with. */
  readonly current?: boolean;
}

/** Numbers below each other on one axis, each with the interval in which it lies: a table that one can see. */
@customElement("iop-intervals")
export class IopIntervals extends LitElement {
  static override styles = [
    shared,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
      }
      caption {
        padding-bottom: 6px;
        text-align: start;
        font-weight: 650;
      }
      th,
      td {
        padding: 0 10px 0 0;
        border-bottom: 1px solid var(--iop-rule);
        text-align: start;
        font-weight: 400;
        line-height: 1.3;
      }
      th[scope="row"] {
        width: 38%;
        max-width: 300px;
        height: 27px;
      }
      .note {
        color: var(--iop-quiet);
        font-size: 12px;
      }
      .current th {
        font-weight: 650;
      }
      .current .note {
        font-weight: 400;
      }
      td.text {
        width: 1%;
        padding-inline-end: 0;
        text-align: end;
        font-variant-numeric: tabular-nums;
        white-space: nowrap;
      }
      td.none {
        color: var(--iop-quiet);
      }
      .track {
        position: relative;
        height: 26px;
        margin-inline: 8px;
      }
      .grid {
        position: absolute;
        top: 0;
        bottom: 0;
        width: 1px;
        background: var(--iop-rule);
      }
      .line {
        position: absolute;
        top: 11px;
        height: 4px;
        min-width: 1px;
        border-radius: 2px;
        opacity: 0.45;
      }
      .mark {
        position: absolute;
        top: 6px;
        width: 14px;
        height: 14px;
        margin-left: -7px;
      }
      .axis td {
        border: 0;
      }
      .axis .track {
        height: 18px;
        color: var(--iop-quiet);
        font: 11px var(--iop-mono);
        container-type: inline-size;
      }
      .label {
        position: absolute;
        top: 3px;
        transform: translateX(-50%);
        white-space: nowrap;
      }
      /* There is room for the ends alone. */
      @container (max-width: 160px) {
        .label:not(:first-child, :last-child) {
          display: none;
        }
      }
    `,
  ];

  @property() override title = "";
  /** What the things are, for the head of the table. */
  @property() things = "";
  /** Most labels of the axis. */
  @property({ type: Number }) labels = 3;
  @property({ attribute: false }) axis: Axis | null = null;
  @property({ attribute: false }) rows: readonly Interval[] = [];

  override render(): TemplateResult | typeof nothing {
    const { axis, rows, title } = this;
    if (!axis) return nothing;
    const values = rows.flatMap(({ value, low, high }) => [value, low, high].filter((one) => one !== null));
    const { at, marks } = scaleOf(axis, values, 0, 100);
    return html`<table>
      ${
        title === ""
          ? nothing
          : html`<caption>
              ${title}
            </caption>`
      }
      <thead class="hidden-text">
        <tr>
          <th scope="col">${this.things}</th>
          <th scope="col" colspan="2">${axis.title}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => line(row, at, marks))}
        ${
          marks.length === 0
            ? nothing
            : html`<tr class="axis" aria-hidden="true">
                <td></td>
                <td>
                  <div class="track">
                    ${apart(marks, this.labels).map(
                      (value) => html`<span class="label" style="left: ${at(value)}%">${axis.format(value)}</span>`,
                    )}
                  </div>
                </td>
                <td></td>
              </tr>`
        }
      </tbody>
    </table>`;
  }
}

/** Few enough marks that their labels stand apart, on a narrow screen too. */
function apart(marks: readonly number[], most: number): readonly number[] {
  const nth = Math.ceil(marks.length / most);
  return marks.filter((_, i) => i % nth === 0);
}

function line(
  { name, note, value, low, high, text, mark, current }: Interval,
  at: (value: number) => number,
  marks: readonly number[],
): TemplateResult {
  const from = low ?? value;
  const to = high ?? value;
  return html`<tr class=${current ? "current" : ""}>
    <th scope="row">${name}${note === "" ? nothing : html` <span class="note">${note}</span>`}</th>
    <td aria-hidden="true">
      <div class="track">
        ${marks.map((one) => html`<i class="grid" style="left: ${at(one)}%"></i>`)}
        ${
          value === null || from === null || to === null
            ? nothing
            : html`<i
                  class="line"
                  style="left: ${at(from)}%; width: ${at(to) - at(from)}%; background: ${mark.colour}"
                ></i>
                <svg class="mark" viewBox="-7 -7 14 14" style="left: ${at(value)}%">
                  ${svg`<path d=${mark.shape} fill=${mark.colour}></path>`}
                </svg>`
        }
      </div>
    </td>
    <td class="text ${value === null ? "none" : ""}">${text}</td>
  </tr>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-intervals": IopIntervals;
  }
}
