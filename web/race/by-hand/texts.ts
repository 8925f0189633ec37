import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type ByHandKey, byHandTexts } from "../../i18n/pages/by-hand.ts";
import type { Sentence } from "./story.ts";

/** The page's texts, in one language. */
export type T = Translate<ByHandKey>;

export function textsOf(locale: Locale): T {
  return translatorOf(byHandTexts, locale);
}

/** Sentences in a language, as one text. */
export function told(sentences: readonly Sentence[], t: T, locale: Locale): string {
  const filled = sentences.map(({ key, values }) =>
    t(key, Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value).replace("-", "−")]))),
  );
  return filled.join(locale === "en" ? " " : "");
}
