import {
  CLONE_VM,
  Kernel,
  MAP_ANONYMOUS,
  MAP_FIXED,
  MAP_PRIVATE,
  MAP_SHARED,
  O_CREAT,
  O_RDWR,
  PROT_NONE,
} from "../../lib/index.ts";
import { PROT_READ, PROT_WRITE, SIGKILL } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";
import { boot } from "../support/boot.ts";

const PAGE = 4096;
const AT = 0x2000_0000_0000;
const [ENOMEM, EFAULT] = [12, 14];
const OWN = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;

/** How many objects of a kind there are. */
const count = (kernel: Kernel, struct: string) =>
  kernel.inspect().objects.filter((object) => object.struct === struct).length;

/** What random programs have found. */
describe("memory that is mapped", () => {
  test("a heap that would end behind all addresses stays as it is", async () => {
    const kernel = await boot();
    const task = kernel.spawn("p", function* (sys) {
      const start = yield* sys.brk(0);
      yield* sys.brk(start + 2 * PAGE);
      yield* sys.store(start, "kept");
      const answers = [yield* sys.brk(-4095), yield* sys.brk(-1), yield* sys.brk(2 ** 47)];
      const text = String.fromCharCode(...(yield* sys.load(start, 4)));
      return [...answers.map((end) => end - start), text, (yield* sys.brk(start + 1)) - start];
    });
    kernel.run();
    expect(task.result).toEqual([2 * PAGE, 2 * PAGE, 2 * PAGE, "kept", 1]);
    expect(kernel.check()).toEqual([]);
  });

  test("while an area shows a file, its open file is counted once more than its descriptors", async () => {
    const kernel = await boot();
    kernel.world.file("/f", "0123456789");
    kernel.spawn("p", function* (sys) {
      const fd = yield* sys.open("/f", O_RDWR);
      yield* sys.mmap(AT, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
      yield* sys.pause();
    });
    kernel.run();
    expect(kernel.check()).toEqual([]);
  });

  test("a page that a write without memory has left behind the end of a file is not mapped with its neighbours", async () => {
    const kernel = await boot();
    const task = kernel.spawn("p", function* (sys) {
      const fd = yield* sys.open("/f", O_RDWR | O_CREAT, 0o600);
      // Every other page: the list of places on the disk is full with the fourth.
      for (let page = 0; page < 8; page += 2) yield* sys.pwrite64(fd, "x", 1, page * PAGE);
      yield* sys.mmap(AT, 16 * PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd, 0);
      const fds: number[] = [];
      yield* sys.pipe2(fds, 0);
      kernel.faults.failAllocation({ nth: 1 });
      const answers = [yield* sys.pwrite64(fd, "x", 1, 8 * PAGE)];
      yield* sys.load(AT + 6 * PAGE, 1);
      // write() tells whether the page can be read.
      answers.push(yield* sys.write(fds[1]!, AT + 8 * PAGE, 1), yield* sys.pwrite64(fd, "x", 1, 8 * PAGE));
      return [...answers, yield* sys.write(fds[1]!, AT + 8 * PAGE, 1)];
    });
    kernel.run();
    expect(task.result).toEqual([-ENOMEM, -EFAULT, 1, 1]);
    expect(kernel.check()).toEqual([]);
  });

  test("a call that sleeps has its file to itself, whatever becomes of the memory with the name", async () => {
    const kernel = await boot();
    kernel.world.file("/a", { size: 3 * PAGE, seed: 1 });
    kernel.world.file("/b", { size: 3 * PAGE, seed: 2 });
    const sizes = [0, 0];
    kernel.spawn("p", function* (sys) {
      const [first, second] = [yield* sys.open("/a", O_RDWR), yield* sys.open("/b", O_RDWR)];
      yield* sys.mmap(AT, PAGE, PROT_READ | PROT_WRITE, OWN);
      yield* sys.store(AT, "/a\0");
      yield* sys.clone(CLONE_VM, function* (own) {
        yield* own.truncate(AT, 100);
      });
      yield* sys.sched_yield();
      yield* sys.store(AT, "/b\0");
      yield* sys.truncate("/a", 5000);
      for (const [i, fd] of [first, second].entries()) sizes[i] = yield* sys.lseek(fd, 0, 2);
    });
    kernel.run();
    expect(sizes).toEqual([5000, 3 * PAGE]);
    expect(kernel.check()).toEqual([]);
  });

  test("connect() that sleeps leaves nothing behind when its address is taken away and it is killed", async () => {
    const kernel = await boot();
    const before = count(kernel, "Sock");
    kernel.spawn("p", function* (sys) {
      const listener = yield* sys.socket(1, 1, 0);
      yield* sys.bind(listener, { path: "\0a" });
      yield* sys.listen(listener, 0);
      yield* sys.mmap(AT, PAGE, PROT_READ | PROT_WRITE, OWN);
      yield* sys.store(AT, "\u0001\0\0a");
      yield* sys.connect(yield* sys.socket(1, 1, 0), AT, 4);
      const waiting = yield* sys.clone(CLONE_VM, function* (own) {
        yield* own.connect(yield* own.socket(1, 1, 0), AT, 4);
      });
      yield* sys.nanosleep({ sec: 0, nsec: 1000 });
      yield* sys.mmap(AT, PAGE, PROT_NONE, OWN);
      yield* sys.kill(waiting, SIGKILL);
    });
    kernel.run();
    expect(count(kernel, "Sock")).toBe(before);
    expect(kernel.check()).toEqual([]);
  });

  test("reading ahead ends where memory ends", async () => {
    for (let nth = 1; nth <= 12; nth++) {
      const kernel = await boot();
      kernel.world.file("/f", { size: 32 * PAGE, seed: 1 });
      const task = kernel.spawn("p", function* (sys) {
        const fd = yield* sys.open("/f", O_RDWR);
        const buffer = sys.buffer(PAGE);
        yield* sys.getpid();
        kernel.faults.failAllocation({ nth, of: "frames" });
        return [yield* sys.pread64(fd, buffer, PAGE, 0), yield* sys.pread64(fd, buffer, PAGE, 20 * PAGE)];
      });
      kernel.run();
      for (const answer of task.result as number[]) expect([PAGE, -12, -14], `allocation ${nth}`).toContain(answer);
      expect(kernel.check()).toEqual([]);
    }
  });
});
