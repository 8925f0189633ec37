import { describe, expect, test } from "vitest";
import {
  IOCB_CMD_PREAD,
  IORING_SETUP_SQPOLL,
  IOSQE_IO_LINK,
  type IoEvent,
  Kernel,
  O_DIRECT,
  type Program,
} from "../../lib/index.ts";
import { inspect, objectBy, objectsOf } from "../../lib/see/inspect.ts";

/** The machine in which a program runs, as it is at every tick of the run. */
async function runOf(program: Program): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.world.file("/data", { size: 65_536, seed: 1 });
  kernel.spawn("program", program);
  kernel.run();
  return kernel;
}

/** The ticks at which an event happens. */
function ticksOf(kernel: Kernel, event: string): number[] {
  return [...kernel.trace].filter((record) => record.event === event).map(({ tick }) => tick);
}

/** Reads a file and sends what was read, by two linked entries. */
const linked: Program = function* (sys) {
  const fds: number[] = [];
  yield* sys.pipe2(fds, 0);
  const file = yield* sys.open("/data", 0);
  const ring = sys.io_uring();
  yield* ring.queue_init(4);
  const buf = sys.buffer(512);
  ring.prep_read(file, buf, 512, 0, { flags: IOSQE_IO_LINK, user_data: 11 });
  ring.prep_write(fds[1]!, buf, 512, -1, { user_data: 12 });
  yield* ring.submit_and_wait(2);
  yield* sys.nanosleep({ sec: 0, nsec: 1000 });
  ring.take_cqes();
};

describe("the memory that a ring shares with its program", () => {
  test("holds entries until the kernel takes them, and completions until the program does", async () => {
    const kernel = await runOf(linked);
    const ringAt = (tick: number) => {
      kernel.seek(tick);
      return objectsOf(inspect(kernel.memory), "IoRings")[0];
    };
    const before = ringAt(ticksOf(kernel, "io_uring_enter")[0]!);
    const after = ringAt(ticksOf(kernel, "io_uring_complete").at(-1)!);
    expect(before!.sqes).toMatchObject([
      { index: 0, opcode: "READ", flags: "IO_LINK", user_data: "11" },
      { index: 1, opcode: "WRITE", flags: "0", user_data: "12" },
    ]);
    expect([before!.sqHead, before!.sqTail, before!.cqes]).toEqual([0, 2, []]);
    expect([after!.sqHead, after!.sqTail, after!.sqes]).toEqual([2, 2, []]);
    expect(after!.cqes).toMatchObject([
      { index: 0, user_data: "11", res: "512" },
      { index: 1, user_data: "12", res: "512" },
    ]);
  });

  test("is no other object than the frame that the ring names, and leads nowhere once the ring is gone", async () => {
    const kernel = await runOf(linked);
    kernel.seek(ticksOf(kernel, "io_uring_enter")[0]!);
    const inspection = inspect(kernel.memory);
    const [ring] = objectsOf(inspection, "IoRingCtx");
    expect(objectBy(inspection, ring!.rings)).toMatchObject({ struct: "IoRings", ctx: ring!.address });
    expect(objectBy(inspection, ring!.submitter)).toMatchObject({ struct: "TaskStruct", comm: "program" });
    kernel.seek(kernel.ticks);
    expect(objectsOf(inspect(kernel.memory), "IoRings")).toEqual([]);
  });

  test("may hold whatever a program writes there", async () => {
    const kernel = await runOf(function* (sys) {
      const ring = sys.io_uring();
      yield* ring.queue_init(4);
      ring.set_word("sq_tail", 0xffff_fff0);
      ring.set_word("cq_head", 77);
      yield* sys.sched_yield();
    });
    kernel.seek(kernel.ticks - 1);
    for (const tick of ticksOf(kernel, "sys_enter").slice(-2)) {
      kernel.seek(tick);
      const [rings] = objectsOf(inspect(kernel.memory), "IoRings");
      expect(rings!.sqes.length).toBeLessThanOrEqual(4);
      expect(rings!.cqes.length).toBeLessThanOrEqual(8);
    }
  });
});

