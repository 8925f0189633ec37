import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatAddress, formatCount } from "../../model/format.ts";
import { labStyles } from "../lab-styles.ts";
import type { ChunkView, Row, View } from "./view.ts";
import { type T, noteText, texts } from "./words.ts";

/** The same as the picture of a heap, in words: for those who do not see it. */
@customElement("iop-heap-table")
export class IopHeapTable extends LitElement {
  static override styles = [
    shared,
    labStyles,
    css`
      td,
      th[scope="row"] {
        text-align: start;
        vertical-align: top;
      }
      td:last-child {
        white-space: normal;
      }
      thead th {
        text-align: start;
      }
      table + table {
        margin-top: 14px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property() name = "";
  @property({ attribute: false }) view: View | null = null;

  override render(): TemplateResult {
    const t = texts(this.locale);
    const { view } = this;
    return html`<div class="scroll" role="group" aria-label=${this.name} tabindex="0">
      <table>
        <caption>
          ${t("stack")}
        </caption>
        <tbody>
          ${view?.variables.map(
            ({ name, type, rows }) =>
              html`<tr>
                <th scope="row">${type} ${name}</th>
                <td>${rowsText(t, rows)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <table>
        <caption>
          ${t("heap")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("column_address")}</th>
            <th scope="col">${t("column_size")}</th>
            <th scope="col">${t("column_state")}</th>
            <th scope="col">${t("column_holds")}</th>
          </tr>
        </thead>
        <tbody>
          ${view?.chunks.map((chunk) => chunkRow(t, chunk))}
        </tbody>
      </table>
    </div>`;
  }
}

function rowsText(t: T, rows: readonly Row[]): string {
  return rows.map(({ name, value, note }) => `${name} ${value}${note ? ` (${noteText(t, note)})` : ""}`).join(", ");
}

function chunkRow(t: T, { address, size, prevInuse, state, lost, astray, parts, links }: ChunkView): TemplateResult {
  const word = lost ? t("state_lost") : astray ? t("state_astray") : t(`state_${state}`);
  const held = parts.map(({ kind, type, size: bytes, alive, rows }) => {
    const name = kind === "object" ? type : t(kind);
    const gone = kind === "object" && !alive ? `, ${t("destroyed")}` : "";
    return `${name} (${t("bytes_of", { bytes: formatCount(bytes) })}${gone}) ${rowsText(t, rows)}`;
  });
  return html`<tr>
    <th scope="row">${formatAddress(address)}</th>
    <td>${formatCount(size)}${prevInuse ? " PREV_INUSE" : ""}</td>
    <td>${word}</td>
    <td>${[...held, rowsText(t, links)].filter((text) => text !== "").join("; ")}</td>
  </tr>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-heap-table": IopHeapTable;
  }
}
