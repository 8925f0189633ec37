import { EAGAIN, EFAULT, ENOMEM, EPIPE, NONBLOCK, RDHUP, SLEEPS } from "../fs/threads.ts";
import { describe, expect, test } from "vitest";
import { ECONNREFUSED, ECONNRESET, EINPROGRESS, INET6, MORE, OPTIONS, Sockets, WAITALL } from "./sockets.ts";
import { AF_INET, SOCK_STREAM } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { echoServer } from "../support/programs.ts";
import { layout } from "../../lib/layout.gen.ts";
import { structLayout } from "../../lib/machine/memory.ts";
import fc from "fast-check";

const { IN, OUT, ERR, HUP, PRI, RDNORM, RDBAND, WRNORM, WRBAND } = layout.enums.Poll.values;
const NOTHING = { socks: 0, sockets: 0, packets: 0, requests: 0, ports: 0 };
const DATA = IN | PRI | RDNORM | RDBAND;

/** Bytes that tell where in a stream they are. */
const pattern = (length: number, from = 0) => Uint8Array.from({ length }, (_, i) => ((from + i) * 31) >> 3);

/** Whether what was read is the piece of the pattern that begins at `from`. */
const same = (bytes: Uint8Array, length: number, from: number) =>
  Buffer.compare(bytes.subarray(0, length), pattern(length, from)) === 0;

