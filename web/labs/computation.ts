import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { JobName, ParametersOf, PieceOf } from "./jobs.ts";
import { work } from "./work.ts";

/** How a computation stands; none: nobody has begun it, or nobody wants it any more. */
export type ComputationState = "none" | "running" | "done" | "cancelled" | "failed";

/** Long work of an element, in a thread: begun, cancelled, told of while it goes on; it ends with the element. */
export class Computation<N extends JobName> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #job: N;
  #abort = new AbortController();
  #state: ComputationState = "none";
  #done = 0;
  #reason = "";

  constructor(host: ReactiveControllerHost, job: N) {
    this.#host = host;
    this.#job = job;
    host.addController(this);
  }

  get state(): ComputationState {
    return this.#state;
  }

  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** How much is done: 0 to 1. */
  get done(): number {
    return this.#done;
  }

  /** Why it failed; empty: it did not. */
  get reason(): string {
    return this.#reason;
  }

  hostDisconnected(): void {
    this.cancel();
  }

  /** A person ends it before it is done; what it has told stays told. */
  cancel(): void {
    if (this.isRunning) this.#end("cancelled");
  }

  /** Ends it: nobody wants it any more. */
  stop(): void {
    this.#end("none");
  }

  /**
   * Begins, in place of what is under way.
   *
   * @param take  takes each piece.
   * @returns     how it has ended; none: another one was begun in its place.
   */
  async start(parameters: ParametersOf<N>, take: (piece: PieceOf<N>) => void): Promise<ComputationState> {
    this.stop();
    const { signal } = (this.#abort = new AbortController());
    [this.#state, this.#done, this.#reason] = ["running", 0, ""];
    const told = (piece: PieceOf<N>, done: number) => {
      if (signal.aborted) return;
      this.#done = done;
      take(piece);
      this.#host.requestUpdate();
    };
    try {
      await work(this.#job, parameters, { signal, take: told });
      if (!signal.aborted) this.#end("done");
    } catch (error) {
      if (!signal.aborted) this.#end("failed", error instanceof Error ? error.message : String(error));
    }
    return this.#abort.signal === signal ? this.#state : "none";
  }

  #end(state: ComputationState, reason = ""): void {
    this.#abort.abort();
    [this.#state, this.#reason] = [state, reason];
    this.#host.requestUpdate();
  }
}
