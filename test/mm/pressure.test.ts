import { MAP_ANONYMOUS, MAP_PRIVATE, MAP_SHARED, O_CREAT, O_RDWR, PROT_READ, PROT_WRITE } from "../../lib/index.ts";
import { type Kernel, type Sys, type UserBuffer } from "../../lib/index.ts";
import { expect, test } from "vitest";
import { boot } from "../support/boot.ts";

/*
 * A page of a file that a system call is at stays while the call takes memory for something else, however little is left.
 */

const PAGE = 4096;
const MIB = 1 << 20;
const OWN = MAP_PRIVATE | MAP_ANONYMOUS;

async function machine(): Promise<Kernel> {
  const kernel = await boot({ memoryLimit: 12 * MIB, trace: false });
  kernel.world.file("/stream", { size: 16 * MIB, seed: 2 });
  return kernel;
}

/** Fills the memory with pages that are not used: whoever wants a frame from now on takes one away. */
function* fill(sys: Sys, stream: number) {
  for (let page = 0; page < 2500; page += 8) {
    yield* sys.readahead(stream, page * PAGE, 8 * PAGE);
    yield* sys.nanosleep({ sec: 0, nsec: 3_000_000 });
  }
}

/** Stores to one page of its own after the other until a page of a file is the next to be taken away. */
function* untilFirstIsGone(sys: Sys, map: number, own: number, vec: UserBuffer) {
  for (let at = own; ; at += PAGE) {
    yield* sys.store(at, "x");
    yield* sys.mincore(map, MIB, vec);
    if ((vec.bytes()[0]! & 1) === 0) return;
  }
}

test("the page that is read stays while a page of the buffer is made", async () => {
  const kernel = await machine();
  const task = kernel.spawn("main", function* (sys) {
    const fd = yield* sys.open("/stream", O_RDWR);
    const map = yield* sys.mmap(0, 16 * MIB, PROT_READ, MAP_SHARED, fd);
    const own = yield* sys.mmap(0, 4 * MIB, PROT_READ | PROT_WRITE, OWN);
    const vec = sys.buffer(4096).set(new Uint8Array(4096));
    yield* fill(sys, fd);
    let to = own;
    for (; to < own + 300 * PAGE; to += PAGE) yield* sys.store(to, "x");
    const wrong: number[] = [];
    for (let page = 0; to < own + 4 * MIB; page++) {
      yield* sys.mincore(map, 16 * MIB, vec);
      // The oldest page that is still there: the next to be taken away.
      while (page < 4096 && (vec.bytes()[page]! & 1) === 0) page++;
      if (page === 4096) break;
      const got = yield* sys.pread64(fd, to, PAGE, page * PAGE);
      const right = kernel.world.disk.read("/stream", page * PAGE, (page + 1) * PAGE);
      if (got !== PAGE || !Buffer.from(yield* sys.load(to, PAGE)).equals(right)) wrong.push(page);
      to += PAGE;
    }
    return wrong;
  });
  kernel.run();
  expect(task.result).toEqual([]);
  expect(kernel.vmstat.pgsteal_direct).toBeGreaterThan(500);
  expect(kernel.check()).toEqual([]);
});

test.each(["read", "loaded"])("the page that is %s stays while those behind it are read ahead", async (how) => {
  const kernel = await machine();
  const task = kernel.spawn("main", function* (sys) {
    const stream = yield* sys.open("/stream", O_RDWR);
    const fd = yield* sys.open("/marked", O_CREAT | O_RDWR, 0o600);
    const buffer = sys.buffer(4 * PAGE).set(new Uint8Array(4 * PAGE).fill(7));
    yield* sys.pwrite64(fd, buffer, 4 * PAGE, 0);
    yield* sys.ftruncate(fd, MIB);
    yield* sys.fsync(fd);
    yield* sys.fadvise64(fd, 0, 0, 4);
    const map = yield* sys.mmap(0, MIB, PROT_READ, MAP_SHARED, fd);
    const own = yield* sys.mmap(0, 4 * MIB, PROT_READ | PROT_WRITE, OWN);
    const vec = sys.buffer(4096).set(new Uint8Array(4096));
    // The page table is there before the memory is full.
    yield* sys.load(map + 200 * PAGE, 1);
    // Page 1 is marked: whoever comes to it starts the next window, of holes, which are made at once.
    yield* sys.pread64(fd, buffer, PAGE, 0);
    yield* fill(sys, stream);
    yield* untilFirstIsGone(sys, map, own, vec);
    if (how === "loaded") return (yield* sys.load(map + PAGE, PAGE)).filter((byte) => byte === 7).length;
    expect(yield* sys.pread64(fd, buffer, PAGE, PAGE)).toBe(PAGE);
    return buffer
      .bytes()
      .slice(0, PAGE)
      .filter((byte) => byte === 7).length;
  });
  kernel.run();
  expect(task.result).toBe(PAGE);
  expect(kernel.vmstat.allocstall).toBeGreaterThan(1);
  expect(kernel.check()).toEqual([]);
});
