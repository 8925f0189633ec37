import type { Selection } from "./selection.ts";

/** An object that the stage is narrowed to. */
export interface StageFocus extends Selection {
  /** How many links away something may be to be shown. */
  readonly links: 1 | 2;
}

/** What of a machine is drawn, and how much of it. */
export interface StageSight {
  /** Keys of the groups of which more is shown; see `SceneContext.fold()`. */
  readonly expanded: ReadonlySet<string>;
  /** Keys of the boxes that are folded to their heads. */
  readonly folded: ReadonlySet<string>;
  /** Null: everything is shown. */
  readonly focus: StageFocus | null;
}

/** Everything, as it comes. */
export const WHOLE: StageSight = { expanded: new Set(), folded: new Set(), focus: null };

/** More of a group is shown. `key` is that of the chip that stands for what is not. */
export function expand(sight: StageSight, key: string): StageSight {
  return { ...sight, expanded: new Set([...sight.expanded, key.replace(/^more:/, "")]) };
}

/** A box is folded, or, if it is, unfolded. */
export function toggle(sight: StageSight, key: string): StageSight {
  const folded = new Set(sight.folded);
  if (!folded.delete(key)) folded.add(key);
  return { ...sight, folded };
}

/** These boxes are folded, and no others. */
export function foldOnly(sight: StageSight, keys: readonly string[]): StageSight {
  return { ...sight, folded: new Set(keys) };
}

/** The stage is narrowed to an object and what it is linked to; without one, or to the one that it is narrowed to, no more. */
export function narrow(sight: StageSight, selection: Selection | null): StageSight {
  const { focus } = sight;
  if (!selection || focus?.address === selection.address) return { ...sight, focus: null };
  return { ...sight, focus: { struct: selection.struct, address: selection.address, links: focus?.links ?? 1 } };
}

/** What is shown beside the object that the stage is narrowed to reaches one link further, or no more. */
export function reach(sight: StageSight): StageSight {
  const { focus } = sight;
  return focus ? { ...sight, focus: { ...focus, links: focus.links === 1 ? 2 : 1 } } : sight;
}
