export { CASES, ORDERS, hasOrder, isRing } from "./work.ts";
export { CONTENDERS } from "./contenders/all.ts";
export { DEFAULTS, SIZES, heatsOf, race } from "./race.ts";
export { ChannelSeat, seatHere } from "./seat.ts";
export type { Channel } from "./seat.ts";
export { Trial } from "./trial.ts";
export {
  CONFIDENCE,
  LEAST_SAMPLES,
  MARGIN,
  compareIntervals,
  compareTimes,
  median,
  medianInterval,
  quantile,
  ratioOf,
} from "./statistics.ts";
export type { Interval, Time } from "./statistics.ts";
export { CASE_WORDS, MODE_WORDS, ORDER_WORDS, heatWords, ratioWords, verdictWords } from "./words.ts";
export { isSameHeat, verdictsOf } from "./verdict.ts";
export type * from "./types.ts";
export { readResult } from "./saved.ts";
export { differencesOf } from "./difference.ts";
export type { Difference } from "./difference.ts";
