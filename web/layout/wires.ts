import type { Link, Scene } from "../scene/scene.ts";
import type { Gutter, KernelBand } from "./kernel-band.ts";
import type { Note, Path, Point, Rect, Shape } from "./picture.ts";
import { centreOf, leftOf, levelCurve, rightOf, roundedPath, uprightCurve } from "./routes.ts";

/** What is needed to draw lines: where everything stands, and where there is room between. */
export interface Ground {
  /** Everything with a place, by key. */
  readonly places: ReadonlyMap<string, Rect>;
  /** Key of the box that a chip is in. */
  readonly owners: ReadonlyMap<string, string>;
  readonly band: KernelBand;
  /** The strip between user space and kernel. */
  readonly border: { readonly top: number; readonly bottom: number };
  /** The strip below the name of the kernel band, where lines cross the columns. */
  readonly ceiling: { readonly top: number; readonly bottom: number };
  /** The line between kernel and hardware. */
  readonly floor: number;
}

/** Gives every line a lane of its own as long as there are free ones. */
class Lanes {
  readonly #used = new Map<string, number>();

  /** A place between two others. */
  take(name: string, from: number, to: number): number {
    const used = this.#used.get(name) ?? 0;
    this.#used.set(name, used + 1);
    const count = Math.max(1, Math.floor((to - from) / 4) - 1);
    return from + 4 + (used % count) * 4;
  }
}

/** The lasting links as lines that pass between boxes. */
export function linkPaths(scene: Scene, ground: Ground): Path[] {
  const lanes = new Lanes();
  return scene.links.flatMap((link): Path[] => {
    const [from, to] = [ground.places.get(link.from), ground.places.get(link.to)];
    if (!from || !to) return [];
    const d = linkPath(link, from, to, ground, lanes);
    return d === ""
      ? []
      : [{ key: link.key, kind: link.kind, d, arrow: link.kind !== "fd" && link.kind !== "peer", ends: link.ends }];
  });
}

function linkPath(link: Link, from: Rect, to: Rect, ground: Ground, lanes: Lanes): string {
  switch (link.kind) {
    case "fd":
      return descriptorPath(link, from, to, ground, lanes);
    case "callback":
      return callbackPath(link, from, to, ground, lanes);
    case "waits":
      return ascent(link.from, from, to, ground, lanes);
    case "page":
    case "request":
      return pagePath(link, ground, lanes);
    case "shared":
      return sharedPath(link, from, to, ground, lanes);
    case "chain":
      // Those of a chain stand in one box: its lines are drawn above it.
      return "";
    default:
      return peerPath(link, from, to, ground, lanes);
  }
}

/** The gutter at the right of the box that something is in. */
function gutterOf(key: string, { owners, band }: Ground): Gutter | undefined {
  return band.gutters.get(owners.get(key) ?? key);
}

/** From a descriptor to its file: a curve into the next column; over the boxes into others. */
function descriptorPath(link: Link, from: Rect, to: Rect, ground: Ground, lanes: Lanes): string {
  const gutter = gutterOf(link.from, ground);
  if (!gutter) return "";
  const [start, end] = [rightOf(from), leftOf(to)];
  if (end.x - gutter.to < 6) return levelCurve(start, end);
  const lane = lanes.take(`gutter ${gutter.from}`, gutter.from, gutter.to);
  const y = lanes.take("ceiling", ground.ceiling.top, ground.ceiling.bottom);
  const arrival = lanes.take(`arrival ${end.x}`, end.x - 22, end.x);
  return roundedPath([
    start,
    { x: lane, y: start.y },
    { x: lane, y },
    { x: arrival, y },
    { x: arrival, y: end.y },
    end,
  ]);
}

/** From a waiter in a wait queue to the item that it calls: down upon its column from above the tree. */
function callbackPath(link: Link, from: Rect, to: Rect, ground: Ground, lanes: Lanes): string {
  const gutter = gutterOf(link.from, ground);
  const eventpoll = ground.places.get(ground.owners.get(link.to) ?? "");
  if (!gutter) return "";
  // It is folded: the line ends at its edge.
  if (!eventpoll) return descriptorPath(link, from, to, ground, lanes);
  const start = rightOf(from);
  const lane = lanes.take(`gutter ${gutter.from}`, gutter.from, gutter.to);
  const top = lanes.take(`tree ${eventpoll.y}`, eventpoll.y + 26, eventpoll.y + 50);
  const end = { x: centreOf(to).x, y: to.y - 2 };
  const isAdjacent = ground.band.adjacent.has(ground.owners.get(link.from) ?? "");
  const down: Point[] = [{ x: end.x, y: top }, end];
  if (isAdjacent) return roundedPath([start, { x: lane, y: start.y }, { x: lane, y: top }, ...down]);
  const y = lanes.take("ceiling", ground.ceiling.top, ground.ceiling.bottom);
  const arrival = lanes.take(`arrival ${eventpoll.x}`, eventpoll.x - 26, eventpoll.x - 6);
  return roundedPath([
    start,
    { x: lane, y: start.y },
    { x: lane, y },
    { x: arrival, y },
    { x: arrival, y: top },
    ...down,
  ]);
}

