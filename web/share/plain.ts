import type { Grain } from "../model/run.ts";

/** What a link says that people can read: a scenario, and where in its run. */
interface PlainLink {
  readonly scenario: string;
  /** Null: wherever the run begins. */
  readonly tick: number | null;
  /** How far a step goes; null: as the page likes. */
  readonly grain: Grain | null;
}

/** Name of the scenario that is a person's own program. */
export const YOUR_PROGRAM = "program";

/** The fragment of an address that leads there: `#/run/et-hang?tick=120&grain=syscall`, `#/program`. */
export function plainLink({ scenario, tick, grain }: PlainLink): string {
  const query = new URLSearchParams();
  if (tick !== null) query.set("tick", String(tick));
  if (grain !== null) query.set("grain", grain);
  const path = scenario === YOUR_PROGRAM ? "#/program" : `#/run/${scenario}`;
  return `${path}${query.size === 0 ? "" : `?${query.toString()}`}`;
}

/** Reads what plainLink() writes; null for anything else. What is odd behind the name is left out. */
export function readPlainLink(hash: string): PlainLink | null {
  const found = /^#?\/(?:run\/([\w-]+)|program)(?:\?(.*))?$/.exec(hash);
  if (!found) return null;
  const query = new URLSearchParams(found[2] ?? "");
  return { scenario: found[1] ?? YOUR_PROGRAM, tick: numberIn(query, "tick"), grain: grainIn(query) };
}

/** How far a step goes, as an address says it; null: it says nothing. */
export function grainIn(query: URLSearchParams): Grain | null {
  const grain = query.get("grain");
  return grain === "syscall" || grain === "function" || grain === "tick" ? grain : null;
}

/** A whole number that an address says; null: it says none. */
export function numberIn(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
