import type { Contender, Loaded, Mode, Runner, TrialAnswer, TrialRequest, Work } from "./types.ts";
import { clockResolution, now } from "./clock.ts";
import { checksumOf } from "./checksum.ts";
import { extra } from "./extra.ts";
import { workOf } from "./work.ts";

/** A sample is to be so many steps of the clock long, so that its error is small. */
const STEPS_OF_CLOCK = 500;
/** And so long at least, so that what is around it (a call, an interrupt) is small. Unit: ns. */
const SHORTEST_SAMPLE = 1e6;
/** Running so long makes every engine compile what it is going to compile. Unit: ns. */
const WARM_UP = 100e6;
/** Runs of a warm-up: at least, and at most. */
const WARM_RUNS = [3, 2000] as const;
/** Preparing and running are given up after so long, if there were enough runs. Unit: ns. */
const LONGEST_WARM_UP = 1000e6;
/** So many elements are made for a sample at most. */
const MOST_ELEMENTS = 1 << 19;
const MOST_COPIES = 2048;

/** A contender's answer was not what it has to be. */
class WrongAnswer extends Error {}

/** A mode that takes part. */
interface Lane {
  readonly runner: Runner;
  /** Runs that make a sample. */
  copies: number;
}

/** What a fresh process or Worker does: it runs one contender in one heat, as it is asked to. */
export class Trial {
  readonly #contenders: readonly Contender[];
  readonly #lanes = new Map<Mode, Lane>();
  readonly #resolution = clockResolution();
  #work: Work | undefined;
  #checksum = 0;

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
        return { type: "checksum", checksum: checksumOf(workOf(request, request.seed)) };
      case "open":
        return this.#open(request);
      case "warm":
        return this.#warm(request.mode);
      case "sample":
        return this.#sample(request.mode);
      case "extra": {
        const [work, { runner }] = [this.#work!, this.#lane(request.mode)];
        return { type: "extra", ...(await extra(runner, work)) };
      }
    }
  }

  async #open(request: Extract<TrialRequest, { type: "open" }>): Promise<TrialAnswer> {
    const contender = this.#contenders.find(({ id }) => id === request.contender);
    const loaded = (await contender?.load()) ?? null;
    if (contender === undefined || loaded === null) {
      return { type: "open", resolution_ns: this.#resolution, modes: null, version: null, flags: null };
    }
    this.#work = workOf(request, request.seed);
    this.#checksum = request.checksum;
    this.#enter(contender, loaded);
    const { version, flags = null } = loaded;
    return { type: "open", resolution_ns: this.#resolution, modes: [...this.#lanes.keys()], version, flags };
  }

  #enter({ modes }: Contender, loaded: Loaded): void {
    for (const mode of modes) {
      const runner = loaded.runner(this.#work!.case, mode);
      if (runner !== null) this.#lanes.set(mode, { runner, copies: 1 });
    }
  }

  #lane(mode: Mode): Lane {
    const lane = this.#lanes.get(mode);
    if (lane === undefined) throw new Error(`it takes no part in the mode ${mode}`);
    return lane;
  }

  async #warm(mode: Mode): Promise<TrialAnswer> {
    const lane = this.#lane(mode);
    const { operations, size } = this.#work!;
    const begin = now();
    let ran = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let runs = 0; runs < WARM_RUNS[1]; runs++) {
      if (runs >= WARM_RUNS[0] && (ran >= WARM_UP || now() - begin >= LONGEST_WARM_UP)) break;
      const time = await this.#timed(lane.runner, 1);
      ran += time;
      least = Math.min(least, Math.max(time, 1));
    }
    const wanted = Math.max(SHORTEST_SAMPLE, STEPS_OF_CLOCK * this.#resolution) / least;
    lane.copies = Math.ceil(Math.max(1, Math.min(wanted, MOST_COPIES, MOST_ELEMENTS / size)));
    return { type: "warm", operations: operations * lane.copies };
  }

  async #sample(mode: Mode): Promise<TrialAnswer> {
    const { runner, copies } = this.#lane(mode);
    const time = await this.#timed(runner, copies);
    return { type: "sample", ns: time / (this.#work!.operations * copies) };
  }

  /** The time of so many runs. Unit: ns. @throws WrongAnswer. */
  async #timed(runner: Runner, copies: number): Promise<number> {
    await runner.prepare(this.#work!, copies);
    try {
      // What preparing has left behind is collected before the time begins, where that can be asked for.
      globalThis.gc?.();
      return await this.#run(runner, copies);
    } finally {
      await runner.end();
    }
  }

  async #run(runner: Runner, copies: number): Promise<number> {
    const answers = new Int32Array(copies);
    let taken = 0; // by those who take their time themselves
    const begin = now();
    for (let copy = 0; copy < copies; copy++) {
      const said = runner.run(copy);
      const answer = said instanceof Promise ? await said : said;
      if (typeof answer === "number") answers[copy] = answer;
      else {
        answers[copy] = answer.checksum;
        taken += answer.ns;
      }
    }
    const time = now() - begin;
    const wrong = answers.find((answer) => answer !== this.#checksum);
    if (wrong !== undefined) throw new WrongAnswer(`its answers make ${wrong}, and not ${this.#checksum}`);
    return taken > 0 ? taken : time;
  }
}
