import { EAGAIN, EINVAL, EMFILE, NONBLOCK, SLEEPS } from "../fs/threads.ts";
import { describe, expect, test } from "vitest";
import { EALREADY, ECONNRESET, EINPROGRESS, ETIMEDOUT, OPTIONS, Sockets } from "./sockets.ts";
import { AF_INET, RLIMIT_NOFILE, SOCK_STREAM } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { catchSignal } from "../support/signals.ts";
import { layout } from "../../lib/layout.gen.ts";

const { IN, OUT } = layout.enums.Poll.values;
const SECOND = 1_000_000_000;

describe("the steps of accept", () => {
  test("descriptor, socket, operations, file, accept queue, joined, installed: in this order, each once", async () => {
    const s = await Sockets.boot();
    const listener = s.listening(7000);
    s.connect(s.socket(NONBLOCK), 7000);
    const since = s.t.kernel.ticks;
    s.t.now(0, "accept4", listener, 0, 0, 0);
    const steps = [
      "alloc_fd",
      "do_accept",
      "sock_alloc",
      "accept_ops_assigned",
      "sock_alloc_file",
      "inet_accept",
      "inet_csk_accept",
      "reqsk_queue_remove",
      "fd_install",
    ];
    expect(s.t.happened(since).filter((event) => steps.includes(event))).toEqual(steps);
  });

  test("the new file, socket and sock point at each other, and data makes the sock call sock_def_readable", async () => {
    const s = await Sockets.boot();
    const [, server] = s.connection();
    const { memory } = s.t.kernel;
    const socket = memory.read("Socket", s.socketOf(server));
    expect(socket.file).toBe(s.t.file(server));
    const sk = memory.read("Sock", socket.sk);
    expect(sk.sk_socket).toBe(s.socketOf(server));
    expect(sk.sk_wq).toBe(memory.embedded(s.socketOf(server), "Socket", "wait"));
    expect(layout.functions[sk.sk_data_ready as keyof typeof layout.functions]).toBe("sock_def_readable");
  });

  test("without a free descriptor nothing is taken from the queue", async () => {
    const s = await Sockets.boot();
    const listener = s.listening(7000, 5, NONBLOCK);
    const client = s.socket(NONBLOCK);
    s.connect(client, 7000);
    const limit = new Uint8Array(new BigUint64Array([16n, 16n]).buffer);
    expect(s.t.now(0, "setrlimit", RLIMIT_NOFILE, { in: limit })).toBe(0);
    const taken: number[] = [];
    for (let fd = s.t.now(0, "dup", client); fd >= 0; fd = s.t.now(0, "dup", client)) taken.push(fd);
    expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBe(-EMFILE);
    s.t.now(0, "close", taken[0]!);
    expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBe(taken[0]);
  });
});

describe("waiting in accept", () => {
  test("connections wake the sleepers one by one, the oldest first", async () => {
    const s = await Sockets.boot(4);
    const listener = s.listening(7000);
    for (const thread of [1, 2, 3]) expect(s.t.call(thread, "accept4", listener, 0, 0, 0)).toBe(SLEEPS);
    const threads = [1, 2, 3].map(() => {
      s.connect(s.socket(NONBLOCK), 7000);
      return s.t.woken().map(([thread]) => thread);
    });
    expect(threads).toEqual([[1], [2], [3]]);
    expect(s.t.kernel.check()).toEqual([]);
  });

  test("shutdown of the listening socket ends the wait with EINVAL, and gives back what the call has made", async () => {
    const s = await Sockets.boot(2);
    const listener = s.listening(7000);
    const before = s.inUse;
    const next = s.t.now(0, "dup", listener);
    s.t.now(0, "close", next);
    expect(s.t.call(1, "accept4", listener, 0, 0, 0)).toBe(SLEEPS);
    s.t.now(0, "shutdown", listener, 0);
    expect(s.t.woken()).toEqual([[1, -EINVAL]]);
    expect(s.inUse).toEqual({ ...before, ports: s.inUse.ports });
    expect(s.t.now(0, "dup", listener)).toBe(next);
    expect(s.t.kernel.check()).toEqual([]);
  });

  test("a signal ends the wait, and gives back what the call has made", async () => {
    const s = await Sockets.boot(2);
    catchSignal(s.t.tasks[1]!, 15);
    const listener = s.listening(7000);
    const before = s.inUse;
    expect(s.t.call(1, "accept4", listener, 0, 0, 0)).toBe(SLEEPS);
    s.t.tasks[1]!.signal(15);
    s.t.kernel.settle();
    expect(s.t.woken()).toEqual([[1, -layout.enums.Errno.values.EINTR]]);
    expect(s.inUse).toEqual(before);
    expect(s.t.kernel.check()).toEqual([]);
  });
});

