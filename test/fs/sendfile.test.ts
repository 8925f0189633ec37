import { describe, expect, test } from "vitest";
import { AF_INET, EFAULT, Kernel, O_RDONLY, O_RDWR, SOCK_STREAM, type Sys } from "../../lib/index.ts";

type Steps = ReturnType<Parameters<Kernel["spawn"]>[1]>;

/** What a road costs: from just before the first byte is moved until the peer has all. */
interface Cost {
  readonly modeSwitches: number;
  readonly cpuCopies: number;
  readonly copiedBytes: number;
  readonly dmaBytes: number;
}

/** A file goes to a peer over the network card. @returns what it cost, and whether the peer has exactly the file. */
async function walk(
  options: { scatterGather?: boolean; size: number; warm: boolean },
  road: (sys: Sys, out: number, file: number, size: number) => Steps,
): Promise<Cost & { arrived: boolean }> {
  const { scatterGather = true, size, warm } = options;
  const kernel = await Kernel.boot({ device: { scatterGather } });
  const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 255);
  kernel.world.file("/f", bytes);
  let before = kernel.counters;
  let returned = before;
  kernel.spawn("sender", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener, 8);
    const out = yield* sys.accept4(listener, 0);
    const file = yield* sys.open("/f", O_RDONLY);
    const buffer = sys.buffer(size);
    if (warm) yield* sys.pread64(file, buffer, size, 0);
    before = kernel.counters;
    yield* road(sys, out, file, size);
    returned = kernel.counters;
  });
  kernel.run();
  const peer = kernel.world.connect(80);
  kernel.run();
  const after = kernel.counters;
  const cost = (name: keyof typeof after) => after[name] - before[name];
  expect(kernel.check()).toEqual([]);
  const arrived = Buffer.compare(Buffer.from(peer.received.bytes()), Buffer.from(bytes)) === 0;
  return {
    modeSwitches: returned.modeSwitches - before.modeSwitches,
    cpuCopies: cost("cpuCopies"),
    copiedBytes: cost("cpuCopiedBytes"),
    dmaBytes: cost("dmaBytes"),
    arrived,
  };
}

function* sendfile(sys: Sys, out: number, file: number, size: number): Steps {
  return yield* sys.sendfile(out, file, null, size);
}

function* splice(sys: Sys, out: number, file: number, size: number): Steps {
  const fds: number[] = [];
  yield* sys.pipe2(fds, 0);
  const [reader = -1, writer = -1] = fds;
  for (let done = 0; done < size;) {
    const n = yield* sys.splice(file, null, writer, null, size - done, 0);
    for (let left = n; left > 0;) left -= yield* sys.splice(reader, null, out, null, left, 0);
    done += n;
  }
  return size;
}

const SIZES = [1, 4096, 5000, 65_536, 300_000];

describe.each(SIZES)("a file of %i bytes to the network card", (size) => {
  test.each([true, false])("by sendfile with scatter-gather: no copy by a CPU (warm cache: %s)", async (warm) => {
    const cost = await walk({ size, warm }, sendfile);
    expect(cost).toMatchObject({ arrived: true, modeSwitches: 2, cpuCopies: 0, copiedBytes: 0 });
    if (warm) expect(cost.dmaBytes).toBe(size);
  });

  test.each([true, false])("by sendfile without scatter-gather: every byte is copied once (warm: %s)", async (warm) => {
    const cost = await walk({ size, warm, scatterGather: false }, sendfile);
    expect(cost).toMatchObject({ arrived: true, modeSwitches: 2, copiedBytes: size });
  });

  test("by splice through a pipe: no copy but of the pipe's two descriptors", async () => {
    const cost = await walk({ size, warm: true }, splice);
    expect(cost).toMatchObject({ arrived: true, copiedBytes: 8 });
  });
});

/** What a peer that did not read at first has received of a file that was overwritten after sendfile() had returned. */
async function overwritten(scatterGather: boolean): Promise<string> {
  const kernel = await Kernel.boot({ device: { scatterGather } });
  kernel.world.file("/f", "o".repeat(3000));
  kernel.spawn("sender", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener, 8);
    const out = yield* sys.accept4(listener, 0);
    const file = yield* sys.open("/f", O_RDWR);
    yield* sys.sendfile(out, file, { value: 0 }, 3000);
    yield* sys.write(file, "n".repeat(3000));
    yield* sys.nanosleep({ sec: 1000, nsec: 0 });
  });
  kernel.run({ until: 1_000_000 });
  const peer = kernel.world.connect(80, { window: 1000 });
  kernel.run({ until: 1_000_000_000 });
  peer.window = 0;
  kernel.run();
  expect(peer.received.length).toBe(3000);
  return peer.received.text().slice(2000);
}

test("SF-14: a card that gathers sends what the file holds then, one that does not what it held at sendfile()", async () => {
  expect(await overwritten(true)).toBe("n".repeat(1000));
  expect(await overwritten(false)).toBe("o".repeat(1000));
});

test("a message whose header cannot be read frees nothing that a call before has freed", async () => {
  const kernel = await Kernel.boot({ poison: true });
  kernel.world.file("/file", { size: 5000, seed: 1 });
  const answers: number[] = [];
  kernel.spawn("main", function* (sys) {
    const file = yield* sys.open("/file", O_RDWR);
    const [end] = [yield* sys.socket(AF_INET, SOCK_STREAM)];
    answers.push(yield* sys.sendfile(file, file, { value: 0 }, 8));
    answers.push(yield* sys.syscall("sendmsg", end, 8, 0));
    answers.push(yield* sys.syscall("recvmsg", end, 8, 0));
  });
  kernel.run();
  expect(answers).toEqual([8, -EFAULT, -EFAULT]);
  expect(kernel.check()).toEqual([]);
});
