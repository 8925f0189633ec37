import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, type Translate, translator } from "../i18n/catalogue.ts";
import type { Facts } from "../scenarios/questions/question.ts";
import { VERIFIED_ON } from "../scenarios/questions/words/all.ts";
import type { QuestionWords, Texts } from "../scenarios/scenario.ts";
import { questionStyles } from "./question-styles.ts";

/**
 * A question: what one may think, and, once the run has come to the answer or somebody cannot wait, what is true.
 *
 * @fires iop-guess  somebody has made up their mind: the place of the guess
 * @fires iop-seek   the answer is wanted: the tick at which the program has it
 */
@customElement("iop-question")
export class IopQuestion extends LitElement {
  static override styles = [shared, questionStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) question: QuestionWords | null = null;
  /** Place of the guess that was made; -1: none yet. */
  @property({ type: Number }) guess = -1;
  /** What the program has found out; null: nothing. */
  @property({ attribute: false }) facts: Facts | null = null;
  /** Whether the program that found it out is another one than that of the question. */
  @property({ type: Boolean }) edited = false;
  /** The tick that is shown. */
  @property({ type: Number }) tick = 0;
  /** The tick at which the program has its answer; 0: it has not run. */
  @property({ type: Number }) answered = 0;

  /** Whether the answer is there: then the verdict is shown. */
  get over(): boolean {
    return this.answered > 0 && this.tick >= this.answered;
  }

  override render(): TemplateResult | typeof nothing {
    const { question, locale, guess, over } = this;
    if (!question) return nothing;
    const t = translator(locale);
    return html`<section aria-labelledby="question">
      <h2>${t("question_number", { number: question.number })}</h2>
      <h3 id="question">${question.question[locale]}</h3>
      <p class="hint quiet">${t(over ? "guess_over" : guess < 0 ? "guess_first" : "guess_made")}</p>
      <div class="guesses" role="group" aria-label=${t("guesses")}>
        ${question.guesses.map((text, place) => this.#guess(text, place, question, t))}
      </div>
      ${
        guess >= 0 && !over
          ? html`<button class="answer" @click=${() => fire(this, "iop-seek", { tick: this.answered })}>
              ${t("to_answer")}
            </button>`
          : nothing
      }
      ${this.#verdict(question, t)}
    </section>`;
  }

  /** Who steps to the answer sees it, also where the panel is lower than what it holds. */
  protected override updated(changes: PropertyValues<this>): void {
    const before = changes.get("tick");
    if (before === undefined || changes.has("question") || before >= this.answered || !this.over) return;
    this.renderRoot.querySelector("details")?.scrollIntoView({ block: "nearest" });
  }

  #guess(text: Texts, place: number, { right, famous }: QuestionWords, t: Translate): TemplateResult {
    const { over, guess, locale } = this;
    const mark = over ? (place === right ? "right" : "wrong") : "";
    return html`<button
      class="guess ${mark}"
      aria-pressed=${place === guess}
      ?disabled=${over}
      @click=${() => fire(this, "iop-guess", { guess: place })}
    >
      <span class="mark" aria-hidden="true">${mark === "right" ? "✓" : mark === "wrong" ? "✗" : ""}</span>
      <span
        >${text[locale]}
        ${
          over
            ? html`<span class="hidden-text">(${t(place === right ? "guess_right" : "guess_wrong")})</span>`
            : nothing
        }
        ${over && place === famous ? html`<span class="myth">${t("myth")}</span>` : nothing}</span
      >
    </button>`;
  }

  #verdict({ verdict, right, compiled }: QuestionWords, t: Translate): TemplateResult {
    const { over, guess, facts, locale } = this;
    const figures = Object.entries(facts ?? {});
    const said = guess < 0 ? "" : t(guess === right ? "guess_right_long" : "guess_wrong_long");
    return html`<details ?open=${over}>
      <summary title=${t("verdict_hint")}>${t("verdict")}</summary>
      ${over && said ? html`<p class="said">${said}</p>` : nothing}
      <p>${verdict[locale]}</p>
      <table>
        <caption>
          ${t("figures")}
        </caption>
        <tbody>
          ${figures.map(
            ([name, value]) =>
              html`<tr>
                <th scope="row">${name}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="stamp">
        ${this.edited ? t("figures_edited") : compiled ? t("verified_compiled") : t("verified", { kernel: VERIFIED_ON })}
      </p>
    </details>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-question": IopQuestion;
  }
}
