import { narrate } from "../../lib/see/narrate.ts";
import type { Locale } from "../i18n/catalogue.ts";
import type { Frame } from "../model/frame.ts";

/** What happened at a frame, in one sentence. */
export function sentenceOf({ record, memory }: Pick<Frame, "record" | "memory">, locale: Locale): string {
  return narrate(record ?? { event: "none", pid: 0, cpu: 0, args: [] }, { locale, memory });
}

/** What the next tick will do to a tree, in one sentence; empty: nothing. */
export function upcomingOf({ upcoming, memory }: Pick<Frame, "upcoming" | "memory">, locale: Locale): string {
  return upcoming ? narrate(upcoming, { locale, memory }) : "";
}
