import { formatChange, parseChange } from "../share/changes.ts";
import { YOUR_PROGRAM, grainIn, numberIn, plainLink, readPlainLink } from "../share/plain.ts";
import type { Change, SharedBoot, SharedRun } from "../share/share.ts";
import type { Grain } from "./run.ts";

/** The page of one run. */
export interface RunRoute {
  readonly page: "run";
  /** Name of a scenario; empty: what was opened has no name that a link could hold. */
  readonly scenario: string;
  /** Where in its run; null: wherever it begins. */
  readonly tick: number | null;
  /** How far a step goes; without it, as the page likes. */
  readonly grain?: Grain | null;
  /** Text of a program that came with a link, to be run instead; without it, what the scenario has. */
  readonly program?: string;
  /** What that link says to boot the machine with; without it, what is usual. */
  readonly boot?: SharedBoot;
}

export { YOUR_PROGRAM };

/** The page of two runs on one clock. */
export interface CompareRoute {
  readonly page: "compare";
  readonly left: SharedRun;
  readonly right: SharedRun;
  /** What is different in the run at the right. */
  readonly changes: readonly Change[];
  /** Which step; null: where the runs part. */
  readonly step: number | null;
  /** How far a step goes; without it, as the page likes. */
  readonly grain?: Grain | null;
}

/** The page of a lab. */
export interface LabRoute {
  readonly page: "lab";
  /** Name of the lab. */
  readonly lab: string;
  /** Its settings, as the lab itself writes and reads them. */
  readonly query: Readonly<Record<string, string>>;
}

/** The chapters. */
export interface LearnRoute {
  readonly page: "learn";
  /** Name of a chapter; empty: the list of all. */
  readonly chapter: string;
  /** Name of a passage in it; empty: where it begins. */
  readonly passage: string;
}

/** The race of the data structures, or what one tries out of them by hand. */
export interface RaceRoute<P extends "race" | "by-hand"> {
  readonly page: P;
  /** Its settings, as the page itself writes and reads them. */
  readonly query: Readonly<Record<string, string>>;
}

/** A place in the playground, as the fragment of its address says it. */
export type Route =
  | { readonly page: "gallery" }
  | RunRoute
  /** What was shared in a form that people cannot read. */
  | { readonly page: "shared"; readonly hash: string }
  | CompareRoute
  /** The list of the labs. */
  | { readonly page: "labs" }
  | LabRoute
  | LearnRoute
  | RaceRoute<"race">
  | RaceRoute<"by-hand">
  /** An address that leads nowhere. */
  | { readonly page: "unknown"; readonly hash: string };

/** No address says more changes. */
const MOST_CHANGES = 100;
/** No lab has more settings. */
const MOST_SETTINGS = 50;

/**
 * Reads the fragment of an address: `#/`, `#/run/echo?tick=120`, `#/program`,
 * `#/compare/echo/echo-et`, `#/labs`, `#/labs/zero-copy?road=sendfile`, `#/learn`, `#/learn/mmap/major`,
 * `#/race?seed=7`, `#/race/by-hand`.
 */
export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, "");
  if (path === "") return { page: "gallery" };
  if (path.startsWith("p/")) return { page: "shared", hash };
  const pair = /^compare\/([\w-]+)\/([\w-]+)(?:\?(.*))?$/.exec(path);
  if (pair) return compareRoute(pair[1]!, pair[2]!, new URLSearchParams(pair[3] ?? "")) ?? { page: "unknown", hash };
  if (path === "labs") return { page: "labs" };
  const lab = /^labs\/([\w-]+)(?:\?(.*))?$/.exec(path);
  if (lab) return { page: "lab", lab: lab[1]!, query: settingsIn(lab[2] ?? "") };
  const race = /^race(\/by-hand)?(?:\?(.*))?$/.exec(path);
  if (race) return { page: race[1] ? "by-hand" : "race", query: settingsIn(race[2] ?? "") };
  const learn = /^learn(?:\/([\w-]+)(?:\/([\w-]+))?)?$/.exec(path);
  if (learn) return { page: "learn", chapter: learn[1] ?? "", passage: learn[2] ?? "" };
  const found = readPlainLink(`#/${path}`);
  return found ? { page: "run", ...found } : { page: "unknown", hash };
}

function compareRoute(left: string, right: string, query: URLSearchParams): CompareRoute | null {
  const changes = (query.get("changes") ?? "").split("~").filter(Boolean).map(parseChange);
  if (changes.length > MOST_CHANGES || changes.includes(null)) return null;
  const rest = { changes: changes as Change[], step: numberIn(query, "step"), grain: grainIn(query) };
  return { page: "compare", left: { scenario: left }, right: { scenario: right }, ...rest };
}

/** What an address says of a lab's settings; of two with one name, the first. */
function settingsIn(query: string): Record<string, string> {
  const pairs = [...new URLSearchParams(query)].slice(0, MOST_SETTINGS);
  return Object.fromEntries(pairs.reverse().filter(([name]) => /^[\w-]{1,40}$/.test(name)));
}

/** A path with settings behind it, if there are any. */
function withSettings(path: string, query: Readonly<Record<string, string>>): string {
  const settings = new URLSearchParams(query);
  return `${path}${settings.size > 0 ? `?${settings.toString()}` : ""}`;
}

/** Whether an address has to hold the texts of programs, which people cannot read. */
export function holdsPrograms(route: Route): route is CompareRoute {
  return route.page === "compare" && ("program" in route.left || "program" in route.right);
}

function formatCompare({ left, right, changes, step, grain = null }: CompareRoute): string {
  if ("program" in left || "program" in right) return "#/compare";
  const query = [
    ...(changes.length > 0 ? [`changes=${changes.map(formatChange).join("~")}`] : []),
    ...(step !== null ? [`step=${step}`] : []),
    ...(grain !== null ? [`grain=${grain}`] : []),
  ];
  return `#/compare/${left.scenario}/${right.scenario}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

/** Writes the fragment that parseRoute() reads; of two programs of strangers only that they are compared. */
export function formatRoute(route: Route): string {
  if (route.page === "unknown" || route.page === "shared") return route.hash;
  if (route.page === "compare") return formatCompare(route);
  if (route.page === "labs") return "#/labs";
  if (route.page === "lab") return withSettings(`#/labs/${route.lab}`, route.query);
  if (route.page === "race") return withSettings("#/race", route.query);
  if (route.page === "by-hand") return withSettings("#/race/by-hand", route.query);
  if (route.page === "learn") return ["#/learn", route.chapter, route.passage].filter((part) => part !== "").join("/");
  if (route.page === "gallery" || route.scenario === "") return "#/";
  return plainLink({ grain: null, ...route });
}
