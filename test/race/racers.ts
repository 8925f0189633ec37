import type { CaseName, Contender, Runner, Surroundings, Work } from "../../lib/race/index.ts";
import { CHANGES, FINDS } from "../../lib/race/work.ts";
import { seatHere } from "../../lib/race/index.ts";

/** What somebody made for a test does differently. */
export interface Manner {
  /** How often every look-up is done; default: once. */
  readonly times?: number;
  /** Comes to another checksum in the n-th run. */
  readonly wrongAt?: number;
  /** Throws in the n-th run. */
  readonly throwsAt?: number;
  readonly isSubject?: true;
}

/** Cases that a plain Map can do. */
export const MAP_CASES: readonly CaseName[] = ["insert", "find-hit", "find-miss", "delete", "iterate", "churn"];

/** Somebody who runs with a plain Map. */
export function racer(id: string, manner: Manner = {}): Contender {
  return {
    id,
    title: `the ${id}`,
    kind: "js",
    about: { en: "a Map", "zh-CN": "Map" },
    cases: MAP_CASES,
    modes: ["call"],
    ...(manner.isSubject && { isSubject: true }),
    load: () => Promise.resolve({ version: null, runner: (name) => new MapRunner(name, manner) }),
  };
}

/** Somebody who is not there. */
export function absent(id: string): Contender {
  return { ...racer(id), install: `npm install ${id}`, load: () => Promise.resolve(null) };
}

/** Runs in this process, among those that are given. */
export function surroundingsOf(contenders: readonly Contender[]): Surroundings {
  const machine = { processor: "", cores: 1, memory: null, system: "", runtime: "", versions: {} };
  return { seat: () => seatHere(contenders), machine };
}

class MapRunner implements Runner {
  readonly #name: CaseName;
  readonly #manner: Manner;
  #maps: Map<number, number>[] = [];
  #work!: Work;
  #runs = 0;

  constructor(name: CaseName, manner: Manner) {
    this.#name = name;
    this.#manner = manner;
  }

  prepare(work: Work, copies: number): void {
    this.#work = work;
    const fresh = () => new Map(this.#name === "insert" ? [] : Array.from(work.keys, (key, i) => [key, i]));
    this.#maps = Array.from({ length: copies }, fresh);
  }

  run(copy: number): number {
    this.#runs++;
    if (this.#runs === this.#manner.throwsAt) throw new Error("it cannot go on");
    const sum = answers(this.#maps[copy]!, this.#work, this.#manner.times ?? 1);
    return this.#runs === this.#manner.wrongAt ? sum + 1 : sum;
  }

  one(operation: number): unknown {
    const { keys, probes } = this.#work;
    return this.#name === "insert"
      ? this.#maps[0]!.set(keys[operation]!, operation)
      : this.#maps[0]!.get(probes[operation]!);
  }

  end(): void {
    this.#maps = [];
  }
}

function answers(map: Map<number, number>, work: Work, times: number): number {
  switch (work.case) {
    case "insert":
      work.keys.forEach((key, i) => map.set(key, i));
      return map.size;
    case "delete":
      return work.probes.reduce((sum, key) => sum + (map.delete(key) ? 1 : 0), 0) + map.size;
    case "iterate":
      return [...map]
        .sort(([a], [b]) => a - b)
        .reduce((sum, [key, value]) => (Math.imul(sum, 31) + key + value) | 0, 0);
    case "churn":
      return churned(map, work.probes);
    default:
      return found(map, work.probes, times);
  }
}

function found(map: Map<number, number>, probes: Int32Array, times: number): number {
  let sum = 0;
  for (let i = 0; i < probes.length; i++) {
    let value = -1;
    for (let time = 0; time < times; time++) value = map.get(probes[i]!) ?? -1;
    sum = (sum + value) | 0;
  }
  return sum;
}

function churned(map: Map<number, number>, probes: Int32Array): number {
  let sum = 0;
  for (let at = 0; at < probes.length; at += FINDS + 2 * CHANGES) {
    sum = (sum + found(map, probes.subarray(at, at + FINDS), 1)) | 0;
    for (let i = at + FINDS; i < at + FINDS + CHANGES; i++) sum += map.delete(probes[i]!) ? 1 : 0;
    for (let i = at + FINDS + CHANGES; i < at + FINDS + 2 * CHANGES; i++) map.set(probes[i]!, i);
  }
  return (sum + map.size) | 0;
}
