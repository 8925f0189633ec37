import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { JobName, ParametersOf, PieceOf } from "../jobs.ts";
import { work } from "../work.ts";

/** Long work of an element: one job at a time, which ends with the element. */
export class Working implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #abort: AbortController | null = null;
  /** How much is done: 0 to 1. */
  done = 0;
  /** How it stands. */
  state: "idle" | "working" | "cancelled" | "failed" = "idle";
  /** Why it failed. */
  reason = "";

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Begins a job in place of the one before. */
  start<N extends JobName>(job: N, parameters: ParametersOf<N>, take: (piece: PieceOf<N>) => void): void {
    this.#abort?.abort();
    const abort = (this.#abort = new AbortController());
    [this.state, this.done, this.reason] = ["working", 0, ""];
    this.#host.requestUpdate();
    const { signal } = abort;
    const end = (state: "idle" | "failed", reason = "") => {
      if (this.#abort !== abort) return;
      [this.#abort, this.state, this.reason] = [null, state, reason];
      this.#host.requestUpdate();
    };
    work(job, parameters, {
      signal,
      take: (piece, done) => {
        if (signal.aborted) return;
        this.done = done;
        take(piece);
        this.#host.requestUpdate();
      },
    }).then(
      () => end("idle"),
      (error: unknown) => signal.aborted || end("failed", error instanceof Error ? error.message : String(error)),
    );
  }

  /** Ends the job; what it has told stays. */
  cancel(): void {
    if (!this.#abort) return;
    this.#abort.abort();
    [this.#abort, this.state] = [null, "cancelled"];
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.cancel();
  }
}
