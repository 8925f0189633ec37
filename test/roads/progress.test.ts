import { ROADS, walkRoad } from "../../lib/index.ts";
import { expect, test } from "vitest";

const walks = ROADS.flatMap((road) => [1, 4097, 3 << 20].map((size) => [road.name, size, road] as const));

test.each(walks)("%s, %i bytes: how much had arrived when only grows, from nothing to all", async (_, size, road) => {
  const { progress, figures } = await walkRoad(road, { size, cache: "cold", chunk: 65_536 });
  expect(progress[0]).toEqual({ time: 0, bytes: 0 });
  expect(progress.at(-1)).toEqual({ time: figures.wallTime, bytes: size });
  for (const [i, { time, bytes }] of progress.slice(1).entries()) {
    expect(bytes).toBeGreaterThan(progress[i]!.bytes);
    expect(time).toBeGreaterThanOrEqual(progress[i]!.time);
  }
  expect(progress.length).toBeLessThan(250);
  if (size > 1 << 20) expect(progress.length).toBeGreaterThan(8);
});

test("a disk that is ten times as slow is seen in how the bytes arrive", async () => {
  const road = ROADS.find(({ name }) => name === "sendfile + SG")!;
  const half = async (bandwidth: number) => {
    const boot = { device: { disk: { kind: "flash", bandwidth } as const } };
    const { progress } = await walkRoad(road, { size: 4 << 20, cache: "cold", boot });
    return progress.find(({ bytes }) => bytes >= 2 << 20)!.time;
  };
  expect(await half(20_000_000)).toBeGreaterThan(5 * (await half(200_000_000)));
});
