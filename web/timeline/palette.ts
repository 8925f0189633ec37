import { LOOKS, type Pattern, SIGNS } from "./looks.ts";

/** Side of the square that a pattern repeats. Unit: px. */
const TILE = 6;

/** Colours and patterns as a canvas wants them; made anew when the theme changes. */
export class Palette {
  readonly ink: string;
  readonly quiet: string;
  readonly paper: string;
  readonly raised: string;
  readonly rule: string;
  readonly accent: string;
  readonly focus: string;
  readonly font: string;
  readonly #colours = new Map<string, string>();
  readonly #patterns = new Map<string, CanvasPattern | null>();
  readonly #context: CanvasRenderingContext2D;

  /** @param element  whose custom properties are the colours. */
  constructor(element: Element, context: CanvasRenderingContext2D) {
    this.#context = context;
    const style = getComputedStyle(element);
    const probe = document.createElement("span");
    element.shadowRoot?.append(probe);
    // A property holds the text that it was given, light-dark() and all; a colour made of it is one.
    const resolve = (name: string) => {
      probe.style.color = `var(${name})`;
      return getComputedStyle(probe).color;
    };
    for (const { colour } of [...Object.values(LOOKS), ...Object.values(SIGNS)]) {
      if (!this.#colours.has(colour)) this.#colours.set(colour, resolve(colour));
    }
    this.ink = resolve("--iop-ink");
    this.quiet = resolve("--iop-quiet");
    this.paper = resolve("--iop-paper");
    this.raised = resolve("--iop-raised");
    this.rule = resolve("--iop-rule");
    this.accent = resolve("--iop-changed");
    this.focus = resolve("--iop-focus");
    this.font = style.fontFamily;
    probe.remove();
  }

  /** The colour of a custom property. */
  colour(name: string): string {
    return this.#colours.get(name) ?? this.ink;
  }

  /** A pattern in a colour, on nothing. */
  pattern(name: string, pattern: Pattern): CanvasPattern | null {
    const key = `${name} ${pattern}`;
    const known = this.#patterns.get(key);
    if (known !== undefined) return known;
    const made = this.#context.createPattern(tile(this.colour(name), pattern), "repeat");
    this.#patterns.set(key, made);
    return made;
  }
}

function tile(colour: string, pattern: Pattern): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = TILE;
  const context = canvas.getContext("2d")!;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = 1.2;
  const line = (x0: number, y0: number, x1: number, y1: number) => {
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  };
  // Each line is drawn beyond the tile's corners, so that it goes on in the next one.
  if (pattern === "rising" || pattern === "cross")
    for (const x of [-TILE, 0, TILE]) line(x - 1, TILE + 1, x + TILE + 1, -1);
  if (pattern === "falling" || pattern === "cross")
    for (const x of [-TILE, 0, TILE]) line(x - 1, -1, x + TILE + 1, TILE + 1);
  if (pattern === "upright") line(TILE / 2, 0, TILE / 2, TILE);
  if (pattern === "dots") context.fillRect(TILE / 2 - 1, TILE / 2 - 1, 2, 2);
  return canvas;
}
