import { type Graph, title } from "./graph.ts";
import { KERNEL_BASE, embedOffset } from "../reader.ts";
import { listOf } from "../walk.ts";
import { pipeSlots } from "../pipe-slots.ts";
import { text } from "../names.ts";

/** What files stand for that are neither sockets nor eventpolls. */
export function inspectContents(graph: Graph): void {
  const { reader, population } = graph;
  const files = filesByContents(graph);
  for (const address of population.of("EventfdCtx")) {
    graph.add({
      address,
      struct: "EventfdCtx",
      title: title("eventfd", fdTitle(graph, files, address)),
      count: String(reader.get64("EventfdCtx", address, "count")),
      waitQueues: graph.waitQueues(address, "EventfdCtx"),
    });
  }
  for (const address of population.of("PipeInodeInfo")) {
    graph.add({
      address,
      struct: "PipeInodeInfo",
      title: title("pipe", fdTitle(graph, files, address)),
      readers: reader.get("PipeInodeInfo", address, "readers"),
      writers: reader.get("PipeInodeInfo", address, "writers"),
      slots: reader.get("PipeInodeInfo", address, "ring_size"),
      used: pipeSlots(reader, address).map((slot) => reader.get("PipeBuffer", slot, "len")),
      waitQueues: graph.waitQueues(address, "PipeInodeInfo"),
    });
  }
  inspectInodes(graph);
}

/** Regular files, open or not, in order of birth. */
function inspectInodes(graph: Graph): void {
  const { reader } = graph;
  const state = reader.get("Kernel", KERNEL_BASE, "fs");
  if (!reader.holds("FsState", state)) return;
  const inodes = state + embedOffset("FsState", "inodes");
  if (reader.u32(inodes) === 0) return;
  for (const address of listOf(reader, inodes, "Inode", "i_list", graph.onBreak)) {
    const length = reader.get("Inode", address, "i_name_length");
    const name = text(reader.bytes(reader.get("Inode", address, "i_name"), length));
    graph.add({ address, struct: "Inode", title: `file ${name}`, name, size: reader.get("Inode", address, "i_size") });
  }
}

/** Which files stand for an object, by the object's address. */
function filesByContents({ reader, population }: Graph): Map<number, number[]> {
  const files = new Map<number, number[]>();
  for (const file of population.of("File")) {
    const contents = reader.get("File", file, "private_data");
    files.set(contents, [...(files.get(contents) ?? []), file]);
  }
  return files;
}

/** The descriptors by which an object can be reached: `fd 3 / fd 4`. */
function fdTitle(graph: Graph, files: ReadonlyMap<number, number[]>, contents: number): string {
  const titles = (files.get(contents) ?? []).map((file) => graph.fdTitle(file)).filter(Boolean);
  return titles.join(" / ");
}
