import { KERNEL_BASE, type Reader, embedOffset, structs } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { NR_REQUESTS } = layout.constants;
const { COMPLETE, IDLE, IN_FLIGHT, QUEUED } = layout.enums.RequestState.values;

/** Every request is free, waits, or is with the disk, and says so; what they hold adds up; no bio is lost. */
export function checkDisk(check: Checkup): void {
  const { reader } = check;
  const gendisk = reader.get("Kernel", KERNEL_BASE, "block");
  const state = reader.get("Kernel", KERNEL_BASE, "disk");
  if (!reader.holds("GenDisk", gendisk) || !reader.holds("DiskState", state)) return;
  const queue = reader.get("GenDisk", gendisk, "queue");
  // Inside the block layer a request may be in nobody's list, and a bio in nobody's request.
  if (!check.quiet || !reader.holds("RequestQueue", queue)) return;
  const list = (head: number) => listOf(reader, head, "Request", "queuelist", check.onBreak);
  const requests = reader.get("RequestQueue", queue, "requests");
  const free = requests === 0 ? [] : list(queue + embedOffset("RequestQueue", "free"));
  const waiting = requests === 0 ? [] : list(queue + embedOffset("RequestQueue", "waiting"));
  const commands = list(state + embedOffset("DiskState", "commands"));
  const done = list(state + embedOffset("DiskState", "done"));
  const all = free.length + waiting.length + commands.length + done.length;
  check.equal("RequestQueue", queue, "request-lost", all, requests === 0 ? 0 : NR_REQUESTS, "requests in lists");
  const inFlight = reader.get("RequestQueue", queue, "in_flight");
  check.equal("RequestQueue", queue, "in_flight", inFlight, commands.length + done.length, "requests in flight");
  const depth = reader.get("RequestQueue", queue, "queue_depth");
  if (inFlight > depth)
    check.report("RequestQueue", queue, "queue_depth", `${inFlight} requests in flight of ${depth}`);
  checkStates(check, free, [IDLE]);
  checkStates(check, waiting, [QUEUED]);
  checkStates(check, commands, [IN_FLIGHT]);
  checkStates(check, done, [IN_FLIGHT, COMPLETE]);
  const held = new Set(chain(reader, reader.get("RequestQueue", queue, "bio_first")));
  for (const request of [...waiting, ...commands, ...done]) {
    for (const bio of checkRequest(check, request)) held.add(bio);
  }
  // While the disk moves the bytes of one command, its timer has gone off and is not yet set for the next.
  const moving = check.event === "disk_transfer" || check.event === "disk_error";
  if (commands.length > 0 && !moving && reader.get("DiskState", state, "timer_queued") === 0) {
    check.report("DiskState", state, "disk-timer", `it has ${commands.length} commands and will never be done`);
  }
  for (const bio of check.population.of("Bio")) {
    if (!held.has(bio)) check.report("Bio", bio, "leak", "in use, but in no request");
  }
}

function checkStates(check: Checkup, requests: readonly number[], states: readonly number[]): void {
  for (const request of requests) {
    const state = check.reader.get("Request", request, "state");
    if (!states.includes(state)) check.report("Request", request, "request-state", `state ${state}, not ${states[0]}`);
  }
}

/** The bios of a request lie side by side and are as much as it says. Returns them. */
function checkRequest(check: Checkup, request: number): number[] {
  const { reader } = check;
  const bios = chain(reader, reader.get("Request", request, "bio"));
  let [sector, bytes, segments] = [reader.get64("Request", request, "sector"), 0, 0];
  for (const bio of bios) {
    const begin = reader.get64("Bio", bio, "bi_sector");
    if (begin !== sector) check.report("Bio", bio, "bio-sector", `begins at ${begin}, its neighbour ends at ${sector}`);
    const size = reader.get("Bio", bio, "bi_size");
    sector = begin + BigInt(size / 512);
    bytes += size;
    segments += reader.get("Bio", bio, "bi_vcnt");
    check.equal("Bio", bio, "bi_size", size, sizeOfPieces(reader, bio), "bytes of its pieces");
  }
  check.equal("Request", request, "data_len", reader.get("Request", request, "data_len"), bytes, "bytes of its bios");
  check.equal("Request", request, "nr_segments", reader.get("Request", request, "nr_segments"), segments, "pieces");
  return bios;
}

function sizeOfPieces(reader: Reader, bio: number): number {
  const [count, first] = [reader.get("Bio", bio, "bi_vcnt"), reader.get("Bio", bio, "bi_io_vec")];
  let bytes = 0;
  for (let i = 0; i < count; i++) bytes += reader.get("BioVec", first + i * structs["BioVec"]!.stride, "bv_len");
  return bytes;
}

/** The bios of a chain; it ends where it runs into itself. */
function chain(reader: Reader, first: number): number[] {
  const found = new Set<number>();
  for (let bio = first; bio !== 0 && !found.has(bio) && reader.holds("Bio", bio);) {
    found.add(bio);
    bio = reader.get("Bio", bio, "bi_next");
  }
  return [...found];
}
