import { PbfReader } from "pbf";
import { beforeAll, describe, expect, test } from "vitest";
import { chromeTrace } from "../../lib/export/chrome.ts";
import { FIELDS, TYPES, perfettoTrace } from "../../lib/export/perfetto.ts";
import type { Kernel } from "../../lib/index.ts";
import { SCENARIOS } from "../../web/scenarios/all.ts";

/** A field of a message: its number, and a number or bytes. */
type Field = readonly [number: number, value: number | Uint8Array];

/** The fields of a message, of any kind: this reader knows no schema. */
function fieldsOf(bytes: Uint8Array): Field[] {
  const reader = new PbfReader(bytes);
  return reader.readFields<Field[]>((tag, fields, pbf) => {
    fields.push([tag, pbf.type === 2 ? pbf.readBytes() : pbf.readVarint(true)]);
  }, []);
}

const bytesIn = (fields: readonly Field[], number: number): Uint8Array[] =>
  fields.filter(([tag]) => tag === number).map(([, value]) => value as Uint8Array);
const numberIn = (fields: readonly Field[], number: number): number =>
  fields.find(([tag]) => tag === number)?.[1] as number;
const textIn = (fields: readonly Field[], number: number): string =>
  new TextDecoder().decode(bytesIn(fields, number)[0] ?? new Uint8Array());

/** The packets of a trace. */
const packetsOf = (trace: Uint8Array) => bytesIn(fieldsOf(trace), FIELDS.Trace.packet).map(fieldsOf);

async function run(id: string): Promise<Kernel> {
  return (await SCENARIOS.find((scenario) => scenario.id === id)!.start()).kernel;
}

const IDS = ["echo", "herd", "pipe", "sendfile", "page-cache", "aio", "eintr"];

describe.each(IDS)("the run %s", (id) => {
  let packets: Field[][] = [];
  let chrome: { traceEvents: Record<string, unknown>[] } = { traceEvents: [] };
  let kernel!: Kernel;
  beforeAll(async () => {
    kernel = await run(id);
    packets = packetsOf(perfettoTrace(kernel));
    chrome = JSON.parse(chromeTrace(kernel)) as typeof chrome;
  });

  test("has in Perfetto's form as many ends as begins on each track, each end behind its begin", () => {
    const open = new Map<number, number>();
    let slices = 0;
    let time = 0;
    for (const packet of packets) {
      const [event] = bytesIn(packet, FIELDS.TracePacket.track_event).map(fieldsOf);
      if (!event) continue;
      const now = numberIn(packet, FIELDS.TracePacket.timestamp);
      expect(now).toBeGreaterThanOrEqual(time);
      time = now;
      const track = numberIn(event, FIELDS.TrackEvent.track_uuid);
      const type = numberIn(event, FIELDS.TrackEvent.type);
      if (type === TYPES.SLICE_BEGIN) slices++;
      const step = type === TYPES.SLICE_BEGIN ? 1 : type === TYPES.SLICE_END ? -1 : 0;
      open.set(track, (open.get(track) ?? 0) + step);
      expect(open.get(track)).toBeGreaterThanOrEqual(0);
    }
    expect([...open.values()].filter((depth) => depth !== 0)).toEqual([]);
    expect(slices).toBeGreaterThan(10);
  });

  test("has in Perfetto's form a descriptor for every track, and a parent for all but processes", () => {
    const descriptors = packets.flatMap((packet) => bytesIn(packet, FIELDS.TracePacket.track_descriptor).map(fieldsOf));
    const { uuid, parent_uuid, process } = FIELDS.TrackDescriptor;
    const known = new Set(descriptors.map((fields) => numberIn(fields, uuid)));
    expect(known.size).toBe(descriptors.length);
    for (const fields of descriptors) {
      if (bytesIn(fields, process).length === 0) expect(known).toContain(numberIn(fields, parent_uuid));
    }
    for (const packet of packets) {
      const [event] = bytesIn(packet, FIELDS.TracePacket.track_event).map(fieldsOf);
      if (event) expect(known).toContain(numberIn(event, FIELDS.TrackEvent.track_uuid));
    }
  });

  test("has the same slices, instants and counters in both forms", () => {
    const perfetto = new Map<number, number>();
    for (const packet of packets) {
      const [event] = bytesIn(packet, FIELDS.TracePacket.track_event).map(fieldsOf);
      if (!event) continue;
      const type = numberIn(event, FIELDS.TrackEvent.type);
      perfetto.set(type, (perfetto.get(type) ?? 0) + 1);
    }
    const count = (ph: string) => chrome.traceEvents.filter((event) => event["ph"] === ph).length;
    expect(count("X")).toBe(perfetto.get(TYPES.SLICE_BEGIN));
    expect(count("X")).toBe(perfetto.get(TYPES.SLICE_END));
    expect(count("i")).toBe(perfetto.get(TYPES.INSTANT) ?? 0);
    expect(count("C")).toBe(perfetto.get(TYPES.COUNTER));
  });

  test("has in Chrome's form slices that lie inside of each other or apart", () => {
    const open = new Map<string, number[]>();
    for (const { ph, pid, tid, ts, dur } of chrome.traceEvents as Record<string, number>[]) {
      if ((ph as unknown) !== "X") continue;
      const key = `${pid} ${tid}`;
      const ends = open.get(key) ?? [];
      open.set(key, ends);
      const [from, to] = [Math.round(ts! * 1000), Math.round((ts! + dur!) * 1000)];
      expect(to).toBeGreaterThanOrEqual(from);
      while (ends.length > 0 && ends.at(-1)! <= from) ends.pop();
      if (ends.length > 0) expect(to).toBeLessThanOrEqual(ends.at(-1)!);
      ends.push(to);
    }
  });

  test("ends with a counter of what DMA has moved: as the machine has counted, and the headers of packets", () => {
    const { args } = chrome.traceEvents.findLast(
      ({ ph, name }) => ph === "C" && name === "bytes moved by DMA",
    ) as unknown as { args: { bytes: number } };
    const packets = [...kernel.trace].some(({ event }) => event === "nic_interrupt");
    if (!packets) expect(args.bytes).toBe(kernel.counters.dmaBytes);
    expect(args.bytes).toBeGreaterThanOrEqual(kernel.counters.dmaBytes);
  });

  test("has its system calls, with their results", () => {
    const calls = chrome.traceEvents.filter((event) => event["cat"] === "call");
    expect(calls.length).toBeGreaterThanOrEqual(kernel.counters.syscalls - kernel.tasks.length);
    expect(calls.some(({ args }) => (args as { result?: unknown }).result !== undefined)).toBe(true);
  });
});

test("a track of Perfetto's form is called as what it shows", async () => {
  const packets = packetsOf(perfettoTrace(await run("echo")));
  const names = packets.flatMap((packet) =>
    bytesIn(packet, FIELDS.TracePacket.track_descriptor)
      .map(fieldsOf)
      .map((fields) => {
        const { name, process, thread } = FIELDS.TrackDescriptor;
        const [of] = bytesIn(fields, process).map(fieldsOf);
        const [by] = bytesIn(fields, thread).map(fieldsOf);
        if (of) return textIn(of, FIELDS.ProcessDescriptor.process_name);
        return by ? textIn(by, FIELDS.ThreadDescriptor.thread_name) : textIn(fields, name);
      }),
  );
  expect(names).toEqual(
    expect.arrayContaining(["CPUs", "CPU 0", "tasks", "server", "state", "phases of input", "devices"]),
  );
});
