import type { TemplateResult } from "lit";
import type { Locale } from "../i18n/catalogue.ts";
import type { Texts } from "../scenarios/scenario.ts";
import type { Moment } from "../model/frame.ts";
import type { Selection } from "../model/selection.ts";
import type { Place, Seen } from "./seen.ts";

/** What a passage says of a run, in a form that can be looked up there. */
export interface Claim {
  /** What is looked up, as its label. */
  readonly says: Texts;
  /** Looks it up. */
  readonly found: (seen: Seen) => number | string | boolean;
  /** What it has to be: a test runs the scenario and compares. */
  readonly expected: number | string | boolean;
}

/** Where something imprecise is put right: what the notes say, and what is seen instead. */
export interface Correction {
  readonly said: Texts;
  readonly shown: Texts;
}

/** A few sentences about one moment of a run. Texts have `code` between backticks. */
export interface Passage {
  /** Its name within its chapter, under which it is kept as read. */
  readonly id: string;
  /** The run that it speaks of, by its name in the list of scenarios. */
  readonly scenario: string;
  /** Where in that run. */
  readonly place: Place;
  /** What it speaks of, as it is at that place; without it, whatever the step is about. */
  readonly object?: (moment: Moment, seen: Seen) => Selection | null | undefined;
  readonly title: Texts;
  readonly text: Texts;
  readonly correction?: Correction;
  readonly claims: readonly Claim[];
}

/** An answer that one may choose. */
export interface Choice {
  readonly text: Texts;
  /** Why it is right or wrong. */
  readonly why: Texts;
}

/** Something to answer. */
export interface Exercise {
  /** Its name within its chapter, under which the answer is kept. */
  readonly id: string;
  readonly question: Texts;
  readonly choices: readonly Choice[];
  /** Place of the choice that is right. */
  readonly right: number;
  /** The passage whose moment shows the answer. */
  readonly shownBy: string;
}

/** Draws something of a run, as it is at a tick. */
export type DrawnAt = (tick: number, locale: Locale) => TemplateResult;

/** A chapter: what one reads beside the stage, and what one may answer then. */
export interface Chapter {
  /** Loads what is drawn above the stage, of a run; without it, nothing is. */
  readonly picture?: (seen: Seen) => Promise<DrawnAt>;
  readonly passages: readonly Passage[];
  readonly exercises: readonly Exercise[];
}
