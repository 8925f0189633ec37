/** What a link to the page says. */
export interface Route {
  /** Name of a scenario. */
  readonly scenario: string;
  /** Where in its run; null: wherever it begins. */
  readonly tick: number | null;
}

/** Reads the fragment of an address: `#/run/echo?tick=120`; null if it says nothing. */
export function parseRoute(hash: string): Route | null {
  const found = /^#?\/run\/([\w-]+)(?:\?(.*))?$/.exec(hash);
  if (!found) return null;
  const tick = new URLSearchParams(found[2] ?? "").get("tick");
  return { scenario: found[1]!, tick: tick !== null && /^\d{1,15}$/.test(tick) ? Number(tick) : null };
}

/** Writes the fragment that parseRoute() reads. */
export function formatRoute({ scenario, tick }: Route): string {
  return tick === null ? `#/run/${scenario}` : `#/run/${scenario}?tick=${tick}`;
}
