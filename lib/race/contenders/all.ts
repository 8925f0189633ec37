import type { Contender } from "../types.ts";
import { MAP_LIBRARIES } from "./map-libraries.ts";
import { NATIVE_MAPS } from "./native-maps.ts";
import { OWN_MAPS } from "./own-maps.ts";
import { PLAIN_MAPS } from "./plain-maps.ts";

/** All who take part. */
export const CONTENDERS: readonly Contender[] = [...OWN_MAPS, ...PLAIN_MAPS, ...MAP_LIBRARIES, ...NATIVE_MAPS];
