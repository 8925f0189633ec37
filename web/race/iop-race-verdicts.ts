import { LitElement, type TemplateResult, css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { RaceResult, Verdict } from "../../lib/race/types.ts";
import { fire } from "../app/events.ts";
import { shared } from "../app/styles.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { raceStyles } from "./race-styles.ts";
import { type VerdictGroup, type VerdictLine, disqualifiedOf, groupsOf, lostHeats } from "./verdict-groups.ts";
import { Words, formatTimes } from "./words.ts";

/** So many of a heat's verdicts are told at once; the others open. */
const FEW = 4;

/**
 * What a race came to, in sentences: first who was faster than us, then what nobody can tell, then who was slower.
 *
 * @fires iop-set  a heat is to be looked at: `{ look }`
 */
@customElement("iop-race-verdicts")
export class IopRaceVerdicts extends LitElement {
  static override styles = [
    shared,
    raceStyles,
    css`
      .card {
        display: grid;
        gap: 12px;
      }
      .headline {
        margin: 0;
        font-size: 16px;
        line-height: 1.5;
      }
      ul {
        display: grid;
        gap: 8px;
        margin: 8px 0 0;
        padding: 0;
        list-style: none;
      }
      li {
        padding-inline-start: 14px;
        border-inline-start: 3px solid var(--iop-rule);
      }
      .beaten li {
        border-color: var(--iop-bad);
      }
      .ahead li {
        border-color: var(--iop-good);
      }
      .heat {
        min-height: 0;
        padding: 0;
        border: 0;
        background: none;
        color: var(--iop-quiet);
        font-size: 13px;
        text-align: start;
        text-decoration: underline;
        text-decoration-color: var(--iop-line);
        text-underline-offset: 3px;
      }
      .heat:hover {
        color: var(--iop-ink);
      }
      li p {
        margin: 1px 0 0;
      }
      .who {
        margin: 10px 0 0;
      }
      .against {
        color: var(--iop-quiet);
      }
      .more {
        display: inline;
      }
      .more summary {
        display: inline;
      }
    `,
  ];

  @property() locale: Locale = "en";
  @property({ attribute: false }) result: RaceResult | null = null;

  override render(): TemplateResult | typeof nothing {
    const { result } = this;
    if (!result) return nothing;
    const words = new Words(this.locale);
    const { t } = words;
    const out = disqualifiedOf(result);
    const { lost, all } = lostHeats(result);
    const titles = new Set(result.verdicts.map(({ subject }) => words.title(subject.contender)));
    const subjects = new Intl.ListFormat(this.locale, { type: "disjunction" }).format(titles);
    return html`<section class="card" aria-label=${t("verdict")}>
      ${
        all === 0
          ? html`<p class="headline">${t("verdict_none")}</p>`
          : html`<p class="headline">
              <strong>${t(lost === 0 ? "verdict_unbeaten" : "verdict_lost", { lost, all, subjects })}</strong>
            </p>`
      }
      ${this.#kind(words, result, "beaten", true)} ${this.#kind(words, result, "level", false)}
      ${this.#kind(words, result, "ahead", lost === 0)}
      ${
        out.length === 0
          ? nothing
          : html`<div>
              <h3>${t("disqualified_list")}</h3>
              <ul>
                ${out.map(({ contender, reason, rows }) => {
                  const cases = [...new Set(rows.map((row) => words.heat(row)))].join(t("comma"));
                  return html`<li>${t("disqualified_one", { title: words.title(contender), cases, reason })}</li>`;
                })}
              </ul>
            </div>`
      }
    </section>`;
  }

  #kind(words: Words, result: RaceResult, kind: Verdict["kind"], isOpen: boolean): TemplateResult | typeof nothing {
    const groups = groupsOf(result, kind);
    if (groups.length === 0) return nothing;
    return html`<details class=${kind} ?open=${isOpen}>
      <summary>${words.t(`verdicts_${kind}`, { count: groups.length })}</summary>
      <ul>
        ${groups.map((group) => html`<li>${this.#group(words, group)}</li>`)}
      </ul>
      ${kind === "beaten" ? this.#who(words, groups) : nothing}
    </details>`;
  }

  /** What those who are faster do differently. */
  #who(words: Words, groups: readonly VerdictGroup[]): TemplateResult {
    const all = groups.flatMap(({ lines }) =>
      lines.flatMap(({ verdicts }) => verdicts.map(({ other }) => other.contender)),
    );
    const said = [...new Set(all)].flatMap((id) => {
      const { title, about } = words.contender(id);
      return about === "" ? [] : [words.t("verdicts_who", { title, about })];
    });
    return html`<p class="hint who">${said.join(" ")}</p>`;
  }

  #group(words: Words, { heat, lines }: VerdictGroup): TemplateResult {
    return html`<button class="heat" @click=${() => fire(this, "iop-set", { look: heat })}>${words.heat(heat)}</button>
      ${lines.map((line) => this.#line(words, line))}`;
  }

  #line(words: Words, { subject, verdicts }: VerdictLine): TemplateResult {
    const { t } = words;
    const said = verdicts.map(({ kind, other, ratio }) =>
      t(`verdict_${kind}`, { other: words.entry(other), times: formatTimes(ratio) }),
    );
    const comma = t("comma");
    return html`<p>
      <span class="against">${t("against", { subject: words.entry(subject) })}</span>
      ${said.slice(0, FEW).join(comma)}${
        said.length <= FEW
          ? nothing
          : html`${comma}
              <details class="more">
                <summary>${t("verdicts_more", { count: said.length - FEW })}</summary>
                ${said.slice(FEW).join(comma)}
              </details>`
      }
    </p>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "iop-race-verdicts": IopRaceVerdicts;
  }
}
