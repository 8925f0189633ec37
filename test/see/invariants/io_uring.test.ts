import { beforeAll, expect, test } from "vitest";
import { Canary } from "../canary.ts";
import type { Kernel } from "../../../lib/index.ts";
import { boot } from "../../support/boot.ts";

let kernel: Kernel;

/** A machine with a ring that a request is on its way in. */
beforeAll(async () => {
  kernel = await boot();
  kernel.spawn("main", function* (sys) {
    const fds = [0, 0];
    yield* sys.pipe2(fds);
    const ring = sys.io_uring();
    yield* ring.queue_init(4);
    ring.prep_read(fds[0]!, sys.buffer(16), 16, 0, { user_data: 7 });
    yield* ring.submit();
    yield* sys.pause();
  });
  kernel.run();
  expect(kernel.check()).toEqual([]);
});

test.each<[string, (canary: Canary, ring: number, request: number) => void]>([
  ["uring-reqs", (c, ring) => c.add("IoRingCtx", ring, "nr_reqs", 1)],
  ["uring-entries", (c, ring) => c.set("IoRingCtx", ring, "sq_entries", 5)],
  ["uring-entries", (c, ring) => c.set("IoRingCtx", ring, "cq_entries", 0)],
  ["uring-chain", (c, ring, request) => c.set("IoRingCtx", ring, "link_head", request)],
  ["uring-flush", (c, ring) => c.set("IoRingCtx", ring, "flushing", 1)],
  ["uring-flush", (c, ring) => c.set("IoRingCtx", ring, "compl_reqs_next", 0)],
])("%s: what is broken on purpose is found", (rule, breaks) => {
  const canary = new Canary(kernel.memory);
  breaks(canary, canary.find("IoRingCtx"), canary.find("IoKiocb"));
  expect(canary.rules).toContain(rule);
});
