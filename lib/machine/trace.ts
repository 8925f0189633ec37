import { type EventName, type Narrator, RECORD_SIZE, TraceRecord, eventNumber } from "./records.ts";
import { TRACE_BASE, TRACE_RECORDS } from "./memory_map.ts";
import { type KernelMemory, fieldOffset } from "./memory.ts";
import type { Machine } from "./machine.ts";

const EVENT = fieldOffset("TraceRecord", "event");
/** Size of the ring of records. Unit: bytes. */
const RING_SIZE = TRACE_RECORDS * RECORD_SIZE;
/** How many rings of old records are kept at hand. */
const KEPT = 64;
/** How many are taken when the past is run again for one. */
const AHEAD = 16;

/** Records in a piece of memory, each at its place in a ring. */
interface Ring {
  readonly view: DataView;
  /** Where the ring begins. */
  readonly base: number;
  /** The last tick that it has the record of. */
  readonly until: number;
}

/** Which records to look at; a record must fit all that is given. */
export interface TraceFilter {
  /** One event, or any of several. */
  readonly event?: EventName | readonly EventName[];
  readonly pid?: number;
  readonly cpu?: number;
  /** First tick. */
  readonly from?: number;
  /** Last tick. */
  readonly to?: number;
}

/** Everything that has left a trace since boot: records by tick, from 1. Old ones are had by running the past again. */
export class Trace implements Iterable<TraceRecord> {
  readonly #machine: Machine;
  readonly #narrate: Narrator | undefined;
  /** Full rings by their number: ring n holds the ticks from n * TRACE_RECORDS + 1 on. */
  readonly #rings = new Map<number, Ring>();
  #history: unknown;

  constructor(machine: Machine, narrate?: Narrator) {
    this.#machine = machine;
    this.#narrate = narrate;
  }

  /** Number of records, which is the last tick. */
  get length(): number {
    return this.#machine.ticks;
  }

  /** The record of a tick. @throws RangeError if there is no such tick. */
  at(tick: number): TraceRecord {
    if (!(Number.isInteger(tick) && tick >= 1 && tick <= this.length)) {
      throw new RangeError(`there are ticks 1 to ${this.length}, not ${tick}`);
    }
    return this.#record(this.#find(tick), tick);
  }

  #record({ view, base }: Ring, tick: number): TraceRecord {
    return new TraceRecord(view, base + ((tick - 1) % TRACE_RECORDS) * RECORD_SIZE, tick, this.#narrate);
  }

  /** The records of a range of ticks, in order. */
  *range(from = 1, to = this.length): Generator<TraceRecord> {
    const last = Math.min(to, this.length);
    let ring: Ring | undefined;
    for (let tick = Math.max(1, from); tick <= last; tick++) {
      // A copy of a ring stays as it is; the machine's own may change between two records.
      if (ring === undefined || ring.base !== 0 || (tick - 1) % TRACE_RECORDS === 0) ring = this.#find(tick);
      yield this.#record(ring, tick);
    }
  }

  [Symbol.iterator](): Generator<TraceRecord> {
    return this.range();
  }

  /** The records that fit. @throws TypeError for an event that there is not. */
  *filter(wanted: TraceFilter | ((record: TraceRecord) => boolean)): Generator<TraceRecord> {
    if (typeof wanted === "function") {
      for (const record of this) if (wanted(record)) yield record;
      return;
    }
    const { event, pid, cpu, from, to } = wanted;
    const events = event === undefined ? null : new Set(typeof event === "string" ? [event] : event);
    events?.forEach(eventNumber);
    for (const record of this.range(from, to)) {
      if (events !== null && !events.has(record.event)) continue;
      if (pid !== undefined && record.pid !== pid) continue;
      if (cpu !== undefined && record.cpu !== cpu) continue;
      yield record;
    }
  }

  /**
   * The ticks at which some bytes of the memory are not what they were at the tick before, in order: for watching an
   * object. Runs the past again.
   *
   * @param length  Unit: bytes.
   */
  changes(address: number, length: number): number[] {
    const changed: number[] = [];
    const before = new Uint8Array(length);
    this.watch(({ bytes }, tick) => {
      let differs = false;
      for (let i = 0; i < length; i++) {
        // What is beyond the end of the memory is as if it were 0: so it begins when the memory grows.
        const byte = bytes[address + i] ?? 0;
        if (byte === before[i]) continue;
        before[i] = byte;
        differs = true;
      }
      if (differs && tick > 1) changed.push(tick);
    });
    return changed;
  }

  /**
   * Runs a stretch of the past again, and shows the memory as it was at each of its ticks, when the record was written.
   *
   * @param look  may read the memory, and must keep nothing of it.
   * @param from  the first tick.
   * @param to    the last one.
   */
  watch(look: (memory: KernelMemory, tick: number) => void, from = 1, to = this.length): void {
    const { history, ticks } = this.#machine;
    const last = Math.min(to, ticks);
    let tick = Math.max(1, from);
    if (tick > last) return;
    const engine = history.spare;
    history.visit(engine, tick, () => {
      look(engine.memory, tick);
      return ++tick <= last ? tick : 0;
    });
  }

  /** Number of the event that a machine's last record, at `tick`, is of. @internal */
  eventAt(memory: KernelMemory, tick: number): number {
    return memory.view.getUint16(TRACE_BASE + ((tick - 1) % TRACE_RECORDS) * RECORD_SIZE + EVENT, true);
  }

  /** Where the record of a tick is to be found. */
  #find(tick: number): Ring {
    const machine = this.#machine;
    const { ticks } = machine;
    // The machine's own ring has the last ones.
    if (!machine.inPast && tick > ticks - TRACE_RECORDS) {
      return { view: machine.memory.view, base: TRACE_BASE, until: ticks };
    }
    if (this.#history !== machine.history) {
      this.#history = machine.history;
      this.#rings.clear();
    }
    const number = Math.floor((tick - 1) / TRACE_RECORDS);
    const found = this.#rings.get(number);
    return found && tick <= found.until ? found : this.#collect(number);
  }

  /** Runs the past again, and keeps the ring that is wanted, and some of those behind it. */
  #collect(number: number): Ring {
    const { history, ticks } = this.#machine;
    const engine = history.spare;
    // A ring that is not full yet will have more records later.
    const fullAt = (ring: number) => Math.min((ring + 1) * TRACE_RECORDS, ticks);
    let next = number;
    history.visit(engine, fullAt(next), () => {
      const view = new DataView(engine.memory.slice(TRACE_BASE, RING_SIZE).buffer);
      this.#rings.delete(next);
      this.#rings.set(next, { view, base: 0, until: fullAt(next) });
      next++;
      return next < number + AHEAD && next * TRACE_RECORDS < ticks ? fullAt(next) : 0;
    });
    for (const oldest of this.#rings.keys()) if (this.#rings.size > KEPT) this.#rings.delete(oldest);
    return this.#rings.get(number)!;
  }
}
