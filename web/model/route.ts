/** The page of one run. */
export interface RunRoute {
  readonly page: "run";
  /** Name of a scenario; empty: what was opened has no name that a link could hold. */
  readonly scenario: string;
  /** Where in its run; null: wherever it begins. */
  readonly tick: number | null;
}

/** A place in the playground, as the fragment of its address says it. */
export type Route =
  | { readonly page: "gallery" }
  | RunRoute
  /** An address that leads nowhere. */
  | { readonly page: "unknown"; readonly hash: string };

/** Reads the fragment of an address: `#/`, `#/run/echo?tick=120`. */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, "");
  if (path === "") return { page: "gallery" };
  const found = /^run\/([\w-]+)(?:\?(.*))?$/.exec(path);
  if (!found) return { page: "unknown", hash };
  const tick = new URLSearchParams(found[2] ?? "").get("tick");
  return { page: "run", scenario: found[1]!, tick: tick !== null && /^\d{1,15}$/.test(tick) ? Number(tick) : null };
}

/** Writes the fragment that parseRoute() reads. */
export function formatRoute(route: Route): string {
  if (route.page === "unknown") return route.hash;
  if (route.page === "gallery" || route.scenario === "") return "#/";
  return route.tick === null ? `#/run/${route.scenario}` : `#/run/${route.scenario}?tick=${route.tick}`;
}
