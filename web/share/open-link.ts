import type { Notice } from "../app/iop-notice.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { CompareRoute, RunRoute } from "../model/route.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import { comparisonOf } from "./compare-link.ts";
import { readLink } from "./link.ts";
import { YOUR_PROGRAM } from "./plain.ts";

/** The page that a packed link leads to. @throws InputError for a link that leads nowhere. */
export async function openLink(hash: string): Promise<RunRoute | CompareRoute> {
  const share = await readLink(hash, new Set(SCENARIOS.map(({ id }) => id)));
  const comparison = comparisonOf(share);
  if (comparison) return comparison;
  const { run, tick, grain } = share;
  if ("scenario" in run) return { page: "run", scenario: run.scenario, tick, grain };
  const { program, cpus, seed } = run;
  return { page: "run", scenario: YOUR_PROGRAM, tick, grain, program, boot: { cpus, seed } };
}

/** What to say of a link that cannot be opened. @param kept  whether something is shown, and stays there. */
export function linkNotice(error: unknown, kept: boolean, translate: Translate): Notice {
  const reason = error instanceof Error ? error.message : String(error);
  const detail = kept ? `${reason}\n${translate("error_link_kept")}` : reason;
  return { kind: "error", text: translate("error_link"), detail };
}
