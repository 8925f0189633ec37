import { describe, expect, test } from "vitest";
import { EBADF, EINVAL, ESPIPE, type Kernel, O_CREAT, O_RDWR, type Program, type Sys } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const PAGE = 4096;

/** Writes a file of some pages. */
function writer(pages: number, then?: (sys: Sys, fd: number) => ReturnType<Program>): Program {
  return function* (sys) {
    const fd = yield* sys.open("/data", O_CREAT | O_RDWR, 0o600);
    const data = sys.buffer(PAGE * 16);
    for (let page = 0; page < pages; page += 16) {
      expect(yield* sys.write(fd, data, PAGE * Math.min(16, pages - page))).toBeGreaterThan(0);
    }
    if (then) return yield* then(sys, fd);
    return 0;
  };
}

function healthy(kernel: Kernel): Kernel {
  expect(kernel.check()).toEqual([]);
  return kernel;
}

describe("fsync()", () => {
  test("DW-3: dirty pages are written and stay in the page cache, clean", async () => {
    const kernel = await boot();
    const task = kernel.spawn(
      "main",
      writer(40, function* (sys, fd) {
        expect(kernel.vmstat).toMatchObject({ nr_dirty: 40, nr_writeback: 0, nr_inactive_file: 40 });
        const before = kernel.now;
        expect(yield* sys.fsync(fd)).toBe(0);
        expect(kernel.now - before).toBeGreaterThan(10_000);
        expect(kernel.vmstat).toMatchObject({ nr_dirty: 0, nr_writeback: 0, nr_written: 40, nr_inactive_file: 40 });
        const hits = kernel.counters.cacheHits;
        expect(yield* sys.pread64(fd, sys.buffer(PAGE * 40), PAGE * 40, 0)).toBe(PAGE * 40);
        expect(kernel.counters.cacheHits).toBe(hits + 40);
        expect(yield* sys.fdatasync(fd)).toBe(0);
        return 1;
      }),
    );
    kernel.run();
    expect(task.result).toBe(1);
    expect(healthy(kernel).vmstat.nr_written).toBe(40);
  });

  test("of neighbours is few large requests", async () => {
    const kernel = await boot();
    kernel.spawn(
      "main",
      writer(256, function* (sys, fd) {
        const before = kernel.counters.dmaTransfers;
        yield* sys.fsync(fd);
        expect(kernel.counters.dmaTransfers - before).toBeLessThanOrEqual(4);
      }),
    );
    kernel.run();
    healthy(kernel);
  });
});

describe("the flusher", () => {
  test("DW-4: writes what has been dirty for 30 s, and nobody waits for it", async () => {
    const kernel = await boot();
    kernel.spawn("main", writer(40));
    expect(kernel.run()).toEqual({ reason: "idle", sleeping: [], killed: [] });
    expect(kernel.now).toBeLessThan(1e9);
    expect(healthy(kernel).vmstat).toMatchObject({ nr_dirty: 40, nr_written: 0 });
    kernel.run({ until: { time: 29e9 } });
    expect(healthy(kernel).vmstat.nr_dirty).toBe(40);
    kernel.run({ until: { time: 36e9 } });
    expect(healthy(kernel).vmstat).toMatchObject({ nr_dirty: 0, nr_writeback: 0, nr_written: 40 });
    expect(kernel.tasks.map(({ pid }) => pid)).toEqual([1]);
    expect(kernel.run({ until: { time: 1000e9 } }).reason).toBe("idle");
  });

  test("looks as often and for what is as old as the options of boot() say", async () => {
    const kernel = await boot({ vm: { dirtyWritebackCentisecs: 10, dirtyExpireCentisecs: 20 } });
    kernel.spawn("main", writer(8));
    kernel.run({ until: { time: 0.15e9 } });
    expect(kernel.vmstat.nr_written).toBe(0);
    kernel.run({ until: { time: 0.35e9 } });
    expect(kernel.vmstat.nr_written).toBe(8);
    await expect(boot({ vm: { dirtyRatio: 101 } })).rejects.toThrow(/vm.dirtyRatio .* 0 to 100/);
    await expect(boot({ vm: { nothing: 1 } as never })).rejects.toThrow(/no option of vm/);
  });

  test("DW-4: begins at 10 % of the memory, and writers are paused before it is 20 %", async () => {
    const kernel = await boot({ memoryLimit: 32 << 20 });
    let most = 0;
    const task = kernel.spawn("main", function* (sys) {
      const fd = yield* sys.open("/data", O_CREAT | O_RDWR, 0o600);
      const data = sys.buffer(PAGE);
      for (let page = 0; page < 3000; page++) {
        expect(yield* sys.write(fd, data)).toBe(PAGE);
        const { nr_dirty, nr_writeback } = kernel.vmstat;
        most = Math.max(most, nr_dirty + nr_writeback);
      }
      return 1;
    });
    kernel.run();
    expect(task.result).toBe(1);
    const { balance_dirty_pauses, nr_written } = healthy(kernel).vmstat;
    expect(balance_dirty_pauses).toBeGreaterThan(0);
    expect(nr_written).toBeGreaterThan(1500);
    expect(most).toBeGreaterThan(700);
    expect(most).toBeLessThan(1700);
  });
});

