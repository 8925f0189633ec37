import { type Inspection, objectBy } from "../../lib/see/inspect.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { Picture } from "../layout/picture.ts";
import { pictureOf, scaleOf } from "../layout/stage.ts";
import type { Frame } from "../model/frame.ts";
import { inspectNear } from "../model/near.ts";
import type { StageSight } from "../model/stage-sight.ts";
import { sceneOf } from "../scene/build.ts";
import { headsOpened, timesOpened } from "../scene/context.ts";
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
  frame: Pick<Frame, "memory" | "inspection" | "attention" | "record" | "changed">,
  { width, translate, selected, expanded, focus: narrow, folded: keys }: Sight,
): Picture {
  const chosen = [selected, narrow?.address ?? 0].filter((address) => address !== 0);
  const focus = new Set([...chosen, ...frame.changed]);
  const inspection = known(frame, [...chosen, ...headsOpened(expanded)], timesOpened(expanded));
  const all = sceneOf(inspection, frame.record, { translate, focus, expanded });
  const shown = narrow ? narrowed(all, narrow.address, narrow.links) : all;
  const scene = keys ? folded(shown, keys, translate) : shown;
  return pictureOf(scene, width / scaleOf(width), translate);
}

/** What is known of a frame, with what a person has asked for besides. */
function known(
  { memory, inspection, attention }: Pick<Frame, "memory" | "inspection" | "attention">,
  addresses: readonly number[],
  more: number,
): Inspection {
  if (!inspection.left || (more === 0 && addresses.every((address) => objectBy(inspection, address))))
    return inspection;
  return inspectNear(memory, { ...attention, addresses: [...attention.addresses, ...addresses], more });
}
