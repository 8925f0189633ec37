import { type Checkpoint, takeCheckpoint } from "./checkpoints.ts";
import { Engine } from "./engine.ts";
import { Journal } from "./journal.ts";

/** Least number of ticks between two checkpoints: what can be run again in a millisecond or two. */
const SPACING = 65_536;
/** Further ticks for each page of the machine, so that looking for changed pages stays a small part of the work. */
const SPACING_PER_PAGE = 16;

/**
 * A machine's past: what it was given, and what it was like from time to time. From that, any moment can be had again:
 * put the checkpoint before it into a machine, and give that the inputs in between once more.
 */
export class History {
  readonly journal: Journal;
  readonly #checkpoints: Checkpoint[];
  readonly #like: Engine;
  /** The tick at which the next checkpoint is due. */
  next = SPACING;
  #spare: Engine | undefined;

  constructor(engine: Engine, journal = new Journal(), checkpoints: Checkpoint[] = []) {
    this.#like = engine;
    this.journal = journal;
    this.#checkpoints = checkpoints;
    this.#schedule(checkpoints.at(-1));
  }

  #schedule(last: Checkpoint | undefined): void {
    this.next = (last?.tick ?? 0) + Math.max(SPACING, (last?.pages.length ?? 0) * SPACING_PER_PAGE);
  }

  /** Keeps the state that `engine` is in, after all inputs of the journal. */
  keep(engine: Engine): Checkpoint {
    const last = this.#checkpoints.at(-1);
    const checkpoint = takeCheckpoint(engine.memory, this.journal.length, engine.tick, last);
    this.#checkpoints.push(checkpoint);
    this.#schedule(checkpoint);
    return checkpoint;
  }

  /** A second machine, for looking at the past while the first one stays where it is. */
  get spare(): Engine {
    this.#spare ??= Engine.createSync(this.#like.module, this.#like.options);
    return this.#spare;
  }

  /** The last checkpoint with at most that many inputs; the one without any is made when it is first asked for. */
  checkpointAt(inputs: number): Checkpoint {
    const found = this.#checkpoints.findLast((checkpoint) => checkpoint.inputs <= inputs);
    if (found) return found;
    const fresh = Engine.createSync(this.#like.module, this.#like.options);
    const first = takeCheckpoint(fresh.memory, 0, fresh.tick);
    this.#checkpoints.unshift(first);
    return first;
  }

  /** Puts `engine` into the state after the first `inputs` inputs. */
  goToInput(engine: Engine, inputs: number): void {
    const checkpoint = this.checkpointAt(inputs);
    engine.restore(checkpoint);
    for (const records of this.journal.records(checkpoint.inputs, inputs)) engine.replay(records);
  }

  /**
   * Puts `engine` into the state at a tick: right at the tracepoint, or, if an input was done there, after that input.
   *
   * @param tick  0 to the last one.
   */
  goToTick(engine: Engine, tick: number): void {
    const inputs = this.journal.inputsUntil(tick);
    if (this.journal.tickAfter(inputs) === tick) {
      this.goToInput(engine, inputs);
      return;
    }
    this.goToInput(engine, inputs - 1);
    engine.replayUntil(this.journal.record(inputs - 1), tick, () => 0);
  }

  /**
   * Runs a stretch of the past once more, in `engine`, and stops at each tick that is asked for.
   *
   * @param first  the first tick at which to call `visit`.
   * @param visit  may look at the engine's memory; returns the next tick at which to be called, 0 for no more.
   */
  visit(engine: Engine, first: number, visit: () => number): void {
    const inputs = this.journal.inputsUntil(first) - 1;
    this.goToInput(engine, inputs);
    let next = first;
    for (const records of this.journal.records(inputs, this.journal.length)) {
      if (next === 0 || engine.replayUntil(records, next, () => (next = visit()))) return;
    }
  }

  /** The past up to and with an input, to go on from there in another way. */
  head(inputs: number): History {
    const checkpoints = this.#checkpoints.filter((checkpoint) => checkpoint.inputs <= inputs);
    return new History(this.#like, this.journal.head(inputs), checkpoints);
  }
}
