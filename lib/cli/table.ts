/** Rows of text in columns of equal width: the first to the left, the others to the right. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

/**
 * Parts as percentages with two digits that add up to 100; `-` if there is nothing. What is not zero is never shown as
 * 0, so only all is 100 %.
 */
export function percentages(parts: readonly number[]): string[] {
  const whole = parts.reduce((a, b) => a + b, 0);
  if (whole === 0) return parts.map(() => "-");
  const exact = parts.map((part) => (part / whole) * 10_000);
  const shown = exact.map((value) => (value === 0 ? 0 : Math.max(1, Math.floor(value))));
  // What rounding down has left over goes to those that lost most by it.
  for (let left = 10_000 - shown.reduce((a, b) => a + b, 0); left !== 0; left -= Math.sign(left)) {
    const gaps = exact.map((value, i) => (value - shown[i]!) * Math.sign(left));
    shown[gaps.indexOf(Math.max(...gaps))]! += Math.sign(left);
  }
  return shown.map((hundredths) => `${(hundredths / 100).toFixed(2)} %`);
}

/** A text in lines of so many characters at most, broken between words. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (last !== "" && last.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines;
}

/** A number with a noun: `1 line`, `2 lines`. */
export function plural(count: number, noun: string, ending = "s"): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : ending}`;
}

/** A time. Unit of the argument: ns. */
export function formatTime(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`;
  return ns >= 1e3 ? `${(ns / 1e3).toFixed(3)} us` : `${ns} ns`;
}
