// Taken now: a program may put its own in its place.
const { stringify } = JSON;

/** A program's result as JSON; empty: it has none, or none that JSON can hold. */
export function resultText(value: unknown): string {
  try {
    const text: unknown = stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}
