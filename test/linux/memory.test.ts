import { expect, test } from "vitest";
import { UserMemory } from "../../lib/linux/oracle/memory.ts";

const PAGE = 4096;

test("programs begin behind one another, so that what the last one had is not used again at once", () => {
  const memory = new UserMemory({ address: 0, bytes: new Uint8Array(16 * PAGE) }, 4);
  const begins = Array.from({ length: 9 }, () => {
    memory.release();
    const { address } = memory.buffer(16);
    memory.buffer(PAGE);
    return address / PAGE;
  });
  expect(begins).toEqual([0, 2, 4, 6, 8, 10, 12, 0, 2]);
});

test("a program alone begins where the last one began", () => {
  const memory = new UserMemory({ address: 0, bytes: new Uint8Array(PAGE) });
  for (let i = 0; i < 3; i++) {
    memory.release();
    expect(memory.buffer(16).address).toBe(0);
  }
});
