import { YOUR_PROGRAM } from "../share/plain.ts";
import { PLAIN_BOOT, type SharedBoot, type SharedRun } from "../share/share.ts";

/** The text of a program as a link says it. @param boot  what its link said, if it came with one. */
export function sharedText(program: string, { cpus, seed }: SharedBoot = PLAIN_BOOT): SharedRun {
  return { program, cpus, seed };
}

/** What a link says of a run. @param id  of its scenario. @param isEdited  whether its text is another one. */
export function sharedRunOf(id: string, source: string, isEdited: boolean, boot?: SharedBoot): SharedRun {
  return isEdited || id === YOUR_PROGRAM ? sharedText(source, boot) : { scenario: id };
}
