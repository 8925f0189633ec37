import type { Facts, Question } from "./questions/question.ts";
import { type Scenario, type ShownProgram, runShown } from "./scenario.ts";

/** The programs of the questions, as they are shown, by their paths. */
const PROGRAMS = import.meta.glob<ShownProgram>("./questions/[0-9]*.ts", { query: "?program", eager: true });

/** A question as a scenario: its program is what runs, and what it returns is the answer. */
export function questionScenario(question: Question): Scenario {
  const prefix = `./questions/${String(question.number).padStart(2, "0")}-`;
  const program = PROGRAMS[Object.keys(PROGRAMS).find((name) => name.startsWith(prefix))!]!;
  return {
    id: question.id,
    title: question.question,
    summary: {
      en: "Make up your mind first: the program gives the answer at the end of its run.",
      "zh-CN": "先想好你的答案：程序运行到结尾时给出结果。",
    },
    source: program.source,
    asked: question,
    start: async () => {
      const started = await runShown(program);
      const [main] = started.kernel.tasks;
      return { ...started, facts: main && "result" in main ? (main.result as Facts) : null };
    },
  };
}
