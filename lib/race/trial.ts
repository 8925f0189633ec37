import type { Contender, Heat, Loaded, Mode, Runner, TrialAnswer, TrialRequest, Work } from "./types.ts";
import { clockResolution, now } from "./clock.ts";
import { checksumOf } from "./checksum.ts";
import { extra } from "./extra.ts";
import { variantsOf, workOf } from "./work.ts";

/** A sample is to be so many steps of the clock long, so that its error is small. */
const STEPS_OF_CLOCK = 500;
/** And so long at least, so that what is around it (a call, an interrupt) is small. Unit: ns. */
const SHORTEST_SAMPLE = 1e6;
/** Running so long makes every engine compile what it is going to compile. Unit: ns. */
const WARM_UP = 100e6;
/** Samples of a warm-up: at least, and at most. */
const WARM_SAMPLES = [3, 2000] as const;
/** Preparing and running are given up after so long, if there were enough runs. Unit: ns. */
const LONGEST_WARM_UP = 1000e6;
/** So many elements are made for a sample at most. */
const MOST_ELEMENTS = 1 << 19;
const MOST_COPIES = 2048;

/** A contender's answer was not what it has to be. */
class WrongAnswer extends Error {}

/** A mode that takes part. */
interface Lane {
  /** One for every variant of the work. */
  readonly runners: readonly Runner[];
  /** Runs of each that make a sample. */
  copies: number;
}

/** What a fresh process or Worker does: it runs one contender in one heat, as it is asked to. */
export class Trial {
  readonly #contenders: readonly Contender[];
  readonly #lanes = new Map<Mode, Lane>();
  readonly #resolution = clockResolution();
  /** All variants. */
  #works: readonly Work[] = [];
  #checksums: readonly number[] = [];

  constructor(contenders: readonly Contender[]) {
    this.#contenders = contenders;
  }

  async answer(request: TrialRequest): Promise<TrialAnswer> {
    try {
      return await this.#answer(request);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { type: "out", reason: error instanceof WrongAnswer ? reason : `it has thrown: ${reason}` };
    }
  }

  async #answer(request: TrialRequest): Promise<TrialAnswer> {
    switch (request.type) {
      case "checksum":
        return { type: "checksum", checksums: worksOf(request).map(checksumOf) };
      case "open":
        return this.#open(request);
      case "warm":
        return this.#warm(request.mode);
      case "sample":
        return this.#sample(request.mode);
      case "extra":
        return { type: "extra", ...(await extra(this.#lane(request.mode).runners[0]!, this.#works[0]!)) };
    }
  }

  async #open(request: Extract<TrialRequest, { type: "open" }>): Promise<TrialAnswer> {
    const contender = this.#contenders.find(({ id }) => id === request.contender);
    const loaded = (await contender?.load()) ?? null;
    if (contender === undefined || loaded === null) {
      return { type: "open", resolution_ns: this.#resolution, modes: null, version: null, flags: null };
    }
    this.#works = worksOf(request);
    this.#checksums = request.checksums;
    this.#enter(contender, loaded);
    const { version, flags = null } = loaded;
    return { type: "open", resolution_ns: this.#resolution, modes: [...this.#lanes.keys()], version, flags };
  }

  #enter({ modes }: Contender, loaded: Loaded): void {
    for (const mode of modes) {
      const runners = this.#works.flatMap((work) => loaded.runner(work.case, mode, work.size) ?? []);
      if (runners.length > 0) this.#lanes.set(mode, { runners, copies: 1 });
    }
  }

  #lane(mode: Mode): Lane {
    const lane = this.#lanes.get(mode);
    if (lane === undefined) throw new Error(`it takes no part in the mode ${mode}`);
    return lane;
  }

  async #warm(mode: Mode): Promise<TrialAnswer> {
    const lane = this.#lane(mode);
    const begin = now();
    let ran = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let samples = 0; samples < WARM_SAMPLES[1]; samples++) {
      if (samples >= WARM_SAMPLES[0] && (ran >= WARM_UP || now() - begin >= LONGEST_WARM_UP)) break;
      const time = await this.#timed(lane.runners, 1);
      ran += time;
      least = Math.min(least, Math.max(time, 1));
    }
    const wanted = Math.max(SHORTEST_SAMPLE, STEPS_OF_CLOCK * this.#resolution) / least;
    const most = Math.min(MOST_COPIES, MOST_ELEMENTS / this.#works[0]!.size) / lane.runners.length;
    lane.copies = Math.ceil(Math.max(1, Math.min(wanted, most)));
    return { type: "warm", operations: this.#operations(lane) };
  }

  async #sample(mode: Mode): Promise<TrialAnswer> {
    const lane = this.#lane(mode);
    const time = await this.#timed(lane.runners, lane.copies);
    return { type: "sample", ns: time / this.#operations(lane) };
  }

  /** How many operations are in a sample. */
  #operations({ copies }: Lane): number {
    return this.#works.reduce((sum, { operations }) => sum + operations * copies, 0);
  }

  /** The time of so many runs of each. Unit: ns. @throws WrongAnswer. */
  async #timed(runners: readonly Runner[], copies: number): Promise<number> {
    try {
      for (const [i, runner] of runners.entries()) await runner.prepare(this.#works[i]!, copies);
      return await this.#run(runners, copies);
    } finally {
      for (const runner of runners) await runner.end();
    }
  }

  async #run(runners: readonly Runner[], copies: number): Promise<number> {
    const answers = new Int32Array(copies * runners.length);
    let taken = 0; // by those who take their time themselves
    const begin = now();
    for (let i = 0; i < answers.length; i++) {
      const said = runners[i % runners.length]!.run(Math.floor(i / runners.length));
      const answer = said instanceof Promise ? await said : said;
      if (typeof answer === "number") answers[i] = answer;
      else {
        answers[i] = answer.checksum;
        taken += answer.ns;
      }
    }
    const time = now() - begin;
    this.#check(answers);
    return taken > 0 ? taken : time;
  }

  #check(answers: Int32Array): void {
    for (const [i, answer] of answers.entries()) {
      const right = this.#checksums[i % this.#checksums.length];
      if (answer !== right) throw new WrongAnswer(`its answers make ${answer}, and not ${right}`);
    }
  }
}

/** All variants of what there is to do. */
function worksOf(request: Heat & { readonly seed: number }): Work[] {
  return Array.from({ length: variantsOf(request) }, (_, variant) => workOf(request, request.seed, variant));
}