test("sync() and syncfs() write all files", async () => {
  const kernel = await boot();
  kernel.spawn("main", function* (sys) {
    const fds: number[] = [];
    for (const name of ["/a", "/b", "/c"]) {
      const fd = yield* sys.open(name, O_CREAT | O_RDWR, 0o600);
      yield* sys.write(fd, sys.buffer(3 * PAGE));
      fds.push(fd);
    }
    expect(kernel.vmstat.nr_dirty).toBe(9);
    expect(yield* sys.sync()).toBe(0);
    expect(kernel.vmstat).toMatchObject({ nr_dirty: 0, nr_writeback: 0, nr_written: 9 });
    yield* sys.pwrite64(fds[1]!, "x", 1, 0);
    expect(yield* sys.syncfs(fds[0]!)).toBe(0);
    expect(kernel.vmstat.nr_written).toBe(10);
    expect(yield* sys.syncfs(99)).toBe(-EBADF);
  });
  kernel.run();
  healthy(kernel);
});

test("sync_file_range() writes the range and nothing else", async () => {
  const kernel = await boot();
  kernel.spawn(
    "main",
    writer(40, function* (sys, fd) {
      expect(yield* sys.sync_file_range(fd, 8 * PAGE, 4 * PAGE, 2)).toBe(0);
      expect(kernel.vmstat).toMatchObject({ nr_dirty: 36, nr_writeback: 4 });
      expect(yield* sys.sync_file_range(fd, 0, 16 * PAGE, 7)).toBe(0);
      expect(kernel.vmstat).toMatchObject({ nr_dirty: 24, nr_writeback: 0, nr_written: 16 });
      expect(yield* sys.sync_file_range(fd, 39 * PAGE, 0, 7)).toBe(0);
      expect(kernel.vmstat.nr_dirty).toBe(23);
      expect(yield* sys.sync_file_range(fd, 0, 1, 8)).toBe(-EINVAL);
      expect(yield* sys.sync_file_range(fd, -1, 1, 2)).toBe(-EINVAL);
      const pipe = sys.buffer(8);
      yield* sys.syscall("pipe2", pipe, 0);
      expect(yield* sys.sync_file_range(new DataView(pipe.bytes().buffer).getInt32(0, true), 0, 1, 2)).toBe(-ESPIPE);
    }),
  );
  kernel.run();
  healthy(kernel);
});

test("a file that is removed while it is dirty, open or not, is forgotten by the flusher", async () => {
  const kernel = await boot({ vm: { dirtyWritebackCentisecs: 10, dirtyExpireCentisecs: 20 } });
  kernel.spawn(
    "main",
    writer(40, function* (sys, fd) {
      yield* sys.unlink("/data");
      expect(yield* sys.close(fd)).toBe(0);
      expect(kernel.vmstat).toMatchObject({ nr_dirty: 0, nr_inactive_file: 0 });
    }),
  );
  kernel.run({ until: { time: 5e9 } });
  expect(healthy(kernel).vmstat.nr_written).toBe(0);
});

describe("beside tasks that write for ever, and wait for it each time", () => {
  const STORED = 100;

  /** Makes a machine on which two tasks write a page until somebody is done. @param wait  how a third one waits. */
  async function beside(cpus: number, wait: (sys: Sys, fd: number) => ReturnType<Program>): Promise<void> {
    const kernel = await boot({ cpus });
    let over = false;
    for (const number of [1, 2]) {
      kernel.spawn(`writer ${number}`, function* (sys) {
        const fd = yield* sys.open("/data", O_CREAT | O_RDWR, 0o600);
        const data = sys.buffer(PAGE + 10);
        while (!over) {
          yield* sys.pwrite64(fd, data, STORED, 0);
          yield* sys.pwrite64(fd, data, PAGE + 10 - 2 * STORED, 2 * STORED);
          yield* sys.fsync(fd);
        }
      });
    }
    kernel.spawn("who waits", function* (sys) {
      const fd = yield* sys.open("/data", O_CREAT | O_RDWR, 0o600);
      for (const text of ["first", "second", "third"]) {
        yield* sys.pwrite64(fd, text, text.length, STORED);
        expect(yield* wait(sys, fd)).toBe(0);
        const onDisk = kernel.world.disk.read("/data", STORED, STORED + text.length);
        expect(new TextDecoder().decode(onDisk)).toBe(text);
      }
      over = true;
    });
    expect(kernel.run({ maxInputs: 5000 }).reason).toBe("idle");
    healthy(kernel);
  }

  test.each([1, 2])("fsync() ends, and what was written before is on the disk (%i CPUs)", async (cpus) => {
    await beside(cpus, function* (sys, fd) {
      return yield* sys.fsync(fd);
    });
  });

  test.each([1, 2])("sync() does as well (%i CPUs)", async (cpus) => {
    await beside(cpus, function* (sys) {
      return yield* sys.sync();
    });
  });

  test.each([1, 2])("so does msync() of a mapping (%i CPUs)", async (cpus) => {
    await beside(cpus, function* (sys, fd) {
      const at = yield* sys.mmap(0, PAGE, 3, 1, fd, 0);
      const result = yield* sys.msync(at, PAGE, 4);
      yield* sys.munmap(at, PAGE);
      return result;
    });
  });

  test("sync_file_range() waits for what is being written, and not for what is written after", async () => {
    await beside(1, function* (sys, fd) {
      yield* sys.sync_file_range(fd, 0, 0, 7);
      return yield* sys.sync_file_range(fd, 0, 0, 7);
    });
  });
});

test("sync() waits for files that have no name any more, as long as they are open", async () => {
  const kernel = await boot();
  kernel.spawn(
    "main",
    writer(8, function* (sys, fd) {
      yield* sys.unlink("/data");
      expect(yield* sys.sync()).toBe(0);
      expect(kernel.vmstat).toMatchObject({ nr_dirty: 0, nr_writeback: 0, nr_written: 8 });
      expect(yield* sys.close(fd)).toBe(0);
    }),
  );
  kernel.run();
  healthy(kernel);
});
