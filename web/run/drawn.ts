import type { Translate } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import { pictureOf, scaleOf } from "../layout/stage.ts";
import type { Frame } from "../model/frame.ts";
import type { StageSight } from "../model/stage-sight.ts";
import { sceneOf } from "../scene/build.ts";
import { folded } from "../scene/folding.ts";
import { narrowed } from "../scene/narrowed.ts";

/** How a frame is looked at. */
export interface Sight extends Partial<Omit<StageSight, "expanded">> {
  readonly expanded: StageSight["expanded"];
  /** Width of the drawing. Unit: px. */
  readonly width: number;
  readonly translate: Translate;
  /** Address of what is selected; 0: nothing. */
  readonly selected: number;
}

/**
 * The picture of a frame. What the step has changed and what is selected is shown, however much there is. Boxes can be
 * folded where `folded` is there.
 */
export function drawn(
  { inspection, record, changed }: Pick<Frame, "inspection" | "record" | "changed">,
  { width, translate, selected, expanded, focus: narrow, folded: keys }: Sight,
): Picture {
  const focus = new Set([...changed, ...[selected, narrow?.address ?? 0].filter((address) => address !== 0)]);
  const all = sceneOf(inspection, record, { translate, focus, expanded });
  const shown = narrow ? narrowed(all, narrow.address, narrow.links) : all;
  const scene = keys ? folded(shown, keys, translate) : shown;
  return pictureOf(scene, width / scaleOf(width), translate);
}