test("a request of a chain names the one that follows, and the worker that does it", async () => {
  const kernel = await runOf(linked);
  const [queued] = ticksOf(kernel, "io_queue_iowq");
  kernel.seek(queued!);
  const inspection = inspect(kernel.memory);
  const [ring] = objectsOf(inspection, "IoRingCtx");
  const requests = ring!.reqs.map((address) => objectBy(inspection, address));
  expect(requests).toMatchObject([{ opcode: "READ", len: 512 }, { opcode: "WRITE" }]);
  expect(requests[0]).toMatchObject({ link: ring!.reqs[1] });
  const working = ticksOf(kernel, "disk_interrupt")[0]!;
  kernel.seek(working);
  const later = inspect(kernel.memory);
  const [read] = objectsOf(later, "IoKiocb").filter(({ opcode }) => opcode === "READ");
  expect(objectBy(later, read!.worker)).toMatchObject({ struct: "TaskStruct", kthread: true, request: read!.address });
});

test("a task keeps the arguments of its own call while it makes that of a request", async () => {
  const kernel = await runOf(linked);
  const own = new Set<string>();
  const [from] = ticksOf(kernel, "io_uring_enter");
  let requests = 0;
  for (let tick = from!; tick < from! + 60; tick++) {
    kernel.seek(tick);
    const [task] = objectsOf(inspect(kernel.memory), "TaskStruct").filter(({ comm }) => comm === "program");
    if (task!.nr !== 426) break;
    own.add(task!.call!);
    expect(task!.args).toEqual(["6", "2", "2", "1", "0", "8"]);
    if (task!.request !== 0) requests++;
  }
  expect([...own]).toEqual([expect.stringMatching(/^io_uring_enter\(6, 2, 2, /)]);
  expect(requests).toBeGreaterThan(0);
});

test("a ring with a thread that looks for entries names it", async () => {
  const kernel = await runOf(function* (sys) {
    const ring = sys.io_uring();
    yield* ring.queue_init(4, { flags: IORING_SETUP_SQPOLL, sq_thread_idle: 1 });
    ring.prep_nop();
    yield* ring.submit();
    yield* ring.wait_cqe();
  });
  kernel.seek(ticksOf(kernel, "io_sq_thread")[0]!);
  const inspection = inspect(kernel.memory);
  const [ring] = objectsOf(inspection, "IoRingCtx");
  expect(ring!.flags).toBe("SQPOLL");
  expect(objectBy(inspection, ring!.sq_thread)).toMatchObject({ comm: "iou-sqp", kthread: true });
});

test("an AIO ring holds the events that nobody has taken; a direct transfer names its request and its bios", async () => {
  const kernel = await runOf(function* (sys) {
    const fd = yield* sys.open("/data", O_DIRECT);
    const context = { value: 0 };
    yield* sys.io_setup(4, context);
    const requests = [21, 22].map((data, i) =>
      sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(4096), offset: 8192 * i, data }),
    );
    yield* sys.io_submit(context.value, requests);
    const events: IoEvent[] = [];
    yield* sys.io_getevents(context.value, 2, 2, events);
  });
  kernel.seek(ticksOf(kernel, "disk_interrupt")[0]!);
  const inspection = inspect(kernel.memory);
  const dios = objectsOf(inspection, "IomapDio");
  expect(dios.map(({ kiocb }) => objectBy(inspection, kiocb)?.struct)).toEqual(["AioKiocb", "AioKiocb"]);
  expect(dios.every(({ bios }) => bios.length === 1)).toBe(true);
  const completed = ticksOf(kernel, "aio_complete").at(-1)!;
  let most: readonly { data: string; res: string }[] = [];
  for (let tick = completed; tick < completed + 12; tick++) {
    kernel.seek(tick);
    const [ring] = objectsOf(inspect(kernel.memory), "AioRing");
    if (ring && ring.events.length > most.length) most = ring.events;
  }
  expect(most).toMatchObject([
    { data: "21", res: "4096" },
    { data: "22", res: "4096" },
  ]);
  const [ctx] = objectsOf(inspect(kernel.memory), "Kioctx");
  expect(objectBy(inspect(kernel.memory), ctx!.ring)).toMatchObject({ struct: "AioRing", ctx: ctx!.address });
});
