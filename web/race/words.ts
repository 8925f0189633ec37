import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import type { CaseName, Entry, Heat, Kind, KeyOrder, Mode, RaceResult } from "../../lib/race/types.ts";
import { CHANGES, FINDS, MESSAGES_IN_RING, PIECE, hasOrder } from "../../lib/race/work.ts";
import { CASE_WORDS, MODE_WORDS, ORDER_WORDS, ratioWords } from "../../lib/race/words.ts";
import type { Axis } from "../charts/chart.ts";
import { type Locale, type Translate, translatorOf } from "../i18n/catalogue.ts";
import { type RaceKey, raceTexts } from "../i18n/pages/race.ts";
import { formatCount, formatSize } from "../model/format.ts";
import { familyOf } from "./settings.ts";

/** Gives the texts of the race. */
export type T = Translate<RaceKey>;

/** What is to be said of a contender. */
export interface Known {
  readonly title: string;
  readonly kind: Kind;
  /** What it does differently; empty: it is not known. */
  readonly about: string;
  /** Whether it is one of those that the race is about. */
  readonly isSubject: boolean;
}

/** Names of what is raced, in a language. */
export class Words {
  readonly locale: Locale;
  readonly t: T;

  constructor(locale: Locale) {
    this.locale = locale;
    this.t = translatorOf(raceTexts, locale);
  }

  /** What is known of a contender; one of another version's results is called by its id. */
  contender(id: string): Known {
    const found = CONTENDERS.find((one) => one.id === id);
    if (!found) return { title: id, kind: "library", about: "", isSubject: false };
    const { title, kind, about } = found;
    return { title, kind, about: about[this.locale], isSubject: found.isSubject === true };
  }

  title(id: string): string {
    return this.contender(id).title;
  }

  /** A contender with its mode: `RedBlackTree, batched`. */
  entry({ contender, mode }: Entry): string {
    return this.t("entry", { title: this.title(contender), mode: this.mode(mode) });
  }

  /** A case by its name. */
  case(name: CaseName): string {
    return CASE_WORDS[name][this.locale];
  }

  /** What is done in a case. */
  about(name: CaseName): string {
    const operations = FINDS + 2 * CHANGES;
    return this.t(`about_${name}`, {
      operations,
      finds: FINDS,
      changes: CHANGES,
      piece: PIECE,
      ring: MESSAGES_IN_RING,
    });
  }

  order(order: KeyOrder): string {
    return ORDER_WORDS[order][this.locale];
  }

  mode(mode: Mode): string {
    return MODE_WORDS[mode][this.locale];
  }

  /** How many elements, or how long a message. */
  size({ case: name, size }: Heat): string {
    switch (familyOf(name)) {
      case "rings":
        return this.t("messages_of", { size: formatSize(size) });
      case "crossing":
        return "";
      case "maps":
      case "lists":
        return this.t("elements", { count: formatCount(size) });
    }
  }

  /** A heat: `insert · 10 000 elements · random`. */
  heat(heat: Heat): string {
    return [this.case(heat.case), this.size(heat), hasOrder(heat.case) ? this.order(heat.order) : ""]
      .filter((part) => part !== "")
      .join(" · ");
  }

  /** Where a result came out, and what is to be known of it, in a sentence or two. */
  origin(result: RaceResult, from: "run" | "recorded" | "link" | "file" = "link", name = ""): string {
    const { machine, seed, isComplete, absent } = result;
    const { runtime, processor } = machine;
    const date = result.date.slice(0, 16).replace("T", " ");
    const titles = absent.map(({ contender }) => this.title(contender)).join(", ");
    return [
      this.t(`origin_${from}`, { name, runtime, processor, date, seed }),
      isComplete ? "" : this.t("incomplete"),
      absent.length === 0 ? "" : this.t("absent", { names: titles }),
    ]
      .filter((part) => part !== "")
      .join(" ");
  }

  sizeAxis(): Axis {
    return { title: this.t("axis_elements"), scale: "log", format: formatCount };
  }

  messageAxis(): Axis {
    return { title: this.t("axis_message"), scale: "log", base: 2, format: formatSize };
  }
}

/** Three digits that count: `131`, `8.52`, `0.48`. */
function formatDigits(value: number): string {
  if (value >= 100) return formatCount(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

/** A mark of an axis: `16 ns`, `2.05 µs`: no digits that say nothing. */
export function formatMark(format: (value: number) => string): (value: number) => string {
  return (value) =>
    format(value)
      .replace(/^(\d+)\.0+(?= )/, "$1")
      .replace(/(\.\d*?)0+(?= )/, "$1");
}

/** A time: `0.48 ns`, `131 ns`, `1.24 µs`. */
export function formatNs(ns: number): string {
  if (ns < 1e3) return `${formatDigits(ns)} ns`;
  if (ns < 1e6) return `${formatDigits(ns / 1e3)} µs`;
  return ns < 1e9 ? `${formatDigits(ns / 1e6)} ms` : `${formatDigits(ns / 1e9)} s`;
}

/** How many bytes go through in a second: `3.21 GB/s`. */
export function formatThroughput(rate: number): string {
  if (rate >= 1e9) return `${formatDigits(rate / 1e9)} GB/s`;
  return rate >= 1e6 ? `${formatDigits(rate / 1e6)} MB/s` : `${formatDigits(rate / 1e3)} kB/s`;
}

/** How many times as much: `1.82`, `24.1`. */
export const formatTimes = ratioWords;

/** How long something takes, for people: `40 s`, `3 min`. */
export function formatSpan(seconds: number): string {
  return seconds < 100 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

/** Memory of an element: `20.1 B`. */
export function formatPerElement(bytes: number): string {
  return `${formatDigits(bytes)} B`;
}
