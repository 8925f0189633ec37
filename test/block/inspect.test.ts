import { describe, expect, test } from "vitest";
import { BLOCK, READ, WRITE, disk, start } from "./disk-machine.ts";
import { KERNEL_BASE, fieldOffset } from "../../lib/machine/memory.ts";
import { inspect, objectsOf } from "../../lib/see/inspect.ts";
import type { Kernel } from "../../lib/index.ts";

/** A machine with two requests in flight, one of two bios, and one that waits. */
async function busy(): Promise<Kernel> {
  const { kernel } = await start(
    function* (calls) {
      const extent = yield* calls.extent(1, 1 << 20);
      yield* calls.plug(true);
      yield* calls.submit(READ, extent, 0, BLOCK);
      yield* calls.submit(READ, extent, BLOCK, 2 * BLOCK);
      yield* calls.submit(WRITE, extent, 100, 3);
      yield* calls.submit(READ, extent, 300, 3);
      yield* calls.plug(false);
      yield* calls.waitAll();
    },
    { device: { disk: { queueDepth: 2 } } },
  );
  kernel.run({ until: (machine) => disk(machine).queue.in_flight === 2 });
  expect(disk(kernel).queue.in_flight).toBe(2);
  return kernel;
}

describe("what is on its way between disk and memory", () => {
  test("is shown: the disk, its queue, requests, bios, and who belongs to whom", async () => {
    const inspection = inspect((await busy()).memory);
    const [state, queue] = [objectsOf(inspection, "DiskState")[0]!, objectsOf(inspection, "RequestQueue")[0]!];
    expect(state).toMatchObject({ title: "disk (flash)", kind: "flash", pio: false });
    expect(queue).toMatchObject({ depth: 2, inFlight: 2, waiting: 1, bios: 4, merged: 1, issued: 2 });
    const requests = objectsOf(inspection, "Request");
    expect(requests.map(({ op, bytes, extent, sector, state: phase }) => [op, bytes, extent, sector, phase])).toEqual([
      ["read", 12_288, 1, 0, "IN_FLIGHT"],
      ["write", 1536, 1, 100, "IN_FLIGHT"],
      ["read", 1536, 1, 300, "QUEUED"],
    ]);
    const links = (from: number) =>
      inspection.edges.filter((edge) => edge.from === from).map(({ to, kind }) => [to, kind]);
    expect(links(state.address)).toEqual(requests.slice(0, 2).map(({ address }) => [address, "commands"]));
    expect(links(queue.address)).toEqual([[requests[2]!.address, "requests"]]);
    const bios = objectsOf(inspection, "Bio");
    expect(bios).toHaveLength(4);
    expect(links(requests[0]!.address)).toHaveLength(2);
    expect(bios.every(({ pid, status, pieces }) => pid === 1 && status === 0 && pieces.length > 0)).toBe(true);
    expect(inspection.notes).toEqual([]);
  });

  test("is told in sentences, in both languages", async () => {
    const kernel = await busy();
    kernel.run();
    const of = (event: string) => [...kernel.trace].find((record) => record.event === event)!;
    expect(of("submit_bio").sentence()).toMatch(/ hands in .*: the disk is to read 4096 bytes\.$/);
    expect(of("disk_transfer").sentence("zh-CN")).toMatch(/DMA/);
  });

  test.each([
    ["in_flight", "RequestQueue", (kernel: Kernel) => [queueOf(kernel), "RequestQueue", "in_flight", 1]],
    ["bi_size", "Bio", (kernel: Kernel) => [bioOf(kernel), "Bio", "bi_size", 512]],
    ["bio-sector", "Bio", (kernel: Kernel) => [bioOf(kernel), "Bio", "bi_sector", 8]],
    ["request-state", "Request", (kernel: Kernel) => [requestOf(kernel), "Request", "state", 0]],
    ["leak", "Bio", (kernel: Kernel) => [requestOf(kernel), "Request", "bio", 0]],
    ["disk-timer", "DiskState", (kernel: Kernel) => [stateOf(kernel), "DiskState", "timer_queued", 0]],
  ] as const)("a broken rule is found: %s", async (rule, structure, where) => {
    const kernel = await busy();
    expect(kernel.check()).toEqual([]);
    const [address, struct, field, value] = where(kernel) as unknown as [number, string, string, number];
    const at = address + fieldOffset(struct as never, field as never);
    if (field === "timer_queued") kernel.memory.view.setUint8(at, value);
    else kernel.memory.view.setUint32(at, value, true);
    expect(kernel.check()).toContainEqual(expect.objectContaining({ rule, structure }));
  });
});

const stateOf = (kernel: Kernel) => kernel.memory.get("Kernel", KERNEL_BASE, "disk");
const queueOf = (kernel: Kernel) =>
  kernel.memory.get("GenDisk", kernel.memory.get("Kernel", KERNEL_BASE, "block"), "queue");
const requestOf = (kernel: Kernel) => objectsOf(inspect(kernel.memory), "Request")[0]!.address;
const bioOf = (kernel: Kernel) => objectsOf(inspect(kernel.memory), "Bio")[0]!.address;
