import { READ_PATTERNS } from "../../../lib/cache/patterns.ts";
import { type NumberSetting, type StreamSettings, checkSettings, rangeOf } from "../../../lib/cache/settings.ts";
import { type WriteSettings, checkWriteSettings } from "../../../lib/cache/write-settings.ts";
import type { SweptSetting } from "../../../lib/cache/sweep.ts";
import { STREAM_WAYS } from "../../../lib/cache/ways.ts";
import { choiceIn } from "../choice.ts";

/** Everything that can be chosen in the lab. */
export interface LabSettings {
  /** The machine with hot files and a stream. */
  readonly stream: Required<StreamSettings>;
  /** Which sample of its run is looked at; null: one in the middle of the stream. */
  readonly at: number | null;
  /** Which ways the chart shows besides the one that was chosen. */
  readonly shown: readonly string[];
  /** What the sweep changes. */
  readonly by: SweptSetting;
  /** How the program reads whose windows are looked at. */
  readonly pattern: string;
  readonly write: Required<WriteSettings>;
}

/** What stands for a machine with twice the memory among the ways that a chart shows. */
export const MORE_MEMORY = "memory";
const SWEPT: readonly SweptSetting[] = ["memory", "stream", "hot"];
const SHOWN = ["read", "O_DIRECT", "POSIX_FADV_DONTNEED", MORE_MEMORY] as const;
const NUMBERS: readonly NumberSetting[] = ["memory", "hot", "passes", "stream", "seed"];
const MOST_SAMPLES = 10_000;

/** What an address says of a setting that is a number; what cannot be is as if it were not there. */
function numberIn(text: string | undefined, [least, greatest]: readonly [number, number]): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= greatest ? value : undefined;
}

/** Leaves out what is undefined. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<T>
  >;
}

/** Names of all ways. */
export const WAYS: readonly string[] = STREAM_WAYS.map(({ name }) => name);
/** Names of all patterns. */
export const PATTERNS: readonly string[] = READ_PATTERNS.map(({ name }) => name);

/** The settings that an address says, whatever stands in it: what cannot be is left at its default. */
export function readSettings(query: Readonly<Record<string, string>>): LabSettings {
  const disk = choiceIn(query["disk"], ["flash", "rotating"] as const);
  const numbers = Object.fromEntries(NUMBERS.map((name) => [name, numberIn(query[name], rangeOf(name))]));
  const order = choiceIn(query["order"], ["zipf", "round robin"] as const);
  return {
    stream: checkSettings(given({ ...numbers, order, disk, way: choiceIn(query["way"], WAYS) })),
    at: numberIn(query["at"], [0, MOST_SAMPLES]) ?? null,
    shown: shownIn(query["show"]),
    by: choiceIn(query["by"], SWEPT) ?? "memory",
    pattern: choiceIn(query["ahead"], PATTERNS) ?? PATTERNS[0]!,
    write: checkWriteSettings(
      given({
        size: numberIn(query["written"], [4, 65_536]),
        rate: numberIn(query["rate"], [1, 1_000_000]),
        fsync: choiceIn(query["fsync"], ["never", "end", "each MiB"] as const),
        disk: choiceIn(query["wdisk"], ["flash", "rotating"] as const),
      }),
    ),
  };
}

function shownIn(text: string | undefined): readonly string[] {
  if (text === undefined) return SHOWN;
  const named = text.split("~");
  return [...WAYS, MORE_MEMORY].filter((name) => named.includes(name));
}

/** What an address is to say of settings: what is not as without it. */
export function writeSettings({ stream, at, shown, by, pattern, write }: LabSettings): Record<string, string> {
  const usual = readSettings({});
  const query: Record<string, string> = {};
  const note = (name: string, value: string | number, other: string | number) => {
    if (value !== other) query[name] = String(value);
  };
  for (const name of [...NUMBERS, "order", "disk", "way"] as const) note(name, stream[name], usual.stream[name]);
  if (at !== null) query["at"] = String(at);
  note("show", shown.join("~"), usual.shown.join("~"));
  note("by", by, usual.by);
  note("ahead", pattern, usual.pattern);
  note("written", write.size, usual.write.size);
  note("rate", write.rate, usual.write.rate);
  note("fsync", write.fsync, usual.write.fsync);
  note("wdisk", write.disk, usual.write.disk);
  return query;
}

/** The values that a list offers for a setting, the one that is chosen among them. */
export function offered(values: readonly number[], chosen: number): number[] {
  return [...new Set([...values, chosen])].sort((a, b) => a - b);
}
