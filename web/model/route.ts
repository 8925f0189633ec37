import { YOUR_PROGRAM, plainLink, readPlainLink } from "../share/plain.ts";
import type { Grain } from "./run.ts";

/** The page of one run. */
export interface RunRoute {
  readonly page: "run";
  /** Name of a scenario; empty: what was opened has no name that a link could hold. */
  readonly scenario: string;
  /** Where in its run; null: wherever it begins. */
  readonly tick: number | null;
  /** How far a step goes; without it, as the page likes. */
  readonly grain?: Grain | null;
  /** Text of a program that came with a link, to be run instead; without it, what the scenario has. */
  readonly program?: string;
}

export { YOUR_PROGRAM };

/** A place in the playground, as the fragment of its address says it. */
export type Route =
  | { readonly page: "gallery" }
  | RunRoute
  /** What was shared in a form that people cannot read. */
  | { readonly page: "shared"; readonly hash: string }
  /** An address that leads nowhere. */
  | { readonly page: "unknown"; readonly hash: string };

/** Reads the fragment of an address: `#/`, `#/run/echo?tick=120`, `#/program`. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, "");
  if (path === "") return { page: "gallery" };
  if (path.startsWith("p/")) return { page: "shared", hash };
  const found = readPlainLink(`#/${path}`);
  return found ? { page: "run", ...found } : { page: "unknown", hash };
}

/** Writes the fragment that parseRoute() reads. */
export function formatRoute(route: Route): string {
  if (route.page === "unknown" || route.page === "shared") return route.hash;
  if (route.page === "gallery" || route.scenario === "") return "#/";
  return plainLink({ grain: null, ...route });
}
