import { type TemplateResult, html, nothing } from "lit";
import { type Locale, type Translate, translatorOf } from "../i18n/catalogue.ts";
import { type LearnKey, learnTexts } from "../i18n/pages/learn.ts";
import { formatCount } from "../model/format.ts";
import type { Claim, Correction, Passage } from "./chapter.ts";
import { marked } from "./marked.ts";

/** A value of more letters may be broken. */
const LONG = 18;

/** What a claim has come to in a run. */
export type Found = ReturnType<Claim["found"]>;

/** How a passage stands. */
export interface PassageState {
  readonly locale: Locale;
  /** Counted from 0. */
  readonly place: number;
  readonly isCurrent: boolean;
  readonly isRead: boolean;
  /** What its claims have come to; null: its run is not there yet. */
  readonly found: readonly Found[] | null;
}

/** A passage: its sentences, what is put right in it, and what was looked up for it. */
export function passageView(passage: Passage, state: PassageState): TemplateResult {
  const { locale, place, isCurrent, isRead } = state;
  const t = translatorOf(learnTexts, locale);
  return html`<section
    id=${passage.id}
    class="passage ${isCurrent ? "current" : ""}"
    tabindex="-1"
    aria-current=${isCurrent ? "step" : "false"}
    aria-labelledby="title-${passage.id}"
  >
    <p class="place" aria-hidden="true">${isRead ? "✓" : place + 1}</p>
    <h2 id="title-${passage.id}">${marked(passage.title[locale])}</h2>
    <p class="text">${marked(passage.text[locale])}</p>
    ${passage.correction ? correctionView(passage.correction, locale, t) : nothing}
    ${claimsView(passage.claims, state, t)}
  </section>`;
}

function correctionView({ said, shown }: Correction, locale: Locale, t: Translate<LearnKey>): TemplateResult {
  return html`<aside class="correction">
    <p>${marked(said[locale])}</p>
    <p><b>${t("correction")}:</b> ${marked(shown[locale])}</p>
  </aside>`;
}

function claimsView(claims: readonly Claim[], { locale, found }: PassageState, t: Translate<LearnKey>): TemplateResult {
  return html`<table class="claims">
    <caption>
      ${t("claims")}
    </caption>
    <tbody>
      ${claims.map(({ says }, i) => {
        const value = found ? valueText(found[i]!, t) : "…";
        return html`<tr>
          <th scope="row">${says[locale]}</th>
          <td class=${value.length > LONG ? "long" : ""}>${value}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function valueText(value: Found, t: Translate<LearnKey>): string {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return formatCount(value);
  return value.length > LONG ? value.replaceAll(/[|_]/g, "$&\u200b") : value;
}
