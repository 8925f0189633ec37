import { Kernel } from "../../../lib/index.ts";
import { type Figure, median } from "../measure.ts";

const TICKS = 1_000_000;
const SEEKS = 100;

/** Going to any tick of a long run. */
export async function seeking(): Promise<Figure[]> {
  const kernel = await Kernel.boot({ seed: 1 });
  kernel.spawn("worker", function* (sys) {
    const fds: number[] = [];
    yield* sys.pipe2(fds, 0);
    const [read = -1, write = -1] = fds;
    const buffer = sys.buffer(512);
    for (;;) {
      yield* sys.write(write, buffer, 512);
      yield* sys.read(read, buffer, 512);
    }
  });
  kernel.run({ until: () => kernel.ticks >= TICKS, maxInputs: 10 * TICKS });
  const times: number[] = [];
  // A walk over the whole run in an order that is neither forwards nor backwards: multiples of a prime.
  for (let i = 1; i <= SEEKS; i++) {
    const tick = 1 + ((i * 7_368_787) % (kernel.ticks - 1));
    const start = process.hrtime.bigint();
    kernel.seek(tick);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  const detail = `${SEEKS} seeks over a run of ${kernel.ticks} ticks, median ${median(times).toFixed(1)} ms`;
  return [{ name: "seek to any tick, the slowest", value: Math.max(...times), unit: "ms", goal: 50, detail }];
}
