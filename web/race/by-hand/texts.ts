import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type ByHandKey, byHandTexts } from "../../i18n/pages/by-hand.ts";
import type { Sentence } from "./plaything.ts";

/** The page's texts, in one language. */
export type T = Translate<ByHandKey>;

export function textsOf(locale: Locale): T {
  return translatorOf(byHandTexts, locale);
}

/** A number with the sign that is as wide as a digit. */
export function minus(value: number | string): string {
  return String(value).replace("-", "−");
}

/** Sentences in a language, as one text. */
export function told(sentences: readonly Sentence[], t: T, locale: Locale): string {
  const filled = sentences.map(({ key, values }) =>
    t(
      key,
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [name, value === "head" ? t("list_head") : minus(value)]),
      ),
    ),
  );
  return filled.join(locale === "en" ? " " : "");
}
