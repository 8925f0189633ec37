/** The one of the values that a text of an address names; undefined: none. */
export function choiceIn<T extends string | number>(text: string | undefined, values: readonly T[]): T | undefined {
  return values.find((value) => String(value) === text);
}
