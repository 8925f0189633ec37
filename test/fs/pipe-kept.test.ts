import { expect, test } from "vitest";
import { O_RDWR, type Program } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const PAGE = 4096;
const FILE = "/f";

test("all who wait for a pipe that a splice() has kept over the disk's work get at it, though none of them keeps it", async () => {
  const kernel = await boot({ seed: 1 });
  kernel.world.file(FILE, { size: 8 * PAGE, seed: 3 });
  const seen: number[] = [];
  const main: Program = function* (sys) {
    const fds: [number, number] = [-1, -1];
    yield* sys.pipe2(fds, 0);
    const [reader, writer] = fds;
    const fd = yield* sys.open(FILE, O_RDWR);
    for (let i = 0; i < 3; i++) {
      yield* sys.fork(function* (child) {
        seen.push(yield* child.read(reader, child.buffer(PAGE), PAGE));
      });
    }
    seen.push(yield* sys.splice(fd, { value: 0 }, writer, null, 3 * PAGE, 0));
  };
  kernel.spawn("main", main);
  expect(kernel.run().sleeping).toEqual([]);
  expect(seen).toEqual([3 * PAGE, PAGE, PAGE, PAGE]);
  expect(kernel.check()).toEqual([]);
});
