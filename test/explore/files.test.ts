import { describe, expect, test } from "vitest";
import {
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  IOCB_CMD_PREAD,
  Kernel,
  O_DIRECT,
  O_RDWR,
  SOCK_STREAM,
  type Sys,
  everyTaskEnded,
} from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const BLOCK = 512;

/** What a program has seen of a file while a thread of it wrote to the file. */
interface Seen {
  /** What was in the program's own memory before it went on its way; "" if it never was there. */
  read: string;
  arrived: string;
}

type Road = (sys: Sys, file: number, seen: Seen) => Generator<unknown, void, number>;

/** A program that goes a road from a file to itself, and a thread that writes "NEW" over the "old" of the file. */
function beside(road: Road, flags = 0) {
  return (kernel: Kernel): Seen => {
    const seen: Seen = { read: "", arrived: "" };
    kernel.world.file("/f", new TextEncoder().encode("old".padEnd(BLOCK, ".")));
    kernel.spawn("main", function* (sys) {
      const file = yield* sys.open("/f", O_RDWR | flags);
      const written = yield* sys.open("/f", O_RDWR);
      yield* sys.clone(THREAD, function* (thread) {
        yield* thread.pwrite64(written, "NEW", 3, 0);
      });
      yield* road(sys, file, seen) as ReturnType<Parameters<Kernel["spawn"]>[1]>;
    });
    return seen;
  };
}

/** A pair of sockets, and what is read from its other end when something was put into the one. */
function* through(sys: Sys, seen: Seen, put: (socket: number) => Iterable<unknown>): Generator<never, void, number> {
  const ends: number[] = [];
  yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends) as Iterable<never>;
  const [one = -1, other = -1] = ends;
  const buffer = sys.buffer(3);
  yield* put(one) as Iterable<never>;
  yield* sys.read(other, buffer, 3) as Iterable<never>;
  seen.arrived = buffer.text(3);
}

const sendfile: Road = (sys, file, seen) => through(sys, seen, (socket) => sys.sendfile(socket, file, { value: 0 }, 3));

const copy: Road = (sys, file, seen) =>
  through(sys, seen, function* (socket) {
    const buffer = sys.buffer(3);
    yield* sys.pread64(file, buffer, 3, 0);
    seen.read = buffer.text(3);
    yield* sys.write(socket, buffer, 3);
  });

const splice: Road = (sys, file, seen) =>
  through(sys, seen, function* (socket) {
    const pipe: number[] = [];
    yield* sys.pipe2(pipe, 0);
    yield* sys.splice(file, { value: 0 }, pipe[1]!, null, 3, 0);
    yield* sys.splice(pipe[0]!, null, socket, null, 3, 0);
  });

const direct: Road = function* (sys, file, seen) {
  const context = { value: 0 };
  yield* sys.io_setup(1, context);
  const buffer = sys.buffer(BLOCK);
  yield* sys.io_submit(context.value, [sys.iocb({ opcode: IOCB_CMD_PREAD, fd: file, buf: buffer })]);
  yield* sys.io_getevents(context.value, 1, 1, []);
  seen.arrived = buffer.text(3);
};

const ring: Road = function* (sys, file, seen) {
  const requests = sys.io_uring();
  yield* requests.queue_init(1);
  const buffer = sys.buffer(3);
  requests.prep_read(file, buffer, 3, 0);
  yield* requests.submit_and_wait(1);
  seen.arrived = buffer.text(3);
};

describe.each([
  ["sendfile()", sendfile, 0],
  ["splice() through a pipe", splice, 0],
  ["an asynchronous direct read", direct, O_DIRECT],
  ["a request of a ring", ring, 0],
])("%s while another task writes to the file", (_name, road, flags) => {
  test("both the old bytes and the new ones can arrive, and nothing else", { timeout: 60_000 }, async () => {
    for (const wanted of ["old", "NEW"]) {
      const result = await (await boot()).explore(beside(road, flags), (_, { arrived }) => arrived !== wanted);
      expect(result).toMatchObject({ broken: true });
      const again = await Kernel.replay(result.journal!);
      expect(again.digest()).toBe(result.kernel!.digest());
    }
    const either = (_: Kernel, { arrived }: Seen) => arrived === "old" || arrived === "NEW";
    const all = await (await boot()).explore(beside(road, flags), either);
    expect(all).toMatchObject({ broken: false, complete: true });
  });
});

test("what a program has copied into its own memory arrives as it was, in any order", { timeout: 60_000 }, async () => {
  const same = (_: Kernel, { read, arrived }: Seen) => arrived === read;
  const result = await (await boot()).explore(beside(copy), same);
  expect(result).toMatchObject({ broken: false, complete: true });
});

test("in no order does anybody wait for ever", { timeout: 60_000 }, async () => {
  const result = await (await boot()).explore(beside(direct, O_DIRECT), everyTaskEnded);
  expect(result).toMatchObject({ broken: false, complete: true });
});
