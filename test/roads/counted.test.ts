import { type CountedKind, type CountedMoment, ROADS, type Walked, countedMoments, walkRoad } from "../../lib/index.ts";
import { describe, expect, test } from "vitest";

const walks = ROADS.flatMap((road) =>
  [4096, 50_000].flatMap((size) =>
    (["cold", "warm"] as const).map((cache) => [road.name, size, cache, { road, size, cache }] as const),
  ),
);

const walk = ({ road, ...how }: (typeof walks)[number][3]) => walkRoad(road, { ...how, boot: { trace: true } });

/** What the moments of a kind come to. */
function sum(moments: readonly CountedMoment[], kind: CountedKind, of: "amount" | "bytes" = "amount"): number {
  return moments.reduce((total, moment) => total + (moment.kind === kind ? moment[of] : 0), 0);
}

describe("the moments that were counted", () => {
  test.each(walks)("%s, %i bytes, %s: come to the figures of the road", async (_name, _size, _cache, how) => {
    const walked = await walk(how);
    const { figures } = walked;
    const moments = countedMoments(walked);
    expect({
      modeSwitches: sum(moments, "modeSwitch"),
      contextSwitches: sum(moments, "taskSwitch"),
      cpuCopiedBytes: sum(moments, "cpuCopy", "bytes"),
      dmaBytes: sum(moments, "dmaTransfer", "bytes"),
      faults: sum(moments, "fault"),
      interrupts: sum(moments, "interrupt"),
    }).toEqual({
      modeSwitches: figures.modeSwitches,
      contextSwitches: figures.contextSwitches,
      cpuCopiedBytes: figures.cpuCopiedBytes,
      dmaBytes: figures.dmaBytes,
      faults: figures.faults,
      interrupts: figures.interrupts,
    });
  });

  test.each(walks)("%s, %i bytes, %s: each stands at a record that says what it is", async (_n, _s, _c, how) => {
    const { moments, kernel } = await moved(how);
    const events: Partial<Record<CountedKind, RegExp>> = {
      modeSwitch: /^sys_(enter|exit)$/,
      taskSwitch: /^sched_switch$/,
      sleep: /^schedule$/,
      cpuCopy: /^(copy_(to|from)_user|pio_transfer|skb_queue_tail)$/,
      dmaTransfer: /^(disk_transfer|dma_(from|to)_memory)$/,
      fault: /^handle_mm_fault$/,
    };
    for (const { kind, tick, event } of moments) {
      expect(kernel.trace.at(tick).event).toBe(event);
      expect(event).toMatch(events[kind] ?? /./);
    }
  });
});

async function moved(how: (typeof walks)[number][3]): Promise<{ kernel: Walked["kernel"]; moments: CountedMoment[] }> {
  const walked = await walk(how);
  return { kernel: walked.kernel, moments: countedMoments(walked) };
}

test("4 switches and 4 copies: into the kernel and back, twice; disk, CPU, CPU, card", async () => {
  const road = ROADS.find(({ name }) => name === "read + write")!;
  const { moments } = await moved({ road, size: 4096, cache: "cold" });
  expect(moments.filter(({ kind }) => kind === "modeSwitch").map(({ event }) => event)).toEqual([
    "sys_enter",
    "sys_exit",
    "sys_enter",
    "sys_exit",
  ]);
  expect(moments.filter(({ kind }) => kind === "cpuCopy" || kind === "dmaTransfer").map(({ event }) => event)).toEqual([
    "disk_transfer",
    "copy_to_user",
    "copy_from_user",
    "dma_from_memory",
  ]);
  // While the disk works, the program sleeps; no other task is there to run meanwhile.
  expect(moments.filter(({ kind }) => kind === "sleep").length).toBe(1);
  expect(moments.filter(({ kind }) => kind === "taskSwitch")).toEqual([]);
});

test("a road that was walked without tracepoints has no moments to be told", async () => {
  const walked = await walkRoad(ROADS[0]!, { size: 1, cache: "cold" });
  expect(() => countedMoments(walked)).toThrow("walked without tracepoints");
});
