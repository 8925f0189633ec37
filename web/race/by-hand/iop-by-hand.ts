import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../../app/styles.ts";
import { type Locale, translatorOf } from "../../i18n/catalogue.ts";
import { byHandTexts } from "../../i18n/pages/by-hand.ts";
import type { Settings } from "../../labs/all.ts";

/** The structures of the race as playthings. */
@customElement("iop-by-hand")
export class IopByHand extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow-y: auto;
      }
      main {
        max-width: 1180px;
        margin: 0 auto;
        padding: 18px 20px 48px;
      }
    `,
  ];

  @property() locale: Locale = "en";
  /** What the address says. */
  @property({ attribute: false }) query: Settings = {};

  override render(): TemplateResult {
    const t = translatorOf(byHandTexts, this.locale);
    return html`<main>
      <h1>${t("title")}</h1>
    </main>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-by-hand": IopByHand;
  }
}
