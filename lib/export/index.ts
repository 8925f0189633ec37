/*
 * iopath/export: a run in the forms that other programs read. Loaded by itself, because a page seldom needs it.
 */
export { type CProgram, cProgram } from "./c/program.ts";
export { chromeTrace } from "./chrome.ts";
export { perfettoTrace } from "./perfetto.ts";
export { ProgramError } from "../errors.ts";
