import { MAP_SHARED, PROT_READ } from "../machine/constants.ts";
import { type Road, all } from "./road.ts";

/** The file's cached pages are mapped into the program, which writes them to the socket without reading them itself. */
export const mapped: Road = {
  name: "mmap + write",
  about: "the cached pages are mapped into the program: no copy by read, but page faults; write still copies",
  prepare(sys, { file, socket, size, chunk }) {
    return function* () {
      const address = yield* sys.mmap(0, size, PROT_READ, MAP_SHARED, file, 0);
      if (address < 0) return address;
      return yield* all(size, (done) => sys.write(socket, address + done, Math.min(chunk, size - done)));
    };
  },
};
