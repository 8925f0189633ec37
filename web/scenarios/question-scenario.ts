import type { ShownProgram } from "./running.ts";
import type { QuestionWords, Scenario, Subject } from "./scenario.ts";

/** The programs of the questions, as they are shown, by their paths. */
const PROGRAMS = import.meta.glob<ShownProgram>("./questions/[0-9]*.ts", { query: "?program" });

/** A question as a scenario: its program is what runs, and what it returns is the answer. */
export function questionScenario(subject: Subject, question: QuestionWords): Scenario {
  const prefix = `./questions/${String(question.number).padStart(2, "0")}-`;
  const path = Object.keys(PROGRAMS).find((name) => name.startsWith(prefix))!;
  return {
    id: question.id,
    title: question.question,
    summary: {
      en: "Make up your mind first: the program gives the answer at the end of its run.",
      "zh-CN": "先想好你的答案：程序运行到结尾时给出结果。",
    },
    subject,
    question,
    recorded: false,
    start: async (terms) => {
      const [program, { PLAIN, runShown }] = await Promise.all([PROGRAMS[path]!(), import("./running.ts")]);
      return runShown(program, true, terms ?? PLAIN);
    },
  };
}
