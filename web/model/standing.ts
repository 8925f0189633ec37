import { type TaskObject, objectsOf } from "../../lib/see/inspect.ts";
import type { Lines } from "../scenarios/lines.ts";
import type { Frame } from "./frame.ts";

/** What a task does where it stands: it is the one that the step is about; it could go on, or does; it sleeps. */
export type Doing = "acts" | "runs" | "sleeps";

/** Where a task stands in its program's text. */
export interface Standing {
  readonly pid: number;
  /** Its name; with its number, if others have the same. */
  readonly name: string;
  /** Line of the call that it is in, or has made last. */
  readonly line: number;
  readonly doing: Doing;
}

/** States of a task that has no more calls to make. */
const ENDED: ReadonlySet<string> = new Set(["DEAD", "ZOMBIE"]);
const ASLEEP: ReadonlySet<string> = new Set(["INTERRUPTIBLE", "UNINTERRUPTIBLE", "STOPPED"]);

/** Where the tasks that live at a frame stand: first the one that the step is about, then by number. */
export function standingsOf({ inspection, record, tick }: Frame, lines: Lines): Standing[] {
  const tasks = objectsOf(inspection, "TaskStruct").toSorted((a, b) => a.pid - b.pid);
  const isActing = ({ pid, running, cpu }: TaskObject) =>
    record !== null &&
    (pid === record.pid || (running && cpu === record.cpu && !tasks.some((one) => one.pid === record.pid)));
  const standings = tasks.flatMap((task): Standing[] => {
    const { pid, comm, state } = task;
    const line = lines.lineAt(tick, pid);
    if (line === 0 || ENDED.has(state)) return [];
    const doing: Doing = isActing(task) ? "acts" : ASLEEP.has(state) ? "sleeps" : "runs";
    const isAlone = tasks.every((other) => other === task || other.comm !== comm);
    return [{ pid, name: isAlone ? comm : `${comm} ${pid}`, line, doing }];
  });
  return standings.toSorted((a, b) => Number(b.doing === "acts") - Number(a.doing === "acts"));
}
