import { AF_INET, MSG_TRUNC, O_DIRECT, O_RDONLY, SOCK_STREAM } from "../machine/constants.ts";
import type { BootOptions } from "../machine/options.ts";
import type { CounterValues } from "../machine/counters.ts";
import type { Task } from "../machine/task.ts";
import { Kernel } from "../kernel.ts";
import { type Road, type Stretch, all } from "./road.ts";
import { checkWalk } from "./check.ts";
import { Course, type RoadProgress } from "./progress.ts";
import type { Sys } from "../machine/sys.ts";

/** Whether the file's pages are in the page cache before its first byte is asked for. */
export type CacheState = "cold" | "warm";

/** What is to be walked. */
export interface Walk {
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  readonly cache: CacheState;
  /** How much a system call moves at most. Unit: bytes. Default: all. */
  readonly chunk?: number;
  /** Who receives: a client outside, over the wire, or a task of the same machine, on another CPU. Default: "wire". */
  readonly over?: "wire" | "loopback";
  /** The machine; a road's own needs of the devices come on top. Tracepoints are off if it does not say otherwise. */
  readonly boot?: BootOptions;
}

/** What walking a road has come to. */
export interface RoadFigures {
  readonly road: string;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  readonly cache: CacheState;
  /** Crossings between user and kernel mode by the program; a system call has two. */
  readonly modeSwitches: number;
  /** How often each byte was moved by a CPU: the bytes copied by the size, without what the disk moves beyond the file. */
  readonly cpuCopies: number;
  /** How often each byte was moved by a device: the bytes transferred by the size, again without those beyond the file. */
  readonly dmaTransfers: number;
  /** Page faults of the program. */
  readonly faults: number;
  /** Those of them that waited for the disk. */
  readonly majorFaults: number;
  readonly syscalls: number;
  /** Times that a CPU went on with another task. */
  readonly contextSwitches: number;
  readonly interrupts: number;
  readonly cpuCopiedBytes: number;
  readonly dmaBytes: number;
  /** Pages found in the page cache. */
  readonly cacheHits: number;
  /** Pages not found in it. */
  readonly cacheMisses: number;
  /** Time that the program spent on a CPU, in its own code and in the kernel. Unit: ns. */
  readonly cpuTime: number;
  /** Time that the receiver spent on a CPU until all had arrived; 0 if it is outside. Unit: ns. */
  readonly receiverCpuTime: number;
  /** From the first system call to the last byte's arrival. Unit: ns. */
  readonly wallTime: number;
}

/** The ticks between which a road's figures are counted: what came after the first, up to and with the others. */
export interface WalkedTicks {
  /** The last one before the first system call of the road. */
  readonly begin: number;
  /** The sender had handed over the last byte. */
  readonly end: number;
  /** The last byte had arrived. */
  readonly arrived: number;
}

/** What the machine and the sender have come to at a moment. */
interface Moment {
  readonly machine: CounterValues;
  readonly task: CounterValues;
  readonly now: number;
  readonly tick: number;
  readonly cpuTime: number;
  readonly receiverCpuTime: number;
}

/** A machine on which a road has been walked. */
export interface Walked {
  readonly kernel: Kernel;
  readonly figures: RoadFigures;
  /** How much had arrived when, from the first system call on. */
  readonly progress: readonly RoadProgress[];
  /** Between which ticks the figures were counted; all 0 on a machine without tracepoints. */
  readonly ticks: WalkedTicks;
  /** Digest of all bytes that a client outside has received; null over loopback. */
  readonly digest: string | null;
}

const PORT = 80;
const PATH = "/file";
const PAGE = 4096;
const SECTOR = 512;
/** How much is read at once to fill the page cache, and by a receiver on the same machine. Unit: bytes. */
const BUFFER = 65536;

/** Inputs that the machine may take for whatever is not a piece of the file, and for each page or piece of it. */
const INPUTS = 1_000_000;
const INPUTS_OF_A_PIECE = 64;

/**
 * Sends a file along a road, on a machine of its own, and counts.
 *
 * @throws TypeError, RangeError  for what cannot be walked.
 * @throws Error  if a system call fails, or what arrives is not the file.
 */
export async function walkRoad(road: Road, walk: Walk): Promise<Walked> {
  const checked = checkWalk(road, walk);
  const { size, chunk, over, boot } = checked;
  const cpus = over === "wire" ? {} : { cpus: 2 };
  const kernel = await Kernel.boot({ trace: false, ...cpus, ...boot, device: { ...boot.device, ...road.device } });
  kernel.world.file(PATH, { size, seed: 1 });
  const moments: Moment[] = [];
  const sender = kernel.spawn("sender", (sys) => {
    return send(sys, road, checked, () => moments.push(momentOf(kernel, sender, receiver)));
  });
  // However long it takes the sender: nobody connects before it listens.
  if (over === "wire") kernel.run();
  const receiver = over === "wire" ? client(kernel) : reader(kernel);
  const maxInputs = INPUTS + Math.ceil(size / Math.min(chunk, PAGE)) * INPUTS_OF_A_PIECE;
  const course = new Course(size);
  const { reason } = kernel.run({ until: () => course.note(receiver.received, kernel), maxInputs });
  const arrived = momentOf(kernel, sender, receiver);
  // A sender that wants to be told when its pages have left is told later.
  if (sender.result === undefined) kernel.run({ until: () => sender.result !== undefined, maxInputs });
  const [begin, end] = moments;
  if (!begin || !end || receiver.received !== size || sender.result !== size) {
    const said = sender.result === undefined ? `it is ${sender.state}` : `it returned ${JSON.stringify(sender.result)}`;
    const stopped = reason === "budget" ? `; the machine was stopped after ${maxInputs} inputs` : "";
    throw new Error(`${road.name}: ${receiver.received} of ${size} bytes have arrived; the sender: ${said}${stopped}`);
  }
  const { digest } = receiver;
  if (digest !== null && digest !== kernel.world.disk.digest(PATH)) {
    throw new Error(`${road.name}: ${size} bytes have arrived, but they are not those of the file`);
  }
  const figures = figuresOf(road, checked, begin, end, arrived);
  const ticks = { begin: begin.tick, end: end.tick, arrived: arrived.tick };
  return { kernel, digest, figures, ticks, progress: course.since(begin.now) };
}

