import { KERNEL_BASE, type StructName, embedOffset, structs } from "../reader.ts";
import type { Checkup } from "./checkup.ts";
import { embedsOf } from "../queues.ts";
import { layout } from "../../layout.gen.ts";
import { listOf } from "../walk.ts";

const { NIC_RING } = layout.constants;
/** What only files stand for: without one, nobody can get at it any more. */
const BEHIND_FILES: readonly StructName[] = [
  "Socket",
  "Eventpoll",
  "EventfdCtx",
  "SignalfdCtx",
  "TimerfdCtx",
  "PipeInodeInfo",
];

/** Nothing is in use that nothing leads to. */
export function checkLeaks(check: Checkup): void {
  const { reader, population } = check;
  // Inside a function, the only way to an object may be a number that the function has in its hand.
  if (!check.quiet) return;
  const contents = new Set(population.of("File").map((file) => reader.get("File", file, "private_data")));
  for (const task of population.of("TaskStruct")) contents.add(reader.get("TaskStruct", task, "splice_pipe"));
  // Requests and rings tell of what is done by an eventfd, also when its file is closed.
  for (const req of population.of("AioKiocb")) contents.add(reader.get("AioKiocb", req, "ki_eventfd"));
  for (const ctx of population.of("IoRingCtx")) contents.add(reader.get("IoRingCtx", ctx, "cq_ev_fd"));
  for (const struct of BEHIND_FILES) {
    for (const object of population.of(struct)) {
      if (!contents.has(object)) check.report(struct, object, "leak", "in use, but no open file stands for it");
    }
  }
  const splices = new Set(population.of("TaskStruct").map((task) => reader.get("TaskStruct", task, "splice")));
  for (const splice of population.of("SpliceDesc")) {
    if (!splices.has(splice)) check.report("SpliceDesc", splice, "leak", "in use, but in no task's call");
  }
  const queued = new Set([...queuedPackets(check), ...postedPackets(check), ...waitingPackets(check)]);
  for (const skb of population.of("SkBuff")) {
    if (!queued.has(skb)) check.report("SkBuff", skb, "leak", "in use, but in no queue");
  }
  const mapped = new Set(
    population
      .of("MmStruct")
      .flatMap((mm) => listOf(reader, mm + embedOffset("MmStruct", "mmap"), "VmAreaStruct", "link")),
  );
  for (const area of population.of("VmAreaStruct")) {
    if (!mapped.has(area)) check.report("VmAreaStruct", area, "leak", "in use, but in no address space");
  }
}

/** The packets in the queues of socks, of the machine itself, and of those that wait for the network card. */
function* queuedPackets({ reader, population }: Checkup): Generator<number> {
  const net = reader.get("Kernel", KERNEL_BASE, "net");
  const heads = embedsOf("NetState", "SkBuffHead").map(({ offset }) => net + offset);
  for (const { offset } of embedsOf("Sock", "SkBuffHead"))
    heads.push(...population.of("Sock").map((sk) => sk + offset));
  for (const head of heads) {
    if (reader.u32(head) !== 0) yield* listOf(reader, head + embedOffset("SkBuffHead", "list"), "SkBuff", "list");
  }
}

/** The packets of calls that wait for room at their receiver: each is in its task's hand. */
function* waitingPackets({ reader, population }: Checkup): Generator<number> {
  for (const task of population.of("TaskStruct")) {
    if (reader.get("TaskStruct", task, "kept") !== 0) yield Number(reader.get("TaskStruct", task, "done"));
  }
}

/** The packets that the network card is sending: the driver keeps each as the cookie of its last descriptor. */
function* postedPackets({ reader }: Checkup): Generator<number> {
  const nic = reader.get("Kernel", KERNEL_BASE, "nic");
  if (!reader.holds("NicState", nic)) return;
  const ring = reader.get("NicState", nic, "tx");
  const [tail, head] = [reader.get("NicRing", ring, "tail"), reader.get("NicRing", ring, "head")];
  const descriptors = reader.get("NicRing", ring, "descriptors");
  for (let i = 0; i < Math.min((head - tail) >>> 0, NIC_RING); i++) {
    const slot = descriptors + ((tail + i) % NIC_RING) * structs["NicDescriptor"]!.stride;
    yield reader.get("NicDescriptor", slot, "cookie");
  }
}
