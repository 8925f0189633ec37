import { pngOf, standaloneSvg } from "../../share/picture.ts";
import type { Operation } from "./operations.ts";
import type { Picture } from "./plaything.ts";

/** What files are made of. */
export interface ToTake {
  readonly drawing: SVGSVGElement;
  readonly title: string;
  /** What comes next there, in words. */
  readonly description: string;
  readonly picture: Picture;
  readonly operations: readonly Operation[];
}

/** A form in which a structure can be taken away. */
export interface Taken {
  readonly id: "svg" | "png" | "json";
  /** How its file's name ends. */
  readonly ending: string;
  readonly make: (what: ToTake) => Promise<Blob>;
}

function svgOf({ drawing, title, description }: ToTake): string {
  return standaloneSvg(drawing, { title, description, paper: getComputedStyle(document.body).backgroundColor });
}

/** A structure as data: what is in it, how it hangs together, and what was done to it. */
export function jsonOf({ picture: { data }, operations }: Pick<ToTake, "picture" | "operations">): string {
  return `${JSON.stringify({ ...data, operations }, null, 2)}\n`;
}

/** All of them, in the order in which they are offered. */
export const TAKEN: readonly Taken[] = [
  {
    id: "svg",
    ending: ".svg",
    make: (what) => Promise.resolve(new Blob([svgOf(what)], { type: "image/svg+xml" })),
  },
  { id: "png", ending: ".png", make: (what) => pngOf(svgOf(what)) },
  {
    id: "json",
    ending: ".json",
    make: (what) => Promise.resolve(new Blob([jsonOf(what)], { type: "application/json" })),
  },
];
