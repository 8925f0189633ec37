import type { MessageEvidence, WaitingFigures, WaitingLoad, WatchedClients, WayOfWaiting } from "../../../lib/index.ts";
import type { Job } from "../jobs.ts";

/** A way, and what its server is given to do. */
export interface Served {
  /** The way's `id`. */
  readonly way: string;
  readonly load: Omit<WaitingLoad, "boot">;
}

/** What serving has come to, and why it could not be done. */
export type ServedFigures = (Served & { readonly figures: WaitingFigures }) | (Served & { readonly error: string });

/** What was seen of each message. */
export type ServedWatched = (Served & { readonly watched: WatchedClients }) | (Served & { readonly error: string });

/** What says where a way stands in the square. */
export interface WayEvidence {
  readonly way: string;
  /** Of the program on the page of a run: its ticks are those there. */
  readonly evidence: readonly MessageEvidence[];
  /** Of a server that has nothing else to do. */
  readonly idle: readonly MessageEvidence[];
}

/** What was served of what is wanted, in its order, and what was not yet. */
export function sortedOut<S extends Served>(
  wanted: readonly Served[],
  served: readonly S[],
): { readonly there: readonly S[]; readonly missing: readonly Served[] } {
  const keyOf = ({ way, load }: Served) => JSON.stringify([way, load]);
  const known = new Map(served.map((one) => [keyOf(one), one]));
  const there = wanted.flatMap((one) => known.get(keyOf(one)) ?? []);
  return { there, missing: wanted.filter((one) => !known.has(keyOf(one))) };
}

/** What is looked at for the second place of a way: one message at a time. */
const IDLE: WaitingLoad = { connections: 4, active: 1, rounds: 3 };

async function wayNamed(id: string): Promise<WayOfWaiting> {
  const { WAYS_OF_WAITING } = await import("../../../lib/waiting/all.ts");
  const way = WAYS_OF_WAITING.find((one) => one.id === id);
  if (!way) throw new RangeError(`there is no way of waiting called ${id}`);
  return way;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Serves in one way after another, each on a machine of its own, and counts. */
export const waiting: Job<readonly Served[], ServedFigures> = async (all, tell) => {
  const { serveClients } = await import("../../../lib/waiting/measure.ts");
  for (const [i, served] of all.entries()) {
    const answer = await serveClients(await wayNamed(served.way), served.load).then(
      ({ figures }) => ({ ...served, figures }),
      (error: unknown) => ({ ...served, error: reasonOf(error) }),
    );
    tell(answer, (i + 1) / all.length);
  }
};

/** The same, with what happens to each message. */
export const watching: Job<readonly Served[], ServedWatched> = async (all, tell) => {
  const { watchClients } = await import("../../../lib/waiting/watch.ts");
  for (const [i, served] of all.entries()) {
    const answer = await watchClients(await wayNamed(served.way), served.load).then(
      ({ watched }) => ({ ...served, watched }),
      (error: unknown) => ({ ...served, error: reasonOf(error) }),
    );
    tell(answer, (i + 1) / all.length);
  }
};

/** Runs each way's program, and its server with nothing else to do: what their records say. */
export const placing: Job<readonly string[], WayEvidence> = async (ways, tell) => {
  const [{ SCENARIOS }, { evidenceOf, watchClients }] = await Promise.all([
    import("../../scenarios/all.ts"),
    import("../../../lib/waiting/watch.ts"),
  ]);
  for (const [i, way] of ways.entries()) {
    const { kernel } = await SCENARIOS.find(({ id }) => id === `waiting-${way}`)!.start();
    const { watched } = await watchClients(await wayNamed(way), IDLE);
    tell({ way, evidence: evidenceOf(kernel), idle: watched.messages }, (i + 1) / ways.length);
  }
};
