import type { ChapterEntry } from "./chapters.ts";

/** What a person has read and answered. */
export interface Progress {
  /** The passages that were read, as `chapter/passage`. */
  readonly read: readonly string[];
  /** Which choice was made last, by `chapter/exercise`. */
  readonly answers: Readonly<Record<string, number>>;
  /** The exercises that were answered right, as `chapter/exercise`. */
  readonly right: readonly string[];
}

/** How far a person has come in a chapter. */
export interface Tally {
  readonly read: number;
  readonly right: number;
  /** Whether all was read and answered right. */
  readonly done: boolean;
  /** Whether anything was. */
  readonly begun: boolean;
}

/** Nothing read, nothing answered. */
export const NOTHING: Progress = { read: [], answers: {}, right: [] };

/** What is stored is never more: whoever writes more there has written something else. */
const MOST = 1000;
const NAME = /^[\w-]{1,40}\/[\w-]{1,40}$/;

function names(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const found = value.filter((one): one is string => typeof one === "string" && NAME.test(one));
  return [...new Set(found)].slice(0, MOST);
}

/** Reads what formatProgress() has written; whatever else stands there counts as nothing. */
export function parseProgress(text: string | null): Progress {
  try {
    const { read, answers, right } = JSON.parse(text ?? "") as Partial<Record<keyof Progress, unknown>>;
    const choices = Object.entries(answers ?? {}).filter(
      ([name, choice]) => NAME.test(name) && Number.isInteger(choice) && (choice as number) >= 0,
    );
    return {
      read: names(read),
      answers: Object.fromEntries(choices.slice(0, MOST)) as Record<string, number>,
      right: names(right),
    };
  } catch {
    return NOTHING;
  }
}

/** Writes progress as a text. */
export function formatProgress(progress: Progress): string {
  return JSON.stringify(progress);
}

/** Progress with a passage read. The same object if it was read before. */
export function withRead(progress: Progress, chapter: string, passage: string): Progress {
  const name = `${chapter}/${passage}`;
  return progress.read.includes(name) ? progress : { ...progress, read: [...progress.read, name] };
}

/** Progress with an exercise answered. Who answers again may be right later, or wrong. */
export function withAnswer(
  progress: Progress,
  chapter: string,
  exercise: string,
  choice: number,
  isRight: boolean,
): Progress {
  const name = `${chapter}/${exercise}`;
  const others = progress.right.filter((one) => one !== name);
  return {
    ...progress,
    answers: { ...progress.answers, [name]: choice },
    right: isRight ? [...others, name] : others,
  };
}

/** How far a person has come in a chapter. What the chapter does not have any more does not count. */
export function tallyOf({ read, right }: Progress, { id, passages, exercises }: ChapterEntry): Tally {
  const count = (all: readonly string[], most: number) =>
    Math.min(most, all.filter((name) => name.startsWith(`${id}/`)).length);
  const tally = { read: count(read, passages), right: count(right, exercises) };
  return {
    ...tally,
    done: tally.read === passages && tally.right === exercises,
    begun: tally.read > 0 || tally.right > 0,
  };
}
