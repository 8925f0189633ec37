import { POLLIN, SOCK_NONBLOCK } from "../machine/constants.ts";
import type { WayOfWaiting } from "./way.ts";

/** Descriptors that a C library's fd_set has bits for; of a server's, four are not connections. */
const FD_SETSIZE = 1024;
const OTHERS = 4;

/** A set of bits, handed over anew in each call. */
export const select: WayOfWaiting = {
  id: "select",
  name: "select",
  about: "each call is given the set of all descriptors, asks every file, sleeps on all of them, and asks all again",
  flags: SOCK_NONBLOCK,
  most: FD_SETSIZE - OTHERS,
  limit: "fd_set",
  spins: false,
  *serve(sys, { fds, length, isMessage, empty, prepared }) {
    const buffer = sys.buffer(length);
    const nfds = Math.max(...fds) + 1;
    prepared();
    for (;;) {
      const read = [...fds];
      if ((yield* sys.select(nfds, { read }, null)) <= 0) empty();
      for (const fd of read) {
        const got = yield* sys.read(fd, buffer);
        if (isMessage(got)) yield* sys.write(fd, buffer, got);
      }
    }
  },
};

/** The same with a list of descriptors, of any length. */
export const poll: WayOfWaiting = {
  id: "poll",
  name: "poll",
  about: "as select, with a list in place of the set: no greatest number, and every file is asked in every call",
  flags: SOCK_NONBLOCK,
  most: null,
  limit: null,
  spins: false,
  *serve(sys, { fds, length, isMessage, empty, prepared }) {
    const buffer = sys.buffer(length);
    const asked = sys.pollfds(fds.map((fd) => ({ fd, events: POLLIN })));
    prepared();
    for (;;) {
      let left = yield* sys.poll(asked, fds.length, -1);
      if (left <= 0) empty();
      for (let i = 0; left > 0 && i < fds.length; i++) {
        if (asked[i]!.revents === 0) continue;
        left--;
        const got = yield* sys.read(fds[i]!, buffer);
        if (isMessage(got)) yield* sys.write(fds[i]!, buffer, got);
      }
    }
  },
};
