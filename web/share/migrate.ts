import { SHARE_VERSION } from "./share.ts";

/** What links of an older version say, before it is known to be right. */
type Old = Readonly<Record<string, unknown>>;

/**
 * From each version to the next one. A link says its version; one that does not, `#/run/ID?tick=120`, is of version 0,
 * which knew nothing but scenarios.
 */
const MIGRATIONS: Readonly<Record<number, (old: Old) => Old>> = {
  0: ({ scenario, tick = null, grain = null }) => ({ v: 1, run: { scenario }, tick, grain }),
};

/** What a link of any known version says, in the words of the newest. */
export function migrate(version: number, said: unknown): unknown {
  let now = said;
  for (let from = version; from < SHARE_VERSION; from++) now = MIGRATIONS[from]!(now as Old);
  return now;
}
