import { type Graph, title } from "./graph.ts";
import type { ReadAheadView } from "../objects/page_cache.ts";
import { embedOffset } from "../reader.ts";
import { fileKind } from "../label.ts";
import { flagNames } from "../names.ts";
import { hlistOf } from "../walk.ts";
import { layout } from "../../layout.gen.ts";
import { openCount } from "../find.ts";

const { ACCMODE, RDONLY } = layout.enums.OpenFlags.values;
const ACCESS: Readonly<Record<number, string>> = { 0: "O_RDONLY", 1: "O_WRONLY", 2: "O_RDWR" };

/** File flags as strace writes them: the access mode first. */
function openFlags(flags: number): string {
  const access = ACCESS[flags & ACCMODE] ?? "O_ACCMODE";
  const others = (flags & ~ACCMODE) >>> 0;
  return others === RDONLY ? access : `${access}|${flagNames("OpenFlags", others, "O_")}`;
}

/** The last window of read-ahead of an open file. */
function readAheadOf({ reader }: Graph, file: number): ReadAheadView | null {
  const pages = reader.get("File", file, "f_pages");
  if (!reader.holds("FilePages", pages)) return null;
  const at = pages + embedOffset("FilePages", "ra");
  const get = (field: "start" | "size" | "async_size" | "ra_pages" | "prev_pos") =>
    reader.get("FileRaState", at, field);
  return {
    start: get("start"),
    size: get("size"),
    async_size: get("async_size"),
    ra_pages: get("ra_pages"),
    prev_pos: get("prev_pos"),
  };
}

/** Descriptor tables, and the files that descriptors and others refer to. */
export function inspectFiles(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("FilesStruct")) {
    const fds = graph.openFds(address);
    const count = reader.get("FilesStruct", address, "count");
    const left = graph.near ? { left: openCount(reader, address) - fds.length } : {};
    graph.add({ address, struct: "FilesStruct", title: "descriptor table", count, fds, ...left });
    for (const { fd, file } of fds) graph.link(address, file, "fd", String(fd));
  }
  for (const address of graph.of("File")) {
    const kind = fileKind(reader, address);
    const f_ep = address + embedOffset("File", "f_ep");
    const private_data = reader.get("File", address, "private_data");
    graph.add({
      address,
      struct: "File",
      title: title("file", kind.toLowerCase(), graph.fdTitle(address)),
      kind,
      f_count: reader.get("File", address, "f_count"),
      flags: openFlags(reader.get("File", address, "f_flags")),
      mode: flagNames("FMode", reader.get("File", address, "f_mode")),
      f_pos: reader.get("File", address, "f_pos"),
      private_data,
      fds: graph.fds.get(address) ?? [],
      readAhead: kind === "REGULAR" ? readAheadOf(graph, address) : null,
      watchers: hlistOf(reader, f_ep, "Epitem", "fllink", graph.onBreak),
    });
    graph.link(address, private_data, "private_data");
  }
}
