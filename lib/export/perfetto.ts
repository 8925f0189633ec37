import { PbfWriter } from "pbf";
import type { Kernel } from "../kernel.ts";
import { type Counter, type Process, type Thread, type Track, processesOf } from "./tracks.ts";

/** Numbers of the fields of perfetto.protos.Trace and what is in it, as far as they are written. */
export const FIELDS = {
  Trace: { packet: 1 },
  TracePacket: {
    timestamp: 8,
    trusted_packet_sequence_id: 10,
    track_event: 11,
    sequence_flags: 13,
    track_descriptor: 60,
  },
  TrackDescriptor: { uuid: 1, name: 2, process: 3, thread: 4, parent_uuid: 5, counter: 8 },
  ProcessDescriptor: { pid: 1, process_name: 6 },
  ThreadDescriptor: { pid: 1, tid: 2, thread_name: 5 },
  CounterDescriptor: { unit: 3 },
  TrackEvent: { debug_annotations: 4, type: 9, track_uuid: 11, categories: 22, name: 23, counter_value: 30 },
  DebugAnnotation: { int_value: 4, string_value: 6, name: 10 },
} as const;

/** TrackEvent.Type. */
export const TYPES = { SLICE_BEGIN: 1, SLICE_END: 2, INSTANT: 3, COUNTER: 4 } as const;

/** CounterDescriptor.Unit. */
const UNITS = { count: 2, bytes: 3 } as const;
/** TracePacket.SequenceFlags: nothing before this packet is needed to understand it. */
const INCREMENTAL_STATE_CLEARED = 1;
/** All packets come from one writer. */
const SEQUENCE = 1;

/** An event, before it has its place among the others. */
interface Event {
  /** Unit: ns since boot. */
  readonly time: number;
  readonly track: number;
  readonly type: number;
  readonly name?: string;
  readonly category?: string;
  readonly value?: number;
  readonly details?: Readonly<Record<string, string | number>>;
}

/**
 * What a machine has done as a trace for https://ui.perfetto.dev: packets of protocol buffers, with a process each for
 * CPUs, tasks and devices, slices, instants and counters.
 *
 * @param kernel  a machine that has run.
 * @throws TypeError if it was booted without a trace.
 */
export function perfettoTrace(kernel: Kernel): Uint8Array<ArrayBuffer> {
  const writer = new TraceWriter();
  for (const process of processesOf(kernel)) writer.process(process);
  return writer.finish();
}

class TraceWriter {
  readonly #pbf = new PbfWriter();
  readonly #events: Event[] = [];
  #uuid = 0;
  #isFirst = true;

