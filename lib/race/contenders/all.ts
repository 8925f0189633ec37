import type { Contender } from "../types.ts";
import { CROSSINGS } from "./crossings.ts";
import { MAP_LIBRARIES } from "./map-libraries.ts";
import { NATIVE_MAPS } from "./native-maps.ts";
import { OWN_MAPS } from "./own-maps.ts";
import { OWN_QUEUES } from "./own-queues.ts";
import { PLAIN_MAPS } from "./plain-maps.ts";
import { PLAIN_QUEUES } from "./plain-queues.ts";
import { QUEUE_LIBRARIES } from "./queue-libraries.ts";
import { THREADS } from "./threads.ts";

/** All who take part. */
export const CONTENDERS: readonly Contender[] = [
  ...OWN_MAPS,
  ...PLAIN_MAPS,
  ...MAP_LIBRARIES,
  ...NATIVE_MAPS,
  ...OWN_QUEUES,
  ...PLAIN_QUEUES,
  ...QUEUE_LIBRARIES,
  ...CROSSINGS,
  ...THREADS,
];
