// A disk that moves its bytes by itself (DMA), and one for which the CPU moves every word (programmed I/O).
//
//   node examples/dma.js
import { Kernel, O_RDONLY } from "iopath";

const SIZE = 65536;

for (const dma of [false, true]) {
  const kernel = await Kernel.boot({ device: { dma } });
  kernel.world.file("/file", { size: SIZE, seed: 1 });
  const reader = kernel.spawn("reader", function* (sys) {
    const fd = yield* sys.open("/file", O_RDONLY);
    return yield* sys.read(fd, sys.buffer(SIZE));
  });
  // While the disk works, another program has the CPU, as far as the disk lets it.
  const other = kernel.spawn("other", function* (sys) {
    for (let i = 0; i < 1000; i++) {
      yield* sys.compute(1000);
      yield* sys.sched_yield();
    }
  });
  kernel.run({ until: () => reader.result !== undefined });
  const { cpuCopiedBytes, dmaBytes, interrupts } = kernel.counters;
  console.log(dma ? "with DMA" : "programmed I/O");
  console.log(`  bytes moved by the CPU ${cpuCopiedBytes}, by the disk ${dmaBytes}; interrupts ${interrupts}`);
  console.log(
    `  the other program has computed for ${other.syscalls} us when all is read, after ${kernel.now / 1000} us`,
  );
}
