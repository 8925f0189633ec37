import { type Graph, title } from "./graph.ts";
import { enumName, epollMask } from "../names.ts";
import { availableSlots, ringHead } from "../aio-ring.ts";
import { layout } from "../../layout.gen.ts";

const { POLL } = layout.enums.IocbCmd.values;

/** Contexts for asynchronous requests, and the requests. */
export function inspectAio(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("Kioctx")) {
    const user_id = `0x${reader.get64("Kioctx", address, "user_id").toString(16)}`;
    const reqs = reader.get("Kioctx", address, "reqs");
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
      waitQueues: graph.waitQueues(address, "Kioctx"),
    });
    graph.link(reader.get("Kioctx", address, "mm"), address, "aio");
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

/** Transfers past the page cache. */
function inspectTransfers(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("IomapDio")) {
    const inode = reader.get("IomapDio", address, "inode");
    const write = reader.get("IomapDio", address, "write") === 1;
    const size = Number(reader.get64("IomapDio", address, "size"));
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
      is_async: reader.get("IomapDio", address, "is_async") === 1,
      waitQueues: graph.waitQueues(address, "IomapDio"),
    });
    graph.link(address, inode, "base");
  }
}
