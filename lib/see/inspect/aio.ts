import { type Graph, title } from "./graph.ts";
import { enumName, epollMask } from "../names.ts";
import { aioEvents, availableSlots, ringAddress, ringHead } from "../aio-ring.ts";
import { layout } from "../../layout.gen.ts";

const { POLL } = layout.enums.IocbCmd.values;

/** Contexts for asynchronous requests, and the requests. */
export function inspectAio(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("Kioctx")) {
    const user_id = `0x${reader.get64("Kioctx", address, "user_id").toString(16)}`;
    const reqs = reader.get("Kioctx", address, "reqs");
    const [mm, ring] = [reader.get("Kioctx", address, "mm"), ringAddress(reader, address)];
    graph.add({
      address,
      struct: "Kioctx",
      title: title("kioctx", user_id),
      user_id,
      nr_events: reader.get("Kioctx", address, "nr_events"),
      head: ringHead(reader, address),
      tail: reader.get("Kioctx", address, "tail"),
      reqs,
      available: availableSlots(reader, address),
      dead: reader.get("Kioctx", address, "dead") === 1,
      mm,
      ring,
      waitQueues: graph.waitQueues(address, "Kioctx"),
    });
    graph.link(mm, address, "aio");
    if (reader.holds("AioRing", ring)) inspectRing(graph, address, ring);
  }
  inspectTransfers(graph);
  for (const address of population.of("AioKiocb")) {
    const ctx = reader.get("AioKiocb", address, "ki_ctx");
    const file = reader.get("AioKiocb", address, "ki_filp");
    const opcode = reader.get("AioKiocb", address, "opcode");
    const rw = reader.get("AioKiocb", address, "rw");
    const obj = `0x${reader.get64("AioKiocb", address, "ki_res_obj").toString(16)}`;
    graph.add({
      address,
      struct: "AioKiocb",
      title: title("aio_kiocb", graph.fdTitle(file)),
      ctx,
      file,
      opcode: `IOCB_CMD_${enumName("IocbCmd", opcode)}`,
      obj,
      data: String(reader.get64("AioKiocb", address, "ki_res_data")),
      left: Number(reader.get64("IovIter", rw, "count")),
      pos: Number(reader.get64("IovIter", rw, "pos")),
      events: opcode === POLL ? epollMask(reader.get("AioKiocb", address, "poll_events")) : "",
    });
    graph.link(ctx, address, "requests");
    graph.link(address, file, "ffd");
  }
}

/** The memory that a context shares with its program. */
function inspectRing(graph: Graph, ctx: number, address: number): void {
  const { reader } = graph;
  graph.add({
    address,
    struct: "AioRing",
    title: title("aio ring", `0x${reader.get64("Kioctx", ctx, "user_id").toString(16)}`),
    ctx,
    nr: reader.get("AioRing", address, "nr"),
    head: reader.get("AioRing", address, "head"),
    tail: reader.get("AioRing", address, "tail"),
    events: aioEvents(reader, ctx),
  });
  graph.link(ctx, address, "ring");
}

/** Transfers past the page cache. */
function inspectTransfers(graph: Graph): void {
  const { reader, population } = graph;
  const kiocbs = new Map(population.of("AioKiocb").map((kiocb) => [reader.get("AioKiocb", kiocb, "rw"), kiocb]));
  for (const address of population.of("IomapDio")) {
    const inode = reader.get("IomapDio", address, "inode");
    const write = reader.get("IomapDio", address, "write") === 1;
    const size = Number(reader.get64("IomapDio", address, "size"));
    const kiocb = kiocbs.get(reader.get("IomapDio", address, "iter")) ?? 0;
    graph.add({
      address,
      struct: "IomapDio",
      title: title("iomap_dio", write ? "write" : "read", size),
      inode,
      write,
      pos: Number(reader.get64("IomapDio", address, "pos")),
      size,
      parts: reader.get("IomapDio", address, "ref"),
      pages: reader.get("IomapDio", address, "nr_pages"),
      kiocb,
      bios: population.of("Bio").filter((bio) => reader.get("Bio", bio, "bi_private") === address),
      is_async: reader.get("IomapDio", address, "is_async") === 1,
      waitQueues: graph.waitQueues(address, "IomapDio"),
    });
    graph.link(address, inode, "base");
    graph.link(kiocb, address, "dio");
  }
}
