import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  HUP,
  IN,
  O_CREAT,
  O_PATH,
  O_RDWR,
  OUT,
  type Program,
  RDHUP,
  RDNORM,
  SHUT_WR,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Scenario,
  type Sys,
  WRNORM,
  scenario,
} from "../scenario.ts";
import { connecting, listening, pipe, read, tcpPair, u64, unixPair, watch, watching } from "./helpers.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const NEVER = -1;
/** Never open. */
const CLOSED = 70_000;

/** One poll of the entries given. */
function* poll(sys: Sys, timeout_ms: number, ...entries: [fd: number, events: number][]): Generator<unknown, number> {
  const fds = entries.map(([fd, events]) => ({ fd, events }));
  return (yield* sys.poll(fds, timeout_ms)) as number;
}

/** Starts a thread and waits until it sleeps. */
function* sleeper(sys: Sys, program: Program): Generator<unknown, void> {
  yield* sys.clone(THREAD, program);
  yield* sys.asleep();
}

/** poll(2) and ppoll(2), alone and asleep. */
export const polls: Scenario[] = [
  scenario(
    "PS-1: poll says what is true of every descriptor, also behind the first one that is ready",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      const efd = yield* sys.eventfd(1, 0);
      yield* poll(sys, 0, [reader, IN], [writer, OUT], [efd, IN | OUT], [reader, IN]);
      yield* sys.write(writer, "x");
      yield* poll(sys, NEVER, [reader, IN], [writer, OUT], [efd, IN], [reader, IN | RDNORM]);
    },
  ),
  scenario(
    "PS-2: a sleeping poll that is woken tells of all descriptors, not of the waking one alone",
    function* (sys) {
      const [reader] = yield* pipe(sys);
      const efd = yield* sys.eventfd(0, 0);
      const epfd = yield* watching(sys, IN, efd);
      yield* sleeper(sys, (task) => poll(task, NEVER, [epfd, IN], [reader, IN], [efd, IN], [CLOSED, 0], [efd, 0]));
      yield* sleeper(sys, (task) => poll(task, NEVER, [epfd, IN], [reader, IN], [efd, IN], [efd, 0]));
      yield* sys.write(efd, u64(1n));
      yield* sys.asleep();
    },
  ),
  scenario("PS-2: more than nine descriptors are waited for as well", function* (sys) {
    const ends: number[] = [];
    for (let i = 0; i < 40; i++) ends.push(yield* sys.eventfd(0, 0));
    yield* sleeper(sys, (task) => poll(task, NEVER, ...ends.map((fd): [number, number] => [fd, IN])));
    yield* sys.write(ends[33]!, u64(1n));
    yield* sys.asleep();
    yield* poll(sys, 0, ...ends.map((fd): [number, number] => [fd, IN]));
  }),
  scenario("PS-3: a wake-up that tells of nothing that was asked for leaves the task asleep", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    const [a, b] = yield* unixPair(sys);
    yield* sleeper(sys, (task) => poll(task, NEVER, [efd, 0], [a, RDHUP]));
    yield* sys.write(efd, u64(1n));
    yield* sys.write(b, "x");
    yield* sys.asleep();
    yield* sys.shutdown(b, SHUT_WR);
    yield* sys.asleep();
  }),
  scenario("PS-4: a negative descriptor is passed over, a closed one is NVAL and counts", function* (sys) {
    const efd = yield* sys.eventfd(1, 0);
    yield* poll(sys, 0, [-1, IN], [efd, IN], [CLOSED, IN], [-5, 0], [CLOSED, 0]);
    yield* poll(sys, 0, [-1, IN]);
    yield* sys.poll([{ fd: -1, events: IN, revents: 0xff }], 0);
    yield* poll(sys, NEVER, [CLOSED, 0]);
  }),
  scenario("PS-5: ERR and HUP are told though nothing was asked for", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [other, otherWriter] = yield* pipe(sys);
    yield* poll(sys, 0, [reader, 0], [otherWriter, 0]);
    yield* sys.close(writer);
    yield* sys.close(other);
    yield* poll(sys, 0, [reader, 0], [otherWriter, 0], [reader, IN], [otherWriter, OUT]);
  }),
  scenario("PS-5: a poll that asks for nothing is woken by a hang-up", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sleeper(sys, (task) => poll(task, NEVER, [reader, 0]));
    yield* sys.write(writer, "x");
    yield* sys.asleep();
    yield* sys.close(writer);
    yield* sys.asleep();
  }),
  scenario(
    "PS-6: more entries than RLIMIT_NOFILE are EINVAL before memory is looked at, bad memory is EFAULT",
    function* (sys) {
      yield* sys.poll(16, 2_000_000_000, 0);
      yield* sys.poll(16, -1, 0);
      yield* sys.poll(16, 1, 0);
      yield* sys.poll(16, 0, 0);
      yield* sys.poll([], 0);
      yield* sys.poll([], 1);
    },
  ),
  scenario("PS-9: ppoll tells how much of its time is left, poll does not", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    yield* sys.ppoll([{ fd: efd, events: IN }], { sec: 0, nsec: 1_000_000 });
    yield* sys.ppoll([{ fd: efd, events: OUT }], { sec: 10, nsec: 0 });
    yield* sys.ppoll([{ fd: efd, events: IN }], { sec: 0, nsec: 0 });
    yield* sys.ppoll([{ fd: efd, events: OUT }], null);
    yield* sys.ppoll([{ fd: efd, events: OUT }], { sec: 0, nsec: 1_000_000_000 });
    yield* sys.ppoll([{ fd: efd, events: OUT }], { sec: -1, nsec: 0 });
    yield* sys.ppoll([{ fd: efd, events: OUT }], { sec: 0, nsec: -1 });
    yield* poll(sys, 2, [efd, IN]);
  }),
  scenario("PS-1: a descriptor may be asked about several times, and each entry counts", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    yield* sleeper(sys, (task) => poll(task, NEVER, [efd, IN], [efd, IN], [efd, 0]));
    yield* sys.write(efd, u64(3n));
    yield* sys.asleep();
  }),
  scenario("X-15: one event wakes every task that polls the file", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    for (let i = 0; i < 3; i++) yield* sleeper(sys, (task) => poll(task, NEVER, [efd, IN]));
    yield* sys.write(efd, u64(1n));
    yield* sys.asleep();
  }),
  scenario("X-15: a poll that comes first does not take a blocked reader's place", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sleeper(sys, (task) => read(task, reader));
    yield* sleeper(sys, (task) => poll(task, NEVER, [reader, HUP]));
    yield* sleeper(sys, (task) => read(task, reader));
    yield* sys.write(writer, "one");
    yield* sys.asleep();
    yield* sys.write(writer, "two");
    yield* sys.asleep();
    yield* sys.close(writer);
    yield* sys.asleep();
  }),
  scenario(
    "PS-2: closing a descriptor in another thread does not wake a poll, and its file stays open",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      yield* sleeper(sys, (task) => poll(task, NEVER, [reader, IN]));
      yield* sys.close(reader);
      yield* sys.asleep();
      yield* sys.write(writer, "x");
      yield* sys.asleep();
      yield* sys.write(writer, "y");
    },
  ),
  scenario("PS-1: what connections say to poll: listening, connecting, half closed, reset", function* (sys) {
    const { listener, client, server } = yield* tcpPair(sys);
    const fresh = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const all = IN | OUT | RDHUP | RDNORM | WRNORM;
    yield* poll(sys, 0, [listener, all], [client, all], [server, all], [fresh, all]);
    yield* connecting(sys);
    yield* sys.send(client, "data");
    yield* sys.shutdown(client, SHUT_WR);
    yield* poll(sys, NEVER, [server, IN]);
    yield* poll(sys, 0, [listener, all], [server, all]);
    yield* sys.close(server);
    yield* poll(sys, 0, [client, all]);
  }),
  scenario("PS-10, B-11: a regular file is always ready for poll and select, and epoll refuses it", function* (sys) {
    const fd = yield* sys.open("/file", O_RDWR | O_CREAT, 0o600);
    const all = IN | OUT | RDNORM | WRNORM;
    yield* poll(sys, 0, [fd, all], [fd, IN], [fd, 0]);
    yield* poll(sys, NEVER, [fd, OUT]);
    yield* sys.select(fd + 1, { read: [fd], write: [fd], except: [fd] }, null);
    yield* watching(sys, IN, fd);
    const path = yield* sys.open("/file", O_PATH, 0);
    yield* poll(sys, 0, [path, all], [fd, IN]);
    yield* sys.select(path + 1, { read: [path] }, { sec: 0, usec: 0 });
  }),
  scenario("PS-1: an eventpoll can be polled, and two polls of it in a row say the same", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    const epfd = yield* sys.epoll_create1(0);
    yield* watch(sys, epfd, efd, IN);
    yield* poll(sys, 0, [epfd, IN]);
    yield* sleeper(sys, (task) => poll(task, NEVER, [epfd, IN | OUT]));
    yield* sys.write(efd, u64(1n));
    yield* sys.asleep();
    yield* poll(sys, 0, [epfd, IN]);
    yield* read(sys, efd, 8);
    yield* poll(sys, 0, [epfd, IN]);
  }),
  scenario("PS-2: a connection wakes a poll of the listener", function* (sys) {
    const listener = yield* listening(sys);
    yield* sleeper(sys, (task) => poll(task, NEVER, [listener, IN]));
    yield* connecting(sys);
    yield* sys.asleep();
    const fds: number[] = [];
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
  }),
  scenario("a poll wakes up when its time is over, and not before", function* (sys) {
    const efd = yield* sys.eventfd(0, 0);
    yield* sys.clone(THREAD, (task) => poll(task, 20, [efd, IN], [CLOSED - 1, 0]));
    yield* sys.clone(THREAD, (task) => poll(task, 20, [efd, IN]));
    yield* sys.nanosleep({ sec: 0, nsec: 60_000_000 });
    yield* sys.asleep();
  }),
];
