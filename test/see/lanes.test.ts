import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AF_INET,
  CLONE_FILES,
  CLONE_VM,
  EPOLLIN,
  EPOLL_CTL_ADD,
  type Kernel,
  O_RDONLY,
  SIGSTOP,
  SOCK_STREAM,
} from "../../lib/index.ts";
import { type Lane, type Lanes, type Slice, lanesOf } from "../../lib/see/lanes.ts";
import { boot } from "../support/boot.ts";
import { callsOf } from "../../lib/trace/calls.ts";
import { echoServer } from "../support/programs.ts";
import { groups } from "../linux/scenarios/all.ts";
import { programOf, streams } from "../../lib/linux/random/stream.ts";
import { runSimulated } from "../../lib/linux/simulated.ts";

const SEED = 5;
const THREAD = CLONE_VM | CLONE_FILES;

const lane = ({ lanes }: Lanes, id: string): Lane => lanes.find((one) => one.id === id)!;
const slices = (lanes: Lanes, id: string): readonly Slice[] => lane(lanes, id).slices;
const kinds = (lanes: Lanes, id: string) => slices(lanes, id).map(({ kind }) => kind);
const sum = (some: readonly Slice[]) => some.reduce((total, { start, end }) => total + end - start, 0);

/** What is wrong with the nesting of a lane: slices that overlap in part, or that go back in time. */
function faultsOf({ id, slices: all }: Lane): string[] {
  const faults: string[] = [];
  const around: Slice[] = [];
  let last = all[0];
  for (const slice of all) {
    const tell = (what: string) => faults.push(`${id} ${slice.kind} ${slice.name} at ${slice.start} ${what}`);
    if (slice.start > slice.end || slice.from > slice.to) tell("ends before it begins");
    if (slice.start < last!.start || slice.from < last!.from) tell("comes before the one before it");
    around.length = slice.depth;
    const outer = around.at(-1);
    if (outer && (outer.end < slice.end || outer.start > slice.start || outer.to < slice.to)) tell("sticks out");
    around.push(slice);
    last = slice;
  }
  return faults;
}

/** What is wrong with a lane that is to tell every moment, from its first one to the end. */
function gapsOf({ id, slices: all }: Lane, end: number): string[] {
  const outer = all.filter(({ depth }) => depth === 0);
  const gaps = outer.flatMap(({ end: over }, i) => {
    const next = outer[i + 1]?.start ?? end;
    return next === over ? [] : [`${id} tells nothing from ${over} to ${next}`];
  });
  return gaps;
}

/** What is wrong with the lanes of a machine. */
function faults(kernel: Kernel): string[] {
  const lanes = lanesOf(kernel);
  const found = lanes.lanes.flatMap(faultsOf);
  for (const one of lanes.lanes) if (one.kind === "cpu" || one.kind === "task") found.push(...gapsOf(one, lanes.end));
  const calls = lanes.lanes.filter(({ kind }) => kind === "calls").flatMap((one) => one.slices);
  const made = callsOf(kernel);
  if (calls.length !== made.length) found.push(`${made.length} calls were made, ${calls.length} have slices`);
  for (const { pid, cpuTime, state } of kernel.tasks) {
    const states = lanes.lanes.find(({ id }) => id === `task ${pid}`);
    const running = sum((states?.slices ?? []).filter(({ kind }) => kind === "running"));
    if (state !== "gone" && running !== cpuTime) found.push(`task ${pid} ran for ${cpuTime} ns, not ${running}`);
  }
  return found;
}

describe.each(Object.entries(groups))("in every scenario about %s", (_, scenarios) => {
  test("slices nest, states fill a task's life, calls have slices, and CPU time is the kernel's own", async () => {
    for (const { claim, program } of scenarios) expect(faults(await runSimulated(program)), claim).toEqual([]);
  });
});

test("so it is in random programs", { timeout: 60_000 }, async () => {
  for (const stream of fc.sample(streams(60), { numRuns: 20, seed: SEED })) {
    expect(faults(await runSimulated(programOf(stream))), JSON.stringify(stream)).toEqual([]);
  }
});

