import {
  CLONE_FILES,
  CLONE_VM,
  ET,
  F_GETFL,
  IN,
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_DIRECTORY,
  O_EXCL,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
  OUT,
  type Program,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { pattern, read, wait, watching } from "./helpers.ts";

const FIFO = "/fifo";

/** Starts a thread that shares descriptors and memory, and waits until it sleeps. */
function* sleeper(sys: Sys, program: Program): Generator<unknown, void, unknown> {
  yield* sys.clone(CLONE_VM | CLONE_FILES, program);
  yield* sys.asleep();
}

/** Pipes with a name. */
export const fifos: Scenario[] = [
  scenario("PI-15: a reader that no writer has come to sees no hang-up, and reads 0", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const reader = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
    const epfd = yield* watching(sys, IN, reader);
    yield* wait(sys, epfd);
    yield* read(sys, reader);
    const writer = yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* wait(sys, epfd);
    yield* read(sys, reader);
    yield* sys.write(writer, "bytes");
    yield* wait(sys, epfd);
    yield* sys.close(writer);
    yield* wait(sys, epfd);
    yield* read(sys, reader);
    yield* wait(sys, epfd);
    yield* read(sys, reader);
  }),
  scenario("PI-15: a new writer clears the hang-up, and it comes back with its end", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const reader = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
    const epfd = yield* watching(sys, IN, reader);
    for (let i = 0; i < 3; i++) {
      const writer = yield* sys.open(FIFO, O_WRONLY);
      yield* wait(sys, epfd);
      yield* sys.close(writer);
      yield* wait(sys, epfd);
    }
  }),
  scenario("PI-15: a reader that opens when a writer has gone before sees no hang-up either", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const first = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
    const writer = yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sys.write(writer, "left");
    yield* sys.close(writer);
    const second = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
    const epfd = yield* watching(sys, IN, first, second);
    yield* wait(sys, epfd);
    yield* read(sys, second);
    yield* wait(sys, epfd);
  }),
  scenario("PI-16: opening for writing only is ENXIO while nobody reads, with O_NONBLOCK", function* (sys) {
    yield* sys.mkfifo(FIFO);
    yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    const both = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    const writer = yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sys.close(both);
    yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sys.write(writer, "x");
  }),
  scenario("PI-16: who opens for both is its own partner, and never hangs up", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const both = yield* sys.open(FIFO, O_RDWR);
    const epfd = yield* watching(sys, IN | OUT, both);
    yield* wait(sys, epfd);
    yield* sys.write(both, "to myself");
    yield* wait(sys, epfd);
    yield* read(sys, both);
    const writer = yield* sys.open(FIFO, O_WRONLY);
    yield* sys.close(writer);
    yield* wait(sys, epfd);
  }),
  scenario("I-5: who opens for both is hung into both wait queues: each direction is an edge", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const both = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    const epfd = yield* watching(sys, IN | OUT | ET, both);
    yield* wait(sys, epfd);
    const writer = yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sys.write(writer, "x");
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
    yield* sys.write(writer, pattern(65_536));
    yield* wait(sys, epfd);
    const reader = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
    yield* read(sys, reader, 8192);
    yield* wait(sys, epfd);
    yield* wait(sys, epfd);
  }),
  scenario("open for reading sleeps until somebody opens for writing", function* (sys) {
    yield* sys.mkfifo(FIFO);
    yield* sleeper(sys, function* (task) {
      const fd = yield* task.open(FIFO, O_RDONLY);
      yield* read(task, fd);
    });
    const writer = yield* sys.open(FIFO, O_WRONLY);
    yield* sys.asleep();
    yield* sys.write(writer, "hello");
    yield* sys.asleep();
  }),
  scenario("open for writing sleeps until somebody opens for reading", function* (sys) {
    yield* sys.mkfifo(FIFO);
    yield* sleeper(sys, function* (task) {
      const fd = yield* task.open(FIFO, O_WRONLY);
      yield* task.write(fd, "hello");
    });
    const reader = yield* sys.open(FIFO, O_RDONLY);
    yield* sys.asleep();
    yield* read(sys, reader);
  }),
  scenario("one writer lets all readers in that wait for one", function* (sys) {
    yield* sys.mkfifo(FIFO);
    for (let i = 0; i < 2; i++) {
      yield* sleeper(sys, function* (task) {
        yield* task.open(FIFO, O_RDONLY | (i === 0 ? 0 : O_APPEND));
      });
    }
    yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sys.asleep();
  }),
  scenario("a reader that waits in open lets a writer in that will not wait", function* (sys) {
    yield* sys.mkfifo(FIFO);
    yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sleeper(sys, function* (task) {
      const fd = yield* task.open(FIFO, O_RDONLY);
      yield* read(task, fd);
      yield* read(task, fd);
    });
    // The writer comes and goes before the reader has looked again: it was there all the same.
    const writer = yield* sys.open(FIFO, O_WRONLY | O_NONBLOCK);
    yield* sys.write(writer, "x");
    yield* sys.close(writer);
    yield* sys.asleep();
  }),
  scenario(
    "a reader that does not wait is no partner that goes unnoticed: it lets a writer in and goes",
    function* (sys) {
      yield* sys.mkfifo(FIFO);
      yield* sleeper(sys, function* (task) {
        const fd = yield* task.open(FIFO, O_WRONLY);
        yield* task.write(fd, "x");
      });
      const reader = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
      yield* sys.close(reader);
      yield* sys.asleep();
    },
  ),
  scenario("all who open a FIFO have one pipe: what one writer writes any reader reads", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const readers = [yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK), yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK)];
    const writers = [yield* sys.open(FIFO, O_WRONLY), yield* sys.open(FIFO, O_WRONLY)];
    yield* sys.write(writers[0]!, "one");
    yield* sys.write(writers[1]!, "two");
    yield* read(sys, readers[1]!, 4);
    yield* sys.close(writers[0]!);
    yield* read(sys, readers[0]!);
    yield* read(sys, readers[0]!);
    yield* sys.close(writers[1]!);
    yield* read(sys, readers[0]!);
  }),
  scenario("bytes that nobody has read go with the last who has the FIFO open", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const both = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    yield* sys.write(both, "lost");
    const reader = yield* sys.open(FIFO, O_RDONLY | O_NONBLOCK);
    yield* sys.close(both);
    yield* read(sys, reader, 2);
    yield* sys.close(reader);
    const again = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    yield* read(sys, again);
  }),
  scenario("an unlinked FIFO lives on with who has it open; its name is another's", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const both = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    yield* sys.unlink(FIFO);
    yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    yield* sys.mkfifo(FIFO);
    const other = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    yield* sys.write(both, "old");
    yield* read(sys, other);
    yield* read(sys, both);
    yield* sys.fstat(both, {});
    yield* sys.fstat(other, {});
    yield* sys.close(both);
    yield* sys.unlink(FIFO);
    yield* sys.unlink(FIFO);
  }),
  scenario("mkfifo makes one name once; open takes it as it is", function* (sys) {
    yield* sys.mkfifo(FIFO, 0o640);
    yield* sys.mkfifo(FIFO);
    yield* sys.stat(FIFO, {});
    yield* sys.open(FIFO, O_RDWR | O_CREAT | O_EXCL);
    yield* sys.open(FIFO, O_RDWR | O_DIRECTORY);
    yield* sys.open(FIFO, O_RDWR | O_DIRECT);
    yield* sys.open(FIFO, 3);
    for (const flag of [O_CREAT, O_TRUNC, O_APPEND, O_NONBLOCK]) {
      const fd = yield* sys.open(FIFO, O_RDWR | flag, 0o600);
      yield* sys.fcntl(fd, F_GETFL);
    }
  }),
  scenario("PI-18: a FIFO has no position", function* (sys) {
    yield* sys.mkfifo(FIFO);
    const both = yield* sys.open(FIFO, O_RDWR | O_NONBLOCK);
    yield* sys.lseek(both, 0, 0);
  }),
  scenario("mknod makes regular files, FIFOs and sockets, and no directories", function* (sys) {
    for (const mode of [0o10644, 0o100666, 0o644, 0o140644]) {
      yield* sys.mknod("/node", mode);
      yield* sys.stat("/node", {});
      yield* sys.open("/node", O_RDWR | O_NONBLOCK);
      yield* sys.unlink("/node");
    }
    for (const mode of [0o40755, 0o120644, 0o170644, 0o30000]) yield* sys.mknod("/node", mode);
    yield* sys.mknod(1, 0o40755);
    yield* sys.mknod(1, 0o10644);
    yield* sys.mknod(0, 0o10644);
    yield* sys.mknod("", 0o10644);
  }),
  scenario("unlink says what is wrong: the address, the name, the flags", function* (sys) {
    yield* sys.unlink(0);
    yield* sys.unlink("");
    yield* sys.unlink("/none");
    yield* sys.mkfifo(FIFO);
    yield* sys.unlinkat(900, "name");
    yield* sys.unlinkat(900, FIFO, 1);
    yield* sys.unlinkat(900, FIFO, 0x200);
    yield* sys.unlinkat(900, FIFO);
  }),
];
