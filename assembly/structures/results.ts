/*
 * What all ordered maps answer. A map goes from keys to slots: small numbers, by which the host finds its values.
 */

/** There is no such key. */
export const MISSING: i32 = -1;
/** There is no memory left; nothing has changed. */
export const NO_MEMORY: i32 = -2;

/** Where reading begins, and in which direction it goes. */
export enum From {
  /** At the smallest key, towards greater ones. */
  FIRST = 0,
  /** At the smallest key that is not less. */
  AT_LEAST = 1,
  /** At the smallest key that is greater. */
  ABOVE = 2,
  /** At the greatest key, towards smaller ones. */
  LAST = 3,
  /** At the greatest key that is not greater. */
  AT_MOST = 4,
  /** At the greatest key that is less. */
  BELOW = 5,
}
