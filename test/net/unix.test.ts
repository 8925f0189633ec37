import { EAGAIN, EPIPE, NONBLOCK, SLEEPS } from "../fs/threads.ts";
import {
  DONTWAIT,
  ECONNREFUSED,
  ECONNRESET,
  DGRAM,
  ENOTCONN,
  OPTIONS,
  PEEK,
  SEQPACKET,
  STREAM,
  Sockets,
  TRUNC,
  UNIX,
} from "./sockets.ts";
import { catchSignal } from "../support/signals.ts";
import { describe, expect, test } from "vitest";
import { encodeAddress } from "../../lib/machine/sockaddr.ts";
import fc from "fast-check";
import { layout } from "../../lib/layout.gen.ts";
import { runProgram } from "../support/boot.ts";

const { EMSGSIZE } = layout.enums.Errno.values;
const { OUT, WRNORM, WRBAND } = layout.enums.Poll.values;
const NOTHING = { socks: 0, sockets: 0, packets: 0, requests: 0, ports: 0 };

describe("streams", () => {
  test("whatever is written in whatever pieces is read in whatever pieces, whole and in order", async () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100_000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.boolean(), size), { maxLength: 30 }), async (steps) => {
        const s = await Sockets.boot(1, { trace: false });
        const [a, b] = s.pair();
        let [written, read] = ["", ""];
        for (const [write, n] of steps) {
          if (write) {
            const text = String.fromCharCode(97 + (written.length % 26)).repeat(n);
            const value = s.t.write(0, a, text);
            if (typeof value === "number" && value > 0) written += text.slice(0, value);
            else expect(value).toBe(-EAGAIN);
          } else {
            const value = s.t.read(0, b, n);
            if (typeof value === "string") read += value;
            else expect([value, read === written]).toEqual([-EAGAIN, true]);
          }
        }
        s.t.now(0, "close", a);
        for (let more = s.t.read(0, b, 65536); more !== ""; more = s.t.read(0, b, 65536)) read += String(more);
        expect(read === written).toBe(true);
        s.t.now(0, "close", b);
        expect(s.inUse).toEqual(NOTHING);
        expect(s.t.kernel.check()).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test("what fills the buffer is the memory that the pieces take, as Linux counts it", async () => {
    const s = await Sockets.boot();
    const fill = (size: number) => {
      const [a] = s.pair();
      let count = 0;
      while (s.t.write(0, a, "x".repeat(size)) === size) count++;
      return count;
    };
    expect([fill(1), fill(4096)]).toEqual([278, 44]);
    const [a] = s.pair();
    expect(s.t.write(0, a, "x".repeat(300_000))).toBe(219_264);
  });

  test("every read of the other end is an edge for who watches for room", async () => {
    const s = await Sockets.boot();
    const [a, b] = s.pair();
    const epfd = s.t.watching(OUT | layout.enums.EpollFlags.values.ET, a);
    s.t.write(0, a, "one");
    s.t.write(0, a, "two");
    expect(s.t.ready(epfd)).toEqual([a]);
    expect(s.t.ready(epfd)).toEqual([]);
    for (let i = 0; i < 2; i++) {
      s.t.read(0, b, 3);
      expect(s.t.ready(epfd)).toEqual([a]);
    }
    const wake = [...s.t.kernel.trace].filter(({ event }) => event === "__wake_up_common").at(-1)!;
    expect(wake.args[1]).toBe(OUT | WRNORM | WRBAND);
  });

  test("a blocked writer goes on as the reader makes room", async () => {
    const s = await Sockets.boot(2);
    const [a, b] = s.pair(STREAM, 0);
    expect(s.t.write(1, a, "x".repeat(1_000_000))).toBe(SLEEPS);
    let read = 0;
    while (read < 1_000_000) read += s.t.now(0, "read", b, { out: 65536 }, 65536);
    expect(s.t.woken()).toEqual([[1, 1_000_000]]);
  });

  test("who connects to a full queue waits until somebody accepts", async () => {
    const s = await Sockets.boot(2);
    const at = encodeAddress({ path: "\0door" }, "");
    const listener = s.socket(0, UNIX);
    expect(s.t.now(0, "bind", listener, { in: at }, at.length)).toBe(0);
    expect(s.t.now(0, "listen", listener, 0)).toBe(0);
    expect(s.t.now(0, "connect", s.socket(0, UNIX), { in: at }, at.length)).toBe(0);
    const late = s.socket(0, UNIX);
    expect(s.t.call(1, "connect", late, { in: at }, at.length)).toBe(SLEEPS);
    expect(s.t.now(0, "accept4", listener, 0, 0, 0)).toBeGreaterThan(0);
    expect(s.t.woken()).toEqual([[1, 0]]);
    const other = s.t.now(0, "accept4", listener, 0, 0, 0);
    s.t.write(0, late, "in");
    expect(s.t.read(0, other, 9)).toBe("in");
    expect(s.t.kernel.check()).toEqual([]);
  });
});

