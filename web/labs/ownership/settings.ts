import type { Settings } from "../all.ts";
import { choiceIn } from "../choice.ts";
import { type Choice, PAIRS, PROGRAMS, type PairId, type ProgramId } from "./programs.ts";

/** Objects have at least one byte, so that there is something to write to. Unit: bytes. */
export const LEAST_BYTES = 1;
/** What an array of them takes is still a part of the heap, not a mapping of its own. Unit: bytes. */
export const MOST_BYTES = 20_000;
/** No program makes more steps. */
const MOST_STEPS = 100_000;

/** How far a step goes: over a statement, or to the next thing that the allocator or a control block does. */
export const STRIDES = ["statement", "action"] as const;
export type Stride = (typeof STRIDES)[number];

/** What the lab is set to. */
export interface OwnershipSettings extends Choice {
  /** A program, or two side by side. */
  readonly show: ProgramId | PairId;
  readonly stride: Stride;
  /** Which of the program's moments is shown: 0 is the beginning of main(). */
  readonly at: number;
}

/** What the lab shows to who comes for the first time. */
export const DEFAULTS: OwnershipSettings = {
  show: "new~make_shared",
  bytes: 1000,
  atomic: false,
  stride: "statement",
  at: 0,
};

const PAIR_IDS = Object.keys(PAIRS) as readonly PairId[];

/** What can be shown: pairs first. */
export const SHOWN: readonly (ProgramId | PairId)[] = [...PAIR_IDS, ...PROGRAMS];

/** The programs that are shown: one, or two. */
export function programsOf({ show }: Pick<OwnershipSettings, "show">): readonly ProgramId[] {
  const pair = PAIR_IDS.find((id) => id === show);
  return pair ? PAIRS[pair] : [show as ProgramId];
}

/** The whole number that a text says, if it is one between two others. */
export function wholeBetween(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,9}$/.test(text.trim())) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

/** What an address says; whatever cannot be is the default. Two programs go on by statements alone. */
export function readSettings(query: Settings): OwnershipSettings {
  const { show, bytes, counts, stride, at } = query;
  const shown = choiceIn(show, SHOWN) ?? DEFAULTS.show;
  const isPair = PAIR_IDS.some((id) => id === shown);
  return {
    show: shown,
    bytes: wholeBetween(bytes, LEAST_BYTES, MOST_BYTES) ?? DEFAULTS.bytes,
    atomic: counts === "atomic",
    stride: isPair ? "statement" : (choiceIn(stride, STRIDES) ?? DEFAULTS.stride),
    at: wholeBetween(at, 0, MOST_STEPS) ?? DEFAULTS.at,
  };
}

/** What an address has to say: only what is not the default. */
export function writeSettings({ show, bytes, atomic, stride, at }: OwnershipSettings): Record<string, string> {
  const query: Record<string, string> = {};
  if (show !== DEFAULTS.show) query["show"] = show;
  if (bytes !== DEFAULTS.bytes) query["bytes"] = String(bytes);
  if (atomic) query["counts"] = "atomic";
  if (stride !== DEFAULTS.stride) query["stride"] = stride;
  if (at !== DEFAULTS.at) query["at"] = String(at);
  return query;
}
