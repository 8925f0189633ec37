import { describe, expect, test } from "vitest";
import {
  AF_UNIX,
  EINVAL,
  ESRCH,
  F_GETFL,
  F_GETOWN,
  F_GETSIG,
  F_SETFL,
  F_SETOWN,
  F_SETSIG,
  MSG_OOB,
  O_ASYNC,
  O_NONBLOCK,
  type Program,
  POLL_HUP,
  POLL_IN,
  POLL_OUT,
  POLL_PRI,
  SHUT_WR,
  SIGIO,
  SIGRTMIN,
  SIGURG,
  SI_KERNEL,
  SOCK_STREAM,
  type Sys,
} from "../../lib/index.ts";
import { boot, runProgram } from "../support/boot.ts";

const SIGNAL = SIGRTMIN + 1;

/** Notes each signal: number, code, band, and whether it is about the descriptor. */
function* note(sys: Sys, signo: number, log: unknown[]) {
  return yield* sys.sigaction(signo, function* (inner, number, info) {
    log.push([number, info.code, info.band, info.fd]);
    yield* inner.getpid();
    return 0;
  });
}

/** A file tells its task by signals. */
function* own(sys: Sys, fd: number, signo = SIGNAL, flags = 0) {
  yield* sys.fcntl(fd, F_SETOWN, yield* sys.getpid());
  yield* sys.fcntl(fd, F_SETSIG, signo);
  return yield* sys.fcntl(fd, F_SETFL, O_ASYNC | flags);
}

describe("signal-driven input and output", () => {
  test("on a pipe: every write tells the reader, every read the writer, and the end of the other side", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const log: unknown[] = [];
      yield* note(sys, SIGIO, log);
      yield* note(sys, SIGNAL, log);
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      const [out = 0, into = 0] = fds;
      yield* sys.fcntl(out, F_SETFL, O_ASYNC);
      yield* sys.write(into, "nobody is told");
      yield* own(sys, out, 0);
      yield* sys.write(into, "x");
      yield* own(sys, out);
      yield* sys.write(into, "x");
      yield* own(sys, into);
      const buf = sys.buffer(100);
      yield* sys.read(out, buf);
      yield* sys.close(into);
      return log;
    });
    expect(result).toEqual([
      [SIGIO, SI_KERNEL, 0, 0],
      [SIGNAL, POLL_IN, 0x41, 3],
      [SIGNAL, POLL_OUT, 0x304, 4],
      [SIGNAL, POLL_IN, 0x41, 3],
    ]);
    expect(kernel.check()).toEqual([]);
  });

  test("on a UNIX socket: data, half an end, and the end", async () => {
    const { kernel, result } = await runProgram(function* (sys) {
      const log: unknown[] = [];
      yield* note(sys, SIGNAL, log);
      const fds: number[] = [];
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
      const [mine = 0, other = 0] = fds;
      yield* own(sys, mine);
      yield* sys.write(other, "x");
      yield* sys.shutdown(other, SHUT_WR);
      yield* sys.close(other);
      return log;
    });
    expect(result).toEqual([
      [SIGNAL, POLL_IN, 0x41, 3],
      [SIGNAL, POLL_IN, 0x41, 3],
      [SIGNAL, POLL_HUP, 0x18, 3],
    ]);
    expect(kernel.check()).toEqual([]);
  });

  test("on TCP sockets: a connection to a listening one, data to an accepted one, and its end", async () => {
    const log: unknown[] = [];
    const server: Program = function* (sys) {
      yield* note(sys, SIGNAL, log);
      const listener = yield* sys.socket(2, SOCK_STREAM | O_NONBLOCK, 0);
      yield* sys.bind(listener, { port: 7000 });
      yield* sys.listen(listener, 8);
      yield* own(sys, listener, SIGNAL, O_NONBLOCK);
      yield* sys.pause();
      const fd = yield* sys.accept4(listener, 0);
      yield* own(sys, fd);
      for (let i = 0; i < 3; i++) yield* sys.pause();
      return "done";
    };
    const kernel = await boot();
    kernel.spawn("server", server);
    kernel.settle();
    const peer = kernel.world.connect(7000);
    kernel.run();
    peer.send("hello");
    kernel.run();
    peer.shutdown();
    kernel.run();
    expect(log.slice(0, 2)).toEqual([
      [SIGNAL, POLL_IN, 0x41, 3],
      [SIGNAL, POLL_IN, 0x41, 4],
    ]);
    expect(log.slice(2).every((entry) => JSON.stringify(entry) === JSON.stringify([SIGNAL, POLL_IN, 0x41, 4]))).toBe(
      true,
    );
    expect(log).toHaveLength(4);
    expect(kernel.check()).toEqual([]);
  });

  test("of an urgent byte: SIGURG for the owner, and what the file's signal says", async () => {
    const log: unknown[] = [];
    const { kernel } = await runProgram(function* (sys) {
      yield* note(sys, SIGURG, log);
      yield* note(sys, SIGNAL, log);
      const listener = yield* sys.socket(2, SOCK_STREAM, 0);
      yield* sys.bind(listener, { port: 7000 });
      yield* sys.listen(listener, 8);
      const client = yield* sys.socket(2, SOCK_STREAM, 0);
      yield* sys.connect(client, { port: 7000 });
      const fd = yield* sys.accept4(listener, 0);
      yield* sys.send(client, "!", 1, MSG_OOB);
      yield* sys.fcntl(fd, F_SETOWN, yield* sys.getpid());
      yield* sys.send(client, "!", 1, MSG_OOB);
      log.push("with a signal of its own");
      yield* own(sys, fd);
      yield* sys.send(client, "!", 1, MSG_OOB);
    });
    const urgent = [SIGURG, SI_KERNEL, 0, 0];
    expect(log.slice(0, 3)).toEqual([urgent, "with a signal of its own", [SIGNAL, POLL_PRI, 0x82, 5]]);
    expect(log.at(-1)).toEqual(urgent);
    expect(kernel.check()).toEqual([]);
  });

  test("is set up with fcntl: owners that are there, signals that there are", async () => {
    const { result } = await runProgram(function* (sys) {
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      const fd = fds[0]!;
      const me = yield* sys.getpid();
      return [
        yield* sys.fcntl(fd, F_SETOWN, 999),
        yield* sys.fcntl(fd, F_GETOWN),
        yield* sys.fcntl(fd, F_SETOWN, -me),
        yield* sys.fcntl(fd, F_GETOWN),
        yield* sys.fcntl(fd, F_SETSIG, 99),
        yield* sys.fcntl(fd, F_SETSIG, SIGNAL),
        yield* sys.fcntl(fd, F_GETSIG),
        yield* sys.fcntl(fd, F_SETFL, O_ASYNC),
        (yield* sys.fcntl(fd, F_GETFL)) & O_ASYNC,
      ];
    });
    expect(result).toEqual([-ESRCH, 0, 0, -1, -EINVAL, 0, SIGNAL, 0, O_ASYNC]);
  });
});
