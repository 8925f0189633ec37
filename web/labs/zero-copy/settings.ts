import type { BootOptions, CacheState, Changed, Road } from "../../../lib/index.ts";
import { ROADS } from "../../../lib/roads/all.ts";
import type { Settings } from "../all.ts";
import { choiceIn } from "../choice.ts";

/** What the lab shows: one road step by step, all of them by the file's size, a race, or a change on the way. */
export const VIEWS = ["watch", "sizes", "race", "change"] as const;
export type View = (typeof VIEWS)[number];

export const DISKS = ["flash", "rotating"] as const;
/** Speeds of the network card. Unit: Gbit/s. */
export const CARDS = [1, 10, 100] as const;

const KIB = 1024;
const MIB = KIB * KIB;

/** Files that are watched: a page of the stage holds what becomes of them. Unit: bytes. */
export const WATCHED: readonly number[] = [1000, 4 * KIB, 12 * KIB, 64 * KIB];
/** Files of the table. Unit: bytes. */
export const SIZES: readonly number[] = [
  4 * KIB,
  16 * KIB,
  64 * KIB,
  256 * KIB,
  MIB,
  4 * MIB,
  16 * MIB,
  64 * MIB,
  256 * MIB,
  1024 * MIB,
];
/** What is computed without being asked for. Unit: bytes. */
export const SOON = 16 * MIB;
/** Files that are raced with. Unit: bytes. */
export const RACED: readonly number[] = [64 * KIB, MIB, 16 * MIB, 64 * MIB];
/** What is drawn over the size. */
export const FIGURES = ["cpuTime", "wallTime", "cpuCopies", "modeSwitches"] as const;
export type FigureName = (typeof FIGURES)[number];
export const CHANGES = ["file", "buffer"] as const satisfies readonly Changed[];

/** How much memory a machine has, so that every browser can hold it. Unit: bytes. */
export const MEMORY = 256 * MIB;
/** What programs have for the bytes that go through them. Unit: bytes. */
export const BUFFER = 64 * KIB;

/** The machine on which the roads are walked. */
export interface MachineSettings {
  readonly cache: CacheState;
  readonly disk: (typeof DISKS)[number];
  /** Unit: Gbit/s. */
  readonly card: (typeof CARDS)[number];
}

/** What somebody has chosen in the lab. */
export interface ZeroCopySettings extends MachineSettings {
  readonly view: View;
  readonly road: Road;
  /** Length of the file that is watched. Unit: bytes. */
  readonly size: number;
  /** Where in the run that is watched; null: where the road begins. */
  readonly tick: number | null;
  /** What is drawn over the size. */
  readonly figure: FigureName;
  /** The size for which there are bars. Unit: bytes. */
  readonly bars: number;
  /** Who races. */
  readonly racers: readonly Road[];
  /** Length of the file of the race. Unit: bytes. */
  readonly length: number;
  /** What is changed on the way. */
  readonly change: Changed;
}

/** A road's name in addresses. */
export function slugOf({ name }: Road): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

/** The road of that name in an address. */
function roadOf(slug: string | undefined): Road | undefined {
  return ROADS.find((road) => slugOf(road) === slug);
}

const SENDFILE = roadOf("sendfile-sg")!;
const READ_WRITE = roadOf("read-write")!;
const RACERS: readonly Road[] = ROADS.filter(({ device }) => device?.dma !== false);

/** What is shown first. */
export const DEFAULTS: ZeroCopySettings = {
  view: "watch",
  road: READ_WRITE,
  size: 4 * KIB,
  cache: "cold",
  disk: "flash",
  card: 10,
  tick: null,
  figure: "cpuTime",
  bars: MIB,
  racers: RACERS,
  length: 16 * MIB,
  change: "file",
};

/** Reads the settings of an address. What is not there, or is nothing that can be, is as at first. */
export function readSettings(query: Settings): ZeroCopySettings {
  const view = choiceIn(query["view"], VIEWS) ?? DEFAULTS.view;
  const racers = (query["roads"] ?? "").split(".").flatMap((slug) => roadOf(slug) ?? []);
  const tick = /^\d{1,9}$/.test(query["tick"] ?? "") ? Number(query["tick"]) : null;
  return {
    view,
    road: roadOf(query["road"]) ?? firstRoad(view),
    size: choiceIn(query["size"], WATCHED) ?? DEFAULTS.size,
    cache: choiceIn(query["cache"], ["cold", "warm"] as const) ?? DEFAULTS.cache,
    disk: choiceIn(query["disk"], DISKS) ?? DEFAULTS.disk,
    card: choiceIn(query["card"], CARDS) ?? DEFAULTS.card,
    tick,
    figure: choiceIn(query["figure"], FIGURES) ?? DEFAULTS.figure,
    bars: choiceIn(query["bars"], SIZES) ?? DEFAULTS.bars,
    racers: query["roads"] === undefined ? RACERS : ROADS.filter((road) => racers.includes(road)),
    length: choiceIn(query["length"], RACED) ?? DEFAULTS.length,
    change: choiceIn(query["change"], CHANGES) ?? DEFAULTS.change,
  };
}

/** Settings as texts. */
function textsOf({ road, racers, tick, ...rest }: ZeroCopySettings): Record<string, string> {
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)])),
    road: slugOf(road),
    roads: racers.map(slugOf).join("."),
    tick: tick === null ? "" : String(tick),
  };
}

/** The road that is shown first. */
function firstRoad(view: View): Road {
  return view === "change" ? SENDFILE : DEFAULTS.road;
}

/** Writes the settings that readSettings() reads; those that are as at first are left out. */
export function writeSettings(settings: ZeroCopySettings): Settings {
  const first = textsOf({ ...DEFAULTS, road: firstRoad(settings.view) });
  return Object.fromEntries(Object.entries(textsOf(settings)).filter(([name, value]) => value !== first[name]));
}

/** The machine that somebody has chosen, as it is booted: small enough for every browser. */
export function bootOf({ disk, card }: MachineSettings): BootOptions {
  return { memoryLimit: MEMORY, device: { disk: { kind: disk }, nic: { bandwidth: (card * 1e9) / 8 } } };
}

/** How much a call moves at most: what has to go through memory of the program's own goes in pieces. Unit: bytes. */
export function pieceOf({ buffered }: Road, size: number): number {
  return buffered ? Math.min(size, BUFFER) : size;
}
