import { InputError } from "../../lib/errors.ts";
import type { Locale, Translate } from "../i18n/catalogue.ts";
import { sentenceOf } from "../lab/sentence.ts";
import type { Picture } from "../layout/picture.ts";
import { pictureOf, scaleOf } from "../layout/stage.ts";
import type { Grain } from "../model/run.ts";
import { Session } from "../model/session.ts";
import { sceneOf } from "../scene/build.ts";
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
export interface Sight {
  readonly grain: Grain;
  /** Width of the drawing. Unit: px. */
  readonly width: number;
  readonly locale: Locale;
  readonly translate: Translate;
  /** Address of what is selected; 0: nothing. */
  readonly selected: number;
  readonly expanded: ReadonlySet<string>;
}

/** A run in a page that is not the playground. This module brings the kernel and all that draws. */
export class EmbeddedRun {
  readonly #session: Session;

  private constructor(session: Session) {
    this.#session = session;
  }

  /** Runs a scenario. @throws InputError if there is none of that name. */
  static async start(name: string): Promise<EmbeddedRun> {
    const scenario = SCENARIOS.find(({ id, recorded }) => id === name && !recorded);
    if (!scenario) {
      const found = JSON.stringify(name);
      throw new InputError({ source: "scenario", line: 1, column: 1, expected: "the name of a scenario", found });
    }
    const { kernel, calls, lines } = await scenario.start();
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
  look(tick: number, { grain, width, locale, translate, selected, expanded }: Sight): Shown {
    const frame = this.#session.frame(tick, grain);
    const { record, inspection, changed, time } = frame;
    const focus = selected === 0 ? changed : new Set([...changed, selected]);
    const scene = sceneOf(inspection, record, { translate, focus, expanded });
    const picture = pictureOf(scene, width / scaleOf(width), translate);
    return { picture, changed, sentence: sentenceOf(frame, locale), time };
  }
}
