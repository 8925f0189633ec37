import type { Contender } from "../types.ts";

/** All who take part. */
export const CONTENDERS: readonly Contender[] = [];
