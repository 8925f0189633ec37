import { en } from "./en.ts";
import { zh } from "./zh-cn.ts";

/** The languages of the page. */
export type Locale = "en" | "zh-CN";

/** Name of a text. */
export type MessageKey = keyof typeof en;

/** What stands for the placeholders of a text. */
export type Values = Readonly<Record<string, string | number>>;

/** Gives a text in the language that it was made for. */
export type Translate = (key: MessageKey, values?: Values) => string;

const catalogues: Readonly<Record<Locale, Readonly<Record<MessageKey, string>>>> = { en, "zh-CN": zh };

/** A function that gives texts in a language; `{name}` is replaced by the value of that name. */
export function translator(locale: Locale): Translate {
  const texts = catalogues[locale];
  return (key, values) =>
    values === undefined
      ? texts[key]
      : texts[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** The language that suits a browser: Chinese for those who ask for any kind of it, English for the others. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    if (/^zh\b/i.test(language)) return "zh-CN";
    if (/^en\b/i.test(language)) return "en";
  }
  return "en";
}
