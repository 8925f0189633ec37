import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../app/styles.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { LABS } from "./all.ts";

/** The list of the labs. */
@customElement("iop-labs")
export class IopLabs extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow-y: auto;
      }
      main {
        max-width: 1180px;
        margin: 0 auto;
        padding: 32px 20px 56px;
      }
      h1 {
        margin: 0 0 12px;
        font-size: clamp(26px, 3vw, 34px);
        letter-spacing: -0.02em;
        line-height: 1.12;
      }
      .lead {
        max-width: 66ch;
        margin: 0;
        font-size: 16px;
        line-height: 1.6;
        text-wrap: pretty;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
        gap: 14px;
        margin: 26px 0 0;
        padding: 0;
        list-style: none;
      }
      a {
        display: block;
        height: 100%;
        padding: 16px 18px;
        border: 1px solid var(--iop-rule);
        border-radius: 10px;
        background: var(--iop-raised);
        color: inherit;
        text-decoration: none;
      }
      a:hover {
        border-color: var(--iop-ink);
      }
      b {
        display: block;
        margin-bottom: 4px;
        font-size: 18px;
      }
    `,
  ];

  @property() locale: Locale = "en";

  override render(): TemplateResult {
    const t = translator(this.locale);
    return html`<main>
      <h1>${t("page_labs")}</h1>
      <p class="lead quiet">${t("labs_lead")}</p>
      <ul>
        ${LABS.map(
          ({ href, title, summary }) =>
            html`<li>
              <a href=${href}><b>${title[this.locale]}</b><span class="quiet">${summary[this.locale]}</span></a>
            </li>`,
        )}
      </ul>
    </main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-labs": IopLabs;
  }
}
