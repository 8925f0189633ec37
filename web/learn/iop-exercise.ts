import { LitElement, type PropertyValues, type TemplateResult, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import { type Locale, translatorOf } from "../i18n/catalogue.ts";
import { learnTexts } from "../i18n/pages/learn.ts";
import type { Choice, Exercise } from "./chapter.ts";
import { exerciseStyles } from "./exercise-styles.ts";
import { marked } from "./marked.ts";

/**
 * A question with its choices. Each choice that was made says why it is right or wrong.
 *
 * @fires iop-answer  a choice was made: of which exercise, which choice, and whether it is right
 */
@customElement("iop-exercise")
export class IopExercise extends LitElement {
  static override styles = [shared, exerciseStyles];

  @property() locale: Locale = "en";
  @property({ attribute: false }) exercise: Exercise | null = null;
  /** Place of the choice that was made last; -1: none yet. */
  @property({ type: Number }) answer = -1;
  /** Places of all choices that were made since the page was opened. */
  @state() private tried: ReadonlySet<number> = new Set();

  protected override willUpdate(changes: PropertyValues<this>): void {
    if (changes.has("exercise")) this.tried = new Set();
    if (this.answer < 0) this.tried = new Set();
    else if (!this.tried.has(this.answer)) this.tried = new Set([...this.tried, this.answer]);
  }

  override render(): TemplateResult | typeof nothing {
    const { exercise, locale } = this;
    if (!exercise) return nothing;
    const t = translatorOf(learnTexts, locale);
    return html`<h3 id="question">${marked(exercise.question[locale])}</h3>
      <div class="choices" role="group" aria-labelledby="question">
        ${exercise.choices.map((choice, place) => this.#choice(choice, place, exercise))}
      </div>
      <p class="hint" role="status">
        ${this.answer >= 0 && this.tried.size < exercise.choices.length ? t("again") : ""}
      </p>`;
  }

  #choice({ text, why }: Choice, place: number, { right }: Exercise): TemplateResult {
    const { locale, tried } = this;
    const t = translatorOf(learnTexts, locale);
    const isTried = tried.has(place);
    const isRight = place === right;
    return html`<div class="choice ${isTried ? (isRight ? "right" : "wrong") : ""}">
      <button
        aria-pressed=${place === this.answer}
        aria-describedby=${isTried ? `why-${place}` : nothing}
        @click=${() => this.#choose(place)}
      >
        <span class="mark" aria-hidden="true">${isTried ? (isRight ? "✓" : "✗") : ""}</span>
        <span>${marked(text[locale])}</span>
      </button>
      <div role="status">
        ${
          isTried
            ? html`<p class="why" id="why-${place}">
                <b>${t(isRight ? "right" : "not_yet")}</b> ${marked(why[locale])}
              </p>`
            : nothing
        }
      </div>
    </div>`;
  }

  #choose(choice: number): void {
    const { id, right } = this.exercise!;
    fire(this, "iop-answer", { exercise: id, choice, right: choice === right });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-exercise": IopExercise;
  }
}
