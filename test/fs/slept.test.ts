import { expect, test } from "vitest";
import { Kernel, O_CREAT, O_DIRECT, O_RDWR } from "../../lib/index.ts";

const F_SETFL = 4;

test("a page that takes the place of one that a call before slept for is not taken for one that could not be read", async () => {
  const kernel = await Kernel.boot();
  const results: number[] = [];
  kernel.spawn("main", function* (sys) {
    const data = sys.buffer(4096);
    const fd = yield* sys.open("/file", O_RDWR | O_CREAT | O_DIRECT, 0o644);
    results.push(yield* sys.pwrite64(fd, data, 3584, 65_536));
    yield* sys.fcntl(fd, F_SETFL, 0);
    results.push(yield* sys.pwrite64(fd, data, 100, 69_120));
    yield* sys.ftruncate(fd, 12_800);
    results.push(yield* sys.pwrite64(fd, data, 4096, 12_800));
  });
  kernel.run();
  expect(results).toEqual([3584, 100, 4096]);
  expect(kernel.check()).toEqual([]);
});
