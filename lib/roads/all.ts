import type { Road } from "./road.ts";
import { mapped } from "./mapped.ts";
import { readWrite, readWriteProgrammed } from "./read-write.ts";
import { zerocopy } from "./zerocopy.ts";
import { sendfile, sendfileGathered, splice } from "./in-kernel.ts";
import { aio, uring } from "./asynchronous.ts";

/** The roads from a file to a socket, those first that make the CPU work most. */
export const ROADS: readonly Road[] = [
  readWriteProgrammed,
  readWrite,
  mapped,
  zerocopy,
  sendfile,
  splice,
  sendfileGathered,
  aio,
  uring,
];
