import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { fieldOffset } from "../../../lib/machine/memory.ts";
import { type Figure, best } from "../measure.ts";
import { native, nativeFolder } from "../native.ts";
import { RawMachine } from "../raw.ts";

const PAGE = 4096;
const PAGES = 512;
const SAMPLES = 300;
const NATIVE_ROUNDS = 20_000;
const READ_WRITE = 3;
const MAP_SHARED = 1;
const IORING_ENTER_GETEVENTS = 1;

/** What single calls on the road of a byte take, inside Wasm, beside the real kernel's. */
export async function paths(): Promise<Figure[]> {
  const [sendfile, ring] = byLinux() ?? [];
  return [
    await lookup(),
    beside("sendfile() of a cached page to a pipe and the read() of it", await sendfileToPipe(), sendfile),
    beside("a NOP through io_uring: stored, submitted, taken", await nop(), ring),
  ];
}

/** The same on the kernel of this computer. @returns ns a round each; null: no compiler. */
function byLinux(): number[] | null {
  const file = join(nativeFolder, "page");
  mkdirSync(nativeFolder, { recursive: true });
  writeFileSync(file, new Uint8Array(PAGE));
  return native("io", file, NATIVE_ROUNDS);
}

function beside(name: string, ours: number, real: number | undefined): Figure {
  const known = real !== undefined && !Number.isNaN(real);
  return {
    name: `${name}, inside Wasm${known ? ", beside Linux" : ""}`,
    value: known ? ours / real : ours,
    unit: known ? "ratio" : "ns",
    detail: `best of ${SAMPLES}: ${ours.toFixed(0)} ns${known ? `, ${real.toFixed(0)} ns in the real kernel` : ""}`,
  };
}

/** A machine with a file of so many pages, all of them in the page cache. @returns its descriptor as well. */
async function cached(pages: number): Promise<{ machine: RawMachine; fd: number; buffer: number }> {
  const machine = await RawMachine.boot();
  const buffer = machine.memory(2 * PAGE);
  machine.store(buffer, 0x662f); // "/f"
  const fd = machine.call("open", buffer, O_RDWR | O_CREAT, 0o600);
  for (let i = 0; i < pages; i++) machine.call("pwrite64", fd, buffer, PAGE, i * PAGE);
  return { machine, fd, buffer };
}

/** A page of a file is found in the page cache: what reading a byte takes more than reading behind the end. */
async function lookup(): Promise<Figure> {
  const { machine, fd, buffer } = await cached(PAGES);
  const time = (offset: (i: number) => number) => {
    const calls = Array.from({ length: 64 }, (_, i) => ["pread64", fd, buffer, 1, offset(i)] as const);
    const { rounds, run } = machine.batch(calls);
    return best(SAMPLES, rounds * calls.length, run);
  };
  const hit = time((i) => ((i * 37) % PAGES) * PAGE);
  const end = time((i) => (PAGES + i) * PAGE);
  return {
    name: "a page is found in the page cache, inside Wasm",
    value: hit - end,
    unit: "ns",
    goal: 100,
    detail:
      `pread() of a byte of ${PAGES} cached pages, ${hit.toFixed(0)} ns, less one behind the end, ${end.toFixed(0)} ns: ` +
      "with all accounting and the copy of the byte",
  };
}

async function sendfileToPipe(): Promise<number> {
  const { machine, fd, buffer } = await cached(1);
  machine.call("pipe2", buffer, 0);
  const [reader = -1, writer = -1] = new Int32Array(machine.engine.loadUser(machine.pid, buffer, 8).buffer);
  const offset = machine.memory(8);
  const { rounds, run } = machine.batch([
    { address: offset, value: () => 0 },
    ["sendfile", writer, fd, offset, PAGE],
    ["read", reader, buffer, PAGE],
  ]);
  const least = best(SAMPLES, rounds, run);
  if (machine.engine.result !== PAGE) throw new Error(`the pipe gave ${machine.engine.result} bytes`);
  return least;
}

async function nop(): Promise<number> {
  const machine = await RawMachine.boot();
  const params = machine.memory(PAGE);
  const fd = machine.call("io_uring_setup", 8, params);
  // All entries of the array, and the request that they name, are zeros: a NOP.
  const rings = machine.call("mmap", 0, PAGE, READ_WRITE, MAP_SHARED, fd, 0);
  let done = 0;
  let least = Infinity;
  for (let sample = 0; sample < SAMPLES; sample++) {
    const first = done;
    const { rounds, run } = machine.batch([
      { address: rings + fieldOffset("IoRings", "sq_tail"), value: (round) => first + round + 1 },
      ["io_uring_enter", fd, 1, 1, IORING_ENTER_GETEVENTS, 0, 0],
      { address: rings + fieldOffset("IoRings", "cq_head"), value: (round) => first + round + 1 },
    ]);
    least = Math.min(least, best(1, rounds, run));
    done += rounds;
  }
  const tail = machine.engine.loadUser(machine.pid, rings + fieldOffset("IoRings", "cq_tail"), 4);
  if (new Uint32Array(tail.buffer)[0] !== done) throw new Error("not every NOP was completed");
  return least;
}
