import { beforeAll, expect, test } from "vitest";
import { AF_INET, type Kernel, MAP_SHARED, PROT_READ, SOCK_STREAM } from "../../../lib/index.ts";
import { Canary } from "../canary.ts";
import { boot } from "../../support/boot.ts";
import { cacheEntries, mappingOf } from "../../../lib/see/page-cache.ts";
import { layout } from "../../../lib/layout.gen.ts";
import { pageOf } from "../../../lib/see/population.ts";
import { objectsOf } from "../../../lib/see/inspect.ts";

const PAGE = 4096;
const { LOCKED, UPTODATE } = layout.enums.PageFlags.values;

let kernel: Kernel;

/** A machine with a cached file, pages of which are mapped, in slots of a pipe, and in packets on their way. */
beforeAll(async () => {
  kernel = await boot();
  kernel.world.file("/file", { size: 16 * PAGE, seed: 1 });
  kernel.world.connect(8080, { window: 1000 });
  kernel.spawn("main", function* (sys) {
    const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.bind(lfd, { port: 8080 });
    yield* sys.listen(lfd, 8);
    const client = yield* sys.accept4(lfd, 0);
    const fd = yield* sys.open("/file", 0);
    const area = yield* sys.mmap(0, 16 * PAGE, PROT_READ, MAP_SHARED, fd, 0);
    yield* sys.load(area, 1);
    yield* sys.load(area + 12 * PAGE, 1);
    const ends: number[] = [];
    yield* sys.pipe2(ends, 0);
    yield* sys.splice(fd, null, ends[1]!, null, 2 * PAGE, 0);
    yield* sys.sendfile(client, fd, null, 2 * PAGE);
    yield* sys.read(ends[0]!, sys.buffer(1), 0);
    for (;;) yield* sys.nanosleep({ sec: 100, nsec: 0 });
  });
  kernel.run({ until: 5_000_000 });
  expect(kernel.check()).toEqual([]);
});

/** The cached page of the file with a number. */
function page(canary: Canary, index: number): number {
  const inode = canary.find("Inode", (at) => canary.get("Inode", at, "i_mapping_nrpages") > 0);
  return cacheEntries(canary.reader, mappingOf(inode)).find((entry) => entry.index === index)!.entry;
}

test("a page leads to its file, and from a pipe, a packet and an address space to the page", () => {
  const inspection = kernel.inspect();
  const [pipe] = objectsOf(inspection, "PipeInodeInfo").filter(({ used }) => used.length > 0);
  const folios = objectsOf(inspection, "Folio");
  expect(folios.map(({ index }) => index)).toEqual(Array.from({ length: 16 }, (_, i) => i));
  const inode = objectsOf(inspection, "Inode").find(({ name }) => name === "/file")!;
  expect(inode.mapping).toMatchObject({ nrpages: 16, dirty: 0, writeback: 0, areas: 1 });
  const [first] = folios;
  expect(first).toMatchObject({ inode: inode.address, flags: expect.stringContaining("UPTODATE") as string });
  const to = (kind: string) => inspection.edges.filter((edge) => edge.kind === kind).map((edge) => edge.to);
  expect(inspection.edges.filter(({ from, kind }) => from === pipe!.address && kind === "slot")).toHaveLength(2);
  expect(to("slot")).toContain(first!.address);
  expect(to("fragment")).toContain(folios[2]!.address);
  expect(to("maps")).toContain(inode.address);
  const areas = objectsOf(inspection, "MmStruct").flatMap((mm) => mm.areas);
  expect(areas.find((area) => area.inode !== 0)).toMatchObject({ inode: inode.address, offset: 0, protection: "r--s" });
  const read = objectsOf(inspection, "File").find(({ readAhead }) => readAhead !== null)!;
  expect(read.readAhead!.size).toBeGreaterThan(0);
});

test.each<[string, string, (canary: Canary) => void]>([
  ["folio-reference", "one more", (c) => c.add("Folio", page(c, 5), "refcount", 1)],
  ["folio-reference", "one less of a page in a pipe", (c) => c.add("Folio", page(c, 0), "refcount", -1)],
  ["leak", "a page that nobody has", (c) => c.set("Folio", pageOf(table(c)), "flags", UPTODATE)],
  ["folio-mapcount", "mapped once more", (c) => c.add("Folio", page(c, 1), "mapcount", 1)],
  ["folio-locked", "locked by nobody", (c) => c.add("Folio", page(c, 5), "flags", LOCKED)],
  ["f_count", "an area without its file", (c) => c.set("VmAreaStruct", area(c), "vm_file", 0)],
])("%s: %s is found", (rule, _, breaks) => {
  const canary = new Canary(kernel.memory);
  expect(canary.rules).toEqual([]);
  breaks(canary);
  expect(canary.rules).toContain(rule);
});

/** A frame that is no folio: a page table. */
function table(canary: Canary): number {
  return canary.get(
    "MmStruct",
    canary.find("MmStruct", (at) => canary.get("MmStruct", at, "pgd") !== 0),
    "pgd",
  );
}

function area(canary: Canary): number {
  return canary.find("VmAreaStruct", (at) => canary.get("VmAreaStruct", at, "vm_file") !== 0);
}

test("of a file with many pages, neighbours that are the same are one entry", async () => {
  const large = await boot();
  large.world.file("/large", { size: 10_000 * PAGE, seed: 1 });
  large.spawn("reader", function* (sys) {
    const fd = yield* sys.open("/large", 0);
    const buffer = sys.buffer(100 * PAGE);
    for (let i = 0; i < 100; i++) yield* sys.read(fd, buffer);
    for (;;) yield* sys.nanosleep({ sec: 100, nsec: 0 });
  });
  large.run({ until: 2_000_000_000 });
  const begin = performance.now();
  const folios = objectsOf(large.inspect(), "Folio");
  const middle = performance.now();
  expect(large.check()).toEqual([]);
  if (process.env["IOPATH_TIMES"]) console.log(middle - begin, performance.now() - middle);
  expect(folios.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  expect(folios.length).toBeLessThan(2000);
});
