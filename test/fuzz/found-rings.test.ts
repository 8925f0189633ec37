import { describe, expect, test } from "vitest";
import {
  AF_UNIX,
  IOCB_CMD_POLL,
  IORING_OP_OPENAT,
  IORING_OP_SPLICE,
  type IoEvent,
  Kernel,
  O_RDONLY,
  POLLHUP,
  POLLIN,
  type Program,
  SIGKILL,
  SIGUSR1,
  SOCK_STREAM,
} from "../../lib/index.ts";

/*
 * What fuzzing has found about rings and asynchronous requests, each as the shortest program that shows it.
 */

const AT_FDCWD = -100;

/** A machine that has run one program, as far as that goes. */
async function started(program: (kernel: Kernel) => Program): Promise<Kernel> {
  const kernel = await Kernel.boot({ poison: true });
  kernel.spawn("main", program(kernel));
  kernel.run();
  return kernel;
}

describe("a request that no worker can be made for", () => {
  test("gives its descriptor back if it waits for the other side of a FIFO, whichever allocation fails", async () => {
    for (let nth = 1; nth < 16; nth++) {
      const kernel = await started(
        ({ faults }) =>
          function* (sys) {
            yield* sys.mkfifo("/fifo");
            const path = sys.buffer(8);
            path.set(new TextEncoder().encode("/fifo\0"));
            const ring = sys.io_uring();
            yield* ring.queue_init(4);
            ring.prep_nop({ opcode: IORING_OP_OPENAT, fd: AT_FDCWD, addr: path, op_flags: O_RDONLY, user_data: 1 });
            faults.failAllocation({ nth });
            yield* ring.submit();
            yield* sys.pause();
          },
      );
      expect({ nth, broken: kernel.check() }).toEqual({ nth, broken: [] });
    }
  });
});

describe("SIGKILL", () => {
  test("ends a task that waits for a pipe which a worker of its own has to itself", async () => {
    const kernel = await started(
      () =>
        function* (sys) {
          const [ends, pipe, other]: number[][] = [[], [], []];
          yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, ends!);
          yield* sys.pipe2(pipe!);
          yield* sys.pipe2(other!);
          const ring = sys.io_uring();
          yield* ring.queue_init(4);
          ring.prep_nop({
            opcode: IORING_OP_SPLICE,
            fd: pipe![1]!,
            off: -1,
            addr: -1,
            len: 10,
            file_index: ends![0]!,
            user_data: 1,
          });
          yield* ring.submit();
          yield* sys.poll([], 1);
          yield* sys.tee(pipe![0]!, other![1]!, 10, 0);
        },
    );
    expect(kernel.tasks.map(({ state }) => state)).toContain("uninterruptible");
    kernel.task(1).signal(SIGKILL);
    kernel.run();
    expect(kernel.check()).toEqual([]);
    expect(kernel.inspect().objects.filter(({ struct }) => struct === "PipeInodeInfo")).toEqual([]);
  });
});

describe("a task that ends", () => {
  test("lets a ring go of which only a request of another ring has the file", async () => {
    const kernel = await started(
      () =>
        function* (sys) {
          const [first, second] = [sys.io_uring(), sys.io_uring()];
          yield* first.queue_init(4);
          yield* second.queue_init(4);
          first.prep_poll_add(second.fd, POLLIN, { user_data: 1 });
          yield* first.submit();
          yield* sys.close(second.fd);
        },
    );
    expect(kernel.check()).toEqual([]);
    expect(kernel.inspect().objects.filter(({ struct }) => struct === "IoRingCtx")).toEqual([]);
  });
});

describe("an asynchronous poll", () => {
  test("of signals is over when the task ends that has asked, and its process with it: HUP", async () => {
    const kernel = await Kernel.boot({ poison: true });
    const seen: unknown[] = [];
    const ctx = { value: 0 };
    const parent = kernel.spawn("parent", function* (sys) {
      yield* sys.io_setup(4, ctx);
      yield* sys.poll([], 1);
      yield* sys.wait4(-1, null, 0);
      const events: IoEvent[] = [];
      seen.push(yield* sys.io_getevents(ctx, 1, 1, events), events[0]?.res);
    });
    kernel.spawn(
      "child",
      function* (sys) {
        const fd = yield* sys.signalfd(-1, [SIGUSR1], 0);
        seen.push(yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_POLL, fd, buf: POLLIN })]));
      },
      { parent, files: "shared" },
    );
    kernel.run();
    expect(kernel.check()).toEqual([]);
    expect(seen).toEqual([1, 1, POLLHUP]);
  });

  test("that has the last reference to its file is gone with a task that a signal ends", async () => {
    const kernel = await started(
      () =>
        function* (sys) {
          const ctx = { value: 0 };
          yield* sys.io_setup(4, ctx);
          const fd = yield* sys.eventfd(0, 0);
          yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_POLL, fd, buf: POLLIN })]);
          yield* sys.close(fd);
          yield* sys.pause();
        },
    );
    kernel.task(1).signal(SIGKILL);
    kernel.run();
    expect(kernel.inspect().objects.filter(({ struct }) => struct === "AioKiocb" || struct === "EventfdCtx")).toEqual(
      [],
    );
    expect(kernel.check()).toEqual([]);
  });
});

describe("a disk that reads very many pages that follow each other", () => {
  test("has them all", async () => {
    const kernel = await Kernel.boot({ poison: true });
    kernel.world.file("/large", { size: 1 << 20 });
    const task = kernel.adopt("reader");
    const opened = task.submit("open", { in: new TextEncoder().encode("/large\0") }, O_RDONLY, 0);
    expect(task.submit("readahead", opened.done ? opened.value : -1, 0, 1 << 20)).toMatchObject({ value: 0 });
    expect(kernel.check()).toEqual([]);
  });
});
