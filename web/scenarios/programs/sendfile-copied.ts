import { AF_INET, type Kernel, O_RDONLY, type Program, SOCK_STREAM } from "../../../lib/index.ts";

const SIZE = 8192;

/** sendfile() with a card that cannot gather a packet from several places: the CPU has to put it together. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const socket = yield* sys.accept4(lfd, 0);
  const file = yield* sys.open("/page.html", O_RDONLY);
  yield* sys.sendfile(socket, file, null, SIZE); // no byte comes to the program, and yet each is copied once
  yield* sys.nanosleep({ sec: 0, nsec: 500_000 }); // meanwhile the card sends
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

/** What the machine is booted with. */
export const boot = { device: { scatterGather: false } };
