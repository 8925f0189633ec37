/**
 * How series are told apart: a colour, a shape and a pattern of dashes each. Two with the same colour have another shape
 * and other dashes.
 */
export interface Mark {
  /** Custom property of the colour. */
  readonly colour: string;
  /** Path around 0, 0. */
  readonly shape: string;
  readonly dashes: string;
}

const COLOURS = ["--iop-task", "--iop-copy", "--iop-socket", "--iop-eventpoll", "--iop-file", "--iop-page"] as const;

const SHAPES = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  "M-3.6-3.6h7.2v7.2h-7.2z",
  "M0-4.8 4.4 3.4h-8.8z",
  "M0-5 5 0 0 5-5 0z",
  "M0 4.8-4.4-3.4h8.8z",
  "M-1.5-4.5h3v3h3v3h-3v3h-3v-3h-3v-3h3z",
  "M0-5 4.8-1.5 2.9 4.1h-5.8L-4.8-1.5z",
] as const;

const DASHES = ["", "7 4", "2 3", "10 3 2 3"] as const;

/** The mark of the n-th series, from 0. */
export function markOf(n: number): Mark {
  return {
    colour: `var(${COLOURS[n % COLOURS.length]!})`,
    shape: SHAPES[n % SHAPES.length]!,
    dashes: DASHES[((n % SHAPES.length) + Math.floor(n / SHAPES.length)) % DASHES.length]!,
  };
}
