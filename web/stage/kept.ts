import type { Line, Shape } from "../layout/picture.ts";

/** Whether two lines of text are the same, at the same place. */
function isSameLine(a: Line, b: Line | undefined): boolean {
  return (
    b !== undefined && a.text === b.text && a.x === b.x && a.y === b.y && a.style === b.style && a.anchor === b.anchor
  );
}

/** Whether two shapes look the same, at the same place. */
function isSame(a: Shape, b: Shape): boolean {
  return (
    a.x === b.x &&
    a.y === b.y &&
    a.width === b.width &&
    a.height === b.height &&
    a.look === b.look &&
    a.hue === b.hue &&
    a.address === b.address &&
    a.struct === b.struct &&
    a.label === b.label &&
    a.hint === b.hint &&
    a.inside?.join() === b.inside?.join() &&
    a.lines.length === b.lines.length &&
    a.lines.every((line, i) => isSameLine(line, b.lines[i]))
  );
}

/** Remembers the shapes of the last picture, so that those that are as they were need not be drawn again. */
export class KeptShapes {
  #last: ReadonlyMap<string, Shape> = new Map();
  #now = new Map<string, Shape>();

  /** From now on shapes are those of another picture. */
  begin(): void {
    this.#last = this.#now;
    this.#now = new Map();
  }

  /** The shape that was there before, if this one is the same; else this one. */
  keep(shape: Shape): Shape {
    const last = this.#last.get(shape.key);
    const kept = last && isSame(last, shape) ? last : shape;
    this.#now.set(shape.key, kept);
    return kept;
  }
}
