import { html } from "lit";
import type { CppProgram } from "../../lib/index.ts";
import { Kernel } from "../../lib/kernel.ts";
import { translatorOf } from "../i18n/catalogue.ts";
import { learnTexts } from "../i18n/pages/learn.ts";
import "../labs/ownership/iop-heap-picture.ts";
import { type Ran, ranIn } from "../labs/ownership/ran.ts";
import { changedBetween } from "../labs/ownership/view.ts";
import { Views } from "../labs/ownership/views.ts";
import type { DrawnAt } from "./chapter.ts";
import type { Seen } from "./seen.ts";

/** The heaps of runs, each read once. */
const made = new WeakMap<Seen, Promise<DrawnAt>>();

/**
 * Draws the heap of the C++ program that a run is in at a tick, as the ownership lab does.
 *
 * @param programs  those of its processes, whose pids are 1, 2 and so on.
 */
export function heapIn(seen: Seen, programs: readonly CppProgram[]): Promise<DrawnAt> {
  let found = made.get(seen);
  if (!found) made.set(seen, (found = heapsOf(seen, programs)));
  return found;
}

async function heapsOf({ session }: Seen, programs: readonly CppProgram[]): Promise<DrawnAt> {
  // A machine of its own: that of the stage stays where it stands.
  const kernel = await Kernel.replay(session.run.kernel.journal);
  const views = programs.map((program, i) => new Views(ranIn(kernel, i + 1, program, "")));
  const pids = Array.from(session.run.kernel.trace, ({ pid }) => pid);
  return (tick, locale) => {
    const pid = Math.min(Math.max(1, pids[tick - 1] ?? 1), programs.length);
    const own = views[pid - 1]!;
    const at = momentAt(own.ran, tick);
    const view = own.at(at);
    const changed = changedBetween(at > 0 ? own.at(at - 1) : null, view);
    const label = translatorOf(learnTexts, locale)("heap");
    return html`<iop-heap-picture
      .locale=${locale}
      .view=${view}
      .changed=${changed}
      .label=${label}
    ></iop-heap-picture>`;
  };
}

/** The last of a program's moments that a run has come to. */
function momentAt({ moments }: Ran, tick: number): number {
  const found = moments.findLastIndex((moment) => moment.tick <= tick);
  return Math.max(0, found);
}
