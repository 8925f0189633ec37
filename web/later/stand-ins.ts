import type { TraceRecord } from "../../lib/index.ts";

/** Stands for the sentences of lib/see/sentences.ts: the page makes its own from what `parts.ts` loads. */
export function narrate(record: TraceRecord): string {
  return record.plain();
}

/** Stands for the rules of lib/see/invariants.ts. @throws Error always: the page asks the rules that `parts.ts` loads. */
export function check(): never {
  throw new Error("a page asks the rules of web/later/parts.ts");
}
