// A big file is read past the page cache, four pieces at a time, and the program is told when each has come.
//
//   node examples/direct-aio.js
import { IOCB_CMD_PREAD, Kernel, O_DIRECT, O_RDONLY } from "iopath";

const PIECE = 1 << 20;
const PIECES = 16;
const DEPTH = 4;

const kernel = await Kernel.boot({ trace: false });
kernel.world.file("/big", { size: PIECE * PIECES, seed: 1 });
const reader = kernel.spawn("reader", function* (sys) {
  const fd = yield* sys.open("/big", O_RDONLY | O_DIRECT);
  const context = { value: 0 };
  yield* sys.io_setup(DEPTH, context);
  const piece = (number, buf) => sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf, offset: number * PIECE, data: number });
  const buffers = Array.from({ length: DEPTH }, () => sys.buffer(PIECE));
  yield* sys.io_submit(
    context.value,
    buffers.map((buffer, number) => piece(number, buffer)),
  );
  let next = DEPTH;
  let bytes = 0;
  for (let done = 0; done < PIECES;) {
    const events = [];
    done += yield* sys.io_getevents(context.value, 1, DEPTH, events);
    for (const { data, res } of events) {
      bytes += Number(res);
      // The buffer that has become free takes the next piece.
      if (next < PIECES) yield* sys.io_submit(context.value, [piece(next++, buffers[Number(data) % DEPTH])]);
    }
  }
  return bytes;
});
kernel.run();
const { cpuCopiedBytes, dmaBytes, cacheHits, cacheMisses } = kernel.counters;
console.log(`${Number(reader.result)} bytes read in ${kernel.now / 1e6} ms of virtual time`);
console.log(`moved by the disk into the program's memory: ${dmaBytes}; copied by the CPU: ${cpuCopiedBytes}`);
console.log(`looked for in the page cache: ${cacheHits + cacheMisses} pages`);
