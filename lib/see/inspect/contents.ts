import { type Graph, title } from "./graph.ts";

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

/** The descriptors by which an object can be reached. */
function fdTitle(graph: Graph, files: ReadonlyMap<number, number[]>, contents: number): string {
  const titles = (files.get(contents) ?? []).map((file) => graph.fdTitle(file)).filter(Boolean);
  return titles.join(" / ");
}
