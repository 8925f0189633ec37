import { createHash } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { Random } from "../../lib/fuzz/random.ts";
import { RecordRing, RingBuffer } from "../../lib/structures/index.ts";
import type { DeviceOrder } from "./device.ts";

const run = join(import.meta.dirname, "../support/run.mjs");
const device = join(import.meta.dirname, "device.ts");
const TOTAL = 10 * 2 ** 20;

/** Starts a device that fills the ring. */
function start(ring: RingBuffer, order: Omit<DeviceOrder, "handle" | "total">): Worker {
  const workerData: DeviceOrder = { handle: ring.handle, total: TOTAL, ...order };
  return new Worker(run, { argv: [device], workerData });
}

describe.each([
  { capacity: 4096, longest: 9000, isInPlace: false },
  { capacity: 65536, longest: 30000, isInPlace: true },
])("a device in another thread, a ring of $capacity bytes, in place: $isInPlace", (way) => {
  test("sends 10 MB in messages of all sizes, and the reader that sleeps in between gets the same bytes", async () => {
    const ring = RingBuffer.shared({ capacity: way.capacity });
    const worker = start(ring, { seed: 7, longest: way.longest, isInPlace: way.isInPlace });
    const told = once(worker, "message");
    const [random, hash] = [new Random(8, 0), createHash("sha256")];
    let got = 0;
    while (await ring.readable()) {
      const into = new Uint8Array(1 + random.below(way.longest));
      const count = ring.read(into);
      hash.update(into.subarray(0, count));
      got += count;
    }
    expect(got).toBe(TOTAL);
    expect(await told).toEqual([hash.digest("hex")]);
    await worker.terminate();
  }, 60_000);

  test("the reader that stops its thread in between gets the same bytes, without a copy", async () => {
    const ring = RingBuffer.shared({ capacity: way.capacity });
    const worker = start(ring, { seed: 9, longest: way.longest, isInPlace: way.isInPlace });
    const told = once(worker, "message");
    await ring.readable(); // a Worker only starts while this thread is free
    const hash = createHash("sha256");
    while (ring.waitReadable()) {
      let seen = 0;
      for (const view of ring.views()) {
        hash.update(view);
        seen += view.length;
      }
      ring.consume(seen);
    }
    expect(await told).toEqual([hash.digest("hex")]);
    await worker.terminate();
  }, 60_000);
});

test("whoever waits is told when the ring is closed, and what is in it can still be read", async () => {
  const ring = RingBuffer.shared({ capacity: 8 });
  const other = RingBuffer.from(ring.handle);
  const waiting = ring.readable(3);
  other.write(Uint8Array.of(1, 2));
  other.close();
  expect(await waiting).toBe(false);
  expect([ring.isClosed, ring.waitReadable(2), ring.waitWritable(), ring.size]).toEqual([true, true, false, 2]);
});

test("two waits of the reader for different numbers are both told", async () => {
  const ring = RingBuffer.shared({ capacity: 8 });
  const other = RingBuffer.from(ring.handle);
  const [one, all] = [ring.readable(1), ring.readable(8)];
  other.write(new Uint8Array(1));
  expect(await one).toBe(true);
  other.write(new Uint8Array(7));
  expect(await all).toBe(true);
});

test("a wait that was not told in time leaves another one of the same side to be told", async () => {
  const ring = RingBuffer.shared({ capacity: 8 });
  const waiting = ring.readable();
  expect(ring.waitReadable(2, 1)).toBe(false);
  RingBuffer.from(ring.handle).write(new Uint8Array(1));
  expect(await waiting).toBe(true);
});

test("waiting ends in time, or says that it did not", () => {
  const ring = RingBuffer.shared({ capacity: 8 });
  expect(ring.waitReadable(1, 1)).toBe(false);
  ring.write(new Uint8Array(8));
  expect([ring.waitReadable(8, 0), ring.waitWritable(1, 1)]).toEqual([true, false]);
  expect(() => ring.waitReadable(9)).toThrow("the ring holds 8, never 9");
});

test("a ring of one thread cannot be waited for, nor sent to another", () => {
  using ring = new RingBuffer({ capacity: 8 });
  expect(() => ring.waitReadable()).toThrow("nobody could change it");
  expect(() => ring.handle).toThrow("make it with shared()");
});

test("records go to another thread as bytes do", async () => {
  const ring = RecordRing.shared({ capacity: 4, record: "int32" });
  const other = RecordRing.from<"int32">(ring.handle);
  const waiting = ring.readable(2);
  expect([other.push(-1), other.push(2 ** 31 - 1)]).toEqual([true, true]);
  expect(await waiting).toBe(true);
  expect([ring.shift(), ring.shift(), ring.shift()]).toEqual([-1, 2 ** 31 - 1, undefined]);
});

test("only the handle of a ring of the same kind is opened", () => {
  const [bytes, records] = [RingBuffer.shared({ capacity: 8 }), RecordRing.shared({ capacity: 8, record: 16 })];
  expect(() => RecordRing.from(bytes.handle)).toThrow("this is a RingBuffer of bytes");
  expect(() => RingBuffer.from(records.handle)).toThrow("this is a RecordRing");
  expect(RecordRing.from<16>(records.handle).push(new Uint8Array(16))).toBe(true);
  expect(() => RingBuffer.from(new SharedArrayBuffer(4096))).toThrow("holds no ring");
  expect(() => RingBuffer.from(new ArrayBuffer(4096) as never)).toThrow("no handle");
  expect(() => RingBuffer.from(bytes.handle.slice(0, 260))).toThrow("holds no ring");
  new Int32Array(bytes.handle)[0] = 12;
  expect(() => RingBuffer.from(bytes.handle)).toThrow("holds no ring");
});

test("a page that may not share memory is told the two headers that it needs", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, "crossOriginIsolated");
  Object.defineProperty(globalThis, "crossOriginIsolated", { value: false, configurable: true });
  try {
    const message = /Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp/;
    expect(() => RingBuffer.shared({ capacity: 8 })).toThrow(message);
  } finally {
    if (before) Object.defineProperty(globalThis, "crossOriginIsolated", before);
    else delete (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated;
  }
});
