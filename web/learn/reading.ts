/** A part of a text: words, or something that is written as code. */
export interface Piece {
  readonly text: string;
  readonly code: boolean;
}

/** The parts of a text in which `code` stands between backticks. */
export function piecesOf(text: string): Piece[] {
  return text
    .split("`")
    .map((piece, i) => ({ text: piece, code: i % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

/**
 * Which passage is being read: the last one that has come up to the reading line; before the first one, the first.
 *
 * @param tops  where the passages begin, from the top down. Unit: px, from the same edge as `line`.
 */
export function passageAt(tops: readonly number[], line: number): number {
  let found = 0;
  tops.forEach((top, i) => {
    if (top <= line) found = i;
  });
  return found;
}
