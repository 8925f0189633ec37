import { checkNames, describe } from "../machine/call.ts";
import type { Road } from "./road.ts";
import type { Walk } from "./measure.ts";

const NAMES = ["size", "cache", "chunk", "over", "boot"] as const;
const CACHES: readonly unknown[] = ["cold", "warm"];
const RECEIVERS: readonly unknown[] = ["wire", "loopback"];

/** Checks what a caller wants to be walked. @throws TypeError, RangeError saying what was and what was expected. */
export function checkWalk(road: Road, walk: Walk): Required<Walk> {
  const { name, prepare } = (road ?? {}) as Partial<Road>;
  if (typeof name !== "string" || typeof prepare !== "function") {
    throw new TypeError(`a road is one of ROADS, or an object with a name and prepare(), not ${describe(road)}`);
  }
  checkNames("option of walkRoad()", walk, NAMES);
  const { cache, over = "wire", boot = {} } = walk;
  if (!CACHES.includes(cache)) throw new TypeError(`cache is "cold" or "warm", not ${describe(cache)}`);
  if (!RECEIVERS.includes(over)) throw new TypeError(`over is "wire" or "loopback", not ${describe(over)}`);
  const size = length("size", walk.size);
  const chunk = walk.chunk === undefined ? size : Math.min(length("chunk", walk.chunk), size);
  return { size, cache, chunk, over, boot };
}

function length(name: string, value: unknown): number {
  if (typeof value !== "number") throw new TypeError(`${name} is a number of bytes, not ${describe(value)}`);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`${name} is a whole number of bytes, at least 1, not ${value}`);
}
