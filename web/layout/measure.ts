/** Width of a letter of the monospaced font, as a part of its size. */
const MONO = 0.602;
/** The same on average for the proportional font. */
const PROPORTIONAL = 0.62;
/** The same for its narrow letters. */
const NARROW = 0.36;
/** The same for its wide letters. */
const BROAD = 0.95;
const BROAD_LETTERS = /[mwMW]/;
const NARROW_LETTERS = /[fijlt .,:;|'()]/;
/** Chinese characters, and the signs that are as wide. */
const WIDE = /[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]/;

/** About how wide a text is. Unit: px. */
export function textWidth(text: string, size: number, mono = false): number {
  let width = 0;
  for (const letter of text) width += letterWidth(letter, mono);
  return width * size;
}

function letterWidth(letter: string, mono: boolean): number {
  if (WIDE.test(letter)) return 1;
  if (mono) return MONO;
  if (BROAD_LETTERS.test(letter)) return BROAD;
  return NARROW_LETTERS.test(letter) ? NARROW : PROPORTIONAL;
}

/** A text that fits into a width: its end gives way to an ellipsis. */
export function fit(text: string, width: number, size: number, mono = false): string {
  if (textWidth(text, size, mono) <= width) return text;
  let kept = "";
  let used = textWidth("…", size, mono);
  for (const letter of text) {
    used += textWidth(letter, size, mono);
    if (used > width) break;
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}
