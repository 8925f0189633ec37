import { tell } from "../../lib/see/narrate.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { sentences } from "../later/parts.ts";
import { withArrows } from "../model/format.ts";
import type { Frame } from "../model/frame.ts";

/** What happened at a frame, in one sentence; empty: the sentences are not there yet. */
export function sentenceOf({ record, memory }: Pick<Frame, "record" | "memory">, locale: Locale): string {
  const known = sentences[locale].value;
  if (!known) return "";
  return withArrows(tell(record ?? { event: "none", pid: 0, cpu: 0, args: [] }, known, { locale, memory }));
}

/** What the next tick will do to a tree, in one sentence; empty: nothing. */
export function upcomingOf({ upcoming, memory }: Pick<Frame, "upcoming" | "memory">, locale: Locale): string {
  const known = sentences[locale].value;
  return upcoming && known ? withArrows(tell(upcoming, known, { locale, memory })) : "";
}
