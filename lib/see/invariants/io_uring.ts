import type { Checkup } from "./checkup.ts";

/** Rings count their requests; what the kernel keeps of its own indices lies within the rings. */
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
  }
}
