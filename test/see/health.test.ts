import { AF_INET, AF_UNIX, Kernel, SOCK_STREAM } from "../../lib/index.ts";
import { busyMachine, socketMachine } from "./machine.ts";
import { echoServer } from "../support/programs.ts";
import { describe, expect, test } from "vitest";
import { inspect } from "../../lib/see/inspect.ts";
import { narrate } from "../../lib/see/sentences.ts";

/** Some clients that come, talk and go in different ways. */
function clients(kernel: Kernel): void {
  const [polite, rude, silent] = [0, 1, 2].map(() => kernel.world.connect(8080));
  polite!.send("hello");
  rude!.send("x".repeat(5000));
  kernel.run();
  polite!.shutdown();
  rude!.reset();
  kernel.run();
  polite!.close();
  silent!.close();
  kernel.run();
}

const machines: [string, () => Promise<Kernel>][] = [
  [
    "pipes, sleepers, alarms and epoll",
    async () => {
      const kernel = await busyMachine(12);
      kernel.run({ maxInputs: 40 });
      return kernel;
    },
  ],
  [
    "an echo server with clients of all kinds",
    async () => {
      const kernel = await Kernel.boot({ seed: 1 });
      kernel.spawn("server", echoServer);
      clients(kernel);
      return kernel;
    },
  ],
  [
    "an echo server on four CPUs",
    async () => {
      const kernel = await Kernel.boot({ seed: 2, cpus: 4 });
      kernel.spawn("server", echoServer);
      clients(kernel);
      return kernel;
    },
  ],
  ["blocking sockets and a UNIX pair", socketMachine],
  [
    "a client and a server in one machine, and fork",
    async () => {
      const kernel = await Kernel.boot({ seed: 3 });
      kernel.spawn("server", function* (sys) {
        const lfd = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
        yield* sys.bind(lfd, { port: 80 });
        yield* sys.listen(lfd, 1);
        const pair: number[] = [];
        yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
        yield* sys.fork(function* (child) {
          const fd = yield* child.socket(AF_INET, SOCK_STREAM, 0);
          yield* child.connect(fd, { port: 80 });
          yield* child.write(fd, "x".repeat(100_000));
          yield* child.write(pair[1]!, "done");
        });
        const cfd = yield* sys.accept4(lfd, 0);
        const buffer = sys.buffer(65_536);
        while ((yield* sys.read(cfd, buffer)) > 0);
        yield* sys.read(pair[0]!, buffer);
      });
      kernel.run();
      return kernel;
    },
  ],
];

describe.each(machines)("with %s", (_, build) => {
  test("every rule holds at every tick, and no link is broken", async () => {
    const kernel = await build();
    const found: string[] = [];
    for (let tick = 0; tick <= kernel.ticks; tick++) {
      kernel.seek(tick);
      for (const { structure, rule, message } of kernel.check()) found.push(`${tick} ${structure} ${rule}: ${message}`);
      for (const note of inspect(kernel.memory).notes) found.push(`${tick} ${note}`);
    }
    expect(found).toEqual([]);
  });

  test("every tick is told in full sentences in both languages", async () => {
    const kernel = await build();
    for (const record of kernel.trace) {
      kernel.seek(record.tick);
      for (const locale of ["en", "zh-CN"] as const) {
        const sentence = narrate(record, { locale, memory: kernel.memory });
        expect(sentence).toMatch(/[.。]$/);
        expect(sentence).not.toMatch(/\{\w+\}|undefined|NaN|struct [A-Z]/);
      }
    }
  });
});