describe("lanes of an echo server", async () => {
  const kernel = await boot({ cpus: 1 });
  kernel.spawn("server", echoServer);
  kernel.world.at(10_000, () => {
    const peer = kernel.world.connect(8080);
    kernel.world.at(400_000, () => peer.send("hello"));
  });
  kernel.run();
  const lanes = lanesOf(kernel);

  test("say where the task sleeps, and in which call", () => {
    const asleep = slices(lanes, "task 1").filter(({ kind }) => kind === "sleeping");
    expect(asleep.map(({ name, wchan }) => [name, wchan])).toEqual(Array(3).fill(["epoll_wait", "ep_poll"]));
    expect(asleep.map(({ over }) => over)).toEqual([true, true, false]);
  });

  test("have interrupts inside of what they interrupt, the soft one after the hard one", () => {
    const inside = slices(lanes, "cpu 0").filter(({ depth, kind }) => depth > 0 && kind.endsWith("irq"));
    expect(inside.slice(0, 2).map(({ kind, name }) => [kind, name])).toEqual([
      ["hardirq", "nic_interrupt"],
      ["softirq", "NET_RX"],
    ]);
    // 600 ns to enter and leave it, and two functions.
    expect(inside[0]!.end - inside[0]!.start).toBe(616);
    expect(inside[1]!.start).toBe(inside[0]!.end);
  });

  test("tell the packets of the network card, from being given to it to being taken", () => {
    const packets = lanes.lanes.filter(({ kind }) => kind === "nic").flatMap((one) => one.slices);
    expect(packets.filter(({ kind }) => kind === "receive")).toHaveLength(4);
    expect(packets.some(({ kind, bytes }) => kind === "transmit" && bytes === 5)).toBe(true);
    expect(packets.every(({ over }) => over)).toBe(true);
  });

  test("mark wake-ups, answers of epoll_wait, and data that is ready and copied", () => {
    const marks = lanes.marks.filter(({ kind }) => kind !== "error").map(({ kind, value }) => `${kind} ${value}`);
    expect(marks).toEqual(["wakeup 0", "answer 1", "ready 5", "wakeup 0", "answer 1", "copied 5"]);
  });

  test("are the same each time", () => {
    expect(lanesOf(kernel)).toEqual(lanes);
  });

  test("need no more than the records", () => {
    const bare = lanesOf({ trace: kernel.trace });
    expect(bare.lanes.flatMap(faultsOf)).toEqual([]);
    expect(kinds(bare, "task 1")).toEqual(kinds(lanes, "task 1"));
  });
});

test("a blocking read has both phases: it waits from its beginning until data is there, then copies", async () => {
  const kernel = await boot();
  kernel.spawn("reader", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    yield* sys.clone(THREAD, function* (own) {
      yield* own.compute(50_000);
      yield* own.write(fds[1]!, "hello");
    });
    yield* sys.read(fds[0]!, sys.buffer(16));
  });
  kernel.run();
  const lanes = lanesOf(kernel);
  const [waiting, copying] = slices(lanes, "phases 1");
  expect([waiting!.kind, waiting!.name, copying!.kind, copying!.bytes]).toEqual(["waiting", "read", "copying", 5]);
  expect(waiting!.start).toBe(slices(lanes, "calls 1").find(({ name }) => name === "read")!.start);
  expect(lanes.times[waiting!.to]).toBe(waiting!.end);
  expect(kernel.trace.at(waiting!.to).event).toBe("data_ready");
});

test("a read of the disk is in the lanes of the block layer, the disk and DMA", async () => {
  const kernel = await boot();
  kernel.world.file("/data", { size: 8192, seed: 1 });
  kernel.spawn("reader", function* (sys) {
    const fd = yield* sys.open("/data", O_RDONLY);
    yield* sys.read(fd, sys.buffer(8192));
  });
  kernel.run();
  const lanes = lanesOf(kernel);
  const [bio] = slices(lanes, "block 0");
  const [command] = slices(lanes, "disk 0");
  const [moved] = slices(lanes, "dma 2");
  expect([bio!.kind, bio!.bytes, command!.bytes, moved!.bytes]).toEqual(["read", 8192, 8192, 8192]);
  expect(bio!.start).toBeLessThan(command!.start);
  expect(moved!.end).toBeLessThan(command!.end);
  const asleep = slices(lanes, "task 1").find(({ kind }) => kind === "sleeping")!;
  expect(asleep.wchan).toBe("folio_wait_bit");
});

test("a network card without DMA has no lanes: the CPU moves its packets", async () => {
  const kernel = await boot({ device: { dma: false } });
  kernel.spawn("server", echoServer);
  kernel.world.at(10_000, () => void kernel.world.connect(8080).send("hello"));
  kernel.run();
  const devices = lanesOf(kernel).lanes.filter(({ kind }) => kind === "nic" || kind === "dma");
  expect([...kernel.trace].some(({ event }) => event === "eth_start_xmit")).toBe(true);
  expect(devices).toEqual([]);
  expect(faults(kernel)).toEqual([]);
});

test("a stopped task is stopped until it is woken, and one that has ended stays so", async () => {
  const kernel = await boot();
  const task = kernel.spawn("loop", function* (sys) {
    for (let i = 0; i < 20; i++) yield* sys.compute(10_000);
  });
  kernel.run({ maxInputs: 5 });
  task.signal(SIGSTOP);
  kernel.run();
  task.signal(18);
  kernel.run();
  expect(faults(kernel)).toEqual([]);
  expect(kinds(lanesOf(kernel), "task 1")).toEqual(["runnable", "running", "stopped", "runnable", "running", "ended"]);
});

test("on two CPUs a connection that goes to one sleeper leaves the other one asleep", async () => {
  const kernel = await boot({ cpus: 2 });
  kernel.spawn("workers", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.bind(lfd, { port: 8080 });
    yield* sys.listen(lfd, 16);
    yield* sys.clone(THREAD, function* (own) {
      yield* own.accept4(lfd, 0);
    });
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, lfd, { events: EPOLLIN, data: { fd: lfd } });
    yield* sys.accept4(lfd, 0);
  });
  kernel.world.at(100_000, () => void kernel.world.connect(8080));
  kernel.run();
  expect(faults(kernel)).toEqual([]);
  const ends = [1, 2].map((pid) => kinds(lanesOf(kernel), `task ${pid}`).at(-1));
  expect(ends.toSorted()).toEqual(["ended", "sleeping"]);
});
