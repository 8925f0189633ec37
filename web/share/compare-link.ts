import type { CompareRoute } from "../model/route.ts";
import { LONGEST_LINK, writeLink } from "./link.ts";
import { LONGEST_PROGRAM, SHARE_VERSION, type Share } from "./share.ts";

/** What a link says of two runs on one clock. */
export function shareOf({ left, right, changes, step, grain = null }: CompareRoute): Share {
  const isOne = changes.length > 0 && JSON.stringify(left) === JSON.stringify(right);
  const beside = { ...(changes.length > 0 && { changes }), ...(!isOne && { compare: right }) };
  return { v: SHARE_VERSION, run: left, tick: step, grain, ...beside };
}

/** The two runs that a link says; null: it says one. */
export function comparisonOf({ run, tick, grain, changes = [], compare }: Share): CompareRoute | null {
  if (!compare && changes.length === 0) return null;
  return { page: "compare", left: run, right: compare ?? run, changes, step: tick, grain };
}

/** The fragment of an address that leads to two runs, with the texts of their programs; null: no link can hold them. */
export async function compareLink(route: CompareRoute): Promise<string | null> {
  const texts = [route.left, route.right].flatMap((run) => ("program" in run ? [run.program] : []));
  if (texts.some((text) => text.length > LONGEST_PROGRAM)) return null;
  const link = await writeLink(shareOf(route));
  return link.length > LONGEST_LINK ? null : link;
}
