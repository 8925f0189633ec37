import { KERNEL_BASE, type Reader, embedOffset, structs } from "../reader.ts";
import { diskPlace, opName } from "../disks.ts";
import type { Graph } from "./graph.ts";
import { enumName } from "../names.ts";
import { listOf } from "../walk.ts";

/** The disk, its queue, and what is on its way; nothing on a machine that has never used it. */
export function inspectDisk(graph: Graph): void {
  const { reader } = graph;
  const state = reader.get("Kernel", KERNEL_BASE, "disk");
  const gendisk = reader.get("Kernel", KERNEL_BASE, "block");
  if (!reader.holds("DiskState", state) || !reader.holds("GenDisk", gendisk)) return;
  const queue = reader.get("GenDisk", gendisk, "queue");
  if (!reader.holds("RequestQueue", queue) || reader.get("RequestQueue", queue, "nr_bios") === 0) return;
  const get = (field: "pio" | "track" | "stored" | "bytes_read" | "bytes_written") =>
    reader.get("DiskState", state, field);
  const kind = enumName("DiskKind", reader.get("DiskState", state, "kind")) === "FLASH" ? "flash" : "rotating";
  graph.add({
    address: state,
    struct: "DiskState",
    title: `disk (${kind})`,
    kind,
    pio: get("pio") !== 0,
    track: get("track"),
    stored: get("stored"),
    bytesRead: get("bytes_read"),
    bytesWritten: get("bytes_written"),
  });
  const commands = listOf(reader, state + embedOffset("DiskState", "commands"), "Request", "queuelist", graph.onBreak);
  const done = listOf(reader, state + embedOffset("DiskState", "done"), "Request", "queuelist", graph.onBreak);
  graph.links(state, [...commands, ...done], "commands");
  const waiting = inspectQueue(graph, queue);
  for (const request of [...commands, ...done, ...waiting]) inspectRequest(graph, request);
  for (const bio of graph.population.of("Bio")) graph.add(bioObject(reader, bio));
}

function inspectQueue(graph: Graph, queue: number): number[] {
  const { reader } = graph;
  const get = (field: "queue_depth" | "in_flight" | "plugged" | "nr_bios" | "nr_merged" | "nr_issued") =>
    reader.get("RequestQueue", queue, field);
  const at = queue + embedOffset("RequestQueue", "waiting");
  const waiting = listOf(reader, at, "Request", "queuelist", graph.onBreak);
  graph.add({
    address: queue,
    struct: "RequestQueue",
    title: "request queue",
    depth: get("queue_depth"),
    inFlight: get("in_flight"),
    waiting: waiting.length,
    plugged: get("plugged") !== 0,
    bios: get("nr_bios"),
    merged: get("nr_merged"),
    issued: get("nr_issued"),
  });
  graph.links(queue, waiting, "requests");
  return waiting;
}

function inspectRequest(graph: Graph, address: number): void {
  const { reader } = graph;
  const get = (field: "tag" | "state" | "cmd_flags" | "data_len" | "nr_segments" | "finish") =>
    reader.get("Request", address, field);
  const [tag, op, bytes] = [get("tag"), opName(get("cmd_flags")), get("data_len")];
  graph.add({
    address,
    struct: "Request",
    title: `request ${tag} (${op} ${bytes})`,
    tag,
    state: enumName("RequestState", get("state")),
    op,
    bytes,
    segments: get("nr_segments"),
    finish: get("finish"),
    ...diskPlace(reader.get64("Request", address, "sector")),
  });
  const bios = [];
  // A request has no more bios than pieces of memory.
  for (let bio = reader.get("Request", address, "bio"); bio !== 0 && bios.length <= get("nr_segments");) {
    bios.push(bio);
    bio = reader.get("Bio", bio, "bi_next");
  }
  graph.links(address, bios, "bios");
}

function bioObject(reader: Reader, address: number) {
  const get = (field: "bi_opf" | "bi_size" | "bi_status" | "bi_pid" | "bi_vcnt" | "bi_io_vec") =>
    reader.get("Bio", address, field);
  const [op, bytes] = [opName(get("bi_opf")), get("bi_size")];
  return {
    address,
    struct: "Bio",
    title: `bio (${op} ${bytes})`,
    op,
    bytes,
    status: get("bi_status"),
    pid: get("bi_pid"),
    pieces: Array.from({ length: Math.min(get("bi_vcnt"), 256) }, (_, i) => {
      const piece = get("bi_io_vec") + i * structs["BioVec"]!.stride;
      return { address: reader.get("BioVec", piece, "bv_address"), length: reader.get("BioVec", piece, "bv_len") };
    }),
    ...diskPlace(reader.get64("Bio", address, "bi_sector")),
  } as const;
}
