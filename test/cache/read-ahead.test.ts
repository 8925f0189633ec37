import { FILE_PAGES, PageState, READ_PATTERNS } from "../../lib/cache/patterns.ts";
import { type ReadStep, runReadAhead } from "../../lib/cache/read-ahead.ts";
import { describe, expect, test } from "vitest";

/** The windows in the order in which they opened: first page, size, and the page at which the next one is begun. */
function windows(steps: readonly ReadStep[]): string[] {
  const all = steps.map(({ start, size, asyncSize }) => `${start}+${size}@${start + size - asyncSize}`);
  return all.filter((window, i) => window !== all[i - 1]);
}

describe("windows", () => {
  test("PC-3: reads of 4 KiB from the beginning: 4 pages, then 8, 16, 32, and so on with 32", async () => {
    const steps = await runReadAhead("4 KiB");
    expect(windows(steps)).toEqual([
      "0+4@1",
      "4+8@4",
      "12+16@12",
      "28+32@28",
      "60+32@60",
      "92+32@92",
      "124+32@124",
      "156+32@156",
    ]);
    expect(steps.reduce((sum, { misses }) => sum + misses, 0)).toBe(1);
  });

  test("PC-7: from the middle the first read has no window, the second opens one", async () => {
    expect(windows(await runReadAhead("middle")).slice(0, 3)).toEqual(["0+0@0", "101+4@102", "105+8@105"]);
  });

  test("PC-8: with POSIX_FADV_RANDOM there is none, with POSIX_FADV_SEQUENTIAL they grow to 64 pages", async () => {
    const random = await runReadAhead("POSIX_FADV_RANDOM");
    expect(windows(random)).toEqual(["0+0@0"]);
    expect(random.every(({ hits, misses }) => hits === 0 && misses === 1)).toBe(true);
    const sequential = await runReadAhead("POSIX_FADV_SEQUENTIAL");
    expect(Math.max(...sequential.map(({ size }) => size))).toBe(64);
  });

  test("MF-1: a fault in a mapping reads around the page", async () => {
    const [first] = await runReadAhead("mmap");
    expect(first).toMatchObject({ page: 40, start: 24, size: 32 });
    expect(Array.from(first!.states, (state) => state > 0).indexOf(true)).toBe(24);
  });
});

describe.each(READ_PATTERNS.map(({ name }) => name))("%s", (name) => {
  test("what was read is cached, and no page goes", async () => {
    const steps = await runReadAhead(name);
    steps.forEach(({ page, pages, states }, i) => {
      expect(states.length).toBe(FILE_PAGES);
      for (let at = page; at < page + pages; at++) expect(states[at]! & PageState.cached).toBe(PageState.cached);
      const before = steps[i - 1]?.states;
      expect(before?.some((state, at) => state !== PageState.absent && states[at] === PageState.absent) ?? false).toBe(
        false,
      );
    });
  });
});

test("a pattern that there is not is refused", async () => {
  await expect(runReadAhead("backwards")).rejects.toThrow("patterns are 4 KiB");
});
