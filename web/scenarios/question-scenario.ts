import { Kernel } from "../../lib/index.ts";
import type { Facts, Question } from "./questions/question.ts";
import { MAX_INPUTS, type Scenario, withoutImports } from "./scenario.ts";

/** The source texts of the questions, by their paths. */
const TEXTS = import.meta.glob<string>("./questions/*.ts", { query: "?raw", import: "default", eager: true });

/** A question as a scenario: its program is what runs, and what it returns is the answer. */
export function questionScenario(question: Question): Scenario {
  return {
    id: question.id,
    title: question.question,
    summary: {
      en: "Make up your mind first: the program gives the answer at the end of its run.",
      "zh-CN": "先想好你的答案：程序运行到结尾时给出结果。",
    },
    source: programText(question.number),
    asked: question,
    start: async () => {
      const kernel = await Kernel.boot({ cpus: question.cpus ?? 1 });
      let facts: Facts | null = null;
      kernel.spawn("main", function* (sys) {
        facts = (yield* question.program(sys)) as Facts;
      });
      const { reason } = kernel.run({ maxInputs: MAX_INPUTS });
      return { kernel, cut: reason === "budget", calls: null, report: null, facts };
    },
  };
}

/** The text of a question's program, with the constants and the helpers that it uses, and without its words. */
function programText(number: number): string {
  const path = Object.keys(TEXTS).find((name) => name.startsWith(`./questions/${String(number).padStart(2, "0")}-`));
  const text = TEXTS[path ?? ""] ?? "";
  const used = /^import ([^;]*) from "\.\/question\.ts";/m.exec(text)?.[1]?.match(/\w+/g) ?? [];
  const [constants = ""] = withoutImports(text).split(/^(?:\/\*\*.*\*\/\n)?export const /m);
  const program = /^ {2}program: ([^]*?\n {2}\}),$/m.exec(text)?.[1] ?? "";
  const parts = [constants.trim(), `const program: Program = ${program.replaceAll(/^ {2}/gm, "")};`, ...helpers(used)];
  return parts.filter((part) => part !== "").join("\n\n");
}

/** The texts of functions that questions have in common, with those that these use themselves. */
function helpers(names: readonly string[]): string[] {
  const text = withoutImports(TEXTS["./questions/question.ts"] ?? "");
  const blocks = new Map<string, string>();
  for (const block of text.split(/\n\n(?=\/\*\*|const|type|export)/)) {
    const name = /^(?:export )?(?:function\*?|const) (\w+)/m.exec(block)?.[1];
    if (name) blocks.set(name, block.replaceAll(/^export /gm, ""));
  }
  const found = new Map<string, string>();
  const add = (name: string) => {
    const block = blocks.get(name);
    if (!block || found.has(name)) return;
    found.set(name, block);
    for (const word of block.match(/\b\w+\b/g) ?? []) if (word !== name) add(word);
  };
  for (const name of names) add(name);
  return [...found.values()];
}
