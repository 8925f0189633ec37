/** The name that the user's text has in this engine. */
export const PROGRAM = "program.js";

/** What was thrown, as the page tells it. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  /** Where in the user's text; 0: nowhere in it. */
  readonly line: number;
  readonly column: number;
}

const MOST = 2000;
// Taken now: a program may put its own in their places.
const { Error: EngineError, String: text } = globalThis;
const PLACE = /program\.js:(\d+)(?::(\d+))?/;

/** The first place of the user's text in a stack. */
function placeIn(stack: unknown): { line: number; column: number } {
  const found = typeof stack === "string" ? PLACE.exec(stack) : null;
  return { line: Number(found?.[1] ?? 0), column: Number(found?.[2] ?? 0) };
}

/** The line of the user's text that has led here; 0: none has. */
export function lineHere(): number {
  return placeIn(new EngineError().stack).line;
}

/** What was thrown, whatever that is: getters of its own may throw again. */
export function describeThrown(thrown: unknown): Thrown {
  try {
    if (typeof thrown === "object" && thrown !== null && "message" in thrown) {
      const { name, message, stack } = thrown as Record<string, unknown>;
      return { name: text(name).slice(0, 100), message: text(message).slice(0, MOST), ...placeIn(stack) };
    }
    return { name: "", message: text(thrown).slice(0, MOST), line: 0, column: 0 };
  } catch {
    return { name: "Error", message: "something was thrown that cannot be shown", line: 0, column: 0 };
  }
}
