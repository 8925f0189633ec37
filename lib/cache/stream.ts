import { type Eviction, EvictionWatch, type Refault } from "./evictions.ts";
import { type Lists, Pages, ownerOf } from "./pages.ts";
import { type StreamSettings, checkSettings, mebibytes } from "./settings.ts";
import { Kernel } from "../kernel.ts";
import { PAGE } from "./buffer.ts";
import { O_RDONLY } from "../machine/constants.ts";
import type { PendingCall } from "../machine/call.ts";
import type { Sys } from "../machine/sys.ts";
import type { Task } from "../machine/task.ts";
import { requests } from "./requests.ts";
import { streamWay } from "./ways.ts";

/** What the machine had come to at a moment. */
export interface StreamSample {
  /** Tracepoints passed; 0 without them. */
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  /** Pages that the server has found in the page cache, since boot; those it has not. */
  readonly hits: number;
  readonly misses: number;
  /** Frames that are free. */
  readonly free: number;
  /** Pages on the two lists: of hot files, and of others. */
  readonly hotActive: number;
  readonly hotInactive: number;
  readonly otherActive: number;
  readonly otherInactive: number;
  /** Pages that came back after they were taken away, since boot; those that became active at once. */
  readonly refaults: number;
  readonly activated: number;
  /** Pages that became inactive again, since boot. */
  readonly deactivated: number;
  /** Pages that kswapd has taken away, since boot; those that others have who wanted memory. */
  readonly kswapd: number;
  readonly direct: number;
}

/** What a run has come to. */
export interface StreamRun {
  readonly settings: Required<StreamSettings>;
  /** Time from one sample to the next, about; of a long run, at its end. Unit: ns. */
  readonly interval: number;
  /** When the stream began, and when its last byte had been read. Unit: ns since boot. */
  readonly begin: number;
  readonly end: number;
  readonly samples: readonly StreamSample[];
  /** The two lists at each sample; empty if only figures were wanted. */
  readonly lists: readonly Lists[];
  /** What was taken away from the first sample on, and what came back; empty if only figures were wanted. */
  readonly evictions: readonly Eviction[];
  readonly refaults: readonly Refault[];
}

/** How a run is looked at. */
export interface StreamLook {
  /** Whether the lists and what becomes of each page are kept, which takes tracepoints. Default: false. */
  readonly details?: boolean;
  /** Told after each sample how many there are, and about how many there will be. */
  readonly onSample?: (done: number, all: number) => void;
}

const NS_PER_S = 1e9;
/** How much the stream's reader reads at once. Unit: bytes. */
const CHUNK = 65536;
const SERVER = { host: "10.1.0.1", port: 9000 } as const;
/** Samples before the stream begins, and after it has ended. */
const [BEFORE, AFTER] = [20, 40] as const;
/** If there are more samples than this, every second one is left out, and the next come half as often. */
const MOST = 400;
/** No stream is waited for longer. Unit: samples, those included that were left out. */
const PATIENCE = 4000;
/** Time between samples, by how long the disk takes. Unit: ns. */
const INTERVALS = { flash: 500_000, rotating: 20_000_000 } as const;

/** The hot file of a number. */
function hotPath(number: number): string {
  return `/hot/${number}`;
}

/** Opens a file, reads its page, and closes it. */
function* readHot(sys: Sys, number: number, buffer: number): Generator<PendingCall, void, number> {
  const file = yield* sys.open(hotPath(number), O_RDONLY);
  const got = yield* sys.read(file, buffer, PAGE);
  if (got !== PAGE) throw new Error(`reading ${hotPath(number)} has returned ${got}`);
  yield* sys.close(file);
}

/** The server: reads all hot files some times, and then, for ever, the one that is asked for. */
function* serve(sys: Sys, settings: Required<StreamSettings>, warm: () => void): Generator<PendingCall, void, number> {
  const { hot, order, seed, passes, gap } = settings;
  const buffer = sys.buffer(PAGE).address;
  for (let pass = 0; pass < passes; pass++) {
    for (let number = 0; number < hot; number++) yield* readHot(sys, number, buffer);
  }
  warm();
  const next = requests(hot, order, seed);
  const pause = { sec: Math.floor(gap / NS_PER_S), nsec: gap % NS_PER_S };
  while (true) {
    yield* readHot(sys, next(), buffer);
    yield* sys.nanosleep(pause);
  }
}

/** A machine whose server has read all hot files as often as it should. */
async function warmMachine(
  settings: Required<StreamSettings>,
  trace: boolean,
): Promise<{ readonly kernel: Kernel; readonly server: Task }> {
  const { memory, seed, disk, hot, stream } = settings;
  const kernel = await Kernel.boot({
    memoryLimit: mebibytes(memory),
    cpus: 2,
    seed,
    trace,
    device: { disk: { kind: disk } },
  });
  for (let number = 0; number < hot; number++) kernel.world.file(hotPath(number), { size: PAGE, seed: number });
  kernel.world.file("/stream", { size: mebibytes(stream), seed: hot });
  kernel.world.listen(SERVER.port, { keep: false });
  let isWarm = false;
  const server = kernel.spawn("server", (sys) => serve(sys, settings, () => (isWarm = true)));
  kernel.run({ until: () => isWarm });
  return { kernel, server };
}

