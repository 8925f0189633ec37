import { ET, IN, OUT, RDHUP, type Scenario, type Sys, scenario } from "../scenario.ts";
import { tcpPair, unixPair, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** Writes until nothing more fits. How much that is differs from kernel to kernel. @returns bytes. */
function* fill(sys: Sys, fd: number): Steps<number> {
  const piece = sys.buffer(65536);
  for (let total = 0; ;) {
    const n = yield* sys.unrecorded.write(fd, piece);
    if (n < 0) return total;
    total += n;
  }
}

/** Reads all that was written. */
function* drain(sys: Sys, fd: number, total: number): Steps<void> {
  const piece = sys.buffer(65536);
  while (total > 0) {
    const n = yield* sys.unrecorded.read(fd, piece);
    if (n > 0) total -= n;
    else yield* sys.unrecorded.nanosleep({ sec: 0, nsec: 1_000_000 });
  }
}

/** Send buffers: full, drained, and who is told. */
export const tcpBuffers: Scenario[] = [
  scenario(
    "TC-3, T.full: a full TCP socket has no OUT, and has it again once the other side has read",
    function* (sys) {
      const { client, server } = yield* tcpPair(sys);
      const epfd = yield* watching(sys, IN | OUT, client);
      yield* wait(sys, epfd);
      const total = yield* fill(sys, client);
      yield* wait(sys, epfd);
      yield* sys.write(client, "no room");
      yield* drain(sys, server, total);
      yield* wait(sys, epfd);
      yield* sys.write(client, "room");
    },
  ),
  scenario("TC-4: an edge for OUT comes only if the socket was found full", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const epfd = yield* watching(sys, (OUT | ET) >>> 0, client);
    yield* wait(sys, epfd);
    yield* sys.write(client, "small");
    yield* drain(sys, server, 5);
    yield* wait(sys, epfd);
    const total = yield* fill(sys, client);
    yield* wait(sys, epfd);
    yield* drain(sys, server, total);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario("TC-11: bytes that wait in a full socket arrive after close, before the end", function* (sys) {
    const { client, server } = yield* tcpPair(sys);
    const total = yield* fill(sys, client);
    yield* sys.close(client);
    const epfd = yield* watching(sys, IN | RDHUP, server);
    yield* drain(sys, server, total);
    yield* wait(sys, epfd, 8, 500);
    yield* sys.read(server, sys.buffer(8), 8);
  }),
  scenario("UX-3, U.full2: the OUT of a UNIX stream comes back only with a quarter left", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const epfd = yield* watching(sys, OUT, a);
    let writes = 0;
    for (let full = false; !full; writes++) full = (yield* sys.unrecorded.write(a, sys.buffer(4096))) < 0;
    yield* wait(sys, epfd);
    for (let i = 0; i < 33; i++) yield* sys.unrecorded.read(b, sys.buffer(4096));
    yield* wait(sys, epfd);
    yield* sys.read(b, sys.buffer(4096), 4096);
    yield* wait(sys, epfd);
  }),
];
