import { describe, expect, test } from "vitest";
import { Kernel, O_CREAT, O_RDONLY, O_RDWR, digestOf } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { seeded } from "../block/disk-machine.ts";

const EIO = -5;

describe("the disk from outside", () => {
  test("shows what lies on it, whatever the page cache holds", async () => {
    const kernel = await boot();
    kernel.world.file("/seeded", { size: 100_000, seed: 12 });
    kernel.world.file("/given", "given bytes");
    const expected = seeded(12, 0, 100_000);
    expect(kernel.world.disk.read("/seeded")).toEqual(expected);
    expect(kernel.world.disk.read("/seeded", 33_333, 77_777)).toEqual(expected.slice(33_333, 77_777));
    expect(new TextDecoder().decode(kernel.world.disk.read("/given"))).toBe("given bytes");
    const before = kernel.digest();
    kernel.world.disk.read("/seeded");
    expect(kernel.digest()).toBe(before);
    expect(kernel.world.disk.digest("/seeded")).toBe(digestOf(expected));
    expect(kernel.world.disk.digest("/given")).toBe(digestOf(new TextEncoder().encode("given bytes")));
    expect(kernel.digest()).toBe(before);
    expect(() => kernel.world.disk.digest("/nothing")).toThrow(/no regular file \/nothing/);
    expect(() => kernel.world.disk.read("/nothing")).toThrow(/no regular file \/nothing/);
  });

  test("shows nothing of a file that is only in the page cache", async () => {
    const kernel = await boot();
    kernel.spawn("writer", function* (sys) {
      const fd = yield* sys.open("/new", O_RDWR | O_CREAT, 0o600);
      yield* sys.write(fd, "cached");
    });
    kernel.run();
    const bytes = kernel.world.disk.read("/new");
    expect(["cached", "\0\0\0\0\0\0"]).toContain(new TextDecoder().decode(bytes));
  });

  test("fails to read where it is told to, and the program that reads learns it; the journal tells it again", async () => {
    const kernel = await boot();
    kernel.world.file("/broken", { size: 65_536, seed: 1 });
    kernel.world.file("/whole", { size: 4096, seed: 2 });
    kernel.world.disk.failNext({ operation: "read", path: "/broken", count: 1000 });
    const task = kernel.spawn("reader", function* (sys) {
      const buffer = sys.buffer(4096);
      const [broken, whole] = [yield* sys.open("/broken", O_RDONLY), yield* sys.open("/whole", O_RDONLY)];
      return [yield* sys.read(broken, buffer, 4096), yield* sys.read(whole, buffer, 4096)];
    });
    kernel.run();
    expect(task.result).toEqual([EIO, 4096]);
    expect(kernel.check()).toEqual([]);
    expect((await Kernel.replay(kernel.journal)).digest()).toBe(kernel.digest());
  });

  test.each([
    [{ operation: "erase" }, TypeError, /operation is "read" or "write", not "erase"/],
    [{ operation: "read", path: "/nothing" }, RangeError, /ENOENT to \/nothing/],
    [{ operation: "read", count: 0 }, RangeError, /count is a whole number from 1/],
    [{ operation: "read", sector: -1 }, RangeError, /sector is a whole number from 0/],
    [{ operation: "read", when: 1 }, TypeError, /no part of a disk failure is called when/],
  ] as const)("says what is wrong with %j", async (failure, type, message) => {
    const { world } = await boot();
    expect(() => world.disk.failNext(failure as never)).toThrow(type);
    expect(() => world.disk.failNext(failure as never)).toThrow(message);
  });
});
