export { scratch } from "./chunks";

/*
 * Nothing but the way in and out, for the race: what a call costs when it does no work.
 */

/** Answers with what it is given. */
export function echo(value: i32): i32 {
  return value;
}

/** Answers each of many values with itself. */
export function echo_many(values: usize, count: u32, answers: usize): void {
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) store<i32>(answers + i, echo(load<i32>(values + i)));
}

/** The sum of the answers to many values. */
export function echo_sum(values: usize, count: u32): i32 {
  let sum: i32 = 0;
  for (let i: usize = 0; i < (<usize>count) << 2; i += 4) sum += echo(load<i32>(values + i));
  return sum;
}