/** From something in the kernel up to a task, through the gutter at its right. */
function ascent(key: string, from: Rect, to: Rect, ground: Ground, lanes: Lanes): string {
  const gutter = gutterOf(key, ground);
  const end = { x: centreOf(to).x, y: to.y + to.height + 2 };
  if (!gutter) return uprightCurve({ x: centreOf(from).x, y: from.y }, end);
  const start = rightOf(from);
  const lane = lanes.take(`gutter ${gutter.from}`, gutter.from, gutter.to);
  const y = lanes.take("border", ground.border.top, ground.border.bottom);
  const x = lanes.take(`task ${to.x}`, centreOf(to).x, to.x + to.width - 12);
  return roundedPath([start, { x: lane, y: start.y }, { x: lane, y }, { x, y }, { x, y: end.y }]);
}

/** Between the two ends of a UNIX connection, at the right of both. */
function peerPath(link: Link, from: Rect, to: Rect, ground: Ground, lanes: Lanes): string {
  const gutter = gutterOf(link.from, ground);
  if (!gutter) return "";
  const [start, end] = [rightOf(from), rightOf(to)];
  const lane = lanes.take(`gutter ${gutter.from}`, gutter.from, gutter.to);
  return roundedPath([start, { x: lane, y: start.y }, { x: lane, y: end.y }, end]);
}

/** From a slot or a packet to the page that it refers to: by the gutters at the right of both boxes. */
function pagePath(link: Link, ground: Ground, lanes: Lanes): string {
  const edge = (key: string): Point | null => {
    const [chip, box] = [ground.places.get(key), ground.places.get(ground.owners.get(key) ?? key)];
    return chip && box ? { x: box.x + box.width, y: centreOf(chip).y } : null;
  };
  const [start, end] = [edge(link.from), edge(link.to)];
  const [out, back] = [gutterOf(link.from, ground), gutterOf(link.to, ground)];
  if (!start || !end || !out || !back) return "";
  const lane = lanes.take(`gutter ${out.from}`, out.from, out.to);
  if (out.from === back.from) {
    return roundedPath([start, { x: lane, y: start.y }, { x: lane, y: end.y }, end]);
  }
  const y = lanes.take("ceiling", ground.ceiling.top, ground.ceiling.bottom);
  const arrival = lanes.take(`gutter ${back.from}`, back.from, back.to);
  return roundedPath([
    start,
    { x: lane, y: start.y },
    { x: lane, y },
    { x: arrival, y },
    { x: arrival, y: end.y },
    end,
  ]);
}

/** From what the kernel has of a ring up to the ring's memory, and from there on to the task that has it mapped. */
function sharedPath(link: Link, from: Rect, to: Rect, ground: Ground, lanes: Lanes): string {
  if (!ground.band.gutters.has(link.from)) {
    const x = Math.min(Math.max(centreOf(to).x, from.x + 12), from.x + from.width - 12);
    return uprightCurve({ x, y: from.y }, { x: centreOf(to).x, y: to.y + to.height + 2 });
  }
  const gutter = gutterOf(link.from, ground)!;
  const start = { x: from.x + from.width, y: from.y + 14 };
  const lane = lanes.take(`gutter ${gutter.from}`, gutter.from, gutter.to);
  const y = lanes.take("ceiling", ground.ceiling.top, ground.ceiling.bottom);
  const x = Math.min(Math.max(lane, to.x + 14), to.x + to.width - 14);
  return roundedPath([start, { x: lane, y: start.y }, { x: lane, y }, { x, y }, { x, y: to.y + to.height + 2 }]);
}

