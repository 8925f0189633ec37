import { MSG_ERRQUEUE, MSG_ZEROCOPY, SOL_SOCKET, SO_ZEROCOPY } from "../machine/constants.ts";
import { type Road, all, usedBuffer } from "./road.ts";

/** The program reads the file and sends from its own pages, which are not to be touched until it is told so. */
export const zerocopy: Road = {
  name: "MSG_ZEROCOPY",
  about:
    "read copies, send does not: it refers to the program's own pages. Four calls, so 8 switches: read, send, and poll and " +
    "recvmsg to learn from the error queue when the pages may be used again",
  buffered: true,
  *prepare(sys, way) {
    const { file, socket, size, chunk } = way;
    const buffer = usedBuffer(sys, way);
    yield* sys.setsockopt(socket, SOL_SOCKET, SO_ZEROCOPY, 1);
    const told = { iov: [], control: [] };
    return () =>
      all(size, function* () {
        const got = yield* sys.read(file, buffer, chunk);
        if (got <= 0) return got;
        // A call that takes a part only is told of by itself.
        return yield* all(got, function* (done) {
          const sent = yield* sys.send(socket, buffer.at(done), got - done, MSG_ZEROCOPY);
          if (sent < 0) return sent;
          const polled = yield* sys.poll([{ fd: socket, events: 0, revents: 0 }], -1);
          if (polled < 0) return polled;
          const heard = yield* sys.recvmsg(socket, told, MSG_ERRQUEUE);
          return heard < 0 ? heard : sent;
        });
      });
  },
};
