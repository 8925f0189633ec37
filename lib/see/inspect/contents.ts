import { type Graph, title } from "./graph.ts";
import { layout } from "../../layout.gen.ts";
import { mappingView } from "./page_cache.ts";
import { pipeSlots } from "../pipe-slots.ts";
import { pageOf } from "../population.ts";
import { enumName } from "../names.ts";
import { inodeName } from "../label.ts";

/** What files stand for that are neither sockets nor eventpolls. */
export function inspectContents(graph: Graph): void {
  const { reader } = graph;
  const files = filesByContents(graph);
  for (const address of graph.of("EventfdCtx")) {
    graph.add({
      address,
      struct: "EventfdCtx",
      title: title("eventfd", titleOfFiles(graph, files, address)),
      count: String(reader.get64("EventfdCtx", address, "count")),
      waitQueues: graph.waitQueues(address, "EventfdCtx"),
    });
  }
  for (const address of graph.of("PipeInodeInfo")) {
    graph.add({
      address,
      struct: "PipeInodeInfo",
      title: title("pipe", titleOfFiles(graph, files, address)),
      readers: reader.get("PipeInodeInfo", address, "readers"),
      writers: reader.get("PipeInodeInfo", address, "writers"),
      slots: reader.get("PipeInodeInfo", address, "ring_size"),
      used: pipeSlots(reader, address).map((slot) => reader.get("PipeBuffer", slot, "len")),
      kinds: pipeSlots(reader, address).map((slot) => enumName("PipeBufOps", reader.get("PipeBuffer", slot, "ops"))),
      pages: pipeSlots(reader, address).map((slot) => pageOf(reader.get("PipeBuffer", slot, "page"))),
      waitQueues: graph.waitQueues(address, "PipeInodeInfo"),
    });
  }
  inspectInodes(graph);
}

const { IFMT, IFREG, IFIFO } = layout.enums.StatMode.values;
const KINDS: Readonly<Record<number, string>> = { [IFREG]: "file", [IFIFO]: "fifo" };

/** What has a name, or had one and is still open. The devices that every machine is born with are left out until used. */
function inspectInodes(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("Inode")) {
    const kind = KINDS[reader.get("Inode", address, "i_mode") & IFMT] ?? "device";
    if (kind === "device" && reader.get("Inode", address, "i_count") <= 1) continue;
    const name = inodeName(reader, address) || "(unlinked)";
    const size = reader.get("Inode", address, "i_size");
    const pipe = reader.get("Inode", address, "i_pipe");
    const mapping = kind === "file" ? mappingView(graph, address) : null;
    graph.add({ address, struct: "Inode", title: `${kind} ${name}`, name, size, pipe, mapping });
    if (pipe !== 0) graph.link(address, pipe, "private_data");
  }
}

/** Which files stand for an object, by the object's address. */
export function filesByContents(graph: Graph): Map<number, number[]> {
  const { reader } = graph;
  const files = new Map<number, number[]>();
  for (const file of graph.of("File")) {
    const contents = reader.get("File", file, "private_data");
    files.set(contents, [...(files.get(contents) ?? []), file]);
  }
  return files;
}

/** The descriptors by which an object can be reached: `fd 3 / fd 4`. */
export function titleOfFiles(graph: Graph, files: ReadonlyMap<number, number[]>, contents: number): string {
  const titles = (files.get(contents) ?? []).map((file) => graph.fdTitle(file)).filter(Boolean);
  return titles.join(" / ");
}
