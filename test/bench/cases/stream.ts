import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AF_UNIX, EPOLLIN, EPOLLOUT, EPOLL_CTL_ADD, Kernel, O_NONBLOCK, SOCK_STREAM } from "../../../lib/index.ts";
import { Random } from "../../../lib/fuzz/random.ts";
import { layout } from "../../../lib/layout.gen.ts";
import { type Figure, best } from "../measure.ts";
import { native, nativeFolder } from "../native.ts";
import { type RawCall, RawMachine } from "../raw.ts";

const Nr = layout.enums.Nr.values;
const FIONREAD = 0x541b;
const F_GETFL = 3;
const EPOLL_CTL_MOD = 3;
/** A number that dup2() may use: no other descriptor gets it. */
const SPARE = 60;
const BUFFER = 8192;
const SEED = 1;
const SAMPLES = 10;
const ROUNDS = 250;

/** What the calls work on. Each machine has it; the numbers and addresses are its own. */
type Thing = "eventfd" | "reader" | "writer" | "left" | "right" | "epfd" | "buffer" | "events" | "event";
type Ground = Readonly<Record<Thing, number>>;
/** A call whose arguments may be things. */
type Call = readonly [name: keyof typeof Nr, ...args: (number | Thing)[]];

/** The calls of an event loop; those that come up more often stand here more often. */
const KINDS: readonly ((size: number) => Call)[] = [
  () => ["epoll_wait", "epfd", "events", 8, 0],
  () => ["epoll_wait", "epfd", "events", 8, 0],
  () => ["epoll_wait", "epfd", "events", 8, 0],
  () => ["write", "eventfd", "buffer", 8],
  () => ["read", "eventfd", "buffer", 8],
  (size) => ["write", "writer", "buffer", size],
  () => ["read", "reader", "buffer", BUFFER],
  (size) => ["sendto", "left", "buffer", size, 0, 0, 0],
  () => ["recvfrom", "right", "buffer", BUFFER, 0, 0, 0],
  (size) => ["write", "right", "buffer", size],
  () => ["read", "left", "buffer", BUFFER],
  () => ["epoll_ctl", "epfd", EPOLL_CTL_MOD, "left", "event"],
  () => ["dup2", "reader", SPARE],
  () => ["close", SPARE],
  () => ["fcntl", "eventfd", F_GETFL],
  () => ["ioctl", "right", FIONREAD, "events"],
];
const SIZES = [1, 64, 512, 4096];

/** A stream of calls: the same for the same seed. */
function calls(length: number): Call[] {
  const random = new Random(SEED, 0);
  return Array.from({ length }, () => random.pick(KINDS)(random.pick(SIZES)));
}

function resolved(call: Call, ground: Ground): RawCall {
  const [name, ...args] = call;
  return [name, ...args.map((argument) => (typeof argument === "number" ? argument : ground[argument]))];
}

/** The time of a call in one stream: inside Wasm, from a JS program, and in the real kernel. */
export async function stream(): Promise<Figure[]> {
  const machine = await RawMachine.boot();
  const ground = prepared(machine);
  const made = calls(machine.capacity);
  const { run } = machine.batch(made.map((call) => resolved(call, ground)));
  const inside = best(SAMPLES, made.length * ROUNDS, () => {
    for (let i = 0; i < ROUNDS; i++) run();
  });
  const program = await byProgram(made);
  const [real, sum] = byLinux(made) ?? [];
  if (sum !== undefined && sum !== program.sum) {
    throw new Error(`the answers of the real kernel add up to ${sum}, those of the simulated one to ${program.sum}`);
  }
  const detail = `${made.length} calls of an event loop (seed ${SEED}), ${ROUNDS} times, best of ${SAMPLES}`;
  return [
    figure("a stream of calls inside Wasm", inside, real, detail, 1),
    figure("a stream of calls from a JS program", program.ns, real, detail),
  ];
}

