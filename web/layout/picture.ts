import type { ChipLook, Hue, LinkKind } from "../scene/scene.ts";

/** A rectangle. Unit: px, from the top left corner of the stage. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A point. Unit: px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a text looks. */
type TextStyle = "word" | "title" | "note" | "name" | "mono" | "chip" | "letter" | "band";

/** A line of text in a shape; its place is counted from the shape's corner. */
export interface Line extends Point {
  readonly text: string;
  readonly style: TextStyle;
  readonly anchor: "start" | "middle" | "end";
}

/** How a shape is drawn. */
export type Look =
  "box" | "row" | "red" | "black" | "hook" | "linked" | "head" | "folded" | "caption" | "open" | "closed" | ChipLook;

/** One thing on the stage. */
export interface Shape extends Rect {
  readonly key: string;
  readonly look: Look;
  readonly hue: Hue;
  /** Address of the object that it shows; 0: none. */
  readonly address: number;
  /** Name of that object's struct. */
  readonly struct: string;
  /** What a screen reader says; empty: it is decoration. */
  readonly label: string;
  /** What the words in it mean, each in a line of its own; absent: they say it themselves. */
  readonly hint?: string;
  readonly lines: readonly Line[];
  /** Addresses of what is folded inside of it; absent: nothing is. */
  readonly inside?: readonly number[];
}

/** A line between two things. */
export interface Path {
  readonly key: string;
  readonly kind: LinkKind | "branch" | "stem" | "ready" | "copy" | "dma" | "wire";
  /** As the attribute `d` of an SVG path. */
  readonly d: string;
  readonly arrow: boolean;
  /** Addresses of the objects at its ends: it is lit with them. */
  readonly ends: readonly number[];
}

/** A text beside a line. */
export interface Note extends Point {
  readonly key: string;
  readonly text: string;
  readonly kind: "copy" | "dma";
}

/** One of the bands. */
export interface Band extends Rect {
  readonly key: "user" | "kernel" | "hardware";
  readonly text: string;
}

/** A line between two bands. */
export interface Border {
  readonly key: string;
  readonly y: number;
  /** Whether it is crossed in this step. */
  readonly lit: boolean;
  readonly text: string;
}

/** Everything that the stage draws, with its place. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly Band[];
  readonly borders: readonly Border[];
  /** Shapes below the lines: eventpolls, in which lines end. */
  readonly ground: readonly Shape[];
  /** Lines between boxes; boxes hide what passes below them. */
  readonly links: readonly Path[];
  readonly boxes: readonly Shape[];
  /** Lines inside of boxes. */
  readonly threads: readonly Path[];
  /** Small things: they are drawn above boxes and lines. */
  readonly chips: readonly Shape[];
  /** What moves in this step, above everything. */
  readonly flows: readonly Path[];
  readonly notes: readonly Note[];
}
