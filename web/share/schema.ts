import * as v from "valibot";
import { LONGEST_PROGRAM, SHARE_VERSION, type Share } from "./share.ts";

/** A whole number, from the least to the most. */
const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));

/** Far more ticks than a page could run. */
const tick = whole(0, 1e15);

const run = v.union([
  v.strictObject({ scenario: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)) }),
  v.strictObject({
    program: v.pipe(v.string(), v.maxLength(LONGEST_PROGRAM)),
    cpus: whole(1, 64),
    seed: whole(0, Number.MAX_SAFE_INTEGER),
  }),
]);

const pid = whole(0, 0x7fff_ffff);

const change = v.variant("kind", [
  v.strictObject({ kind: v.literal("choose"), tick, pid }),
  v.strictObject({ kind: v.literal("fail-allocation"), tick }),
  v.strictObject({ kind: v.literal("drop-packet"), tick, direction: v.picklist(["in", "out"]) }),
  v.strictObject({ kind: v.literal("fail-disk"), tick, operation: v.picklist(["read", "write"]) }),
  v.strictObject({ kind: v.literal("signal"), tick, pid, signal: whole(1, 64) }),
]);

const share = v.strictObject({
  v: v.literal(SHARE_VERSION),
  run,
  tick: v.nullable(tick),
  grain: v.nullable(v.picklist(["syscall", "function", "tick"])),
  changes: v.exactOptional(v.pipe(v.array(change), v.maxLength(1000))),
  compare: v.exactOptional(run),
});

/** Whether a value is a share of the newest version, and if not, what its first fault is: as `run.cpus: ...`. */
export function checkShare(value: unknown): { readonly share: Share } | { readonly fault: string } {
  const result = v.safeParse(share, value, { abortEarly: true });
  if (result.success) return { share: result.output as Share };
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  return { fault: path === null ? issue.message : `${path}: ${issue.message}` };
}
