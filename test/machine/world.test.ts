import { expect, test } from "vitest";
import { AF_INET, ECONNRESET, EPIPE, Kernel, SHUT_WR, SOCK_STREAM } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { echoServer } from "../support/programs.ts";
import type { FilledAddress, Program } from "../../lib/index.ts";

test("the documentation's echo server echoes", async () => {
  const kernel = await Kernel.boot({ cpus: 1, seed: 1 });
  kernel.spawn("server", echoServer);
  const peer = kernel.world.connect(8080);
  peer.send("hello");
  const { reason, sleeping } = kernel.run();
  expect(reason).toBe("idle");
  expect(sleeping).toMatchObject([{ name: "server", call: "epoll_wait" }]);
  expect(peer.received.text()).toBe("hello");
  expect(peer.state).toBe("established");
  expect(kernel.counters.cpuCopiedBytes).toBeGreaterThan(10);
  // Five bytes in, five out; packets without data are counted apart.
  expect(kernel.counters).toMatchObject({ dmaTransfers: 2, dmaBytes: 10 });
  expect(kernel.counters.dmaControl).toBeGreaterThan(3);
  expect(kernel.now).toBeGreaterThan(0);
  expect(kernel.check()).toEqual([]);
});

test("many clients are served, each with its own bytes, and leave nothing behind", async () => {
  const kernel = await boot();
  kernel.spawn("server", echoServer);
  kernel.run();
  const { memory } = kernel;
  expect(memory.end).toBeGreaterThan(0);
  const peers = kernel.world.connectMany(8080, 40);
  peers.forEach((peer, i) => peer.send(`client ${i} `.repeat(i + 1)));
  kernel.run();
  peers.forEach((peer, i) => expect(peer.received.text()).toBe(`client ${i} `.repeat(i + 1)));
  expect(kernel.check()).toEqual([]);
  for (const peer of peers) peer.shutdown();
  kernel.run();
  expect(peers.every((peer) => peer.error === null)).toBe(true);
  expect(kernel.check()).toEqual([]);
});

test("bytes beyond one input and one packet arrive whole and in order", async () => {
  const kernel = await boot();
  kernel.spawn("server", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(lfd, { port: 8080 });
    yield* sys.listen(lfd);
    const fd = yield* sys.accept(lfd);
    const buf = sys.buffer(10_000);
    for (;;) {
      const got = yield* sys.read(fd, buf);
      if (got <= 0) return got;
      yield* sys.write(fd, buf, got);
    }
  });
  const peer = kernel.world.connect(8080);
  const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31) >> 3);
  expect(peer.send(bytes)).toBe(0);
  kernel.run();
  expect(peer.received.length).toBe(bytes.length);
  expect(peer.received.bytes()).toEqual(bytes);
  expect(peer.received.bytes(100_000, 100_010)).toEqual(bytes.slice(100_000, 100_010));
});

test("a client knows when bytes last came to it: one way over the wire after they were sent", async () => {
  const kernel = await boot();
  kernel.spawn("server", echoServer);
  kernel.run();
  const [peer, silent] = kernel.world.connectMany(8080, 2);
  kernel.run();
  expect([peer!.received.lastAt, silent!.received.lastAt]).toEqual([0, 0]);
  const sent = kernel.now;
  peer!.send("hello");
  kernel.run();
  const first = peer!.received.lastAt;
  expect(first).toBeGreaterThan(sent + 2 * kernel.costs.wireLatency);
  // The acknowledgement that still comes brings no bytes.
  expect(first).toBeLessThan(kernel.now);
  peer!.send("again");
  kernel.run();
  expect(peer!.received.lastAt).toBeGreaterThan(first);
  expect(silent!.received.lastAt).toBe(0);
});

test("nobody listens: the client is refused", async () => {
  const kernel = await boot();
  const peer = kernel.world.connect(81);
  kernel.run();
  expect(peer.state).toBe("close");
  expect(peer.error).toBe("ECONNREFUSED");
  expect(peer.send("x")).toBe(-EPIPE);
  expect(peer.shutdown()).toBe(-EPIPE);
});

test("a reset by the peer reaches the program", async () => {
  const kernel = await boot();
  const task = kernel.spawn("server", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(lfd, { port: 80, host: "10.0.0.1" });
    yield* sys.listen(lfd);
    const from: FilledAddress = {};
    const to: FilledAddress = {};
    const fd = yield* sys.accept(lfd, from);
    yield* sys.getsockname(fd, to);
    return [yield* sys.read(fd, sys.buffer(10)), from.host, from.port, to.host, to.port];
  });
  const peer = kernel.world.connect(80);
  kernel.world.at(5_000_000, () => peer.reset());
  kernel.run();
  expect(task.result).toEqual([-ECONNRESET, "10.1.0.1", 32768, "10.0.0.1", 80]);
  expect(peer.state).toBe("close");
});

