import { EAGAIN, ENOMEM, NONBLOCK } from "../fs/threads.ts";
import { describe, expect, test } from "vitest";
import { DGRAM, ECONNREFUSED, ECONNRESET, EINPROGRESS, SEQPACKET, STREAM, Sockets, UNIX } from "./sockets.ts";
import { AF_INET, SOCK_STREAM } from "../../lib/index.ts";
import type { FaultedAllocation, Kernel } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

/** Lets the n-th allocation from now on fail, of objects or of frames; 0: none. */
function failAfter(kernel: Kernel, of: FaultedAllocation, nth: number): void {
  kernel.faults.failAllocation({ of, nth });
}

/** Whether the failure that was asked for has come. */
function failed(kernel: Kernel, of: FaultedAllocation): boolean {
  return kernel.faults.state(of).nth === 0;
}

/** A life of sockets of every kind. Calls may fail for want of memory; those that depend on them then fail as well. */
function life(s: Sockets, port: number): void {
  const { t } = s;
  const listener = t.now(0, "socket", 2, STREAM | NONBLOCK, 0);
  if (listener >= 0) {
    s.bind(listener, port);
    t.now(0, "listen", listener, 5);
    const client = t.now(0, "socket", 2, STREAM | NONBLOCK, 0);
    if (client >= 0) s.connect(client, port);
    const server = t.now(0, "accept4", listener, 0, 0, NONBLOCK);
    for (const n of [10, 3000, 40_000]) {
      t.now(0, "write", client, { in: "x".repeat(n) }, n);
      t.now(0, "read", server, { out: n }, n);
    }
    t.now(0, "shutdown", client, 1);
    t.now(0, "write", server, { in: "y" }, 1);
    t.now(0, "read", client, { out: 8 }, 8);
  }
  for (const type of [STREAM, DGRAM, SEQPACKET]) {
    const value = t.now(0, "socketpair", UNIX, type | NONBLOCK, 0, { out: 8 });
    const view = new DataView(t.out[0]?.slice().buffer ?? new ArrayBuffer(8));
    if (value !== 0) continue;
    const [a, b] = [view.getInt32(0, true), view.getInt32(4, true)];
    for (const n of [10, 5000]) {
      t.now(0, "write", a, { in: "x".repeat(n) }, n);
      t.now(0, "read", b, { out: n }, n);
    }
  }
}

/** Every descriptor is closed, and all that is under way comes to its end. */
function end(s: Sockets): void {
  for (let fd = 0; fd < 32; fd++) s.t.now(0, "close", fd);
  while (s.t.elapse());
}

describe("one allocation fails", () => {
  test.each(["objects", "frames"] as const)("of %s: whichever it is, nothing is broken or lost", async (what) => {
    for (let n = 1; ; n++) {
      const s = await Sockets.boot();
      // Once without a failure: the program's own memory is there then.
      life(s, 7000);
      end(s);
      failAfter(s.t.kernel, what, n);
      life(s, 7002);
      const came = failed(s.t.kernel, what);
      failAfter(s.t.kernel, what, 0);
      const told = s.t.kernel.check();
      expect({ n, told }).toEqual({ n, told: [] });
      end(s);
      expect({ n, ...s.inUse, ports: 0 }).toEqual({ n, socks: 0, sockets: 0, packets: 0, requests: 0, ports: 0 });
      // And it all works again.
      const [client, server] = s.connection(7001);
      s.t.write(0, client, "works");
      expect(s.t.read(0, server, 9)).toBe("works");
      if (!came) {
        expect(n).toBeGreaterThan(what === "objects" ? 40 : 10);
        return;
      }
    }
  });

  test("whichever it is: bytes that were taken arrive, whole and in order", async () => {
    for (let n = 1; ; n++) {
      const s = await Sockets.boot();
      const [client, server] = s.connection();
      failAfter(s.t.kernel, "objects", n);
      const sent = ["first ", "second ", "third ", "fourth "].filter((text) => {
        const value = s.t.write(0, client, text);
        expect([text.length, -ENOMEM]).toContain(value);
        return value === text.length;
      });
      const came = failed(s.t.kernel, "objects");
      failAfter(s.t.kernel, "objects", 0);
      while (s.t.elapse());
      expect(s.t.read(0, server, 100)).toBe(sent.join(""));
      if (!came) return;
    }
  });

  test("whichever it is: a client outside is served all the same", async () => {
    for (let n = 1; ; n++) {
      const kernel = await boot({ trace: false });
      const task = kernel.spawn("server", function* (sys) {
        const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
        yield* sys.bind(lfd, { port: 80 });
        yield* sys.listen(lfd);
        const buf = sys.buffer(8192);
        for (;;) {
          const fd = yield* sys.accept(lfd);
          if (fd === -ENOMEM) continue;
          if (fd < 0) return fd;
          for (;;) {
            const got = yield* sys.read(fd, buf);
            if (got <= 0) break;
            for (let done = 0; done < got;) {
              const value = yield* sys.write(fd, buf.at(done), got - done);
              if (value === -ENOMEM) continue;
              if (value < 0) return value;
              done += value;
            }
          }
          yield* sys.close(fd);
        }
      });
      kernel.run();
      const peer = kernel.world.connect(80);
      const text = "all of it ".repeat(700);
      peer.send(text);
      peer.shutdown();
      failAfter(kernel, "objects", n);
      kernel.run();
      const came = failed(kernel, "objects");
      failAfter(kernel, "objects", 0);
      expect({ n, text: peer.received.text() }).toEqual({ n, text });
      expect(task.state).toBe("interruptible");
      expect(kernel.check()).toEqual([]);
      if (!came) return;
    }
  });
});

