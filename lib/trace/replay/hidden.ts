import type { Operation, RecordedFile } from "./recorded.ts";
import type { StraceCall, StraceTrace } from "../strace/types.ts";
import { EPOLL_EVENTS } from "./constants.ts";
import { isEpollWait, isRead, isWrite } from "./call_facts.ts";
import type { Subject } from "./survey.ts";
import { hidesArray } from "../strace/classify.ts";
import { returned } from "../strace/access.ts";

const { EPOLLIN, EPOLLOUT } = EPOLL_EVENTS as Record<string, number>;

/**
 * Guesses what waits have reported whose events the recording leaves out (`[...]`): what the task turned to next, up
 * to its next wait. The number of events is known.
 */
export function guessHiddenEvents(trace: StraceTrace, subjects: ReadonlyMap<StraceCall, Subject>): void {
  const waits = new Map<number, { call: StraceCall; subject: Subject; count: number }>();
  for (const call of trace.calls) {
    const subject = subjects.get(call);
    if (!subject) continue;
    if (isHiddenWait(call)) waits.set(call.pid, { call, subject, count: Number(returned(call) ?? 0) });
    const wait = waits.get(call.pid);
    const [file] = subject.files;
    if (wait && file && wait.call !== call) guess(wait, call, file);
  }
}

function isHiddenWait(call: StraceCall): boolean {
  return isEpollWait(call) && hidesArray(call);
}

function guess(
  wait: { call: StraceCall; subject: Subject; count: number },
  call: StraceCall,
  file: RecordedFile,
): void {
  const { reported } = wait.subject;
  const isInput = isRead(call) || call.name.startsWith("accept");
  const mask = isInput ? EPOLLIN! : isWrite(call) ? EPOLLOUT! : 0;
  if (mask === 0 || reported.length >= wait.count || reported.some((report) => report.file === file)) return;
  const report: Operation = { kind: "report", call: wait.call, mask, edge: false, position: reported.length, fd: -1 };
  reported.push({ file, mask });
  const at = file.operations.findIndex((one) => (one.call?.exitSequence ?? Infinity) > wait.call.exitSequence);
  file.operations.splice(at < 0 ? file.operations.length : at, 0, report);
}
