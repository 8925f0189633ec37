import { type Road, all } from "./road.ts";
import { SPLICE_F_MOVE } from "../machine/constants.ts";

/** Slots of a new pipe, each of which takes a page. Unit: bytes. */
const PIPE_BYTES = 16 * 4096;

/** One system call; the card gathers what it sends from the cached pages. */
export const sendfileGathered: Road = {
  name: "sendfile + SG",
  about:
    "one call, and a card that gathers (scatter-gather): it fetches header and cached pages by DMA, nothing is copied",
  prepare(sys, { file, socket, size, chunk }) {
    return () => all(size, (done) => sys.sendfile(socket, file, null, Math.min(chunk, size - done)));
  },
};

/** One system call; the card cannot gather, so the CPU puts each packet together. */
export const sendfile: Road = {
  ...sendfileGathered,
  name: "sendfile",
  about: "one call, but a card that cannot gather: the CPU copies the cached pages into each packet",
  device: { scatterGather: false },
};

/** From the file into a pipe, and from the pipe into the socket, by reference. */
export const splice: Road = {
  name: "splice",
  about:
    "from file to pipe and from pipe to socket, by reference: two calls for every 64 KiB, which is what a pipe holds",
  *prepare(sys, { file, socket, size }) {
    const ends: number[] = [];
    yield* sys.pipe2(ends, 0);
    const [read = -1, write = -1] = ends;
    return () =>
      all(size, function* () {
        const got = yield* sys.splice(file, null, write, null, PIPE_BYTES, SPLICE_F_MOVE);
        if (got <= 0) return got;
        return yield* all(got, (done) => sys.splice(read, null, socket, null, got - done, SPLICE_F_MOVE));
      });
  },
};
