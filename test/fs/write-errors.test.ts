import { EIO, MAP_SHARED, MS_SYNC, O_CREAT, O_DSYNC, O_RDWR, O_SYNC, PROT_READ, PROT_WRITE } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import type { Kernel, Program } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const PAGE = 4096;
const WRITE = O_CREAT | O_RDWR;

/** Runs a program to its end, on a machine whose flusher never looks by itself. */
async function run(program: (kernel: Kernel) => Program): Promise<Kernel> {
  const kernel = await boot({ vm: { dirtyWritebackCentisecs: 0 } });
  kernel.spawn("main", program(kernel));
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return kernel;
}

/** The next write of the disk fails. */
function fail(kernel: Kernel): void {
  kernel.world.disk.failNext({ operation: "write" });
}

// What the real kernel answers was seen with ext4 over a loop device whose file lies on a full tmpfs.
describe("what could not be written", () => {
  test("is told once to each file that was open then, or is opened before anybody was told", async () => {
    await run((kernel) => {
      return function* (sys) {
        const a = yield* sys.open("/f", WRITE, 0o600);
        const b = yield* sys.open("/f", WRITE, 0o600);
        yield* sys.write(a, sys.buffer(3 * PAGE));
        fail(kernel);
        expect([yield* sys.fsync(a), yield* sys.fsync(a)]).toEqual([-EIO, 0]);
        const late = yield* sys.open("/f", WRITE, 0o600);
        expect(yield* sys.fsync(late)).toBe(0);
        expect([yield* sys.fdatasync(b), yield* sys.fsync(b)]).toEqual([-EIO, 0]);
        yield* sys.pwrite64(a, "x", 1, 0);
        fail(kernel);
        yield* sys.sync();
        const unseen = yield* sys.open("/f", WRITE, 0o600);
        expect([yield* sys.fsync(unseen), yield* sys.fsync(a), yield* sys.fsync(late)]).toEqual([-EIO, -EIO, -EIO]);
      };
    });
  });

  test("stays in memory, up to date and clean, and is not tried again", async () => {
    const kernel = await run((machine) => {
      return function* (sys) {
        const fd = yield* sys.open("/f", WRITE, 0o600);
        yield* sys.write(fd, "what was written");
        fail(machine);
        expect(yield* sys.fsync(fd)).toBe(-EIO);
        expect(machine.vmstat).toMatchObject({ nr_dirty: 0, nr_writeback: 0, nr_inactive_file: 1 });
        const buffer = sys.buffer(16);
        expect(yield* sys.pread64(fd, buffer, 16, 0)).toBe(16);
        expect(buffer.text()).toBe("what was written");
        expect(yield* sys.fsync(fd)).toBe(0);
      };
    });
    expect([...kernel.world.disk.read("/f")]).toEqual(Array.from({ length: 16 }, () => 0));
  });

  test("is told by sync_file_range() as by fsync(), once by either", async () => {
    await run((kernel) => {
      return function* (sys) {
        const fd = yield* sys.open("/f", WRITE, 0o600);
        yield* sys.write(fd, sys.buffer(PAGE));
        fail(kernel);
        expect([yield* sys.sync_file_range(fd, 0, 0, 7), yield* sys.fsync(fd)]).toEqual([-EIO, 0]);
      };
    });
  });

  test("of any file is told by syncfs(), once to each open file", async () => {
    await run((kernel) => {
      return function* (sys) {
        const a = yield* sys.open("/f", WRITE, 0o600);
        const other = yield* sys.open("/g", WRITE, 0o600);
        yield* sys.write(a, sys.buffer(PAGE));
        fail(kernel);
        expect(yield* sys.fsync(a)).toBe(-EIO);
        // fsync() and syncfs() tell each for itself.
        expect([yield* sys.syncfs(other), yield* sys.syncfs(other)]).toEqual([-EIO, 0]);
        expect([yield* sys.syncfs(a), yield* sys.syncfs(a)]).toEqual([-EIO, 0]);
        expect(yield* sys.syncfs(yield* sys.open("/h", WRITE, 0o600))).toBe(0);
      };
    });
  });
});

describe("what waits for the disk by itself", () => {
  test.each([
    ["O_SYNC", O_SYNC],
    ["O_DSYNC", O_DSYNC],
  ])("%s: write() comes back when the bytes are on the disk, or says that they are not", async (_, flag) => {
    await run((kernel) => {
      return function* (sys) {
        const fd = yield* sys.open("/f", WRITE | flag, 0o600);
        expect(yield* sys.write(fd, "on the disk")).toBe(11);
        expect(new TextDecoder().decode(kernel.world.disk.read("/f"))).toBe("on the disk");
        fail(kernel);
        expect(yield* sys.pwrite64(fd, "in memory", 9, 0)).toBe(-EIO);
        expect(new TextDecoder().decode(kernel.world.disk.read("/f"))).toBe("on the disk");
        expect(yield* sys.fsync(fd)).toBe(0);
      };
    });
  });

  test("msync(MS_SYNC) writes what was stored, to a hole too", async () => {
    await run((kernel) => {
      return function* (sys) {
        const fd = yield* sys.open("/f", WRITE, 0o600);
        yield* sys.ftruncate(fd, 4 * PAGE);
        const at = yield* sys.mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        yield* sys.store(at + 2 * PAGE, "stored");
        expect(yield* sys.msync(at, 4 * PAGE, MS_SYNC)).toBe(0);
        expect(new TextDecoder().decode(kernel.world.disk.read("/f", 2 * PAGE, 2 * PAGE + 6))).toBe("stored");
        fail(kernel);
        yield* sys.store(at, "lost");
        expect([yield* sys.msync(at, PAGE, MS_SYNC), yield* sys.msync(at, PAGE, MS_SYNC)]).toEqual([-EIO, 0]);
      };
    });
  });
});

describe("what a write reads first", () => {
  test("DW-1: nothing, if it is of whole pages or begins at the end; the page, if it is of a part of one", async () => {
    await run((kernel) => {
      kernel.world.file("/f", { size: 8 * PAGE, seed: 1 });
      return function* (sys) {
        const fd = yield* sys.open("/f", WRITE, 0o600);
        const before = kernel.counters.dmaTransfers;
        yield* sys.pwrite64(fd, sys.buffer(PAGE), PAGE, PAGE);
        yield* sys.pwrite64(fd, "behind the end", 14, 8 * PAGE);
        expect(kernel.counters.dmaTransfers).toBe(before);
        yield* sys.pwrite64(fd, "a part", 6, 3 * PAGE + 10);
        expect(kernel.counters.dmaTransfers).toBe(before + 1);
      };
    });
  });

  test("DW-2: pages are counted when they become dirty, once each until they are written", async () => {
    await run((kernel) => {
      return function* (sys) {
        const fd = yield* sys.open("/f", WRITE, 0o600);
        for (let time = 0; time < 3; time++) yield* sys.pwrite64(fd, sys.buffer(2 * PAGE), 2 * PAGE, 0);
        expect(kernel.vmstat).toMatchObject({ nr_dirtied: 2, nr_written: 0 });
        yield* sys.fsync(fd);
        yield* sys.pwrite64(fd, "again", 5, 0);
        expect(kernel.vmstat).toMatchObject({ nr_dirtied: 3, nr_written: 2 });
        yield* sys.ftruncate(fd, 0);
        expect(kernel.vmstat).toMatchObject({ nr_dirtied: 3, nr_dirty: 0, nr_written: 2 });
      };
    });
  });
});
