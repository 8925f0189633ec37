import { type BootOptions, Kernel } from "../index.ts";
import type { Address, Faults, Program, Ring, SignalAction, SignalHandler, SqeFields, Sys } from "./program.ts";
import type { Integer } from "../machine/call.ts";
import type { IoUring } from "../machine/io_uring.ts";
import { layout } from "../layout.gen.ts";

/** Runs a program on a machine of its own, until nothing can happen any more. */
export async function runSimulated(program: Program, options: BootOptions = {}): Promise<Kernel> {
  const kernel = await Kernel.boot(options);
  kernel.spawn("main", programOf(program, kernel));
  kernel.run();
  return kernel;
}

/** What the limit of descriptors can be raised to. */
const { NR_OPEN } = layout.constants;

type OwnProgram = Parameters<Kernel["spawn"]>[1];

/** The program as the machine takes it. */
function programOf(program: Program, kernel: Kernel): OwnProgram {
  return (sys) => program(adapted(sys, kernel)) as ReturnType<OwnProgram>;
}

/** What to do with a signal, as the machine takes it. */
function adaptedAction(action: SignalHandler | SignalAction | number | null, kernel: Kernel): SimulatedAction {
  if (typeof action === "number" || action === null) return action;
  const { handler, flags = 0, mask = [] } = typeof action === "object" ? action : { handler: action };
  if (typeof handler === "number") return { handler, flags, mask };
  return {
    handler: (own, signo, info) => handler(adapted(own, kernel), signo, info) as ReturnType<OwnProgram>,
    flags,
    mask,
  };
}
type SimulatedAction = Parameters<Parameters<OwnProgram>[0]["sigaction"]>[1];

/** Turns are this long: nothing that a task does in one takes as much of the machine's time. */
const TURN_ns = 2_000_000;

/** An internet address without host is one of the loopback device, as on the real kernel. */
function onLoopback(address: Address): Address {
  return "path" in address || address.host !== undefined ? address : { ...address, host: "127.0.0.1" };
}

/** Rings, as the comparison uses them. */
function rings(sys: Parameters<OwnProgram>[0]): Partial<Sys> {
  const own = (ring: Ring) => ring as IoUring;
  const address = (value: SqeFields["addr"] | SqeFields["off"]) =>
    typeof value === "string" ? sys.buffer(value.length + 1).set(value) : ((value ?? 0) as Integer);
  return {
    ring: () => sys.io_uring(),
    ring_init: function* (ring, entries, options) {
      const result = yield* own(ring).queue_init(entries, options);
      return result < 0 ? result : ring.fd;
    },
    ring_prep: function* (ring, ...entries) {
      const fit = (entry: SqeFields) => {
        const { index, addr, off, ...rest } = entry;
        return own(ring).prep({ ...rest, addr: address(addr), off: address(off) as Integer }, index);
      };
      const misfit = entries.findIndex((entry) => !fit(entry));
      own(ring).flush_sq();
      return misfit < 0 ? entries.length : misfit;
    },
    ring_word: function* (ring, word) {
      return own(ring).word(word);
    },
    ring_store: function* (ring, word, value) {
      own(ring).set_word(word, value);
      return 0;
    },
    ring_cqes: function* (ring, taken, most) {
      taken.splice(0, taken.length, ...own(ring).take_cqes(most));
      return taken.length;
    },
  };
}

/** The machine's own `sys`, with what only the comparison needs. */
function adapted(sys: Parameters<OwnProgram>[0], kernel: Kernel): Sys {
  let faults: Faults = { minor: 0, major: 0 };
  const counting = function* <T>(access: Generator<unknown, T, unknown>): Generator<unknown, T, unknown> {
    const { minorFaults, majorFaults } = kernel.counters;
    try {
      return yield* access;
    } finally {
      const after = kernel.counters;
      faults = { minor: after.minorFaults - minorFaults, major: after.majorFaults - majorFaults };
    }
  };
  const added: Partial<Sys> = {
    // Nothing else that a task could do takes a millisecond of the machine's time.
    asleep: () => sys.nanosleep({ sec: 0, nsec: 1_000_000 }),
    turn: function* (turn) {
      const time: { sec?: number; nsec?: number } = {};
      const CLOCK_MONOTONIC = 1;
      for (;;) {
        yield* sys.clock_gettime(CLOCK_MONOTONIC, time);
        const left = turn * TURN_ns - (time.sec ?? 0) * 1e9 - (time.nsec ?? 0);
        if (left <= 0) return 0;
        yield* sys.nanosleep({ sec: 0, nsec: left });
      }
    },
    bind: (fd, address) =>
      typeof address === "number" ? sys.bind(fd, address, 16) : sys.bind(fd, onLoopback(address)),
    connect: (fd, address) => (typeof address === "number" ? sys.connect(fd, address, 16) : sys.connect(fd, address)),
    setrlimit: (resource, rlim) =>
      sys.setrlimit(resource, typeof rlim === "number" ? rlim : { rlim_max: NR_OPEN, ...rlim }),
    aio_ring: function* (ctx, ring) {
      Object.assign(ring, sys.aio_ring(ctx.value));
      yield* sys.compute(0);
      return 0;
    },
    ...rings(sys),
    load: (address, length) => counting(sys.load(address, length) as Generator<unknown, Uint8Array, unknown>),
    store: (address, data) => counting(sys.store(address, data) as Generator<unknown, number, unknown>),
    faults: () => faults,
    fork: (program) => sys.fork(programOf(program, kernel)),
    sigaction: (signo, action, old) => sys.sigaction(signo, adaptedAction(action, kernel), old as never),
    clone: (flags, program) => sys.clone(flags, programOf(program, kernel)),
  };
  // Both have buffers of their own; a program gives its machine only what it got from it.
  const own = sys as unknown as Sys;
  const all: Sys = new Proxy(own, {
    get: (_, name: keyof Sys) =>
      name === "unrecorded" ? all : (added[name] ?? (own[name] as () => unknown).bind(own)),
  });
  return all;
}
