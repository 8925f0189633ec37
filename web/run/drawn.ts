import type { Translate } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import { pictureOf, scaleOf } from "../layout/stage.ts";
import type { Frame } from "../model/frame.ts";
import { sceneOf } from "../scene/build.ts";

/** How a frame is looked at. */
export interface Sight {
  /** Width of the drawing. Unit: px. */
  readonly width: number;
  readonly translate: Translate;
  /** Address of what is selected; 0: nothing. */
  readonly selected: number;
  /** Keys of the folded groups that are shown as a whole. */
  readonly expanded: ReadonlySet<string>;
}

/** The picture of a frame. What the step has changed and what is selected is shown, however much there is. */
export function drawn(
  { inspection, record, changed }: Pick<Frame, "inspection" | "record" | "changed">,
  { width, translate, selected, expanded }: Sight,
): Picture {
  const focus = selected === 0 ? changed : new Set([...changed, selected]);
  const scene = sceneOf(inspection, record, { translate, focus, expanded });
  return pictureOf(scene, width / scaleOf(width), translate);
}
