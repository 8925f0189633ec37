import { expect, test } from "vitest";
import { FIRST_PACKET } from "../../web/gallery/first-packet.ts";
import { Run } from "../../web/model/run.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

test("the first packet is watched from where its server sleeps in epoll_wait, and the next step has its DMA", async () => {
  const { scenario, tick } = FIRST_PACKET;
  const { kernel } = await SCENARIOS.find(({ id }) => id === scenario)!.start();
  const run = new Run(kernel);
  const sleep = run.calls.filter(({ enter }) => enter <= tick).at(-1)!;
  expect(sleep.text).toMatch(/^epoll_wait/);
  const step = [...kernel.trace.range(tick + 1, run.next("function", tick))].map((record) => record.sentence("en"));
  expect(step.length, "a step, not a leap").toBeLessThan(5);
  expect(step).toContainEqual(expect.stringMatching(/The network card has written .* by DMA/));
});
