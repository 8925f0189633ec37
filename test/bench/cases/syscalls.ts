import { Kernel } from "../../../lib/index.ts";
import { type Figure, best } from "../measure.ts";

const CALLS = 200_000;
const SAMPLES = 15;

/** What one system call of a JavaScript program costs, the generator's part included. */
export async function syscalls(): Promise<Figure[]> {
  return [await getpid(true), await getpid(false), await reading(false)];
}

async function getpid(trace: boolean): Promise<Figure> {
  let least = Infinity;
  for (let i = 0; i < SAMPLES; i++) {
    const kernel = await Kernel.boot({ trace });
    kernel.spawn("caller", function* (sys) {
      for (let n = 0; n < CALLS; n++) yield* sys.getpid();
    });
    least = Math.min(
      least,
      best(1, CALLS, () => kernel.run({ maxInputs: 2 * CALLS })),
    );
  }
  return figure(`a system call from a program (getpid${trace ? ", tracing" : ""})`, least);
}

async function reading(trace: boolean): Promise<Figure> {
  let least = Infinity;
  for (let i = 0; i < SAMPLES; i++) {
    const kernel = await Kernel.boot({ trace });
    kernel.spawn("reader", function* (sys) {
      const fd = yield* sys.eventfd(0, 0);
      const word = sys.buffer(8);
      word.set(Uint8Array.of(1));
      for (let n = 0; n < CALLS / 2; n++) {
        yield* sys.write(fd, word, 8);
        yield* sys.read(fd, word, 8);
      }
    });
    least = Math.min(
      least,
      best(1, CALLS, () => kernel.run({ maxInputs: 2 * CALLS })),
    );
  }
  return figure("a system call from a program (write and read of an eventfd)", least);
}

function figure(name: string, value: number): Figure {
  const detail = `best of ${SAMPLES} runs of ${CALLS} calls: generator, library, journal and kernel together`;
  return { name, value, unit: "ns", goal: 250, detail };
}
