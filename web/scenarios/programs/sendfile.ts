import { AF_INET, type Kernel, O_RDONLY, type Program, SOCK_STREAM } from "../../../lib/index.ts";

const SIZE = 12_288;

/** Sends a file to a client twice: first without the CPU touching a byte of it, then by way of its own memory. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const socket = yield* sys.accept4(lfd, 0);
  const file = yield* sys.open("/page.html", O_RDONLY);
  yield* sys.sendfile(socket, file, null, SIZE); // packets refer to the cached pages; the card gathers them
  yield* sys.nanosleep({ sec: 0, nsec: 500_000 });
  yield* sys.lseek(file, 0, 0);
  const buf = sys.buffer(SIZE);
  const got = yield* sys.read(file, buf); // one copy by the CPU: page cache to program
  yield* sys.write(socket, buf, got); // and another: program to packets
  yield* sys.close(file);
  yield* sys.close(socket);
  yield* sys.close(lfd);
};

/** The machine: a card that can gather, a file on the disk, and a client outside. */
export function start(kernel: Kernel): void {
  kernel.world.file("/page.html", { size: SIZE, seed: 1 });
  kernel.spawn("server", server);
  kernel.world.connect(8080);
}
