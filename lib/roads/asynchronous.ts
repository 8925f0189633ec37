import { EAGAIN, IOCB_CMD_PREAD, IOSQE_IO_LINK, MSG_WAITALL, O_DIRECT } from "../machine/constants.ts";
import { type Road, all, usedBuffer } from "./road.ts";
import type { IoEvent } from "../machine/iocb.ts";

/** What direct reading wants lengths to be multiples of. Unit: bytes. */
const BLOCK = 512;

/** The disk moves the file into the program's own pages, past the page cache; the program is told when that is done. */
export const aio: Road = {
  name: "O_DIRECT + AIO",
  about:
    "io_submit, io_getevents, write: the disk moves the file into the program's pages, past the page cache; write copies",
  buffered: true,
  flags: O_DIRECT,
  *prepare(sys, way) {
    const { file, socket, size, chunk } = way;
    const length = Math.ceil(chunk / BLOCK) * BLOCK;
    const buffer = usedBuffer(sys, way, length);
    const context = { value: 0 };
    yield* sys.io_setup(1, context);
    const request = sys.iocb({ opcode: IOCB_CMD_PREAD, fd: file, buf: buffer });
    const events: IoEvent[] = [];
    return () =>
      all(size, function* (offset) {
        if (offset > 0) request.assign({ opcode: IOCB_CMD_PREAD, fd: file, buf: buffer, offset });
        const submitted = yield* sys.io_submit(context.value, [request]);
        if (submitted < 0) return submitted;
        yield* sys.io_getevents(context.value, 1, 1, events);
        const got = Number(events[0]?.res ?? 0);
        return got < 0 ? got : yield* all(got, (done) => sys.write(socket, buffer.at(done), got - done));
      });
  },
};

/** A read and a send, linked: one system call hands both in and waits for both. */
export const uring: Road = {
  name: "io_uring",
  about: "a read and a send, linked: one call hands both in and waits for both; each copies as it does without a ring",
  buffered: true,
  *prepare(sys, way) {
    const { file, socket, size, chunk } = way;
    const buffer = usedBuffer(sys, way);
    const ring = sys.io_uring();
    yield* ring.queue_init(2);
    return () =>
      all(size, function* (offset) {
        const length = Math.min(chunk, size - offset);
        ring.prep_read(file, buffer, length, offset, { flags: IOSQE_IO_LINK });
        ring.prep_send(socket, buffer, length, MSG_WAITALL);
        const submitted = yield* ring.submit_and_wait(2);
        // Nothing is waited for if memory was exhausted before all were submitted.
        if (submitted < 2) return submitted < 0 ? submitted : -EAGAIN;
        return ring.take_cqes().at(-1)?.res ?? 0;
      });
  },
};
