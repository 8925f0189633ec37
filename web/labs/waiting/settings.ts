import { MOST_CONNECTIONS } from "../../../lib/waiting/load.ts";
import { WAYS_OF_WAITING } from "../../../lib/waiting/all.ts";
import type { Settings } from "../all.ts";
import { choiceIn, wholeIn } from "../choice.ts";

/** The parts of the lab. */
export const VIEWS = ["phases", "square", "figures", "curves"] as const;
export type View = (typeof VIEWS)[number];

/** What a curve may show. */
export const CURVES = ["cpu", "calls", "latency", "p95", "polls", "setup", "memory"] as const;
export type Curve = (typeof CURVES)[number];

/** What the lab is set to. */
export interface WaitingSettings {
  readonly view: View;
  /** The chosen ways, by name, in their order. */
  readonly ways: readonly string[];
  readonly connections: number;
  /** How many of them have a message in each round; all, if there are fewer. */
  readonly active: number;
  readonly rounds: number;
  /** Whether the program has work of its own meanwhile. */
  readonly works: boolean;
  readonly curve: Curve;
  /** The way whose evidence is looked at; empty: none. */
  readonly way: string;
}

/** All ways, by name. */
export const IDS: readonly string[] = WAYS_OF_WAITING.map(({ id }) => id);

export const MOST = { connections: MOST_CONNECTIONS, active: 1000, rounds: 50 } as const;

/** What the lab shows to who comes for the first time. */
export const DEFAULTS: WaitingSettings = {
  view: "phases",
  ways: ["blocking", "non-blocking", "poll", "epoll-lt", "signal", "io_uring"],
  connections: 100,
  active: 5,
  rounds: 5,
  works: false,
  curve: "cpu",
  way: "",
};

/** What an address says; whatever cannot be is the default. */
export function readSettings(query: Settings): WaitingSettings {
  const { ways, connections, active, rounds, works, curve, view, way } = query;
  const named = new Set((ways ?? "").split("~"));
  const chosen = IDS.filter((id) => named.has(id));
  return {
    view: choiceIn(view, VIEWS) ?? DEFAULTS.view,
    ways: chosen.length > 0 ? chosen : DEFAULTS.ways,
    connections: wholeIn(connections, 1, MOST.connections, DEFAULTS.connections),
    active: wholeIn(active, 1, MOST.active, DEFAULTS.active),
    rounds: wholeIn(rounds, 1, MOST.rounds, DEFAULTS.rounds),
    works: works === "1",
    curve: choiceIn(curve, CURVES) ?? DEFAULTS.curve,
    way: choiceIn(way, IDS) ?? "",
  };
}

/** What an address has to say: only what is not the default. */
export function writeSettings(settings: WaitingSettings): Record<string, string> {
  const { view, ways, connections, active, rounds, works, curve, way } = settings;
  const query: Record<string, string> = {};
  if (view !== DEFAULTS.view) query["view"] = view;
  if (ways.join("~") !== DEFAULTS.ways.join("~")) query["ways"] = ways.join("~");
  if (connections !== DEFAULTS.connections) query["connections"] = String(connections);
  if (active !== DEFAULTS.active) query["active"] = String(active);
  if (rounds !== DEFAULTS.rounds) query["rounds"] = String(rounds);
  if (works) query["works"] = "1";
  if (curve !== DEFAULTS.curve) query["curve"] = curve;
  if (way !== "") query["way"] = way;
  return query;
}
