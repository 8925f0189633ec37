// What a declaration's doc comment says, taken apart: the text for people, and the tags for the inspector.

const TAG = /(?:^|\s)@(kernel|args|param|returns)\s/;

/**
 * Reads the doc comment in front of a declaration.
 *
 * @param declaration  A node of the compiler's syntax tree.
 * @returns            `doc`: the text, without tags; `kernel`: what `@kernel` says; `args`: the names and types of
 *                     `@args name: Type, name: Type`. Each is left out where the comment has none.
 */
export function docOf(declaration) {
  const text = commentBefore(declaration);
  if (text === null) return {};
  const [doc, ...tags] = text.split(new RegExp(TAG.source, "m"));
  const found = { doc: unwrap(doc) };
  for (let i = 0; i < tags.length; i += 2) {
    const body = unwrap(tags[i + 1]);
    if (tags[i] === "kernel") found.kernel = body;
    if (tags[i] === "args") found.args = body.split(/\s*,\s*/).map(argument);
  }
  if (!found.doc) delete found.doc;
  return found;
}

/** One `name: Type` of an `@args` tag. */
function argument(text) {
  const match = /^(\w+)\s*:\s*(\w+)$/.exec(text);
  if (!match) throw new SyntaxError(`@args wants 'name: Type, name: Type', not '${text}'`);
  return { name: match[1], type: match[2] };
}

/** The text of the comment that ends where the declaration begins; null if there is none. */
function commentBefore(declaration) {
  const { text } = declaration.range.source;
  const starts = [declaration.range, ...(declaration.decorators ?? []).map((decorator) => decorator.range)];
  const start = Math.min(...starts.map((range) => range.start));
  const before = text
    .slice(0, start)
    .trimEnd()
    .replace(/\bexport(\s+const)?$/, "")
    .trimEnd();
  const open = before.lastIndexOf("/*");
  if (!before.endsWith("*/") || !before.startsWith("/**", open)) return null;
  const lines = before.slice(open + 3, -2).split("\n");
  return lines.map((line) => line.replace(/^\s*\* ?/, "").trimEnd()).join("\n");
}

/** Joins the lines of a paragraph. Paragraphs with an indented line are drawings, and stay as they are. */
function unwrap(text) {
  const paragraphs = text
    .replace(/^\s*\n/, "")
    .trimEnd()
    .split(/\n\s*\n/);
  return paragraphs
    .map((lines) => (/^ {2}/m.test(lines) ? lines : lines.trim().replace(/\s*\n\s*/g, " ")))
    .join("\n\n");
}
