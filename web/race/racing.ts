import type { ReactiveController, ReactiveControllerHost } from "lit";
import { CONTENDERS } from "../../lib/race/contenders/all.ts";
import { race } from "../../lib/race/race.ts";
import type { CaseName, Heat, RaceProgress, RaceResult } from "../../lib/race/types.ts";
import { surroundingsHere } from "./browser.ts";
import { CROSSING_SIZE, FAMILIES, type Plan, heatsOf } from "./settings.ts";

/** How a race stands; none: none was begun; nobody: of the chosen contenders none can do the work. */
export type RacingState = "none" | "running" | "done" | "cancelled" | "failed" | "nobody";

/** How far a race has come. */
export interface RacingProgress {
  /** From 0 to 1. */
  readonly part: number;
  /** What is being measured; null: it begins. */
  readonly heat: Heat | null;
  /** Its number, from 1, and how many there are. */
  readonly number: number;
  readonly total: number;
  /** Unit: s; null: it is too early to tell. */
  readonly left: number | null;
}

/** A part of a plan whose heats have the same sizes. */
interface Leg {
  readonly cases: readonly CaseName[];
  readonly sizes: readonly number[];
  readonly heats: number;
}

/** How long a heat takes beside its samples, for each contender in each mode: loading and warming up. Unit: s. */
const AROUND = 0.25;
/** Before so much is done, nobody knows how long it takes. */
const EARLY = 0.04;

/** A race in this page: begun, cancelled, told of while it goes on. It ends with the element. */
export class Racing implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #abort = new AbortController();
  #state: RacingState = "none";
  #reason = "";
  #progress: RacingProgress = { part: 0, heat: null, number: 0, total: 0, left: null };

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get state(): RacingState {
    return this.#state;
  }

  get progress(): RacingProgress {
    return this.#progress;
  }

  /** Why it failed; empty: it did not. */
  get reason(): string {
    return this.#reason;
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** A person ends it before its end. */
  cancel(): void {
    if (this.#state === "running") this.#abort.abort();
  }

  /** Runs a race. @returns what came out, also of one that was cancelled; null: nothing. */
  async start(plan: Plan): Promise<RaceResult | null> {
    const { signal } = (this.#abort = new AbortController());
    const total = heatsOf(plan).length;
    [this.#state, this.#reason] = ["running", ""];
    this.#progress = { part: 0, heat: null, number: 0, total, left: null };
    this.#host.requestUpdate();
    const began = performance.now();
    const results: RaceResult[] = [];
    try {
      const surroundings = await surroundingsHere();
      let before = 0;
      for (const { cases, sizes, heats } of legsOf(plan)) {
        if (signal.aborted) break;
        const { orders, seed, samples, seconds, contenders } = plan;
        const onProgress = (told: RaceProgress) => this.#tell(told, before, total, began);
        const options = { cases, sizes, orders, seed, samples, budget: seconds * 1000, contenders, signal, onProgress };
        results.push(await race(options, surroundings));
        before += heats;
      }
      this.#state = signal.aborted ? "cancelled" : "done";
    } catch (error) {
      [this.#state, this.#reason] = ["failed", error instanceof Error ? error.message : String(error)];
    }
    const result = joined(results);
    if (this.#state === "done" && !result) this.#state = "nobody";
    this.#host.requestUpdate();
    return result;
  }

  #tell({ part, heat, done, total: ofLeg }: RaceProgress, before: number, total: number, began: number): void {
    const whole = (before + part * ofLeg) / total;
    const spent = (performance.now() - began) / 1000;
    const left = whole < EARLY ? null : (spent / whole) * (1 - whole);
    this.#progress = { part: whole, heat, number: before + done + 1, total, left };
    this.#host.requestUpdate();
  }
}

/** The parts of a plan, each with sizes of its own; those without a case are left out. */
function legsOf(plan: Plan): Leg[] {
  const parts = [
    { of: [...FAMILIES.maps, ...FAMILIES.lists], sizes: plan.sizes },
    { of: FAMILIES.rings, sizes: plan.messages },
    { of: FAMILIES.crossing, sizes: [CROSSING_SIZE] },
  ] satisfies { of: readonly CaseName[]; sizes: readonly number[] }[];
  return parts
    .map(({ of, sizes }) => {
      const cases = plan.cases.filter((name) => (of as readonly CaseName[]).includes(name));
      return { cases, sizes, heats: heatsOf({ ...plan, cases }).length };
    })
    .filter(({ cases }) => cases.length > 0);
}

/** One result of the parts of a plan; null: there is none, or nothing was measured. */
function joined(results: readonly RaceResult[]): RaceResult | null {
  const [first] = results;
  const rows = results.flatMap((one) => one.rows);
  if (!first || rows.length === 0) return null;
  const { machine } = first;
  const all = <T>(of: (one: RaceResult) => Record<string, T>) =>
    Object.assign({}, ...results.map(of)) as Record<string, T>;
  const absent = new Map(results.flatMap((one) => one.absent).map((one) => [one.contender, one]));
  return {
    ...first,
    machine: {
      ...machine,
      clockResolution_ns: Math.max(...results.map((one) => one.machine.clockResolution_ns)),
      versions: all((one) => one.machine.versions),
      flags: all((one) => one.machine.flags),
    },
    isComplete: results.every((one) => one.isComplete),
    rows,
    verdicts: results.flatMap((one) => one.verdicts),
    absent: [...absent.values()],
  };
}

/** About how long a plan takes. Unit: s. */
export function secondsOf(plan: Plan): number {
  return heatsOf(plan).reduce((seconds, { case: name }) => {
    const racers = CONTENDERS.filter(
      ({ id, cases, kind }) => kind !== "native" && cases.includes(name) && (plan.contenders?.includes(id) ?? true),
    ).reduce((count, { modes }) => count + modes.length, 0);
    return seconds + (racers === 0 ? 0 : plan.seconds + racers * AROUND);
  }, 0);
}
