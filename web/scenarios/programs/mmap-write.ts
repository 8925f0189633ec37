import {
  AF_INET,
  type Kernel,
  MAP_SHARED,
  O_RDONLY,
  PROT_READ,
  type Program,
  SOCK_STREAM,
} from "../../../lib/index.ts";

const SIZE = 8192;

/** Sends a file that is mapped: no read(), but write() still copies, from the cached pages into packets. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const socket = yield* sys.accept4(lfd, 0);
  const file = yield* sys.open("/page.html", O_RDONLY);
  const address = yield* sys.mmap(0, SIZE, PROT_READ, MAP_SHARED, file, 0); // an area, and no page yet
  yield* sys.write(socket, address, SIZE); // the pages come by faults, and the CPU copies them
  yield* sys.nanosleep({ sec: 0, nsec: 500_000 }); // meanwhile the card sends
  yield* sys.munmap(address, SIZE);
  yield* sys.close(file);
  yield* sys.close(socket);
  yield* sys.close(lfd);
};

/** The machine: a file on the disk, and a client outside. */
export function start(kernel: Kernel): void {
  kernel.world.file("/page.html", { size: SIZE, seed: 1 });
  kernel.spawn("server", server);
  kernel.world.connect(8080);
}
