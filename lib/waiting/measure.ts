import { AF_INET, SOCK_STREAM } from "../machine/constants.ts";
import { type CheckedLoad, type Load, checkLoad } from "./load.ts";
import type { Service, Stretch, WayOfWaiting } from "./way.ts";
import { type KernelObjects, added, kernelObjects } from "./memory.ts";
import { Clients } from "./clients.ts";
import type { CounterValues } from "../machine/counters.ts";
import { CPUS_BASE } from "../machine/memory_map.ts";
import { Kernel } from "../kernel.ts";
import type { Ptr } from "../machine/memory.ts";
import type { Sys } from "../machine/sys.ts";

/** How long messages wait for their answers, without the way over the wire. Unit: ns. */
export interface Latencies {
  readonly median: number;
  /** 95 of 100 wait no longer. */
  readonly p95: number;
  readonly longest: number;
}

/** What serving in a way has come to. */
export interface WaitingFigures {
  /** The way's `id`. */
  readonly way: string;
  readonly connections: number;
  readonly active: number;
  readonly rounds: number;
  /** Messages that were answered. */
  readonly messages: number;
  readonly syscalls: number;
  /** Crossings between user and kernel mode; a system call has two. */
  readonly modeSwitches: number;
  /** Times that the CPU went on with another task. */
  readonly contextSwitches: number;
  /** Times that a sleeping task was made runnable. */
  readonly wakeups: number;
  /** Those after which it found nothing to do, and slept again. */
  readonly wakeupsInVain: number;
  /** Calls that came back without anything for the program. */
  readonly empty: number;
  /** Times that a file was asked what is true of it. */
  readonly polls: number;
  readonly interrupts: number;
  /** Time that the CPU was not idle, interrupts included, without the program's own work. Unit: ns. */
  readonly cpuTime: number;
  /** The program's own work meanwhile. Unit: ns. */
  readonly worked: number;
  /** From the first message's leaving its client to the last answer's arrival. Unit: ns. */
  readonly elapsed: number;
  readonly latency: Latencies;
  /** What it took before the first message could be waited for, on all connections. */
  readonly setUp: {
    readonly syscalls: number;
    /** Unit: ns. */
    readonly cpuTime: number;
    /** Memory that the way takes, in kernel and program, beside the connections. Unit: bytes. */
    readonly memory: number;
    /** Kernel objects that the way takes, beside the connections. */
    readonly objects: readonly KernelObjects[];
  };
  /** Digest of all answers: the same in all ways. */
  readonly digest: string;
}

/** A machine on which a server has served. */
export interface Served {
  readonly kernel: Kernel;
  readonly figures: WaitingFigures;
  /** The tick at which everything was prepared, and the first message was about to be sent. */
  readonly preparedTick: number;
  /** When the messages of each round left their clients. Unit: ns since boot. */
  readonly roundsAt: readonly number[];
}

/** What the machine has come to at a moment. */
interface Moment {
  readonly counters: CounterValues;
  readonly empty: number;
  readonly worked: number;
  /** Unit: ns. */
  readonly busy: number;
  readonly objects: readonly KernelObjects[];
  readonly freePages: number;
}

const PORT = 80;
const BACKLOG = 4096;
const PAGE = 4096;
/** A piece of the program's own work. Unit: ns. */
const WORK = 5000;
/** How long the last thread needs to fall asleep, at most. Unit: ns. */
const SETTLING = 100_000;
/** Inputs that a machine may take for whatever is not a connection, for each connection, and for it in a round. */
const INPUTS = 1_000_000;
const INPUTS_OF_A_CONNECTION = 100;
const INPUTS_OF_A_ROUND = 200;

/** The server of one run, and what it tells. */
class Server {
  readonly kernel: Kernel;
  readonly #way: WayOfWaiting;
  readonly #load: CheckedLoad;
  /** All connections are there, and nothing else has been done yet. */
  accepted: Moment | null = null;
  isPrepared = false;
  #empty = 0;
  #worked = 0;

  constructor(kernel: Kernel, way: WayOfWaiting, load: CheckedLoad) {
    this.kernel = kernel;
    this.#way = way;
    this.#load = load;
  }

  readonly program = (sys: Sys): Stretch<unknown> => this.#serve(sys);

  *#serve(sys: Sys): Stretch<unknown> {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: PORT });
    yield* sys.listen(listener, BACKLOG);
    const fds: number[] = [];
    while (fds.length < this.#load.connections) {
      const fd = yield* sys.accept4(listener, this.#way.flags);
      if (fd < 0) throw new Error(`accept4() says ${fd}`);
      fds.push(fd);
    }
    this.accepted = this.moment();
    return yield* this.#way.serve(sys, this.#service(fds));
  }

