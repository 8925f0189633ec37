import type { Scenario, Subject } from "../scenarios/scenario.ts";

/** The subjects, in the order of the page. */
export const SUBJECTS: readonly Subject[] = ["epoll", "waiting", "files", "sockets", "ownership"];

/** All words under which a scenario is found: in both languages, with the kernel's identifiers. */
function wordsOf({ id, title, summary, question }: Scenario): string {
  const texts = [title, summary, ...(question ? [question.verdict, ...question.guesses] : [])];
  const all = [id, question?.keywords ?? "", ...texts.flatMap((text) => [text.en, text["zh-CN"]])];
  return all.join("\n").toLowerCase();
}

/**
 * The scenarios in which every word of a search occurs, those whose title has them first.
 *
 * @param text     what somebody typed: words in any language, identifiers, `ET`, `惊群`.
 * @param subject  only of this subject; null: of all.
 */
export function find(scenarios: readonly Scenario[], text: string, subject: Subject | null): Scenario[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const inTitle = ({ title }: Scenario) => {
    const titles = `${title.en}\n${title["zh-CN"]}`.toLowerCase();
    return wanted.every((word) => titles.includes(word)) ? 0 : 1;
  };
  return scenarios
    .filter((scenario) => subject === null || scenario.subject === subject)
    .filter((scenario) => wanted.every((word) => wordsOf(scenario).includes(word)))
    .toSorted((a, b) => (wanted.length === 0 ? 0 : inTitle(a) - inTitle(b)));
}
