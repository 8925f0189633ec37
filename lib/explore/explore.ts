import { type Checkpoint, takeCheckpoint } from "../machine/checkpoints.ts";
import {
  type CheckedOptions,
  type ExploreOptions,
  type ExploreProgress,
  type Explored,
  checkExploreOptions,
} from "./options.ts";
import { type Fresh, Run, Thrown } from "./run.ts";
import { type Found, type Property, Search } from "./search.ts";
import { StoryTeller } from "./story.ts";
import { Engine, type EngineOptions } from "../machine/engine.ts";
import { Journal } from "../machine/journal.ts";
import type { Language } from "../machine/records.ts";
import type { Trace } from "../machine/trace.ts";
import { layout } from "../layout.gen.ts";

/** What came out of a search. */
export interface ExploreResult<K> {
  /** Whether an order was found in which the property does not hold. */
  readonly broken: boolean;
  /** What is wrong then, in words; null if nothing is. */
  readonly message: string | null;
  /** The inputs that lead there, for Kernel.replay(); null if nothing is wrong. */
  readonly journal: string | null;
  /** Who was chosen at each choice on the way: numbers of tasks; 0: time passed to the next due event. */
  readonly choices: readonly number[];
  /** How often a task that could have gone on had to stop for another: no order with fewer breaks the property. */
  readonly switches: number;
  /** The machine at the end of that way, with its programs and its trace; null if nothing is wrong. */
  readonly kernel: K | null;
  readonly explored: Explored;
  /** Whether all orders have been searched, and so the property holds in all of them. */
  readonly complete: boolean;
  /** One line for each call, in the order in which the tasks ran; none if nothing is wrong. */
  readonly story: (language?: Language) => string[];
}

/** How to make a machine with its front door around an engine. */
export type MakeKernel<K> = (
  engine: Engine,
  journal: Journal,
) => Fresh<K> & { readonly trace: Trace; journal(): string };

/** Costs that stay as they are: they decide in which order things happen outside. All others are nothing. */
const KEPT: ReadonlySet<string> = new Set(["wire_latency", "wire_64k", "dma", "dma_64k", "time_slice"]);

/** Calls take no time, so that the order of events is decided by choice alone, and states come together again. */
function optionsOf(options: EngineOptions, trace: boolean): EngineOptions {
  const free = Object.keys(layout.structs.Costs.fields).filter((name) => !KEPT.has(name));
  const costs = { ...Object.fromEntries(free.map((name) => [name, 0])), ...options.costs };
  return { ...options, cpus: 1, scheduling: "step", trace, costs };
}

/** An engine that is set back to just after boot for every run. */
class Stage<K> {
  readonly #engine: Engine;
  readonly #make: MakeKernel<K>;
  readonly #booted: Checkpoint;
  readonly #journal = new Journal();
  #last: Fresh<K> | undefined;

  constructor(engine: Engine, make: MakeKernel<K>) {
    this.#engine = engine;
    this.#make = make;
    this.#booted = takeCheckpoint(engine.memory, 0, 0);
  }

  fresh(): Fresh<K> {
    if (this.#last) this.#last.machine.locked = "this run is over: another one has the machine";
    this.#engine.restore(this.#booted);
    this.#journal.clear();
    return (this.#last = this.#make(this.#engine, this.#journal));
  }
}

/**
 * Searches the orders in which the tasks that setup() makes could go on, for one in which the property does not hold.
 *
 * @param booted  an engine like those to run on.
 * @param make    makes a machine around an engine.
 */
export async function explore<K>(
  booted: Engine,
  make: MakeKernel<K>,
  setup: (kernel: K) => unknown,
  property: Property<K>,
  options: ExploreOptions,
): Promise<ExploreResult<K>> {
  const checked = checkExploreOptions(options);
  checked.signal?.throwIfAborted();
  const stage = new Stage(Engine.createSync(booted.module, optionsOf(booted.options, false)), make);
  const search = new Search(() => stage.fresh(), setup, property, checked);
  const found = (await search.search()) ?? (await secondLook(search, stage, setup, property, checked));
  const { runs, states, pruned } = search.progress;
  const explored = { runs, states, pruned };
  if (found === null) {
    const nothing = { broken: false, message: null, journal: null, choices: [], switches: 0, kernel: null };
    return { ...nothing, explored, complete: search.isComplete, story: () => [] };
  }
  const shown = make(Engine.createSync(booted.module, optionsOf(booted.options, true)), new Journal());
  const story = retell(shown, setup, found, checked.early);
  const { message, choices, switches } = found;
  return {
    broken: true,
    message,
    journal: shown.journal(),
    choices,
    switches,
    kernel: shown.kernel,
    explored,
    complete: false,
    story: (language = "en") => story.lines(language),
  };
}

/** How many runs go on to their end, although they come to states that are known, before nothing is said to be wrong. */
const SECOND_LOOK = 2000;

/**
 * A search that has given runs up is sound if programs share nothing behind the machine's back. Whether they do cannot
 * be seen, but what it would hide can be looked for.
 */
async function secondLook<K>(
  first: Search<K>,
  stage: Stage<K>,
  setup: (kernel: K) => unknown,
  property: Property<K>,
  options: CheckedOptions,
): Promise<Found | null> {
  const { progress } = first;
  if (progress.pruned === 0) return null;
  const maxRuns = Math.min(SECOND_LOOK, options.maxRuns - progress.runs);
  const onProgress = ({ runs }: ExploreProgress) => options.onProgress?.({ ...progress, runs: progress.runs + runs });
  return new Search(() => stage.fresh(), setup, property, { ...options, prune: false, maxRuns, onProgress }).search();
}

/** Goes a way once more, on a machine that keeps its trace. */
function retell<K>(
  shown: ReturnType<MakeKernel<K>>,
  setup: (kernel: K) => unknown,
  { choices, steps }: Found,
  early: boolean,
): StoryTeller {
  const teller = new StoryTeller(shown.machine, shown.trace);
  const run = new Run(shown, setup, early, new Map());
  teller.listen();
  try {
    for (let step = 0, made = 0; step < steps; step++) {
      if (run.choices.length > 0) run.choose(choices[made++]!);
      else run.step();
      teller.listen();
    }
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
    teller.listen();
  }
  return teller;
}
