import { layout } from "../layout.gen.ts";

/*
 * Who has the word, besides a task with a number > 0: who is to act next for the machine to go on.
 */

/** Nobody: nothing can run without time passing. */
export const NOBODY = 0;
/** The host: one of its timers went off. */
export const { HOST } = layout.constants;
/** Several tasks could go on: the host chooses. */
export const { CHOICE } = layout.constants;
/** The kernel has to be asked: there have been inputs from outside. It never says this itself. */
export const ASK = HOST - 1;
