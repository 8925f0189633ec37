import { CLONE_FILES, CLONE_VM, ET, IN, OUT, SHUT_WR, type Scenario, type Sys, scenario } from "../scenario.ts";
import { pipe, read, tcpPair, u64, unixPair, wait, watching } from "./helpers.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const NOW = () => ({ sec: 0, usec: 0 });

/** Starts a thread and waits until it sleeps. */
function* sleeper(sys: Sys, wait: (task: Sys) => Iterable<unknown>): Generator<unknown, void> {
  yield* sys.clone(THREAD, function* (task) {
    yield* wait(task);
  });
  yield* sys.asleep();
}

/** select(2) and pselect6(2), alone and asleep. */
export const selects: Scenario[] = [
  scenario("PS-7: select leaves in its sets what is ready, and counts bits, not descriptors", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    yield* sys.select(b + 1, { read: [a, b], write: [a, b], except: [a, b] }, NOW());
    yield* sys.send(a, "x");
    yield* sys.select(b + 1, { read: [a, b], write: [b], except: [] }, NOW());
    yield* sys.select(b + 1, { read: [b], write: [b], except: [b] }, null);
    yield* sys.select(a + 1, { read: [a, b] }, NOW());
    yield* sys.select(0, {}, NOW());
  }),
  scenario(
    "PS-7: a hang-up makes readable but not writable, an error both, and neither is exceptional",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      const [other, otherWriter] = yield* pipe(sys);
      yield* sys.close(writer);
      yield* sys.close(other);
      const nfds = otherWriter + 1;
      yield* sys.select(
        nfds,
        { read: [reader, otherWriter], write: [otherWriter], except: [reader, otherWriter] },
        NOW(),
      );
      yield* sys.select(nfds, { write: [reader] }, NOW());
      const { client, server } = yield* tcpPair(sys);
      yield* sys.shutdown(client, SHUT_WR);
      yield* sys.select(server + 1, { read: [server], except: [server] }, null);
    },
  ),
  scenario(
    "PS-8: a closed descriptor is EBADF, a number beyond the table is ignored, and the sets stay as they were",
    function* (sys) {
      const efd = yield* sys.eventfd(1, 0);
      const closed = yield* sys.dup(efd);
      yield* sys.close(closed);
      yield* sys.select(closed + 1, { read: [efd, closed] }, NOW());
      yield* sys.select(closed + 1, { read: [efd], except: [closed] }, NOW());
      yield* sys.select(closed, { read: [efd, closed] }, NOW());
      yield* sys.select(70_001, { read: [70_000] }, NOW());
      yield* sys.select(70_001, { read: [efd] }, NOW());
    },
  ),
  scenario("PS-8: a negative number of descriptors is EINVAL, but a bad time comes first", function* (sys) {
    yield* sys.select(-1, {}, NOW());
    yield* sys.select(-1, {}, 16);
    yield* sys.select(-1, {}, { sec: -1, usec: 0 });
    yield* sys.select(0, {}, { sec: -1, usec: 0 });
    yield* sys.select(0, {}, { sec: 0, usec: -1 });
    yield* sys.pselect6(0, {}, { sec: 0, nsec: 1_000_000_000 });
    yield* sys.pselect6(-1, {}, { sec: 0, nsec: 0 });
  }),
  scenario("PS-8: bad memory is EFAULT, of each set", function* (sys) {
    const efd = yield* sys.eventfd(1, 0);
    yield* sys.select(efd + 1, { read: 16 }, NOW());
    yield* sys.select(efd + 1, { read: [efd], write: 16 }, NOW());
    yield* sys.select(efd + 1, { read: [efd], except: 16 }, NOW());
    yield* sys.select(0, { read: 16 }, NOW());
  }),
  scenario("PS-9: select and pselect6 write back how much of their time is left", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    yield* sys.select(efd + 1, { write: [efd] }, { sec: 10, usec: 0 });
    yield* sys.select(efd + 1, { read: [efd] }, { sec: 0, usec: 1_000 });
    yield* sys.select(efd + 1, { read: [efd] }, { sec: 0, usec: 0 });
    yield* sys.select(efd + 1, { write: [efd] }, { sec: 0, usec: 20_000_000 });
    yield* sys.select(efd + 1, { write: [efd] }, { sec: -1, usec: 20_000_000 });
    yield* sys.pselect6(efd + 1, { write: [efd] }, { sec: 10, nsec: 0 });
    yield* sys.pselect6(efd + 1, { read: [efd] }, { sec: 0, nsec: 1_000_000 });
    yield* sys.pselect6(efd + 1, { write: [efd] }, null);
  }),
  scenario("PS-10: an end of a pipe that never changes is told the same each time", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    for (let i = 0; i < 3; i++) yield* sys.select(writer + 1, { read: [reader], write: [writer] }, NOW());
    yield* sys.write(writer, "x");
    for (let i = 0; i < 3; i++) yield* sys.select(writer + 1, { read: [reader], write: [writer] }, NOW());
  }),
  scenario("PS-2: a sleeping select that is woken tells of all descriptors", function* (sys) {
    const [reader] = yield* pipe(sys);
    const efd = yield* sys.eventfd(0, 0);
    const epfd = yield* watching(sys, IN, efd);
    yield* sleeper(sys, (task) => task.select(epfd + 1, { read: [reader, efd, epfd], except: [efd] }, null));
    yield* sys.write(efd, u64(1n));
    yield* sys.asleep();
  }),
  scenario("PS-3: a select for writing is not woken by what arrives, one for reading by room", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const efd = yield* sys.eventfd(0, 0);
    yield* sys.write(efd, u64((1n << 64n) - 2n));
    yield* sys.write(writer, new Uint8Array(65_536));
    yield* sleeper(sys, (task) => task.select(efd + 1, { write: [writer, efd] }, null));
    yield* sys.write(efd, u64(0n));
    yield* sys.asleep();
    yield* read(sys, reader, 4096);
    yield* sys.asleep();
  }),
  scenario(
    "PS-7: of many descriptors each is asked about once, whichever word of the set its bit is in",
    function* (sys) {
      const fds: number[] = [];
      for (let i = 0; i < 150; i++) fds.push(yield* sys.eventfd(i % 50 === 3 ? 1 : 0, 0));
      const nfds = fds.at(-1)! + 1;
      yield* sys.select(nfds, { read: [...fds] }, NOW());
      yield* sys.select(nfds, { read: [fds[3]!, fds[4]!, fds[68]!, fds[103]!], write: [fds[149]!] }, NOW());
      yield* sys.select(nfds - 1, { write: [fds[0]!, fds[64]!, fds[128]!, fds[149]!] }, NOW());
      yield* sleeper(sys, (task) => task.select(nfds, { read: fds.filter((_, i) => i % 50 !== 3) }, null));
      yield* sys.write(fds[140]!, u64(1n));
      yield* sys.asleep();
    },
  ),
  scenario("X-15: one event wakes every task that selects the file", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    for (let i = 0; i < 3; i++) yield* sleeper(sys, (task) => task.select(efd + 1, { read: [efd] }, null));
    yield* sys.write(efd, u64(1n));
    yield* sys.asleep();
  }),
  scenario(
    "PS-8: a descriptor that is closed while select sleeps becomes readable, writable and exceptional",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      const efd = yield* sys.eventfd(0, 0);
      yield* sleeper(sys, (task) => task.select(efd + 1, { read: [reader, efd], except: [reader] }, null));
      yield* sys.close(reader);
      yield* sys.asleep();
      yield* sys.write(efd, u64(1n));
      yield* sys.asleep();
      yield* sys.write(writer, "x");
    },
  ),
  scenario("select, poll and epoll_wait agree on what is ready", function* (sys) {
    const [a, b] = yield* unixPair(sys);
    const [reader, writer] = yield* pipe(sys);
    const fds = [a, b, reader, writer];
    const epfd = yield* watching(sys, IN | OUT, ...fds);
    const nfds = writer + 1;
    const ask = function* (): Generator<unknown, void> {
      yield* wait(sys, epfd);
      yield* sys.poll(
        fds.map((fd) => ({ fd, events: IN | OUT })),
        0,
      );
      yield* sys.select(nfds, { read: [...fds], write: [...fds] }, NOW());
    };
    yield* ask();
    yield* sys.write(a, "x");
    yield* sys.write(writer, "x");
    yield* ask();
    yield* read(sys, b, 8);
    yield* sys.close(a);
    yield* ask();
    yield* watching(sys, IN | ET, b);
  }),
];
