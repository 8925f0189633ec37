import { AF_INET, type Kernel, O_RDONLY, type Program, SOCK_STREAM } from "../../../lib/index.ts";

const SIZE = 8192;

/** Sends a file the old way: read() brings it into the program's memory, write() takes it from there. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const socket = yield* sys.accept4(lfd, 0);
  const file = yield* sys.open("/page.html", O_RDONLY);
  const buf = sys.buffer(SIZE);
  const got = yield* sys.read(file, buf); // disk to page cache, page cache to program
  yield* sys.write(socket, buf, got); // program to packets, packets to card
  yield* sys.nanosleep({ sec: 0, nsec: 500_000 }); // meanwhile the card sends
  yield* sys.close(file);
  yield* sys.close(socket);
  yield* sys.close(lfd);
};

/** The machine: a file on the disk that nobody has read yet, and a client outside. */
export function start(kernel: Kernel): void {
  kernel.world.file("/page.html", { size: SIZE, seed: 1 });
  kernel.spawn("server", server);
  kernel.world.connect(8080);
}
