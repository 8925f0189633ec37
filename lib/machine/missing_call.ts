/** Names of a C library, or of other systems, for what has another name here. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  posix_fadvise: "fadvise64",
  posix_fallocate: "fallocate",
  usleep: "nanosleep",
  sleep: "nanosleep",
  malloc: "buffer",
  pthread_create: "clone",
  io_uring_queue_init: "io_uring",
};
/** Names that look like a call's, and that others ask any object for. */
const NO_CALLS: ReadonlySet<string> = new Set(["then", "catch", "inspect", "name", "length", "nodeName", "tagName"]);

/** What to say of a call that there is not. @param names  the calls that there are. */
export function missingCall(name: string, names: readonly string[]): string {
  const meant = nearest(name, names);
  return `there is no call ${name}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

/** The name that was most likely meant: the same with a number behind it, one of another library, or one that is similar. */
function nearest(name: string, names: readonly string[]): string | undefined {
  const other = OTHER_NAMES[name];
  const numbered = names.find((one) => one.startsWith(name) && /^\d+$/.test(one.slice(name.length)));
  if (numbered !== undefined || (other !== undefined && names.includes(other))) return numbered ?? other;
  const most = Math.min(2, Math.floor(name.length / 3));
  const ranked = names.map((one) => [distance(name, one), one] as const).toSorted(([a], [b]) => a - b);
  const [best] = ranked;
  return best && best[0] <= most ? best[1] : undefined;
}

/** How many letters have to be put in, left out or changed, or have changed places with their neighbours. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isTurned = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const turned = isTurned ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(changed, turned, row[j]! + 1, next[j - 1]! + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}

/** The names of all methods of a class, with those that it has inherited. */
export function methodsOf(prototype: object): string[] {
  const names: string[] = [];
  for (let at = prototype; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    const own = Object.entries(Object.getOwnPropertyDescriptors(at));
    for (const [name, { value }] of own) if (typeof value === "function" && name !== "constructor") names.push(name);
  }
  return names;
}

/**
 * What stands behind a class's last prototype: whoever asks an instance for a method that there is not is told which one
 * was meant. What there is, is found before it comes to this.
 */
export function complaining(names: () => readonly string[]): object {
  return new Proxy(Object.create(Object.prototype) as object, {
    get(target, name, receiver) {
      const isCall = typeof name === "string" && /^[a-z][a-z0-9_]*$/.test(name) && !NO_CALLS.has(name);
      if (!isCall || name in target) return Reflect.get(target, name, receiver) as unknown;
      throw new TypeError(missingCall(name, names()));
    },
  });
}
