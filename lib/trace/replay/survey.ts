import type { RecordedFile, RecordedTable } from "./recorded.ts";
import type { StraceCall, StraceTrace } from "../strace/types.ts";
import { Surveyor } from "./surveyor.ts";
import { guessHiddenEvents } from "./hidden.ts";
import { timelineOf } from "./timeline.ts";

/** What a call was about: the open files behind its numbers. */
export interface Subject {
  /** The table of the task that made the call. */
  readonly table: RecordedTable;
  /** What the descriptors among its arguments stood for, in the order of callTraits(). */
  readonly files: readonly (RecordedFile | undefined)[];
  /** Whether calls on the first of them do not wait. */
  readonly nonblocking: boolean;
  /** What it made descriptors for, in the order of their numbers in the call. */
  readonly made: RecordedFile[];
  /** For each event that it reported: what became ready, by which descriptor it is watched, and the event's bits. */
  readonly reported: {
    readonly file: RecordedFile | undefined;
    readonly fd?: number | undefined;
    readonly mask: number;
  }[];
}

/** A descriptor that was there before the recording tells of it. */
export interface Inherited {
  readonly table: RecordedTable;
  readonly fd: number;
  readonly file: RecordedFile;
  /** Before which call it has to be there; null: before the first one. */
  readonly before: StraceCall | null;
}

/** What a recording tells when it is read to its end: which files there were, and what became of them. */
export interface Survey {
  readonly subjects: ReadonlyMap<StraceCall, Subject>;
  readonly files: readonly RecordedFile[];
  readonly inherited: readonly Inherited[];
  /** Which table each task has, when it begins. */
  readonly tables: ReadonlyMap<number, RecordedTable>;
  /** For each task that another one of the recording has made: by which call. */
  readonly births: ReadonlyMap<number, StraceCall>;
}

/** Follows the descriptors of a recording from its beginning to its end. */
export function surveyTrace(trace: StraceTrace): Survey {
  const surveyor = new Surveyor();
  for (const happening of timelineOf(trace)) {
    if (happening.kind === "entry") surveyor.enter(happening.call);
    else if (happening.kind === "exit") surveyor.leave(happening.call);
    else if (happening.kind === "end") surveyor.end(happening.end.pid);
  }
  const survey = surveyor.finish();
  guessHiddenEvents(trace, survey.subjects);
  return survey;
}
