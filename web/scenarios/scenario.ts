import type { Kernel } from "../../lib/index.ts";
import type { Locale } from "../i18n/catalogue.ts";
import type { ListedCall } from "../model/run.ts";
import type { Choice } from "./changes.ts";
import type { Lines } from "./lines.ts";
import type { Terms } from "./running.ts";
import type { Facts } from "./questions/question.ts";

/** A text in each language. */
export type Texts = Readonly<Record<Locale, string>>;

/** A machine that has run, and what there is to say of how. */
export interface Started {
  readonly kernel: Kernel;
  /** Text of the programs; empty: a recording has none. */
  readonly source: string;
  /** Whether the run was cut off, because it did not end by itself. */
  readonly cut: boolean;
  /** The calls of the recording that the machine has made; null for a program. */
  readonly calls: readonly ListedCall[] | null;
  /** What the replay of a recording has come to; null for a program. */
  readonly report: ReplayReport | null;
  /** Where its programs stood; null: they have no text. */
  readonly lines: Lines | null;
  /** What a question's program has found out; null: it was none. */
  readonly facts: Facts | null;
  /** Where the order of tasks was chosen; none in a plain run. */
  readonly choices: readonly Choice[];
}

/** What there is to say of a question, whose program gives the answer. */
export interface QuestionWords {
  /** Its number among the questions. */
  readonly number: number;
  /** Its name in links. */
  readonly id: string;
  readonly question: Texts;
  /** What one may think before the run. */
  readonly guesses: readonly Texts[];
  /** Place of the guess that is right. */
  readonly right: number;
  /** Place of the guess that is a well-known error; null: there is no such error. */
  readonly famous: number | null;
  /** What is true. */
  readonly verdict: Texts;
  /** Whether compiled C++ programs have confirmed it, and no system calls. */
  readonly compiled?: boolean;
  /** Words under which it is found, besides those of its texts. */
  readonly keywords: string;
}

/** How well the machine has answered what a recording says. */
export interface ReplayReport {
  /** Calls that concern I/O. */
  readonly io: number;
  /** Those of them that were answered as recorded. */
  readonly matched: number;
  /** Calls that do not concern I/O. */
  readonly other: number;
  /** The first difference; null: none. */
  readonly mismatch: { readonly line: number; readonly expected: string; readonly found: string } | null;
}

/** What a scenario is about. */
export type Subject = "epoll" | "waiting" | "files" | "sockets" | "ownership";

/** Something to watch: a program, or a recording of one. All that it needs to run is loaded when it starts. */
export interface Scenario {
  /** Its name in links; empty: no link leads to it. */
  readonly id: string;
  readonly title: Texts;
  readonly summary: Texts;
  readonly subject: Subject;
  /** What it asks; null: it only shows something. */
  readonly question: QuestionWords | null;
  /** Whether it is a recording, which is replayed and has no text. */
  readonly recorded: boolean;
  /** Boots a machine and runs it to its end. A recording is what it is: it has no other terms. */
  readonly start: (terms?: Terms) => Promise<Started>;
}
