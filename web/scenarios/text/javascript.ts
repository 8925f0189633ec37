import { parseAst } from "vite";
import { format } from "prettier";

/** A node of a syntax tree, as far as it is looked at here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [part: string]: unknown;
}

/** A stretch of a text, and what takes its place. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What is in a type alone. */
const TYPES: ReadonlySet<string> = new Set([
  "TSTypeAnnotation",
  "TSTypeParameterDeclaration",
  "TSTypeParameterInstantiation",
  "TSTypeAliasDeclaration",
  "TSInterfaceDeclaration",
]);

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Calls `look` for every node of a tree, a node before its parts. @param look  false: not into its parts. */
function walk(node: Node, look: (node: Node) => boolean): void {
  if (!look(node)) return;
  for (const part of Object.values(node)) {
    for (const one of Array.isArray(part) ? (part as unknown[]) : [part]) if (isNode(one)) walk(one, look);
  }
}

/** The text with its changes; one that lies in another is left out. */
function changed(text: string, changes: readonly Change[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: replacement } of changes.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < at) continue;
    parts.push(text.slice(at, start), replacement);
    at = end;
  }
  return parts.join("") + text.slice(at);
}

/** How long the brackets are that close an expression: a syntax tree leaves them out. */
function bracketsAfter(rest: string): number {
  return /^(?:\s*\))*/.exec(rest)![0].length;
}

/** The text that an import becomes: what it imports besides types, from the library by its name. */
function imported(node: Node): string {
  if (node["importKind"] === "type") return "";
  const names = (node["specifiers"] as Node[])
    .filter(({ importKind }) => importKind !== "type")
    .map(({ imported: name }) => (name as Node & { name: string }).name);
  const from = (node["source"] as Node & { value: string }).value;
  const isLibrary = from.endsWith("lib/index.ts");
  return names.length > 0 && isLibrary ? `import { ${names.join(", ")} } from "iopath";` : "";
}

/** What `const name = function* () {}` declares; null: something else. */
function programOf(node: Node): { readonly name: string; readonly body: Node } | null {
  const [{ id, init } = {} as Record<"id" | "init", never>] = node["declarations"] as Record<"id" | "init", Node>[];
  if (init?.type !== "FunctionExpression" || init["generator"] !== true) return null;
  return { name: id["name"] as string, body: init };
}

/**
 * A TypeScript module as the JavaScript that people see and edit: without its types, its imports from the library by
 * the library's name, formatted. What it imports from other modules is left out.
 */
export async function javascriptOf(text: string): Promise<string> {
  const changes: Change[] = [];
  const change = (start: number, end: number, replacement = "") => changes.push({ start, end, text: replacement });
  walk(parseAst(text, { lang: "ts" }) as unknown as Node, (node) => {
    if (TYPES.has(node.type)) return (change(node.start, node.end), false);
    if (node.type === "ImportDeclaration") return (change(node.start, node.end, imported(node)), false);
    if (node.type === "Identifier" && node["optional"] === true) {
      return (change(node.start + (node["name"] as string).length, (node["typeAnnotation"] as Node).end), false);
    }
    const program = node.type === "VariableDeclaration" ? programOf(node) : null;
    if (program) {
      change(node.start, text.indexOf("(", program.body.start), `function* ${program.name}`);
      change(program.body.end, node.end);
    }
    const expression = node["expression"] as Node;
    if (node.type === "TSAsExpression" || node.type === "TSSatisfiesExpression" || node.type === "TSNonNullExpression")
      change(expression.end + bracketsAfter(text.slice(expression.end, node.end)), node.end);
    return true;
  });
  const plain = changed(text, changes).replace(/^(import [^;]*;)\n+(?!import )/m, "$1\n\n");
  return (await format(plain, { parser: "babel", printWidth: 100 })).trimEnd();
}

/**
 * A program so that it notes where it stands: each `yield* x` becomes `yield* $at(line, x)`, which is `x`. Lines stay
 * where they are.
 */
export function noted(text: string): string {
  const changes: Change[] = [];
  walk(parseAst(text) as unknown as Node, (node) => {
    if (node.type !== "YieldExpression" || node["delegate"] !== true) return true;
    const { start, end } = node["argument"] as Node;
    const line = text.slice(0, start).split("\n").length;
    changes.push({ start, end: start, text: `$at(${line}, ` }, { start: end, end, text: ")" });
    return true;
  });
  return changed(text, changes);
}