  process({ number, name, threads, counters }: Process): void {
    const uuid = this.#descriptor((pbf) => {
      pbf.writeMessage(FIELDS.TrackDescriptor.process, writeProcess, { number, name });
    });
    for (const thread of threads) this.#thread(number, uuid, thread);
    for (const counter of counters) this.#counter(uuid, counter);
  }

  finish(): Uint8Array<ArrayBuffer> {
    // A stable sort: of events at the same time, those of one track stay in order.
    for (const event of this.#events.toSorted((a, b) => a.time - b.time)) {
      this.#packet((pbf) => {
        pbf.writeVarintField(FIELDS.TracePacket.timestamp, event.time);
        pbf.writeMessage(FIELDS.TracePacket.track_event, writeEvent, event);
      });
    }
    return this.#pbf.finish().slice() as Uint8Array<ArrayBuffer>;
  }

  #thread(process: number, parent: number, { number, track, below }: Thread): void {
    const uuid = this.#descriptor((pbf) => {
      pbf.writeVarintField(FIELDS.TrackDescriptor.parent_uuid, parent);
      pbf.writeMessage(FIELDS.TrackDescriptor.thread, writeThread, { process, number, name: track.name });
    });
    this.#track(uuid, track);
    for (const one of below) {
      const own = this.#descriptor((pbf) => {
        pbf.writeStringField(FIELDS.TrackDescriptor.name, one.name);
        pbf.writeVarintField(FIELDS.TrackDescriptor.parent_uuid, uuid);
      });
      this.#track(own, one);
    }
  }

  /** Begins and ends of slices, so that what is inside of another begins after it and ends before it. */
  #track(track: number, { slices, instants }: Track): void {
    const open: number[] = [];
    const close = (until: number) => {
      while (open.length > 0 && open.at(-1)! <= until) {
        this.#events.push({ time: open.pop()!, track, type: TYPES.SLICE_END });
      }
    };
    for (const { name, start, end, details } of slices) {
      close(start);
      const category = String(details["kind"]);
      this.#events.push({ time: start, track, type: TYPES.SLICE_BEGIN, name, category, details });
      if (end > start) open.push(end);
      else this.#events.push({ time: end, track, type: TYPES.SLICE_END });
    }
    close(Infinity);
    for (const { name, time, details } of instants) {
      this.#events.push({ time, track, type: TYPES.INSTANT, name, details });
    }
  }

  #counter(parent: number, { name, unit, points }: Counter): void {
    const track = this.#descriptor((pbf) => {
      pbf.writeStringField(FIELDS.TrackDescriptor.name, name);
      pbf.writeVarintField(FIELDS.TrackDescriptor.parent_uuid, parent);
      pbf.writeMessage(FIELDS.TrackDescriptor.counter, writeUnit, UNITS[unit]);
    });
    for (const { time, value } of points) this.#events.push({ time, track, type: TYPES.COUNTER, value });
  }

  /** Writes what a track is. @returns its uuid. */
  #descriptor(write: (pbf: PbfWriter) => void): number {
    const uuid = ++this.#uuid;
    this.#packet((pbf) => {
      pbf.writeMessage(
        FIELDS.TracePacket.track_descriptor,
        (_, inner) => {
          inner.writeVarintField(FIELDS.TrackDescriptor.uuid, uuid);
          write(inner);
        },
        null,
      );
    });
    return uuid;
  }

  #packet(write: (pbf: PbfWriter) => void): void {
    this.#pbf.writeMessage(
      FIELDS.Trace.packet,
      (_, pbf) => {
        write(pbf);
        pbf.writeVarintField(FIELDS.TracePacket.trusted_packet_sequence_id, SEQUENCE);
        if (this.#isFirst) pbf.writeVarintField(FIELDS.TracePacket.sequence_flags, INCREMENTAL_STATE_CLEARED);
      },
      null,
    );
    this.#isFirst = false;
  }
}

function writeProcess({ number, name }: { number: number; name: string }, pbf: PbfWriter): void {
  pbf.writeVarintField(FIELDS.ProcessDescriptor.pid, number);
  pbf.writeStringField(FIELDS.ProcessDescriptor.process_name, name);
}

function writeThread(thread: { process: number; number: number; name: string }, pbf: PbfWriter): void {
  pbf.writeVarintField(FIELDS.ThreadDescriptor.pid, thread.process);
  pbf.writeVarintField(FIELDS.ThreadDescriptor.tid, thread.number);
  pbf.writeStringField(FIELDS.ThreadDescriptor.thread_name, thread.name);
}

function writeUnit(unit: number, pbf: PbfWriter): void {
  pbf.writeVarintField(FIELDS.CounterDescriptor.unit, unit);
}

function writeEvent({ type, track, name, category, value, details = {} }: Event, pbf: PbfWriter): void {
  pbf.writeVarintField(FIELDS.TrackEvent.type, type);
  pbf.writeVarintField(FIELDS.TrackEvent.track_uuid, track);
  if (category !== undefined) pbf.writeStringField(FIELDS.TrackEvent.categories, category);
  if (name !== undefined) pbf.writeStringField(FIELDS.TrackEvent.name, name);
  if (value !== undefined) pbf.writeVarintField(FIELDS.TrackEvent.counter_value, value);
  for (const detail of Object.entries(details)) {
    pbf.writeMessage(FIELDS.TrackEvent.debug_annotations, writeDetail, detail);
  }
}

function writeDetail([name, value]: readonly [string, string | number], pbf: PbfWriter): void {
  pbf.writeStringField(FIELDS.DebugAnnotation.name, name);
  if (typeof value === "number") pbf.writeVarintField(FIELDS.DebugAnnotation.int_value, value);
  else pbf.writeStringField(FIELDS.DebugAnnotation.string_value, value);
}