describe("over the loopback device", () => {
  test("whatever is written in whatever pieces is read in whatever pieces, whole and in order", async () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 200_000 }));
    const step = fc.tuple(fc.boolean(), size);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const s = await Sockets.boot(1, { trace: false });
        const [client, server] = s.connection();
        let [written, read] = [0, 0];
        for (const [write, n] of steps) {
          if (write) {
            const value = s.t.now(0, "write", client, { in: pattern(n, written) }, n);
            written += Math.max(value, 0);
            expect(value === -EAGAIN || value > 0).toBe(true);
          } else {
            const value = s.t.now(0, "read", server, { out: n }, n);
            expect(value === -EAGAIN ? written === read : value > 0).toBe(true);
            if (value > 0) expect(same(s.t.out[0]!, value, read)).toBe(true);
            read += Math.max(value, 0);
          }
        }
        s.t.now(0, "close", client);
        while (read < written) read += s.t.now(0, "read", server, { out: 65536 }, 65536);
        expect(s.t.read(0, server, 1)).toBe("");
        s.t.now(0, "close", server);
        expect(s.inUse).toEqual({ ...NOTHING, ports: 1 });
        expect(s.t.kernel.check()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("a writer that nobody reads for is stopped, and goes on as the reader makes room", async () => {
    const s = await Sockets.boot(2);
    const [client, server] = s.connection(7000, 0);
    const size = 6_000_000;
    expect(s.t.call(1, "write", client, { in: pattern(size) }, size)).toBe(SLEEPS);
    let read = 0;
    while (read < size) {
      const got = s.t.now(0, "read", server, { out: 50_000 }, 50_000);
      expect(same(s.t.out[0]!, got, read)).toBe(true);
      read += got;
    }
    expect(s.t.woken()).toEqual([[1, size]]);
    expect(s.t.kernel.check()).toEqual([]);
  });

  test("waiting for a full buffer does not wait for ever, however small the receive buffer", async () => {
    const s = await Sockets.boot(2);
    const listener = s.listening(7000);
    expect(s.setOption(listener, OPTIONS.RCVBUF, 2000)).toBe(0);
    const client = s.socket();
    s.connect(client, 7000);
    const server = s.t.now(0, "accept4", listener, 0, 0, 0);
    expect(s.t.call(1, "recvfrom", server, { out: 90_000 }, 90_000, WAITALL, 0, 0)).toBe(SLEEPS);
    expect(s.t.now(0, "write", client, { in: pattern(90_000) }, 90_000)).toBe(90_000);
    expect(s.t.woken()).toEqual([[1, 90_000]]);
  });

  test("waiters are told with the keys of the events", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    s.t.watching(0x7fff_ffff & ~layout.enums.EpollFlags.values.EXCLUSIVE, server);
    const keys = (call: () => void) => {
      const since = s.t.kernel.ticks;
      call();
      const wakes = [...s.t.kernel.trace.range(since + 1)].filter(({ event }) => event === "__wake_up_common");
      const head = s.t.kernel.memory.embedded(s.socketOf(server), "Socket", "wait");
      return wakes.filter(({ args }) => args[0] === head).map(({ args }) => args[1]);
    };
    expect(keys(() => s.t.write(0, client, "x"))).toEqual([DATA]);
    expect(keys(() => s.t.write(0, client, "x"))).toEqual([DATA]);
    expect(keys(() => s.t.read(0, client, 1))).toEqual([]);
    expect(keys(() => s.t.now(0, "shutdown", client, 1))).toEqual([0, DATA]);
    expect(keys(() => s.t.now(0, "close", client))).toEqual([]);
    // What is answered with a reset: the state changes, and the error is told.
    expect(keys(() => s.t.write(0, server, "x"))).toEqual([0, ERR]);
  });

  test("room in the send buffer is told only to who has found none", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    s.t.watching(OUT, client);
    const tells = (call: () => void) => {
      const since = s.t.kernel.ticks;
      call();
      return s.t.happened(since).filter((event) => event === "sk_stream_write_space").length;
    };
    expect(tells(() => s.t.write(0, client, "x"))).toBe(0);
    expect(tells(() => s.t.read(0, server, 1))).toBe(0);
    while (s.t.write(0, client, "y".repeat(65536)) === 65536);
    expect(s.poll(client) & OUT).toBe(0);
    let read = 0;
    expect(
      tells(() => {
        while ((s.poll(client) & OUT) === 0) read += s.t.now(0, "read", server, { out: 65536 }, 65536);
      }),
    ).toBeGreaterThan(0);
    expect(read).toBeGreaterThan(500_000);
    const wake = [...s.t.kernel.trace].filter(
      ({ event, args }) => event === "__wake_up_common" && (args[1] & OUT) !== 0,
    );
    expect(wake.at(-1)!.args[1]).toBe(OUT | WRNORM | WRBAND);
  });

  test("who has only asked and found no room is told of it, too", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    const epfd = s.t.watching(OUT | layout.enums.EpollFlags.values.ET, client);
    s.t.ready(epfd);
    while ((s.poll(client) & OUT) !== 0) expect(s.t.write(0, client, "y".repeat(4096))).toBe(4096);
    expect(s.t.ready(epfd)).toEqual([]);
    while (s.t.now(0, "read", server, { out: 65536 }, 65536) > 0);
    expect(s.t.ready(epfd)).toEqual([client]);
  });

  test("what a call with MSG_MORE has sent goes with the next one, or after 200 ms", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    const send = (text: string, flags: number) => s.t.now(0, "sendto", client, { in: text }, text.length, flags, 0, 0);
    expect(send("abc", MORE)).toBe(3);
    expect(s.t.read(0, server, 10)).toBe(-EAGAIN);
    expect(send("def", 0)).toBe(3);
    expect(s.t.read(0, server, 10)).toBe("abcdef");
    expect(send("late", MORE)).toBe(4);
    const begun = s.t.kernel.now;
    expect(s.t.elapse()).toBe(true);
    expect(s.t.kernel.now - begun).toBeGreaterThan(100_000_000);
    expect(s.t.read(0, server, 10)).toBe("late");
  });

  test("nothing of a write is sent whose buffer cannot be read", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    expect(s.t.now(0, "write", client, 1, 10)).toBe(-EFAULT);
    expect(s.t.read(0, server, 10)).toBe(-EAGAIN);
    s.t.write(0, client, "kept");
    expect(s.t.now(0, "read", server, 1, 10)).toBe(-EFAULT);
    expect(s.t.read(0, server, 10)).toBe("kept");
  });

  test("both ends closed: what is left is the small late end of the one that closed first, for a minute", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    s.t.now(0, "close", client);
    s.t.now(0, "close", server);
    const port = s.net.ehash;
    expect(s.t.kernel.memory.get("Rhashtable", port, "nelems")).toBe(1);
    expect(s.inUse).toEqual({ ...NOTHING, ports: 1 });
    expect(s.t.elapse()).toBe(false);
    s.t.kernel.spawn("idler", function* (sys) {
      yield* sys.nanosleep({ sec: 61, nsec: 0 });
    });
    s.t.kernel.settle();
    while (s.t.elapse());
    expect(s.bind(s.socket(), 7005)).toBe(0);
    expect(s.t.kernel.memory.get("Rhashtable", port, "nelems")).toBe(0);
  });

  test("a socket for both versions of IP takes a client of version 4 by its mapped address", async () => {
    const s = await Sockets.boot();
    const listener = s.listening(7000, 5, NONBLOCK, "::", INET6);
    const four = s.socket(NONBLOCK);
    expect(s.connect(four, 7000)).toBe(-EINPROGRESS);
    const six = s.socket(NONBLOCK, INET6);
    expect(s.connect(six, 7000, "::1")).toBe(-EINPROGRESS);
    const peers = [0, 1].map(() => {
      const room = new Uint8Array(Int32Array.of(28).buffer);
      s.t.now(0, "accept4", listener, { out: 28 }, { in: room }, 0);
      return [...s.t.out[0]!.subarray(8, 24)];
    });
    expect(peers).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 127, 0, 0, 1],
      [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    ]);
  });

  test("a connection takes at most 400 bytes of the kernel's memory", () => {
    const { Sock, Socket } = layout.structs;
    expect(Sock.size).toBeLessThanOrEqual(360);
    expect(Sock.stride + Socket.stride).toBeLessThanOrEqual(400);
  });
});