describe("waiting to connect", () => {
  /** A listening socket whose queue is full, and thread 1 asleep in connect to it. */
  async function waiting(...timeout: readonly number[]) {
    const s = await Sockets.boot(2);
    catchSignal(s.t.tasks[1]!, 2);
    const at = encodeAddress({ path: "\0door" }, "");
    const listener = s.socket(0, UNIX);
    s.ok(s.t.now(0, "bind", listener, { in: at }, at.length));
    s.ok(s.t.now(0, "listen", listener, 0));
    s.ok(s.t.now(0, "connect", s.socket(0, UNIX), { in: at }, at.length));
    const late = s.socket(0, UNIX);
    if (timeout.length > 0) s.ok(s.setOption(late, OPTIONS.SNDTIMEO, ...timeout));
    expect(s.t.call(1, "connect", late, { in: at }, at.length)).toBe(SLEEPS);
    return { s, listener, late };
  }

  test("ends with EAGAIN after SO_SNDTIMEO", async () => {
    const { s } = await waiting(2, 0, 0, 0);
    while (s.t.elapse());
    expect(s.t.woken()).toEqual([[1, -EAGAIN]]);
    expect(s.t.kernel.now).toBeGreaterThanOrEqual(2_000_000_000);
  });

  test("ends with ECONNREFUSED when the listening socket is closed, which is then gone", async () => {
    const { s, listener } = await waiting();
    s.t.now(0, "close", listener);
    expect(s.t.woken()).toEqual([[1, -ECONNREFUSED]]);
    for (let fd = 0; fd < 8; fd++) s.t.now(0, "close", fd);
    expect(s.inUse).toEqual(NOTHING);
  });

  test("ends with EINTR after a signal, also when the listening socket is closed before it goes on", async () => {
    const { s, listener } = await waiting();
    s.t.tasks[1]!.signal(2);
    s.t.now(0, "close", listener);
    expect(s.t.woken()).toEqual([[1, -layout.enums.Errno.values.EINTR]]);
    for (let fd = 0; fd < 8; fd++) s.t.now(0, "close", fd);
    expect(s.inUse).toEqual(NOTHING);
    expect(s.t.kernel.check()).toEqual([]);
  });
});

describe("a blocked writer whose peer goes", () => {
  test.each([
    ["and has moved nothing: the reset is told once", true, -ECONNRESET],
    ["and has moved a part: that is told, and takes the reset with it", false, 219_264],
  ])("%s", async (_, full, answer) => {
    const s = await Sockets.boot(2);
    const [a, b] = s.pair(STREAM, 0);
    const fill = () => s.t.now(0, "sendto", a, { in: "x".repeat(4096) }, 4096, DONTWAIT, 0, 0);
    if (full) while (fill() > 0);
    expect(s.t.write(1, a, "x".repeat(1_000_000))).toBe(SLEEPS);
    s.t.now(0, "close", b);
    expect(s.t.woken()).toEqual([[1, answer]]);
    expect([s.t.write(0, a, "x"), s.t.read(0, a, 1), s.t.read(0, a, 1)]).toEqual([-EPIPE, "", ""]);
  });
});

