import { en } from "./en.ts";
import { zh } from "./zh-cn.ts";

/** The languages of the page. */
export type Locale = "en" | "zh-CN";

/** Name of a text. */
export type MessageKey = keyof typeof en;

/** What stands for the placeholders of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** Gives a text in the language that it was made for. */
export type Translate<K extends string = MessageKey> = (key: K, values?: Values) => string;

/** Texts in both languages, by name. */
export type Texts<K extends string> = Readonly<Record<Locale, Readonly<Record<K, string>>>>;

/** What all pages have in common. A page that is loaded later has texts of its own, in `pages/`. */
const common: Texts<MessageKey> = { en, "zh-CN": zh };

/** A function that gives texts in a language; `{name}` is replaced by the value of that name. */
export function translatorOf<K extends string>(all: Texts<K>, locale: Locale): Translate<K> {
  const texts = all[locale];
  return (key, values) =>
    values === undefined
      ? texts[key]
      : texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The texts that all pages have in common, in a language. */
export function translator(locale: Locale): Translate {
  return translatorOf(common, locale);
}

/** The language that suits a browser: Chinese for those who ask for any kind of it, English for the others. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return "zh-CN";
    if (/^en\b/i.test(language)) return "en";
  }
  return "en";
}