function figure(name: string, ours: number, real: number | undefined, detail: string, goal?: number): Figure {
  const rate = (ns: number) => `${(1000 / ns).toFixed(2)} million calls a second`;
  if (real === undefined) return { name, value: ours, unit: "ns a call", detail: `${detail}: ${rate(ours)}` };
  return {
    name: `${name}, beside Linux`,
    value: ours / real,
    unit: "ratio",
    ...(goal === undefined ? {} : { goal }),
    detail: `${detail}: ${rate(ours)}, ${rate(real)} in the real kernel; all answers alike`,
  };
}

/** Descriptors and memory on a machine that is driven without the library. */
function prepared(machine: RawMachine): Ground {
  const at = machine.memory(8);
  const two = (): [number, number] => {
    const [first = -1, second = -1] = new Int32Array(machine.engine.loadUser(machine.pid, at, 8).buffer);
    return [first, second];
  };
  const eventfd = machine.call("eventfd2", 0, O_NONBLOCK);
  machine.call("pipe2", at, O_NONBLOCK);
  const [reader, writer] = two();
  machine.call("socketpair", AF_UNIX, SOCK_STREAM | O_NONBLOCK, 0, at);
  const [left, right] = two();
  const epfd = machine.call("epoll_create1", 0);
  const buffer = machine.memory(BUFFER);
  machine.store(buffer, 1, 0);
  const event = machine.memory(12);
  machine.store(event, EPOLLIN | EPOLLOUT, 0, 0);
  for (const fd of [eventfd, reader, left, right]) machine.call("epoll_ctl", epfd, EPOLL_CTL_ADD, fd, event);
  return { eventfd, reader, writer, left, right, epfd, buffer, event, events: machine.memory(12 * 8) };
}

/** The stream as a program of the library makes it; and the sum of all that the kernel answered. */
async function byProgram(stream: readonly Call[]): Promise<{ ns: number; sum: number }> {
  let ns = Infinity;
  let sum = 0;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const kernel = await Kernel.boot({ trace: false });
    sum = 0;
    kernel.spawn("caller", function* (sys) {
      const eventfd = yield* sys.eventfd(0, O_NONBLOCK);
      const pipe: number[] = [];
      yield* sys.pipe2(pipe, O_NONBLOCK);
      const pair: number[] = [];
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM | O_NONBLOCK, 0, pair);
      const epfd = yield* sys.epoll_create1(0);
      const memory = sys.buffer(BUFFER);
      memory.set(Uint8Array.of(1));
      const buffer = memory.address;
      const events = sys.buffer(12 * 8).address;
      const interest = sys.buffer(12);
      interest.set(Uint8Array.of(EPOLLIN | EPOLLOUT));
      const event = interest.address;
      const [reader = -1, writer = -1] = pipe;
      const [left = -1, right = -1] = pair;
      const ground = { eventfd, reader, writer, left, right, epfd, buffer, events, event };
      for (const fd of [eventfd, reader, left, right]) yield* sys.syscall("epoll_ctl", epfd, EPOLL_CTL_ADD, fd, event);
      const numbered = stream.map((call) => resolved(call, ground)).map(([name, ...args]) => ({ nr: Nr[name], args }));
      const start = process.hrtime.bigint();
      for (let round = 0; round < ROUNDS; round++) {
        for (const { nr, args } of numbered) {
          sum += yield* sys.syscall(nr, ...args);
        }
      }
      ns = Math.min(ns, Number(process.hrtime.bigint() - start) / (ROUNDS * stream.length));
    });
    kernel.run({ maxInputs: Infinity });
  }
  return { ns, sum };
}

/** The stream on the kernel of this computer. @returns ns a call and the sum of the answers; null: no compiler. */
function byLinux(stream: readonly Call[]): [number, number] | null {
  const file = join(nativeFolder, "stream.txt");
  mkdirSync(nativeFolder, { recursive: true });
  writeFileSync(file, stream.map(([name, ...args]) => `${Nr[name]} ${args.join(" ")}\n`).join(""));
  const printed = native("stream", file, ROUNDS, SAMPLES);
  return printed && [printed[0] ?? Number.NaN, printed[1] ?? Number.NaN];
}
