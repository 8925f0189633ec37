import { type BootOptions, ROADS, type Walk, walkRoad } from "../../lib/index.ts";
import { expect, test } from "vitest";

const PAGE = 4096;
/** What a cost is raised by: little enough that everything happens in the same order. Unit: ns. */
const MORE = 100;

/** How much more CPU time both ends take if a cost is higher. Unit: the difference of the cost. */
async function times(name: string, cost: keyof NonNullable<BootOptions["costs"]>, walk: Walk): Promise<number> {
  const road = ROADS.find((one) => one.name === name)!;
  const [less, more] = await Promise.all(
    [0, MORE].map(async (value) => {
      const { figures } = await walkRoad(road, { ...walk, boot: { costs: { [cost]: value } } });
      return figures.cpuTime + figures.receiverCpuTime;
    }),
  );
  return (more! - less!) / MORE;
}

test("a page that sendfile hands on costs twice: into the pipe, and into the packet", async () => {
  expect(await times("sendfile + SG", "page", { size: 16 * PAGE, cache: "warm" })).toBe(2 * 16);
  expect(await times("read + write", "page", { size: 16 * PAGE, cache: "warm" })).toBe(0);
});

test("a machine on which everything takes long sends the file as well", async () => {
  for (const road of ROADS) {
    const { figures } = await walkRoad(road, { size: PAGE, cache: "cold", boot: { costs: { minorFault: 1_000_000 } } });
    expect(figures.wallTime).toBeGreaterThan(0);
  }
});

test("a page that a device fills costs once, because it is pinned", async () => {
  expect(await times("O_DIRECT + AIO", "page", { size: 16 * PAGE, cache: "warm" })).toBe(16);
});

test("pages that are mapped along with another one cost each, and the fault costs once", async () => {
  expect(await times("mmap + write", "page", { size: 16 * PAGE, cache: "warm" })).toBe(16);
  expect(await times("mmap + write", "minorFault", { size: 16 * PAGE, cache: "warm" })).toBe(1);
});

test("a disk that has nothing to do is told of a command; one that is at work finds the next by itself", async () => {
  expect(await times("read + write", "diskDoorbell", { size: PAGE, cache: "cold" })).toBe(1);
  const walk = { size: 256 * PAGE, cache: "cold", over: "loopback" } as const;
  const commands = await times("sendfile + SG", "diskCommand", walk);
  expect(await times("sendfile + SG", "diskDoorbell", walk)).toBeLessThan(commands);
});

test("a packet with data costs at both ends; one without costs as well, but something else", async () => {
  const walk = { size: PAGE, cache: "warm", over: "loopback" } as const;
  expect(await times("read + write", "packet", walk)).toBe(2);
  expect(await times("read + write", "controlPacket", walk)).toBeGreaterThan(0);
});
