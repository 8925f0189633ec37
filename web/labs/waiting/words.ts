import { WAYS_OF_WAITING } from "../../../lib/waiting/all.ts";
import { type Locale, type Translate, translatorOf } from "../../i18n/catalogue.ts";
import { type WaitingKey, waitingTexts } from "../../i18n/pages/waiting.ts";
import { formatCount } from "../../model/format.ts";

/** Gives the lab's texts. */
export type T = Translate<WaitingKey>;

/** The lab's texts in a language. */
export function texts(locale: Locale): T {
  return translatorOf(waitingTexts, locale);
}

/** The short name of a way. */
export function wayName(t: T, id: string): string {
  return t(`way_${id}` as WaitingKey);
}

/** How a way goes. */
export function wayAbout(t: T, id: string): string {
  return t(`about_${id}` as WaitingKey);
}

/** What keeps a way from having so many connections; null: nothing does. */
export function limitOf(t: T, id: string, connections: number): string | null {
  const way = WAYS_OF_WAITING.find((one) => one.id === id);
  if (!way || way.limit === null || way.most === null || connections <= way.most) return null;
  return t(`limit_${way.limit}`, { most: formatCount(way.most) });
}

/** The page of a run on which a way's program is shown. */
export function wayHref(id: string, tick: number | null = null): string {
  return `#/run/waiting-${id}${tick === null ? "" : `?tick=${tick}`}`;
}

/** A number for one of many: three digits that count. */
export function formatRatio(value: number): string {
  if (value === 0) return "0";
  return value >= 1000 ? formatCount(Math.round(value)) : value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
