import type { TemplateResult } from "lit";
import type { ByHandKey } from "../../i18n/pages/by-hand.ts";
import type { Operation } from "./operations.ts";
import type { T } from "./texts.ts";

/** What comes next, in words to be filled in. A value that is `head` is a list's. */
export interface Sentence {
  readonly key: ByHandKey;
  readonly values: Readonly<Record<string, number | string>>;
}

/** One picture of what happens to a structure. */
export interface Picture {
  /** Which operation it belongs to; -1: nothing was done. */
  readonly operation: number;
  /** What comes next. */
  readonly sentences: readonly Sentence[];
  /** The name in its source of the rule that is applied next; null: none. */
  readonly rule: string | null;
  /** The structure as data. */
  readonly data: object;
  readonly draw: (t: T) => TemplateResult;
  /** The same as a table. */
  readonly table: (t: T) => TemplateResult;
}

/** What can be done by a button. */
export interface Action {
  readonly do: Operation["do"];
  readonly label: ByHandKey;
}

/** A structure that can be tried out by hand. */
export interface Plaything {
  /** Its name in addresses and in the names of files. */
  readonly id: "tree" | "avl" | "list" | "ring";
  readonly title: ByHandKey;
  /** Its title among those of others. */
  readonly short: ByHandKey;
  readonly lead: ByHandKey;
  readonly keys: ByHandKey;
  readonly hint: ByHandKey;
  /** The first is what Enter does. */
  readonly actions: readonly Action[];
  /** What there is to try: its name, and what is done. */
  readonly examples: readonly (readonly [label: ByHandKey, operations: string])[];
  /** Whether rules are shown one by one. */
  readonly hasRules: boolean;
  /** How it is read. */
  readonly legend: ByHandKey;
  /** Those of a list of operations that it bears: what would be too much is left out. */
  readonly bearable: (operations: readonly Operation[]) => Operation[];
  /** Which keys are in it after some operations, none of which comes by chance. */
  readonly present: (operations: readonly Operation[]) => ReadonlySet<number>;
  /** Keys by chance are less than this. */
  readonly below: number;
  /** Loads it. @returns everything that happens to an empty one: the last picture is at rest. */
  readonly load: () => Promise<(operations: readonly Operation[]) => readonly Picture[]>;
}

/**
 * Where to look once the last operation was asked for: at its first rule, or at the end; where nothing changes, at what
 * is said of that.
 */
export function placeOfNews(pictures: readonly Picture[], operation: number): number {
  const begin = pictures.findIndex((picture) => picture.operation === operation);
  const isNothing = /_(there|missing|full|empty|nothing)$/.test(pictures[begin]?.sentences[0]?.key ?? "");
  return isNothing ? begin : begin + 1;
}

/** Operations of which a structure of single keys bears only so many keys. */
export function bearing(most: number, done: ReadonlySet<Operation["do"]>) {
  return (operations: readonly Operation[]): Operation[] => {
    const present = new Set<number>();
    return operations.filter(({ do: what, key }) => {
      if (!done.has(what)) return false;
      if (what === "delete") present.delete(key);
      else if (what === "move" || present.has(key)) return true;
      else if (present.size < most) present.add(key);
      else return false;
      return true;
    });
  };
}

/** The keys that are there in the end. */
export function presentIn(operations: readonly Operation[]): ReadonlySet<number> {
  const present = new Set<number>();
  for (const { do: what, key } of operations) {
    if (what === "delete") present.delete(key);
    else if (what !== "move") present.add(key);
  }
  return present;
}
