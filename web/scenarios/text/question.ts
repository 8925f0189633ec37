/** The text of a module without what it imports. */
function withoutImports(text: string): string {
  return text.replace(/^import [^;]*;\s*/gm, "").trimEnd();
}

/** The names that a module imports from another, types left out. */
function importedNames(text: string, from: string): string[] {
  const list = new RegExp(`^import ([^;]*) from "${from}";`, "m").exec(text)?.[1] ?? "";
  return list.replaceAll(/\btype \w+/g, "").match(/\w+/g) ?? [];
}

/** What the text of a question of C++ programs has of the library in any case. */
const COMPILED_NAMES = ["cppLog", "machineProgram"];

/** The parts of the text of a question that C++ programs answer; null: it is another one. */
function compiledText(text: string): string[] | null {
  const doc = /^(\/\*\*.*\*\/\n)export const /m.exec(text)?.[1] ?? "";
  const programs = /^ {2}programs: ([^]*?\n {2}\}),$/m.exec(text)?.[1];
  const answer = /^ {2}answer: ([^]*?\n {2}\}),$/m.exec(text)?.[1];
  if (programs === undefined || answer === undefined) return null;
  return [
    `${doc}const programs = ${programs.replaceAll(/^ {2}/gm, "")};`,
    `/** The machine: each program in a process of its own. */
export function start(kernel) {
  for (const [name, program] of Object.entries(programs)) {
    kernel.spawn(name, function* (sys) {
      yield* machineProgram(program)(sys);
    });
  }
}`,
    `/** What the programs have done, line by line, comes to this. */\nconst factsOf = ${answer.replaceAll(/^ {2}/gm, "")};`,
    `/** The answer, once the machine has run: the first process has the pid 1. */
export function answer(kernel) {
  const logOf = (program, i) => cppLog(kernel.trace.filter({ pid: i + 1 }), program.structs);
  return factsOf(Object.values(programs).map(logOf));
}`,
  ];
}

/**
 * A question's program as a program of its own: with the constants and the helpers that it uses, and without its words.
 *
 * @param text    the module of the question.
 * @param shared  the module of what questions have in common.
 */
export function questionText(text: string, shared: string): string {
  const [constants = ""] = withoutImports(text).split(/^(?:\/\*\*.*\*\/\n)?export const /m);
  const doc = /^(\/\*\*.*\*\/\n)export const /m.exec(text)?.[1] ?? "";
  const compiled = compiledText(text);
  const program = /^ {2}program: ([^]*?\n {2}\}),$/m.exec(text)?.[1] ?? "";
  const cpus = /^ {2}cpus: (\d+),$/m.exec(text)?.[1];
  const client = /^ {2}client: (\d+),$/m.exec(text)?.[1];
  const outside = client === undefined ? "" : `\n  kernel.world.connect(${client});`;
  const machine = client === undefined ? "" : ", and a client outside";
  const main = [
    `${doc}const program: Program = ${program.replaceAll(/^ {2}/gm, "")};`,
    ...helpers(importedNames(text, "./question.ts"), shared),
    `/** The machine: one task, whose result is the answer${machine}. */\nexport function start(kernel) {\n  kernel.spawn("main", program);${outside}\n}`,
    cpus === undefined ? "" : `/** What the machine is booted with. */\nexport const boot = { cpus: ${cpus} };`,
  ];
  const body = [constants.trim(), ...(compiled ?? main)].filter((part) => part !== "");
  const library = "../../../lib/index.ts";
  const names = new Set([
    ...(compiled ? COMPILED_NAMES : []),
    ...importedNames(text, library),
    ...importedNames(shared, library),
  ]);
  const used = [...names].filter((name) => body.some((part) => new RegExp(`\\b${name}\\b`).test(part)));
  return `import { ${used.join(", ")} } from "${library}";\n\n${body.join("\n\n")}`;
}

/** The texts of functions that questions have in common, with those that these use themselves. */
function helpers(names: readonly string[], shared: string): string[] {
  const blocks = new Map<string, string>();
  for (const block of withoutImports(shared).split(/\n\n(?=\/\*\*|const|type|export)/)) {
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