  #service(fds: readonly number[]): Service {
    return {
      fds,
      length: this.#load.length,
      works: this.#load.works,
      prepared: () => (this.isPrepared = true),
      empty: () => this.#empty++,
      isMessage: (answer) => {
        if (answer > 0) return true;
        this.#empty++;
        return false;
      },
      work: (sys) => {
        this.#worked += WORK;
        return sys.compute(WORK);
      },
    };
  }

  moment(): Moment {
    const { kernel } = this;
    const cpu = CPUS_BASE as Ptr<"Cpu">;
    return {
      counters: kernel.counters,
      empty: this.#empty,
      worked: this.#worked,
      busy: Number(kernel.memory.get("Cpu", cpu, "clock") - kernel.memory.get("Cpu", cpu, "idle_time")),
      objects: kernelObjects(kernel.memory),
      freePages: kernel.vmstat.nr_free_pages,
    };
  }
}

/**
 * Lets a program serve clients in a way, on a machine with one CPU, and counts.
 *
 * @throws TypeError, RangeError  for a load that cannot be.
 * @throws Error  if an answer is missing, or is not its message.
 */
export async function serveClients(way: WayOfWaiting, load: Load): Promise<Served> {
  const checked = checkLoad(way, load);
  const { connections, rounds, pause, works, boot } = checked;
  const kernel = await Kernel.boot({ trace: false, ...boot, cpus: 1 });
  const server = new Server(kernel, way, checked);
  kernel.spawn("server", server.program);
  // Nobody connects before it listens.
  kernel.run();
  const clients = new Clients(kernel, checked);
  clients.connect(PORT);
  const maxInputs = INPUTS + connections * INPUTS_OF_A_CONNECTION;
  kernel.run({ until: () => server.isPrepared, maxInputs });
  settle(kernel, way, works, maxInputs);
  const accepted = server.accepted;
  if (!accepted || !server.isPrepared) throw new Error(`${way.name}: the server could not be prepared`);
  const preparedTick = kernel.tick;
  const begin = server.moment();
  for (let round = 0; round < rounds; round++) {
    if (round > 0) kernel.run({ until: { time: kernel.now + pause }, maxInputs });
    clients.send(round);
    const most = INPUTS + connections * INPUTS_OF_A_ROUND;
    kernel.run({ until: () => clients.isAnswered, maxInputs: most });
    if (clients.isAnswered) continue;
    throw new Error(`${way.name}: ${clients.answered} of ${checked.active} messages of round ${round} were answered`);
  }
  const figures = figuresOf(way, checked, [accepted, begin, server.moment()], clients);
  return { kernel, figures, preparedTick, roundsAt: clients.roundsAt };
}

/** Lets the server begin to wait: until it sleeps, or, if it never does, until whatever else there is sleeps. */
function settle(kernel: Kernel, { spins }: WayOfWaiting, works: boolean, maxInputs: number): void {
  if (spins) return;
  kernel.run({ until: works ? { time: kernel.now + SETTLING } : "idle", maxInputs });
}

function figuresOf(
  way: WayOfWaiting,
  { connections, active, rounds }: CheckedLoad,
  [accepted, begin, end]: readonly [Moment, Moment, Moment],
  clients: Clients,
): WaitingFigures {
  const counted = (counter: keyof CounterValues) => end.counters[counter] - begin.counters[counter];
  const worked = end.worked - begin.worked;
  return {
    way: way.id,
    connections,
    active,
    rounds,
    messages: clients.latencies.length,
    syscalls: counted("syscalls"),
    modeSwitches: counted("modeSwitches"),
    contextSwitches: counted("contextSwitches"),
    wakeups: counted("wakeups"),
    wakeupsInVain: counted("wakeupsInVain"),
    empty: end.empty - begin.empty,
    polls: counted("polls"),
    interrupts: counted("interrupts"),
    cpuTime: end.busy - begin.busy - worked,
    worked,
    elapsed: clients.lastAt - clients.roundsAt[0]!,
    latency: latenciesOf(clients.latencies),
    setUp: {
      syscalls: begin.counters.syscalls - accepted.counters.syscalls,
      cpuTime: begin.busy - accepted.busy,
      memory: (accepted.freePages - begin.freePages) * PAGE,
      objects: added(accepted.objects, begin.objects),
    },
    digest: clients.digest(),
  };
}

function latenciesOf(all: readonly number[]): Latencies {
  const sorted = Float64Array.from(all).sort();
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!;
  return { median: at(0.5), p95: at(0.95), longest: sorted.at(-1)! };
}