test("a server outside takes connections of the machine", async () => {
  const kernel = await boot();
  const listener = kernel.world.listen(443);
  const client: Program = function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM);
    const connected = yield* sys.connect(fd, { port: 443, host: "10.9.9.9" });
    yield* sys.send(fd, "question");
    yield* sys.shutdown(fd, SHUT_WR);
    const buf = sys.buffer(100);
    const got = yield* sys.recv(fd, buf);
    return [connected, buf.text(Math.max(0, got))];
  };
  const task = kernel.spawn("client", client);
  expect(listener.peers).toEqual([]);
  kernel.run();
  expect(listener.peers).toHaveLength(1);
  expect(listener.peers[0]!.received.text()).toBe("question");
  listener.peers[0]!.send("answer");
  kernel.run();
  expect(task.result).toEqual([0, "answer"]);
  expect(() => kernel.world.listen(443)).toThrow(/EADDRINUSE/);
});

test("a peer that does not read stops the sender, until it reads on", async () => {
  const kernel = await boot();
  kernel.spawn("server", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(lfd, { port: 80 });
    yield* sys.listen(lfd);
    const fd = yield* sys.accept4(lfd);
    const buf = sys.buffer(65536).set("y".repeat(65536));
    for (let i = 0; i < 100; i++) yield* sys.write(fd, buf);
    yield* sys.close(fd);
  });
  const peer = kernel.world.connect(80, { window: 10_000 });
  kernel.run({ until: 1_000_000_000 });
  expect(peer.window).toBe(0);
  expect(peer.received.length).toBe(10_000);
  peer.window = 0;
  kernel.run();
  expect(peer.received.length).toBe(6_553_600);
  expect(kernel.check()).toEqual([]);
});

test("what the world does later happens at its time, also in a replay and at every seek", async () => {
  const kernel = await boot();
  kernel.spawn("server", echoServer);
  kernel.world.at(2_000_000, (world) => world.connect(8080).send("second"));
  kernel.world.at(1_000_000, (world) => world.connect(8080).send("first"));
  kernel.run();
  expect([1, 2].map((handle) => kernel.world.peer(handle).received.text())).toEqual(["first", "second"]);
  const digest = kernel.digest();
  const again = await Kernel.replay(kernel.journal);
  expect(again.digest()).toBe(digest);
  const branch = kernel.branch();
  expect(branch.digest()).toBe(digest);
  branch.world.peer(1).send(" and more");
  branch.run();
  expect(branch.world.peer(1).received.text()).toBe("first and more");
  expect(kernel.world.peer(1).received.text()).toBe("first");
  kernel.seek(10);
  expect(() => kernel.world.peer(2)).toThrow(RangeError);
});

test("the digest of every tick of a served connection is the same forwards and backwards", async () => {
  const kernel = await boot({ cpus: 2 });
  kernel.spawn("server", echoServer);
  const peer = kernel.world.connect(8080);
  peer.send("hello");
  kernel.run();
  peer.shutdown();
  kernel.run();
  const forwards: string[] = [];
  for (let tick = 0; tick <= kernel.ticks; tick++) {
    kernel.seek(tick);
    forwards.push(kernel.digest());
  }
  for (let tick = kernel.ticks; tick >= 0; tick--) {
    kernel.seek(tick);
    expect(kernel.digest()).toBe(forwards[tick]);
  }
});

test.each([
  [(kernel: Kernel) => kernel.world.connect(70_000), /port is a whole number from 0 to 65535, not 70000/],
  [(kernel: Kernel) => kernel.world.connect(80, { window: -1 }), /window/],
  [(kernel: Kernel) => kernel.world.connectMany(80, 0.5), /count/],
  [(kernel: Kernel) => kernel.world.file("/x", { size: -1 }), /size/],
  [(kernel: Kernel) => kernel.world.file("/".padEnd(50_000, "x"), { size: 1 }), /at most 32768 bytes, not 50000/],
  [(kernel: Kernel) => kernel.world.at(-1, () => {}), /time/],
])("the world refuses what cannot be (%#)", async (act, message) => {
  const kernel = await boot();
  expect(() => act(kernel)).toThrow(RangeError);
  expect(() => act(kernel)).toThrow(message);
  expect(kernel.inputs).toBe(0);
});

test("a peer sends text and bytes, nothing else", async () => {
  const kernel = await boot();
  const peer = kernel.world.connect(80);
  expect(() => peer.send(null as never)).toThrow(new TypeError("bytes are a string or a Uint8Array, not null"));
});
