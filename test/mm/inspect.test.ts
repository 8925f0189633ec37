import { type Kernel, O_CREAT, O_RDWR } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";
import { objectsOf } from "../../lib/see/inspect.ts";

const PAGE = 4096;

/** Makes a file dirty. */
function write(kernel: Kernel): void {
  kernel.spawn("main", function* (sys) {
    yield* sys.write(yield* sys.open("/data", O_CREAT | O_RDWR, 0o600), sys.buffer(3 * PAGE));
  });
  kernel.run();
}

test("the lists of folios and what is to be written back are shown, with the dirty files", async () => {
  const kernel = await boot();
  write(kernel);
  const inspection = kernel.inspect();
  expect(objectsOf(inspection, "PgData")).toMatchObject([
    { title: "folios (3 inactive, 0 active)", inactive: 3, active: 0, shadows: 0, kswapd: 0 },
  ]);
  const [writeback] = objectsOf(inspection, "BdiWriteback");
  expect(writeback).toMatchObject({ title: "write-back (1 file)", files: 1, dirty: 3, writeback: 0, flusher: 0 });
  const file = objectsOf(inspection, "Inode").find(({ title }) => title.includes("/data"))!;
  const links = inspection.edges.filter(({ from }) => from === writeback!.address);
  expect(links).toEqual([{ from: writeback!.address, to: file.address, kind: "dirty", label: "0" }]);
});

test("the flusher is shown where it sleeps, once it was needed", async () => {
  const kernel = await boot();
  write(kernel);
  kernel.run({ until: { time: 40e9 } });
  const inspection = kernel.inspect();
  const [writeback] = objectsOf(inspection, "BdiWriteback");
  expect(writeback).toMatchObject({ title: "write-back (0 files)", dirty: 0, writeback: 0 });
  expect(writeback!.waitQueues).toMatchObject([{ name: "wait", waiters: [{ owner: writeback!.flusher }] }]);
});

test("a machine that has never used the page cache does not show it", async () => {
  const inspection = (await boot()).inspect();
  expect([...objectsOf(inspection, "PgData"), ...objectsOf(inspection, "BdiWriteback")]).toEqual([]);
});