/** The lines between the requests of a chain, which stand below each other in one box: at their right. */
export function chainPaths({ links }: Scene, { places }: Ground): Path[] {
  return links.flatMap(({ key, kind, from, to, ends }): Path[] => {
    const [first, second] = [places.get(from), places.get(to)];
    if (kind !== "chain" || !first || !second) return [];
    const [start, end] = [rightOf(first), rightOf(second)];
    const x = Math.max(start.x, end.x) + 9;
    const d = roundedPath([start, { x, y: start.y }, { x, y: end.y }, { x: end.x + 1, y: end.y }]);
    return [{ key, kind, d, arrow: true, ends }];
  });
}

/** What moves in this step: thick lines over everything, with what they carry beside them. */
export function flowPaths(scene: Scene, ground: Ground): { flows: Path[]; notes: Note[] } {
  const flows: Path[] = [];
  const notes: Note[] = [];
  for (const token of scene.tokens) {
    const placed =
      token.kind === "dma" ? dmaPath(token.from, token.to, ground) : copyPath(token.from, token.to, ground);
    if (!placed) continue;
    flows.push({ key: token.key, kind: token.kind, d: placed.d, arrow: true, ends: [] });
    notes.push({ key: token.key, kind: token.kind, text: token.text, ...placed.at });
  }
  return { flows, notes };
}

interface Placed {
  readonly d: string;
  readonly at: Point;
}

/** Between a program and an object of the kernel. */
function copyPath(from: string, to: string, ground: Ground): Placed | null {
  const isUp = ground.band.gutters.has(from);
  const [object, task] = isUp ? [from, to] : [to, from];
  const [below, above] = [ground.places.get(object), ground.places.get(task)];
  if (!below || !above) return null;
  const gutter = ground.band.gutters.get(object);
  const top = { x: centreOf(above).x, y: above.y + above.height + 2 };
  const y = (ground.border.top + ground.border.bottom) / 2;
  const x = gutter ? gutter.from + 12 : centreOf(below).x;
  const start = { x: below.x + below.width + 1, y: below.y + 12 };
  const points = gutter
    ? [start, { x, y: start.y }, { x, y }, { x: top.x, y }, top]
    : [{ x, y: below.y }, { x, y }, { x: top.x, y }, top];
  return { d: roundedPath(isUp ? points : points.reverse()), at: { x: Math.min(x, top.x) + 12, y: y - 8 } };
}

/** Between a device and the kernel's memory above it, or the memory of a program: past the kernel then. */
function dmaPath(from: string, to: string, ground: Ground): Placed | null {
  const isUp = (ground.places.get(from)?.y ?? 0) > ground.floor;
  const [device, program] = [ground.places.get(isUp ? from : to), ground.places.get(isUp ? to : from)];
  if (!device) return null;
  const x = freeAbove(device, ground);
  const points = [
    { x, y: device.y - 1 },
    ...(program ? [{ x, y: ground.floor }, ...pastKernel(program, ground)] : [{ x, y: ground.floor - 19 }]),
  ];
  return { d: roundedPath(isUp ? points : points.reverse()), at: { x: x + 10, y: ground.floor - 6 } };
}

/** From the line above the hardware to a task: along the line, and up at the right of all that is between. */
function pastKernel(task: Rect, { places, border, floor }: Ground): Point[] {
  const between = [...places.values()].filter(({ y }) => y >= border.bottom - 1 && y < floor);
  const right = Math.max(...between.map((one) => one.x + one.width)) + 8;
  const [x, y] = [centreOf(task).x, (border.top + border.bottom) / 2];
  return [
    { x: right, y: floor },
    { x: right, y },
    { x, y },
    { x, y: task.y + task.height + 2 },
  ];
}

/** Where a line can go up from a device: between the devices above it, if there are any. */
function freeAbove(device: Rect, { places, owners, floor }: Ground): number {
  const x = device.x + device.width * 0.35;
  const above = [...places].flatMap(([key, place]) => {
    const isDevice = !owners.has(key) && place.y > floor && place.y + place.height <= device.y;
    return isDevice && place.x < device.x + device.width && place.x + place.width > device.x ? [place] : [];
  });
  if (!above.some((place) => place.x - 4 < x && x < place.x + place.width + 4)) return x;
  const edges = above.map((place) => place.x + place.width + 4.5);
  return edges.find((edge) => edge < device.x + device.width) ?? device.x - 4.5;
}

/** The rectangles of shapes, by key. */
export function placesOf(shapes: readonly Shape[]): Map<string, Rect> {
  return new Map(shapes.map((shape) => [shape.key, shape]));
}
