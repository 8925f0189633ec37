import { layout } from "../../../lib/layout.gen.ts";
import { type Figure, best } from "../measure.ts";
import { native } from "../native.ts";
import { RawMachine } from "../raw.ts";

const { IN } = layout.enums.Poll.values;
const SAMPLES = 15;
const ROUNDS = 200_000;

/** The two ends that a kind of descriptor gives: what is read and what is written. */
type Open = (machine: RawMachine) => [read: number, write: number];

/** Two descriptors of 4 bytes each, as pipe2() and socketpair() give them. */
function pair(machine: RawMachine, call: (at: number) => void): [number, number] {
  const at = machine.memory(8);
  call(at);
  const bytes = machine.engine.loadUser(machine.pid, at, 8);
  const [first = -1, second = -1] = new Int32Array(bytes.buffer);
  return [first, second];
}

const KINDS: Readonly<Record<string, Open>> = {
  eventfd: (machine) => {
    const fd = machine.call("eventfd2", 0, 0);
    return [fd, fd];
  },
  pipe: (machine) => pair(machine, (at) => machine.call("pipe2", at, 0)),
  socketpair: (machine) => pair(machine, (at) => machine.call("socketpair", 1, 1, 0, at)),
};

/** write + epoll_wait + read on a descriptor, replayed inside Wasm, beside the real kernel. */
export async function ready(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [kind, open] of Object.entries(KINDS)) {
    const real = native("ready_loop", kind, ROUNDS)?.[0];
    for (const trace of [false, true]) {
      const ours = await simulated(open, trace);
      const name = `write + epoll_wait + read, ${kind}${trace ? ", tracing" : ""}, inside Wasm`;
      const measured = `${ours.toFixed(0)} ns a round in the simulated kernel`;
      if (real === undefined) figures.push({ name, value: ours, unit: "ns", detail: measured });
      else {
        const detail = `${measured}, ${real.toFixed(0)} ns in the real one`;
        figures.push({ name: `${name}, beside Linux`, value: ours / real, unit: "ratio", goal: 1, detail });
      }
    }
  }
  return figures;
}

/** ns a round in the simulated kernel. */
async function simulated(open: Open, trace: boolean): Promise<number> {
  const machine = await RawMachine.boot({ trace });
  const [read, write] = open(machine);
  const epfd = machine.call("epoll_create1", 0);
  const event = machine.memory(12);
  machine.store(event, IN, read, 0);
  machine.call("epoll_ctl", epfd, 1, read, event);
  const events = machine.memory(12 * 8);
  const word = machine.memory(8);
  machine.store(word, 1, 0);
  const { rounds, run } = machine.batch([
    ["write", write, word, 8],
    ["epoll_wait", epfd, events, 8, -1],
    ["read", read, word, 8],
  ]);
  const repeats = Math.ceil(ROUNDS / rounds);
  return best(SAMPLES, repeats * rounds, () => {
    for (let i = 0; i < repeats; i++) run();
  });
}
