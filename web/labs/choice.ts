/** The one of the values that a text of an address names; undefined: none. */
export function choiceIn<T extends string | number>(text: string | undefined, values: readonly T[]): T | undefined {
  return values.find((value) => String(value) === text);
}

/** The whole number that a text says, or the nearest that may be. */
export function wholeIn(text: string | undefined, least: number, most: number, otherwise: number): number {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return otherwise;
  return Math.max(least, Math.min(most, Number(text)));
}
