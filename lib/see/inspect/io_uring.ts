import { type Graph, title } from "./graph.ts";
import { type Reader, fieldOffset } from "../reader.ts";
import { enumName, epollMask, flagNames } from "../names.ts";
import { layout } from "../../layout.gen.ts";

const { POLL } = layout.enums.IoReqState.values;

/** A number of the memory that a ring shares with its program. */
export function ringWord(reader: Reader, ctx: number, field: "sq_tail" | "cq_head" | "cq_tail" | "sq_head"): number {
  const pages = reader.get("IoRingCtx", ctx, "ring_pages");
  return pages === 0 ? 0 : reader.u32(reader.u32(pages) + fieldOffset("IoRings", field));
}

/** Rings and their requests. */
export function inspectIoUring(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("IoRingCtx")) {
    const requests = reader.get("IoRingCtx", address, "nr_reqs");
    graph.add({
      address,
      struct: "IoRingCtx",
      title: title("io_uring", `${requests} requests`),
      flags: flagNames("IoringSetup", reader.get("IoRingCtx", address, "flags")),
      sq_entries: reader.get("IoRingCtx", address, "sq_entries"),
      cq_entries: reader.get("IoRingCtx", address, "cq_entries"),
      sqHead: reader.get("IoRingCtx", address, "cached_sq_head"),
      sqTail: ringWord(reader, address, "sq_tail"),
      cqHead: ringWord(reader, address, "cq_head"),
      cqTail: reader.get("IoRingCtx", address, "cached_cq_tail"),
      requests,
      waitQueues: graph.waitQueues(address, "IoRingCtx"),
    });
  }
  for (const address of population.of("IoKiocb")) {
    const ctx = reader.get("IoKiocb", address, "ctx");
    const file = reader.get("IoKiocb", address, "file");
    const state = reader.get("IoKiocb", address, "state");
    const opcode = enumName("IoringOp", reader.get("IoKiocb", address, "opcode"));
    graph.add({
      address,
      struct: "IoKiocb",
      title: title(opcode, file === 0 ? "" : graph.fdTitle(file)),
      ctx,
      file,
      opcode,
      state: enumName("IoReqState", state),
      user_data: String(reader.get64("IoKiocb", address, "sqe_user_data")),
      events: state === POLL ? epollMask(reader.get("IoKiocb", address, "poll_events")) : "",
    });
    graph.link(ctx, address, "requests");
    graph.link(address, file, "ffd");
    graph.link(address, reader.get("IoKiocb", address, "link"), "chain");
  }
}
