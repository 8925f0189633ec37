import type { Inspection } from "../../lib/see/inspect.ts";
import { SceneContext, type SceneOptions, LIMITS } from "./context.ts";
import { type Box, type Scene } from "./scene.ts";
import { type StepRecord, crossings, linksOf, tokensOf } from "./links.ts";
import { cpuBoxes, moreBox, tableBoxes, taskBoxes } from "./tasks.ts";
import { eventpollBoxes } from "./eventpolls.ts";
import { fileBoxes } from "./files.ts";
import { diskBoxes } from "./disks.ts";
import { peerBoxes, ringBoxes } from "./hardware.ts";
import { contextBoxes, sharedBoxes } from "./rings.ts";
import { packetBox, socketBoxes } from "./sockets.ts";

export type { SceneOptions } from "./context.ts";
export type { StepRecord } from "./links.ts";

/**
 * What the stage shows of a machine: every object once, as a box or as a part of one, and the links between them.
 *
 * @param record  what the step did, so that what moves and what is crossed is shown; null: nothing.
 */
export function sceneOf(inspection: Inspection, record: StepRecord | null, options: SceneOptions): Scene {
  const context = new SceneContext(inspection, options);
  const packets = packetBox(context);
  const boxes = [
    ...taskBoxes(context),
    ...sharedBoxes(context),
    ...tableBoxes(context),
    ...objectBoxes(context),
    ...eventpollBoxes(context),
    ...(packets ? [packets] : []),
    ...cpuBoxes(context),
    ...diskBoxes(context),
    ...ringBoxes(context),
    ...peerBoxes(context),
  ];
  return { boxes, links: linksOf(context, boxes), tokens: tokensOf(context, record), ...crossings(record) };
}

/** Sockets, pipes and other things behind descriptors, in the order of their descriptors; those without one come last. */
function objectBoxes(context: SceneContext): Box[] {
  const order = descriptors(context);
  const place = ({ address, tabs }: Box) =>
    Math.min(...[address, ...tabs.map((tab) => tab.address)].map((one) => order.get(one) ?? Infinity));
  const all = [...socketBoxes(context), ...fileBoxes(context), ...contextBoxes(context)];
  const sorted = all
    .map((box) => ({ box, at: place(box) }))
    .sort((a, b) => a.at - b.at || a.box.address - b.box.address);
  const { shown, more } = context.fold(
    "objects",
    sorted,
    LIMITS.object,
    ({ box }) => isImportant(context, box),
    context.boxesLeft,
  );
  const boxes = shown.map(({ box }) => box);
  return more > 0 ? [...boxes, moreBox(context, "objects", "object", more)] : boxes;
}

/** The lowest descriptor of each file, by the file's address. */
function descriptors(context: SceneContext): Map<number, number> {
  const order = new Map<number, number>();
  for (const { fds } of context.all("FilesStruct")) {
    for (const { fd, file } of fds) order.set(file, Math.min(fd, order.get(file) ?? Infinity));
  }
  return order;
}

function isImportant({ focus }: SceneContext, { address, note, tabs, rows }: Box): boolean {
  if (note === "LISTEN" || focus.has(address) || tabs.some((tab) => focus.has(tab.address))) return true;
  return rows.some(({ chips }) => chips.some((chip) => focus.has(chip.address)));
}
