import { type TemplateResult, css, html, nothing } from "lit";
import type { Translate } from "../i18n/catalogue.ts";
import type { Facts } from "../scenarios/questions/question.ts";

/** What there is to say of a question. */
export interface QuestionTexts {
  /** Empty: there is none. */
  readonly question: string;
  readonly prediction: string;
  readonly verdict: string;
  readonly facts: Facts | null;
  /** Whether the run is at its end. */
  readonly over: boolean;
}

/** How a question looks. */
export const questionStyles = css`
  .question {
    margin: 0 0 14px;
    padding: 0 0 12px;
    border-bottom: 1px solid var(--iop-rule);
  }
  .question h3 {
    margin: 6px 0 8px;
    color: var(--iop-ink);
    font-size: 16px;
    letter-spacing: 0;
    line-height: 1.35;
    text-transform: none;
    text-wrap: balance;
  }
  .question p {
    margin: 2px 0 8px;
  }
  .question b {
    color: var(--iop-quiet);
    font-size: 12px;
  }
  .question summary {
    width: fit-content;
    padding: 3px 2px;
    border-radius: 4px;
    font-weight: 650;
    cursor: pointer;
  }
  .question summary:focus-visible {
    outline: 2.5px solid var(--iop-focus);
  }
  .question dl {
    display: grid;
    grid-template-columns: 1fr auto;
    gap: 2px 12px;
    margin: 0;
    font: 12px/1.5 var(--iop-mono);
  }
  .question dt {
    color: var(--iop-quiet);
  }
  .question dd {
    margin: 0;
    font-weight: 650;
    text-align: right;
  }
`;

/** A question with what many expect; what is true is folded up until the run is over, or somebody cannot wait. */
export function questionView(texts: QuestionTexts, translate: Translate): TemplateResult | typeof nothing {
  const { question, prediction, verdict, facts, over } = texts;
  if (question === "") return nothing;
  const figures = Object.entries(facts ?? {});
  return html`<section class="question" aria-label=${translate("question")}>
    <h2>${translate("question")}</h2>
    <h3>${question}</h3>
    <b>${translate("prediction")}</b>
    <p>${prediction}</p>
    <details ?open=${over}>
      <summary title=${translate("verdict_hint")}>${translate("verdict")}</summary>
      <p>${verdict}</p>
      <dl>
        ${figures.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
    </details>
  </section>`;
}
