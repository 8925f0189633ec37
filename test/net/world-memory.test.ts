import { AF_INET, type Kernel, O_RDONLY, SOCK_STREAM, type Task } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { expect, test } from "vitest";

/*
 * What clients outside keep is not the machine's memory: they have more of it than the machine has.
 */

const MIB = 1 << 20;
const PORT = 80;

/** A machine with little memory that sends 20 MiB to whoever connects. */
async function server(): Promise<{ kernel: Kernel; task: Task }> {
  const kernel = await boot({ memoryLimit: 6 * MIB, trace: false });
  kernel.world.file("/file", { size: 20 * MIB, seed: 2 });
  const task = kernel.spawn("server", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: PORT });
    yield* sys.listen(listener);
    const socket = yield* sys.accept(listener);
    const file = yield* sys.open("/file", O_RDONLY);
    let sent = 0;
    while (sent < 20 * MIB) sent += yield* sys.sendfile(socket, file, null, 20 * MIB - sent);
    return sent;
  });
  return { kernel, task };
}

test("a client keeps more than the machine has memory", async () => {
  const { kernel, task } = await server();
  const peer = kernel.world.connect(PORT, { keep: true });
  kernel.run({ maxInputs: 200_000 });
  expect([task.result, peer.received.length]).toEqual([20 * MIB, 20 * MIB]);
  expect(Buffer.from(peer.received.bytes()).equals(kernel.world.disk.read("/file"))).toBe(true);
  expect(kernel.vmstat.nr_free_pages).toBeGreaterThan(0);
  expect(kernel.check()).toEqual([]);
});

test("a client sends more than the machine has memory, and all of it waits outside", async () => {
  const kernel = await boot({ memoryLimit: 6 * MIB, trace: false });
  const task = kernel.spawn("server", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(listener, { port: PORT });
    yield* sys.listen(listener);
    const socket = yield* sys.accept(listener);
    yield* sys.nanosleep({ sec: 1, nsec: 0 });
    const buffer = sys.buffer(65536);
    let got = 0;
    while (got < 10 * MIB) got += yield* sys.read(socket, buffer, 65536);
    return got;
  });
  const peer = kernel.world.connect(PORT);
  for (let piece = 0; piece < 160; piece++) peer.send(new Uint8Array(65536));
  kernel.run({ maxInputs: 200_000 });
  expect(task.result).toBe(10 * MIB);
  expect(kernel.check()).toEqual([]);
});
