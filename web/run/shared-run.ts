import { YOUR_PROGRAM } from "../share/plain.ts";
import type { SharedRun } from "../share/share.ts";

/** The text of a program as a link says it: what the machine is booted with stands in the text itself. */
export function sharedText(program: string): SharedRun {
  return { program, cpus: 1, seed: 1 };
}

/** What a link says of a run. @param id  of its scenario. @param isEdited  whether its text is another one. */
export function sharedRunOf(id: string, source: string, isEdited: boolean): SharedRun {
  return isEdited || id === YOUR_PROGRAM ? sharedText(source) : { scenario: id };
}
