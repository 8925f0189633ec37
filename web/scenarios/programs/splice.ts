import { AF_INET, type Kernel, O_RDONLY, type Program, SOCK_STREAM, SPLICE_F_MOVE } from "../../../lib/index.ts";

const SIZE = 12_288;

/** Sends a file by way of a pipe, in which nothing but references to its cached pages ever lies. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const socket = yield* sys.accept4(lfd, 0);
  const file = yield* sys.open("/page.html", O_RDONLY);
  const ends: number[] = [];
  yield* sys.pipe2(ends, 0);
  const reader = ends[0]!;
  const writer = ends[1]!;
  const got = yield* sys.splice(file, null, writer, null, SIZE, SPLICE_F_MOVE); // slots of the pipe refer to pages
  yield* sys.splice(reader, null, socket, null, got, SPLICE_F_MOVE); // the references go on into packets
  yield* sys.splice(file, null, socket, null, SIZE, 0); // one of the two must be a pipe: EINVAL
  yield* sys.close(socket);
  yield* sys.close(lfd);
};

/** The machine: a card that can gather, a file on the disk, and a client outside. */
export function start(kernel: Kernel): void {
  kernel.world.file("/page.html", { size: SIZE, seed: 1 });
  kernel.spawn("server", server);
  kernel.world.connect(8080);
}
