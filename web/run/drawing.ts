import type { LitElement } from "lit";
import type { Translate } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import type { Frame } from "../model/frame.ts";
import type { StageSight } from "../model/stage-sight.ts";
import { drawn } from "./drawn.ts";

/** The mark in the page's performance timeline at which the first picture of a run stands. */
const FIRST_PICTURE = "iopath:picture";

/** What the picture of a run depends on. */
interface View {
  readonly frame: Frame;
  /** How it is looked at. */
  readonly sight: StageSight;
  /** Address of what is selected; 0: nothing. */
  readonly selected: number;
  /** Width of the drawing; 0: not known yet. Unit: px. */
  readonly width: number;
  readonly translate: Translate;
  readonly locale: string;
}

/** The picture of what stands on the stage: made anew when what it depends on has changed, not for every letter of a search. */
export class Drawing {
  /** Null: the room for it is not known yet. */
  picture: Picture | null = null;
  readonly #host: LitElement;
  #from: readonly unknown[] = [];

  constructor(host: LitElement) {
    this.#host = host;
  }

  /** Draws, if that is not what was drawn. */
  draw({ frame, sight, selected, width, translate, locale }: View): void {
    const from = [frame, sight, selected, width, locale];
    if (from.every((one, i) => one === this.#from[i])) return;
    this.#from = from;
    const isFirst = this.picture === null && width > 0;
    this.picture = width === 0 ? null : drawn(frame, { ...sight, width, selected, translate });
    if (isFirst) void this.#host.updateComplete.then(() => performance.mark(FIRST_PICTURE));
  }
}
