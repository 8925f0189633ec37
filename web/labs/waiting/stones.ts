import { type Placed, placed } from "../../../lib/waiting/square.ts";
import type { WayEvidence } from "./jobs.ts";

/** A way in a field. */
export interface Stone {
  readonly way: string;
  readonly place: Placed;
  /** Whether its program has nothing else to do, and so chooses to sleep. */
  readonly isIdle: boolean;
}

/** Where a way stands; a second time, if it stands elsewhere when its program has nothing else to do. */
export function stonesOf({ way, evidence, idle }: WayEvidence): Stone[] {
  const [working, waiting] = [placed(evidence), placed(idle)];
  const stones = working ? [{ way, place: working, isIdle: false }] : [];
  const isElsewhere = waiting && (waiting.first !== working?.first || waiting.second !== working.second);
  return isElsewhere ? [...stones, { way, place: waiting, isIdle: true }] : stones;
}
