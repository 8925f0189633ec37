import { IORING_ENTER_GETEVENTS, IOSQE_CQE_SKIP_SUCCESS, IOSQE_IO_LINK } from "../machine/constants.ts";
import type { IoUring } from "../machine/io_uring.ts";
import type { Stretch, WayOfWaiting } from "./way.ts";

/** Entries that a ring has at most here; more are handed in piece by piece. */
const ENTRIES = 4096;
/** A message takes two: the answer, and the next request. */
const OF_A_MESSAGE = 2;

/** Each connection has a request that reads; the kernel tells when it has done so. */
export const uring: WayOfWaiting = {
  id: "io_uring",
  name: "io_uring",
  about: "a request to receive waits on each connection; the kernel copies, then tells; one call hands in all answers",
  flags: 0,
  most: null,
  limit: null,
  spins: false,
  *serve(sys, { fds, length, works, isMessage, empty, prepared, work }) {
    const buffers = sys.buffer(fds.length * length);
    const ring = sys.io_uring();
    yield* ring.queue_init(Math.min(ENTRIES, OF_A_MESSAGE * fds.length));
    const receive = (i: number) => ring.prep_recv(fds[i]!, buffers.at(i * length), length, 0, { user_data: i });
    for (let i = 0; i < fds.length; i++) {
      yield* room(ring);
      receive(i);
    }
    yield* ring.submit();
    prepared();
    for (;;) {
      const completions = ring.take_cqes();
      for (const { user_data: i, res } of completions) {
        if (!isMessage(res)) continue;
        yield* room(ring);
        // Linked: the buffer is free for the next message when the answer has left it.
        const flags = IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS;
        ring.prep_send(fds[i]!, buffers.at(i * length), res, 0, { flags, user_data: i });
        receive(i);
      }
      if (!works) yield* ring.submit_and_wait(1);
      else if (completions.length > 0) yield* ring.submit();
      else {
        yield* work(sys);
        // What arrived is copied when the task next enters the kernel, as with IORING_SETUP_DEFER_TASKRUN.
        yield* sys.io_uring_enter(ring.fd, 0, 0, IORING_ENTER_GETEVENTS);
        if (ring.cq_ready() === 0) empty();
      }
    }
  },
};

/** Hands in what was prepared if there is no room for a message's entries. */
function* room(ring: IoUring): Stretch<void> {
  if (ring.sq_space_left() < OF_A_MESSAGE) yield* ring.submit();
}
