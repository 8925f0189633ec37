import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { JobName, ParametersOf, PieceOf } from "../jobs.ts";
import { work } from "../work.ts";

/** Work of an element in a thread of its own: what it has come to so far, and how much is done. */
export class Working<N extends JobName> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #job: N;
  #stop: AbortController | null = null;
  /** What was told so far; it stays when the work is cancelled. */
  pieces: readonly PieceOf<N>[] = [];
  /** How much is done: 0 to 1. */
  done = 0;
  /** Why it failed; empty: it did not. */
  failure = "";

  constructor(host: ReactiveControllerHost, job: N) {
    this.#host = host;
    this.#job = job;
    host.addController(this);
  }

  get isRunning(): boolean {
    return this.#stop !== null;
  }

  /** Whether somebody has ended it before it was done. */
  wasCancelled = false;

  hostDisconnected(): void {
    this.cancel();
  }

  /** Somebody ends it before it is done; what was told stays. */
  readonly cancel = (): void => {
    this.wasCancelled = this.isRunning;
    this.stop();
  };

  /** Ends it: nobody wants it any more. */
  stop(): void {
    this.#stop?.abort();
    this.#stop = null;
    this.#host.requestUpdate();
  }

  /** Begins. @param kept  what was told before and stays: the rest is computed. */
  async start(parameters: ParametersOf<N>, kept: readonly PieceOf<N>[] = []): Promise<void> {
    this.#stop?.abort();
    this.wasCancelled = false;
    const stop = new AbortController();
    this.#stop = stop;
    [this.pieces, this.done, this.failure] = [kept, 0, ""];
    this.#host.requestUpdate();
    const take = (piece: PieceOf<N>, done: number) => {
      if (this.#stop !== stop) return;
      this.pieces = [...this.pieces, piece];
      this.done = done;
      this.#host.requestUpdate();
    };
    try {
      await work(this.#job, parameters, { signal: stop.signal, take });
    } catch (error) {
      if (!stop.signal.aborted) this.failure = error instanceof Error ? error.message : String(error);
    }
    if (this.#stop === stop) this.#stop = null;
    this.#host.requestUpdate();
  }
}
