import { type Graph, title } from "./graph.ts";
import { type Reader, embedOffset, fieldOffset, structs } from "../reader.ts";
import { enumName, epollMask, flagNames } from "../names.ts";
import type { CqeView, SqeView } from "../objects/io_uring.ts";
import { PAGE_SIZE } from "../population.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";
import { renderResult } from "../calls.ts";

const { POLL } = layout.enums.IoReqState.values;
const { IO_RINGS_SIZE } = layout.constants;
const SQE = structs["IoUringSqe"]!.stride;
const CQE = structs["IoUringCqe"]!.stride;
/** Of more entries or completions than this, the first ones are told. */
const MOST_SLOTS = 64;

/** A number of the memory that a ring shares with its program. */
function ringWord(reader: Reader, ctx: number, field: "sq_tail" | "cq_head" | "cq_tail" | "sq_head"): number {
  const pages = reader.get("IoRingCtx", ctx, "ring_pages");
  return pages === 0 ? 0 : reader.u32(reader.u32(pages) + fieldOffset("IoRings", field));
}

/** Rings, what they share with their programs, and their requests. */
export function inspectIoUring(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("IoRingCtx")) {
    const get = (field: Parameters<typeof reader.get<"IoRingCtx">>[2]) => reader.get("IoRingCtx", address, field);
    const requests = get("nr_reqs");
    const rings = get("ring_pages") === 0 ? 0 : reader.u32(get("ring_pages"));
    const [reqs, overflow] = [
      address + embedOffset("IoRingCtx", "reqs"),
      address + embedOffset("IoRingCtx", "cq_overflow_list"),
    ];
    // A ring that is being made has no lists yet.
    const isMade = reader.u32(overflow) !== 0;
    graph.add({
      address,
      struct: "IoRingCtx",
      title: title("io_uring", `${requests} requests`),
      flags: flagNames("IoringSetup", get("flags")),
      sq_entries: get("sq_entries"),
      cq_entries: get("cq_entries"),
      sqHead: get("cached_sq_head"),
      sqTail: ringWord(reader, address, "sq_tail"),
      cqHead: ringWord(reader, address, "cq_head"),
      cqTail: get("cached_cq_tail"),
      requests,
      reqs: isMade ? listOf(reader, reqs, "IoKiocb", "node", graph.onBreak) : [],
      rings,
      submitter: get("submitter"),
      sq_thread: get("sq_thread"),
      workers: get("nr_workers"),
      overflow: isMade ? listOf(reader, overflow, "IoOverflowCqe", "list", graph.onBreak).length : 0,
      waitQueues: graph.waitQueues(address, "IoRingCtx"),
    });
    if (reader.holds("IoRings", rings)) inspectRings(graph, address, rings);
  }
  inspectRequests(graph);
}

function inspectRings(graph: Graph, ctx: number, address: number): void {
  const { reader } = graph;
  const get = (field: Parameters<typeof reader.get<"IoRings">>[2]) => reader.get("IoRings", address, field);
  graph.add({
    address,
    struct: "IoRings",
    title: "io_uring rings",
    ctx,
    sq_entries: get("sq_ring_entries"),
    cq_entries: get("cq_ring_entries"),
    sqHead: get("sq_head"),
    sqTail: get("sq_tail"),
    cqHead: get("cq_head"),
    cqTail: get("cq_tail"),
    sqFlags: flagNames("IoringSqFlags", get("sq_flags")),
    sqes: sqesOf(reader, ctx),
    cqes: cqesOf(reader, ctx),
  });
  graph.link(ctx, address, "ring");
}

/** Address of a byte of frames in a row, as the kernel keeps them: an array of their addresses. */
function byteAt(reader: Reader, pages: number, offset: number): number {
  return reader.u32(pages + Math.floor(offset / PAGE_SIZE) * 4) + (offset % PAGE_SIZE);
}

/** How many slots are told of: what lies between two indices, of which a program may write one as it likes. */
function slotsBetween(head: number, tail: number, entries: number): number[] {
  const count = Math.min((tail - head) >>> 0, entries, MOST_SLOTS);
  return Array.from({ length: count }, (_, i) => (head + i) >>> 0);
}

/** The entries that wait to be taken, as the array of indices has them. */
function sqesOf(reader: Reader, ctx: number): SqeView[] {
  const get = (field: Parameters<typeof reader.get<"IoRingCtx">>[2]) => reader.get("IoRingCtx", ctx, field);
  const entries = get("sq_entries");
  if (get("ring_pages") === 0 || get("sqe_pages") === 0 || entries === 0) return [];
  return slotsBetween(get("cached_sq_head"), ringWord(reader, ctx, "sq_tail"), entries).map((index): SqeView => {
    const slot = reader.u32(byteAt(reader, get("ring_pages"), get("sq_array") + (index & (entries - 1)) * 4));
    const at = byteAt(reader, get("sqe_pages"), (slot & (entries - 1)) * SQE);
    return {
      index,
      opcode: enumName("IoringOp", reader.get("IoUringSqe", at, "opcode")),
      fd: reader.get("IoUringSqe", at, "fd"),
      flags: flagNames("IosqeFlags", reader.get("IoUringSqe", at, "flags")),
      user_data: String(reader.get64("IoUringSqe", at, "user_data")),
    };
  });
}

/** The completions that wait to be taken. */
function cqesOf(reader: Reader, ctx: number): CqeView[] {
  const get = (field: Parameters<typeof reader.get<"IoRingCtx">>[2]) => reader.get("IoRingCtx", ctx, field);
  const entries = get("cq_entries");
  if (get("ring_pages") === 0 || entries === 0) return [];
  return slotsBetween(ringWord(reader, ctx, "cq_head"), get("cached_cq_tail"), entries).map((index): CqeView => {
    const at = byteAt(reader, get("ring_pages"), IO_RINGS_SIZE + (index & (entries - 1)) * CQE);
    return {
      index,
      user_data: String(reader.get64("IoUringCqe", at, "user_data")),
      res: renderResult(reader.get("IoUringCqe", at, "res")),
      flags: flagNames("IoringCqeFlags", reader.get("IoUringCqe", at, "flags")),
    };
  });
}

function inspectRequests(graph: Graph): void {
  const { reader, population } = graph;
  for (const address of population.of("IoKiocb")) {
    const get = (field: Parameters<typeof reader.get<"IoKiocb">>[2]) => reader.get("IoKiocb", address, field);
    const [ctx, file, state, link] = [get("ctx"), get("file"), get("state"), get("link")];
    const opcode = enumName("IoringOp", get("opcode"));
    graph.add({
      address,
      struct: "IoKiocb",
      title: title(opcode, file === 0 ? "" : graph.fdTitle(file)),
      ctx,
      file,
      opcode,
      state: enumName("IoReqState", state),
      user_data: String(reader.get64("IoKiocb", address, "sqe_user_data")),
      events: state === POLL ? epollMask(get("poll_events")) : "",
      len: get("sqe_len"),
      link,
      task: get("task"),
      worker: get("worker"),
    });
    graph.link(ctx, address, "requests");
    graph.link(address, file, "ffd");
    graph.link(address, link, "chain");
  }
}
