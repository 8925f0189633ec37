/**
 * The shortest part of a list that still fails, found by leaving out ever smaller pieces.
 *
 * @param fails     whether a part, in its order, still shows the failure.
 * @param attempts  how many parts are tried at most.
 * @see   Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002
 */
export function shrink<T>(all: readonly T[], fails: (part: readonly T[]) => boolean, attempts = 4000): readonly T[] {
  let current = all;
  let left = attempts;
  let size = Math.max(1, current.length >> 1);
  for (;;) {
    let removed = false;
    // From behind: what comes later depends on what was before, and is easier to miss.
    for (let from = Math.max(0, current.length - size); left > 0; from -= size) {
      const at = Math.max(0, from);
      const part = [...current.slice(0, at), ...current.slice(at + size)];
      left--;
      if (part.length < current.length && fails(part)) {
        current = part;
        removed = true;
      }
      if (at === 0) break;
    }
    if (left <= 0 || (size === 1 && !removed)) return current;
    if (size > 1) size >>= 1;
  }
}
