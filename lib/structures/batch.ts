/**
 * Holds a batch to be one: something with a length whose elements have numbers.
 *
 * @param what  what it is of, such as "keys".
 * @throws TypeError if it is a Set, an iterator, or anything else.
 */
export function checkBatch(batch: ArrayLike<unknown>, what: string): void {
  const found: unknown = batch;
  if (typeof found === "object" && found !== null && "length" in found && Number.isSafeInteger(found.length)) return;
  const name = typeof found === "object" && found !== null ? `a ${found.constructor?.name ?? "thing"}` : typeof found;
  throw new TypeError(`${what} of a batch are in an array or a typed array, not in ${name}`);
}
