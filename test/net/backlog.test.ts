import { AF_INET, EPOLLIN, EPOLL_CTL_ADD, type Kernel, SOCK_NONBLOCK, SOCK_STREAM } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { layout } from "../../lib/layout.gen.ts";

const { EAGAIN, EFAULT } = layout.enums.Errno.values;
const MS = 1_000_000;

/** A server that listens and accepts nothing until it is told to, by a client of its other port. */
async function listeningMachine(backlog: number): Promise<{ kernel: Kernel; accepted: number[] }> {
  const kernel = await boot();
  const accepted: number[] = [];
  kernel.spawn("server", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener, backlog);
    const signal = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(signal, { port: 81 });
    yield* sys.listen(signal, 8);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, signal, { events: EPOLLIN, data: { fd: signal } });
    for (;;) {
      yield* sys.epoll_wait(epfd, sys.epoll_events(1), 1, -1);
      yield* sys.accept4(signal, 0);
      for (let fd = 0; fd >= 0;) {
        fd = yield* sys.accept4(listener, SOCK_NONBLOCK);
        if (fd >= 0) accepted.push(fd);
      }
    }
  });
  kernel.run({ until: kernel.now + MS });
  return { kernel, accepted };
}

test("AC-9: the last step of a handshake that finds the queue full is dropped, and asked for again", async () => {
  const { kernel, accepted } = await listeningMachine(1);
  const first = kernel.world.connect(80);
  kernel.run({ until: kernel.now + 10 * MS });
  const [second, third] = kernel.world.connectMany(80, 2);
  kernel.run({ until: kernel.now + 10 * MS });
  // All three clients take themselves for connected, but only two connections wait.
  expect([first, second, third].map((peer) => peer?.state)).toEqual(["established", "established", "established"]);
  third?.send("early");
  kernel.world.connect(81);
  kernel.run({ until: kernel.now + 10 * MS });
  expect(accepted).toHaveLength(2);
  // The answer to the SYN comes again after a second, and is answered: now there is room.
  kernel.run({ until: kernel.now + 2000 * MS });
  kernel.world.connect(81);
  kernel.run({ until: kernel.now + 10 * MS });
  expect(accepted).toHaveLength(3);
  expect(kernel.check()).toEqual([]);
});

test("AC-10: no more requests are under way at once than may wait; the others' SYNs are dropped and come again", async () => {
  const { kernel, accepted } = await listeningMachine(1);
  const clients = kernel.world.connectMany(80, 6);
  kernel.run({ until: kernel.now + 10 * MS });
  expect(clients.filter(({ state }) => state === "established")).toHaveLength(2);
  for (let round = 0; round < 8; round++) {
    kernel.world.connect(81);
    kernel.run({ until: kernel.now + 1200 * MS });
  }
  expect(accepted).toHaveLength(6);
  expect(clients.every(({ state }) => state === "established")).toBe(true);
  expect(kernel.check()).toEqual([]);
});

test("AC-3: a bad address is found out when the connection was taken: EFAULT, and the connection is lost", async () => {
  const results: number[] = [];
  const kernel = await boot();
  kernel.spawn("server", function* (sys) {
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(listener, { port: 80 });
    yield* sys.listen(listener, 8);
    const client = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.connect(client, { port: 80 });
    const badAddress = 1;
    results.push(yield* sys.syscall("accept4", listener, badAddress, badAddress, 0));
    results.push(yield* sys.accept4(listener, 0));
    results.push(yield* sys.read(client, sys.buffer(8), 8));
  });
  kernel.run();
  expect(results).toEqual([-EFAULT, -EAGAIN, 0]);
  expect(kernel.check()).toEqual([]);
});
