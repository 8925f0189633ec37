import { SOCK_NONBLOCK } from "../machine/constants.ts";
import { THREAD, THREADS, type WayOfWaiting } from "./way.ts";

/** Each connection has a thread, which sleeps in read(). */
export const blocking: WayOfWaiting = {
  id: "blocking",
  name: "blocking",
  about: "a thread for each connection, which sleeps in read() until its own message is there",
  flags: 0,
  most: THREADS,
  limit: "threads",
  spins: false,
  *serve(sys, { fds, length, isMessage, prepared }) {
    let begun = 0;
    for (const fd of fds) {
      yield* sys.clone(THREAD, function* (thread) {
        const buffer = thread.buffer(length);
        if (++begun === fds.length) prepared();
        for (;;) {
          const got = yield* thread.read(fd, buffer);
          if (isMessage(got)) yield* thread.write(fd, buffer, got);
        }
      });
    }
    yield* sys.pause();
  },
};

/** One task asks every connection in turn, over and over. */
export const nonBlocking: WayOfWaiting = {
  id: "non-blocking",
  name: "non-blocking",
  about: "one task asks every connection in turn, over and over: read() answers EAGAIN at once where nothing is there",
  flags: SOCK_NONBLOCK,
  most: null,
  limit: null,
  spins: true,
  *serve(sys, { fds, length, works, isMessage, prepared, work }) {
    const buffer = sys.buffer(length);
    prepared();
    for (;;) {
      let found = false;
      for (const fd of fds) {
        const got = yield* sys.read(fd, buffer);
        if (!isMessage(got)) continue;
        found = true;
        yield* sys.write(fd, buffer, got);
      }
      if (works && !found) yield* work(sys);
    }
  },
};
