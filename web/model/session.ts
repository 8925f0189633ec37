import { type Frame, type Moment, frameOf, momentOf } from "./frame.ts";
import { type Grain, type ListedCall, Run } from "./run.ts";
import { CallTexts } from "./call-texts.ts";
import type { Lines } from "../scenarios/lines.ts";
import type { Kernel, KernelMemory } from "../../lib/index.ts";
import type { Violation } from "../../lib/see/invariants.ts";
import { rules } from "../later/parts.ts";

/** How many moments are kept at hand, so that small steps to and fro cost nothing. */
const KEPT = 12;

/** A run, and the moments of it that are looked at. */
export class Session {
  readonly run: Run;
  /** What pointers of calls led to; null: the calls are lines of a recording, which tell that. */
  readonly texts: CallTexts | null;
  /** Where its programs stood; null: they have no text. */
  readonly lines: Lines | null;
  readonly #moments = new Map<number, Moment>();
  readonly #violations = new WeakMap<KernelMemory, readonly Violation[]>();

  /**
   * @param kernel    a machine that has run.
   * @param recorded  the calls of the recording that it has replayed; null: programs have run.
   * @param lines     where its programs stood; null: they have no text.
   */
  constructor(kernel: Kernel, recorded: readonly ListedCall[] | null = null, lines: Lines | null = null) {
    this.lines = lines;
    this.run = new Run(kernel, recorded);
    this.texts = this.run.made && new CallTexts(kernel, this.run.made);
  }

  /** The machine at a tick. */
  moment(tick: number): Moment {
    const known = this.#moments.get(tick);
    if (known) {
      // The one that was asked for last is the last to go.
      this.#moments.delete(tick);
      this.#moments.set(tick, known);
      return known;
    }
    const { kernel } = this.run;
    kernel.seek(tick);
    const moment = momentOf(kernel);
    this.#moments.set(tick, moment);
    for (const oldest of this.#moments.keys()) {
      if (this.#moments.size <= KEPT) break;
      this.#moments.delete(oldest);
    }
    return moment;
  }

  /** What the page shows at a tick; what the step has changed is counted from where a step of that grain begins. */
  frame(tick: number, grain: Grain): Frame {
    return this.frameFrom(this.run.previous(grain, tick), tick);
  }

  /** What the page shows at a tick, with what has changed since another one. */
  frameFrom(from: number, tick: number): Frame {
    const before = this.moment(from);
    const moment = this.moment(tick);
    const { trace } = this.run.kernel;
    const record = tick === 0 ? null : trace.at(tick);
    const upcoming = this.run.eventAt(tick + 1).startsWith("rb_") ? trace.at(tick + 1) : null;
    const phases = this.run.phases(before.tick, tick);
    return frameOf(moment, before, { record, upcoming, phases }, this.#descriptors(tick));
  }

  /** The descriptor that the last call is about, by its text. */
  #descriptors(tick: number): number[] {
    const fd = /^\w+\((\d+)\b/.exec(this.run.calls[this.run.callAt(tick)]?.text ?? "")?.[1];
    return fd === undefined ? [] : [Number(fd)];
  }

  /** Every rule of the kernel's structures that does not hold at a frame. With very many objects that takes some time. */
  async violations({ memory }: Frame): Promise<readonly Violation[]> {
    const check = await rules.load();
    const found = this.#violations.get(memory) ?? check(memory);
    this.#violations.set(memory, found);
    return found;
  }

  /** The same, if it is known or can be found out in no time; null: it cannot. */
  knownViolations({ memory, inspection }: Frame): readonly Violation[] | null {
    const known = this.#violations.get(memory);
    const check = rules.value;
    if (known || inspection.left || !check) return known ?? null;
    const found = check(memory);
    this.#violations.set(memory, found);
    return found;
  }
}
