/** What a sentence may depend on. */
export interface Facts {
  /** The record's numbers, by the names that `@args` of the event gives them; a missing one is 0. */
  readonly args: Readonly<Record<string, number>>;
}

/** A sentence with `{placeholders}`, or the choice of one. */
export type Sentence = string | ((facts: Facts) => string);

/**
 * What is said of one event in one language: what the function does, for the call stack; and what happens, for the
 * step. In the second, `{name}` stands for an argument of that name, `{current}` for the task that runs, `{cpu}` for
 * the CPU, `{call}` for the system call it is in.
 */
export type Wording = readonly [does: string, happens: Sentence];

/** What is said of one event. */
export interface Message {
  readonly en: Wording;
  readonly "zh-CN": Wording;
}
