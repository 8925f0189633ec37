import type { Translate } from "../i18n/catalogue.ts";
import type { Box, Scene } from "../scene/scene.ts";
import type { BoxShapes } from "./boxes.ts";
import { type Block, flow } from "./columns.ts";
import { kernelColumns, kernelStack } from "./kernel-band.ts";
import type { Band, Border, Path, Picture, Shape } from "./picture.ts";
import { type Ground, chainPaths, flowPaths, linkPaths, placesOf } from "./wires.ts";

const PADDING = 12;
const LABEL = 26;
/** Height of the strip between two bands. Unit: px. */
const STRIP = 20;
/** Room for the name of the line between user space and kernel. Unit: px. */
const LINE_NAME = 150;
const GAP = 8;
/** From this width on there is room for columns. Unit: px. */
const WIDE = 660;
const LANE = 4;
/** Room of the bands where little is in them: the stage does not grow with every object that comes. Unit: px. */
const LEAST = { user: 56, kernel: 80, wideKernel: 132 } as const;
const CPU = 118;
const MOST_LANES = 6;

const WIDTHS: Readonly<Record<Box["place"], number>> = {
  task: 264,
  shared: 430,
  table: 132,
  object: 216,
  eventpoll: 300,
  packet: 132,
  device: 166,
  peer: 178,
};

/** From this width of the stage on, its drawing grows with it instead of having more room. Unit: px. */
const COMFORTABLE = 900;
const LARGEST = 1.6;

/** How much larger than usual the stage is drawn: for large screens, and walls. */
export function scaleOf(width: number): number {
  return Math.min(LARGEST, Math.max(1, width / COMFORTABLE));
}

/** Gives everything in a scene its place. */
export function pictureOf(scene: Scene, width: number, translate: Translate): Picture {
  const room = width - 2 * PADDING;
  const isWide = width >= WIDE;
  const of = (...places: Box["place"][]) => scene.boxes.filter(({ place }) => places.includes(place));

  const taskWidth = (box: Box) => (isWide ? (box.struct === "" ? 120 : WIDTHS.task) : room);
  const user = flow(of("task"), PADDING, LABEL, room, taskWidth);
  const userBottom = LABEL + Math.max(user.height, LEAST.user) + PADDING;

  const shared = sharedBlock(of("shared"), userBottom, room, isWide);
  const kernelTop = userBottom + STRIP + shared.height;
  const lanes = isWide ? Math.min(MOST_LANES, crossingLinks(scene)) : 0;
  const ceiling = { top: kernelTop + LABEL - 6, bottom: kernelTop + LABEL - 2 + lanes * LANE };
  const place = isWide ? kernelColumns : kernelStack;
  const kernel = place(of("table", "object", "eventpoll", "packet"), PADDING, ceiling.bottom + 2, room);
  const kernelBottom = ceiling.bottom + 2 + Math.max(kernel.height, isWide ? LEAST.wideKernel : LEAST.kernel) + PADDING;

  const hardwareTop = kernelBottom + STRIP;
  const peers = of("peer");
  const outside = isWide && peers.length > 0 ? WIDTHS.peer * (peers.length > 3 && room > 900 ? 2 : 1) + 12 : 0;
  const inside = room - (outside > 0 ? outside + 34 : 0);
  const devices = flow(
    of("device"),
    PADDING,
    hardwareTop + LABEL,
    inside,
    (box) => (box.struct === "Cpu" ? CPU : WIDTHS.device),
    9,
  );
  const peersX = outside > 0 ? PADDING + room - outside : PADDING;
  const peersY = hardwareTop + LABEL + (outside > 0 ? 0 : devices.height + LABEL);
  const world = flow(peers, peersX, peersY, outside > 0 ? outside : room, () => WIDTHS.peer);
  const hardwareBottom =
    Math.max(hardwareTop + LABEL + devices.height, world.height > 0 ? peersY + world.height : 0) + PADDING;

  const all = [
    ...user.boxes,
    ...shared.boxes,
    ...kernel.blocks.flatMap(({ boxes }) => boxes),
    ...devices.boxes,
    ...world.boxes,
  ];
  const ground = groundOf(all, scene, kernel, { userBottom, kernelTop, ceiling, kernelBottom });
  // What belongs to both stands on the line: the two bands come up to it.
  const line = userBottom + (shared.height > 0 && isWide ? STRIP + shared.height / 2 : STRIP / 2);
  const userEnd = shared.height > 0 && isWide ? line - STRIP / 2 : userBottom;
  const kernelStart = shared.height > 0 && isWide ? line + STRIP / 2 : kernelTop;
  const bands: Band[] = [
    { key: "user", text: translate("band_user"), x: 0, y: 0, width, height: userEnd },
    { key: "kernel", text: translate("band_kernel"), x: 0, y: kernelStart, width, height: kernelBottom - kernelStart },
    {
      key: "hardware",
      text: translate("band_hardware"),
      x: 0,
      y: hardwareTop,
      width,
      height: hardwareBottom - hardwareTop,
    },
  ];
  const borders: Border[] = [
    {
      key: "user",
      y: line,
      lit: scene.crossing,
      text: translate(scene.crossing ? "crossing" : "line_user"),
    },
    {
      key: "hardware",
      y: kernelBottom + STRIP / 2,
      lit: scene.interrupt,
      text: translate(scene.interrupt ? "crossing_interrupt" : "line_hardware"),
    },
  ];
  const frames = all.map(({ frame }) => frame);
  const isGround = ({ struct }: Shape) => struct === "Eventpoll";
  return {
    width,
    height: hardwareBottom,
    bands,
    borders,
    ground: frames.filter(isGround),
    links: [...wirePath(outside, peersX, hardwareTop, hardwareBottom), ...(isWide ? linkPaths(scene, ground) : [])],
    boxes: frames.filter((frame) => !isGround(frame)),
    threads: [...all.flatMap(({ threads }) => threads), ...chainPaths(scene, ground)],
    chips: all.flatMap(({ chips }) => chips),
    ...flowPaths(scene, ground),
  };
}

