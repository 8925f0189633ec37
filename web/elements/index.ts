/* iopath/elements: what is imported defines <iopath-stage>. */
export { IopathStage } from "./iopath-stage.ts";
export type * from "./types.ts";
