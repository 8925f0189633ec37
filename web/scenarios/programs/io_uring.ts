import {
  AF_INET,
  IOSQE_IO_LINK,
  type Kernel,
  O_RDONLY,
  POLLIN,
  type Program,
  SOCK_STREAM,
} from "../../../lib/index.ts";

const SIZE = 8192;
/** What the program calls its requests: the completions bring it back. */
const [ACCEPT, ASKED, READ, SEND] = [1, 2, 3, 4];

/** Serves a file by way of one ring: entries go into it, completions come out of it, in memory that both sides see. */
const server: Program = function* (sys) {
  const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(lfd, { port: 8080 });
  yield* sys.listen(lfd, 8);
  const file = yield* sys.open("/page.html", O_RDONLY);
  const ring = sys.io_uring();
  yield* ring.queue_init(4);
  const buf = sys.buffer(SIZE);

  ring.prep_accept(lfd, 0, { user_data: ACCEPT }); // an entry is written: no call yet
  yield* ring.submit(); // nobody is there: the request hangs in the wait queue, the program goes on
  yield* sys.compute(20_000);
  const accepted = yield* ring.wait_cqe();
  if (typeof accepted === "number") return; // -errno
  const socket = accepted.res;
  ring.cqe_seen();

  ring.prep_poll_add(socket, POLLIN, { user_data: ASKED }); // told once the client has asked
  yield* ring.submit_and_wait(1);
  ring.cqe_seen();
  yield* sys.read(socket, buf, SIZE);

  ring.prep_read(file, buf, SIZE, 0, { flags: IOSQE_IO_LINK, user_data: READ }); // first this one,
  ring.prep_send(socket, buf, SIZE, 0, { user_data: SEND }); // then this one, without the program between them
  yield* ring.submit_and_wait(2); // one call for both: a worker sleeps for the disk
  ring.take_cqes();

  yield* sys.close(socket);
  yield* sys.close(file);
  yield* sys.close(ring.fd);
  yield* sys.close(lfd);
};

/** The machine: a file on the disk, and a client outside that comes late and asks. */
export function start(kernel: Kernel): void {
  kernel.world.file("/page.html", { size: SIZE, seed: 1 });
  kernel.spawn("server", server);
  const { world } = kernel;
  world.at(80_000, () => {
    const client = world.connect(8080);
    world.at(200_000, () => client.send("GET /page.html"));
  });
}
