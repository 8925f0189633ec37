import { type FieldName, embedOffset } from "../reader.ts";
import type { Checkup } from "./checkup.ts";

/** Rings count their requests; what the kernel keeps for itself is in order. */
export function checkIoUring(check: Checkup): void {
  const { reader, population } = check;
  // A request that begins or ends is not yet, or no longer, counted everywhere.
  if (!check.quiet) return;
  const requests = new Map<number, number>();
  for (const req of population.of("IoKiocb")) {
    const ctx = reader.get("IoKiocb", req, "ctx");
    requests.set(ctx, (requests.get(ctx) ?? 0) + 1);
    if (!population.has("IoRingCtx", ctx)) check.report("IoKiocb", req, "uring-ctx", "its ring is gone");
  }
  for (const ctx of population.of("IoRingCtx")) {
    check.equal(
      "IoRingCtx",
      ctx,
      "uring-reqs",
      reader.get("IoRingCtx", ctx, "nr_reqs"),
      requests.get(ctx) ?? 0,
      "requests",
    );
    checkRing(check, ctx);
  }
}

/** Between two inputs no chain is being put together, nothing waits to be handed in, and indices fit into rings. */
function checkRing(check: Checkup, ctx: number): void {
  const get = (field: FieldName<"IoRingCtx">) => check.reader.get("IoRingCtx", ctx, field);
  const report = (rule: string, message: string) => check.report("IoRingCtx", ctx, rule, message);
  for (const field of ["sq_entries", "cq_entries"] as const) {
    const entries = get(field);
    if (entries === 0 || (entries & (entries - 1)) !== 0)
      report("uring-entries", `${field} is ${entries}, no power of two`);
  }
  if (get("link_head") !== 0 || get("link_last") !== 0) report("uring-chain", "a chain is still open");
  if (get("flushing") !== 0) report("uring-flush", "completions are still being handed in");
  const compl_reqs = ctx + embedOffset("IoRingCtx", "compl_reqs");
  if (get("compl_reqs_next") !== compl_reqs) report("uring-flush", "completions were not handed in");
}
