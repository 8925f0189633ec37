import { type Locale, preferredLocale } from "../i18n/catalogue.ts";

/** The theme that was chosen; `system`: none was. */
type Theme = "light" | "dark" | "system";

const LOCALE = "iopath.locale";
const THEME = "iopath.theme";
const GUESSES = "iopath.guesses";
const TIMELINE = "iopath.timeline";
const LEARNED = "iopath.learned";

/** How the timeline stands at the foot of the page. */
interface TimelineSetting {
  readonly open: boolean;
  /** Unit: px. */
  readonly height: number;
}

/** Height of a timeline that nobody has given another. Unit: px. */
const TIMELINE_HEIGHT = 220;
/** A window at least as high has room for the timeline from the start. Unit: px. */
const ROOMY = 960;

/** Reads what was stored; a browser may forbid it. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Stores, where the browser lets it. */
function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

/** The language that was chosen before, or else the browser's. */
export function loadLocale(): Locale {
  const stored = read(LOCALE);
  return stored === "en" || stored === "zh-CN" ? stored : preferredLocale(navigator.languages);
}

/** Remembers the language. */
export function saveLocale(locale: Locale): void {
  write(LOCALE, locale);
}

/** The theme that was chosen before. */
export function loadTheme(): Theme {
  const stored = read(THEME);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Remembers the theme. */
export function saveTheme(theme: Theme): void {
  write(THEME, theme);
}

/** The theme that is seen now. */
export function effectiveTheme(theme: Theme): "light" | "dark" {
  if (theme !== "system") return theme;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** What was guessed, by the name of the question. */
export function loadGuesses(): Readonly<Record<string, number>> {
  try {
    const stored: unknown = JSON.parse(read(GUESSES) ?? "{}");
    const entries = Object.entries(stored ?? {}).filter(([, guess]) => Number.isInteger(guess));
    return Object.fromEntries(entries) as Record<string, number>;
  } catch {
    return {};
  }
}

/** Remembers the guesses. */
export function saveGuesses(guesses: Readonly<Record<string, number>>): void {
  write(GUESSES, JSON.stringify(guesses));
}

/** How the timeline stood before. */
export function loadTimeline(): TimelineSetting {
  const found = /^(open|folded) (\d{2,4})$/.exec(read(TIMELINE) ?? "");
  if (!found) return { open: innerHeight >= ROOMY, height: TIMELINE_HEIGHT };
  return { open: found[1] === "open", height: Number(found[2]) };
}

/** Remembers how the timeline stands. */
export function saveTimeline({ open, height }: TimelineSetting): void {
  write(TIMELINE, `${open ? "open" : "folded"} ${height}`);
}

/** What was read and answered in the chapters, as it was stored; null: nothing. */
export function loadLearned(): string | null {
  return read(LEARNED);
}

/** Remembers what was read and answered in the chapters. */
export function saveLearned(text: string): void {
  write(LEARNED, text);
}

const DRAFT = "iopath.draft.";

/** What was edited of a scenario's program in this tab; null: nothing. */
export function loadDraft(id: string): string | null {
  try {
    return sessionStorage.getItem(DRAFT + id);
  } catch {
    return null;
  }
}

/** Remembers what was edited, as long as this tab lives; null: forgets it. */
export function saveDraft(id: string, text: string | null): void {
  try {
    if (text === null) sessionStorage.removeItem(DRAFT + id);
    else sessionStorage.setItem(DRAFT + id, text);
  } catch {
    return;
  }
}
