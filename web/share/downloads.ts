import type { Kernel } from "../../lib/index.ts";
import type { MessageKey } from "../i18n/catalogue.ts";
import { pngOf, standaloneSvg } from "./picture.ts";

/** What is on the stage, for those who make files of it. */
export interface OnStage {
  readonly kernel: Kernel;
  /** Where in the run. */
  readonly tick: number;
  /** What runs, in words. */
  readonly title: string;
  /** What happens, in one sentence. */
  readonly sentence: string;
  /** Its name in file names. */
  readonly name: string;
  /** The drawing as it is now; null: there is none yet. */
  readonly drawing: () => SVGSVGElement | null;
}

/** A form in which a run, or the picture of a moment, can be taken away. */
export interface Download {
  readonly id: "svg" | "png" | "perfetto" | "chrome" | "journal" | "c";
  /** What it is called, and what it is good for. */
  readonly label: MessageKey;
  readonly hint: MessageKey;
  /** How its file's name ends; what is of a moment has the tick in front of that. */
  readonly ending: string;
  readonly isOfMoment: boolean;
  /** Makes it. What is needed for that is loaded now. @throws ProgramError for a run that it cannot show. */
  readonly make: (stage: OnStage) => Promise<Blob>;
}

function svgOf({ drawing, title, tick, sentence }: OnStage): string {
  const found = drawing();
  if (!found) throw new Error("there is no drawing");
  const paper = getComputedStyle(document.body).backgroundColor;
  return standaloneSvg(found, { title: `${title}, tick ${tick}`, description: sentence, paper });
}

/** All of them, in the order in which they are offered. */
export const DOWNLOADS: readonly Download[] = [
  {
    id: "svg",
    label: "share_svg",
    hint: "share_svg_hint",
    ending: ".svg",
    isOfMoment: true,
    make: (stage) => Promise.resolve(new Blob([svgOf(stage)], { type: "image/svg+xml" })),
  },
  {
    id: "png",
    label: "share_png",
    hint: "share_png_hint",
    ending: ".png",
    isOfMoment: true,
    make: (stage) => pngOf(svgOf(stage)),
  },
  {
    id: "perfetto",
    label: "share_perfetto",
    hint: "share_perfetto_hint",
    ending: ".perfetto-trace",
    isOfMoment: false,
    make: async ({ kernel }) => {
      const { perfettoTrace } = await import("../../lib/export/perfetto.ts");
      return new Blob([perfettoTrace(kernel)], { type: "application/octet-stream" });
    },
  },
  {
    id: "chrome",
    label: "share_chrome",
    hint: "share_chrome_hint",
    ending: ".trace.json",
    isOfMoment: false,
    make: async ({ kernel }) => {
      const { chromeTrace } = await import("../../lib/export/chrome.ts");
      return new Blob([chromeTrace(kernel)], { type: "application/json" });
    },
  },
  {
    id: "journal",
    label: "share_journal",
    hint: "share_journal_hint",
    ending: ".jsonl",
    isOfMoment: false,
    make: ({ kernel }) => Promise.resolve(new Blob([kernel.journal], { type: "application/jsonl" })),
  },
  {
    id: "c",
    label: "share_c",
    hint: "share_c_hint",
    ending: ".c",
    isOfMoment: false,
    make: async ({ kernel }) => {
      const { cProgram } = await import("../../lib/export/c/program.ts");
      return new Blob([cProgram(kernel).text], { type: "text/x-c" });
    },
  },
];

/** The name of a file: `et-hang-tick-120.svg`. */
export function fileName({ ending, isOfMoment }: Download, { name, tick }: OnStage): string {
  return `${name}${isOfMoment ? `-tick-${tick}` : ""}${ending}`;
}

/** Hands a file to the browser, which keeps it where it keeps downloads. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