/** What is seen of a machine while it runs. */
class Observer {
  samples: readonly StreamSample[] = [];
  lists: readonly Lists[] = [];
  readonly watch: EvictionWatch | null;
  interval: number;
  /** Samples that are not left out, however many there are. */
  readonly #kept = new Set<StreamSample>();
  readonly #kernel: Kernel;
  readonly #server: Task;
  readonly #pages: Pages;
  readonly #onSample: () => void;

  constructor(kernel: Kernel, server: Task, interval: number, details: boolean, onSample: (done: number) => void) {
    this.#kernel = kernel;
    this.#server = server;
    this.interval = interval;
    this.#onSample = () => onSample(this.samples.length);
    this.#pages = new Pages((path) => {
      if (path === "/stream") return { owner: "stream" };
      const hot = /^\/hot\/(\d+)$/.exec(path);
      return hot ? { owner: "hot", number: Number(hot[1]) } : { owner: "other" };
    });
    this.watch = details ? new EvictionWatch(kernel, this.#pages) : null;
    this.#sample();
  }

  /** Lets the machine go on to the next sample. */
  next(): void {
    const { watch } = this;
    const kernel = this.#kernel;
    const time = this.samples.at(-1)!.time + this.interval;
    const { reason } = kernel.run({ until: () => (watch?.look(), kernel.now >= time) });
    if (reason !== "until") throw new Error(`the machine has stopped (${reason}) at ${kernel.now} ns`);
    this.#sample();
    if (this.samples.length > MOST) this.#thin();
  }

  /** The last sample is not to be left out. */
  keep(): void {
    this.#kept.add(this.samples.at(-1)!);
  }

  /** Leaves out every second sample. */
  #thin(): void {
    const stays = this.samples.map((sample, i) => i % 2 === 0 || this.#kept.has(sample));
    this.lists = this.lists.filter((_, i) => stays[i]);
    this.samples = this.samples.filter((_, i) => stays[i]);
    this.interval *= 2;
  }

  #sample(): void {
    const kernel = this.#kernel;
    const { vmstat } = kernel;
    const { cacheHits: hits, cacheMisses: misses } = this.#server.counters;
    const lists = this.#pages.lists(kernel.memory);
    if (this.watch) this.lists = [...this.lists, lists];
    const [hotActive, hotInactive] = [hotIn(lists.active), hotIn(lists.inactive)];
    const sample: StreamSample = {
      tick: kernel.ticks,
      time: kernel.now,
      hits,
      misses,
      free: vmstat.nr_free_pages,
      hotActive,
      hotInactive,
      otherActive: lists.active.length - hotActive,
      otherInactive: lists.inactive.length - hotInactive,
      refaults: vmstat.workingset_refault_file,
      activated: vmstat.workingset_activate_file,
      deactivated: vmstat.pgdeactivate,
      kswapd: vmstat.pgsteal_kswapd,
      direct: vmstat.pgsteal_direct,
    };
    this.samples = [...this.samples, sample];
    this.#onSample();
  }
}

function hotIn(list: Uint32Array): number {
  return list.reduce((count, page) => count + (ownerOf(page) === "hot" ? 1 : 0), 0);
}

/**
 * A server reads hot files, again and again, while another program reads a big file once.
 *
 * @throws TypeError, RangeError  for settings that cannot be.
 * @throws Error  if the stream cannot be read to its end.
 */
export async function runStream(settings: StreamSettings, look: StreamLook = {}): Promise<StreamRun> {
  const checked = checkSettings(settings);
  const { kernel, server } = await warmMachine(checked, look.details ?? false);
  const shortest = INTERVALS[checked.disk];
  // How long the stream takes is not known before: about as long as it takes alone.
  const about = BEFORE + AFTER + Math.ceil((mebibytes(checked.stream) / 1.5e9) * (NS_PER_S / shortest));
  const onSample = (done: number) => look.onSample?.(done, Math.max(done + AFTER, about));
  const observer = new Observer(kernel, server, shortest, look.details ?? false, onSample);
  for (let i = 0; i < BEFORE; i++) observer.next();
  const begin = kernel.now;
  observer.keep();
  const end = readStream(kernel, checked, observer);
  observer.keep();
  for (let i = 0; i < AFTER; i++) observer.next();
  const { samples, lists, interval, watch } = observer;
  const [evictions, refaults] = [watch?.evictions ?? [], watch?.refaults ?? []];
  return { settings: checked, interval, begin, end, samples, lists, evictions, refaults };
}

/** Lets the stream be read. @returns when its last byte had been read. */
function readStream(kernel: Kernel, { way, stream }: Required<StreamSettings>, observer: Observer): number {
  const size = mebibytes(stream);
  if (size === 0) return kernel.now;
  let end = 0;
  const reader = kernel.spawn("stream", function* (sys) {
    const got = yield* streamWay(way).read(sys, { path: "/stream", size, chunk: CHUNK, server: SERVER });
    end = kernel.now;
    return got;
  });
  for (let i = 0; end === 0 && reader.state !== "zombie" && i < PATIENCE; i++) observer.next();
  if (end > 0 && reader.result === size) return end;
  const said = end > 0 ? `returned ${JSON.stringify(reader.result)}` : `is ${reader.state}`;
  throw new Error(`${way}: the stream of ${size} bytes has not been read after ${kernel.now} ns: its reader ${said}`);
}
