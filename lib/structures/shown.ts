/** A value as it stands in an error. */
export function shown(value: unknown): string {
  return typeof value === "bigint" ? `${value}n` : typeof value === "string" ? JSON.stringify(value) : String(value);
}

/** Whether a value is a whole number of 32 bits. */
export function isInt32(value: unknown): boolean {
  return typeof value === "number" && (value | 0) === value;
}
