import type { ObjectView } from "../../lib/see/object-at.ts";
import { isInUse } from "../../lib/see/population.ts";
import { Reader } from "../../lib/see/reader.ts";
import { objects } from "../later/parts.ts";
import { withArrows } from "./format.ts";
import type { Frame, Moment } from "./frame.ts";
import { objectIn } from "./near.ts";

/** An object that a person has chosen. */
export interface Selection {
  readonly struct: string;
  readonly address: number;
}

/** A selection as it is at a frame. */
interface SelectionView {
  readonly title: string;
  readonly now: ObjectView;
  /** As it was when the step began; null: it was not there. */
  readonly before: ObjectView | null;
}

/** Looks at a selected object; null: it is not there. */
export function lookAt(frame: Frame, { struct, address }: Selection): SelectionView | null {
  const now = viewAt(frame, struct, address);
  if (!now) return null;
  return { title: titleOf(frame, { struct, address }), now, before: viewAt(frame.before, struct, address) };
}

/** What a selected object is called. */
export function titleOf(moment: Moment, { struct, address }: Selection): string {
  const object = objectIn(moment, address);
  return object?.struct === struct ? withArrows(object.title) : struct;
}

function viewAt({ memory }: Moment, struct: string, address: number): ObjectView | null {
  if (!isInUse(new Reader(memory), struct, address)) return null;
  try {
    return objects.value?.(memory, struct, address) ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