function momentOf(kernel: Kernel, { counters, cpuTime }: Task, receiver: Receiver): Moment {
  const { cpuTime: receiverCpuTime } = receiver;
  return { machine: kernel.counters, task: counters, now: kernel.now, tick: kernel.tick, cpuTime, receiverCpuTime };
}

/** The program that walks the road; `note` is called before its first step and after its last. */
function* send(sys: Sys, road: Road, { size, cache, chunk }: Required<Walk>, note: () => void): Stretch<number> {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
  yield* sys.bind(listener, { port: PORT });
  yield* sys.listen(listener);
  const socket = yield* sys.accept(listener);
  if (cache === "warm") yield* warm(sys, size);
  const file = yield* sys.open(PATH, O_RDONLY | (road.flags ?? 0));
  const prepared = road.prepare(sys, { file, socket, size, chunk });
  const walk = typeof prepared === "function" ? prepared : yield* prepared;
  note();
  const sent = yield* walk();
  note();
  return sent;
}

/** Reads the whole file once. */
function* warm(sys: Sys, size: number): Stretch<void> {
  const file = yield* sys.open(PATH, O_RDONLY);
  const buffer = sys.buffer(BUFFER);
  yield* all(size, () => sys.read(file, buffer, BUFFER));
  yield* sys.close(file);
}

/** Who receives. */
interface Receiver {
  /** Unit: bytes. */
  readonly received: number;
  /** Time spent on a CPU of this machine. Unit: ns. */
  readonly cpuTime: number;
  readonly digest: string | null;
}

/** A client outside. */
function client(kernel: Kernel): Receiver {
  const { received } = kernel.world.connect(PORT, { keep: false });
  return {
    cpuTime: 0,
    get received() {
      return received.length;
    },
    get digest() {
      return received.digest;
    },
  };
}

/** A task of the same machine that throws away what comes. */
function reader(kernel: Kernel): Receiver {
  let received = 0;
  const task = kernel.spawn("receiver", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM);
    while ((yield* sys.connect(fd, { port: PORT })) < 0) yield* sys.sched_yield();
    for (let got = 1; got > 0; received += Math.max(0, got)) got = yield* sys.recv(fd, 0, BUFFER, MSG_TRUNC);
  });
  return {
    digest: null,
    get received() {
      return received;
    },
    get cpuTime() {
      return task.cpuTime;
    },
  };
}

/**
 * What the disk moves beyond the end of a file: past the page cache it moves whole sectors, into it whole pages.
 * Unit: bytes.
 */
function beyondEnd(road: Road, { size, cache }: Walk): number {
  const direct = ((road.flags ?? 0) & O_DIRECT) !== 0;
  if (cache === "warm" && !direct) return 0;
  const block = direct ? SECTOR : PAGE;
  return Math.ceil(size / block) * block - size;
}

/** How often bytes of a file were moved. A program's own structs come along: they are less than the file. */
function times(bytes: number, size: number): number {
  return size > 0 ? Math.floor(bytes / size) : 0;
}

/** The figures between the moments: of the program while it walked, of the machine until all had arrived. */
function figuresOf(road: Road, walk: Walk, begin: Moment, end: Moment, arrived: Moment): RoadFigures {
  const { size, cache, boot = {} } = walk;
  const task = (counter: keyof CounterValues) => end.task[counter] - begin.task[counter];
  const machine = (counter: keyof CounterValues) => arrived.machine[counter] - begin.machine[counter];
  const dmaBytes = machine("dmaBytes");
  const cpuCopiedBytes = machine("cpuCopiedBytes");
  const beyond = beyondEnd(road, walk);
  const dma = road.device?.dma ?? boot.device?.dma ?? true;
  return {
    road: road.name,
    size,
    cache,
    modeSwitches: task("modeSwitches"),
    cpuCopies: times(cpuCopiedBytes - (dma ? 0 : beyond), size),
    dmaTransfers: times(dmaBytes - (dma ? beyond : 0), size),
    faults: task("minorFaults") + task("majorFaults"),
    majorFaults: task("majorFaults"),
    syscalls: task("syscalls"),
    contextSwitches: machine("contextSwitches"),
    interrupts: machine("interrupts"),
    cpuCopiedBytes,
    dmaBytes,
    cacheHits: machine("cacheHits"),
    cacheMisses: machine("cacheMisses"),
    cpuTime: end.cpuTime - begin.cpuTime,
    receiverCpuTime: arrived.receiverCpuTime - begin.receiverCpuTime,
    wallTime: arrived.now - begin.now,
  };
}
