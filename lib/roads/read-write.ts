import { type Road, all, usedBuffer } from "./road.ts";

/** The program reads the file into its memory and writes it to the socket. */
export const readWrite: Road = {
  name: "read + write",
  about: "a read into the program's memory and a write from there: two calls, and a copy in each",
  buffered: true,
  prepare(sys, way) {
    const { file, socket, size, chunk } = way;
    const buffer = usedBuffer(sys, way);
    return () =>
      all(size, function* () {
        const got = yield* sys.read(file, buffer, chunk);
        return got < 0 ? got : yield* all(got, (done) => sys.write(socket, buffer.at(done), got - done));
      });
  },
};

/** The same with devices that have no DMA: the CPU moves every word between them and memory. */
export const readWriteProgrammed: Road = {
  ...readWrite,
  name: "PIO read + write",
  about: "the same with devices without DMA: the CPU moves every word from the disk and to the card as well",
  device: { dma: false },
};
