import { LitElement, type TemplateResult, css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { shared } from "../app/styles.ts";
import { type Locale, translator } from "../i18n/catalogue.ts";
import { formatRoute } from "../model/route.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import type { Scenario } from "../scenarios/scenario.ts";

/** The first page: questions to guess at, and scenarios to watch. */
@customElement("iop-gallery")
export class IopGallery extends LitElement {
  static override styles = [
    shared,
    css`
      :host {
        overflow: auto;
      }
      main {
        max-width: 1200px;
        margin: 0 auto;
        padding: 24px 14px 60px;
      }
      h1 {
        margin: 0 0 6px;
        font-size: clamp(26px, 4vw, 40px);
        line-height: 1.15;
        text-wrap: balance;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr));
        gap: 12px;
        margin: 12px 0 32px;
        padding: 0;
        list-style: none;
      }
      a {
        display: block;
        height: 100%;
        padding: 14px 16px;
        border: 1px solid var(--iop-rule);
        border-radius: 12px;
        background: var(--iop-raised);
        color: inherit;
        text-decoration: none;
      }
      a:hover {
        border-color: var(--iop-ink);
      }
      a b {
        display: block;
        font-size: 16px;
        line-height: 1.35;
        text-wrap: balance;
      }
    `,
  ];

  @property() locale: Locale = "en";

  override render(): TemplateResult {
    const t = translator(this.locale);
    return html`<main>
      <h1>${t("tagline")}</h1>
      <h2>${t("questions")}</h2>
      <ul>
        ${SCENARIOS.filter(({ asked }) => asked).map((scenario) => this.#card(scenario))}
      </ul>
      <h2>${t("scenario")}</h2>
      <ul>
        ${SCENARIOS.filter(({ asked }) => !asked).map((scenario) => this.#card(scenario))}
      </ul>
    </main>`;
  }

  #card({ id, title, summary, asked }: Scenario): TemplateResult {
    const { locale } = this;
    return html`<li>
      <a href=${formatRoute({ page: "run", scenario: id, tick: null })}
        ><b>${title[locale]}</b> <span class="quiet">${asked ? asked.prediction[locale] : summary[locale]}</span></a
      >
    </li>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-gallery": IopGallery;
  }
}
