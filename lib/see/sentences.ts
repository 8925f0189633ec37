import { type Narratable, type NarrateOptions, tell } from "./narrate.ts";
import type { EventName, Language } from "../machine/records.ts";
import { catalogue } from "./catalogue/catalogue.ts";

/** One sentence that says what a record of the trace means, and why it matters. */
export function narrate(record: Narratable, options: NarrateOptions): string {
  return tell(record, catalogue, options);
}

/** One sentence that says what a kernel function does, for the call stack. */
export function describe(event: EventName, locale: Language): string {
  return catalogue[event][locale][0];
}
