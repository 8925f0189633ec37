import { InputError } from "../../lib/errors.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { sentences } from "../later/parts.ts";
import { type Sight, drawn } from "../run/drawn.ts";
import { sentenceOf } from "../run/sentence.ts";
import type { Picture } from "../layout/picture.ts";
import type { Grain } from "../model/run.ts";
import { Session } from "../model/session.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import "../stage/iop-stage.ts";

/** What an embedded stage shows of a moment. */
export interface Shown {
  readonly picture: Picture;
  readonly changed: ReadonlySet<number>;
  readonly sentence: string;
  /** Virtual time. Unit: ns since boot. */
  readonly time: number;
}

/** How a moment is looked at. */
interface EmbeddedSight extends Sight {
  readonly grain: Grain;
  readonly locale: Locale;
}

/** A run in a page that is not the playground. This module brings the kernel and all that draws. */
export class EmbeddedRun {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Runs a scenario. @throws InputError if there is none of that name. */
  static async start(name: string, locale: Locale): Promise<EmbeddedRun> {
    const scenario = SCENARIOS.find(({ id, recorded }) => id === name && !recorded);
    if (!scenario) {
      const found = JSON.stringify(name);
      throw new InputError({ source: "scenario", line: 1, column: 1, expected: "the name of a scenario", found });
    }
    const [{ kernel, calls, lines }] = await Promise.all([scenario.start(), sentences[locale].load()]);
    return new EmbeddedRun(new Session(kernel, calls, lines));
  }

  /** The last tick. */
  get ticks(): number {
    return this.#session.run.ticks;
  }

  /** The tick at which a step on, or back, ends. */
  next(tick: number, grain: Grain, direction: 1 | -1): number {
    const { run } = this.#session;
    return direction === 1 ? run.next(grain, tick) : run.previous(grain, tick);
  }

  /** What is to be seen at a tick. */
  look(tick: number, { grain, locale, ...sight }: EmbeddedSight): Shown {
    const frame = this.#session.frame(tick, grain);
    const { changed, time } = frame;
    return { picture: drawn(frame, sight), changed, sentence: sentenceOf(frame, locale), time };
  }
}
