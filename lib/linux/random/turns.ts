import type { Difference } from "../difference.ts";

/** What all tasks did in one turn, task by task: the one whose turn it was, and those that it has woken. */
export type Turn = readonly string[];

/**
 * The first turn that came out differently; null: none did.
 *
 * @param inOrder  whether the real kernel runs woken tasks in the order in which it has woken them. If it does not, a turn
 *                 that wakes several may end in several ways, and so may all that follows: it is compared up to there.
 */
export function differenceOfTurns(
  linux: readonly Turn[],
  simulated: readonly Turn[],
  inOrder: boolean,
): Difference | null {
  for (let i = 0; i < Math.max(linux.length, simulated.length); i++) {
    const [real = [], other = []] = [linux[i], simulated[i]];
    if (real.join("\n") === other.join("\n")) continue;
    if (!inOrder && Math.max(tasksIn(real), tasksIn(other)) > 2) return null;
    const calls = { "all tasks": linux.slice(0, i).flat() };
    return { calls, task: "turn", linux: real.join("\n") || null, simulated: other.join("\n") || null };
  }
  return null;
}

/** How many tasks have got something done: more than two, and the one whose turn it was has woken several. */
function tasksIn(turn: Turn): number {
  return new Set(turn.map((line) => line.slice(0, line.indexOf(":")))).size;
}
