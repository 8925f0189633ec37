import { InputError } from "../../lib/errors.ts";
import type { Locale } from "../i18n/catalogue.ts";
import { sentences } from "../later/parts.ts";
import { type Sight, drawn } from "../run/drawn.ts";
import { sentenceOf } from "../run/sentence.ts";
import type { Picture } from "../layout/picture.ts";
import type { Grain } from "../model/run.ts";
import { Session } from "../model/session.ts";
import { SCENARIOS } from "../scenarios/all.ts";
import { scenarioOf } from "../scenarios/own-program.ts";
import { readLink, writeLink } from "../share/link.ts";
import { PLAIN_BOOT, SHARE_VERSION, type SharedRun } from "../share/share.ts";
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
  /** The fragment of the playground's address that leads to the same program; null: it is a scenario. */
  readonly link: string | null;

  private constructor(session: Session, link: string | null) {
    this.#session = session;
    this.link = link;
  }

  /**
   * Runs a scenario, or a program in the sandbox.
   *
   * @param scenario  its name.
   * @param program   text of a program, or a link of the playground that holds one; empty: the scenario runs.
   * @param signal    ends the program at once.
   * @throws InputError for what leads to neither; Error for a program that does nothing: it says why.
   */
  static async start(
    { scenario: name, program }: { readonly scenario: string; readonly program: string },
    locale: Locale,
    signal: AbortSignal,
  ): Promise<EmbeddedRun> {
    const run: SharedRun = program.trim() === "" ? { scenario: name } : await programOf(program);
    const scenario = scenarioOf(run, signal);
    if (!scenario || scenario.recorded) {
      const found = JSON.stringify(name);
      throw new InputError({ source: "scenario", line: 1, column: 1, expected: "the name of a scenario", found });
    }
    const [{ kernel, calls, lines }] = await Promise.all([scenario.start(), sentences[locale].load()]);
    const share = { v: SHARE_VERSION, run, tick: null, grain: null } as const;
    return new EmbeddedRun(new Session(kernel, calls, lines), "program" in run ? await writeLink(share) : null);
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

/** What is to run: the text of a program as it stands, or what a link holds. @throws InputError for a broken link. */
async function programOf(said: string): Promise<SharedRun> {
  const link = /^\S*?(#\/p\/\S*)$/.exec(said.trim())?.[1];
  if (link === undefined) return { program: said, ...PLAIN_BOOT };
  return (await readLink(link, new Set(SCENARIOS.map(({ id }) => id)))).run;
}