test("a peer's window that cannot be told for want of memory does not open; told later, the writer goes on", async () => {
  const kernel = await boot({ trace: false });
  const size = 200_000;
  const task = kernel.spawn("server", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM);
    yield* sys.bind(lfd, { port: 80 });
    yield* sys.listen(lfd);
    const fd = yield* sys.accept(lfd);
    return yield* sys.write(fd, sys.buffer(size), size);
  });
  const peer = kernel.world.connect(80, { window: 1000 });
  kernel.run();
  expect([peer.received.length, peer.window]).toEqual([1000, 0]);
  failAfter(kernel, "objects", 1);
  peer.window = 5000;
  expect(failed(kernel, "objects")).toBe(true);
  kernel.run();
  expect([peer.received.length, peer.window]).toEqual([1000, 0]);
  peer.window = 5000;
  kernel.run();
  expect([peer.received.length, peer.window]).toEqual([6000, 0]);
  peer.window = 0;
  kernel.run();
  expect([task.result, peer.received.length]).toEqual([size, size]);
  expect(kernel.check()).toEqual([]);
});

describe("no memory at all", () => {
  test("calls say so, and what is closed can be used again", async () => {
    const s = await Sockets.boot(1, { memoryLimit: 6 << 20, trace: false });
    const fds: number[] = [];
    for (;;) {
      const value = s.t.now(0, "socketpair", UNIX, STREAM | NONBLOCK, 0, { out: 8 });
      if (value === -ENOMEM) break;
      fds.push(...new Int32Array(s.t.out[0]!.slice().buffer));
      s.t.now(0, "write", fds.at(-1)!, { in: "x".repeat(4096) }, 4096);
    }
    expect(fds.length).toBeGreaterThan(100);
    const listener = s.t.now(0, "socket", 2, STREAM | NONBLOCK, 0);
    expect(listener === -ENOMEM || listener >= 0).toBe(true);
    expect([4096, -EAGAIN, -ENOMEM]).toContain(s.t.now(0, "write", fds[0]!, { in: "x".repeat(4096) }, 4096));
    expect(s.t.kernel.check()).toEqual([]);
    for (const fd of fds) expect(s.t.now(0, "close", fd)).toBe(0);
    const again = s.listening(7100, 5, NONBLOCK);
    const client = s.socket(NONBLOCK);
    expect(s.connect(client, 7100)).toBe(-EINPROGRESS);
    expect(s.t.now(0, "accept4", again, 0, 0, 0)).toBeGreaterThan(0);
    expect([-ECONNREFUSED, -ECONNRESET]).not.toContain(s.t.read(0, client, 1));
    expect(s.t.kernel.check()).toEqual([]);
  });
});