describe("messages", () => {
  test.each([
    ["DGRAM", DGRAM],
    ["SEQPACKET", SEQPACKET],
  ])("of a %s pair keep their ends; what does not fit is lost", async (_, type) => {
    const s = await Sockets.boot();
    const [a, b] = s.pair(type);
    for (const text of ["first", "second one", ""]) expect(s.t.write(0, a, text)).toBe(text.length);
    const recv = (n: number, flags = 0) => s.t.now(0, "recvfrom", b, { out: n }, n, flags, 0, 0);
    expect([recv(100, PEEK), recv(3, TRUNC), recv(6), recv(9), recv(9)]).toEqual([5, 5, 6, 0, -EAGAIN]);
    expect(s.t.write(0, a, "x".repeat(250_000))).toBe(-EMSGSIZE);
    expect(s.t.kernel.check()).toEqual([]);
  });

  test("connect() of one that is connected tells its watchers that it can be written to", async () => {
    const s = await Sockets.boot();
    const [a] = s.pair(DGRAM);
    const name = encodeAddress({ path: "\0other" }, "");
    expect(s.t.now(0, "bind", s.socket(0, UNIX, DGRAM), { in: name }, name.length)).toBe(0);
    const epfd = s.t.watching(OUT | layout.enums.EpollFlags.values.ET, a);
    expect([s.t.ready(epfd), s.t.ready(epfd)]).toEqual([[a], []]);
    expect(s.t.now(0, "connect", a, { in: name }, name.length)).toBe(0);
    expect(s.t.ready(epfd)).toEqual([a]);
  });

  test("the end of the other one: no connection of DGRAM, the end of a SEQPACKET connection", async () => {
    const s = await Sockets.boot();
    const [a, b] = s.pair(DGRAM);
    s.t.now(0, "close", b);
    expect([s.t.write(0, a, "x"), s.t.write(0, a, "x")]).toEqual([-ECONNREFUSED, -ENOTCONN]);
    const [c, d] = s.pair(SEQPACKET);
    s.t.now(0, "close", d);
    expect([s.t.read(0, c, 9), s.t.write(0, c, "x")]).toEqual(["", -EPIPE]);
    for (const fd of [a, c]) s.t.now(0, "close", fd);
    expect(s.inUse).toEqual(NOTHING);
  });
});

test("buffers are told double of what they were set to, within limits", async () => {
  const s = await Sockets.boot();
  const [a] = s.pair();
  const set = [1, 10_000, 1_000_000].map((size) => {
    s.setOption(a, OPTIONS.SNDBUF, size);
    return s.getOption(a, OPTIONS.SNDBUF);
  });
  expect(set).toEqual([4608, 20_000, 425_984]);
});

test("sendmsg and recvmsg gather and scatter", async () => {
  const { result, kernel } = await runProgram<unknown[]>(function* (sys) {
    const fds: number[] = [];
    yield* sys.socketpair(UNIX, STREAM | NONBLOCK, 0, fds);
    const texts = ["gathered ", "from ", "three"].map((text) => sys.buffer(text.length).set(text));
    const rooms = [4, 100].map((size) => sys.buffer(size));
    const header = sys.buffer(56);
    const vector = sys.buffer(48);
    const describe = (buffers: typeof texts) => {
      vector.set(
        new Uint8Array(new BigUint64Array(buffers.flatMap((b) => [BigInt(b.address), BigInt(b.length)])).buffer),
      );
      header.set(
        new Uint8Array(BigUint64Array.of(0n, 0n, BigInt(vector.address), BigInt(buffers.length), 0n, 0n, 7n).buffer),
      );
      return header;
    };
    const sent = yield* sys.syscall("sendmsg", fds[0]!, describe(texts), 0);
    const got = yield* sys.syscall("recvmsg", fds[1]!, describe(rooms), 0);
    const empty = yield* sys.syscall("recvmsg", fds[1]!, describe(rooms), 0);
    const bad = yield* sys.syscall("recvmsg", fds[1]!, 1, 0);
    return [sent, got, rooms[0]!.text(4), rooms[1]!.text(15), empty, bad];
  });
  expect(result).toEqual([19, 19, "gath", "ered from three", -EAGAIN, -layout.enums.Errno.values.EFAULT]);
  expect(kernel.check()).toEqual([]);
});
