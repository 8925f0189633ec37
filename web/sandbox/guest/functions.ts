/** A function of the program that the host may have called. */
type AnyFunction = (...args: never[]) => unknown;

const all: AnyFunction[] = [];
const numbers = new Map<AnyFunction, number>();

/** The number by which the host knows a function; it gets one when it is first asked for. */
export function numberOf(one: AnyFunction): number {
  let number = numbers.get(one);
  if (number === undefined) {
    number = all.length;
    numbers.set(one, number);
    all.push(one);
  }
  return number;
}

/** The function with a number. */
export function functionAt<F extends AnyFunction>(number: number): F {
  return all[number] as F;
}