describe("the accept queue", () => {
  test.each([0, 1, 4])("with a backlog of %i it holds one connection more", async (backlog) => {
    const s = await Sockets.boot();
    const listener = s.listening(7000, backlog, NONBLOCK);
    const clients = Array.from({ length: backlog + 3 }, () => s.socket(NONBLOCK));
    for (const fd of clients) expect(s.connect(fd, 7000)).toBe(-EINPROGRESS);
    const connected = clients.filter((fd) => (s.poll(fd) & OUT) !== 0);
    expect(connected).toEqual(clients.slice(0, backlog + 1));
    for (let i = 0; i <= backlog; i++) expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBeGreaterThan(0);
    expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBe(-EAGAIN);
    expect(s.net.listen_overflows).toBe(2n);
  });

  test("a SYN that was dropped is sent again after a second, and then succeeds", async () => {
    const s = await Sockets.boot(2);
    const listener = s.listening(7000, 0, NONBLOCK);
    s.connect(s.socket(NONBLOCK), 7000);
    const late = s.socket();
    const begun = s.t.kernel.now;
    expect(s.connect(late, 7000, "127.0.0.1", 1)).toBe(SLEEPS);
    expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBeGreaterThan(0);
    while (s.t.woken().length === 0) expect(s.t.elapse()).toBe(true);
    expect(s.t.kernel.now - begun).toBeGreaterThanOrEqual(SECOND);
    expect(s.t.kernel.now - begun).toBeLessThan(1.1 * SECOND);
    expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBeGreaterThan(0);
  });

  test("a client that is never let in asks as often and as late as on Linux, and gives up", async () => {
    const s = await Sockets.boot(2);
    s.listening(7000, 0);
    s.connect(s.socket(NONBLOCK), 7000);
    const begun = s.t.kernel.now;
    expect(s.connect(s.socket(), 7000, "127.0.0.1", 1)).toBe(SLEEPS);
    const at: number[] = [];
    for (let dropped = 1n; s.t.elapse(); dropped = s.net.listen_overflows) {
      if (s.net.listen_overflows > dropped) at.push(Math.round((s.t.kernel.now - begun) / SECOND));
    }
    expect(at).toEqual([1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
    expect(s.t.woken()).toEqual([[1, -ETIMEDOUT]]);
    expect(Math.round((s.t.kernel.now - begun) / SECOND)).toBe(131);
  });

  test("TCP_SYNCNT makes it give up sooner", async () => {
    const s = await Sockets.boot(2);
    s.listening(7000, 0);
    s.connect(s.socket(NONBLOCK), 7000);
    const begun = s.t.kernel.now;
    const fd = s.socket();
    expect(s.setOption(fd, OPTIONS.SYNCNT, 1)).toBe(0);
    expect(s.getOption(fd, OPTIONS.SYNCNT)).toBe(1);
    expect(s.setOption(fd, OPTIONS.SYNCNT, 128)).toBe(-EINVAL);
    expect(s.connect(fd, 7000, "127.0.0.1", 1)).toBe(SLEEPS);
    while (s.t.elapse());
    expect(s.t.woken()).toEqual([[1, -ETIMEDOUT]]);
    expect(Math.round((s.t.kernel.now - begun) / SECOND)).toBe(7);
  });

  test("a second thread that waits in connect, for a time only, hears EALREADY", async () => {
    const s = await Sockets.boot(3);
    s.listening(7000, 0);
    s.connect(s.socket(NONBLOCK), 7000);
    const fd = s.socket();
    expect(s.setOption(fd, OPTIONS.SNDTIMEO, 0, 0, 500_000, 0)).toBe(0);
    expect(s.connect(fd, 7000, "127.0.0.1", 1)).toBe(SLEEPS);
    expect(s.connect(fd, 7000, "127.0.0.1", 2)).toBe(SLEEPS);
    while (s.t.kernel.now < SECOND / 2 + 10_000_000 && s.t.elapse());
    expect(s.t.woken().sort(([a], [b]) => a - b)).toEqual([
      [1, -EINPROGRESS],
      [2, -EALREADY],
    ]);
  });

  test("every new connection is an edge, also when others wait already", async () => {
    const s = await Sockets.boot();
    const listener = s.listening(7000);
    const epfd = s.t.watching(IN | layout.enums.EpollFlags.values.ET, listener);
    for (let i = 0; i < 3; i++) {
      s.connect(s.socket(NONBLOCK), 7000);
      expect(s.t.ready(epfd)).toEqual([listener]);
      expect(s.t.ready(epfd)).toEqual([]);
    }
  });

  test("closing the listening socket resets who was not accepted", async () => {
    const s = await Sockets.boot();
    const listener = s.listening(7000);
    const client = s.socket(NONBLOCK);
    s.connect(client, 7000);
    s.t.now(0, "close", listener);
    expect(s.t.read(0, client, 8)).toBe(-ECONNRESET);
    s.t.now(0, "close", client);
    expect(s.inUse).toEqual({ socks: 0, sockets: 0, packets: 0, requests: 0, ports: 0 });
  });

  test("a handshake that ends while it is full is made up for, with what was sent meanwhile", async () => {
    const s = await Sockets.boot();
    const { world } = s.t.kernel;
    const listener = s.listening(7000, 3, NONBLOCK);
    world.connectMany(7000, 3);
    while (s.t.elapse());
    // There is room for one more, so all three are answered.
    const late = world.connectMany(7000, 3);
    late.forEach((peer, i) => peer.send(`late ${i}`));
    while (s.net.listen_overflows === 0n) expect(s.t.elapse()).toBe(true);
    expect(late.map((peer) => peer.state)).toEqual(["established", "established", "established"]);
    const accepted: number[] = [];
    while (accepted.length < 6) {
      const fd = s.t.now(0, "accept4", listener, 0, 0, NONBLOCK);
      if (fd >= 0) accepted.push(fd);
      else expect(s.t.elapse()).toBe(true);
    }
    while (s.t.elapse());
    expect(accepted.slice(3).map((fd) => s.t.read(0, fd, 100))).toEqual(["late 0", "late 1", "late 2"]);
    expect(s.t.kernel.check()).toEqual([]);
  });

  test("of a burst that overflows it, everybody is served in the end, with all that was sent at once", async () => {
    const kernel = await boot({ trace: false });
    const count = 24;
    kernel.spawn("slow server", function* (sys) {
      const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
      yield* sys.bind(lfd, { port: 80 });
      yield* sys.listen(lfd, 3);
      const buf = sys.buffer(100);
      for (let i = 0; i < count; i++) {
        const fd = yield* sys.accept(lfd);
        for (let got = yield* sys.read(fd, buf); got > 0; got = yield* sys.read(fd, buf))
          yield* sys.write(fd, buf, got);
        yield* sys.close(fd);
      }
      yield* sys.close(lfd);
    });
    kernel.run();
    const peers = kernel.world.connectMany(80, count);
    peers.forEach((peer, i) => {
      peer.send(`I am ${i}`);
      peer.shutdown();
    });
    kernel.run();
    expect(peers.map((peer) => peer.received.text())).toEqual(peers.map((_, i) => `I am ${i}`));
    expect(kernel.check()).toEqual([]);
  });
});
