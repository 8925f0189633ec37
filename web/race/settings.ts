import type { CaseName, Heat, KeyOrder } from "../../lib/race/types.ts";
import type { Settings } from "../labs/all.ts";
import { LEAST_SAMPLES } from "../../lib/race/statistics.ts";
import { CASES, ORDERS, hasOrder } from "../../lib/race/work.ts";
import { choiceIn, wholeIn } from "../labs/choice.ts";

/** The cases by what they are about, in the order in which they are raced and shown. */
export const FAMILIES = {
  maps: ["insert", "find-hit", "find-miss", "delete", "iterate", "churn"],
  lists: ["queue", "lru"],
  rings: ["ring-bytes", "ring-records", "ring-threads"],
  crossing: ["crossing"],
} as const satisfies Record<string, readonly CaseName[]>;

/** What a case is about. */
export type Family = keyof typeof FAMILIES;

/** How many elements there can be. */
export const SIZES: readonly number[] = [100, 1000, 10_000, 100_000, 1_000_000];
/** How long a message of a ring can be. Unit: bytes. */
export const MESSAGES: readonly number[] = [64, 1024, 4096, 65_536, 262_144, 1_048_576];

export const LIMITS = { samples: { least: LEAST_SAMPLES, most: 200 }, seconds: { least: 1, most: 120 } } as const;
/** The greatest seed: what is seeded takes 32 bits. */
const GREATEST_SEED = 0xffff_ffff;
/** An empty call has neither elements nor keys: its heat needs a size all the same. */
export const CROSSING_SIZE = 1000;

/** What is to be raced. */
export interface Plan {
  readonly cases: readonly CaseName[];
  /** Elements of maps and lists. */
  readonly sizes: readonly number[];
  /** Messages of rings. Unit: bytes. */
  readonly messages: readonly number[];
  readonly orders: readonly KeyOrder[];
  /** How many samples of each contender in each heat. */
  readonly samples: number;
  /** Longest time for the samples of a heat. Unit: s. */
  readonly seconds: number;
  /** Ids of contenders; null: all that can. */
  readonly contenders: readonly string[] | null;
  readonly seed: number;
}

/** What the page is set to. */
export interface RaceSettings {
  readonly plan: Plan;
  /** The heat that is looked at: case, size and order; what a result does not have, it shows something else for. */
  readonly look: Heat;
  /** A result that came with the address, packed; empty: none. */
  readonly result: string;
}

/** Plans with names. */
export const PRESETS = {
  quick: {
    cases: ["insert", "find-hit", "delete", "churn", "ring-bytes"],
    sizes: [10_000],
    messages: [65_536],
    orders: ["random"],
    samples: 15,
    seconds: 2,
    contenders: null,
    seed: 1,
  },
  thorough: {
    cases: CASES,
    sizes: [100, 1000, 10_000, 100_000],
    messages: MESSAGES,
    orders: ["random"],
    samples: 31,
    seconds: 15,
    contenders: null,
    seed: 1,
  },
} as const satisfies Record<string, Plan>;

/** Name of such a plan. */
export type Preset = keyof typeof PRESETS;

export const DEFAULTS: RaceSettings = {
  plan: PRESETS.quick,
  look: { case: "insert", size: 10_000, order: "random" },
  result: "",
};

/** What a case is about. */
export function familyOf(name: CaseName): Family {
  return (Object.keys(FAMILIES) as Family[]).find((family) => choiceIn(name, FAMILIES[family]) !== undefined)!;
}

/** All heats of a plan, case by case. */
export function heatsOf({ cases, sizes, messages, orders }: Plan): Heat[] {
  return cases.flatMap((name) => {
    const all = { maps: sizes, lists: sizes, rings: messages, crossing: [CROSSING_SIZE] }[familyOf(name)];
    const keyed = hasOrder(name) ? orders : orders.slice(0, 1);
    return keyed.flatMap((order) => all.map((size) => ({ case: name, size, order })));
  });
}

/** Which preset a plan is, whatever its seed; null: none. */
export function presetOf(plan: Plan): Preset | null {
  const names = Object.keys(PRESETS) as Preset[];
  return names.find((name) => JSON.stringify({ ...PRESETS[name], seed: plan.seed }) === JSON.stringify(plan)) ?? null;
}

/** What an address says; whatever cannot be is the default. */
export function readSettings(query: Settings): RaceSettings {
  const base = PRESETS[choiceIn(query["plan"], Object.keys(PRESETS) as Preset[]) ?? "quick"];
  const { look } = DEFAULTS;
  return {
    plan: {
      cases: listIn(query["cases"], CASES, base.cases),
      sizes: listIn(query["sizes"], SIZES, base.sizes),
      messages: listIn(query["messages"], MESSAGES, base.messages),
      orders: listIn(query["orders"], ORDERS, base.orders),
      samples: wholeIn(query["samples"], LIMITS.samples.least, LIMITS.samples.most, base.samples),
      seconds: wholeIn(query["seconds"], LIMITS.seconds.least, LIMITS.seconds.most, base.seconds),
      contenders: idsIn(query["contenders"]),
      seed: wholeIn(query["seed"], 0, GREATEST_SEED, base.seed),
    },
    look: {
      case: choiceIn(query["case"], CASES) ?? look.case,
      size: choiceIn(query["size"], [...SIZES, ...MESSAGES]) ?? look.size,
      order: choiceIn(query["order"], ORDERS) ?? look.order,
    },
    result: query["result"] ?? "",
  };
}

/** What an address has to say: only what is not the default. */
export function writeSettings({ plan, look, result }: RaceSettings): Record<string, string> {
  const preset = presetOf({ ...plan, contenders: null });
  const base = PRESETS[preset ?? "quick"];
  const query: Record<string, string> = {};
  if (preset !== null && preset !== "quick") query["plan"] = preset;
  for (const name of ["cases", "sizes", "messages", "orders"] as const) {
    if (plan[name].join("~") !== base[name].join("~")) query[name] = plan[name].join("~");
  }
  for (const name of ["samples", "seconds", "seed"] as const) {
    if (plan[name] !== base[name]) query[name] = String(plan[name]);
  }
  if (plan.contenders !== null) query["contenders"] = plan.contenders.join("~");
  for (const name of ["case", "size", "order"] as const) {
    if (look[name] !== DEFAULTS.look[name]) query[name] = String(look[name]);
  }
  if (result !== "") query["result"] = result;
  return query;
}

/** The values that a text names, in their own order; if it names none, others. */
function listIn<T extends string | number>(
  text: string | undefined,
  values: readonly T[],
  otherwise: readonly T[],
): readonly T[] {
  const named = new Set((text ?? "").split("~"));
  const found = values.filter((value) => named.has(String(value)));
  return found.length > 0 ? found : otherwise;
}

/** Ids of contenders; who they are is not known here. */
function idsIn(text: string | undefined): readonly string[] | null {
  const ids = (text ?? "").split("~").filter((id) => /^[\w-]{1,60}$/.test(id));
  return ids.length > 0 ? [...new Set(ids)].slice(0, 100) : null;
}
