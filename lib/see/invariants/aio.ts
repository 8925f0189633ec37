import { KERNEL_BASE, embedOffset } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { availableSlots } from "../aio-ring.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { io_destroy } = layout.enums.Nr.values;

/** A transfer past the page cache counts the parts that the disk has, and the call that sleeps for it knows it. */
function checkTransfers(check: Checkup): void {
  const { reader, population } = check;
  const parts = new Map<number, number>();
  for (const bio of population.of("Bio")) {
    const dio = reader.get("Bio", bio, "bi_private");
    if (population.has("IomapDio", dio)) parts.set(dio, (parts.get(dio) ?? 0) + 1);
  }
  for (const dio of population.of("IomapDio")) {
    check.equal("IomapDio", dio, "dio-ref", reader.get("IomapDio", dio, "ref"), parts.get(dio) ?? 0, "parts");
    const iter = reader.get("IomapDio", dio, "iter");
    if (reader.get("IomapDio", dio, "is_async") || reader.get("IovIter", iter, "ki_dio") === dio) continue;
    check.report("IomapDio", dio, "leak", "in use, but no call waits for it");
  }
}

/** Every slot of a ring is free, or a request's, or an event's; contexts count their requests and those who use them. */
export function checkAio(check: Checkup): void {
  const { reader, population } = check;
  // A request that begins or ends is not yet, or no longer, counted everywhere.
  if (!check.quiet) return;
  const requests = new Map<number, number>();
  for (const req of population.of("AioKiocb")) {
    const ctx = reader.get("AioKiocb", req, "ki_ctx");
    requests.set(ctx, (requests.get(ctx) ?? 0) + 1);
  }
  const calls = new Map<number, number>();
  for (const task of population.of("TaskStruct")) {
    const req = reader.get("TaskStruct", task, "submitting");
    const ctx = req === 0 ? reader.get("TaskStruct", task, "kept") : reader.get("AioKiocb", req, "ki_ctx");
    // Who destroys a context has given its reference up.
    if (reader.get64("TaskStruct", task, "orig_ax") === BigInt(io_destroy)) continue;
    if (population.has("Kioctx", ctx)) calls.set(ctx, (calls.get(ctx) ?? 0) + 1);
  }
  let promised = 0;
  for (const ctx of population.of("Kioctx")) {
    const reqs = requests.get(ctx) ?? 0;
    const dead = reader.get("Kioctx", ctx, "dead");
    if (!dead) promised += reader.get("Kioctx", ctx, "max_reqs");
    check.equal("Kioctx", ctx, "aio-reqs", reader.get("Kioctx", ctx, "reqs"), reqs, "requests");
    const users = (dead ? 0 : 1) + (calls.get(ctx) ?? 0);
    check.equal("Kioctx", ctx, "aio-users", reader.get("Kioctx", ctx, "users"), users, "users");
    const nr_events = reader.get("Kioctx", ctx, "nr_events");
    const used = reqs + reader.get("Kioctx", ctx, "completed_events");
    check.equal("Kioctx", ctx, "aio-slots", nr_events - 1, availableSlots(reader, ctx) + used, "slots");
    if (reader.get("Kioctx", ctx, "tail") >= nr_events) {
      check.report("Kioctx", ctx, "aio-tail", "the tail of its ring lies outside");
    }
  }
  checkTransfers(check);
  const aio = reader.get("Kernel", KERNEL_BASE, "aio");
  if (!reader.holds("AioState", aio)) return;
  check.equal("AioState", aio, "aio-nr", reader.get("AioState", aio, "aio_nr"), promised, "promised requests");
  const listed = listOf(reader, aio + embedOffset("AioState", "contexts"), "Kioctx", "all", check.onBreak);
  check.equal("AioState", aio, "aio-contexts", listed.length, population.of("Kioctx").length, "contexts");
}