describe("over the wire", () => {
  test("a packet goes ring, DMA, interrupt, soft interrupt, sk_buff, receive queue, waiter, and no CPU copies it", async () => {
    const kernel = await boot();
    kernel.spawn("server", function* (sys) {
      const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
      yield* sys.bind(lfd, { port: 80 });
      yield* sys.listen(lfd);
      const fd = yield* sys.accept(lfd);
      yield* sys.read(fd, sys.buffer(4096));
    });
    const peer = kernel.world.connect(80);
    kernel.run();
    const [since, before] = [kernel.ticks, kernel.counters];
    peer.send("x".repeat(1000));
    const story = [
      "dma_to_memory",
      "nic_interrupt",
      "__do_softirq",
      "net_rx_action",
      "netif_receive_skb",
      "tcp_v4_rcv",
      "tcp_rcv_established",
      "tcp_queue_rcv",
      "sock_def_readable",
      "__wake_up_common",
      "autoremove_wake_function",
      "try_to_wake_up",
    ];
    const arrived = () => [...kernel.trace.range(since + 1)].some(({ event }) => event === "try_to_wake_up");
    while (!arrived()) kernel.elapse();
    const seen = [...kernel.trace.range(since + 1)]
      .map(({ event }) => event as string)
      .filter((e) => story.includes(e));
    expect(seen.slice(0, story.length)).toEqual(story);
    expect(kernel.counters.cpuCopies).toBe(before.cpuCopies);
    expect(kernel.counters.dmaTransfers - before.dmaTransfers).toBe(1);
    kernel.run();
    expect(kernel.counters.cpuCopiedBytes - before.cpuCopiedBytes).toBe(1000);
    expect(kernel.check()).toEqual([]);
  });

  test("thousands of connections are each found among the others", async () => {
    const kernel = await boot({ trace: false, poison: false });
    kernel.spawn("server", echoServer);
    kernel.run();
    const peers = Array.from({ length: 30 }, () => {
      const hundred = kernel.world.connectMany(8080, 100);
      kernel.run();
      return hundred;
    }).flat();
    const served = () => {
      peers.forEach((peer, i) => peer.send(`${i} `));
      kernel.run();
    };
    served();
    served();
    expect(peers.map((peer) => peer.received.text())).toEqual(peers.map((_, i) => `${i} ${i} `));
    expect(kernel.check()).toEqual([]);
  });

  test("a connection that rests costs 496 bytes, the client outside and its place in an epoll counted", () => {
    const structs = ["File", "Socket", "Sock", "Epitem", "EppollEntry", "Peer"] as const;
    const sizes = structs.map((name) => structLayout(name).stride);
    expect(sizes.reduce((sum, size) => sum + size)).toBe(496);
  });

  test("a client keeps a timer only while it is owed an acknowledgement", async () => {
    const kernel = await boot();
    kernel.spawn("server", echoServer);
    const peer = kernel.world.connect(8080);
    const waits = () => peer.struct!.unacked !== 0;
    expect(waits()).toBe(true);
    kernel.run();
    expect(waits()).toBe(false);
    peer.send("hello");
    expect(waits()).toBe(true);
    kernel.run();
    expect(waits()).toBe(false);
    kernel.faults.failAllocation({ nth: 1 });
    expect([peer.shutdown(), peer.state]).toEqual([-ENOMEM, "established"]);
    kernel.faults.failAllocation({ nth: 1 });
    expect([peer.close(), peer.state]).toEqual([-ENOMEM, "established"]);
    // The FIN is lost, and sent again.
    kernel.faults.failAllocation({ nth: 2 });
    expect([peer.shutdown(), peer.state]).toEqual([0, "fin_wait1"]);
    kernel.run();
    expect([peer.state, waits(), kernel.check()]).toEqual(["time_wait", false, []]);
  });

  test("a FIN for which there was no memory is sent again also when the data before it has arrived", async () => {
    const kernel = await boot();
    kernel.spawn("server", echoServer);
    const peer = kernel.world.connect(8080);
    kernel.run();
    peer.send("hello");
    kernel.faults.failAllocation({ nth: 1 });
    expect([peer.shutdown(), peer.state]).toEqual([0, "fin_wait1"]);
    kernel.run();
    expect([peer.state, peer.received.text(), kernel.check()]).toEqual(["time_wait", "hello", []]);
  });

  test("a client that is not there any more answers with a reset", async () => {
    const kernel = await boot();
    const task = kernel.spawn("server", function* (sys) {
      const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
      yield* sys.bind(lfd, { port: 80 });
      yield* sys.listen(lfd);
      const fd = yield* sys.accept(lfd);
      const answers = [yield* sys.read(fd, sys.buffer(10)), yield* sys.write(fd, "more")];
      yield* sys.nanosleep({ sec: 0, nsec: 10_000_000 });
      return [...answers, yield* sys.write(fd, "more"), yield* sys.read(fd, sys.buffer(10))];
    });
    const peer = kernel.world.connect(80);
    kernel.run();
    peer.close();
    kernel.run();
    expect(task.result).toEqual([0, 4, -EPIPE, 0]);
    expect(kernel.check()).toEqual([]);
  });

  test("connecting to a port outside where nobody listens is refused, and to an address that does not answer too", async () => {
    const kernel = await boot();
    const task = kernel.spawn("client", function* (sys) {
      const fd = yield* sys.socket(AF_INET, SOCK_STREAM);
      const first = yield* sys.connect(fd, { port: 443, host: "10.2.3.4" });
      return [first, yield* sys.connect(fd, { port: 443 })];
    });
    kernel.run();
    expect(task.result).toEqual([-ECONNREFUSED, -ECONNREFUSED]);
  });

  test("without a host, a program reaches a server of the world if none of its own listens there", async () => {
    const kernel = await boot();
    const server = kernel.world.listen(443);
    const task = kernel.spawn("client", function* (sys) {
      const fd = yield* sys.socket(AF_INET, SOCK_STREAM);
      return yield* sys.connect(fd, { port: 443 });
    });
    kernel.run();
    expect(task.result).toBe(0);
    expect(server.peers).toHaveLength(1);
  });
});

