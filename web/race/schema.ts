import * as v from "valibot";
import type { Verdict } from "../../lib/race/types.ts";
import { CASES, MODES, ORDERS } from "../../lib/race/work.ts";

/** More verdicts than any race has. */
const MOST = 20_000;

const entry = v.object({
  contender: v.pipe(v.string(), v.maxLength(100)),
  mode: v.picklist(MODES),
});

const verdicts = v.pipe(
  v.array(
    v.object({
      case: v.picklist(CASES),
      size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
      order: v.picklist(ORDERS),
      kind: v.picklist(["beaten", "level", "ahead"]),
      subject: entry,
      other: entry,
      ratio: v.pipe(v.number(), v.finite(), v.minValue(1)),
    }),
  ),
  v.maxLength(MOST),
);

/** Whether a value is a list of verdicts, and if not, what its first fault is: as `3.ratio: ...`. */
export function checkVerdicts(value: unknown): { readonly verdicts: readonly Verdict[] } | { readonly fault: string } {
  const checked = v.safeParse(verdicts, value, { abortEarly: true });
  if (checked.success) return { verdicts: checked.output };
  const [issue] = checked.issues;
  const path = v.getDotPath(issue);
  return { fault: path === null ? issue.message : `${path}: ${issue.message}` };
}
