import { describe, expect, test } from "vitest";
import { Kernel, type Program } from "../../lib/index.ts";
import { inspect } from "../../lib/see/inspect.ts";
import { isInUse, slabs } from "../../lib/see/population.ts";
import { Reader } from "../../lib/see/reader.ts";
import { layout } from "../../lib/layout.gen.ts";
import { busyMachine, socketMachine } from "./machine.ts";

/** A machine with rings of both kinds, and requests that wait. */
async function ringMachine(): Promise<Kernel> {
  const kernel = await Kernel.boot({ seed: 1 });
  const program: Program = function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    const context = { value: 0 };
    yield* sys.io_setup(4, context);
    const ring = sys.io_uring();
    yield* ring.queue_init(4);
    ring.prep_read(fds[0]!, sys.buffer(8), 8, -1, { user_data: 7 });
    yield* ring.submit_and_wait(1);
  };
  kernel.spawn("ring", program);
  kernel.settle();
  return kernel;
}

const machines = [
  ["files and eventpolls", busyMachine],
  ["sockets", socketMachine],
  ["rings", ringMachine],
] as const;

describe.each(machines)("of a machine with %s", (_, start) => {
  test("every object that an inspection tells of is in use", async () => {
    const { memory } = await start();
    const reader = new Reader(memory);
    const lost = inspect(memory).objects.filter(({ struct, address }) => !isInUse(reader, struct, address));
    expect(lost.map(({ title }) => title)).toEqual([]);
  });

  test("a free object is none of any struct, whatever its cache, and all others are of their own", async () => {
    const reader = new Reader((await start()).memory);
    let seen = 0;
    for (const { type, base, stride, objects, isFree } of slabs(reader)) {
      for (let i = 0, address = base; i < objects; i++, address += stride) {
        expect(isInUse(reader, type, address), `${type} ${address}`).toBe(isFree[i] === 0);
        if (isFree[i] !== 0) expect(isInUse(reader, "ListHead", address + 4)).toBe(false);
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(100);
  });
});

test("no struct with a cache of its own can be seen where an object of another one lies", async () => {
  const { memory } = await busyMachine();
  const reader = new Reader(memory);
  const [task] = inspect(memory).objects.filter(({ struct }) => struct === "TaskStruct");
  const seen = Object.keys(layout.enums.CacheType.values).filter((struct) => isInUse(reader, struct, task!.address));
  expect(seen).toEqual(["TaskStruct"]);
  // What has no cache may lie inside of it.
  expect(isInUse(reader, "Hrtimer", task!.address + 8)).toBe(true);
});

test("a frame that is free holds no folio", async () => {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.world.file("/data", { size: 4096, seed: 1 });
  kernel.spawn("reader", function* (sys) {
    const fd = yield* sys.open("/data", 0);
    yield* sys.read(fd, sys.buffer(4096), 4096);
    yield* sys.close(fd);
    yield* sys.unlink("/data");
  });
  kernel.run();
  // read(2) has number 0.
  const read = [...kernel.trace].find(({ event, args }) => event === "sys_exit" && args[0] === 0)!.tick;
  const end = kernel.ticks;
  kernel.seek(read);
  const folio = inspect(kernel.memory).objects.find(({ struct }) => struct === "Folio")!;
  expect(isInUse(new Reader(kernel.memory), "Folio", folio.address)).toBe(true);
  kernel.seek(end);
  expect(isInUse(new Reader(kernel.memory), "Folio", folio.address)).toBe(false);
});