describe("the end of a connection", () => {
  test("a blocked writer that is reset tells what it has sent, and the error with the next call", async () => {
    const s = await Sockets.boot(2);
    const [client, server] = s.connection(7000, 0);
    expect(s.t.call(1, "write", client, { in: pattern(6_000_000) }, 6_000_000)).toBe(SLEEPS);
    s.t.now(0, "close", server);
    const [[thread, value] = [0, 0]] = s.t.woken();
    expect([thread, value > 2_000_000 && value < 6_000_000]).toEqual([1, true]);
    expect([s.t.write(0, client, "x"), s.t.write(0, client, "x")]).toEqual([-ECONNRESET, -EPIPE]);
  });

  test.each(["reads on", "closes"])(
    "a writer is not left waiting by a peer that has ended its stream and then %s",
    async (what) => {
      const kernel = await boot({ trace: false });
      const size = 1_000_000;
      const task = kernel.spawn("server", function* (sys) {
        const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
        yield* sys.bind(lfd, { port: 80 });
        yield* sys.listen(lfd);
        const fd = yield* sys.accept(lfd);
        return yield* sys.write(fd, sys.buffer(size), size);
      });
      const peer = kernel.world.connect(80, { window: 1000 });
      kernel.run();
      peer.shutdown();
      kernel.run();
      expect(peer.received.length).toBe(1000);
      if (what === "closes") peer.close();
      else peer.window = 0;
      kernel.run();
      expect(task.state).toBe("zombie");
      expect(peer.received.length).toBe(what === "closes" ? 1000 : size);
      expect(kernel.check()).toEqual([]);
    },
  );

  test("SO_LINGER with no time resets", async () => {
    const s = await Sockets.boot();
    const [client, server] = s.connection();
    expect(s.setOption(client, OPTIONS.LINGER, 1, 0)).toBe(0);
    s.t.now(0, "close", client);
    expect(s.poll(server)).toBe(IN | OUT | RDHUP | ERR | HUP | RDNORM | WRNORM);
    expect(s.t.read(0, server, 1)).toBe(-ECONNRESET);
    expect(s.t.read(0, server, 1)).toBe("");
    s.t.now(0, "close", server);
    expect(s.inUse).toEqual(NOTHING);
  });
});
