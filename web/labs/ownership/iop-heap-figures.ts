import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../../app/styles.ts";
import type { Locale } from "../../i18n/catalogue.ts";
import { formatAddress, formatCount } from "../../model/format.ts";
import { labStyles } from "../lab-styles.ts";
import { FIGURES, figuresAt, figuresOf } from "./figures.ts";
import type { Views } from "./views.ts";
import { type T, texts } from "./words.ts";

/** A program of the lab that is shown, at one of its moments. */
export interface ShownProgram {
  readonly name: string;
  readonly views: Views;
  readonly at: number;
}

/** The figures of one program or two, so far and in the whole run; and what leaks. */
@customElement("iop-heap-figures")
export class IopHeapFigures extends LitElement {
  static override styles = [
    shared,
    labStyles,
    css`
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: 20px 32px;
      }
      /* The columns of two programs want all the room. */
      .columns.two {
        grid-template-columns: minmax(0, 1fr);
      }
      .columns.two table {
        width: auto;
      }
      .hint {
        margin-top: 8px;
      }
      thead th {
        white-space: normal;
      }
      tr[data-figure="atomicChanges"] th {
        padding-inline-start: 14px;
      }
      th[scope="row"] {
        min-width: 150px;
        white-space: normal;
      }
      thead th {
        text-align: end;
      }
      td {
        font-family: var(--iop-mono);
      }
      .apart {
        border-inline-start: 1px solid var(--iop-rule);
        padding-inline-start: 14px;
      }
      td.tells {
        background: var(--iop-changed-fill);
        font-weight: 700;
      }
      ul {
        margin: 0 0 12px;
        padding: 0;
        list-style: none;
      }
      .leak {
        color: var(--iop-bad);
        font-weight: 650;
      }
      @media (max-width: 900px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
      @media (max-width: 560px) {
        th,
        td {
          padding-inline-end: 7px;
          font-size: 12px;
        }
        .columns.two th[scope="row"] {
          min-width: 104px;
        }
        .columns.two .apart {
          padding-inline-start: 6px;
        }
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) shown: readonly ShownProgram[] = [];

  override render(): TemplateResult {
    const t = texts(this.locale);
    return html`<div class="columns ${this.shown.length > 1 ? "two" : ""}">
      <section>
        <h2>${t("figures")}</h2>
        <div class="scroll" role="group" aria-label=${t("figures")} tabindex="0">${this.#table(t)}</div>
        <p class="hint">${t("figures_hint")}</p>
      </section>
      <section>
        <h2>${t("leaks")}</h2>
        ${this.shown.map((one) => this.#leaks(t, one))}
      </section>
    </div>`;
  }

  #table(t: T): TemplateResult {
    const { shown } = this;
    const whole = shown.map(({ views }) => figuresOf(views));
    const now = shown.map(({ views, at }) => figuresAt(views, at));
    const [one, other] = whole;
    return html`<table>
      <thead>
        ${
          shown.length > 1
            ? html`<tr>
                <td></td>
                ${shown.map(({ name }) => html`<th scope="colgroup" colspan="2" class="apart">${name}</th>`)}
              </tr>`
            : nothing
        }
        <tr>
          <th scope="col">${t("figure")}</th>
          ${shown.map(
            () =>
              html`<th scope="col" class="apart">${t("so_far")}</th>
                <th scope="col">${t("in_run")}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${FIGURES.map((name) => {
          const tells = one && other && one[name] !== other[name] ? "tells" : "";
          return html`<tr data-figure=${name}>
            <th scope="row">${t(`figure_${name}`)}</th>
            ${shown.map(
              (_, i) =>
                html`<td class="apart">${formatCount(now[i]![name])}</td>
                  <td class=${tells}>${formatCount(whole[i]![name])}</td>`,
            )}
          </tr>`;
        })}
      </tbody>
    </table>`;
  }

  #leaks(t: T, { name, views }: ShownProgram): TemplateResult {
    const { moments, signal } = views.ran;
    const { lost } = views.at(moments.length - 1);
    const title = this.shown.length > 1 ? html`<h3>${name}</h3>` : nothing;
    if (signal !== "")
      return html`${title}
        <p>${t("leaks_killed", { signal })}</p>`;
    if (lost.length === 0)
      return html`${title}
        <p>✓ ${t("leaks_none")}</p>`;
    return html`${title}
      <ul>
        ${lost.map(
          ({ address, bytes }) =>
            html`<li class="leak">⚠ ${t("leak", { bytes: formatCount(bytes), address: formatAddress(address) })}</li>`,
        )}
      </ul>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-heap-figures": IopHeapFigures;
  }
}
