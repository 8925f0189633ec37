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

/** A part as a percentage with two digits; `-` of nothing. Only all is 100 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return "-";
  const rounded = Math.floor((part / whole) * 10_000) / 100;
  return `${rounded.toFixed(2)} %`;
}

/** A number with a noun: `1 line`, `2 lines`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** A time. Unit of the argument: ns. */
export function formatTime(ns: number): string {
  if (ns >= 1e9) return `${(ns / 1e9).toFixed(3)} s`;
  if (ns >= 1e6) return `${(ns / 1e6).toFixed(3)} ms`;
  return ns >= 1e3 ? `${(ns / 1e3).toFixed(3)} us` : `${ns} ns`;
}
