import type { Happening } from "./timeline.ts";
import type { RecordedFile } from "./recorded.ts";
import type { StraceCall } from "../strace/types.ts";
import type { Survey } from "./survey.ts";
import { isEpollWait } from "./call_facts.ts";

/** The calls that wait for an eventpoll, by their ends, and how many of them have ended. */
interface Queue {
  readonly calls: StraceCall[];
  left: number;
}

/** Which wait of each eventpoll ends next. */
export class Waits {
  readonly #queues = new Map<RecordedFile | undefined, Queue>();
  readonly #survey: Survey;

  constructor(timeline: readonly Happening[], survey: Survey) {
    this.#survey = survey;
    for (const happening of timeline) {
      if (happening.kind === "exit" && isEpollWait(happening.call))
        this.#queue(happening.call).calls.push(happening.call);
    }
  }

  #queue(call: StraceCall): Queue {
    const epoll = this.#survey.subjects.get(call)?.files[0];
    let queue = this.#queues.get(epoll);
    if (!queue) this.#queues.set(epoll, (queue = { calls: [], left: 0 }));
    return queue;
  }

  /** A call has ended. */
  leave(call: StraceCall): void {
    if (isEpollWait(call)) this.#queue(call).left++;
  }

  /** For each eventpoll, the wait that ends next. */
  *next(): Generator<StraceCall> {
    for (const { calls, left } of this.#queues.values()) if (calls[left]) yield calls[left];
  }
}
