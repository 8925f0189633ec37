import { expect, test } from "vitest";
import { catchSignal } from "../support/signals.ts";
import { Kernel } from "../../lib/index.ts";

/** Two threads, outside, with one descriptor table. */
async function threads() {
  const kernel = await Kernel.boot({ poison: true });
  const first = kernel.adopt("first");
  catchSignal(first, 2);
  return { kernel, first, second: kernel.adopt("second", { parent: first, files: "shared" }) };
}

/** The numbers of 4 bytes that a call has written. */
function numbers(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getInt32(4 * i, true));
}

test("a sleep that is interrupted leaves nothing on the queue of a file that is closed meanwhile", async () => {
  const { kernel, first, second } = await threads();
  const pair = first.submit("socketpair", 1, 1, 0, { out: 8 });
  const [fd = -1] = pair.done ? numbers(pair.out[0]!) : [];
  expect(first.submit("read", fd, { out: 8 }, 8).done).toBe(false);
  second.submit("close", fd);
  first.signal(2);
  kernel.run();
  for (let i = 0; i < 5; i++) second.submit("socket", 1, 1, 0);
  expect(kernel.check()).toEqual([]);
});

test("an interrupted nanosleep tells the time that is left", async () => {
  const { kernel, first } = await threads();
  const second = new Uint8Array(new BigInt64Array([1n, 0n]).buffer);
  let left: readonly Uint8Array[] = [];
  first.onComplete = (completion) => (left = completion.out);
  expect(first.submit("nanosleep", { in: second }, { out: 16 }).done).toBe(false);
  first.signal(2);
  kernel.settle();
  const [seconds, nanoseconds] = new BigInt64Array(left[0]!.slice().buffer);
  expect([seconds, nanoseconds! > 900_000_000n]).toEqual([0n, true]);
});

test("a write to a pipe that is interrupted tells what it has written", async () => {
  const { kernel, first } = await threads();
  const pipe = first.submit("pipe2", { out: 8 }, 0);
  const [, end = -1] = pipe.done ? numbers(pipe.out[0]!) : [];
  let written = 0n;
  first.onComplete = (completion) => (written = BigInt(completion.value));
  expect(first.submit("write", end, { in: new Uint8Array(100_000) }, 100_000).done).toBe(false);
  first.signal(2);
  kernel.settle();
  expect(written).toBe(65536n);
});
