import type {
  Absent,
  Contender,
  Entry,
  Heat,
  Mode,
  RaceOptions,
  RaceRow,
  Seat,
  Surroundings,
  TrialAnswer,
  TrialRequest,
} from "./types.ts";
import { LEAST_SAMPLES, medianInterval, median } from "./statistics.ts";
import { Random } from "../fuzz/random.ts";
import { SeatClosed } from "./seat.ts";
import { shuffle } from "./work.ts";

/** A sample has no more digits than that which mean anything. */
const DIGITS = 5;
/** Parts of a heat's progress: warming up, and sampling. */
const WARM_PART = 0.25;
const SAMPLE_PART = 0.65;

/** Somebody who sits in a heat, in one mode. */
interface Racer extends Entry {
  readonly seat: Seat;
  readonly samples: number[];
  operations: number;
  worst_ns: number | null;
  bytes: number | null;
  disqualified: string | null;
}

/** The answers to a kind of request. */
type AnswerTo<T extends TrialRequest["type"]> = Extract<TrialAnswer, { type: T }>;

/** One heat: all contenders of a case at a size in an order. What it has measured can be read at any time. */
export class HeatRun {
  readonly #heat: Heat;
  readonly #options: RaceOptions;
  readonly #surroundings: Surroundings;
  readonly #contenders: readonly Contender[];
  readonly #seats = new Set<Seat>();
  readonly #racers: Racer[] = [];
  readonly absent: Absent[] = [];
  readonly versions: Record<string, string> = {};
  readonly flags: Record<string, string> = {};
  /** The coarsest clock that was met. Unit: ns. */
  resolution = 0;

  constructor(heat: Heat, options: RaceOptions, surroundings: Surroundings, contenders: readonly Contender[]) {
    this.#heat = heat;
    this.#options = options;
    this.#surroundings = surroundings;
    this.#contenders = contenders;
  }

  /** What there is up to now. */
  get rows(): RaceRow[] {
    return this.#racers.map((racer) => rowOf(this.#heat, racer, this.#options.seed));
  }

  /** Runs it to its end, or until the signal is set. `onPart` is told how much is done, from 0 to 1. */
  async run(onPart: (part: number) => void): Promise<void> {
    const { signal } = this.#options;
    const close = () => this.#seats.forEach((seat) => seat.close());
    signal?.addEventListener("abort", close, { once: true });
    try {
      onPart(0);
      await this.#open((part) => onPart(part * WARM_PART));
      await this.#rounds((part) => onPart(WARM_PART + part * SAMPLE_PART));
      await this.#extras((part) => onPart(WARM_PART + SAMPLE_PART + part * (1 - WARM_PART - SAMPLE_PART)));
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      signal?.removeEventListener("abort", close);
      close();
    }
  }

  #seat(): Seat {
    this.#options.signal?.throwIfAborted();
    const seat = this.#surroundings.seat();
    this.#seats.add(seat);
    return seat;
  }

  async #checksums(): Promise<readonly number[]> {
    const seat = this.#seat();
    const answer = await seat.ask({ type: "checksum", seed: this.#options.seed, ...this.#heat });
    seat.close();
    if (answer.type !== "checksum") throw new Error(answer.type === "out" ? answer.reason : "there are no checksums");
    return answer.checksums;
  }

  /** Seats all contenders, and warms them up. */
  async #open(onPart: (part: number) => void): Promise<void> {
    if (this.#contenders.length === 0) return;
    const checksums = await this.#checksums();
    for (const [i, contender] of this.#contenders.entries()) {
      onPart(i / this.#contenders.length);
      await this.#sit(contender, checksums);
    }
  }

  async #sit({ id, install, modes }: Contender, checksums: readonly number[]): Promise<void> {
    const seat = this.#seat();
    const request = { type: "open", contender: id, seed: this.#options.seed, checksums, ...this.#heat } as const;
    const answer = await this.#answerOf(seat, request);
    if (answer.type === "out") {
      for (const mode of modes) this.#racers.push(racerOf(id, mode, seat, answer.reason));
      return;
    }
    const { modes: there, version, flags, resolution_ns } = answer as AnswerTo<"open">;
    this.resolution = Math.max(this.resolution, resolution_ns);
    if (there === null) {
      this.absent.push({ contender: id, install: install ?? null });
      seat.close();
      return;
    }
    if (version !== null) this.versions[id] = version;
    if (flags !== null) this.flags[id] = flags;
    for (const mode of there) {
      const racer = racerOf(id, mode, seat);
      this.#racers.push(racer);
      const warm = await this.#ask(racer, "warm");
      if (warm !== null) racer.operations = warm.operations;
    }
  }

  /** Takes samples, round by round, each in another order. */
  async #rounds(onPart: (part: number) => void): Promise<void> {
    const { seed, samples, budget } = this.#options;
    const random = new Random(seed, 0);
    const begin = performance.now();
    for (let round = 0; round < samples; round++) {
      const spent = performance.now() - begin;
      // However long they take: without so many samples nothing could be said.
      if (round >= LEAST_SAMPLES && spent > budget) return;
      const order = [...this.#racing()];
      shuffle(order, random);
      for (const [i, racer] of order.entries()) {
        const rounds = round + i / order.length;
        onPart(Math.max(rounds / samples, Math.min(spent / budget, rounds / LEAST_SAMPLES, 1)));
        const sample = await this.#ask(racer, "sample");
        if (sample !== null) racer.samples.push(Number(sample.ns.toPrecision(DIGITS)));
      }
    }
  }

  async #extras(onPart: (part: number) => void): Promise<void> {
    const racing = this.#racing();
    for (const [i, racer] of racing.entries()) {
      onPart(i / racing.length);
      const extra = await this.#ask(racer, "extra");
      if (extra !== null) [racer.worst_ns, racer.bytes] = [extra.worst_ns, extra.bytes];
    }
  }

  #racing(): Racer[] {
    return this.#racers.filter(({ disqualified }) => disqualified === null);
  }

  /** Asks a racer; null: it is disqualified now. */
  async #ask<T extends "warm" | "sample" | "extra">(racer: Racer, type: T): Promise<AnswerTo<T> | null> {
    const answer = await this.#answerOf(racer.seat, { type, mode: racer.mode });
    if (answer.type !== "out") return answer as AnswerTo<T>;
    racer.disqualified = answer.reason;
    return null;
  }

  /** The answer of a seat. That its process has died counts as one: its contender is out. */
  async #answerOf(seat: Seat, request: TrialRequest): Promise<TrialAnswer> {
    try {
      return await seat.ask(request);
    } catch (error) {
      if (!(error instanceof SeatClosed) || this.#options.signal?.aborted) throw error;
      return { type: "out", reason: error.message };
    }
  }
}

function racerOf(contender: string, mode: Mode, seat: Seat, disqualified: string | null = null): Racer {
  return { contender, mode, seat, samples: [], operations: 0, worst_ns: null, bytes: null, disqualified };
}

function rowOf(heat: Heat, racer: Racer, seed: number): RaceRow {
  const { contender, mode, samples, operations, worst_ns, bytes, disqualified } = racer;
  const isKnown = samples.length > 0 && disqualified === null;
  const { low, high } = isKnown ? medianInterval(samples, seed) : { low: null, high: null };
  const times = { median_ns: isKnown ? median(samples) : null, low_ns: low, high_ns: high };
  return { ...heat, contender, mode, ...times, samples: [...samples], operations, worst_ns, bytes, disqualified };
}
