import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../app/styles.ts";

/** A thing and its number. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The number as it is written, with its unit. */
  readonly text: string;
  /** Whether it is the one that is looked at elsewhere in the page. */
  readonly current?: boolean;
}

/** Bars from 0, each with its name and its number: a table that one can see. */
@customElement("iop-bars")
export class IopBars extends LitElement {
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
        font-weight: 600;
      }
      th {
        width: 1%;
        padding: 3px 12px 3px 0;
        text-align: start;
        font-weight: 400;
        white-space: nowrap;
      }
      tr.current th {
        font-weight: 650;
      }
      td {
        padding: 3px 0;
      }
      .row {
        display: flex;
        gap: 8px;
        align-items: center;
      }
      .track {
        flex: 1;
        min-width: 30px;
      }
      .bar {
        height: 12px;
        min-width: 1px;
        border-radius: 0 3px 3px 0;
        background: var(--iop-task);
        transition: width var(--iop-step);
      }
      tr.current .bar {
        background: var(--iop-changed);
      }
      .text {
        width: 9ch;
        text-align: end;
        font-variant-numeric: tabular-nums;
      }
    `,
  ];

  @property() override title = "";
  @property({ attribute: false }) bars: readonly Bar[] = [];

  override render(): TemplateResult {
    const most = Math.max(0, ...this.bars.map(({ value }) => value));
    return html`<table>
      ${
        this.title === ""
          ? nothing
          : html`<caption>
              ${this.title}
            </caption>`
      }
      <tbody>
        ${this.bars.map(
          ({ name, value, text, current }) =>
            html`<tr class=${current ? "current" : ""} aria-current=${current ? "true" : nothing}>
              <th scope="row">${name}</th>
              <td>
                <div class="row">
                  <div class="track">
                    <div class="bar" style="width: ${most > 0 ? (value / most) * 100 : 0}%"></div>
                  </div>
                  <span class="text">${text}</span>
                </div>
              </td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-bars": IopBars;
  }
}
