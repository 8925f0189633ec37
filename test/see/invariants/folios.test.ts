import { KERNEL_BASE, embedOffset } from "../../../lib/see/reader.ts";
import { beforeAll, expect, test } from "vitest";
import { type Kernel, O_CREAT, O_RDWR } from "../../../lib/index.ts";
import { Canary } from "../canary.ts";
import { boot } from "../../support/boot.ts";
import { layout } from "../../../lib/layout.gen.ts";

const PAGE = 4096;
const { ACTIVE, DIRTY, WRITEBACK } = layout.enums.PageFlags.values;

let kernel: Kernel;

/** A machine with clean and dirty pages, active and inactive, some being written. */
beforeAll(async () => {
  kernel = await boot();
  kernel.world.file("/read", { size: 80 * PAGE, seed: 1 });
  kernel.spawn("main", function* (sys) {
    const read = yield* sys.open("/read", 0);
    const buffer = sys.buffer(80 * PAGE);
    yield* sys.read(read, buffer);
    yield* sys.pread64(read, buffer, 8 * PAGE, 0);
    const fd = yield* sys.open("/new", O_CREAT | O_RDWR, 0o600);
    yield* sys.write(fd, buffer, 20 * PAGE);
    yield* sys.sync_file_range(fd, 0, 4 * PAGE, 2);
  });
  kernel.run({ until: () => kernel.vmstat.nr_writeback > 0 });
  expect(kernel.vmstat).toMatchObject({ nr_dirty: 16, nr_writeback: 4, nr_active_file: 8 });
  expect(kernel.check()).toEqual([]);
});

/** The folios of the page cache, the inode that has dirty ones, and the roots. */
function parts(canary: Canary) {
  const pgdat = canary.get("Kernel", KERNEL_BASE, "pgdat");
  const wb = canary.get("Kernel", KERNEL_BASE, "wb");
  const stat = canary.get("Kernel", KERNEL_BASE, "vmstat");
  const lru = embedOffset("Folio", "lru");
  const first = (list: "inactive_file" | "active_file") => canary.get("PgData", pgdat, `${list}_next`) - lru;
  const inode = canary.find("Inode", (at) => canary.get("Inode", at, "i_state") !== 0);
  return { pgdat, wb, stat, inode, inactive: first("inactive_file"), active: first("active_file") };
}

test.each<[string, (canary: Canary) => void]>([
  ["nr_inactive_file", (c) => c.add("PgData", parts(c).pgdat, "nr_inactive_file", 1)],
  ["nr_shadows", (c) => c.add("PgData", parts(c).pgdat, "nr_shadows", 1)],
  ["nr_dirty", (c) => c.add("VmStat", parts(c).stat, "nr_dirty", 1)],
  ["nr_writeback", (c) => c.add("VmStat", parts(c).stat, "nr_writeback", -1)],
  ["nr_dirty_inodes", (c) => c.add("BdiWriteback", parts(c).wb, "nr_dirty_inodes", 1)],
  ["i_state", (c) => c.set("Inode", parts(c).inode, "i_state", 0)],
  ["lru-flags", (c) => c.set("Folio", parts(c).active, "flags", c.get("Folio", parts(c).active, "flags") & ~ACTIVE)],
  ["dirty-mark", (c) => c.set("Folio", parts(c).active, "flags", c.get("Folio", parts(c).active, "flags") | DIRTY)],
  [
    "writeback-mark",
    (c) => c.set("Folio", parts(c).active, "flags", c.get("Folio", parts(c).active, "flags") | WRITEBACK),
  ],
  ["folio-index", (c) => c.add("Folio", parts(c).inactive, "index", 1)],
  ["folio-mapping", (c) => c.set("Folio", parts(c).inactive, "mapping", 0)],
  ["folio-reference", (c) => c.set("Folio", parts(c).inactive, "refcount", 0)],
  ["nrpages", (c) => c.add("Inode", parts(c).inode, "i_mapping_nrpages", 1)],
])("%s: what is broken on purpose is found", (rule, breaks) => {
  const canary = new Canary(kernel.memory);
  expect(canary.rules).toEqual([]);
  breaks(canary);
  expect(canary.rules).toContain(rule);
});
