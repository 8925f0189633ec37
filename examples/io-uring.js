// A file sent by io_uring: with a system call for each piece, and with a thread of the kernel that looks for entries.
//
//   node examples/io-uring.js
import { IORING_SETUP_SQPOLL, IOSQE_IO_LINK, Kernel, MSG_WAITALL, O_RDONLY } from "iopath";

const PIECE = 65536;
const SIZE = 4 * PIECE;
const PORT = 80;

/** Sends the file, and counts how often the program enters the kernel and comes back. */
async function send(flags) {
  const kernel = await Kernel.boot({ trace: false, cpus: 2 });
  kernel.world.file("/file", { size: SIZE, seed: 1 });
  let modeSwitches = 0;
  const sender = kernel.spawn("sender", function* (sys) {
    const file = yield* sys.open("/file", O_RDONLY);
    const listener = yield* sys.socket(2, 1);
    yield* sys.bind(listener, { port: PORT });
    yield* sys.listen(listener);
    const socket = yield* sys.accept(listener);
    const buffer = sys.buffer(PIECE);
    for (let at = 0; at < PIECE; at += 4096) buffer.set([0], at);
    const ring = sys.io_uring();
    yield* ring.queue_init(2, { flags, sq_thread_idle: 1000 });
    const before = sender.counters.modeSwitches;
    for (let offset = 0; offset < SIZE; offset += PIECE) {
      ring.prep_read(file, buffer, PIECE, offset, { flags: IOSQE_IO_LINK });
      ring.prep_send(socket, buffer, PIECE, MSG_WAITALL);
      yield* ring.submit_and_wait(flags & IORING_SETUP_SQPOLL ? 0 : 2);
      while (ring.cq_ready() < 2) yield* sys.compute(1000);
      ring.take_cqes();
    }
    modeSwitches = sender.counters.modeSwitches - before;
  });
  const { received } = kernel.world.connect(PORT, { keep: false });
  kernel.run();
  return `${modeSwitches} mode switches, ${received.length} bytes`;
}

console.log("a system call for each piece:", await send(0));
console.log("a thread of the kernel looks:", await send(IORING_SETUP_SQPOLL));