/** The memory that belongs to user space and kernel: between the two, beside the name of the line. */
function sharedBlock(boxes: readonly Box[], userBottom: number, room: number, isWide: boolean): Block {
  if (boxes.length === 0) return { boxes: [], width: 0, height: 0 };
  const left = isWide ? LINE_NAME : 0;
  const block = flow(boxes, PADDING + left, userBottom + STRIP, room - left, () => WIDTHS.shared);
  return { ...block, height: block.height + (isWide ? 0 : GAP) };
}

/** Number of links that pass over the columns. */
function crossingLinks({ links, boxes }: Scene): number {
  const hasEventpolls = boxes.some(({ place }) => place === "eventpoll");
  return links.filter(({ kind }) => kind === "fd" || kind === "shared" || (kind === "callback" && hasEventpolls))
    .length > 0
    ? 4
    : 0;
}

/** The line between the machine and the peers outside. */
function wirePath(outside: number, x: number, top: number, bottom: number): Path[] {
  if (outside === 0) return [];
  return [{ key: "wire", kind: "wire", d: `M${x - 17},${top + 8} L${x - 17},${bottom - 8}`, arrow: false, ends: [] }];
}

function groundOf(
  all: readonly BoxShapes[],
  scene: Scene,
  band: Ground["band"],
  at: { userBottom: number; kernelTop: number; ceiling: Ground["ceiling"]; kernelBottom: number },
): Ground {
  const places = placesOf(all.flatMap(({ frame, chips }) => [frame, ...chips]));
  const owners = new Map(
    all.flatMap(({ frame, chips }) => chips.map((chip): [string, string] => [chip.key, frame.key])),
  );
  const border = { top: at.userBottom, bottom: at.userBottom + STRIP };
  return { places, owners, band, border, ceiling: at.ceiling, floor: at.kernelBottom + STRIP / 2 };
}
