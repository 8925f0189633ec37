import { LitElement, type TemplateResult, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { ACCEPTED, tellChosen } from "../app/chosen-files.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import { type CompareRoute, formatRoute } from "../model/route.ts";
import { loadGuesses } from "../model/settings.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import { VERIFIED_ON } from "../scenarios/questions/words/all.ts";
import type { Scenario, Subject } from "../scenarios/scenario.ts";
import { SUBJECTS, find } from "./find.ts";
import { FIRST_PACKET } from "./first-packet.ts";
import { galleryStyles } from "./gallery-styles.ts";
import { sketch } from "./sketch.ts";

/** Scenarios that are worth seeing side by side. */
const PAIRS: readonly (readonly [string, string])[] = [
  ["echo", "echo-et"],
  ["echo-et", "et-hang"],
  ["eintr", "signalfd"],
];

/** The first page: questions to guess at, and scenarios to watch. */
@customElement("iop-gallery")
export class IopGallery extends LitElement {
  static override styles = [shared, galleryStyles];

  @property() locale: Locale = "en";
  @state() private searched = "";
  @state() private subject: Subject | null = null;
  @query('input[type="search"]') private readonly input!: HTMLInputElement | null;
  readonly #guesses = loadGuesses();

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#pressed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#pressed);
  }

  readonly #pressed = (event: KeyboardEvent) => {
    const typing = event.composedPath()[0] instanceof HTMLInputElement;
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.input?.focus();
  };

  override render(): TemplateResult {
    const t = translator(this.locale);
    const found = find(SCENARIOS, this.searched, this.subject);
    const questions = found.filter(({ question }) => question);
    const shown = found.filter(({ question }) => !question);
    return html`<main>
      ${this.#lead(t)} ${this.#search(t)}
      <p class="hidden-text" role="status">${t("found", { count: found.length })}</p>
      ${questions.length > 0 ? this.#section(t("gallery_questions"), t("gallery_questions_lead"), questions, t) : nothing}
      ${shown.length > 0 ? this.#section(t("gallery_shown"), t("gallery_shown_lead"), shown, t) : nothing}
      ${this.searched === "" && this.subject === null ? this.#pairs(t) : nothing}
      ${
        found.length === 0
          ? html`<p class="none">
              ${t("gallery_none", { text: this.searched })}
              <button @click=${() => this.#clear()}>${t("gallery_clear")}</button>
            </p>`
          : nothing
      }
      <footer class="quiet">${t("gallery_foot", { kernel: VERIFIED_ON })}</footer>
    </main>`;
  }

  #lead(t: Translate): TemplateResult {
    return html`<header class="lead">
      <div>
        <h1>${t("tagline")}</h1>
        <p>${t("lead")}</p>
        <p class="actions">
          <a class="primary" href=${formatRoute(FIRST_PACKET)}>${t("lead_watch")}</a>
          <a class="secondary" href="#/learn">${t("lead_learn")}</a>
          <label class="button"
            >${t("lead_open")} <input class="hidden-text" type="file" accept=${ACCEPTED} @change=${tellChosen}
          /></label>
        </p>
      </div>
      ${sketch(t)}
    </header>`;
  }

  #search(t: Translate): TemplateResult {
    const chip = (subject: Subject | null, text: string) =>
      html`<button aria-pressed=${this.subject === subject} @click=${() => (this.subject = subject)}>${text}</button>`;
    return html`<search class="search">
      <input
        type="search"
        aria-label=${t("gallery_search")}
        placeholder=${t("gallery_search_placeholder")}
        aria-keyshortcuts="/"
        .value=${this.searched}
        @input=${() => (this.searched = this.input!.value)}
      />
      <div class="chips" role="group" aria-label=${t("subjects")}>
        ${chip(null, t("subject_all"))} ${SUBJECTS.map((subject) => chip(subject, t(`subject_${subject}`)))}
      </div>
    </search>`;
  }

  #section(title: string, lead: string, scenarios: readonly Scenario[], t: Translate): TemplateResult {
    return html`<section aria-label=${title}>
      <h2>${title}</h2>
      <p class="quiet">${lead}</p>
      <ul>
        ${scenarios.map((scenario) => this.#card(scenario, t))}
      </ul>
    </section>`;
  }

  /** Two machines on one clock. */
  #pairs(t: Translate): TemplateResult {
    const titleOf = (id: string) => SCENARIOS.find((scenario) => scenario.id === id)?.title[this.locale] ?? id;
    return html`<section aria-label=${t("gallery_pairs")}>
      <h2>${t("gallery_pairs")}</h2>
      <p class="quiet">${t("gallery_pairs_lead")}</p>
      <ul class="pairs">
        ${PAIRS.map(
          ([left, right]) =>
            html`<li>
              <a href=${formatRoute(pairRoute(left, right))}
                ><b>${titleOf(left)}</b> <span class="quiet">${t("beside")}</span> <b>${titleOf(right)}</b></a
              >
            </li>`,
        )}
      </ul>
    </section>`;
  }

  #card({ id, title, summary, question, subject }: Scenario, t: Translate): TemplateResult {
    const { locale } = this;
    const guess = this.#guesses[id];
    const note = question ? (guess === undefined ? t("not_guessed") : t("guessed")) : summary[locale];
    return html`<li>
      <a href=${formatRoute({ page: "run", scenario: id, tick: null })}>
        <span class="subject ${subject}"
          >${t(`subject_${subject}`)}${question ? ` · ${question.number}` : nothing}</span
        >
        <b>${title[locale]}</b>
        <span class="quiet">${note}</span>
        ${question && question.famous !== null ? html`<span class="myth">${t("famous")}</span>` : nothing}
      </a>
    </li>`;
  }

  #clear(): void {
    [this.searched, this.subject] = ["", null];
    this.input?.focus();
  }
}

/** Two scenarios on one clock. */
function pairRoute(left: string, right: string): CompareRoute {
  return { page: "compare", left: { scenario: left }, right: { scenario: right }, changes: [], step: null };
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-gallery": IopGallery;
  }
}
