import { DGRAM, ENOTCONN, SEQPACKET, STREAM, Sockets, UNIX } from "../net/sockets.ts";
import { IN, NONBLOCK, OUT, SLEEPS, Threads } from "../fs/threads.ts";
import { describe, expect, test } from "vitest";
import {
  AF_INET,
  AF_UNIX,
  SCM_RIGHTS,
  SOL_SOCKET,
  type AdoptedTask,
  ENOMEM,
  Kernel,
  O_DIRECT,
  SOCK_STREAM,
} from "../../lib/index.ts";
import { encodeAddress } from "../../lib/machine/sockaddr.ts";
import { layout } from "../../lib/layout.gen.ts";

/*
 * What fuzzing has found, each as the shortest program that shows it.
 */

const { EPROTOTYPE } = layout.enums.Errno.values;
const OOB = layout.enums.Msg.values.OOB;

/** Gives a UNIX socket a name, or connects it to one. */
function named(s: Sockets, call: "bind" | "connect", fd: number, path: string): number {
  const at = encodeAddress({ path }, "");
  return s.t.now(0, call, fd, { in: at }, at.length);
}

describe("UNIX sockets", () => {
  test.each([DGRAM, SEQPACKET])("connecting to a path that belongs to a stream is refused, type %i", async (type) => {
    const s = await Sockets.boot();
    const server = s.socket(0, UNIX, STREAM);
    named(s, "bind", server, "/name");
    s.t.now(0, "listen", server, 1);
    expect(named(s, "connect", s.socket(NONBLOCK, UNIX, type), "/name")).toBe(-EPROTOTYPE);
    expect(s.t.kernel.check()).toEqual([]);
  });

  test("receiving on a SEQPACKET socket that listens does not take a connection out of its queue", async () => {
    const s = await Sockets.boot();
    const server = s.socket(0, UNIX, SEQPACKET);
    named(s, "bind", server, "\0name");
    s.t.now(0, "listen", server, 1);
    const client = s.socket(NONBLOCK, UNIX, SEQPACKET);
    expect(named(s, "connect", client, "\0name")).toBe(0);
    for (const flags of [0, OOB]) {
      expect(s.t.now(0, "recvfrom", server, { out: 8 }, 8, flags, 0, 0)).toBe(-ENOTCONN);
    }
    expect(s.t.now(0, "accept4", server, 0, 0, NONBLOCK)).toBeGreaterThan(client);
    expect(s.t.kernel.check()).toEqual([]);
  });
});

describe("poll()", () => {
  test("may hold the last reference to a pipe, whose other end it waits for too", async () => {
    const t = await Threads.boot(2);
    t.now(0, "pipe2", { out: 8 }, 0);
    const [reader, writer] = [0, 1];
    const entries = new Int16Array([reader, 0, IN, 0, writer, 0, OUT << 8, 0, reader, 0, IN, 0]);
    expect(t.call(0, "poll", { in: new Uint8Array(entries.buffer) }, 3, -1)).toBe(SLEEPS);
    t.now(1, "close", writer);
    t.now(1, "close", reader);
    t.tasks[0]!.signal(9);
    t.kernel.settle();
    expect(t.kernel.check()).toEqual([]);
    expect(t.fs).toMatchObject({ nr_files: 0 });
  });
});

describe("clone()", () => {
  test("lets a number pass that is no signal; the parent is told nothing when the child ends", async () => {
    const kernel = await Kernel.boot({ poison: true });
    const parent = kernel.adopt("parent");
    const cloned = parent.submit("clone", 161, 0, 0, 0, 0);
    const child = kernel.task(cloned.done ? cloned.value : 0) as AdoptedTask;
    child.exit(0);
    kernel.settle();
    expect(parent.submit("rt_sigpending", { out: 8 }, 8)).toMatchObject({ out: [new Uint8Array(8)] });
    expect(kernel.check()).toEqual([]);
  });
});

describe("truncate()", () => {
  test("holds on to its file while it sleeps for the page that the file is to end in", async () => {
    const kernel = await Kernel.boot({ poison: true });
    kernel.world.file("/f", { size: 5000 });
    const task = kernel.adopt("cutter");
    const cut = task.submit("truncate", { in: new TextEncoder().encode("/f\0") }, 100);
    expect(cut.done).toBe(false);
    expect(kernel.check()).toEqual([]);
    kernel.settle();
    expect(kernel.check()).toEqual([]);
  });
});

describe("peers outside", () => {
  test("one that cannot break off for want of memory has not: it can try again, and nothing stays behind", async () => {
    const kernel = await Kernel.boot();
    kernel.spawn("server", function* (sys) {
      const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
      yield* sys.bind(listener, { port: 80 });
      yield* sys.listen(listener, 1);
      const fd = yield* sys.accept4(listener, 0);
      yield* sys.write(fd, "two");
      yield* sys.close(fd);
    });
    const peer = kernel.world.connect(80, { window: 1 });
    kernel.run();
    kernel.faults.failAllocation({ nth: 1 });
    expect(peer.reset()).toBe(-ENOMEM);
    expect(peer.reset()).toBe(0);
    kernel.run();
    expect(kernel.inspect().objects.filter(({ struct }) => struct === "Sock")).toEqual([]);
  });
});

describe("a packet of many small pieces that were spliced", () => {
  test("can be cut where the receiver's window ends", async () => {
    const kernel = await Kernel.boot({ poison: true });
    const seen: unknown[] = [];
    kernel.spawn("server", function* (sys) {
      const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
      yield* sys.bind(listener, { port: 80 });
      yield* sys.listen(listener, 1);
      const fd = yield* sys.accept4(listener, 0);
      const pipe = [0, 0];
      yield* sys.pipe2(pipe, O_DIRECT);
      for (const letter of "abcdefgh") yield* sys.write(pipe[1]!, letter);
      seen.push(yield* sys.splice(pipe[0]!, null, fd, null, 8, 0));
    });
    kernel.world.connect(80, { window: 1 });
    kernel.run();
    expect(seen).toEqual([8]);
    expect(kernel.check()).toEqual([]);
  });
});

describe("collecting sockets on their way", () => {
  test("leaves alone a listener that is just being released, whose first connection takes a message along", async () => {
    const kernel = await Kernel.boot({ poison: true });
    const before = kernel.inspect().objects.filter(({ struct }) => struct === "Sock").length;
    kernel.spawn("closer", function* (sys) {
      const listener = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
      yield* sys.bind(listener, { path: "\0name" });
      yield* sys.listen(listener, 8);
      const clients = [];
      for (let i = 0; i < 2; i++) {
        const client = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
        yield* sys.connect(client, { path: "\0name" });
        clients.push(client);
      }
      // The first connection holds a TCP socket, whose release runs soft interrupts, and a UNIX socket on its way.
      const tcp = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
      const unix = yield* sys.socket(AF_UNIX, SOCK_STREAM, 0);
      const control = [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [tcp, unix] }];
      yield* sys.sendmsg(clients[0]!, { iov: ["x"], control }, 0);
      yield* sys.close(tcp);
      yield* sys.close(unix);
      // At the end the clients are released first, which asks for a collection, and the listener last.
    });
    kernel.run();
    expect(kernel.check()).toEqual([]);
    expect(kernel.inspect().objects.filter(({ struct }) => struct === "Sock")).toHaveLength(before);
  });
});
